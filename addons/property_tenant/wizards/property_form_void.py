from odoo import fields, models


class PropertyFormVoid(models.TransientModel):
    """Asks why issued papers become void."""

    _name = "property.form.void"
    _description = "Void Papers"

    issue_ids = fields.Many2many("property.form.issue", string="Papers", required=True)
    reason = fields.Char(required=True)

    def action_void(self):
        """Void; the papers check who may."""
        self.ensure_one()
        self.issue_ids.action_void(self.reason)
        return {"type": "ir.actions.act_window_close"}
