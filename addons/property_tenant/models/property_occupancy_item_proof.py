from odoo import api, models
from odoo.tools import format_list

#: what opens the doors
KEYS = ("key", "card")
#: a loan in one of these has been handed out
HANDED_OUT = ("out", "returned", "lost")


class PropertyOccupancy(models.Model):
    """Keys are handed out and returned when their slips say so.

    Where nothing of the unit is in the box, or nothing was ever lent, the
    records know nothing, and the department signs that it has looked.
    """

    _inherit = "property.occupancy"

    @api.model
    def _get_step_proofs(self):
        return super()._get_step_proofs() | {"keys": "_prove_keys", "returned": "_prove_returned"}

    @api.model
    def _get_unsure_proofs(self):
        return super()._get_unsure_proofs() | {"keys", "returned"}

    @api.model
    def _get_proof_openings(self):
        return super()._get_proof_openings() | {
            "keys": "_open_lease_loans",
            "returned": "_open_lease_loans",
        }

    def _open_lease_loans(self):
        return self._get_lease().action_view_item_loans() | {"context": {}}

    def _prove_keys(self):
        """Of each unit with keys or cards in the box some are handed out, and signed for."""
        leases = {occupancy: occupancy._get_lease() for occupancy in self}
        every = self.browse().union(*leases.values())
        kept = {
            unit
            for (unit,) in self.env["property.item"]._read_group(
                [
                    ("unit_id", "in", every.unit_id.ids),
                    ("category", "in", KEYS),
                    ("kind_id.lend_occupant", "=", True),
                ],
                ["unit_id"],
            )
        }
        loans = every._get_handed_out([("category", "in", KEYS)])
        unsigned = loans.slip_id._filter_unsigned()
        # of all at once, not slip by slip
        numbers = {slip: slip.number for slip in unsigned}
        by_occupancy, none = loans.grouped("occupancy_id"), loans.browse()
        missing = {}
        for occupancy, lease in leases.items():
            slips = none.union(*(by_occupancy.get(unit, none) for unit in lease)).slip_id
            waiting = [
                unit.unit_id.code
                for unit in lease
                if unit.unit_id in kept and unit not in by_occupancy
            ]
            parts = []
            if waiting:
                parts.append(self.env._("not handed out: %s", format_list(self.env, waiting)))
            if names := [numbers[slip] for slip in slips if slip in numbers]:
                parts.append(self.env._("not signed for: %s", format_list(self.env, names)))
            known = slips or any(unit.unit_id in kept for unit in lease)
            missing[occupancy.id] = "; ".join(parts) if known else None
        return missing

    def _prove_returned(self):
        """All that was lent is back, or what becomes of it is decided."""
        leases = {occupancy: occupancy._get_lease() for occupancy in self}
        loans = self.browse().union(*leases.values())._get_handed_out([])
        reports = self.env["property.item.incident"].search_fetch(
            [("loan_id", "in", loans.ids), ("state", "=", "reported")], ["loan_id", "number"]
        )
        # of all at once, not thing by thing
        names_out = {
            item: item.display_name
            for item in loans.filtered(lambda loan: loan.state == "out").item_id
        }
        by_occupancy, none = loans.grouped("occupancy_id"), loans.browse()
        missing = {}
        for occupancy, lease in leases.items():
            own = none.union(*(by_occupancy.get(unit, none) for unit in lease))
            parts = []
            if out := own.filtered(lambda loan: loan.state == "out"):
                names = format_list(self.env, [names_out[item] for item in out.item_id])
                parts.append(self.env._("not given back: %s", names))
            if undecided := reports.filtered(lambda report, own=own: report.loan_id in own):
                names = format_list(self.env, undecided.mapped("number"))
                parts.append(self.env._("lost or damaged, without a remedy: %s", names))
            missing[occupancy.id] = "; ".join(parts) if own else None
        return missing

    def _get_handed_out(self, domain):
        return self.env["property.item.loan"].search_fetch(
            [("occupancy_id", "in", self.ids), ("state", "in", HANDED_OUT), *domain],
            ["occupancy_id", "slip_id", "item_id", "state"],
        )

    def _stamp_checklists(self):
        """Look at the checklists that stand on the records or on those that lead them."""
        # the day of a proof is the system's
        occupancies = self.sudo()
        (occupancies | occupancies.lead_id)._stamp_proven_steps()


class PropertyItemSlip(models.Model):
    _inherit = "property.item.slip"

    def _filter_unsigned(self):
        """Slips that the holder has not signed."""
        signed = self._signature_rows().filtered(lambda row: row.role == "holder")
        return self - self.browse(signed.mapped("res_id"))

    def _signature_given(self, role):
        result = super()._signature_given(role)
        self.occupancy_id._stamp_checklists()
        return result

    def _close_if_complete(self):
        result = super()._close_if_complete()
        self.occupancy_id._stamp_checklists()
        return result

    def _reopen(self):
        result = super()._reopen()
        self.occupancy_id._stamp_checklists()
        return result


class PropertyItemIncident(models.Model):
    _inherit = "property.item.incident"

    def _decide(self):
        result = super()._decide()
        self.occupancy_id._stamp_checklists()
        return result
