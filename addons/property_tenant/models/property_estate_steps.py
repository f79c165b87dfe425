from odoo import models
from odoo.fields import Domain


class PropertyEstate(models.Model):
    """Every night the records are looked at for steps that they prove, or no longer do."""

    _inherit = "property.estate"

    def _run_daily(self, today):
        result = super()._run_daily(today)
        running = Domain("step_ids", "!=", False) & Domain(
            "state", "in", ("reserved", "moving_in", "notice", "clearing")
        )
        late = Domain("step_ids.state", "=", "open") & Domain("state", "=", "active")
        under_way = self.env["property.occupancy"].search(
            Domain("estate_id", "=", self.id) & (running | late)
        )
        under_way._stamp_proven_steps()
        return result
