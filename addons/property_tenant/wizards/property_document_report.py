from odoo import api, fields, models


class PropertyDocumentReport(models.TransientModel):
    """Asks what happened to a paper that is out."""

    _name = "property.document.report"
    _description = "Report a Loss or Damage"

    loan_id = fields.Many2one("property.document.loan", required=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("lost", "Lost"),
            ("damaged", "Damaged"),
            ("leaked", "Seen by Somebody Who May Not"),
        ],
        required=True,
        default="lost",
    )
    description = fields.Text(string="What Happened", required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        values["loan_id"] = self.env.context.get("active_id")
        return values

    def action_report(self):
        """Open the incident; the loan checks who may."""
        self.ensure_one()
        self.loan_id.action_report(self.kind, self.description)
        return {"type": "ir.actions.act_window_close"}
