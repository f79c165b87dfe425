from odoo import models


class PropertyEstate(models.Model):
    """Every night the records are looked at for steps that they prove."""

    _inherit = "property.estate"

    def _run_daily(self, today):
        result = super()._run_daily(today)
        under_way = self.env["property.occupancy"].search(
            [
                ("estate_id", "=", self.id),
                ("step_ids.state", "=", "open"),
                ("state", "in", ("moving_in", "active", "notice", "clearing")),
            ]
        )
        under_way._stamp_proven_steps()
        return result
