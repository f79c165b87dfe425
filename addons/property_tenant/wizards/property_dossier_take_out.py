from odoo import api, fields, models


class PropertyDossierTakeOut(models.TransientModel):
    """Asks what a whole dossier is needed for, before it is made into a file."""

    _name = "property.dossier.take.out"
    _description = "Export a Dossier"

    occupancy_id = fields.Many2one(
        "property.occupancy", string="Dossier", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("pdf", "One PDF"), ("zip", "Zip with Index")], required=True, default="pdf"
    )
    purpose = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "property.occupancy":
            values["occupancy_id"] = self.env.context.get("active_id")
        return values

    def action_export(self):
        """Make the file; who may is checked there, and the export is logged."""
        self.ensure_one()
        return self.env["property.dossier.export"]._export(
            self.occupancy_id, self.kind, self.purpose
        )
