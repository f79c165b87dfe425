from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyReadingDecision(models.TransientModel):
    """What shall become of a reading: accepted, read again, estimated, corrected or
    reopened, with the reason that stays on record."""

    _name = "property.reading.decision"
    _description = "Decision on Readings"

    action = fields.Selection(
        [
            ("accept", "Accept as It Is"),
            ("reread", "Read Again"),
            ("estimate", "Estimate"),
            ("correct", "Correct"),
            ("reopen", "Reopen"),
        ],
        required=True,
        default="accept",
    )
    reading_ids = fields.Many2many(
        "property.meter.reading",
        string="Readings",
        required=True,
        default=lambda self: self._default_readings(),
    )
    reading_count = fields.Integer(compute="_compute_summary")
    finding_text = fields.Text(string="Findings", compute="_compute_summary")
    index_value = fields.Float(string="Index Now", digits=(16, 3), compute="_compute_summary")
    new_index = fields.Float(digits=(16, 3))
    reason = fields.Text()

    @api.model
    def _default_readings(self):
        """The readings from which the dialog was opened."""
        if self.env.context.get("active_model") != "property.meter.reading":
            return False
        return self.env["property.meter.reading"].browse(self.env.context.get("active_ids"))

    @api.depends("reading_ids")
    def _compute_summary(self):
        for decision in self:
            readings = decision.reading_ids
            decision.reading_count = len(readings)
            decision.index_value = readings.index_value if len(readings) == 1 else 0.0
            decision.finding_text = "\n".join(
                f"{reading.display_name}: {reading.finding_text}"
                for reading in readings[:20]
                if reading.finding_text
            )

    def action_apply(self):
        """Do it; the readings check whether the person may."""
        self.ensure_one()
        readings = self.reading_ids
        if self.action in ("reread", "correct") and len(readings) != 1:
            raise UserError(self.env._("Choose one reading to enter its new index."))
        if self.action == "accept":
            readings.action_accept(self.reason)
        elif self.action == "estimate":
            readings.action_estimate(self.reason)
        elif self.action == "reopen":
            readings.action_reopen(self.reason)
        elif self.action == "reread":
            readings.action_reread(self.new_index, self.reason)
        else:
            readings.action_correct(self.new_index, self.reason)
        return {"type": "ir.actions.act_window_close"}
