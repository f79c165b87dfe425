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

    async load(resId, limit = PAGE) {
        this.resId = resId;
        if (!resId) {
            Object.assign(this.state, {kinds: [], entries: [], more: false, loaded: true});
            return;
        }
        const kinds = this.state.chosen ? [this.state.chosen] : null;
        const found = await this.orm.call("property.occupancy", "get_timeline", [[resId]], {
            kinds,
            limit,
        });
        this.state.kinds = found.kinds;
        this.state.entries = found.entries;
        this.state.more = found.more;
        this.state.loaded = true;
    }

    choose(kind) {
        this.state.chosen = this.state.chosen === kind ? null : kind;
        return this.load(this.resId);
    }

    loadMore() {
        return this.load(this.resId, this.state.entries.length + PAGE);
    }

    when(entry) {
        return entry.day
            ? formatDate(deserializeDate(entry.date.slice(0, 10)))
            : formatDateTime(deserializeDateTime(entry.date), {showSeconds: false});
    }

    open(entry) {
        if (entry.model === "property.occupancy" && entry.id === this.resId) {
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: entry.model,
            res_id: entry.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("property_timeline", {component: PropertyTimeline});
