/**
 * Entries that are not with the server yet. They are sent one after another, in the order in
 * which they were made; without a connection they wait, and what is text survives the closing
 * of the page.
 */
import {browser} from "@web/core/browser/browser";
import {ConnectionLostError} from "@web/core/network/rpc";

/** Milliseconds between two attempts while there is no connection. */
const PAUSE = 4000;

export class KeptEntries {
    /**
     * @param {string} key under which the browser keeps what waits
     * @param {(entry: object) => Promise} send
     * @param {(entry: object, outcome: {result?: any, error?: Error}) => void} done
     * @param {(state: {waiting: number, offline: boolean}) => void} tell
     */
    constructor(key, {send, done, tell}) {
        Object.assign(this, {key, send, done, tell});
        this.entries = this.restore();
        this.offline = false;
        this.running = null;
        this.timer = null;
    }

    restore() {
        try {
            return JSON.parse(browser.localStorage.getItem(this.key) || "[]");
        } catch {
            return [];
        }
    }

    /** Photos are too large to be kept by the browser: they wait while the page is open. */
    store() {
        const texts = this.entries.filter((entry) => !entry.large);
        try {
            if (texts.length) {
                browser.localStorage.setItem(this.key, JSON.stringify(texts));
            } else {
                browser.localStorage.removeItem(this.key);
            }
        } catch {
            // a full or forbidden storage: the entries wait in the page
        }
    }

    report() {
        this.tell({waiting: this.entries.length, offline: this.offline});
    }

    add(entry) {
        this.entries.push(entry);
        this.store();
        this.report();
        return this.run();
    }

    /** Send what waits; resolves when nothing waits, or when the connection is gone. */
    run() {
        browser.clearTimeout(this.timer);
        this.running = this.running || this.work().finally(() => (this.running = null));
        return this.running;
    }

    async work() {
        while (this.entries.length) {
            const [entry] = this.entries;
            let outcome;
            try {
                outcome = {result: await this.send(entry)};
            } catch (error) {
                if (error instanceof ConnectionLostError) {
                    this.offline = true;
                    this.report();
                    this.timer = browser.setTimeout(() => this.run(), PAUSE);
                    return;
                }
                outcome = {error};
            }
            this.offline = false;
            this.entries.shift();
            this.store();
            this.report();
            this.done(entry, outcome);
        }
    }

    stop() {
        browser.clearTimeout(this.timer);
    }
}
