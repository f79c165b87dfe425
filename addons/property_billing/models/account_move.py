from odoo import api, fields, models
from odoo.exceptions import UserError

#: written by the billing run only
OF_RUN = {"pm_run_id", "pm_batch_id"}

#: what a posted bill, and the credit note that takes it back, are known by
IDENTITY = {"estate_id", "partner_id", "reversed_entry_id"}


class AccountMove(models.Model):
    _inherit = "account.move"

    estate_id = fields.Many2one(
        "property.estate",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
    pm_run_id = fields.Many2one(
        "property.billing.run",
        string="Billing Run",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    pm_batch_id = fields.Many2one(
        "property.billing.batch", ondelete="set null", copy=False, readonly=True
    )
    pm_charge_ids = fields.One2many("property.charge", "move_id", string="Charges")

    pm_charge_count = fields.Integer(compute="_compute_pm_charge_count")

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        # whoever has no rights in accounting reads bills on a form of ours: that of
        # accounting asks for payments and reconciliations, too
        if not view_id and view_type == "form":
            accounting = ("account.group_account_invoice", "account.group_account_readonly")
            if not any(map(self.env.user.has_group, accounting)):
                view_id = self.env.ref("property_billing.account_move_bill_view_form").id
        return super().get_view(view_id, view_type, **options)

    def _compute_pm_charge_count(self):
        counts = {}
        if self.env["property.charge"].has_access("read"):
            counts = dict(
                self.env["property.charge"]._read_group(
                    [("move_id", "in", self.ids)], ["move_id"], ["__count"]
                )
            )
        for move in self:
            move.pm_charge_count = counts.get(move, 0)

    def action_view_pm_charges(self):
        """Open the charges the bills are made of, each with its explanation."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_charge_action"
        )
        action["domain"] = [("move_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _get_bill_action(self):
        """Action that opens the bill: for accountants in the form of the accounts,
        for others in one that asks for no rights on the accounts."""
        self.ensure_one()
        if self.env.user.has_group("account.group_account_readonly"):
            view = self.env.ref("account.view_move_form")
        else:
            view = self.env.ref("property_billing.account_move_bill_view_form")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
        }

    def action_open_bill(self):
        """Open the bill."""
        return self._get_bill_action()

    def _is_property_bill(self):
        """Bills of a run and the credit notes that take them back."""
        return bool(self.pm_run_id or self.reversed_entry_id.pm_run_id)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in OF_RUN):
            self._refuse_run_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and self._will_change(vals, OF_RUN):
            self._refuse_run_by_hand()
        if vals.get("state", "posted") != "posted":
            self._check_property_bill_stays()
        self._will_change(vals, IDENTITY)._check_origin_stays()
        return super().write(vals)

    def _will_change(self, vals, names):
        """Those of the moves of which ``vals`` change one of the fields ``names``."""
        names = names & vals.keys()
        return self.filtered(
            lambda move: any(move._field_will_change(move, vals, name) for name in names)
        )

    def _refuse_run_by_hand(self):
        raise UserError(
            self.env._("Only a billing run says which bills are its own. Post the run instead.")
        )

    def _check_origin_stays(self):
        """Whose bill it is, and which bill a credit note takes back: also before it is
        posted, for what it frees follows from it."""
        self.filtered("reversed_entry_id.pm_run_id")._raise_bill_stays()
        self._check_property_bill_stays()

    def _check_property_bill_stays(self):
        """A posted bill of a run goes back by credit note only, else its unit
        could be billed again, or never."""
        self.filtered(
            lambda move: move.state == "posted" and move._is_property_bill()
        )._raise_bill_stays()

    def _raise_bill_stays(self):
        for move in self:
            if move.state != "posted":
                raise UserError(
                    self.env._(
                        "The credit note takes back the bill %(bill)s, for its payer. Delete the"
                        " draft and add another from the bill it is to take back.",
                        bill=move.reversed_entry_id.name,
                    )
                )
            raise UserError(
                self.env._(
                    "The bill %(bill)s was posted by the billing run and stays as it is."
                    " Add a credit note to take it back.",
                    bill=move.name,
                )
            )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if not default_values_list:
            default_values_list = [{} for _move in self]
        for move, values in zip(self, default_values_list, strict=True):
            if move.estate_id:
                values.setdefault("estate_id", move.estate_id.id)
        return super()._reverse_moves(default_values_list, cancel=cancel)

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        credits_ = posted.filtered(
            lambda move: move.move_type == "out_refund" and move.reversed_entry_id.pm_run_id
        )
        credits_._take_back_charges()
        return posted

    def _take_back_charges(self):
        """Free the charges a credit note takes back in full, correct the others."""
        for move in self:
            lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            for line in lines:
                line._check_takes_back()
                # accountants post credit notes and have no right to write
                # charges; what happens to a charge follows from the note
                line.sudo()._take_back_charge()
