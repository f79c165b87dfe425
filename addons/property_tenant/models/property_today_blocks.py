from odoo import api, models
from odoo.fields import Domain

from ..calc.today import Figure, Graph, Line
from .property_today_lines import DESK, HEADS, STEWARD, SUPERVISOR

COLLECTOR = "property_tenant.group_collector"


class PropertyToday(models.AbstractModel):
    """What customers ask for."""

    _inherit = "property.today"

    @api.model
    def _get_lines(self):
        return super()._get_lines() + self._get_customer_lines()

    @api.model
    def _get_customer_lines(self):
        return [
            Line(
                "visit_mine",
                self.env._("My visits today"),
                "property.visit",
                [
                    ("user_id", "=", self.env.uid),
                    ("state", "=", "planned"),
                    ("date_planned", "<", self._day_begins(1)),
                ],
                "property_tenant.property_visit_action",
                ",".join((STEWARD, DESK, COLLECTOR)),
                late=[("is_late", "=", True)],
                sequence=60,
                icon="comments-o",
            ),
            Line(
                "visit_promise",
                self.env._("Promises to customers that are due"),
                "property.visit.promise",
                [("state", "=", "open"), ("date_due", "<=", self._in_days(3))],
                "property_tenant.property_visit_promise_action",
                ",".join((SUPERVISOR, STEWARD, HEADS)),
                late=[("date_due", "<", self._today())],
                sequence=62,
                icon="handshake-o",
            ),
            Line(
                "sign_open",
                self.env._("Directory signs to order or to put up"),
                "property.sign.request",
                [("state", "in", ("requested", "ordered"))],
                "property_tenant.property_sign_request_action",
                DESK,
                late=[("date_wanted", "<", self._today())],
                sequence=64,
                icon="map-signs",
            ),
        ]

    # --- dashboard ------------------------------------------------------------

    @api.model
    def _get_figures(self):
        papers = self.env["property.dossier.paper"]
        required = Domain("required", "=", True)
        lacking = required & Domain("state", "in", ("overdue", "expired", "missing"))
        total, missing = papers.search_count(required), papers.search_count(lacking)
        return super()._get_figures() + [
            Figure(
                "dossier_complete",
                self.env._("Required Papers on File"),
                f"{100.0 * (total - missing) / total:.1f} %" if total else "–",
                self.env._("%s missing or expired", missing),
                "property_tenant.property_dossier_paper_action",
                list(lacking),
            )
        ]

    @api.model
    def _get_graphs(self):
        return super()._get_graphs() + [
            Graph(
                "paper_state",
                self.env._("Missing papers by kind"),
                "property.dossier.paper",
                [("required", "=", True), ("state", "in", ("overdue", "expired", "missing"))],
                ("type_id", "state"),
                "property_tenant.property_dossier_paper_action",
            )
        ]
