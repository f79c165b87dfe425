import {Component, onWillUnmount, useEffect, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const INTERVAL = 2000;

/** How many papers are made. Asks the server every two seconds until all are. */
export class LetterProgressField extends Component {
    static template = "property_billing.LetterProgressField";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({percent: 0, printed: 0, all: 0});
        useEffect(
            (resId, percent, printed, all) => {
                Object.assign(this.state, {percent, printed, all});
                if (resId && printed < all) {
                    this.wait();
                }
                return () => clearTimeout(this.timer);
            },
            () => {
                const {resId, data} = this.props.record;
                return [resId, data.print_progress, data.letter_printed_count, data.letter_count];
            }
        );
        onWillUnmount(() => {
            this.stopped = true;
        });
    }

    wait() {
        this.timer = setTimeout(() => this.poll(), INTERVAL);
    }

    async poll() {
        const {resId, resModel} = this.props.record;
        const [run] = await this.orm.silent.read(
            resModel,
            [resId],
            ["print_progress", "letter_printed_count", "letter_count"]
        );
        if (this.stopped || resId !== this.props.record.resId) {
            return;
        }
        Object.assign(this.state, {
            percent: run.print_progress,
            printed: run.letter_printed_count,
            all: run.letter_count,
        });
        if (run.letter_printed_count < run.letter_count) {
            this.wait();
        } else if (!(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
    }

    get percent() {
        return Math.round(this.state.percent);
    }

    get text() {
        return _t("%(printed)s of %(all)s PDFs are made.", {
            printed: this.state.printed,
            all: this.state.all,
        });
    }
}

registry.category("fields").add("letter_progress", {
    component: LetterProgressField,
    supportedTypes: ["float"],
    fieldDependencies: [
        {name: "letter_printed_count", type: "integer"},
        {name: "letter_count", type: "integer"},
    ],
});
