"""Handover and move-out inspections read the meters of the unit."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: with which inspection a meter is read as what
READING_KINDS = {"handover": "move_in", "move_out": "move_out"}


class PropertyInspection(models.Model):
    _inherit = "property.inspection"

    reading_ids = fields.One2many(
        "property.inspection.reading", "inspection_id", string="Meter Readings"
    )

    def _make_lines(self):
        """The meters of the unit are read, too."""
        fresh = self.filtered(lambda row: not row.line_ids)
        result = super()._make_lines()
        fresh._make_reading_rows()
        return result

    def _make_reading_rows(self):
        """A row for each register in use of the meters of the unit."""
        waiting = self.filtered(
            lambda row: row.kind in READING_KINDS and row.unit_id and not row.reading_ids
        )
        # meters are no secret to who hands over their unit
        Meter = self.env["property.meter"].sudo()
        meters = Meter.search(
            Domain("unit_id", "in", waiting.unit_id.ids) & Domain("state", "=", "installed")
        ).grouped(lambda meter: meter.unit_id.id)
        rows = [
            {"inspection_id": inspection.id, "meter_id": meter.id, "register": register or False}
            for inspection in waiting
            for meter in meters.get(inspection.unit_id.id, Meter)
            for register in meter._register_keys()
        ]
        # as the points: whoever makes the inspection gets its rows
        self.env["property.inspection.reading"].sudo().create(rows)

    def _renew_lines(self):
        self.filtered(lambda row: row.state == "planned").reading_ids.sudo().unlink()
        return super()._renew_lines()

    def _copy_for_correction(self):
        """A correction reads again what may have been wrong."""
        correction = super()._copy_for_correction()
        # as in _make_lines
        self.env["property.inspection.reading"].sudo().create(
            [
                {
                    "inspection_id": correction.id,
                    "meter_id": row.meter_id.id,
                    "register": row.register,
                    "index_value": row.index_value,
                    "is_read": row.is_read,
                    "note": row.note,
                    "photo": row.photo,
                }
                for row in self.reading_ids
            ]
        )
        return correction

    # --- entering -------------------------------------------------------------

    def _get_reading_rows(self):
        return super()._get_reading_rows() + self.reading_ids._get_rows()

    def _enter_reading(self, key, values):
        row = self.reading_ids.filtered(lambda row: str(row.id) == str(key))
        if not row:
            return super()._enter_reading(key, values)
        entry = {}
        if "value" in values:
            value = values["value"]
            entry = {"index_value": value or 0.0, "is_read": value is not False}
        for name in ("note", "photo"):
            if name in values:
                entry[name] = values[name]
        row.write(entry)
        return row._get_rows()[0]

    def _check_answered(self):
        """Every register is read, or it is said why not."""
        result = super()._check_answered()
        unread = self.reading_ids.filtered(lambda row: not row.is_read and not row.note)
        if unread:
            raise UserError(
                self.env._(
                    "%(inspection)s: enter the index of %(meters)s, or say why it could not be"
                    " read.",
                    inspection=self.display_name,
                    meters=", ".join(unread.mapped("display_name")),
                )
            )
        self._check_readings_fit()
        return result

    def _check_readings_fit(self):
        """Refuse before the signing what could not become a reading after it."""
        known = self._get_known_readings()
        for row in self.reading_ids.filtered("is_read"):
            reading = known.get((row.meter_id.id, row.register or ""))
            if not reading or reading.index_value == row.index_value:
                continue
            if reading not in self.correction_of_id.reading_ids.reading_id:
                raise UserError(
                    self.env._(
                        "%(meter)s was already read on that day at %(index)s. Enter the same index,"
                        " or let the one who bills change that reading first.",
                        meter=row.display_name,
                        index=reading.index_value,
                    )
                )
            if reading.state == "billed":
                raise UserError(
                    self.env._(
                        "The reading %(reading)s is billed. Ask the billing supervisor to correct"
                        " it, and enter the same index here.",
                        reading=reading.display_name,
                    )
                )

    def _signature_version_values(self):
        return super()._signature_version_values() + [
            [row.id, row.index_value, row.is_read, row.note] for row in self.reading_ids
        ]

    # --- signed: the readings are made -----------------------------------------

    def _get_reading_date(self):
        """The day for which the indexes count: that on which they were read."""
        self.ensure_one()
        first = self.correction_of_id
        if first:
            return first._get_reading_date()
        at = self.done_at or self.started_at or fields.Datetime.now()
        return self.estate_id._local_date(at)

    def _get_known_readings(self):
        """Readings of the meters of that day and kind: {(meter id, register): reading}."""
        # the answer must not depend on who inspects
        readings = (
            self.env["property.meter.reading"]
            .sudo()
            .search(
                [
                    ("meter_id", "in", self.reading_ids.meter_id.ids),
                    ("date", "=", self._get_reading_date()),
                    ("kind", "=", READING_KINDS.get(self.kind)),
                    ("correction_of_id", "=", False),
                ]
            )
        )
        return {(reading.meter_id.id, reading.register or ""): reading for reading in readings}

    def _after_signed(self):
        result = super()._after_signed()
        for inspection in self:
            inspection._make_readings()
        return result

    def _make_readings(self):
        """Readings of move-in or move-out; odd ones are flagged as any other."""
        read = self.reading_ids.filtered("is_read")
        if not read:
            return
        known = self._get_known_readings()
        day, kind = self._get_reading_date(), READING_KINDS[self.kind]
        # all parties have signed the indexes; the last of them need not be one who reads meters
        Reading = self.env["property.meter.reading"].sudo()
        rows, fresh = [], self.env["property.inspection.reading"]
        for row in read:
            reading = known.get((row.meter_id.id, row.register or ""))
            if not reading:
                fresh |= row
                rows.append(row._prepare_reading(day, kind))
                continue
            if reading.index_value != row.index_value:
                reason = self.env._("Corrected by %s", self.number)
                reading.action_reread(row.index_value, reason)
            row._store({"reading_id": reading.id})
        readings = Reading.create(rows)
        readings.action_check()
        for row, reading in zip(fresh, readings, strict=True):
            row._store({"reading_id": reading.id})
