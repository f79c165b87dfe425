import {Component, onWillStart, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {useService} from "@web/core/utils/hooks";

// the approvals that wait for the current user, counted at the top of every screen
export class ApprovalMenu extends Component {
    static template = "property_tenant.ApprovalMenu";
    static components = {Dropdown};
    static props = [];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dropdown = useDropdownState();
        this.state = useState({count: 0, late: 0, rows: []});
        const bus = useService("bus_service");
        bus.subscribe("property_approval", () => this.load());
        onWillStart(() => {
            // the screen does not wait for the counter
            this.load();
        });
    }

    async load() {
        Object.assign(
            this.state,
            await this.orm.silent.call("property.approval", "get_waiting", [])
        );
    }

    openAll() {
        this.dropdown.close();
        this.action.doAction("property_tenant.property_approval_waiting_action", {
            clearBreadcrumbs: true,
        });
    }

    async decide(row) {
        this.dropdown.close();
        const action = await this.orm.call("property.approval", "action_open_decision", [[row.id]]);
        this.action.doAction(action, {onClose: () => this.load()});
    }

    async openRecord(row) {
        this.dropdown.close();
        this.action.doAction(
            await this.orm.call("property.approval", "action_open_document", [[row.id]])
        );
    }
}

if (session.property_staff) {
    registry
        .category("systray")
        .add("property_tenant.approval_menu", {Component: ApprovalMenu}, {sequence: 30});
}
