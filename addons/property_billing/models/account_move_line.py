from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: what a posted line says about money and whose it is
FROZEN = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "debit",
    "discount",
    "move_id",
    "pm_charge_id",
    "price_unit",
    "product_id",
    "quantity",
    "tax_ids",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    pm_charge_id = fields.Many2one(
        "property.charge",
        string="Charge",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The charge that the line bills, or takes back on a credit note.",
    )

    @api.constrains("pm_charge_id")
    def _check_charge(self):
        """A run bills charges, a credit note takes back those of its bill; nobody else."""
        for line in self.filtered("pm_charge_id"):
            charge, move = line.pm_charge_id, line.move_id
            bill = move.reversed_entry_id
            billing = not charge.move_line_id and move.pm_run_id and move.pm_run_id == charge.run_id
            taking_back = bill and bill == charge.move_id
            if not billing and not taking_back and charge.move_line_id != line:
                raise ValidationError(
                    self.env._(
                        "Only a billing run bills %(charge)s. Reverse its bill without making a new"
                        " one: what is taken back is billed again by the next run.",
                        charge=charge.display_name,
                    )
                )

    def write(self, vals):
        if (
            "pm_charge_id" in vals
            and not self.env.su
            and any(line.pm_charge_id.id != (vals["pm_charge_id"] or False) for line in self)
        ):
            raise UserError(
                self.env._(
                    "Which charge a line bills or takes back stays as it is. Delete the draft and"
                    " make another from the bill."
                )
            )
        if FROZEN & vals.keys():
            for line in self:
                if (
                    line.parent_state == "posted"
                    and line.pm_charge_id
                    and any(
                        self.env["account.move"]._field_will_change(line, vals, name)
                        for name in FROZEN & vals.keys()
                    )
                ):
                    raise UserError(
                        self.env._(
                            "The line %(line)s of %(bill)s was posted by the billing run and stays"
                            " as it is. Add a credit note to take it back.",
                            line=line.name,
                            bill=line.move_id.name,
                        )
                    )
        return super().write(vals)

    def copy_data(self, default=None):
        """A credit note remembers which charge each line takes back."""
        data = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            for line, vals in zip(self, data, strict=True):
                if line.move_id.pm_run_id and line.pm_charge_id:
                    vals["pm_charge_id"] = line.pm_charge_id.id
        return data

    def action_explain_charge(self):
        """Open the explanation of the charge that the line bills."""
        self.ensure_one()
        if not self.pm_charge_id:
            raise UserError(
                self.env._(
                    "The line %(line)s bills no charge, so there is nothing to explain.",
                    line=self.display_name,
                )
            )
        return self.pm_charge_id.action_explain()

    def _check_takes_back(self):
        """A credit note of a run's bill takes back its charges and nothing else, or the
        bill would be settled and its charges would still be in force."""
        self.ensure_one()
        bill = self.move_id.reversed_entry_id
        # whose charge it is is asked for all who may post
        if self.price_subtotal and self.sudo().pm_charge_id.move_id != bill:
            raise UserError(
                self.env._(
                    "The line %(line)s of %(credit)s takes back no line of the bill %(bill)s."
                    " Remove it, or add a credit note of its own for it.",
                    line=self.name or self.product_id.display_name,
                    credit=self.move_id.display_name,
                    bill=bill.name,
                )
            )

    def _take_back_charge(self):
        """The posted credit note line takes back its charge, wholly or in part."""
        self.ensure_one()
        charge = self.pm_charge_id
        if not charge:
            return
        currency = charge.currency_id
        credited = currency.round(self.quantity * self.price_unit * (1 - self.discount / 100.0))
        earlier = charge.correction_ids.filtered(
            lambda correction: correction.state == "billed" and correction.move_id.reversed_entry_id
        )
        left = charge.amount + sum(earlier.mapped("amount"))
        if charge.state != "billed" or currency.compare_amounts(credited, left) > 0:
            raise UserError(
                self.env._(
                    "%(credit)s would take back more of %(charge)s than is left of it"
                    " (%(left)s). Reduce the line, or remove it.",
                    credit=self.move_id.display_name,
                    charge=charge.display_name,
                    left=currency.format(max(left, 0.0) if charge.state == "billed" else 0.0),
                )
            )
        if not credited:
            return
        if not earlier and not currency.compare_amounts(credited, charge.amount):
            charge._void(
                self.env._("Taken back by %(credit)s", credit=self.move_id.name), self.move_id
            )
            return
        self.env["property.charge"].create(
            {
                "kind": "correction",
                "state": "billed",
                "correction_of_id": charge.id,
                "correction_revision": charge._get_next_revision(),
                "fee_rule_id": charge.fee_rule_id.id,
                "product_id": charge.product_id.id,
                "unit_id": charge.unit_id.id,
                "occupancy_id": charge.occupancy_id.id,
                "partner_id": charge.partner_id.id,
                "period_start": charge.period_start,
                "period_end": charge.period_end,
                "amount": -credited,
                "description": self.name,
                "move_line_id": self.id,
            }
        )
