from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..calc.inspection import is_outside, lacks
from .property_inspection_point import COPIED_TEXTS

RESULTS = [("ok", "OK"), ("defect", "Defect"), ("na", "N/A")]

#: what the inspector enters; all else is the copy of the template's point
ENTERED = {"result", "note", "number", "is_measured", "photo_ids"}


class PropertyInspectionLine(models.Model):
    """A point of an inspection: its own copy of the template's, and the answer."""

    _name = "property.inspection.line"
    _description = "Point of an Inspection"
    _inherit = ["property.inspection.point.mixin"]
    _order = "inspection_id, place_sequence, sequence, id"
    _rec_names_search = ["name"]

    inspection_id = fields.Many2one(
        "property.inspection", required=True, index=True, ondelete="cascade"
    )
    estate_id = fields.Many2one(related="inspection_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="inspection_id.company_id", store=True, index=True)
    place_sequence = fields.Integer(string="Order on the Route")
    unit_id = fields.Many2one("property.unit", index="btree_not_null", ondelete="restrict")
    point_id = fields.Many2one(
        "property.inspection.point", string="Point of the Template", ondelete="set null"
    )
    origin_id = fields.Many2one(
        "property.inspection.line",
        string="Corrected Point",
        index="btree_not_null",
        ondelete="restrict",
    )
    result = fields.Selection(RESULTS, index=True)
    note = fields.Char()
    number = fields.Float(digits=(16, 3), aggregator="avg")
    is_measured = fields.Boolean(string="Number Entered")
    is_outside = fields.Boolean(
        string="Outside the Limits", compute="_compute_is_outside", store=True, precompute=True
    )
    photo_ids = fields.One2many("property.inspection.photo", "line_id", string="Photos")
    defect_ids = fields.One2many("property.defect", "line_id", string="Defects")
    date = fields.Date(related="inspection_id.date")
    state = fields.Selection(related="inspection_id.state")

    @api.depends("is_measured", "number", "has_minimum", "minimum", "has_maximum", "maximum")
    def _compute_is_outside(self):
        for line in self:
            line.is_outside = line.is_measured and is_outside(
                line.number,
                line.minimum if line.has_minimum else None,
                line.maximum if line.has_maximum else None,
            )

    @api.depends("name", "unit_id.code")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._get_title()

    def _get_title(self):
        """The point with its place, where the inspection has several."""
        self.ensure_one()
        code = self.unit_id.code if self.unit_id != self.inspection_id.unit_id else ""
        return f"{code} {self.name or ''}".strip()

    @api.model
    def _create_rows(self, vals_list):
        return super().create(vals_list)

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            raise UserError(
                self.env._(
                    "Points are not typed into an inspection: they come from its template. Ask the"
                    " manager to add them there."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if self:
            self._refuse_changes(vals)
        if "number" in vals and "is_measured" not in vals:
            vals = {**vals, "is_measured": True}
        return super().write(vals)

    def _refuse_changes(self, vals):
        if vals.keys() - ENTERED:
            raise UserError(
                self.env._(
                    "The points of an inspection stay as they were when it began. Enter the"
                    " answer, the note and the number only."
                )
            )
        self.inspection_id._check_in_progress()

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        for line in self:
            if line.inspection_id.state != "planned":
                raise UserError(
                    self.env._(
                        "%(point)s belongs to %(inspection)s and stays on record.",
                        point=line.display_name,
                        inspection=line.inspection_id.display_name,
                    )
                )

    def _get_missing(self):
        """Pairs of line and what it still needs, in order."""
        photographed = dict(
            self.env["property.inspection.photo"]._read_group(
                [("line_id", "in", self.ids)], ["line_id"], ["__count"]
            )
        )
        missing = []
        for line in self:
            what = lacks(
                line.result,
                numbered=line.with_number,
                measured=line.is_measured,
                photo=line.photo,
                photos=photographed.get(line, 0),
            )
            if what:
                missing.append((line, what))
        return missing

    def _answer_rest(self):
        """ok for what is not answered, unless a number or photo is asked for."""
        rest = self.filtered(
            lambda line: not line.result and not line.with_number and line.photo != "always"
        )
        rest.write({"result": "ok"})
        return rest

    def _copy_texts(self, from_lines=False):
        """The texts in all languages, as they are now on the template (or the first line)."""
        if not self.ids:
            return
        self.flush_recordset()
        self.env["property.inspection.point"].flush_model()
        self.env.cr.execute(_copy_texts_sql(self, "line" if from_lines else "point"))
        self.invalidate_recordset()

    def _copy_photos(self):
        """A correction begins with the photos of the first."""
        rows = []
        for line in self:
            rows += [
                {"line_id": line.id, "image": photo.image} for photo in line.origin_id.photo_ids
            ]
        self.env["property.inspection.photo"].create(rows)

    def _prepare_defect(self):
        self.ensure_one()
        inspection = self.inspection_id
        template = inspection.template_id
        unit = self.unit_id or inspection.unit_id
        return {
            "name": self.name,
            "location": self.section or "",
            "description": self.note or "",
            "estate_id": inspection.estate_id.id,
            "building_id": (unit.building_id or inspection.building_id).id,
            "unit_id": unit.id,
            "occupancy_id": inspection.occupancy_id.id,
            "inspection_id": inspection.id,
            "line_id": self.id,
            "warranty_part_id": self.point_id.warranty_part_id.id,
            "responsible": template.defect_responsible,
            "date_due": fields.Date.add(inspection.estate_id._today(), days=template.defect_days),
            "found_by_id": self.env.uid,
        }


def _copy_texts_sql(lines, source):
    """The statement that copies texts in all languages onto ``lines``."""
    texts = SQL(", ").join(
        SQL("%s = source.%s", SQL.identifier(name), SQL.identifier(name)) for name in COPIED_TEXTS
    )
    table, link = (
        ("property_inspection_line", "origin_id")
        if source == "line"
        else ("property_inspection_point", "point_id")
    )
    return SQL(
        "UPDATE property_inspection_line line SET %s FROM %s source"
        " WHERE source.id = line.%s AND line.id IN %s",
        texts,
        SQL.identifier(table),
        SQL.identifier(link),
        tuple(lines.ids),
    )
