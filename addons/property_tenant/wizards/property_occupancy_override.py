from odoo import api, fields, models


class PropertyOccupancyOverrideWizard(models.TransientModel):
    """Asks for the reason why an occupancy should become active although something is missing."""

    _name = "property.occupancy.override"
    _description = "Ask for an Override"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    missing = fields.Text(compute="_compute_missing", string="What Is Missing")
    reason = fields.Text(required=True)

    @api.depends("occupancy_id")
    def _compute_missing(self):
        for wizard in self:
            occupancy = wizard.occupancy_id
            missing = occupancy and occupancy._get_missing_for_activation()
            wizard.missing = "\n".join(f"{what} ({who})" for __, what, who in missing)

    def action_request(self):
        """Ask for the override; the occupancy checks who may."""
        self.ensure_one()
        self.occupancy_id.action_request_override(self.reason)
        return {"type": "ir.actions.act_window_close"}
