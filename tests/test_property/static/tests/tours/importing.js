/** An officer brings in parties from a spreadsheet; bad rows stay outside. */
import {
    addPart,
    create,
    field,
    inState,
    look,
    menu,
    press,
    record,
    select,
    statButton,
    upload,
} from "./steps";
import {given} from "./untranslated";

const FILE = [
    "客户编号,姓名,类型,电话",
    "P-1,马德华,个人,021-55550101",
    ",何无编号,个人,",
    "P-3,赵丽娟,外星人,",
    "P-4,海湾商贸有限公司,公司,021-55550104",
].join("\n");

addPart("property_tour_import", () => [
    menu("property_tenant.menu_property_import"),
    create(),
    select("kind", given().data.kind),
    {
        content: "a template can be had",
        trigger: ".o_form_view button[name='action_download_template']",
    },
    upload("file", "业户.csv", FILE),
    {
        content: "the columns are known",
        trigger: `${field("column_ids")} .o_data_row:contains(客户编号)`,
    },
    look(),
    press("action_check"),
    inState("checked"),
    {
        content: "no reference",
        trigger: record("3", field("bad_line_ids")),
    },
    {
        content: "no such kind of party",
        trigger: record("外星人", field("bad_line_ids")),
    },
    look(),
    press("action_import"),
    inState("done"),
    statButton("action_view_lines"),
    {content: "what stays outside", trigger: record("何无编号")},
    look(),
]);
