import {registry} from "@web/core/registry";

const row = (number) => `.o_reading_table tbody tr:nth-child(${number})`;
const index = (number) => `${row(number)} input.o_reading_index`;

/** Type into the field that has the focus, then press a key; the next field gets the focus. */
const type = (number, text, key = "Enter") => ({
    content: `meter ${number}: ${text} ${key}`,
    trigger: `${index(number)}:focus`,
    run: `edit ${text} && press ${key}`,
});

registry.category("web_tour.tours").add("property_billing_reading_grid", {
    steps: () => [
        {
            content: "the first meter has the focus",
            trigger: `${index(1)}:focus`,
        },
        // Not one click from here to the end of the list.
        type(1, "110"),
        type(2, "111", "ArrowDown"),
        {
            content: "the arrow goes back too",
            trigger: `${index(3)}:focus`,
            run: "press ArrowUp",
        },
        type(2, "112"),
        type(3, "900"),
        {
            content: "what is odd is said at once, while the next meter waits",
            trigger: `${row(3)}.o_reading_confirm:contains(far above the usual)`,
        },
        type(4, "5"),
        {
            content: "a lower index is blocked",
            trigger: `${row(4)}.o_reading_block:contains(lower than the last index)`,
        },
        type(5, "12345678"),
        {
            content: "what the dial cannot show is refused and not kept",
            trigger: `${row(5)}.o_reading_block:contains(has a dial of 6 digits)`,
        },
        type(6, "abc"),
        {
            content: "what is no number neither",
            trigger: `${row(6)}.o_reading_block:contains(is not a number)`,
        },
        {
            content: "back to the refused ones",
            trigger: `${index(7)}:focus`,
            run: "press ArrowUp && press ArrowUp",
        },
        type(5, "110"),
        type(6, "110"),
        ...Array.from({length: 24}, (_, position) => type(position + 7, "110")),
        {
            content: "all are read, two are to be checked",
            trigger: ".o_reading_count:contains(30 / 30)",
        },
        {
            trigger: ".o_reading_filter_check:contains(To Check (2))",
            run: "click",
        },
        {
            content: "the list shows these two",
            trigger: ".o_reading_table tbody:not(:has(tr:nth-child(3)))",
        },
        {
            content: "say why the high one is right",
            trigger: `${row(1)} .o_reading_reason`,
            run: "edit The pool was filled. && press Enter",
        },
        {
            trigger: `${row(1)}.o_reading_explained`,
        },
        {
            trigger: "button[name=action_finish]",
            run: "click",
        },
        {
            content: "the explained one is accepted, the blocked one stays open",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(To Check)",
        },
        {
            trigger: ".o_reading_filter_check:contains(To Check (1))",
        },
        {
            content: "read it again",
            trigger: `${row(1)}.o_reading_block input.o_reading_index`,
            run: "edit 111 && press Enter",
        },
        {
            trigger: `.o_reading_count:contains(30 / 30)`,
        },
        {
            trigger: ".o_reading_filter_check:contains(To Check (0))",
        },
        {
            trigger: "button[name=action_finish]",
            run: "click",
        },
        {
            content: "the round is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});

registry.category("web_tour.tours").add("property_billing_reading_phone", {
    steps: () => [
        {
            content: "no field asks for the keyboard by itself",
            trigger: `body:not(:has(input.o_reading_index:focus)) ${index(1)}`,
            run: "click",
        },
        {
            trigger: `${index(1)}:focus`,
            run: "edit 110 && press Enter",
        },
        type(2, "300"),
        {
            content: "nothing is wider than the screen",
            trigger: `${row(2)}.o_reading_confirm`,
            run() {
                const grid = document.querySelector(".o_reading_grid");
                if (grid.scrollWidth > window.innerWidth) {
                    throw new Error(`the grid is ${grid.scrollWidth} wide`);
                }
            },
        },
        {
            trigger: `${row(2)} .o_reading_reason`,
            run: "edit Seen myself. && press Enter",
        },
        {
            trigger: `${row(2)}.o_reading_explained`,
        },
    ],
});
