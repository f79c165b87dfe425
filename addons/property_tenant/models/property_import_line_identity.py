from odoo import api, models

from ..calc.masking import mask_identity


class PropertyImportLine(models.Model):
    """Rows that were listed show identity numbers masked. Only a bad row keeps its
    number, to be corrected and imported again."""

    _inherit = "property.import.line"

    @api.model_create_multi
    def create(self, vals_list):
        imports = self.env["property.import"].browse({vals["import_id"] for vals in vals_list})
        places = {record.id: record._identity_column() for record in imports}
        return super().create(
            [
                vals
                if vals.get("result") == "bad"
                else {**vals, "values": _masked(vals.get("values"), places[vals["import_id"]])}
                for vals in vals_list
            ]
        )

    @api.depends("values")
    def _compute_summary(self):
        for line in self:
            cells = _masked(line.values, line.import_id._identity_column()) or []
            line.summary = " · ".join(str(cell) for cell in cells if cell not in (None, ""))[:300]


def _masked(cells, place):
    """``cells`` of a row with the one at ``place`` (None: no such) masked."""
    if place is None or not cells or place >= len(cells) or cells[place] in (None, ""):
        return cells
    return [*cells[:place], mask_identity(str(cells[place])), *cells[place + 1 :]]
