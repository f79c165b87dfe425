from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def export_data(self, fields_to_export):
        """Every export of a list is on record: who, when, how many rows of what."""
        result = super().export_data(fields_to_export)
        if self and not self.env.su:
            self.env["property.reveal.log"]._log_export(self, fields_to_export)
        return result
