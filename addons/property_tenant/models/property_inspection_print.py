"""Inspections and defects on paper."""

from odoo import models


class PropertyInspection(models.Model):
    _inherit = "property.inspection"

    def _in_unit_order(self):
        """As one walks: estate, building, floor, unit."""
        return self.sorted(
            lambda row: (
                row.estate_id.sequence,
                row.estate_id.code,
                row.building_id.sequence,
                row.building_id.code or "",
                row.unit_id.floor,
                row.unit_id.sequence,
                row.unit_id.code or "",
                row.date_planned,
                row.id,
            )
        )

    def _get_paper_lang(self):
        """The occupant's language where the paper is signed by the occupant, else the reader's."""
        self.ensure_one()
        party = self.occupancy_id.partner_id
        is_theirs = any(row["party"] == "occupant" for row in self.signers or ())
        return (party.lang if is_theirs else None) or self.env.lang or "en_US"

    def _get_paper_title(self):
        self.ensure_one()
        titles = {
            "handover": self.env._("Handover Inspection"),
            "move_out": self.env._("Move-Out Inspection"),
            "equipment": self.env._("Equipment Check of a Unit"),
            "vacant": self.env._("Round of the Vacant Units"),
        }
        return titles.get(self.kind) or self.env._("Inspection Sheet")

    def _get_paper_places(self):
        """What the paper lists: places with sections with points; empty ones before it begins."""
        self.ensure_one()
        if self.line_ids:
            points = [(line.unit_id, line) for line in self.line_ids]
        else:
            units = self._get_vacant_units().get(self, self.env["property.unit"])
            points = [(unit, point) for unit, places in self._get_places(units) for point in places]
        several = self.layout in ("route", "vacant")
        places = []
        for unit, point in points:
            if not places or (several and places[-1]["unit"] != unit):
                places.append({"unit": unit if several else unit.browse(), "sections": []})
            sections = places[-1]["sections"]
            if not sections or sections[-1]["name"] != (point.section or ""):
                sections.append({"name": point.section or "", "points": []})
            sections[-1]["points"].append(self._prepare_paper_point(point))
        return places

    def _prepare_paper_point(self, point):
        entered = point._name == "property.inspection.line"
        number = ""
        if entered and point.is_measured:
            number = f"{point.number:.3f}".rstrip("0").rstrip(".")
        return {
            "name": point.name,
            "normal": point.normal or "",
            "uom": (point.uom or "") if point.with_number else "",
            "result": (point.result or "") if entered else "",
            "number": number,
            "outside": entered and point.is_outside,
            "note": (point.note or "") if entered else "",
        }

    def _get_paper_matrix(self):
        """A round as a table: the names of the points, and a row for each unit."""
        self.ensure_one()
        names, rows = [], []
        for place in self._get_paper_places():
            points = [point for section in place["sections"] for point in section["points"]]
            for point in points:
                if point["name"] not in names:
                    names.append(point["name"])
            notes = [
                f"{point['name']}: {point['note']}" if point["note"] else point["name"]
                for point in points
                if point["result"] == "defect" or point["note"]
            ]
            rows.append(
                {
                    "unit": place["unit"],
                    "results": {point["name"]: point["result"] for point in points},
                    "notes": "; ".join(notes),
                }
            )
        return {"names": names, "rows": rows}

    def _get_defect_pages(self):
        """One page of the defect report for each inspection that found something."""
        return [
            {
                "record": inspection,
                "estate": inspection.estate_id,
                "unit": inspection.unit_id,
                "party": inspection.occupancy_id.partner_id,
                "number": inspection.number,
                "defects": inspection.defect_ids.filtered(lambda row: row.state != "cancelled"),
                "lang": inspection._get_paper_lang(),
            }
            for inspection in self._in_unit_order()
            if inspection.defect_ids.filtered(lambda row: row.state != "cancelled")
        ]


class PropertyDefect(models.Model):
    _inherit = "property.defect"

    def _get_defect_pages(self):
        """One page for each unit (or place of the estate), in unit order."""
        groups = self.sorted(
            lambda row: (
                row.estate_id.sequence,
                row.estate_id.code,
                row.building_id.sequence,
                row.building_id.code or "",
                row.unit_id.floor,
                row.unit_id.sequence,
                row.unit_id.code or "",
                row.id,
            )
        ).grouped(lambda row: (row.estate_id, row.building_id, row.unit_id))
        pages = []
        for (estate, _building, unit), defects in groups.items():
            party = defects.occupancy_id[:1].partner_id or unit.tenant_id or unit.owner_id
            pages.append(
                {
                    "record": defects[:1],
                    "estate": estate,
                    "unit": unit,
                    "party": party,
                    "number": "",
                    "defects": defects,
                    "lang": party.lang or self.env.lang or "en_US",
                }
            )
        return pages
