from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class PropertyReadingRound(models.Model):
    """The grid in which a round is entered: one call for all rows, then one call for
    each index, which says at once what is odd about it."""

    _inherit = "property.reading.round"

    def get_grid(self):
        """Rows of the round in the order of the route, with what is entered so far."""
        self.check_access("read")
        self.ensure_one()
        meters = self._get_meters()
        readings = {
            (row.meter_id.id, row.register or ""): row for row in self._get_readings(meters)
        }
        last = self._last_by_register(meters)
        registers = dict(
            self.env["property.meter.reading"]._fields["register"]._description_selection(self.env)
        )
        return {
            "editable": self._is_editable(),
            "state": self.state,
            "rows": [
                self._grid_row(
                    meter, key, registers.get(key, ""), readings.get((meter.id, key)),
                    last.get((meter.id, key)),
                )
                for meter in meters
                for key in meter._register_keys()
            ],
        }  # fmt: skip

    def enter_index(self, meter_id, register, index):
        """Keep one index of the round as a draft, check it, and return its row.

        An empty index takes the entry back. Who enters a flagged reading anew has
        read the meter again.

        :param index: number, or False
        """
        self.check_access("write")
        self.ensure_one()
        meter, reading = self._get_entry(meter_id, register)
        if index is False or index is None:
            reading.unlink()
            reading = reading.browse()
        elif not reading:
            reading = reading.create(
                {
                    "meter_id": meter.id,
                    "register": register or False,
                    "date": self.date,
                    "index_value": index,
                    "reader_id": self.reader_id.id,
                    "round_id": self.id,
                }
            )
        elif reading.state == "draft":
            # the reason was given for the index before
            reading._store({"reason": False})
            reading.write({"index_value": index, "round_id": self.id})
        else:
            reading.action_reread(index, self.env._("Read again on the round."))
        if self.state == "draft":
            self.state = "reading"
        return self._entry_row(meter, register, reading)

    def enter_reason(self, meter_id, register, reason):
        """Note on the draft why its index is right; finishing the round accepts it."""
        self.check_access("write")
        self.ensure_one()
        meter, reading = self._get_entry(meter_id, register)
        if reading.state == "flagged" and reading.severity != "block" and reason:
            reading.action_accept(reason)
        elif reading:
            reading._store({"reason": (reason or "").strip() or False})
        return self._entry_row(meter, register, reading)

    def enter_photo(self, meter_id, register, photo):
        """Keep a photo of the dial (base64) with the entry."""
        self.check_access("write")
        self.ensure_one()
        meter, reading = self._get_entry(meter_id, register)
        if not reading:
            raise UserError(
                self.env._(
                    "Enter the index of meter %(meter)s first, then its photo.", meter=meter.name
                )
            )
        reading.write({"photo": photo})
        return self._entry_row(meter, register, reading)

    def _get_sheet_rows(self):
        """Rows of the printed reading sheet, numbers as the reader writes them."""
        rows = self.get_grid()["rows"]
        for row in rows:
            for name in ("last_index", "last_usage", "index"):
                number = row[name]
                row[f"{name}_text"] = (
                    ""
                    if number is False
                    else formatLang(self.env, number, digits=row["decimals"] if number % 1 else 0)
                )
        return rows

    def _get_entry(self, meter_id, register):
        """The meter, if it belongs to the round and may be entered, and its reading."""
        if not self._is_editable():
            raise UserError(
                self.env._(
                    "The round %(round)s is not open for entries. Resume it first.",
                    round=self.display_name,
                )
            )
        meter = self.env["property.meter"].browse(meter_id)
        if meter not in self._get_meters():
            raise UserError(
                self.env._(
                    "This meter does not belong to the round %(round)s. Load the page again.",
                    round=self.display_name,
                )
            )
        # Who enters the same meter meanwhile waits, and then finds this entry.
        meter._lock_chains()
        reading = self._get_readings(meter).filtered(
            lambda row: (row.register or "") == (register or "")
        )
        if reading.state in ("accepted", "billed"):
            raise UserError(
                self.env._(
                    "Meter %(meter)s was already read at %(index)s on %(date)s and accepted. Open"
                    " that reading to change it.",
                    meter=meter.name,
                    index=reading.index_value,
                    date=reading.date,
                )
            )
        return meter, reading

    def _is_editable(self):
        return self.state in ("draft", "reading", "checking") and self.has_access("write")

    def _entry_row(self, meter, register, reading):
        registers = dict(
            self.env["property.meter.reading"]._fields["register"]._description_selection(self.env)
        )
        last = self._last_by_register(meter).get((meter.id, register or ""))
        return self._grid_row(meter, register or "", registers.get(register, ""), reading, last)

    def _last_by_register(self, meters):
        chains = self.env["property.meter.reading"]._get_last_rows(meters, before=self.date)
        return {
            (meter, row["register"] or ""): row for meter, rows in chains.items() for row in rows
        }

    def _grid_row(self, meter, key, label, reading, last):
        reading = reading or self.env["property.meter.reading"]
        return {
            "id": f"{meter.id}-{key}",
            "meter_id": meter.id,
            "register": key,
            "register_label": label,
            "number": meter.name,
            "place": meter.unit_id.code or meter.building_id.code or "",
            "location": meter.location or "",
            "uom": meter.uom_name or "",
            "decimals": meter.decimals,
            "last_date": last["date"].isoformat() if last else False,
            "last_index": last["index"] if last else False,
            "last_usage": last["usage"] if last else False,
            "reading_id": reading.id,
            "index": reading.index_value if reading else False,
            "usage": reading.usage if reading.previous_id else False,
            "state": reading.state or False,
            "severity": reading.severity or False,
            "findings": reading.finding_text or "",
            "reason": reading.reason or "",
            "has_photo": reading.has_photo if reading else False,
            "locked": reading.state in ("accepted", "billed"),
        }
