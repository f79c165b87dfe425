from odoo import models


class PropertyEstate(models.Model):
    """The nightly look at the ledger of things lent."""

    _inherit = "property.estate"

    def _run_daily(self, today):
        result = super()._run_daily(today)
        self.env["property.item.loan"]._check_overdue(self, today)
        self.env["property.item.count"]._open_due(self, today)
        return result
