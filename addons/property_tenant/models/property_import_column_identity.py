from odoo import api, models

from .property_import_kind_party_identity import NUMBER


class PropertyImportColumn(models.Model):
    """The first values of a column of numbers are not kept beside its heading."""

    _inherit = "property.import.column"

    @api.model_create_multi
    def create(self, vals_list):
        columns = super().create(vals_list)
        columns._forget_numbers()
        return columns

    def write(self, vals):
        result = super().write(vals)
        if {"target_id", "sample"} & vals.keys():
            self._forget_numbers()
        return result

    def _forget_numbers(self):
        for column in self:
            if column.kind == "party" and column.target_id.name == NUMBER and column.sample:
                column.sample = False
