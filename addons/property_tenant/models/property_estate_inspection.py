from odoo import models


class PropertyEstate(models.Model):
    _inherit = "property.estate"

    def _run_daily(self, today):
        result = super()._run_daily(today)
        self.env["property.inspection.plan"]._generate_for(self, today)
        return result
