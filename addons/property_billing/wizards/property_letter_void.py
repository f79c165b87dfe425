from odoo import fields, models


class PropertyLetterVoid(models.TransientModel):
    """Why letters are taken out of force."""

    _name = "property.letter.void"
    _description = "Void Letters"

    letter_ids = fields.Many2many("property.letter", string="Letters", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Take the letters out of force."""
        self.ensure_one()
        self.letter_ids.action_void(self.reason or "")
        return {"type": "ir.actions.act_window_close"}
