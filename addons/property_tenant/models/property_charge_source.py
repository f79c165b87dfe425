"""What costs a party money beside the regular fees: the hook for billing.

A model inherits ``property.charge.source.mixin`` and asks for a charge::

    self._request_charge(partner, unit, occupancy, amount, description, key="price")

Without an addon that bills, only the amount stands on the record. One that
bills overrides ``_request_charge`` and ``_cancel_charge``.
"""

from odoo import fields, models


class PropertyChargeSourceMixin(models.AbstractModel):
    _name = "property.charge.source.mixin"
    _description = "Record that is Charged"

    charge_note = fields.Char(
        string="Charged",
        readonly=True,
        copy=False,
        help="What became of the amount that the party has to pay.",
    )

    def _charge_values(self, partner, unit, occupancy, amount, description, key):
        """What is charged, as billing needs it; extended by the addon that bills."""
        self.ensure_one()
        return {
            "partner_id": partner.id,
            "unit_id": unit.id,
            "occupancy_id": occupancy.id,
            "amount": amount,
            "description": description,
            "source_model": self._name,
            "source_id": self.id,
            "source_key": key,
        }

    def _request_charge(self, partner, unit, occupancy, amount, description, key="price"):
        """Let ``partner`` pay ``amount`` for what happened; once for each ``key``.

        For methods that have checked who may decide that. Returns whether the
        amount goes on a bill; without billing it is noted only.
        """
        self.ensure_one()
        self._note_charge(
            self.env._(
                "To be collected from %(partner)s at the cash desk.", partner=partner.display_name
            )
        )
        return False

    def _note_charge(self, text):
        """A note of the system about what was decided, and what became of it."""
        # whoever decides need not be able to write the note
        self.sudo().charge_note = text

    def _cancel_charge(self, reason, key="price"):
        """What was charged was wrong; for methods that have checked who may say that."""
        self.ensure_one()
        if self.charge_note:
            self._note_charge(self.env._("Not charged: %(reason)s", reason=reason))
