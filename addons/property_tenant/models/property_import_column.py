from odoo import api, fields, models
from odoo.exceptions import UserError

from .property_import_options import IMPORTERS


class PropertyImportColumn(models.Model):
    """A column of the uploaded file and what it means."""

    _name = "property.import.column"
    _description = "Column of an Import File"
    _order = "import_id, index"
    _rec_name = "heading"

    import_id = fields.Many2one("property.import", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(related="import_id.kind")
    index = fields.Integer(string="Column Position", help="Position in the file, from 0.")
    heading = fields.Char(string="Column in the File")
    sample = fields.Char(string="First Values", groups=IMPORTERS)
    target_id = fields.Many2one(
        "property.import.target",
        string="Is Imported as",
        ondelete="set null",
        domain="[('kind', '=', kind)]",
        help="Empty: the column is left out.",
    )

    _index_uniq = models.Constraint(
        "UNIQUE (import_id, index)", "This column of the file is already listed."
    )

    @api.model_create_multi
    def create(self, vals_list):
        columns = super().create(vals_list)
        columns._check_draft()
        return columns

    def write(self, vals):
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _check_draft(self):
        """What was checked stays as it was checked; only the program may tidy up."""
        if self.env.su:
            return
        for record in self.import_id:
            if record.state != "draft":
                raise UserError(
                    self.env._(
                        "The import %(import)s has been checked. Press Change before you change"
                        " its columns.",
                        **{"import": record.display_name},
                    )
                )
