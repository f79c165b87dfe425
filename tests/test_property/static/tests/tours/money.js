/** An accountant takes money and takes back a bill. */
import {
    addPart,
    app,
    field,
    fill,
    look,
    menu,
    noWindow,
    onView,
    openRecord,
    press,
    record,
    view,
} from "./steps";

addPart("property_tour_pay", () => [
    menu("property_billing.menu_billing_runs", "property_billing.menu_billing_bill"),
    {trigger: record("王建国")},
    openRecord("王建国"),
    {
        content: "a posted bill goes nowhere but to its credit note",
        trigger: ".o_form_view:has(.o_form_statusbar):not(:has(button[name='button_draft']))",
    },
    look(),
    press("action_register_payment"),
    {trigger: `.modal ${field("amount", "")}`},
    look(),
    {trigger: ".modal button[name='action_create_payments']", run: "click"},
    noWindow(),
    {
        content: "it is paid",
        trigger: ".o_form_view .ribbon, .o_form_view .o_widget_web_ribbon .ribbon",
    },
    look(),
]);

addPart("property_tour_credit", () => [
    openRecord("李秀英"),
    press("action_reverse"),
    fill("reason", "面积有误", ".modal"),
    {trigger: ".modal button[name='refund_moves']", run: "click"},
    noWindow(),
    press("action_post"),
    {
        content: "the credit note is posted",
        trigger: `${field("state")} .o_arrow_button_current[data-value='posted'], ${field("state")} .o_arrow_button:not([data-value])`,
    },
    look(),
    app("property_billing.menu_billing_root"),
    menu("property_billing.menu_billing_report", "property_billing.menu_billing_collection"),
    onView("pivot"),
    look(),
    view("graph"),
    look(),
    view("list"),
    {trigger: ".o_list_view .o_data_row:contains(王建国)"},
    look(),
]);
