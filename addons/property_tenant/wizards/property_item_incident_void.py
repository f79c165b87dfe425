from odoo import fields, models


class PropertyItemIncidentVoid(models.TransientModel):
    """Asks why a report of loss or damage is withdrawn."""

    _name = "property.item.incident.void"
    _description = "Withdraw a Report"

    incident_id = fields.Many2one(
        "property.item.incident", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Text(required=True)

    def action_void(self):
        """Withdraw the report; the report checks who may."""
        self.ensure_one()
        self.incident_id.action_void(self.reason)
        return {"type": "ir.actions.act_window_close"}
