import {Component, onWillStart, onWillUnmount, useExternalListener, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {TodayGraph} from "./today_graph";

// coming back to the window after so long counts anew
const STALE_AFTER = 60 * 1000;

export class Today extends Component {
    static template = "property_tenant.Today";
    static components = {Layout, TodayGraph};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({today: false, dashboard: false, tab: "work"});
        this.env.config.setDisplayName(_t("Today"));
        onWillStart(() => this.load());
        this.alive = true;
        onWillUnmount(() => {
            this.alive = false;
        });
        useExternalListener(document, "visibilitychange", () => {
            if (!document.hidden && Date.now() - this.loaded > STALE_AFTER) {
                this.load();
            }
        });
    }

    async load() {
        this.loaded = Date.now();
        const today = await this.orm.call("property.today", "get_today", []);
        if (!this.alive) {
            return;
        }
        this.state.today = today;
        if (today.has_dashboard) {
            // the work is there at once, the figures follow
            this.orm.call("property.today", "get_dashboard", []).then((dashboard) => {
                if (this.alive) {
                    this.state.dashboard = dashboard;
                }
            });
        }
    }

    get nothingToDo() {
        return !this.state.today.sections.length;
    }

    describe(line) {
        const parts = [_t("%(label)s: %(count)s", line)];
        if (line.late) {
            parts.push(_t("%s late", line.late));
        }
        return parts.join(", ");
    }

    async open(window) {
        if (!window) {
            return;
        }
        const action = await this.action.loadAction(window.xmlid);
        const {name, domain, context} = window;
        // what was counted is listed, whatever filters the window has by itself
        await this.action.doAction({...action, name, display_name: name, domain, context});
    }

    openPart(graph, domain) {
        this.open({...graph.window, domain});
    }
}

registry.category("actions").add("property_tenant.today", Today);
