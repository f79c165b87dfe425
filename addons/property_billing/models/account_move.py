from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    estate_id = fields.Many2one(
        "property.estate", index="btree_not_null", check_company=True, copy=False
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

    def write(self, vals):
        if vals.get("state", "posted") != "posted":
            self._check_property_bill_stays()
        return super().write(vals)

    def _check_property_bill_stays(self):
        """A posted bill of a run goes back by credit note only, else its unit
        could be billed again, or never."""
        for move in self:
            if move.state == "posted" and move._is_property_bill():
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
            for line in move.invoice_line_ids.filtered("pm_charge_id"):
                # accountants post credit notes and have no right to write
                # charges; what happens to a charge follows from the note
                line.sudo()._take_back_charge()
