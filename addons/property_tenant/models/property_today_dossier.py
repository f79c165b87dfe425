from odoo import api, models

from ..calc.today import Line

ARCHIVIST = "property_tenant.group_archivist"
OFFICER = "property_tenant.group_officer"
SUPERVISOR = "property_tenant.group_supervisor"
STEWARD = "property_tenant.group_steward"
KEEPERS = f"{ARCHIVIST},{OFFICER}"


class PropertyToday(models.AbstractModel):
    """What dossiers ask for: papers to chase, papers that are out, incidents."""

    _inherit = "property.today"

    @api.model
    def _get_lines(self):
        return super()._get_lines() + [
            *self._get_dossier_lines(),
            *self._get_dossier_loan_lines(),
        ]

    @api.model
    def _get_dossier_lines(self):
        today = self._today()
        papers = "property_tenant.property_dossier_paper_action"
        return [
            Line(
                "paper_chase",
                self.env._("Papers to chase"),
                "property.dossier.paper",
                [("state", "in", ("overdue", "expired"))],
                papers,
                KEEPERS,
                late=[("state", "=", "overdue")],
                sequence=30,
                icon="folder-open-o",
            ),
            Line(
                "paper_missing",
                self.env._("Papers that dossiers lack"),
                "property.dossier.paper",
                [("state", "=", "missing"), ("occupancy_id.state", "!=", "reserved")],
                papers,
                KEEPERS,
                section="soon",
                icon="folder-o",
            ),
            Line(
                "paper_expiring",
                self.env._("Papers that expire soon"),
                "property.dossier.paper",
                [("state", "=", "expiring")],
                papers,
                KEEPERS,
                section="soon",
                icon="folder-open-o",
            ),
            Line(
                "contract_expiring",
                self.env._("Contracts with contractors that expire"),
                "property.document",
                [
                    ("category", "=", "contractor"),
                    ("state", "=", "filed"),
                    ("date_expiry", "<=", self._in_days(30)),
                ],
                "property_tenant.property_document_estate_action",
                f"{ARCHIVIST},{STEWARD}",
                late=[("date_expiry", "<", today)],
                section="soon",
                icon="file-text-o",
            ),
        ]

    @api.model
    def _get_dossier_loan_lines(self):
        today = self._today()
        loans = "property_tenant.property_document_loan_action"
        return [
            Line(
                "paper_hand_out",
                self.env._("Papers to hand out or to count"),
                "property.document.loan",
                [("state", "in", ("ready", "checking"))],
                loans,
                ARCHIVIST,
                sequence=31,
                icon="share-square-o",
            ),
            Line(
                "paper_overdue",
                self.env._("Papers that should be back"),
                "property.document.loan",
                [("state", "=", "out"), ("date_due", "<=", today)],
                loans,
                KEEPERS,
                late=[("date_due", "<", today)],
                sequence=32,
                icon="clock-o",
            ),
            Line(
                "paper_mine",
                self.env._("Papers that I hold"),
                "property.document.loan",
                [("is_held", "=", True), ("borrower_id", "=", self.env.uid)],
                loans,
                late=[("state", "=", "out"), ("date_due", "<", today)],
                sequence=33,
                icon="file-text-o",
            ),
            Line(
                "paper_incident",
                self.env._("Incidents with papers"),
                "property.document.incident",
                [("state", "!=", "closed")],
                "property_tenant.property_document_incident_action",
                f"{ARCHIVIST},{SUPERVISOR}",
                section="soon",
                icon="exclamation-triangle",
            ),
        ]
