/** From a look at the stacking plan to a party that has moved in by override. */
import {
    addPart,
    back,
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
    page,
    press,
    record,
    save,
    shows,
    statButton,
} from "./steps";
import {given} from "./untranslated";

const MASKED = "1101**********002X";
const NUMBER = "11010519491231002X";
const PARTY = "陈志强";

addPart("property_tour_look_up", () => [
    {
        content: "the plan shows who is where",
        trigger: ".o_stacking_plan_block[data-status='occupied']:contains(1-101):contains(王建国)",
    },
    {
        content: "only what is vacant",
        trigger: ".o_stacking_plan_status[data-status='vacant']",
        run: "click",
    },
    {trigger: ".o_stacking_plan_floors:not(:contains(1-101)):contains(1-201)"},
    {
        trigger: ".o_stacking_plan_status[data-status='vacant'][aria-pressed='true']",
        run: "click",
    },
    {trigger: ".o_stacking_plan_block:contains(1-101)", run: "click"},
    shows("code", "1-101"),
    {trigger: record("王建国", field("occupancy_ids"))},
    look(),
    statButton("action_view_occupancies"),
    openRecord("王建国"),
    page("contacts"),
    {
        content: "whom to call, masked",
        trigger: record(["林阿姨", "****"], field("contact_ids")),
    },
    look(),
    menu("property_tenant.menu_tenant_occupancy", "property_tenant.menu_property_id_number"),
    {trigger: record(MASKED)},
    openRecord("王建国"),
    {
        trigger: `.o_form_view .o_private_field:contains(${MASKED}) .o_private_field_reveal, .o_form_view .o_private_field:has(input:value(${MASKED})) .o_private_field_reveal`,
        run: "click",
    },
    {content: "not without a purpose", trigger: ".o_reveal_confirm:disabled"},
    {trigger: "#o_reveal_purpose", run: "edit 核对租约"},
    {trigger: ".o_reveal_confirm:enabled", run: "click"},
    {content: "the whole number", trigger: `.o_reveal_value:contains(${NUMBER})`},
    look(),
    {trigger: ".modal-footer .btn-primary", run: "click"},
    noWindow(),
]);

addPart("property_tour_move_in", () => [
    menu("property_tenant.menu_tenant_occupancy", "property_tenant.menu_property_partner"),
    create(),
    fill("name", PARTY),
    save(),
    look(),
    menu("property_tenant.menu_tenant_occupancy", "property_tenant.menu_property_occupancy"),
    {trigger: record("王建国")},
    create(),
    choose("partner_id", PARTY),
    choose("unit_id", "1-201"),
    save(),
    inState("reserved"),
    press("action_open_move_in"),
    look(),
    inWindow("action_open"),
    noWindow(),
    inState("moving_in"),
    {content: "what is missing is said", trigger: ".o_form_view .alert-warning:contains(陈志强)"},
    press("action_open_override"),
    {
        content: "an override is asked for with a reason",
        trigger: `.modal ${field("reason", "")} textarea`,
        run: "edit 证件下周补交",
    },
    inWindow("action_request"),
    noWindow(),
    {content: "it waits", trigger: field("approval_waiting")},
    look(),
]);

/** The button of a row or card that contains a text. */
const buttonOf = (text, name, root) =>
    record(text, root)
        .split(", ")
        .map((selector) => `${selector} button[name="${name}"]`)
        .join(", ");

addPart("property_tour_move_in_open", () => [
    openRecord(given().data.party),
    inState("reserved"),
    press("action_open_move_in"),
    {
        content: "what to bring is said",
        trigger: `.modal ${field("bring", "")} textarea`,
    },
    look(),
    inWindow("action_open"),
    noWindow(),
    inState("moving_in"),
    page("appointments"),
    {content: "a date is offered", trigger: record("海湾花园", field("appointment_ids"))},
    look(),
    page("checklist"),
    {
        content: "everybody sees who does what",
        trigger: record(given().data.step, field("process_step_ids")),
    },
    look(),
]);

addPart("property_tour_move_in_sign", () => [
    {
        content: "my step is done",
        trigger: buttonOf(given().data.step, "action_done"),
        run: "click",
    },
    {
        content: "it waits no longer",
        trigger: `.o_action_manager .o_action:not(:contains("${given().data.step}"))`,
    },
    look(),
]);

addPart("property_tour_move_in_keys", () => [
    openRecord(given().data.party),
    page("checklist"),
    {
        content: "the keys are next",
        trigger: buttonOf(given().data.step, "action_done", field("process_step_ids")),
        run: "click",
    },
    press("action_activate"),
    inState("active"),
    look(),
]);

addPart("property_tour_move_in_decide", () => [
    openRecord(PARTY),
    {content: "the manager reads why", trigger: ".o_form_view:contains(证件下周补交)"},
    press("action_open_decision"),
    {trigger: `.modal ${field("opinion", "")} textarea`, run: "edit 同意"},
    inWindow("action_approve"),
    noWindow(),
    inState("approved", "verdict"),
]);

addPart("property_tour_move_in_complete", () => [
    openRecord(given().data.party),
    inState("moving_in"),
    press("action_activate"),
    inState("active"),
    back(),
    {trigger: record(given().data.party)},
]);
