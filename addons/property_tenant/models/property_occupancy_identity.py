from odoo import models
from odoo.exceptions import UserError

IDENTITY_PAPER = "identity_paper"


class PropertyOccupancy(models.Model):
    """Whoever moves in has shown an identity paper that is kept and still valid.

    Asked for when a handover is completed; an occupancy that is entered as
    active, as from an import, was handed over long ago.
    """

    _inherit = "property.occupancy"

    def _get_missing_for_activation(self):
        missing = super()._get_missing_for_activation()
        if self.state == "moving_in" and self._lacks_identity_paper():
            missing.append(
                (
                    IDENTITY_PAPER,
                    self.env._(
                        "a valid identity paper of %(party)s", party=self.partner_id.display_name
                    ),
                    self.env._("Customer Service, from the party"),
                )
            )
        return missing

    def write(self, vals):
        if vals.get("state") == "active":
            self._check_identity_paper()
        return super().write(vals)

    def _check_identity_paper(self):
        """Refuse to complete a handover without a paper that no override covers."""
        for occupancy in self.filtered(lambda occupancy: occupancy.state == "moving_in"):
            if occupancy._lacks_identity_paper() and not occupancy._is_identity_overridden():
                raise UserError(
                    self.env._(
                        "%(occupancy)s cannot become active: no valid identity paper of %(party)s"
                        " is kept. Enter it under Identity Papers of the party, or let a manager"
                        " override it with a reason.",
                        occupancy=occupancy.display_name,
                        party=occupancy.partner_id.display_name,
                    )
                )

    def _lacks_identity_paper(self):
        self.ensure_one()
        if not self.company_id.pm_require_identity:
            return False
        today = self.estate_id._today()
        # whether there is one is for everybody who works on the occupancy; nothing of it is shown
        papers = self.sudo().partner_id.id_numbers
        return not any(paper._is_valid(today) for paper in papers)

    def _is_identity_overridden(self):
        self.ensure_one()
        return (
            IDENTITY_PAPER in (self.override_missing or [])
            and self._approval_gate_state("override") == "approved"
        )
