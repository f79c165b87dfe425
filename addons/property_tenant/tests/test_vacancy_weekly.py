from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import PIXEL, InspectionCase


@tagged("post_install", "-at_install")
class TestVacantByItself(InspectionCase):
    """The daily round and the weekly comparison of vacant units need nobody to plan them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.department"].search([]).active = False
        cls.cashier = cls.make_user("cashier", cls.estate)
        make = cls.env["property.department"].create
        cls.engineering = make({"name": "Engineering X", "head_id": cls.engineer.id})
        cls.engineering.member_ids = [Command.create({"user_id": cls.colleague.id})]
        cls.finance = make(
            {"name": "Finance X", "member_ids": [Command.create({"user_id": cls.cashier.id})]}
        )
        cls.nobody = make({"name": "Nobody X"})
        # the next Monday, the estate having begun long before
        today = cls.estate._today()
        cls.monday = today + timedelta(days=7 - today.weekday())
        cls.checks = cls.env["property.vacancy.check"]

    def of_estate(self):
        return self.checks.search([("estate_id", "=", self.estate.id)])

    def test_on_its_day_the_departments_are_asked(self):
        self.estate._run_daily(self.monday)
        check = self.of_estate()
        self.assertEqual((check.state, check.date), ("asked", self.monday))
        self.assertEqual(check.line_ids.unit_id, self.unit | self.unit_2 | self.unit_3)
        self.assertEqual(check.department_ids, self.engineering | self.finance)
        # the head, and where there is none those who act for it
        self.assertEqual(check.activity_ids.user_id, self.engineer | self.cashier)
        for day in (0, 1, 6):
            self.estate._run_daily(self.monday + timedelta(days=day))
        self.assertEqual(self.of_estate(), check)
        self.estate._run_daily(self.monday + timedelta(days=7))
        self.assertEqual(len(self.of_estate()), 2)

    def test_a_day_that_was_missed_is_made_up_for(self):
        self.estate.vacancy_check_day = "2"
        self.estate._run_daily(self.monday)
        self.assertFalse(self.of_estate())
        self.estate._run_daily(self.monday + timedelta(days=4))
        self.assertEqual(len(self.of_estate()), 1)

    def test_it_can_be_left_to_people(self):
        self.estate.write({"vacancy_check_day": False, "vacant_round": False})
        for day in range(8):
            self.estate._run_daily(self.monday + timedelta(days=day))
        self.assertFalse(self.of_estate())
        plans = self.env["property.inspection.plan"].search([("estate_id", "=", self.estate.id)])
        self.assertFalse(plans)

    def test_nothing_vacant_nothing_to_do(self):
        for unit in (self.unit, self.unit_2, self.unit_3):
            self.make_occupancy(unit, self.tenant, state="active")
        self.estate._run_daily(self.monday)
        self.assertFalse(self.of_estate())
        self.assertFalse(
            self.env["property.inspection.plan"].search([("estate_id", "=", self.estate.id)])
        )

    def test_who_has_signed_has_nothing_to_do_any_more(self):
        self.estate._run_daily(self.monday)
        check = self.of_estate()
        for user, department in ((self.engineer, self.engineering), (self.cashier, self.finance)):
            mine = self.checks.with_user(user)
            self.assertEqual(mine._get_waiting_for_me(), check)
            lines = self.env["property.today"].with_user(user)._get_lines()
            [line] = [line for line in lines if line.key == "vacancy_compare"]
            self.assertEqual(mine.search(line.domain), check)
            check.with_user(user)._sign(f"department_{department.id}", user.name, PIXEL)
            self.assertFalse(mine._get_waiting_for_me())
            self.assertNotIn(user, check.activity_ids.user_id)
        self.assertEqual(check.state, "done")
        self.assertFalse(check.activity_ids)

    def test_a_void_list_is_no_work(self):
        self.estate._run_daily(self.monday)
        check = self.of_estate()
        check._void("The wrong day")
        self.assertFalse(check.activity_ids)

    def test_a_department_notes_differences_and_does_not_refuse(self):
        self.estate._run_daily(self.monday)
        check = self.of_estate()
        key = f"department_{self.finance.id}"
        with self.refused("press Note a Difference"):
            check.with_user(self.cashier)._sign(key, "Cashier", False, "I do not agree")
        self.assertEqual(check.state, "asked")

    def test_the_daily_round_comes_from_the_template_of_the_suite(self):
        Plan = self.env["property.inspection.plan"]
        own = [("estate_id", "=", self.estate.id)]
        # its morning must not be over
        day = self.estate._today() + timedelta(days=1)
        self.estate._run_daily(day)
        plan = Plan.search(own)
        self.assertEqual(
            plan.template_id, self.env.ref("property_tenant.inspection_template_vacant")
        )
        self.assertEqual(plan.inspection_ids.mapped("date"), [day])
        self.estate._run_daily(day + timedelta(days=1))
        self.assertEqual(Plan.search(own), plan)
        self.assertEqual(len(plan.inspection_ids), 2)
        plan.active = False
        made = plan.inspection_ids
        self.estate._run_daily(day + timedelta(days=2))
        self.assertEqual(plan.inspection_ids, made)
        self.assertFalse(Plan.search(own))

    def test_a_round_is_not_made_while_nothing_is_vacant(self):
        day = self.estate._today() + timedelta(days=1)
        self.estate._run_daily(day)
        plan = self.env["property.inspection.plan"].search([("estate_id", "=", self.estate.id)])
        for unit in (self.unit, self.unit_2, self.unit_3):
            self.make_occupancy(unit, self.tenant, state="active")
        self.estate._run_daily(day + timedelta(days=1))
        self.assertEqual(plan.inspection_ids.mapped("date"), [day])


@tagged("post_install", "-at_install")
class TestDefectWarranty(InspectionCase):
    """A defect says until when its part is under warranty, and who answers for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls.env["property.warranty.part"].create({"name": "Glass", "months": 24})
        cls.developer = cls.make_partner("Builder Ltd")
        cls.estate.warranty_partner_id = cls.developer
        cls.template.point_ids[1].warranty_part_id = cls.part
        cls.template.defect_responsible = "engineering"

    def find(self, months_ago):
        self.unit.warranty_start = self.estate._today() - timedelta(days=30 * months_ago)
        return self.finish(Glass="defect", Lock="defect").defect_ids

    def test_what_is_covered_is_the_developers(self):
        lock, glass = self.find(12).sorted(lambda defect: defect.name, reverse=True)
        self.assertEqual((glass.warranty_part_id, glass.is_covered), (self.part, True))
        self.assertEqual(glass.warranty_until, self.unit._get_warranty(self.part)[0])
        self.assertEqual((glass.responsible, glass.partner_id), ("developer", self.developer))
        self.assertIn("Builder Ltd answers for it", glass.warranty_note)
        self.assertFalse(lock.warranty_note)
        self.assertEqual(lock.responsible, "engineering")

    def test_afterwards_it_is_who_the_template_says(self):
        glass = self.find(40).filtered("warranty_part_id")
        self.assertFalse(glass.is_covered)
        self.assertIn("The warranty ended on", glass.warranty_note)
        self.assertEqual(glass.responsible, "engineering")

    def test_the_points_that_come_with_the_suite_know_their_warranty(self):
        point = self.env.ref("property_tenant.inspection_point_handover_office_09")
        self.assertEqual(point.warranty_part_id, self.env.ref("property_tenant.warranty_heating"))
