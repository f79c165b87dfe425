/** The engineer's day: a round of the vacant units on the sheet, finished, signed; a defect. */
import {drawSignature} from "./customers";
import {addPart, fill, inState, inWindow, look, noWindow, openRecord, press} from "./steps";

const SHEET = ".o_inspection_sheet";
const place = (code) => `${SHEET} .o_inspection_group:contains("${code}")`;
const point = (code, name) => `${place(code)} .o_inspection_point:contains("${name}")`;

addPart("property_tour_vacant_round", () => [
    openRecord("空置房巡查"),
    press("action_start"),
    inState("in_progress"),
    {
        content: "one touch for a unit where all is in order",
        trigger: `${place("1-101")} .o_inspection_all_ok`,
        run: "click",
    },
    {trigger: `${place("1-101")} .fa-check`},
    {
        content: "unfold the next unit",
        trigger: `${place("1-102")} .o_inspection_fold`,
        run: "click",
    },
    {
        content: "the window is broken",
        trigger: `${point("1-102", "窗户")} .o_inspection_defect`,
        run: "click",
    },
    {
        content: "say what is wrong",
        trigger: `${point("1-102", "窗户")} input.o_inspection_note`,
        run: "edit 玻璃破裂 && press Tab",
    },
    look(),
    {
        content: "the rest is in order",
        trigger: `${SHEET} .o_inspection_rest_ok:enabled`,
        run: "click",
    },
    {trigger: `${SHEET} .o_inspection_rest_ok:disabled`},
    press("action_finish"),
    inState("done"),
    press("action_sign"),
    ...drawSignature(),
    inWindow("action_sign"),
    noWindow(),
    inState("signed"),
    look(),
]);

addPart("property_tour_mend", () => [
    openRecord("窗户"),
    press("action_begin"),
    inState("in_progress"),
    fill("mended_note", "已更换玻璃"),
    press("action_mend"),
    inState("mended"),
    look(),
]);

addPart("property_tour_check", () => [
    openRecord("窗户"),
    press("action_accept"),
    inState("accepted"),
    look(),
]);
