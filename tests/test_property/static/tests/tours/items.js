/** Keys and cards go out, one is lost, the others come back; the box gets another custodian. */
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
    noWindow,
    onPhone,
    openRecord,
    page,
    press,
    radio,
    save,
} from "./steps";
import {given} from "./untranslated";

const OWNER = "王建国";
const DESK = "周前台";
const GUARD = "吴保安";

/** Who is named in the window signs; a name that nobody may change is no input. */
const sign = (name) => [
    {
        content: `${name} signs`,
        trigger: `.modal ${field("name", "")} input:value("${name}"), .modal ${field("name", "")}:contains("${name}")`,
    },
    drawSignature(),
    inWindow("action_sign"),
    noWindow(),
];

const LOANS = field("loan_ids");
const LINES = field("line_ids");

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
    {trigger: `${LOANS}:contains(MJ-001)`},
    look(),
    press("action_hand_out"),
    sign(OWNER),
    press("action_sign"),
    sign(DESK),
    inState("out"),
    look(),
]);

addPart("property_tour_report_loss", () => [
    openRecord(OWNER),
    {
        content: "the card is lost",
        trigger: `${LOANS} .o_data_row:contains(MJ-001) button[name='action_report'], ${LOANS} .o_kanban_record:contains(MJ-001) button[name='action_report']`,
        run: "click",
    },
    fill("reason", "外出时遗失"),
    press("action_report"),
    sign(OWNER),
    press("action_sign"),
    sign(DESK),
    radio("remedy", "replace"),
    save(),
    press("action_decide"),
    inState("decided"),
    look(),
]);

addPart("property_tour_take_back", () => [
    openRecord(OWNER),
    press("action_take_back"),
    {trigger: ".modal button[name='action_take_back']"},
    look(),
    inWindow("action_take_back"),
    {content: "who gives back signs at once", trigger: `.modal ${field("signature", "")}`},
    sign(OWNER),
    press("action_sign"),
    sign(DESK),
    inState("closed"),
    look(),
]);

/** How many of a thing are in the box, and why they are not as many as they should be. */
const count = (thing, number, reason) =>
    onPhone()
        ? [
              {trigger: `${LINES} .o_kanban_record:contains("${thing}")`, run: "click"},
              fill("quantity_counted", number, ".modal"),
              fill("reason", reason, ".modal"),
              look(),
              {trigger: ".modal .o_form_button_save", run: "click"},
              noWindow(),
          ]
        : [
              {
                  trigger: `${LINES} .o_data_row:contains("${thing}") td[name="quantity_counted"]`,
                  run: "click",
              },
              fill("quantity_counted", number, `${LINES} .o_selected_row`),
              fill("reason", reason, `${LINES} .o_selected_row`),
          ];

addPart("property_tour_hand_over_box", () => [
    create(),
    radio("purpose", "handover"),
    choose("custodian_id", DESK),
    choose("receiver_id", GUARD),
    save(),
    press("action_start"),
    inState("counting"),
    page("lent"),
    {content: "what is not in the box", trigger: `${field("lent_ids")}:contains(MJ-001)`},
    look(),
    page("lines"),
    count("门钥匙", "2", "少一把，尚未找到"),
    save(),
    press("action_sign"),
    sign(DESK),
    press("action_sign"),
    sign(GUARD),
    press("action_finish"),
    inState("waiting"),
    look(),
]);

addPart("property_tour_hand_over_decide", () => [
    openRecord(given().data.count),
    press("action_open_decision"),
    {trigger: `.modal ${field("opinion", "")} textarea`, run: "edit 登记遗失，换锁"},
    inWindow("action_approve"),
    noWindow(),
    inState("approved", "verdict"),
    look(),
]);
