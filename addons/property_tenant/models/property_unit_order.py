from odoo import models


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    def _in_unit_order(self):
        """The units by estate, building, floor and code, archived ones too."""
        units = self.with_context(active_test=False).search([("id", "in", self.ids)])
        return units.with_env(self.env)
