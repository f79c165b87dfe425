import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {ConnectionLostError, RPCError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {getDataURLFromFile} from "@web/core/utils/urls";
import {useBus, useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";
import {InvalidNumberError, parseFloat} from "@web/views/fields/parsers";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * The grid in which a round of readings is entered: Enter or an arrow goes on to the next
 * meter while the index just typed is kept and checked in the background, one call each.
 */
export class ReadingGrid extends Component {
    static template = "property_billing.ReadingGrid";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({rows: [], editable: false, search: "", filter: "all"});
        // Calls go out one after another, in the order of typing.
        this.queue = Promise.resolve();
        onWillStart(() => this.load());
        useEffect(
            () => {
                if (this.loadedKey !== this.recordKey) {
                    this.load();
                }
            },
            () => [this.recordKey]
        );
        // A button of the form waits until the last index is kept.
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", (ev) => {
            this.commitFocused();
            ev.detail.proms.push(this.queue);
        });
        useEffect(
            () => {
                if (!this.env.isSmall && this.state.editable) {
                    const empty = [...this.inputs].find((input) => !input.value);
                    empty?.focus({preventScroll: true});
                }
            },
            () => [this.loadedKey]
        );
    }

    /** Changes when the form was saved or one of its buttons has run. */
    get recordKey() {
        const {resId, data} = this.props.record;
        return [resId, data.state, data.write_date?.toMillis()].join();
    }

    async load() {
        const {resModel, resId} = this.props.record;
        this.loadedKey = this.recordKey;
        if (!resId) {
            return;
        }
        await this.queue;
        const grid = await this.orm.call(resModel, "get_grid", [[resId]]);
        this.state.editable = grid.editable;
        const refused = this.state.rows.filter((row) => row.error);
        this.state.rows = grid.rows.map((row) => this.withTexts(row));
        for (const {id, text, error} of refused) {
            const row = this.state.rows.find((other) => other.id === id && !other.locked);
            if (row) {
                Object.assign(row, {text, error});
            }
        }
    }

    withTexts(row) {
        return {
            ...row,
            text: this.format(row.index, row),
            reasonText: row.reason,
            saving: false,
            error: "",
        };
    }

    // --- what is shown --------------------------------------------------------

    get rows() {
        const wanted = this.state.search.trim().toLowerCase();
        return this.state.rows.filter(
            (row) =>
                (this.state.filter !== "missing" || !row.state || row.keep) &&
                (this.state.filter !== "check" || this.isOdd(row) || row.keep) &&
                (!wanted ||
                    [row.place, row.number, row.location].some((text) =>
                        text.toLowerCase().includes(wanted)
                    ))
        );
    }

    get counts() {
        const rows = this.state.rows;
        return {
            all: rows.length,
            read: rows.filter((row) => row.state).length,
            check: rows.filter((row) => this.isOdd(row)).length,
        };
    }

    get percent() {
        const {all, read} = this.counts;
        return all ? Math.round((100 * read) / all) : 0;
    }

    isOdd(row) {
        return Boolean(row.error || (!row.locked && ["block", "confirm"].includes(row.severity)));
    }

    rowClass(row) {
        if (row.error || (row.severity === "block" && !row.locked)) {
            return "o_reading_block";
        }
        if (row.severity === "confirm" && !row.locked) {
            return row.reason ? "o_reading_explained" : "o_reading_confirm";
        }
        return row.locked ? "o_reading_accepted" : row.state ? "o_reading_entered" : "";
    }

    format(value, row) {
        if (value === false) {
            return "";
        }
        return formatFloat(value, {
            digits: [16, row.decimals],
            trailingZeros: false,
            thousandsSep: "",
        });
    }

    formatDay(day) {
        return day ? formatDate(deserializeDate(day)) : "";
    }

    /** Reading the whole column aloud: what the field is for. */
    label(row) {
        return _t("New index of meter %(meter)s, %(place)s", {
            meter: [row.number, row.register_label].filter(Boolean).join(" "),
            place: row.place,
        });
    }

    setFilter(filter) {
        for (const row of this.state.rows) {
            row.keep = false;
        }
        this.state.filter = filter;
    }

    // --- keyboard ---------------------------------------------------------------

    get inputs() {
        return this.root.el?.querySelectorAll("input.o_reading_index:not(:disabled)") || [];
    }

    onKeydown(ev, row) {
        if (ev.isComposing) {
            return;
        }
        if (ev.key === "Enter" || ev.key === "ArrowDown") {
            this.move(ev, 1);
        } else if (ev.key === "ArrowUp") {
            this.move(ev, -1);
        } else if (ev.key === "Escape") {
            row.text = this.format(row.index, row);
            row.error = "";
            ev.stopPropagation();
        }
    }

    move(ev, step) {
        const inputs = [...this.inputs];
        const next = inputs[inputs.indexOf(ev.target) + step];
        ev.preventDefault();
        ev.stopPropagation();
        if (next) {
            next.focus();
            next.select();
            next.scrollIntoView({block: "nearest"});
        } else {
            ev.target.blur();
        }
    }

    onReasonKeydown(ev, row) {
        if (ev.key !== "Enter" || ev.isComposing) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const own = this.root.el.querySelector(`input.o_reading_index[data-id="${row.id}"]`);
        const inputs = [...this.inputs];
        const next = inputs[inputs.indexOf(own) + 1];
        (next || ev.target)[next ? "focus" : "blur"]();
    }

    commitFocused() {
        const input = document.activeElement;
        if (this.root.el?.contains(input) && input.dataset.id) {
            const row = this.state.rows.find((other) => other.id === input.dataset.id);
            if (input.classList.contains("o_reading_index")) {
                this.commit(row);
            } else if (input.classList.contains("o_reading_reason")) {
                this.commitReason(row);
            }
        }
    }

    // --- keeping ------------------------------------------------------------------

    commit(row) {
        const text = row.text.trim();
        if (text === this.format(row.index, row) && !row.error) {
            return;
        }
        let index = false;
        if (text) {
            try {
                index = parseFloat(text);
            } catch (error) {
                if (!(error instanceof InvalidNumberError)) {
                    throw error;
                }
                row.error = _t("“%s” is not a number. Type the index again.", text);
                return;
            }
        } else if (!row.state) {
            row.error = "";
            return;
        }
        this.send(row, "enter_index", index, () => row.text.trim() === text);
    }

    commitReason(row) {
        const reason = row.reasonText.trim();
        if (reason !== row.reason) {
            this.send(row, "enter_reason", reason, () => true);
        }
    }

    async onPhoto(ev, row) {
        const [file] = ev.target.files;
        if (file) {
            const url = await getDataURLFromFile(file);
            ev.target.value = "";
            this.send(row, "enter_photo", url.split(",")[1], () => true);
        }
    }

    /** Queue one call for a row; what it returns is shown unless the row was typed over. */
    send(row, method, value, isCurrent) {
        row.saving = true;
        row.keep = true;
        row.error = "";
        const call = async () => {
            try {
                const {resModel, resId} = this.props.record;
                const args = [[resId], row.meter_id, row.register, value];
                const result = await this.orm.call(resModel, method, args);
                const {text, reasonText} = row;
                Object.assign(row, result);
                row.text = isCurrent() ? this.format(row.index, row) : text;
                row.reasonText = method === "enter_reason" ? row.reason : reasonText;
                if (method === "enter_index") {
                    row.reasonText = row.reason;
                }
            } catch (error) {
                row.error = this.explain(error);
            }
            row.saving = false;
        };
        this.queue = this.queue.then(call);
    }

    explain(error) {
        if (error instanceof ConnectionLostError) {
            return _t("Not kept: there is no connection. Press Enter in the field to try again.");
        }
        if (error instanceof RPCError && error.data?.message) {
            return error.data.message;
        }
        throw error;
    }
}

registry.category("view_widgets").add("property_reading_grid", {
    component: ReadingGrid,
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "write_date", type: "datetime", readonly: true},
    ],
});
