from odoo import fields, models


class PropertyOccupancyStepSign(models.TransientModel):
    """Signs a step with a note, or says why it is not needed."""

    _name = "property.occupancy.step.sign"
    _description = "Sign a Step"

    step_id = fields.Many2one("property.occupancy.step", required=True, ondelete="cascade")
    instruction = fields.Text(related="step_id.instruction")
    state = fields.Selection(related="step_id.state")
    can_be_left = fields.Boolean(compute="_compute_can_be_left")
    note = fields.Text()

    def _compute_can_be_left(self):
        for wizard in self:
            step = wizard.step_id
            wizard.can_be_left = not (step.needed_for_keys or step.needed_to_finish)

    def action_done(self):
        """Sign; the step checks who may."""
        self.ensure_one()
        self.step_id.action_done(self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_not_needed(self):
        """Leave the step out, with the reason."""
        self.ensure_one()
        self.step_id.action_not_needed(self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_reopen(self):
        """Take the signature back."""
        self.ensure_one()
        self.step_id.action_reopen(self.note)
        return {"type": "ir.actions.act_window_close"}
