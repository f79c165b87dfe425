from odoo import api, models
from odoo.tools import format_list, formatLang

SETTLED = ("paid", "in_payment", "reversed")


class PropertyOccupancy(models.Model):
    """What a party has paid, as the accounts know it: nobody types it into the checklist."""

    _inherit = "property.occupancy"

    @api.model
    def _get_step_proofs(self):
        return super()._get_step_proofs() | {"fees": "_prove_fees", "settled": "_prove_settled"}

    @api.model
    def _get_proof_openings(self):
        return super()._get_proof_openings() | {
            "fees": "_open_lease_charges",
            "settled": "_open_lease_charges",
        }

    def _open_lease_charges(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_charge_action"
        )
        action["domain"] = [
            ("occupancy_id", "in", self._get_lease().ids),
            ("state", "!=", "void"),
        ]
        action["context"] = {}
        return action

    def _prove_fees(self):
        """The first fees were billed, and the bills are paid."""
        nothing = self.env._("no fee has been billed yet")
        settled = self._get_settled_dates("fees")
        missing = {}
        for occupancy, charges in self._get_lease_charges().items():
            if until := settled.get(occupancy.id):
                # what is billed for later periods is not among the first fees
                day = occupancy.estate_id._local_date(until)
                charges = charges.filtered(
                    lambda charge, day=day: not charge.period_start or charge.period_start <= day
                )
            missing[occupancy.id] = occupancy._get_unpaid_text(charges) if charges else nothing
        return missing

    def _prove_settled(self):
        """Nothing of the lease is left to be billed or paid."""
        return {
            occupancy.id: occupancy._get_unpaid_text(charges)
            for occupancy, charges in self._get_lease_charges().items()
        }

    def _get_lease_charges(self):
        """{occupancy with the checklist: live charges of all units of its lease}."""
        leases = {occupancy: occupancy._get_lease() for occupancy in self}
        every = self.browse().union(*leases.values())
        charges = self.env["property.charge"].search_fetch(
            [("occupancy_id", "in", every.ids), ("state", "!=", "void")],
            ["occupancy_id", "state", "move_id", "product_id", "period_start"],
        )
        by_occupancy = charges.grouped("occupancy_id")
        none = charges.browse()
        return {
            occupancy: none.union(*(by_occupancy.get(unit, none) for unit in lease))
            for occupancy, lease in leases.items()
        }

    def _get_unpaid_text(self, charges):
        """What of ``charges`` is not billed or not paid, in words; "" when all is settled."""
        self.ensure_one()
        parts = []
        waiting = charges.filtered(lambda charge: charge.state in ("draft", "ready"))
        if waiting:
            names = list(dict.fromkeys(waiting.product_id.mapped("name")))
            parts.append(self.env._("not billed yet: %s", format_list(self.env, names)))
        bills = charges.move_id
        drafts = bills.filtered(lambda bill: bill.state == "draft")
        if drafts:
            parts.append(self.env._("bills not posted yet: %s", len(drafts)))
        unpaid = bills.filtered(
            lambda bill: (
                bill.state == "posted"
                and bill.move_type == "out_invoice"
                and bill.payment_state not in SETTLED
            )
        )
        for bill in unpaid[:3]:
            parts.append(
                self.env._(
                    "%(bill)s, open: %(amount)s",
                    bill=bill.name,
                    amount=formatLang(
                        self.env, bill.amount_residual, currency_obj=bill.currency_id
                    ),
                )
            )
        if len(unpaid) > 3:
            parts.append(self.env._("and %s more", len(unpaid) - 3))
        return "; ".join(parts)
