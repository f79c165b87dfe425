/**
 * Steps that hold in every language and at every width: they find things by technical name, and
 * know where the web client puts them on a phone.
 */
import {registry} from "@web/core/registry";
import {utils} from "@web/core/ui/ui_service";
import {complain, lookAtScreen} from "./untranslated";

export const onPhone = () => utils.isSmall();

/**
 * Nothing changes on the page for a moment: it is drawn, and what was clicked would not be
 * replaced under the finger.
 */
const settled = () =>
    new Promise((resolve) => {
        const done = () => {
            observer.disconnect();
            clearTimeout(quiet);
            clearTimeout(longest);
            resolve();
        };
        let quiet = setTimeout(done, 150);
        const longest = setTimeout(done, 3000);
        const observer = new MutationObserver(() => {
            clearTimeout(quiet);
            quiet = setTimeout(done, 150);
        });
        observer.observe(document.body, {childList: true, subtree: true, attributes: true});
    });

/** A step of ours: what it does is done after a look at the screen. */
function watched(step) {
    const {run} = step;
    if (!run) {
        return step;
    }
    return {
        ...step,
        content: step.content || (typeof run === "string" ? run : undefined),
        async run(helpers) {
            lookAtScreen();
            if (typeof run === "function") {
                return run.call(this, helpers);
            }
            for (const todo of run.split("&&")) {
                const [, action, rest] = todo.trim().match(/^(\w+) *(.*)$/);
                await helpers[action](rest || undefined);
            }
        },
    };
}

/** Look at a screen on which nothing is done. */
export const look = () => ({
    content: "look at the screen",
    trigger: "body",
    async run() {
        await settled();
        lookAtScreen();
    },
});

/** A part of a process, played by one person: `steps` returns steps and lists of steps. */
export function addPart(name, steps) {
    registry.category("web_tour.tours").add(name, {
        steps: () => [
            ...steps().flat(Infinity).map(watched),
            watched(look()),
            {content: "nothing wrong was seen on the way", trigger: "body", run: complain},
        ],
    });
}

// --- getting about -------------------------------------------------------------

/** Open an application. */
export const app = (xmlid) =>
    onPhone()
        ? [
              {trigger: ".o_menu_toggle", run: "click"},
              {trigger: ".o_app_menu_sidebar .o_sidebar_topbar a.btn-primary", run: "click"},
              {trigger: `.o_app_menu_sidebar .o_app[data-menu-xmlid="${xmlid}"]`, run: "click"},
          ]
        : [
              {trigger: ".o_navbar_apps_menu button", run: "click"},
              {trigger: `.o-dropdown--menu .o_app[data-menu-xmlid="${xmlid}"]`, run: "click"},
          ];

/** A click that leads to another screen; done when the address says so. */
const go = (trigger, content) => ({
    content: content || `go by ${trigger}`,
    trigger,
    async run({click, waitUntil}) {
        const {pathname} = location;
        await click(this.anchor);
        // the screen that is open already has no other address
        await waitUntil(() => location.pathname !== pathname, {timeout: 6000}).catch(() => {});
    },
});

/** Go through the menus of the application that is open; a section may be an entry itself. */
export const menu = (section, item) => {
    if (onPhone()) {
        return [
            {trigger: ".o_menu_toggle", run: "click"},
            go(`.o_app_menu_sidebar li[data-menu-xmlid="${item || section}"]`),
            {trigger: "body:not(:has(.o_app_menu_sidebar))"},
        ];
    }
    const inBar = `.o_menu_sections [data-menu-xmlid="${section}"]`;
    return item
        ? [{trigger: inBar, run: "click"}, go(`.o-dropdown--menu [data-menu-xmlid="${item}"]`)]
        : go(inBar);
};

/** A view of the screen that is open: list, kanban, form, graph, pivot… */
export const onView = (kind) => ({
    content: `the ${kind} is shown`,
    trigger: `.o_action_manager .o_${kind}_view`,
});

const ICONS = {
    list: "oi-view-list",
    kanban: "oi-view-kanban",
    graph: "fa-area-chart",
    pivot: "oi-view-pivot",
};

