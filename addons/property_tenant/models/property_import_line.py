from odoo import api, fields, models

from .property_import_options import IMPORTERS


class PropertyImportLine(models.Model):
    """What became, or would become, of a row of the file.

    Bad rows are always listed; in a small file the good ones are, too.
    """

    _name = "property.import.line"
    _description = "Row of an Import"
    _order = "import_id, number"
    _rec_name = "number"

    import_id = fields.Many2one("property.import", required=True, index=True, ondelete="cascade")
    batch_id = fields.Many2one(
        "property.import.batch", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(
        string="Row", aggregator=None, help="Number of the row as the spreadsheet shows it."
    )
    result = fields.Selection(
        [
            ("bad", "Bad"),
            ("created", "New"),
            ("updated", "Changed"),
            ("unchanged", "Unchanged"),
        ],
        required=True,
    )
    reason = fields.Text()
    values = fields.Json(
        prefetch=False, groups=IMPORTERS, help="Cells of the row, in the order of the file."
    )
    summary = fields.Char(string="Row in the File", compute="_compute_summary", groups=IMPORTERS)
    res_id = fields.Integer(string="Record")

    @api.depends("values")
    def _compute_summary(self):
        for line in self:
            cells = [str(cell) for cell in line.values or [] if cell not in (None, "")]
            line.summary = " · ".join(cells)[:300]

    def action_open_record(self):
        """Open the record that the row created or changed."""
        self.ensure_one()
        self.check_access("read")
        model = self.import_id._get_kind()._kind_model
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
