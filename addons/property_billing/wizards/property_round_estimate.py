from odoo import api, fields, models


class PropertyRoundEstimate(models.TransientModel):
    """Estimate what a round could not read."""

    _name = "property.round.estimate"
    _description = "Estimate of Meters Not Read"

    round_id = fields.Many2one("property.reading.round", required=True, ondelete="cascade")
    missing_count = fields.Integer(compute="_compute_missing_count")
    reason = fields.Text(required=True)

    @api.depends("round_id")
    def _compute_missing_count(self):
        for wizard in self:
            wizard.missing_count = len(wizard.round_id._get_missing()) if wizard.round_id else 0

    def action_apply(self):
        """Estimate them; the round checks whether the person may."""
        self.ensure_one()
        self.round_id.action_estimate_missing(self.reason)
        return {"type": "ir.actions.act_window_close"}