/** Switch to another view. */
export const view = (kind) => [
    onPhone()
        ? [
              {trigger: ".o_cp_switch_buttons > button", run: "click"},
              {trigger: `.o-dropdown--menu .o-dropdown-item:has(.${ICONS[kind]})`, run: "click"},
          ]
        : {trigger: `.o_cp_switch_buttons .o_switch_view.o_${kind}`, run: "click"},
    onView(kind),
];

/** The list or the cards of the screen, not those within a form. */
const RECORDS = ".o_action_manager > .o_action:not(.o_form_view)";
const CARD = ".o_kanban_record:not(.o_kanban_ghost)";

/** Selector of the row or card that contains a text, or all the texts of a list. */
export const record = (text, root = RECORDS) => {
    const contains = [text]
        .flat()
        .map((part) => `:contains("${part}")`)
        .join("");
    return `${root} .o_data_row${contains}, ${root} ${CARD}${contains}`;
};

/** Open the record whose row or card contains a text. */
export const openRecord = (text) => {
    const contains = [text]
        .flat()
        .map((part) => `:contains("${part}")`)
        .join("");
    return go(
        `${RECORDS} .o_data_row${contains} .o_data_cell:not(.o_list_button), ${RECORDS} ${CARD}${contains}`,
        `open ${text}`
    );
};

/** Back to the screen before. */
export const back = () => go(".o_back_button", "the way back");

// --- forms -----------------------------------------------------------------------

const isShown = (element) => element && element.checkVisibility();

/**
 * Press something that a phone may hide in a menu.
 *
 * @param {string} content
 * @param {string} root what is there at either width
 * @param {string} button found in the root or in the menu
 * @param {string} toggle in the root, opens the menu
 */
const pressHidden = (content, root, button, toggle) => ({
    content,
    trigger: root,
    timeout: 20000,
    async run({click, waitUntil}) {
        const find = () =>
            [
                ...document.querySelectorAll(`${root} ${button}`),
                ...document.querySelectorAll(
                    `.o-dropdown--menu ${button}, .o_bottom_sheet ${button}`
                ),
            ].find((element) => isShown(element) && !element.disabled);
        const open = () => document.querySelector(".o-dropdown--menu, .o_bottom_sheet");
        // another press while the menu opens would close it
        let pressed = 0;
        await settled();
        await waitUntil(
            () => {
                if (find()) {
                    return true;
                }
                const menu = document.querySelector(`${root} ${toggle}`);
                if (onPhone() && !open() && isShown(menu) && Date.now() - pressed > 2000) {
                    pressed = Date.now();
                    menu.click();
                }
                return false;
            },
            {timeout: 14000, message: `no button ${button}`}
        );
        lookAtScreen();
        await click(find());
    },
});

/** A button in the header of the form. */
export const press = (name) =>
    pressHidden(
        `press ${name}`,
        ".o_action_manager .o_form_view .o_form_statusbar",
        `button[name="${name}"]`,
        ".o_statusbar_buttons button[aria-expanded='false'], .o_statusbar_buttons .dropdown-toggle"
    );

/** A button above the form that leads elsewhere. */
export const statButton = (name) =>
    pressHidden(
        `press ${name}`,
        ".o_action_manager .o_form_view",
        `.oe_stat_button[name="${name}"]`,
        ".o-form-buttonbox .o_button_more"
    );

/** A button in the window that is open. */
export const inWindow = (name) => ({
    content: `press ${name} in the window`,
    trigger: `.modal:not(.o_inactive_modal) button[name="${name}"]`,
    run: "click",
});

/** Yes to the question that a button asks. */
export const confirm = () => ({
    content: "yes",
    trigger: ".modal:not(.o_inactive_modal) .modal-footer .btn-primary",
    run: "click",
});

/** Close the window that is open without doing anything. */
export const closeWindow = () => [
    {
        trigger:
            ".modal:not(.o_inactive_modal) .modal-header .btn-close, .modal:not(.o_inactive_modal) .modal-header .oi-arrow-left",
        run: "click",
    },
    noWindow(),
];

export const noWindow = () => ({content: "no window is open", trigger: "body:not(:has(.modal))"});

export const field = (name, root = ".o_form_view") => `${root} .o_field_widget[name="${name}"]`;

