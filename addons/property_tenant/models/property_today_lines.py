from odoo import api, models
from odoo.fields import Domain

from ..calc.today import Figure, Graph, Line

STAFF = "property_tenant.group_user"
SALES = "property_tenant.group_sales"
DESK = "property_tenant.group_front_desk"
OFFICER = "property_tenant.group_officer"
SUPERVISOR = "property_tenant.group_supervisor"
STEWARD = "property_tenant.group_steward"
ENGINEER = "property_tenant.group_engineer"
SECURITY = "property_tenant.group_security"
ARCHIVIST = "property_tenant.group_archivist"
HEADS = "property_tenant.group_manager,property_tenant.group_general_manager"

#: days ahead of which a lease that ends is looked at, and a paper that expires
LEASE_DAYS = 90
PAPER_DAYS = 30


class PropertyToday(models.AbstractModel):
    """What the blocks of this addon ask for: approvals, to-dos, occupancies, papers, long work."""

    _inherit = "property.today"

    @api.model
    def _get_lines(self):
        return super()._get_lines() + [
            *self._get_personal_lines(),
            *self._get_occupancy_lines(),
            *self._get_paper_lines(),
        ]

    @api.model
    def _get_personal_lines(self):
        today = self._today()
        return [
            Line(
                "approval_waiting",
                self.env._("Approvals that wait for me"),
                "property.approval",
                [("waits_for_me", "=", True)],
                "property_tenant.property_approval_waiting_action",
                late=[("date_due", "<", today)],
                sequence=1,
                icon="gavel",
            ),
            Line(
                "approval_asked",
                self.env._("My requests that are not decided"),
                "property.approval",
                [
                    ("requested_by", "=", self.env.uid),
                    ("verdict", "=", "pending"),
                    ("is_turn", "=", True),
                ],
                "property_tenant.property_approval_action",
                late=[("date_due", "<", today)],
                section="watch",
                icon="hourglass-half",
            ),
            Line(
                "activity",
                self.env._("My to-dos"),
                "mail.activity",
                [
                    ("user_id", "=", self.env.uid),
                    ("date_deadline", "<=", today),
                    # approvals have a line of their own
                    ("pm_approval_id", "=", False),
                ],
                "mail.mail_activity_action_my",
                late=[("date_deadline", "<", today)],
                sequence=2,
                icon="clock-o",
            ),
            Line(
                "work_failed",
                self.env._("My long work that was not done"),
                "property.work",
                [
                    ("user_id", "=", self.env.uid),
                    ("state", "=", "failed"),
                    ("date_done", ">=", self._day_begins(-14)),
                ],
                "property_tenant.property_work_action",
                sequence=3,
                icon="exclamation-triangle",
            ),
            Line(
                "import_open",
                self.env._("My imports that are checked, but not imported"),
                "property.import",
                [("user_id", "=", self.env.uid), ("state", "in", ("checked", "stopped"))],
                "property_tenant.property_import_action",
                OFFICER,
                sequence=80,
                icon="upload",
            ),
        ]

    @api.model
    def _get_occupancy_lines(self):
        today, week = self._today(), self._in_days(7)
        action = "property_tenant.property_occupancy_action"
        receiving = ",".join((SALES, DESK, STEWARD, SECURITY, ENGINEER))
        return [
            Line(
                "occupancy_move_in",
                self.env._("Move-ins until next week"),
                "property.occupancy",
                [("state", "in", ("reserved", "moving_in")), ("date_start", "<=", week)],
                action,
                receiving,
                late=[("date_start", "<", today)],
                sequence=10,
                icon="sign-in",
                building="building_id",
            ),
            Line(
                "occupancy_move_out",
                self.env._("Move-outs until next week"),
                "property.occupancy",
                [("state", "in", ("notice", "clearing")), ("date_end", "<=", week)],
                action,
                receiving,
                late=[("date_end", "<", today)],
                sequence=12,
                icon="sign-out",
                building="building_id",
            ),
            Line(
                "lease_expiring",
                self.env._("Leases that end within %s days", LEASE_DAYS),
                "property.occupancy",
                [
                    ("kind", "=", "tenant"),
                    ("state", "=", "active"),
                    ("date_end", "<=", self._in_days(LEASE_DAYS)),
                ],
                "property_tenant.property_occupancy_expiring_action",
                ",".join((SALES, SUPERVISOR, "property_tenant.group_general_manager")),
                late=[("date_end", "<=", self._in_days(30))],
                section="soon",
                icon="calendar-times-o",
            ),
            Line(
                "unit_vacant",
                self.env._("Vacant units"),
                "property.unit",
                [("status", "=", "vacant"), ("usage", "!=", "common")],
                "property_tenant.property_unit_action",
                ",".join((SALES, STEWARD, HEADS)),
                section="watch",
                icon="building-o",
                building="building_id",
            ),
        ]

    @api.model
    def _get_paper_lines(self):
        return [
            Line(
                "identity_expiring",
                self.env._("Identity papers that expire within %s days", PAPER_DAYS),
                "res.partner.id_number",
                [("valid_until", "!=", False), ("valid_until", "<=", self._in_days(PAPER_DAYS))],
                "property_tenant.property_id_number_action",
                ",".join((OFFICER, ARCHIVIST)),
                late=[("valid_until", "<", self._today())],
                section="soon",
                icon="id-card-o",
            ),
        ]

    # --- dashboard ------------------------------------------------------------

    @api.model
    def _get_figures(self):
        units = self.env["property.unit"]
        lettable = Domain("usage", "!=", "common")
        counts = dict(units._read_group(lettable, ["status"], ["__count"]))
        total = sum(counts.values())
        vacant = counts.get("vacant", 0)
        taken = total - vacant - counts.get("reserved", 0)
        report = "property_tenant.property_unit_report_action"
        return super()._get_figures() + [
            Figure(
                "unit_occupied",
                self.env._("Occupied"),
                f"{100.0 * taken / total:.1f} %" if total else "–",
                self.env._("%(taken)s of %(total)s units", taken=taken, total=total),
                report,
                list(lettable),
            ),
            Figure(
                "unit_vacant",
                self.env._("Vacant Units"),
                str(vacant),
                action="property_tenant.property_unit_action",
                domain=list(lettable & Domain("status", "=", "vacant")),
            ),
        ]

    @api.model
    def _get_graphs(self):
        return super()._get_graphs() + [
            Graph(
                "unit_status",
                self.env._("Units by estate and status"),
                "property.unit",
                [("usage", "!=", "common")],
                ("estate_id", "status"),
                "property_tenant.property_unit_action",
            ),
            Graph(
                "lease_end",
                self.env._("Leases that end, by month"),
                "property.occupancy",
                [
                    ("kind", "=", "tenant"),
                    ("state", "in", ("active", "notice", "clearing")),
                    ("date_end", ">=", self._today()),
                    ("date_end", "<=", self._in_days(365)),
                ],
                ("date_end:month",),
                "property_tenant.property_occupancy_action",
            ),
        ]
