from odoo import api, fields, models
from odoo.exceptions import UserError

from .property_meter import REGISTERS


class PropertyInspectionReading(models.Model):
    """An index read off a meter with a handover or move-out inspection.

    It becomes a meter reading when all parties have signed, not before.
    """

    _name = "property.inspection.reading"
    _description = "Index Read with an Inspection"
    _order = "inspection_id, id"
    _rec_name = "meter_id"

    inspection_id = fields.Many2one(
        "property.inspection", required=True, index=True, ondelete="cascade"
    )
    estate_id = fields.Many2one(related="inspection_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="inspection_id.company_id", store=True, index=True)
    meter_id = fields.Many2one("property.meter", required=True, index=True, ondelete="restrict")
    register = fields.Selection(REGISTERS)
    commodity = fields.Selection(related="meter_id.commodity")
    uom_name = fields.Char(related="meter_id.uom_name")
    index_value = fields.Float(string="Index", digits=(16, 3), aggregator=None)
    is_read = fields.Boolean(string="Read")
    note = fields.Char(string="Why Not Read")
    photo = fields.Image(max_width=1600, max_height=1600)
    reading_id = fields.Many2one(
        "property.meter.reading",
        string="Meter Reading",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _register_once = models.UniqueIndex(
        "(inspection_id, meter_id, COALESCE(register, ''))",
        "This register of the meter is on the inspection already.",
    )

    @api.depends("meter_id.name", "register")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["register"]._description_selection(self.env))
        for row in self:
            parts = (row.meter_id.name, labels.get(row.register))
            row.display_name = " ".join(part for part in parts if part)

    def write(self, vals):
        if vals.keys() - {"index_value", "is_read", "note", "photo"}:
            raise UserError(
                self.env._("Enter the index, the photo, or why the meter could not be read.")
            )
        self.inspection_id._check_in_progress()
        if vals.get("is_read", "index_value" in vals):
            for row in self:
                row.meter_id._check_index(vals.get("index_value", row.index_value))
            vals = {"is_read": True, **vals}
        return super().write(vals)

    def _why_file_stays(self, file):
        """A photo is exchanged on the row, and only while the inspection is under way."""
        if file.res_field and self.inspection_id.state != "in_progress":
            return self.inspection_id._explain_closed()
        return super()._why_file_stays(file)

    def _store(self, vals):
        """The only way past ``write``; not callable from outside."""
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        for row in self:
            if row.inspection_id.state != "planned":
                raise UserError(
                    self.env._(
                        "The index of %(meter)s belongs to %(inspection)s and stays on record.",
                        meter=row.meter_id.display_name,
                        inspection=row.inspection_id.display_name,
                    )
                )

    def _prepare_reading(self, day, kind):
        self.ensure_one()
        inspection = self.inspection_id
        return {
            "meter_id": self.meter_id.id,
            "register": self.register,
            "date": day,
            "kind": kind,
            "index_value": self.index_value,
            "photo": self.photo,
            "reader_id": (inspection.user_id or self.env.user).id,
            "note": inspection.number,
        }

    # --- on the screen and on paper -------------------------------------------

    def _get_rows(self):
        """What the sheet and the papers show, see ``property.inspection._get_reading_rows``."""
        last = self._get_last()
        commodities = dict(
            self.env["property.meter"]._fields["commodity"]._description_selection(self.env)
        )
        photographed = self._get_photographed()
        rows = []
        for row in self:
            meter, known = row.meter_id, last.get((row.meter_id.id, row.register or ""))
            rows.append(
                {
                    "key": str(row.id),
                    "name": row.display_name,
                    "detail": " · ".join(
                        part for part in (commodities.get(meter.commodity), meter.location) if part
                    ),
                    "last": f"{meter._format_index(known['index'])} ({known['date']})"
                    if known
                    else "",
                    "value": meter._format_index(row.index_value) if row.is_read else "",
                    "uom": meter.uom_name or "",
                    "note": row.note or "",
                    "photos": [
                        f"/web/image/property.inspection.reading/{row.id}/photo?unique="
                        f"{row.write_date.timestamp() if row.write_date else ''}"
                    ]
                    if row.id in photographed
                    else [],
                    "finding": row._get_finding(known),
                }
            )
        return rows

    def _get_finding(self, known):
        """What makes the inspector look again; the reading is checked when it is made."""
        if self.reading_id.finding_text:
            return self.reading_id.finding_text
        if self.is_read and known and self.index_value < known["index"]:
            return self.env._("Below the last index. Read the dial again.")
        return ""

    def _get_last(self):
        """The last index of each register before the day of the inspection."""
        found = {}
        for row in self.inspection_id[:1]:
            # who inspects need not be able to see readings; the last index stands on the dial
            readings = self.env["property.meter.reading"].sudo()
            rows = readings._get_last_rows(self.meter_id, before=row._get_reading_date())
            for meter_id, last in rows.items():
                for reading in last:
                    found[(meter_id, reading["register"] or "")] = reading
        return found

    def _get_photographed(self):
        # only the question whether there is a photo, of rows that the user may read
        attachments = self.env["ir.attachment"].sudo()
        return set(
            attachments.search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "photo"),
                    ("res_id", "in", self.ids),
                ],
                ["res_id"],
            ).mapped("res_id")
        )
