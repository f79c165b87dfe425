import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";
import {CharField, charField} from "@web/views/fields/char/char_field";

const PRIVATE_GROUP = "property_tenant.group_private_data";

/** Asks for the purpose, then shows the value; it is gone with the window. */
export class RevealDialog extends Component {
    static template = "property_tenant.RevealDialog";
    static components = {Dialog};
    static props = {title: String, reveal: Function, close: Function};

    setup() {
        this.state = useState({purpose: "", value: null, busy: false});
        useAutofocus({refName: "purpose"});
    }

    async confirm() {
        if (!this.state.purpose.trim() || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            this.state.value = await this.props.reveal(this.state.purpose);
        } finally {
            this.state.busy = false;
        }
    }
}

/** Compares what a caller says with what is kept, without showing it. */
export class ConfirmValueDialog extends Component {
    static template = "property_tenant.ConfirmValueDialog";
    static components = {Dialog};
    static props = {title: String, confirm: Function, close: Function};

    setup() {
        this.state = useState({value: "", same: null, busy: false});
        useAutofocus({refName: "value"});
    }

    async ask() {
        if (!this.state.value.trim() || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            this.state.same = await this.props.confirm(this.state.value);
        } finally {
            this.state.busy = false;
        }
    }
}

/** A masked value, with what the user may do to learn about the whole one. */
export class PrivateField extends Component {
    static template = "property_tenant.PrivateField";
    static components = {CharField};
    static props = {...CharField.props};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        onWillStart(async () => {
            this.mayReveal = await user.hasGroup(PRIVATE_GROUP);
        });
    }

    get isKept() {
        return Boolean(this.props.record.resId && this.props.record.data[this.props.name]);
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    call(method, argument) {
        const {resModel, resId} = this.props.record;
        return this.orm.call(resModel, method, [[resId], argument, this.props.name]);
    }

    reveal() {
        this.dialog.add(RevealDialog, {
            title: _t("Reveal %(field)s", {field: this.label}),
            reveal: (purpose) => this.call("action_reveal", purpose),
        });
    }

    confirm() {
        this.dialog.add(ConfirmValueDialog, {
            title: _t("Check %(field)s", {field: this.label}),
            confirm: (value) => this.call("action_confirm", value),
        });
    }
}

export const privateField = {
    ...charField,
    component: PrivateField,
    displayName: _t("Private Value"),
};

registry.category("fields").add("property_private", privateField);
