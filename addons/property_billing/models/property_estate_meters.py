from odoo import models


class PropertyEstate(models.Model):
    _inherit = "property.estate"

    def _run_daily(self, today):
        result = super()._run_daily(today)
        self.env["property.meter.balance"]._refresh_recent(self)
        return result
