from odoo import models

from .property_import_kind_party_identity import NUMBER


class PropertyImport(models.Model):
    _inherit = "property.import"

    def _identity_column(self):
        """Place of the column of identity numbers in the file, or None."""
        self.ensure_one()
        column = self.column_ids.filtered(lambda column: column.target_id.name == NUMBER)[:1]
        return column.index if column else None
