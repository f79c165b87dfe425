from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .inspection_common import InspectionCase


@tagged("post_install", "-at_install")
class TestDefect(InspectionCase):
    def setUp(self):
        super().setUp()
        self.template.write({"defect_responsible": "developer", "defect_days": 10})
        self.inspection = self.finish(Glass="defect")
        self.defect = self.inspection.defect_ids.with_user(self.engineer)

    def test_a_point_with_a_defect_makes_one(self):
        defect = self.defect
        self.assertEqual(len(defect), 1)
        self.assertEqual((defect.name, defect.location), ("Glass", "Door"))
        self.assertEqual(defect.description, "Glass is broken")
        self.assertEqual(defect.responsible, "developer")
        self.assertEqual(defect.unit_id, self.unit)
        self.assertEqual(defect.found_by_id, self.engineer)
        self.assertEqual((defect.date_due - defect.date_found).days, 10)
        self.assertEqual(defect.photo_ids, self.inspection.line_ids[1].photo_ids)
        self.assertIn("DF", defect.number)

    def test_finishing_twice_makes_no_second_one(self):
        self.inspection.action_reopen()
        self.inspection.action_finish()
        self.assertEqual(self.inspection.defect_ids, self.defect)

    def test_what_is_in_order_after_all_is_cancelled(self):
        self.inspection.action_reopen()
        self.inspection.line_ids[1].result = "ok"
        self.inspection.action_finish()
        self.assertEqual(self.defect.state, "cancelled")
        self.assertIn(self.inspection.number, self.defect.cancel_reason)

    def test_a_correction_can_be_finished_when_the_defect_was_mended_meanwhile(self):
        self.sign(self.inspection)
        self.defect.action_begin()
        self.defect.action_mend()
        action = self.inspection.action_correct()
        correction = self.Inspection.browse(action["res_id"])
        correction.line_ids[1].result = "ok"
        correction.action_finish()
        self.assertEqual((correction.state, self.defect.state), ("done", "mended"))
        self.assertFalse(correction.defect_ids)

    def test_mended_then_looked_at_by_who_found_it(self):
        self.defect.with_user(self.colleague).action_begin()
        self.assertEqual(self.defect.user_id, self.colleague)
        self.defect.with_user(self.colleague).action_mend()
        with self.refused("was found by"):
            self.defect.with_user(self.colleague).action_accept()
        self.assertTrue(self.defect.may_check)
        self.assertFalse(self.defect.with_user(self.colleague).may_check)
        self.defect.action_accept()
        self.assertEqual(self.defect.state, "accepted")
        self.assertEqual(self.defect.checked_by_id, self.engineer)
        with self.refused("is closed"):
            self.defect.name = "Another"

    def test_still_wrong_goes_back(self):
        self.defect.action_begin()
        self.defect.action_mend()
        action = self.defect.action_refuse()
        self.env["property.inspection.reason"].with_user(self.engineer).with_context(
            **action["context"]
        ).create({"reason": "Still loose"}).action_confirm()
        self.assertEqual(self.defect.state, "open")
        self.assertFalse(self.defect.mended_at)
        self.assertIn("Still loose", self.defect.message_ids[0].body)

    def test_states_are_not_typed(self):
        for values in ({"state": "accepted"}, {"checked_by_id": self.engineer.id}):
            with self.refused("follows from its buttons"):
                self.defect.write(values)
        with self.refused("cannot become"):
            self.defect.action_accept()
        with self.refused("follows from its buttons"):
            self.env["property.defect"].with_user(self.engineer).create(
                {"name": "x", "unit_id": self.unit.id, "found_by_id": self.colleague.id}
            )

    def test_cancelling_needs_a_reason(self):
        with self.refused("Say why"):
            self.defect._cancel("")
        self.defect._cancel("Was reported twice")
        self.assertEqual(self.defect.state, "cancelled")

    def test_a_defect_stays_on_record(self):
        with self.assertRaises(UserError):
            self.defect.sudo().unlink()

    def test_reported_on_the_way(self):
        defect = (
            self.env["property.defect"]
            .with_user(self.desk)
            .create({"name": "Lamp is out", "unit_id": self.unit_3.id})
        )
        self.assertEqual(defect.estate_id, self.estate)
        self.assertEqual(defect.found_by_id, self.desk)
        with self.assertRaises(AccessError):
            defect.with_user(self.controller).action_begin()

    def test_late_ones_are_found(self):
        self.assertNotIn(self.defect, self.defect.search([("is_late", "=", True)]))
        self.defect.date_due = "2020-01-01"
        self.assertTrue(self.defect.is_late)
        self.assertIn(self.defect, self.defect.search([("is_late", "=", True)]))
        self.assertNotIn(self.defect, self.defect.search([("is_late", "=", False)]))

    def test_voiding_the_inspection_cancels_what_is_open(self):
        self.inspection._void("Wrong unit")
        self.assertEqual(self.defect.state, "cancelled")

    def test_counts_on_unit_and_occupancy(self):
        self.assertEqual(self.unit.open_defect_count, 1)
        self.assertEqual(self.unit.inspection_count, 1)
        self.assertEqual(
            self.unit.action_view_defects()["domain"], [("unit_id", "in", self.unit.ids)]
        )


