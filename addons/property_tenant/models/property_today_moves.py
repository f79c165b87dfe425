from odoo import api, models

from ..calc.today import Line
from .property_today_lines import DESK, SALES, STAFF


class PropertyToday(models.AbstractModel):
    """What move-ins and move-outs ask for: steps of the own department, dates, signatures."""

    _inherit = "property.today"

    @api.model
    def _get_lines(self):
        receiving = f"{SALES},{DESK}"
        return super()._get_lines() + [
            Line(
                "step_mine",
                self.env._("Steps that my department signs"),
                "property.occupancy.step",
                [
                    ("is_mine", "=", True),
                    ("occupancy_id.state", "in", ("moving_in", "notice", "clearing")),
                ],
                "property_tenant.property_occupancy_step_action",
                STAFF,
                sequence=11,
                icon="check-square-o",
            ),
            Line(
                "appointment_week",
                self.env._("Parties that come to move in until next week"),
                "property.occupancy.appointment",
                [
                    ("state", "in", ("offered", "agreed")),
                    ("date", "<", self._day_begins(8)),
                ],
                "property_tenant.property_occupancy_appointment_action",
                receiving,
                late=[("date", "<", self._day_begins())],
                sequence=9,
                icon="calendar",
                building="building_id",
            ),
        ]
