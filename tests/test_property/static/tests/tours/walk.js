/**
 * A walk through what the menus of a person offer. A screen to be looked at closely is passed in
 * every view, with the first record and all its pages, and an empty form; the others are opened.
 * What is wrong is remembered; the walk goes on.
 *
 * Nothing is saved on the way.
 */
import {rpcBus} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {complain, given, lookAtScreen, noteWrong} from "./untranslated";

const SCREEN = ".o_action_manager > .o_action";
const WINDOW = ".modal:not(.o_inactive_modal)";
const ROW = `${SCREEN} .o_data_row`;
const CARD = `${SCREEN} .o_kanban_record:not(.o_kanban_ghost)`;
const CREATE = [".o_list_button_add", ".o-kanban-button-new", ".o_form_button_create"]
    .map((button) => `.o_control_panel ${button}`)
    .join();
const DISCARD = [".o_list_button_discard", ".o_form_button_cancel"]
    .map((button) => `.o_control_panel ${button}`)
    .join();

/** How long nothing may happen before a screen counts as drawn, and the longest wait. */
const QUIET = 200;
const PATIENCE = 15000;

let asked = 0;
rpcBus.addEventListener("RPC:REQUEST", ({detail}) => (asked += detail.settings.silent ? 0 : 1));
rpcBus.addEventListener("RPC:RESPONSE", ({detail}) => (asked -= detail.settings.silent ? 0 : 1));

/** No question to the server is open, and nothing has changed on the page for a moment. */
function quiet() {
    return new Promise((resolve) => {
        let last = Date.now();
        const begun = last;
        const observer = new MutationObserver(() => (last = Date.now()));
        observer.observe(document.body, {childList: true, subtree: true, attributes: true});
        const timer = setInterval(() => {
            const now = Date.now();
            if (asked > 0 && now - begun < PATIENCE) {
                last = now;
            }
            if (now - last > QUIET || now - begun > PATIENCE) {
                clearInterval(timer);
                observer.disconnect();
                resolve();
            }
        }, 40);
    });
}

const services = () => odoo.__WOWL_DEBUG__.root.env.services;
const find = (selector) =>
    [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());

/** The screen is drawn: look at it, at windows that opened, and at messages of errors. */
async function look(what) {
    await quiet();
    const error = find(".o_error_dialog");
    if (error) {
        noteWrong(`refused: ${error.textContent.trim().slice(0, 300)}`, what);
        error.querySelector(".modal-footer button, .btn-close")?.click();
        await quiet();
    }
    const told = find(".o_notification:has(.bg-danger)");
    if (told) {
        noteWrong(`error: ${told.textContent.trim().slice(0, 300)}`, what);
    }
    lookAtScreen();
}

async function press(element) {
    element.click();
    await quiet();
}

async function pages(what, root) {
    const names = [...document.querySelectorAll(`${root} .o_notebook_headers a.nav-link`)];
    for (const tab of names.filter((element) => element.checkVisibility())) {
        if (!tab.classList.contains("active")) {
            await press(tab);
            await look(`${what}, page ${tab.name || tab.textContent.trim()}`);
        }
    }
}

/** What opened, a form or a window with one, with its pages; then everything is closed again. */
async function opened(what) {
    await look(what);
    await pages(what, find(WINDOW) ? WINDOW : SCREEN);
    while (find(WINDOW)) {
        const close = find(`${WINDOW} .btn-close, ${WINDOW} .modal-header .oi-arrow-left`);
        if (!close) {
            noteWrong("a window that cannot be closed", what);
            break;
        }
        await press(close);
    }
    const discard = find(DISCARD);
    if (discard) {
        await press(discard);
    }
}

async function firstRecord(what) {
    for (let level = 0; level < 3 && !find(ROW) && find(`${SCREEN} .o_group_header`); level++) {
        const folded = `${SCREEN} .o_group_header:not(.o_group_open)`;
        if (!find(folded)) {
            break;
        }
        await press(find(folded));
    }
    const record =
        find(`${ROW} .o_data_cell:not(.o_list_button):not(.o_handle_cell)`) || find(CARD);
    if (record) {
        await press(record);
        await opened(`${what}, first record`);
    }
    return Boolean(record);
}

async function screen({id, name, close}) {
    const {action, menu} = services();
    const open = async () => {
        await menu.selectMenu(menu.getMenu(id));
        await quiet();
    };
    await open();
    await look(name);
    if (find(WINDOW)) {
        return opened(name);
    }
    if (!close) {
        return;
    }
    const views = action.currentController?.views || [];
    const shown = action.currentController?.view?.type;
    const others = views.map((view) => view.type);
    if (await firstRecord(name)) {
        await open();
    }
    const create = find(CREATE);
    if (create) {
        await press(create);
        await opened(`${name}, new`);
    }
    for (const kind of others.filter((type) => !["form", "search", shown].includes(type))) {
        await open();
        await action.switchView(kind);
        await look(`${name} as ${kind}`);
    }
}

registry.category("web_tour.tours").add("property_tour_walk", {
    steps: () => [
        {
            content: "where the person begins",
            trigger: ".o_main_navbar",
            run: () => look("the beginning"),
        },
        ...(given().data.menus || []).map((menu) => ({
            content: menu.name,
            trigger: ".o_main_navbar",
            timeout: 60000,
            async run() {
                await screen(menu);
            },
        })),
        {content: "nothing wrong was seen on the way", trigger: "body", run: complain},
    ],
});
