/** A manager's morning: what is to be done, the figures, a decision from the top of the screen. */
import {addPart, back, field, inWindow, look, noWindow, onView, record} from "./steps";
import {given} from "./untranslated";

const line = (key) => `.o_property_today_line[data-key="${key}"]`;
addPart("property_tour_today_manager", () => {
    const {party} = given().data;
    return [
        {
            content: "an approval waits, and is the first line",
            trigger: `.o_property_today .list-group:first ${line("approval_waiting")}:contains(1)`,
        },
        {trigger: ".o_property_today_figure[data-key='unit_occupied']"},
        {trigger: ".o_property_today_graph[data-key='unit_status'] canvas"},
        look(),
        {content: "the vacant units", trigger: line("unit_vacant"), run: "click"},
        onView("kanban"),
        {trigger: record("1-201")},
        back(),
        {trigger: line("approval_waiting"), run: "click"},
        {trigger: record(party)},
        look(),
        back(),
        {content: "decide from the top", trigger: ".o_property_approval_menu", run: "click"},
        {
            trigger: `.o_property_approval_row:contains(${party}) .btn-primary`,
            run: "click",
        },
        {trigger: ".modal"},
        {trigger: `.modal ${field("opinion", "")} textarea`, run: "edit 同意"},
        inWindow("action_approve"),
        noWindow(),
        {
            content: "nothing waits any more",
            trigger: ".o_property_approval_menu:not(:has(.o_property_approval_counter))",
        },
    ];
});

addPart("property_tour_today_officer", () => [
    {trigger: `.o_property_today ${line("occupancy_move_in")}`, run: "click"},
    {trigger: record(given().data.party)},
    back(),
    {trigger: ".o_property_today_nothing summary", run: "click"},
    {trigger: ".o_property_today_nothing[open]"},
    look(),
]);

addPart("property_tour_long_work", () => [
    {content: "it stands at the top of the screen", trigger: ".o_property_work_menu", run: "click"},
    {trigger: `.o_property_work_row:contains("${given().data.work}")`},
    look(),
    {trigger: ".o_property_work_all", run: "click"},
    {content: "how far it is", trigger: record(given().data.work)},
    look(),
    {
        content: "the letters that were printed",
        trigger: ".o_action_manager button[name='action_open_result']",
        run: "click",
    },
    {trigger: record("王建国")},
]);
