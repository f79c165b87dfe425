/** Keys and cards go out, one is lost, the others come back. */
import {drawSignature} from "./customers";
import {
    addPart,
    choose,
    create,
    field,
    fill,
    inState,
    inWindow,
    look,
    menu,
    noWindow,
    openRecord,
    press,
    radio,
    save,
} from "./steps";

const OWNER = "王建国";

const sign = (name) => [
    {
        trigger: `.modal ${field("name", "")} input:value(${name}), .modal ${field("name", "")}:contains(${name})`,
    },
    drawSignature(),
    inWindow("action_sign"),
    noWindow(),
];

addPart("property_tour_hand_out", () => [
    create(),
    choose("occupancy_id", OWNER),
    fill("purpose", "入伙领取"),
    save(),
    {
        content: "everything of the unit at once",
        trigger: ".o_form_view button[name='action_add_unit_items']",
        run: "click",
    },
    {trigger: `${field("loan_ids")}:contains(MJ-001)`},
    look(),
    press("action_hand_out"),
    sign(OWNER),
    press("action_sign"),
    sign("周前台"),
    inState("out"),
    look(),
]);

addPart("property_tour_report_loss", () => [
    openRecord(OWNER),
    {
        content: "the card is lost",
        trigger: `${field("loan_ids")} :is(.o_data_row, .o_kanban_record):contains(MJ-001) button[name='action_report']`,
        run: "click",
    },
    fill("reason", "外出时遗失"),
    press("action_report"),
    sign(OWNER),
    press("action_sign"),
    sign("周前台"),
    radio("remedy", "replace"),
    save(),
    press("action_decide"),
    inState("decided"),
    look(),
]);

addPart("property_tour_take_back", () => [
    menu("property_tenant.menu_tenant_item", "property_tenant.menu_property_item_slip"),
    openRecord(OWNER),
    press("action_take_back"),
    look(),
    inWindow("action_take_back"),
    noWindow(),
    inState("closed"),
    look(),
]);
