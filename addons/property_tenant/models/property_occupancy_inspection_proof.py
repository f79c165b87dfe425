from odoo import api, models


class PropertyOccupancy(models.Model):
    """The step of the inspection is done when all parties have signed it, for all units."""

    _inherit = "property.occupancy"

    @api.model
    def _get_step_proofs(self):
        return super()._get_step_proofs() | {
            "inspection": "_prove_inspection",
            "out_inspection": "_prove_out_inspection",
        }

    @api.model
    def _get_proof_openings(self):
        opening = "_open_lease_inspections"
        return super()._get_proof_openings() | {"inspection": opening, "out_inspection": opening}

    def _open_lease_inspections(self):
        action = self.action_view_inspections()
        action["domain"] = [("occupancy_id", "in", self._get_lease().ids)]
        return action

    def _prove_inspection(self):
        return self._get_unsigned_inspections("handover")

    def _prove_out_inspection(self):
        return self._get_unsigned_inspections("move_out")

    def _get_unsigned_inspections(self, kind):
        """{id: the units of the lease whose inspection is not signed yet}."""
        leases = {occupancy: occupancy._get_lease() for occupancy in self}
        every = self.browse().union(*leases.values())
        signed = every._get_signed_inspections(kind)
        missing = {}
        for occupancy, lease in leases.items():
            units = (lease - signed).unit_id.mapped("code")
            missing[occupancy.id] = units and self.env._(
                "no signed inspection of: %s", ", ".join(units)
            )
        return missing


class PropertyInspection(models.Model):
    _inherit = "property.inspection"

    def _after_signed(self):
        result = super()._after_signed()
        # the checklist stands on the leading occupancy; the day of the proof is the system's
        occupancies = self.occupancy_id.sudo()
        (occupancies | occupancies.lead_id)._stamp_proven_steps()
        return result
