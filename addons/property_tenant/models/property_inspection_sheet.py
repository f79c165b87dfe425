"""The sheet on which an inspection is carried out: what the screen reads and keeps."""

from odoo import models
from odoo.exceptions import UserError

#: what the screen may send for a point
ENTERED = ("result", "note", "number")


class PropertyInspection(models.Model):
    _inherit = "property.inspection"

    def get_sheet(self):
        """Everything the screen shows: places with their points, readings, and what may be done."""
        self.ensure_one()
        self.check_access("read")
        lines = self.line_ids
        return {
            "state": self.state,
            "editable": self.state == "in_progress" and self.has_access("write"),
            "instruction": self.template_id.instruction or "",
            "grouped": self.layout in ("route", "vacant"),
            "lines": lines._get_sheet_rows(),
            "readings": self._get_reading_rows(),
        }

    def enter_line(self, line_id, values):
        """Keep the answer, note or number of a point; returns the point."""
        self.ensure_one()
        self.check_access("write")
        line = self._get_sheet_line(line_id)
        line.write(line._read_entry(values))
        return line._get_sheet_rows()[0]

    def enter_place(self, unit_id):
        """Everything in one place of the round is in order; returns its points."""
        self.ensure_one()
        self.check_access("write")
        self._check_in_progress()
        lines = self.line_ids.filtered(lambda line: line.unit_id.id == (unit_id or False))
        lines._answer_rest()
        return lines._get_sheet_rows()

    def enter_photo(self, line_id, image):
        """Keep a photo of a point; returns the point."""
        self.ensure_one()
        self.check_access("write")
        self._check_in_progress()
        line = self._get_sheet_line(line_id)
        self.env["property.inspection.photo"].create([{"line_id": line.id, "image": image}])
        return line._get_sheet_rows()[0]

    def remove_photo(self, photo_id):
        """Take a photo away again; returns its point."""
        self.ensure_one()
        self.check_access("write")
        self._check_in_progress()
        photo = self.env["property.inspection.photo"].search(
            [("id", "=", photo_id), ("inspection_id", "=", self.id)]
        )
        line = photo.line_id
        photo.unlink()
        return line._get_sheet_rows()[0] if line else False

    def enter_reading(self, key, values):
        """Keep an index that was read with the inspection; returns its row."""
        self.ensure_one()
        self.check_access("write")
        self._check_in_progress()
        return self._enter_reading(key, values)

    def _get_sheet_line(self, line_id):
        line = self.line_ids.filtered(lambda row: row.id == line_id)
        if not line:
            raise UserError(
                self.env._(
                    "%(inspection)s has changed in the meantime. Open it again.",
                    inspection=self.display_name,
                )
            )
        return line


class PropertyInspectionLine(models.Model):
    _inherit = "property.inspection.line"

    def _read_entry(self, values):
        """What the screen sent, with what follows from it: a number is an answer."""
        self.ensure_one()
        entry = {name: values[name] for name in ENTERED if name in values}
        if entry.get("number") is False:
            entry.update(number=0.0, is_measured=False)
        elif "number" in entry and "result" not in entry and self.result != "na":
            outside = self.new({**self._read_limits(), "number": entry["number"]}).is_outside
            entry["result"] = "defect" if outside else "ok"
        return entry

    def _read_limits(self):
        names = ("has_minimum", "minimum", "has_maximum", "maximum")
        return {"is_measured": True, **{name: self[name] for name in names}}

    def _get_sheet_rows(self):
        photos = self.photo_ids.grouped("line_id")
        return [
            {
                "id": line.id,
                "place": line.unit_id.id,
                "place_name": line.unit_id.display_name or "",
                "section": line.section or "",
                "name": line.name,
                "instruction": line.instruction or "",
                "normal": line.normal or "",
                "result": line.result or "",
                "note": line.note or "",
                "photo": line.photo,
                "with_number": line.with_number,
                "number": line.number if line.is_measured else False,
                "uom": line.uom or "",
                "low": line.minimum if line.has_minimum else False,
                "high": line.maximum if line.has_maximum else False,
                "outside": line.is_outside,
                "photos": photos.get(line, self.env["property.inspection.photo"]).ids,
            }
            for line in self
        ]
