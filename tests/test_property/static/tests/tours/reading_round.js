/** A steward enters a round of readings by keyboard and settles what is odd. */
import {addPart, create, inState, look, onPhone, openRecord, press, save} from "./steps";

const row = (number) => `.o_reading_table tbody tr:nth-child(${number})`;
const index = (number) => `${row(number)} input.o_reading_index`;

const type = (number, text) => ({
    content: `meter ${number}: ${text}`,
    trigger: `${index(number)}:focus`,
    run: `edit ${text} && press Enter`,
});

addPart("property_tour_round", () => [
    create(),
    save(),
    {trigger: index(4)},
    // a phone does not open its keyboard by itself
    onPhone() ? {trigger: index(1), run: "click"} : [],
    type(1, "110"),
    type(2, "900"),
    {content: "odd at once: far above the usual", trigger: `${row(2)}.o_reading_confirm`},
    type(3, "5"),
    {content: "odd at once: lower than before", trigger: `${row(3)}.o_reading_block`},
    type(4, "112"),
    look(),
    {
        content: "the high one is right, and why",
        trigger: `${row(2)} .o_reading_reason`,
        run: "edit 业主确认泳池换水 && press Enter",
    },
    {trigger: `${row(2)}.o_reading_explained`},
    {content: "the low one is read again", trigger: index(3), run: "click"},
    type(3, "111"),
    {trigger: `${row(3)}:not(.o_reading_block)`},
    {trigger: ".o_reading_count:contains(4 / 4)"},
    press("action_finish"),
    inState("done"),
    look(),
]);
