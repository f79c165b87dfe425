from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyBalanceCompute(models.TransientModel):
    """Compare the meters of some months anew."""

    _name = "property.balance.compute"
    _description = "Computation of Meter Balances"

    estate_ids = fields.Many2many(
        "property.estate",
        string="Estates",
        required=True,
        default=lambda self: self.env["property.estate"].search([]),
    )
    date_from = fields.Date(
        string="From Month", required=True, default=lambda self: self._default_month()
    )
    date_to = fields.Date(string="To Month", required=True, default=fields.Date.context_today)

    @api.model
    def _default_month(self):
        return fields.Date.context_today(self) - relativedelta(months=1, day=1)

    def action_compute(self):
        """Compute, and open the result."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(
                self.env._(
                    "%(end)s is before %(start)s. Choose a later last month.",
                    end=self.date_to,
                    start=self.date_from,
                )
            )
        Balance = self.env["property.meter.balance"]
        Balance.check_access("read")
        self.estate_ids.check_access("read")
        rows = Balance
        for estate in self.estate_ids:
            # The figures follow from readings that the person may read; nobody writes
            # balances by hand, so nobody has the right to.
            rows |= Balance.sudo()._compute_for(estate, self.date_from, self.date_to)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_balance_action"
        )
        action["domain"] = [("id", "in", rows.ids)]
        action["context"] = {}
        return action