@tagged("post_install", "-at_install")
class TestHandover(InspectionCase):
    def test_begun_from_the_occupancy_with_the_template_of_the_use(self):
        special = self.make_template("Offices", kind="handover", usage="office")
        own = self.make_template(
            "Offices here", kind="handover", usage="office", estate_id=self.estate.id
        )
        occupancy = self.make_occupancy(self.unit, self.tenant, state="moving_in")
        action = occupancy.with_user(self.desk).action_inspect()
        inspection = self.env["property.inspection"].browse(action["res_id"])
        self.assertEqual(inspection.template_id, own)
        self.assertNotEqual(inspection.template_id, special)
        self.assertEqual(inspection.occupancy_id, occupancy)
        # pressed again: the same one
        self.assertEqual(occupancy.action_inspect()["res_id"], inspection.id)

    def test_there_are_templates_for_offices_flats_and_shops(self):
        Template = self.env["property.inspection.template"]
        self.template.active = False
        for usage in ("office", "residential", "shop"):
            self.unit.usage = usage
            self.assertEqual(Template._find("handover", self.unit).usage, usage)
            self.assertTrue(Template._find("move_out", self.unit))

    def test_no_template_is_said(self):
        self.env["property.inspection.template"].search([("kind", "=", "handover")]).active = False
        occupancy = self.make_occupancy(self.unit, self.tenant, state="moving_in")
        with self.refused("no inspection template"):
            occupancy.action_inspect()

    def test_signed_ones_are_known(self):
        occupancy = self.make_occupancy(self.unit, self.tenant, state="moving_in")
        inspection = self.finish(self.begin(occupancy_id=occupancy.id))
        self.assertFalse(occupancy._get_signed_inspections("handover"))
        self.sign(inspection)
        self.assertEqual(occupancy._get_signed_inspections("handover"), occupancy)
        self.assertFalse(occupancy._get_signed_inspections("move_out"))

    def test_the_step_of_the_checklist_is_proven_by_the_signatures(self):
        occupancy = self.make_occupancy(self.unit, self.tenant, state="moving_in")
        member = self.make_occupancy(
            self.unit_2, self.tenant, state="moving_in", lead_id=occupancy.id
        )
        self.assertIn("A-101, A-102", occupancy._prove_inspection()[occupancy.id])
        self.sign(self.finish(self.begin(occupancy_id=occupancy.id)))
        self.assertIn("A-102", occupancy._prove_inspection()[occupancy.id])
        second = self.begin(occupancy_id=member.id, unit_id=self.unit_2.id)
        self.sign(self.finish(second))
        self.assertFalse(occupancy._prove_inspection()[occupancy.id])
        self.assertIn("A-101", occupancy._prove_out_inspection()[occupancy.id])

    def test_today_lists_what_is_to_do(self):
        told = self.env["property.today"].with_user(self.engineer)
        lines = {line.key: line for line in told._get_lines()}
        self.begin()
        defect = self.finish(Glass="defect").defect_ids.with_user(self.engineer)
        count = {
            key: self.env[line.model].with_user(self.engineer).search_count(line.domain)
            for key, line in lines.items()
            if key.startswith(("inspection_", "defect_"))
        }
        self.assertGreaterEqual(count["inspection_today"], 1)
        self.assertGreaterEqual(count["inspection_to_sign"], 1)
        self.assertEqual(count["defect_check"], 0)
        defect.action_begin()
        defect.action_mend()
        check = lines["defect_check"]
        self.assertEqual(defect.search(check.domain), defect)
