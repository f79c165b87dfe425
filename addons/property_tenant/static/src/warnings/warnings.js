import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const CLASSES = {1: "alert-info", 2: "alert-warning", 3: "alert-danger"};
const ICONS = {1: "fa-info-circle", 2: "fa-exclamation-triangle", 3: "fa-hand-paper-o"};

/**
 * What staff must know of a party: one line each, the most urgent first; nothing when there is
 * nothing to know.
 */
export class Warnings extends Component {
    static template = "property_tenant.Warnings";
    static props = {...standardFieldProps};

    get warnings() {
        return (this.props.record.data[this.props.name] || []).map((warning) => ({
            ...warning,
            className: CLASSES[warning.level] || CLASSES[2],
            icon: ICONS[warning.level] || ICONS[2],
        }));
    }
}

registry.category("fields").add("property_warnings", {
    component: Warnings,
    supportedTypes: ["json"],
});
