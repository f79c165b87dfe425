/**
 * Reads the screens that a tour passes as a Chinese user does and finds what nobody translated:
 * Latin words that are neither data nor in the list of words that stay Latin. Data of the tours
 * has Chinese names or codes with a digit, so nearly every Latin word is a miss.
 *
 * Beside that, in every language: values that no person would write, and pages wider than a phone.
 */
import {user} from "@web/core/user";

const FOUND = "property_tour.found";
const GIVEN = "property_tour.given";

/** Attributes that people read, or have read to them. */
const ATTRIBUTES = ["placeholder", "title", "aria-label", "data-tooltip", "alt"];

const UNREAD = "script, style, noscript, template, code, svg, .o_ace_view_editor, .fa, .oi";

/** What stands between spaces, Chinese characters and brackets. */
const TOKEN = /[^\s\p{Script=Han}\u3000-\u303f\uff00-\uffef()[\]{}<>“”‘’"'«»·,;:!?|/\\=+*&…–—]+/gu;
const WORD = /\p{Script=Latin}{3,}/gu;

/** English words too short to be told from codes by their length. */
const SHORT = /^(?:a|an|as|at|be|by|do|go|if|in|is|it|me|my|no|of|on|or|so|to|up|us|we)$/i;

const BROKEN = /\[object Object\]|\bundefined\b|\bNaN\b|\bInvalid DateTime\b/;

/** What the test handed over: `known` words and `data`, see `tours_common.py`. */
export function given() {
    return JSON.parse(localStorage.getItem(GIVEN) || '{"known": [], "data": {}}');
}

/** The table of what stays Latin: single words, and whole texts in which * is anything. */
function readKnown() {
    const isWord = (text) => /^\p{L}+$/u.test(text);
    const texts = given().known.filter((text) => !isWord(text));
    const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return {
        words: new Set(given().known.filter(isWord)),
        texts: texts.length
            ? new RegExp(
                  `^(?:${texts.map((text) => text.split("*").map(escape).join(".*")).join("|")})$`,
                  "iu"
              )
            : /^$/,
    };
}

export function isChinese() {
    return user.lang.toLowerCase().startsWith("zh");
}

/**
 * Latin words of a text that should be Chinese.
 *
 * @param {string} text
 * @param {Set<string>} known words that stay Latin, in lower case
 * @returns {string[]}
 */
export function latinWords(text, known) {
    const words = [];
    const readable = text.replace(/\b(?:https?:\/\/|www\.)\S+|\S+@\S+/g, " ");
    for (const [token] of readable.matchAll(TOKEN)) {
        if (/\d/.test(token) || known.has(token.toLowerCase())) {
            continue;
        }
        if (SHORT.test(token)) {
            words.push(token);
        }
        for (const [word] of token.matchAll(WORD)) {
            if (!known.has(word.toLowerCase())) {
                words.push(word);
            }
        }
    }
    return words;
}

const isShown = (element) => element.checkVisibility({visibilityProperty: true});

function* texts(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const {parentElement, data} = walker.currentNode;
        if (data.trim() && !parentElement.closest(UNREAD) && isShown(parentElement)) {
            yield [data.trim(), parentElement];
        }
    }
    for (const element of root.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join())) {
        if (isShown(element)) {
            for (const name of ATTRIBUTES) {
                const value = element.getAttribute(name);
                if (value && !(element.closest("svg") && name !== "aria-label")) {
                    yield [value, element, name];
                }
            }
        }
    }
}

/** Where an element stands, for the person who has to find it. */
function place(element, attribute) {
    const field = element.closest("[name]")?.getAttribute("name");
    const own = [...element.classList].find((name) => name.startsWith("o_"));
    return [
        element.tagName.toLowerCase(),
        own && `.${own}`,
        field && ` in ${field}`,
        attribute && ` @${attribute}`,
    ]
        .filter(Boolean)
        .join("");
}

/** Remember something that is wrong; `where` it was seen first. */
function noteIn(found, what, where) {
    found[what] ??= `${where} on ${document.title} ${location.pathname}`;
}

export function noteWrong(what, where) {
    const found = JSON.parse(sessionStorage.getItem(FOUND) || "{}");
    noteIn(found, what, where);
    sessionStorage.setItem(FOUND, JSON.stringify(found));
}

/** Look at what is on the screen now and remember what is wrong with it. */
export function lookAtScreen() {
    const found = JSON.parse(sessionStorage.getItem(FOUND) || "{}");
    const note = (what, where) => noteIn(found, what, where);
    const known = isChinese() && readKnown();
    for (const [text, element, attribute] of texts(document.body)) {
        if (known && !known.texts.test(text)) {
            const words = latinWords(text, known.words);
            if (words.length) {
                const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
                note(`${words.join(" ")}: “${short}”`, place(element, attribute));
            }
        }
        if (BROKEN.test(text)) {
            note(`broken value “${text.slice(0, 80)}”`, place(element, attribute));
        }
    }
    const {scrollWidth, clientWidth} = document.documentElement;
    if (scrollWidth > clientWidth + 1) {
        note(`the page is ${scrollWidth} wide on a screen of ${clientWidth}`, "page");
    }
    sessionStorage.setItem(FOUND, JSON.stringify(found));
}

/** Fail with everything that was found on the way. */
export function complain() {
    const found = JSON.parse(sessionStorage.getItem(FOUND) || "{}");
    sessionStorage.removeItem(FOUND);
    const lines = Object.entries(found).map(([what, where]) => `${what} (${where})`);
    if (lines.length) {
        throw new Error(`Wrong on the screens passed:\n${lines.sort().join("\n")}`);
    }
}