/** A field that shows a text, whether it may be edited or not. */
export const shows = (name, text, root) => ({
    content: `${name} is ${text}`,
    trigger: `${field(name, root)}:contains("${text}"), ${field(name, root)} input:value("${text}"), ${field(name, root)} textarea:value("${text}")`,
});

/** Type into a field. */
export const fill = (name, text, root) => ({
    content: `${name}: ${text}`,
    trigger: `${field(name, root)} input, ${field(name, root)} textarea`,
    run: `edit ${text}`,
});

/** Choose a record by the beginning of its name; a phone shows the records in a window. */
export const choose = (name, text, root) =>
    onPhone()
        ? [
              {trigger: `${field(name, root)} input`, run: "click"},
              {
                  content: `${name} is ${text}`,
                  trigger: `.modal:not(.o_inactive_modal) ${CARD}:contains("${text}")`,
                  run: "click",
              },
          ]
        : [
              fill(name, text, root),
              {
                  content: `${name} is ${text}`,
                  trigger: `.o-autocomplete--dropdown-item:contains("${text}") a`,
                  run: "click",
              },
          ];

/** The same for a field that holds several records. */
export const chooseTag = (name, text, root) => [
    choose(name, text, root),
    {trigger: `${field(name, root)} .o_tag:contains("${text}")`},
];

/** Choose the entry of a selection by its name in the language of the client. */
export const select = (name, label, root) => [
    {trigger: `${field(name, root)} .o_select_menu_toggler`, run: "click"},
    {
        content: `${name}: ${label}`,
        trigger: `.o_select_menu_item:contains("${label}")`,
        run: "click",
    },
];

/** Press the choice of a field that shows all of them. */
export const radio = (name, value, root) => ({
    content: `${name} is ${value}`,
    trigger: `${field(name, root)} input[data-value="${value}"]`,
    run: "click",
});

/** Hand over a file as if it were chosen from the disk. */
export const upload = (name, filename, content) => ({
    content: `upload ${filename}`,
    trigger: field(name),
    run() {
        const files = new DataTransfer();
        files.items.add(new File([content], filename));
        const input = this.anchor.querySelector("input[type=file]");
        input.files = files.files;
        input.dispatchEvent(new Event("change", {bubbles: true}));
    },
});

/** Open a page of the form by its technical name. */
export const page = (name) => ({
    content: `page ${name}`,
    trigger: `.o_form_view .o_notebook a.nav-link[name="${name}"]`,
    run: "click",
});

export const create = () => ({
    content: "new",
    trigger:
        ".o_control_panel .o_list_button_add, .o_control_panel .o-kanban-button-new, .o_control_panel .o_form_button_create",
    run: "click",
});

export const save = () => [
    {trigger: ".o_control_panel .o_form_button_save", run: "click"},
    {
        content: "it is saved",
        trigger: ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_dirty))",
    },
];

/** The form is in a state: on a phone the bar shows the current one only. */
export const inState = (state, name = "state") => ({
    content: `it is ${state}`,
    trigger: onPhone()
        ? `.o_form_view .o_field_widget[name="${name}"]`
        : `.o_form_view .o_field_widget[name="${name}"] .o_arrow_button_current[data-value="${state}"]`,
});

/** Nothing on the screen writes: no new record, no field to fill, no button but those named. */
export const onlyReads = (...allowed) => ({
    content: "nothing here writes",
    trigger: ".o_action_manager > .o_action",
    async run() {
        await settled();
        lookAtScreen();
        const others = allowed.map((name) => `:not([name="${name}"])`).join("");
        const writes = [
            ".o_list_button_add",
            ".o-kanban-button-new",
            ".o_form_button_create",
            ".o_form_editable",
            ".o_field_x2many_list_row_add",
            `.o_statusbar_buttons button[name]${others}`,
        ].flatMap((selector) => [...document.querySelectorAll(`.o_action_manager ${selector}`)]);
        const shown = writes.filter((element) => element.checkVisibility());
        if (shown.length) {
            const names = shown.map((element) => element.getAttribute("name") || element.className);
            throw new Error(`${location.pathname} writes: ${names.join(", ")}`);
        }
    },
});
