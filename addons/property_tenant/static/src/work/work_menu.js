import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {useService} from "@web/core/utils/hooks";

/** How often it is asked how far running work is. */
const EVERY = 5000;

// the user's own long work and how far it is; not there when there is none
export class WorkMenu extends Component {
    static template = "property_tenant.WorkMenu";
    static components = {Dropdown};
    static props = [];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dropdown = useDropdownState();
        this.state = useState({running: 0, failed: 0, rows: []});
        const bus = useService("bus_service");
        bus.subscribe("property_work_begun", () => this.load());
        bus.subscribe("property_work", () => this.load());
        onWillStart(() => {
            // the screen does not wait for it
            this.load();
        });
        onWillUnmount(() => clearTimeout(this.timer));
    }

    async load() {
        clearTimeout(this.timer);
        Object.assign(this.state, await this.orm.silent.call("property.work", "get_mine", []));
        if (this.state.running) {
            this.timer = setTimeout(() => this.load(), EVERY);
        }
    }

    openAll() {
        this.dropdown.close();
        this.action.doAction("property_tenant.property_work_action", {clearBreadcrumbs: true});
    }

    async open(row) {
        this.dropdown.close();
        if (row.has_result) {
            this.action.doAction(
                await this.orm.call("property.work", "action_open_result", [[row.id]])
            );
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "property.work",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }
}

if (session.property_staff) {
    registry
        .category("systray")
        .add("property_tenant.work_menu", {Component: WorkMenu}, {sequence: 31});
}
