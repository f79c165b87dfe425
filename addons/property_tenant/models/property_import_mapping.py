from odoo import api, fields, models

from .property_import_options import DATE_ORDERS, DECIMAL_MARKS


class PropertyImportMapping(models.Model):
    """Which heading of a spreadsheet means which column, remembered from the
    last file with the same headings (in whatever order)."""

    _name = "property.import.mapping"
    _description = "Remembered Import Columns"
    _order = "kind, write_date desc"
    _rec_name = "headings"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Char(required=True, readonly=True)
    signature = fields.Char(required=True, readonly=True)
    headings = fields.Char(readonly=True)
    names = fields.Json(
        string="Columns", readonly=True, help="Column by heading; empty for one left out."
    )
    date_order = fields.Selection(DATE_ORDERS, readonly=True)
    decimal_mark = fields.Selection(DECIMAL_MARKS, readonly=True)

    _signature_uniq = models.Constraint(
        "UNIQUE (company_id, kind, signature)",
        "The columns of such a file are already remembered.",
    )

    @api.model
    def _find(self, company, kind, signature):
        return self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", kind),
                ("signature", "=", signature),
            ],
            limit=1,
        )

    @api.model
    def _remember(self, company, kind, signature, values):
        """Keep ``values`` (names, headings, date_order, decimal_mark) for files of this heading."""
        known = self._find(company, kind, signature)
        if not known:
            self.create({"company_id": company.id, "kind": kind, "signature": signature, **values})
        elif any(known[name] != value for name, value in values.items()):
            known.write(values)
