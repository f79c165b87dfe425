import {Component, onWillUnmount, useEffect, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const INTERVAL = 2000;

/** How far a billing run is. Asks the server every two seconds while the run works, and shows
 * the run anew when it has finished. */
export class BillingProgressField extends Component {
    static template = "property_billing.BillingProgressField";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({progress: 0, done: 0, all: 0});
        this.timer = null;
        useEffect(
            (resId, working, progress) => {
                this.state.progress = progress;
                if (resId && working) {
                    this.poll();
                }
                return () => clearTimeout(this.timer);
            },
            () => [
                this.props.record.resId,
                this.props.record.data.working,
                this.props.record.data[this.props.name],
            ]
        );
        onWillUnmount(() => {
            this.stopped = true;
        });
    }

    async poll() {
        const {resId, resModel} = this.props.record;
        const [run] = await this.orm.silent.read(
            resModel,
            [resId],
            ["progress", "working", "state", "batch_count", "batch_done_count"]
        );
        if (this.stopped || resId !== this.props.record.resId) {
            return;
        }
        Object.assign(this.state, {
            progress: run.progress,
            done: run.batch_done_count,
            all: run.batch_count,
        });
        if (run.working && run.state === this.props.record.data.state) {
            this.timer = setTimeout(() => this.poll(), INTERVAL);
        } else if (!(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
    }

    get percent() {
        return Math.round(this.state.progress);
    }

    get text() {
        return _t(
            "%(done)s of %(all)s parts are done. You may leave this page; the work goes on.",
            {
                done: this.state.done,
                all: this.state.all,
            }
        );
    }
}

export const billingProgressField = {
    component: BillingProgressField,
    displayName: _t("Progress of a Billing Run"),
    supportedTypes: ["float"],
    fieldDependencies: [
        {name: "working", type: "boolean", readonly: true},
        {name: "state", type: "selection", readonly: true},
    ],
};

registry.category("fields").add("billing_progress", billingProgressField);
