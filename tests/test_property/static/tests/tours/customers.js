/** Visits, parking spaces and directory signs. */
import {
    addPart,
    choose,
    create,
    field,
    fill,
    inState,
    inWindow,
    look,
    noWindow,
    onPhone,
    openRecord,
    page,
    press,
    record,
    save,
} from "./steps";

const OWNER = "王建国";

/** A day far ahead, typed as the client shows days in either language. */
const fillDate = (name, day) => ({
    content: `${name}: ${day}`,
    trigger: `${field(name)} button, ${field(name)} input`,
    async run({click, edit, waitUntil}) {
        if (this.anchor.tagName === "BUTTON") {
            await click(this.anchor);
        }
        await waitUntil(() => document.querySelector(`${field(name)} input`));
        await edit(day, `${field(name)} input`);
        await click(".o_form_sheet");
    },
});

/** A line drawn with the finger into the window that is open. */
export const drawSignature = () => [
    {
        content: "open the place to sign",
        trigger: `.modal .o_field_widget[name="signature"] .o_signature`,
        run: "click",
    },
    {
        content: "the name is drawn as a signature",
        trigger: ".modal .o_web_sign_auto_button, .modal .o_web_sign_signature",
        async run({click, waitUntil}) {
            const auto = document.querySelector(".modal .o_web_sign_auto_button");
            if (auto) {
                await click(auto);
            }
            await waitUntil(
                () => document.querySelector(".modal .modal-footer .btn-primary:enabled"),
                {timeout: 10000}
            );
        },
    },
    {
        content: "take the signature",
        trigger:
            ".modal:not(.o_inactive_modal):has(.o_web_sign_signature) .modal-footer .btn-primary:enabled",
        run: "click",
    },
    {trigger: ".modal:not(:has(.o_web_sign_signature))"},
];

addPart("property_tour_visit_plan", () => [
    create(),
    fill("name", "春季拜访"),
    choose("estate_id", "海湾花园"),
    fillDate("date_to", "2099-12-31"),
    save(),
    press("action_plan_visits"),
    {
        content: "the visit is planned",
        trigger: `.oe_stat_button[name="action_view_visits"]:contains(1), .o-form-buttonbox`,
    },
    look(),
]);

addPart("property_tour_visit", () => [
    openRecord(OWNER),
    inState("planned"),
    fill("asked", "电梯噪声大"),
    fill("answered", "当日报修"),
    page("promises"),
    {
        content: "add a promise",
        trigger: `${field("promise_ids")} .o_field_x2many_list_row_add a, ${field("promise_ids")} .o-kanban-button-new`,
        run: "click",
    },
    onPhone()
        ? [
              {
                  trigger: `.modal ${field("text", "")} input`,
                  run: "edit 检修电梯",
              },
              {trigger: ".modal .o_form_button_save", run: "click"},
              noWindow(),
          ]
        : fill("text", "检修电梯", ".o_selected_row"),
    save(),
    press("action_done"),
    inState("done"),
    {trigger: record("检修电梯", field("promise_ids"))},
    look(),
]);

addPart("property_tour_parking", () => [
    create(),
    choose("occupancy_id", OWNER),
    {content: "the estate is known", trigger: `${field("estate_id")}:contains("海湾花园")`},
    choose("unit_id", "P-01"),
    fill("vehicle_number", "8888"),
    save(),
    press("action_request"),
    inState("waiting"),
    look(),
]);

addPart("property_tour_parking_decide", () => [
    openRecord(OWNER),
    press("action_decide_approval"),
    inWindow("action_approve"),
    noWindow(),
    inState("approved"),
    look(),
]);

addPart("property_tour_sign", () => [
    create(),
    choose("occupancy_id", OWNER),
    fill("text", "王氏诊所"),
    save(),
    press("action_order"),
    inState("ordered"),
    press("action_install"),
    inState("installed"),
    press("action_sign"),
    {trigger: `.modal ${field("name", "")} input:value(${OWNER})`},
    drawSignature(),
    inWindow("action_sign"),
    noWindow(),
    press("action_accept"),
    inState("accepted"),
    look(),
]);
