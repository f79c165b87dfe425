from odoo import api, fields, models
from odoo.fields import Command


class PropertyOccupancyOverrideWizard(models.TransientModel):
    """Asks for the reason why an occupancy should go on although something is missing."""

    _name = "property.occupancy.override"
    _description = "Ask for an Override"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    line_ids = fields.One2many(
        "property.occupancy.override.line",
        "window_id",
        string="What Is Missing",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Text(required=True)

    @api.depends("occupancy_id")
    def _compute_line_ids(self):
        for wizard in self:
            occupancy = wizard.occupancy_id
            missing = occupancy._get_missing_for_override() if occupancy else []
            wizard.line_ids = [Command.clear()] + [
                Command.create({"code": code, "what": what, "who": who})
                for code, what, who in missing
            ]

    def action_request(self):
        """Ask for the override of what is ticked; the occupancy checks who may."""
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        self.occupancy_id.action_request_override(self.reason, chosen.mapped("code"))
        return {"type": "ir.actions.act_window_close"}
