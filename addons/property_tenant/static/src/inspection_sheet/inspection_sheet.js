import {Component, onWillStart, onWillUnmount, useEffect, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {RPCError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {getDataURLFromFile} from "@web/core/utils/urls";
import {useBus, useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";
import {InvalidNumberError, parseFloat} from "@web/views/fields/parsers";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {KeptEntries} from "./kept_entries";
import {shrink} from "./shrink";

/** Above so many places each is folded until somebody opens it. */
const FOLD_FROM = 2;

/**
 * The sheet of an inspection: each point has big buttons for the thumb, a note and the camera.
 * What is pressed is kept at once, point by point, also when the network fails for a while.
 */
export class InspectionSheet extends Component {
    static template = "property_tenant.InspectionSheet";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            lines: [],
            readings: [],
            editable: false,
            grouped: false,
            instruction: "",
            open: {},
            noted: {},
            filter: "all",
            waiting: 0,
            offline: false,
        });
        this.answers = [
            ["ok", _t("OK"), "fa-check"],
            ["defect", _t("Defect"), "fa-wrench"],
            ["na", _t("N/A"), "fa-minus"],
        ];
        onWillStart(() => this.load());
        useEffect(
            () => {
                if (this.loadedKey !== this.recordKey) {
                    this.load();
                }
            },
            () => [this.recordKey]
        );
        // a button of the form waits until everything is kept
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", (ev) => {
            document.activeElement?.blur?.();
            ev.detail.proms.push(Promise.resolve(this.kept?.run()));
        });
        onWillUnmount(() => this.kept?.stop());
    }

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
        if (this.keptFor !== resId) {
            this.kept?.stop();
            this.keptFor = resId;
            this.kept = new KeptEntries(`property_inspection.${resId}`, {
                send: ({method, args}) => this.orm.call(resModel, method, [[resId], ...args]),
                done: (entry, outcome) => this.onKept(entry, outcome),
                tell: (state) => Object.assign(this.state, state),
            });
        }
        const sheet = await this.orm.call(resModel, "get_sheet", [[resId]]);
        Object.assign(this.state, {
            editable: sheet.editable,
            grouped: sheet.grouped,
            instruction: sheet.instruction,
            lines: sheet.lines.map((line) => this.withTexts(line)),
            readings: sheet.readings.map((reading) => ({...reading, error: ""})),
        });
        // what was entered without a connection is shown as it will be
        for (const {line, shown} of this.kept.entries) {
            Object.assign(this.state.lines.find(({id}) => id === line) || {}, shown);
        }
        if (sheet.editable) {
            this.kept.run();
        }
    }

    withTexts(line) {
        return {...line, text: this.format(line.number), error: ""};
    }

    // --- what is shown --------------------------------------------------------

    /** Places of a round, or sections of one place: each with its points. */
    get groups() {
        const groups = new Map();
        for (const line of this.state.lines) {
            const key = this.state.grouped ? `place${line.place}` : line.section;
            if (!groups.has(key)) {
                groups.set(key, {
                    key,
                    place: line.place,
                    title: this.state.grouped ? line.place_name : line.section,
                    lines: [],
                });
            }
            groups.get(key).lines.push(line);
        }
        return [...groups.values()]
            .map((group) => ({
                ...group,
                left: group.lines.filter((line) => !line.result).length,
                defects: group.lines.filter((line) => line.result === "defect").length,
            }))
            .filter((group) => this.state.filter === "all" || group.left || group.kept);
    }

    get folds() {
        return this.state.grouped && this.groups.length >= FOLD_FROM;
    }

    isOpen(group) {
        return !this.folds || Boolean(this.state.open[group.key]);
    }

    toggle(group) {
        this.state.open[group.key] = !this.state.open[group.key];
    }

    toggleFilter() {
        this.state.filter = this.state.filter === "open" ? "all" : "open";
    }

    shown(group) {
        return this.state.filter === "all"
            ? group.lines
            : group.lines.filter((line) => !line.result || line.touched);
    }

    get counts() {
        const lines = this.state.lines;
        return {
            all: lines.length,
            seen: lines.filter((line) => line.result).length,
            defects: lines.filter((line) => line.result === "defect").length,
        };
    }

    get percent() {
        const {all, seen} = this.counts;
        return all ? Math.round((100 * seen) / all) : 0;
    }

    format(value) {
        return value === false ? "" : formatFloat(value, {digits: [16, 3], trailingZeros: false});
    }

    limits(line) {
        const low = line.low === false ? "" : this.format(line.low);
        const high = line.high === false ? "" : this.format(line.high);
        if (low && high) {
            return _t("%(low)s to %(high)s", {low, high});
        }
        return low ? _t("at least %s", low) : high ? _t("at most %s", high) : "";
    }

    hasNote(line) {
        return line.note || line.result === "defect" || this.state.noted[line.id];
    }

    noteHint(line) {
        return line.result === "defect" ? _t("What is wrong") : _t("Note");
    }

    needsPhoto(line) {
        return (
            !line.photos.length &&
            (line.photo === "always" || (line.photo === "defect" && line.result === "defect")) &&
            line.result !== "na"
        );
    }

    photoUrl(id, size = "image_256") {
        return `/web/image/property.inspection.photo/${id}/${size}`;
    }

    // --- entering -------------------------------------------------------------

    answer(line, result) {
        line.touched = true;
        line.result = line.result === result ? "" : result;
        this.enter(line, {result: line.result || false}, {result: line.result});
    }

    onNote(line, ev) {
        const note = ev.target.value.trim();
        if (note !== line.note) {
            line.note = note;
            this.enter(line, {note}, {note});
        }
    }

    openNote(line) {
        this.state.noted[line.id] = true;
    }

    onNumber(line, ev) {
        line.text = ev.target.value;
        const text = line.text.trim();
        if (text === this.format(line.number)) {
            return;
        }
        const number = this.read(text);
        if (number === null) {
            line.error = _t("“%s” is not a number. Type it again.", text);
            return;
        }
        line.touched = true;
        this.enter(line, {number}, {number, text: this.format(number)});
    }

    /** The number that was typed; false: nothing, null: no number. */
    read(text) {
        if (!text) {
            return false;
        }
        try {
            return parseFloat(text);
        } catch (error) {
            if (error instanceof InvalidNumberError) {
                return null;
            }
            throw error;
        }
    }

    enter(line, values, shown) {
        line.error = "";
        this.kept.add({line: line.id, method: "enter_line", args: [line.id, values], shown});
    }

    allOk(group) {
        for (const line of group.lines) {
            if (!line.result && !line.with_number && line.photo !== "always") {
                line.result = "ok";
            }
        }
        const untouched = group.lines.some((line) => !line.result);
        this.state.open[group.key] = untouched;
        this.kept.add({method: "enter_place", args: [group.place]});
    }

    restOk() {
        for (const group of this.groups.filter(({left}) => left)) {
            for (const line of group.lines) {
                if (!line.result && !line.with_number && line.photo !== "always") {
                    line.touched = true;
                    this.answer(line, "ok");
                }
            }
        }
    }

    async onPhoto(line, ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        for (const file of files) {
            const image = (await shrink(await getDataURLFromFile(file))).split(",")[1];
            this.kept.add({
                line: line.id,
                method: "enter_photo",
                args: [line.id, image],
                large: true,
            });
        }
    }

    removePhoto(line, photo) {
        this.kept.add({line: line.id, method: "remove_photo", args: [photo]});
    }

    // --- readings -------------------------------------------------------------

    onReading(reading, name, ev) {
        const text = ev.target.value.trim();
        let value = text;
        if (name === "value") {
            value = this.read(text);
            if (value === null) {
                reading.error = _t("“%s” is not a number. Type it again.", text);
                return;
            }
            if (text === reading.value) {
                return;
            }
            reading.value = text;
        } else if (text === reading.note) {
            return;
        } else {
            reading.note = text;
        }
        reading.error = "";
        this.kept.add({
            reading: reading.key,
            method: "enter_reading",
            args: [reading.key, {[name]: value}],
        });
    }

    async onReadingPhoto(reading, ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        if (file) {
            const photo = (await shrink(await getDataURLFromFile(file))).split(",")[1];
            this.kept.add({
                reading: reading.key,
                method: "enter_reading",
                args: [reading.key, {photo}],
                large: true,
            });
        }
    }

    // --- what the server says ---------------------------------------------------

    onKept(entry, {result, error}) {
        const line = this.state.lines.find(({id}) => id === entry.line);
        const reading = this.state.readings.find(({key}) => key === entry.reading);
        if (error) {
            this.onRefused(line || reading, error);
            return;
        }
        // answers that came later than this entry are on their way
        const later = new Set(this.kept.entries.map((other) => other.line));
        for (const row of [result].flat().filter(Boolean)) {
            if (reading) {
                Object.assign(reading, row, {error: ""});
            } else {
                const target = this.state.lines.find(({id}) => id === row.id);
                if (target && !later.has(row.id)) {
                    Object.assign(target, this.withTexts(row));
                }
            }
        }
    }

    onRefused(row, error) {
        if (row && error instanceof RPCError && error.data?.message) {
            row.error = error.data.message;
            return;
        }
        throw error;
    }
}

registry.category("view_widgets").add("property_inspection_sheet", {
    component: InspectionSheet,
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "write_date", type: "datetime", readonly: true},
    ],
});
