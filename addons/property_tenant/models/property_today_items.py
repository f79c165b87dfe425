from odoo import api, models

from ..calc.today import Line
from .property_today_lines import DESK, ENGINEER, SECURITY, STEWARD


class PropertyToday(models.AbstractModel):
    """What the ledger of things lent asks for: overdue loans, counts, losses."""

    _inherit = "property.today"

    @api.model
    def _get_lines(self):
        lending = ",".join((DESK, SECURITY, ENGINEER, STEWARD))
        return super()._get_lines() + [
            Line(
                "item_overdue",
                self.env._("Things lent that should be back"),
                "property.item.loan",
                [("state", "=", "out"), ("date_due", "<=", self._today())],
                "property_tenant.property_item_loan_action",
                lending,
                late=[("is_overdue", "=", True)],
                sequence=20,
                icon="key",
            ),
            Line(
                "item_count",
                self.env._("Boxes to count"),
                "property.item.count",
                [("state", "in", ("draft", "counting"))],
                "property_tenant.property_item_count_action",
                lending,
                late=[("date", "<", self._today())],
                sequence=21,
                icon="list-ol",
            ),
            Line(
                "item_incident",
                self.env._("Losses and damage to decide on"),
                "property.item.incident",
                [("state", "in", ("draft", "reported"))],
                "property_tenant.property_item_incident_action",
                lending,
                sequence=22,
                icon="exclamation-triangle",
            ),
        ]
