import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {
    deserializeDate,
    deserializeDateTime,
    formatDate,
    formatDateTime,
} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const PAGE = 60;

/** Everything that happened about an occupancy, newest first. */
export class PropertyTimeline extends Component {
    static template = "property_tenant.Timeline";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({kinds: [], entries: [], more: false, chosen: null, loaded: false});
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(async (props) => {
            if (props.record.resId !== this.resId) {
                await this.load(props.record.resId);
            }
        });
    }

    async load(resId) {
        this.resId = resId;
        this.next = false;
        if (!resId) {
            Object.assign(this.state, {kinds: [], entries: [], more: false, loaded: true});
            return;
        }
        const found = await this.fetchEntries(false);
        if (this.resId === resId) {
            Object.assign(this.state, {...found, loaded: true});
        }
    }

    async fetchEntries(before) {
        const {kinds, entries, more, next} = await this.orm.call(
            "property.occupancy",
            "get_timeline",
            [[this.resId]],
            {kinds: this.state.chosen ? [this.state.chosen] : null, before, limit: PAGE}
        );
        this.next = next;
        return {kinds, entries, more};
    }

    choose(kind) {
        this.state.chosen = this.state.chosen === kind ? null : kind;
        return this.load(this.resId);
    }

    async loadMore() {
        const {entries, more} = await this.fetchEntries(this.next);
        this.state.entries.push(...entries);
        this.state.more = more;
    }

    when(entry) {
        return entry.day
            ? formatDate(deserializeDate(entry.date.slice(0, 10)))
            : formatDateTime(deserializeDateTime(entry.date), {showSeconds: false});
    }

    open(entry) {
        if (entry.model === "property.occupancy" && entry.id === this.resId) {
            return null;
        }
        if (entry.domain) {
            return this.action.doAction({
                type: "ir.actions.act_window",
                name: entry.title,
                res_model: entry.model,
                domain: entry.domain,
                views: [
                    [false, "list"],
                    [false, "form"],
                ],
            });
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: entry.model,
            res_id: entry.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("property_timeline", {component: PropertyTimeline});
