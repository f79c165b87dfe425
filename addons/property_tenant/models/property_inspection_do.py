"""Starting, finishing, voiding and correcting an inspection."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..calc.inspection import score_percent
from .property_defect import OPEN_STATES
from .property_inspection_point import COPIED_FIELDS


class PropertyInspection(models.Model):
    _inherit = "property.inspection"

    # --- the own copy of the points -----------------------------------------

    def _make_lines(self):
        """Copy the points of the templates, in all languages, and who signs."""
        waiting = self.filtered(lambda row: not row.line_ids)
        vacant = waiting._get_vacant_units()
        rows = []
        for inspection in waiting:
            template = inspection.template_id
            places = inspection._get_places(vacant.get(inspection, self.env["property.unit"]))
            for position, (unit, points) in enumerate(places):
                rows += [
                    {
                        "inspection_id": inspection.id,
                        "place_sequence": position,
                        "unit_id": unit.id,
                        "point_id": point.id,
                        "name": point.name,
                        **{name: point[name] for name in COPIED_FIELDS},
                    }
                    for point in points
                ]
            inspection._store(
                {
                    "signers": [
                        {"party": row.party, "required": row.is_required}
                        for row in template.signer_ids
                    ]
                }
            )
        # whoever makes an inspection gets its points; nobody makes points otherwise
        lines = self.env["property.inspection.line"].sudo()._create_rows(rows)
        lines._copy_texts()

    def _get_places(self, vacant):
        """Pairs of unit and points, in the order in which they are looked at."""
        self.ensure_one()
        template = self.template_id
        points = template.point_ids
        if template.layout == "route":
            return [
                (
                    stop.unit_id,
                    points.filtered(lambda p, stop=stop: not p.stop_id or p.stop_id == stop),
                )
                for stop in template.stop_ids
            ]
        if template.layout == "vacant":
            return [(unit, points) for unit in vacant]
        return [(self.unit_id, points)]

    def _get_vacant_units(self):
        """The vacant units that each round passes, in order: {inspection: units}."""
        rounds = self.filtered(lambda row: row.template_id.layout == "vacant")
        if not rounds:
            return {}
        units = self.env["property.unit"].search(
            [
                ("estate_id", "in", rounds.estate_id.ids),
                ("status", "=", "vacant"),
                ("usage", "not in", ("common", "parking")),
            ]
        )
        found = {}
        for inspection in rounds:
            template = inspection.template_id
            found[inspection] = units.filtered(
                lambda unit, inspection=inspection, template=template: (
                    unit.estate_id == inspection.estate_id
                    and inspection.building_id in (unit.building_id, unit.building_id.browse())
                    and inspection.unit_id in (unit, unit.browse())
                    and template.usage in (False, unit.usage)
                )
            )
        return found

    def _renew_lines(self):
        """The place has changed before the inspection began: other points."""
        planned = self.filtered(lambda row: row.state == "planned" and row.line_ids)
        # as they were made: nobody has the right to delete points
        planned.line_ids.sudo().unlink()
        planned._make_lines()

    # --- starting and finishing ---------------------------------------------

    def _check_mine(self):
        """Who may write the inspection does it."""
        self.check_access("write")

    def action_start(self):
        """Begin to inspect: the points are copied, the number is given."""
        self._check_mine()
        for inspection in self:
            if inspection.state != "planned":
                continue
            if not inspection.line_ids:
                inspection._make_lines()
            if not inspection.line_ids:
                raise UserError(inspection._explain_nothing())
            inspection._give_numbers()
            inspection._move(
                "in_progress",
                {
                    "started_at": fields.Datetime.now(),
                    "user_id": inspection.user_id.id or self.env.uid,
                },
            )
        return True

    def _explain_nothing(self):
        if self.layout == "vacant":
            return self.env._(
                "There is no vacant unit to look at for %(inspection)s. Make it void, saying so.",
                inspection=self.display_name,
            )
        return self.env._(
            "%(template)s has no points yet. Ask the manager to add them to the template.",
            template=self.template_id.name,
        )

    def action_all_ok(self):
        """Everything not answered yet is in order; what asks for a number or a photo stays."""
        self._check_mine()
        self._check_in_progress()
        self.line_ids._answer_rest()
        return True

    def _check_in_progress(self):
        for inspection in self:
            if inspection.state == "planned":
                raise UserError(
                    self.env._(
                        "%(inspection)s has not begun. Press Start first.",
                        inspection=inspection.display_name,
                    )
                )
            if inspection.state != "in_progress":
                raise UserError(inspection._explain_closed())

    def action_finish(self):
        """All points are answered: defects are made of what is wrong."""
        self._check_mine()
        self._check_in_progress()
        for inspection in self:
            inspection._check_answered()
        for inspection in self:
            lines = inspection.line_ids
            percent = score_percent([(line.result, line.points) for line in lines])
            inspection._move(
                "done",
                {
                    "done_at": fields.Datetime.now(),
                    "done_by_id": self.env.uid,
                    "score_percent": percent or 0.0,
                },
            )
        self._make_defects()
        return True

    def _check_answered(self):
        """Refuse when a point lacks its answer, number or photo; other addons add theirs."""
        self.ensure_one()
        missing = self.line_ids._get_missing()
        if not missing:
            return
        labels = {
            "result": self.env._("answer"),
            "number": self.env._("number"),
            "photo": self.env._("photo"),
        }
        named = [f"{line._get_title()} ({labels[what]})" for line, what in missing[:5]]
        if len(missing) > 5:
            named.append(self.env._("and %s more", len(missing) - 5))
        raise UserError(
            self.env._(
                "%(inspection)s is not complete yet: %(points)s.",
                inspection=self.display_name,
                points=", ".join(named),
            )
        )

    def action_reopen(self):
        """Go on inspecting: a finished inspection that is not signed by all."""
        self._check_mine()
        for inspection in self:
            if inspection.state != "done":
                raise UserError(inspection._explain_closed())
            inspection._signature_rows()._void(self.env._("the inspection goes on"))
            inspection._move("in_progress", {"done_at": False, "done_by_id": False})
        return True

    def _make_defects(self):
        """One defect for each point with a defect; what is not wrong any more is cancelled."""
        lines = self.line_ids
        known = {
            defect.line_id: defect
            for defect in self.env["property.defect"].search(
                [("line_id", "in", (lines | lines.origin_id).ids), ("state", "!=", "cancelled")]
            )
        }
        rows = []
        for line in lines:
            defect = known.get(line) or known.get(line.origin_id)
            if line.result == "defect" and not defect:
                rows.append(line._prepare_defect())
            elif defect and line.result != "defect" and defect.state in OPEN_STATES:
                # one that is mended is for its finder to judge, one accepted is closed
                defect._withdraw(
                    self.env._("%s says that it is in order", line.inspection_id.number)
                )
        # who inspects reports defects, whatever else he may do with them
        defects = self.env["property.defect"].sudo()._create_rows(rows)
        defects._blame_developer()
        defects.line_id.photo_ids.flush_recordset()
        for defect in defects:
            # the photos of the point are closed; that the defect shows them, too, follows
            defect.line_id.photo_ids.sudo().write({"defect_id": defect.id})
        defects._make_ticket()

    # --- void and correction ------------------------------------------------

    def action_void(self):
        """Ask why, then make the inspection void."""
        self.ensure_one()
        self._check_mine()
        return self.env["property.inspection.reason"]._open(self, "void", self.env._("Make Void"))

    def _void(self, reason):
        """The inspection does not count; it stays on record with the reason."""
        self._check_mine()
        for inspection in self:
            if inspection.state in ("signed", "cancelled"):
                raise UserError(inspection._explain_closed())
            if not (reason or "").strip():
                raise UserError(
                    self.env._(
                        "Say why %(inspection)s is void.", inspection=inspection.display_name
                    )
                )
            inspection._give_numbers()
            inspection._move("cancelled", {"void_reason": reason.strip()})
        self.defect_ids.filtered(lambda row: row.state == "open")._withdraw(reason)

    def action_correct(self):
        """A new inspection in the place of a signed one, which stays as it is.

        It begins with the answers of the first.
        """
        self.ensure_one()
        self._check_mine()
        if self.state not in ("done", "signed"):
            raise UserError(
                self.env._(
                    "%(inspection)s is not signed, so it can still be changed.",
                    inspection=self.display_name,
                )
            )
        correction = self._copy_for_correction()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": correction.id,
            "views": [(False, "form")],
        }

    def _copy_for_correction(self):
        now = fields.Datetime.now()
        # made by the button only, which has checked; the values are those of the first
        correction = self._create_rows(
            [
                {
                    "template_id": self.template_id.id,
                    "estate_id": self.estate_id.id,
                    "building_id": self.building_id.id,
                    "unit_id": self.unit_id.id,
                    "occupancy_id": self.occupancy_id.id,
                    "department_id": self.department_id.id,
                    "participants": self.participants,
                    "remarks": self.remarks,
                    "date_planned": now,
                    "date": self.estate_id._today(),
                    "user_id": self.env.uid,
                    "correction_of_id": self.id,
                    "signers": self.signers,
                }
            ]
        )
        rows = [
            {
                "inspection_id": correction.id,
                "origin_id": line.id,
                "name": line.name,
                "place_sequence": line.place_sequence,
                "unit_id": line.unit_id.id,
                "point_id": line.point_id.id,
                "result": line.result,
                "note": line.note,
                "number": line.number,
                "is_measured": line.is_measured,
                **{name: line[name] for name in COPIED_FIELDS},
            }
            for line in self.line_ids
        ]
        # as in _make_lines
        lines = self.env["property.inspection.line"].sudo()._create_rows(rows)
        lines._copy_texts(from_lines=True)
        lines._copy_photos()
        correction._give_numbers()
        correction._move("in_progress", {"started_at": now})
        return correction

    # --- hooks --------------------------------------------------------------

    def _get_reading_rows(self):
        """What is read off meters with this inspection, for the screen and the papers.

        Other addons fill it; each row is a dict with ``key``, ``name``, ``detail``, ``last``,
        ``value`` (text), ``uom``, ``note``, ``photos`` (addresses), ``finding``.
        """
        self.ensure_one()
        return []

    def _enter_reading(self, key, values):
        """Keep an index typed on the screen; returns the row."""
        raise UserError(
            self.env._("%(inspection)s takes no readings.", inspection=self.display_name)
        )
