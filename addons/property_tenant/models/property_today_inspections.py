from odoo import api, models

from ..calc.today import Line
from .property_today_lines import DESK, ENGINEER, SECURITY, STEWARD, SUPERVISOR

INSPECTORS = f"{ENGINEER},{DESK},{STEWARD},{SECURITY}"
ENGINEERING_SUPERVISOR = "property_tenant.group_engineering_supervisor"
LEADERS = f"{SUPERVISOR},{ENGINEERING_SUPERVISOR}"


class PropertyToday(models.AbstractModel):
    """What inspections ask for: those of today, signatures, defects to look at."""

    _inherit = "property.today"

    @api.model
    def _get_lines(self):
        return super()._get_lines() + [
            *self._get_inspection_lines(),
            *self._get_defect_lines(),
        ]

    @api.model
    def _get_inspection_lines(self):
        mine = ["|", ("user_id", "=", self.env.uid), ("user_id", "=", False)]
        return [
            Line(
                "inspection_today",
                self.env._("Inspections for today"),
                "property.inspection",
                [
                    *mine,
                    ("state", "in", ("planned", "in_progress")),
                    ("date", "<=", self._today()),
                ],
                "property_tenant.property_inspection_today_action",
                INSPECTORS,
                late=[("is_late", "=", True)],
                sequence=5,
                icon="check-square-o",
                building="building_id",
            ),
            Line(
                "inspection_to_sign",
                self.env._("Inspections to be signed"),
                "property.inspection",
                [*mine, ("state", "=", "done"), ("template_id.signer_ids.is_required", "=", True)],
                "property_tenant.property_inspection_action",
                INSPECTORS,
                sequence=6,
                icon="pencil",
                building="building_id",
            ),
            Line(
                "inspection_late",
                self.env._("Inspections that were missed"),
                "property.inspection",
                [("is_late", "=", True)],
                "property_tenant.property_inspection_action",
                LEADERS,
                section="watch",
                icon="clock-o",
                building="building_id",
            ),
            Line(
                "vacancy_check",
                self.env._("Lists of vacant units to compare"),
                "property.vacancy.check",
                [("state", "=", "asked")],
                "property_tenant.property_vacancy_check_action",
                LEADERS,
                section="watch",
                icon="list",
            ),
            Line(
                "vacancy_compare",
                self.env._("Lists of vacant units for my department to compare"),
                "property.vacancy.check",
                [("id", "in", self.env["property.vacancy.check"]._get_waiting_for_me().ids)],
                "property_tenant.property_vacancy_check_action",
                "",
                sequence=20,
                icon="list",
            ),
            Line(
                "vacancy_difference",
                self.env._("Differences about vacant units"),
                "property.vacancy.difference",
                [("state", "=", "open")],
                "property_tenant.property_vacancy_difference_action",
                LEADERS,
                sequence=21,
                icon="exchange",
            ),
        ]

    @api.model
    def _get_defect_lines(self):
        return [
            Line(
                "defect_check",
                self.env._("Defects that I found, to look at again"),
                "property.defect",
                [("state", "=", "mended"), ("found_by_id", "=", self.env.uid)],
                "property_tenant.property_defect_check_action",
                INSPECTORS,
                sequence=7,
                icon="eye",
                building="building_id",
            ),
            Line(
                "defect_mend",
                self.env._("Defects for Engineering to mend"),
                "property.defect",
                [("responsible", "=", "engineering"), ("state", "in", ("open", "in_progress"))],
                "property_tenant.property_defect_action",
                ENGINEER,
                late=[("is_late", "=", True)],
                sequence=8,
                icon="wrench",
                building="building_id",
            ),
        ]
