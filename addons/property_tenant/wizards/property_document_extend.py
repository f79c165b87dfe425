from odoo import api, fields, models


class PropertyDocumentExtend(models.TransientModel):
    """Asks a manager until when a paper may be kept, and why."""

    _name = "property.document.extend"
    _description = "Give More Time for a Paper"

    loan_id = fields.Many2one("property.document.loan", required=True, ondelete="cascade")
    date_due = fields.Date(string="To Be Returned", required=True)
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        values["loan_id"] = self.env.context.get("active_id")
        return values

    def action_extend(self):
        """Give more time; the loan checks who may."""
        self.ensure_one()
        self.loan_id.action_extend(self.date_due, self.reason)
        return {"type": "ir.actions.act_window_close"}
