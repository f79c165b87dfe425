import base64

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .inspection_common import PIXEL, InspectionCase


@tagged("post_install", "-at_install")
class TestInspection(InspectionCase):
    def test_an_inspection_has_its_own_copy_of_the_points(self):
        inspection = self.begin()
        self.template.point_ids[0].name = "Another Lock"
        self.template.point_ids[1].unlink()
        self.assertEqual(inspection.line_ids.mapped("name"), ["Lock", "Glass", "Pressure", "Drain"])
        self.assertEqual(inspection.line_ids[2].uom, "MPa")

    def test_points_are_copied_in_all_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.template.point_ids[0].with_context(lang="zh_CN").name = "门锁"
        line = self.begin().line_ids[0]
        self.assertEqual(line.with_context(lang="zh_CN").name, "门锁")
        self.assertEqual(line.with_context(lang="en_US").name, "Lock")

    def test_it_is_numbered_when_it_begins(self):
        planned = self.Inspection.create({"template_id": self.template.id, "unit_id": self.unit.id})
        self.assertFalse(planned.number)
        first, second = self.begin(), self.begin()
        numbers = [int(row.number.rsplit("-", 1)[1]) for row in (first, second)]
        self.assertEqual(numbers[1], numbers[0] + 1)
        self.assertIn("IN", first.number)
        self.assertEqual(first.user_id, self.engineer)

    def test_place_follows_from_the_occupancy(self):
        occupancy = self.make_occupancy(self.unit_2, self.tenant)
        inspection = self.Inspection.create(
            {"template_id": self.template.id, "occupancy_id": occupancy.id, "date": "2024-05-06"}
        )
        self.assertEqual(inspection.unit_id, self.unit_2)
        self.assertEqual(inspection.building_id, self.building)
        self.assertEqual(inspection.estate_id, self.estate)
        # nine o'clock in Shanghai
        self.assertEqual(str(inspection.date_planned), "2024-05-06 01:00:00")
        self.assertEqual(str(inspection.deadline), "2024-05-06 16:00:00")

    def test_progress_counts_answers(self):
        inspection = self.begin()
        inspection.line_ids[0].result = "ok"
        self.assertEqual((inspection.line_count, inspection.open_count), (4, 3))
        self.assertEqual(inspection.progress, 25.0)

    def test_all_ok_leaves_what_asks_for_a_number(self):
        inspection = self.begin()
        inspection.line_ids[1].result = "defect"
        inspection.action_all_ok()
        self.assertEqual(inspection.line_ids.mapped("result"), ["ok", "defect", False, "ok"])

    def test_finishing_needs_every_point(self):
        inspection = self.begin()
        with self.refused("Lock (answer)"):
            inspection.action_finish()
        inspection.line_ids.write({"result": "ok"})
        with self.refused("Pressure (number)"):
            inspection.action_finish()
        self.assertEqual(inspection.state, "in_progress")

    def test_a_photo_that_is_asked_for_is_enforced(self):
        inspection = self.begin()
        inspection.line_ids.write({"result": "ok", "number": 0.4})
        glass = inspection.line_ids[1]
        glass.result = "defect"
        with self.refused("Glass (photo)"):
            inspection.action_finish()
        self.photograph(glass)
        inspection.action_finish()
        self.assertEqual(inspection.state, "done")

    def test_a_number_outside_its_limits_is_flagged(self):
        inspection = self.begin()
        line = inspection.line_ids[2]
        row = inspection.enter_line(line.id, {"number": 0.2})
        self.assertTrue(row["outside"])
        self.assertEqual(row["result"], "defect")
        self.assertEqual(inspection.outside_count, 1)
        row = inspection.enter_line(line.id, {"number": 0.0})
        self.assertTrue(line.is_measured)
        row = inspection.enter_line(line.id, {"number": 0.3})
        self.assertEqual((row["outside"], row["result"]), (False, "ok"))
        row = inspection.enter_line(line.id, {"number": False})
        self.assertFalse(line.is_measured)

    def test_the_score_counts_what_applies(self):
        inspection = self.finish(Glass="defect")
        self.assertAlmostEqual(inspection.score_percent, 66.7, 1)

    def test_points_do_not_change_under_the_inspector(self):
        line = self.begin().line_ids[0]
        with self.refused("stay as they were"):
            line.name = "Something else"
        with self.refused("come from its template"):
            self.env["property.inspection.line"].create(
                {"inspection_id": line.inspection_id.id, "name": "More"}
            )

    def test_nothing_is_entered_before_start_or_after_finish(self):
        planned = self.Inspection.create({"template_id": self.template.id, "unit_id": self.unit.id})
        with self.refused("Press Start first"):
            planned.line_ids[0].result = "ok"
        done = self.finish()
        with self.refused("Go on Inspecting"):
            done.line_ids[0].result = "defect"
        with self.refused("Go on Inspecting"):
            done.remarks = "Changed"
        with self.refused("Go on Inspecting"):
            self.photograph(done.line_ids[0])

    def test_states_are_not_typed(self):
        inspection = self.begin()
        for values in ({"state": "signed"}, {"score_percent": 100}, {"void_reason": "x"}):
            with self.refused("follows from its buttons"):
                inspection.write(values)
        with self.refused("follows from its buttons"):
            self.Inspection.create(
                {"template_id": self.template.id, "unit_id": self.unit.id, "state": "done"}
            )

    def test_place_stays_when_it_has_begun(self):
        inspection = self.begin()
        with self.refused("has begun"):
            inspection.unit_id = self.unit_2
        planned = self.Inspection.create({"template_id": self.template.id, "unit_id": self.unit.id})
        planned.unit_id = self.unit_2
        self.assertEqual(planned.line_ids.unit_id, self.unit_2)

    def test_a_template_fits_its_estate_and_use(self):
        self.template.usage = "shop"
        with self.refused("is not meant for", ValidationError):
            self.begin()

    # --- signatures ---------------------------------------------------------

    def test_it_is_signed_by_the_parties_of_the_template(self):
        inspection = self.finish()
        self.assertEqual(inspection._signature_missing(), ["occupant", "inspector"])
        inspection._sign("occupant", "Mr Li", PIXEL)
        self.assertEqual(inspection.state, "done")
        inspection._sign("inspector", "Somebody else", PIXEL)
        staff = inspection.signature_ids.filtered(lambda row: row.role == "inspector")
        self.assertEqual(staff.name, self.engineer.name)
        self.assertEqual(inspection.state, "signed")
        self.assertTrue(inspection.signed_at)

    def test_signing_waits_for_the_end(self):
        with self.refused("signed when it is finished"):
            self.begin()._sign("inspector", "Engineer", PIXEL)

    def test_a_signed_inspection_never_changes(self):
        inspection = self.sign(self.finish())
        for change in (
            lambda: inspection.write({"remarks": "x"}),
            lambda: inspection.line_ids[0].write({"note": "x"}),
            lambda: inspection.action_reopen(),
            lambda: inspection._void("x"),
            lambda: inspection.sudo().unlink(),
            lambda: inspection.line_ids.sudo().unlink(),
            lambda: self.photograph(inspection.line_ids[0]),
        ):
            with self.assertRaises(UserError):
                change()
        self.assertEqual(inspection.signature_state, "complete")

    def test_going_on_makes_the_signatures_void(self):
        inspection = self.finish()
        inspection._sign("occupant", "Mr Li", PIXEL)
        inspection.action_reopen()
        self.assertTrue(inspection.signature_ids.is_void)
        self.assertEqual(inspection.state, "in_progress")

    def test_a_correction_is_a_new_inspection_that_refers_to_the_first(self):
        first = self.sign(self.finish(Glass="defect"))
        correction = self.Inspection.browse(first.action_correct()["res_id"])
        self.assertEqual(correction.correction_of_id, first)
        self.assertNotEqual(correction.number, first.number)
        self.assertEqual(correction.line_ids.mapped("result"), first.line_ids.mapped("result"))
        self.assertTrue(correction.line_ids[1].photo_ids)
        defect = first.defect_ids
        correction.line_ids[1].result = "ok"
        correction.line_ids[0].write({"result": "defect"})
        correction.action_finish()
        self.assertEqual(defect.state, "cancelled")
        self.assertEqual(correction.defect_ids.name, "Lock")
        self.assertEqual(first.state, "signed")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            first.action_correct()
            self.env.flush_all()

    # --- void ---------------------------------------------------------------

    def test_void_needs_a_reason_and_keeps_the_number(self):
        inspection = self.begin()
        with self.refused("Say why"):
            inspection._void(" ")
        action = inspection.action_void()
        window = (
            self.env["property.inspection.reason"]
            .with_user(self.engineer)
            .with_context(**action["context"])
            .create({"reason": "Wrong unit"})
        )
        window.action_confirm()
        self.assertEqual(inspection.state, "cancelled")
        self.assertEqual(inspection.void_reason, "Wrong unit")
        self.assertTrue(inspection.number)

    def test_the_window_does_only_what_needs_a_reason(self):
        window = (
            self.env["property.inspection.reason"]
            .with_user(self.engineer)
            .create(
                {
                    "res_model": "property.unit",
                    "res_id": self.unit.id,
                    "step": "void",
                    "reason": "x",
                }
            )
        )
        with self.refused("nothing here"):
            window.action_confirm()

    def test_what_has_begun_is_not_deleted(self):
        with self.refused("stays on record"):
            self.begin().sudo().unlink()

    # --- who ----------------------------------------------------------------

    def test_everybody_does_the_own_ones(self):
        inspection = self.begin()
        with self.assertRaises(AccessError):
            inspection.with_user(self.colleague).action_all_ok()
        with self.assertRaises(AccessError):
            inspection.with_user(self.colleague).enter_line(
                inspection.line_ids[0].id, {"result": "ok"}
            )
        with self.assertRaises(AccessError):
            inspection.line_ids[0].with_user(self.colleague).write({"result": "ok"})
        inspection.with_user(self.supervisor).action_all_ok()
        with self.assertRaises(AccessError):
            inspection.with_user(self.controller).action_all_ok()
        self.assertEqual(len(inspection.with_user(self.controller).get_sheet()["lines"]), 4)

    def test_photos_follow_the_inspection_by_url_too(self):
        photo = self.photograph(self.begin().line_ids[0])
        stranger = self.make_user("engineer", login="test_stranger")
        with self.assertRaises(AccessError):
            photo.with_user(stranger).read(["image"])
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", photo._name),
                ("res_id", "=", photo.id),
                ("res_field", "=", "image"),
            ]
        )
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            attachment.with_user(stranger).read(["datas"])

    def test_templates_are_the_managers(self):
        with self.assertRaises(AccessError):
            self.template.with_user(self.supervisor).name = "x"
        manager = self.make_user("manager", self.estate)
        self.template.with_user(manager).name = "Handover of a Unit"

    # --- the sheet ----------------------------------------------------------

    def test_the_sheet_keeps_point_by_point(self):
        inspection = self.begin()
        sheet = inspection.get_sheet()
        self.assertTrue(sheet["editable"])
        lock = sheet["lines"][0]
        self.assertEqual((lock["name"], lock["section"], lock["normal"]), ("Lock", "Door", "Turns"))
        row = inspection.enter_line(lock["id"], {"result": "defect", "note": "Jams"})
        self.assertEqual((row["result"], row["note"]), ("defect", "Jams"))
        row = inspection.enter_photo(lock["id"], PIXEL)
        row = inspection.enter_photo(lock["id"], PIXEL)
        self.assertEqual(len(row["photos"]), 2)
        row = inspection.remove_photo(row["photos"][0])
        self.assertEqual(len(row["photos"]), 1)
        other = self.begin()
        with self.refused("Open it again"):
            inspection.enter_line(other.line_ids[0].id, {"result": "ok"})
        with self.refused("takes no readings"):
            inspection.enter_reading("1", {"value": 3})

    def test_the_sheet_sends_no_other_fields(self):
        inspection = self.begin()
        line = inspection.line_ids[0]
        inspection.enter_line(line.id, {"result": "ok", "name": "x", "inspection_id": 1})
        self.assertEqual((line.name, line.result), ("Lock", "ok"))

    def test_a_picture_that_is_none_is_refused(self):
        inspection = self.begin()
        with self.assertRaises(UserError):
            inspection.enter_photo(
                inspection.line_ids[0].id, base64.b64encode(b"<script>no picture</script>")
            )
