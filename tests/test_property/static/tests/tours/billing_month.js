/** The month of a billing supervisor, with the manager who approves it. */
import {
    addPart,
    app,
    back,
    chooseTag,
    closeWindow,
    confirm,
    create,
    field,
    inState,
    inWindow,
    look,
    menu,
    noWindow,
    onView,
    openRecord,
    page,
    press,
    record,
    save,
    statButton,
} from "./steps";
import {given} from "./untranslated";

const FEE = "物业管理费";
const READING = "水费";

addPart("property_tour_month_compute", () => {
    const {start, end, run} = given().data;
    return [
        app("property_billing.menu_billing_root"),
        menu("property_billing.menu_billing_runs", "property_billing.menu_billing_run"),
        onView("kanban"),
        create(),
        chooseTag("estate_ids", "海湾花园"),
        {
            trigger: `${field("period_start")} input[data-field="period_start"], ${field("period_start")} button[data-field="period_start"]`,
            run: "click",
        },
        {
            content: "the period begins",
            trigger: `${field("period_start")} input[data-field="period_start"]`,
            run: `edit ${start}`,
        },
        {
            trigger: `${field("period_start")} input[data-field="period_end"], ${field("period_start")} button[data-field="period_end"]`,
            run: "click",
        },
        {
            content: "the period ends",
            trigger: `${field("period_start")} input[data-field="period_end"]`,
            run: `edit ${end} && press Enter`,
        },
        save(),
        {content: "it names itself", trigger: `${field("name")} input:value("${run}")`},
        press("action_compute"),
        inState("computed"),
        page("totals"),
        {trigger: record(FEE, field("total_ids"))},
        {trigger: record(READING, field("total_ids"))},
        page("issues"),
        {
            content: "who cannot be billed is listed",
            trigger: record("1-201", field("issue_ids")),
        },
        look(),
        {trigger: ".o_form_view button[name='action_view_changes']", run: "click"},
        {content: "the biggest changes", trigger: record("1-101")},
        look(),
        back(),
        {trigger: ".o_form_view button[name='action_view_uncharged']", run: "click"},
        {content: "units without charge", trigger: record("1-201")},
        look(),
        back(),
        statButton("action_view_charges"),
        {trigger: record(["1-101", READING])},
        openRecord(["1-101", READING]),
        {
            content: "the charge explains itself: readings, tiers, amounts",
            trigger: `${field("explanation_html")}:contains("W-101"):contains("58.00")`,
        },
        look(),
        back(),
        back(),
        press("action_request_approval"),
        inState("to_approve"),
        statButton("action_view_approvals"),
        {trigger: record(run)},
        look(),
    ];
});

addPart("property_tour_month_approve", () => {
    const {run} = given().data;
    return [
        menu(
            "property_tenant.menu_tenant_approval",
            "property_tenant.menu_property_approval_waiting"
        ),
        openRecord(run),
        press("action_open_decision"),
        {
            trigger: `.modal ${field("opinion", "")} textarea`,
            run: "edit 金额无误",
        },
        inWindow("action_approve"),
        noWindow(),
        inState("approved", "verdict"),
        {
            content: "from the decision to the billing run",
            trigger: "body",
            run: () => {},
        },
        statButton("action_open_document"),
        inState("approved"),
        look(),
    ];
});

addPart("property_tour_month_post", () => {
    const {run} = given().data;
    return [
        openRecord(run),
        inState("approved"),
        press("action_post"),
        confirm(),
        noWindow(),
        inState("posting"),
        {content: "how far it is", trigger: ".o_form_view .o_field_billing_progress"},
        page("parts"),
        look(),
    ];
});

addPart("property_tour_month_deliver", () => {
    const {run} = given().data;
    return [
        openRecord(run),
        inState("posted"),
        statButton("action_view_moves"),
        openRecord("王建国"),
        {
            content: "a line of a bill explains itself, too",
            trigger:
                ".o_data_row:contains(水费) button[name='action_explain_charge'], .o_kanban_record:contains(水费) a[name='action_explain_charge']",
            run: "click",
        },
        {trigger: `${field("explanation_html", "")}:contains("58.00")`},
        closeWindow(),
        back(),
        back(),
        press("action_deliver"),
        inState("delivered"),
        statButton("action_view_letters"),
        openRecord("王建国"),
        {content: "its paper is there", trigger: field("pdf")},
        press("action_record_delivery"),
        {trigger: ".modal .o_form_view"},
        look(),
        inWindow("action_confirm"),
        noWindow(),
        inState("delivered"),
        back(),
        back(),
        press("action_close"),
        confirm(),
        noWindow(),
        inState("closed"),
    ];
});
