from datetime import datetime, time, timedelta

from odoo import models
from odoo.exceptions import UserError


class PropertyOccupancy(models.Model):
    """What is offered to a party that is to move in."""

    _inherit = "property.occupancy"

    def _get_appointment_offer(self):
        """What is offered first: ten o'clock on the first day, at the desk of the estate."""
        if not self:
            return {"date": False, "place": False, "bring": False}
        last = self.appointment_id
        estate = self.estate_id
        day = max(self.date_start, estate._today() + timedelta(days=1))
        return {
            "date": estate._utc_at(datetime.combine(day, time(10))),
            "place": last.place or self.env._("Reception of %s", estate.name),
            "bring": last.bring or self._get_things_to_bring(),
        }

    def _get_things_to_bring(self):
        """The papers that the party shows, one in each line."""
        self.ensure_one()
        if self.partner_id.is_company:
            papers = [
                self.env._("Business licence and organisation code (copy with seal)"),
                self.env._("Identity card of the legal representative (copy)"),
                self.env._("Authorisation with seal and identity card of who comes"),
            ]
        else:
            papers = [
                self.env._("Identity card (original)"),
                self.env._("For an agent: signed authorisation and both identity cards"),
            ]
        contract = (
            self.env._("Sale contract (copy)")
            if self.kind == "owner"
            else self.env._("Lease contract (copy)")
        )
        return "\n".join([*papers, contract, self.env._("First fees and deposit")])

    def _offer_appointment(self, date, place, bring="", reason=""):
        """Offer a date; one that was offered before is replaced by it."""
        self.ensure_one()
        if not (place or "").strip():
            raise UserError(
                self.env._("Say where %(party)s comes to.", party=self.partner_id.display_name)
            )
        current = self.appointment_ids.filtered(lambda row: row.state in ("offered", "agreed"))
        if current and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why the date of %(occupancy)s changes; it stays on record.",
                    occupancy=self.display_name,
                )
            )
        current._replace(reason)
        current.flush_recordset()
        return self.env["property.occupancy.appointment"].create(
            {"occupancy_id": self.id, "date": date, "place": place, "bring": bring}
        )
