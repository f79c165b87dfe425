import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** A text that is read only, each line of it as an entry of a list. */
export class LinesField extends Component {
    static template = "property_tenant.LinesField";
    static props = {...standardFieldProps};

    get lines() {
        return (this.props.record.data[this.props.name] || "").split("\n").filter(Boolean);
    }
}

registry.category("fields").add("property_lines", {
    component: LinesField,
    displayName: _t("Lines as a List"),
    supportedTypes: ["text"],
});
