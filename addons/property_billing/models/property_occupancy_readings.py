from collections import defaultdict
from datetime import date, timedelta

from odoo import api, models
from odoo.tools import format_list

from .property_inspection import READING_KINDS

#: a meter may be read so many days before the day for which it counts
EARLY = timedelta(days=31)


class PropertyOccupancy(models.Model):
    """The meters of a unit are read when the party comes and when it leaves: the step of
    Engineering is done when every register of every meter of the lease has its reading.

    A unit without meters has none to be read: Engineering signs that it has looked.
    """

    _inherit = "property.occupancy"

    @api.model
    def _get_step_proofs(self):
        return super()._get_step_proofs() | {
            "readings": "_prove_readings",
            "out_readings": "_prove_out_readings",
        }

    @api.model
    def _get_unsure_proofs(self):
        return super()._get_unsure_proofs() | {"readings", "out_readings"}

    @api.model
    def _get_proof_openings(self):
        return super()._get_proof_openings() | {
            "readings": "_open_lease_readings",
            "out_readings": "_open_lease_readings",
        }

    def _open_lease_readings(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_reading_action"
        )
        units = self._get_lease().unit_id
        first = min(self._get_lease().mapped("date_start")) - EARLY
        action["domain"] = [("unit_id", "in", units.ids), ("date", ">=", first)]
        action["context"] = {}
        return action

    def _prove_readings(self):
        """Read since the party before has left; who lives there must not wait for a check."""
        return self._get_unread(
            ("move_in", "installation"), self._get_first_days(), ("draft", "flagged")
        )

    def _prove_out_readings(self):
        """Read around the last day, and accepted: the final bill is made of it."""
        first = {
            occupancy.id: (occupancy.date_end or occupancy.estate_id._today()) - EARLY
            for occupancy in self._get_leases()
        }
        return self._get_unread(("move_out",), first)

    def _get_leases(self):
        """All units of the leases whose checklists the records carry."""
        return self.browse().union(*(occupancy._get_lease() for occupancy in self))

    def _get_first_days(self):
        """{id: the first day on which a reading can be one of the move-in of the unit}."""
        every = self._get_leases()
        before = defaultdict(list)
        for other in self.search_fetch(
            [("unit_id", "in", every.unit_id.ids), ("state", "!=", "cancelled")],
            ["unit_id", "kind", "date_start", "date_end"],
        ):
            before[other.unit_id, other.kind].append(other)
        return {
            occupancy.id: max(
                [
                    occupancy.date_start - EARLY,
                    *(
                        other.date_end
                        for other in before[occupancy.unit_id, occupancy.kind]
                        if other.date_end and other.date_start < occupancy.date_start
                    ),
                ]
            )
            for occupancy in every
        }

    def _get_unread(self, kinds, first_days, states=()):
        """{id: registers of meters of the lease without such a reading}; None without meters.

        :param first_days: {id of each unit's occupancy: from when a reading counts}
        :param states: in which a reading counts beside those that are accepted
        """
        leases = {occupancy: occupancy._get_lease() for occupancy in self}
        units = self._get_leases().unit_id
        meters = self.env["property.meter"].search_fetch(
            [("unit_id", "in", units.ids), ("state", "=", "installed")],
            ["unit_id", "name", "registers"],
        )
        last = defaultdict(lambda: date.min)
        for meter, register, day in self.env["property.meter.reading"]._read_group(
            [
                ("meter_id", "in", meters.ids),
                ("kind", "in", kinds),
                ("state", "in", ("accepted", "billed", *states)),
            ],
            ["meter_id", "register"],
            ["date:max"],
        ):
            last[meter.id, register or ""] = day
        of_unit, none = meters.grouped("unit_id"), meters.browse()
        missing = {}
        for occupancy, lease in leases.items():
            unread = [
                meter.name
                for unit in lease
                for meter in of_unit.get(unit.unit_id, none)
                if any(
                    last[meter.id, register] < first_days[unit.id]
                    for register in meter._register_keys()
                )
            ]
            if not any(unit.unit_id in of_unit for unit in lease):
                missing[occupancy.id] = None
            else:
                names = format_list(self.env, unread)
                missing[occupancy.id] = unread and (
                    self.env._("not read yet: %s", names)
                    if states
                    else self.env._("no accepted reading of: %s", names)
                )
        return missing


class PropertyMeterReading(models.Model):
    _inherit = "property.meter.reading"

    def _validate(self):
        result = super()._validate()
        self._stamp_moves()
        return result

    def action_accept(self, reason=None):
        result = super().action_accept(reason)
        self._stamp_moves()
        return result

    def _stamp_moves(self):
        """Who moves in or out of the units is seen to have its meters read."""
        moving = self.filtered(lambda reading: reading.kind in READING_KINDS.values())
        if not moving:
            return
        # whoever reads meters need not see occupancies; the day of a proof is the system's
        occupancies = (
            self.env["property.occupancy"]
            .sudo()
            .search(
                [
                    ("unit_id", "in", moving.unit_id.ids),
                    ("state", "in", ("reserved", "moving_in", "notice", "clearing")),
                ]
            )
        )
        occupancies._stamp_checklists()
