from odoo import api, fields, models
from odoo.fields import Command


class PropertyDocumentVoid(models.TransientModel):
    """Asks why a paper is made void."""

    _name = "property.document.void"
    _description = "Make a Paper Void"

    document_ids = fields.Many2many("property.document", string="Papers", required=True)
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        values["document_ids"] = [Command.set(self.env.context.get("active_ids") or [])]
        return values

    def action_void(self):
        """Make the papers void; they check who may."""
        self.ensure_one()
        self.document_ids.action_void(self.reason)
        return {"type": "ir.actions.act_window_close"}
