from odoo import models


class PropertyEstate(models.Model):
    _inherit = "property.estate"

    def _run_daily(self, today):
        """Chase papers and what was borrowed, after the occupancies have moved."""
        result = super()._run_daily(today)
        self.env["property.dossier.paper"]._run_daily(self, today)
        self.env["property.document.loan"]._run_daily(self, today)
        self.env["property.document"]._chase_contracts(self, today)
        return result
