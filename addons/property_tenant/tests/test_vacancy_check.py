from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import PIXEL, InspectionCase


@tagged("post_install", "-at_install")
class TestVacancyCheck(InspectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls.make_user("cashier", cls.estate)
        cls.lead = cls.make_user("supervisor", cls.estate)
        make = cls.env["property.department"].create
        cls.engineering = make(
            {"name": "Engineering X", "member_ids": [Command.create({"user_id": cls.engineer.id})]}
        )
        cls.finance = make(
            {"name": "Finance X", "member_ids": [Command.create({"user_id": cls.cashier.id})]}
        )
        cls.make_occupancy(cls.unit, cls.tenant, state="active")

    def ask(self):
        check = (
            self.env["property.vacancy.check"]
            .with_user(self.lead)
            .create(
                {
                    "estate_id": self.estate.id,
                    "department_ids": [Command.set((self.engineering | self.finance).ids)],
                }
            )
        )
        check.action_ask()
        return check

    def difference(self, check, user, department, **values):
        return (
            self.env["property.vacancy.difference"]
            .with_user(user)
            .create(
                {
                    "check_id": check.id,
                    "unit_id": self.unit_2.id,
                    "department_id": department.id,
                    "note": "Water was used",
                    **values,
                }
            )
        )

    def test_the_list_is_made_of_the_units(self):
        check = self.ask()
        self.assertEqual(check.line_ids.unit_id, self.unit_2 | self.unit_3)
        self.assertIn("VC", check.number)
        self.assertEqual(check.unit_count, 2)

    def test_each_department_signs_for_itself(self):
        check = self.ask()
        engineering, finance = (
            f"department_{department.id}" for department in (self.engineering, self.finance)
        )
        with self.refused("do not work for this department"):
            check.with_user(self.engineer)._sign(finance, "x", PIXEL)
        check.with_user(self.engineer)._sign(engineering, "x", PIXEL)
        self.assertEqual(check.state, "asked")
        # who may not write the list signs it all the same
        check.with_user(self.cashier)._sign(finance, "x", PIXEL)
        self.assertEqual(check.state, "done")
        self.assertFalse(check.with_user(self.cashier).has_access("write"))

    def test_a_difference_is_a_to_do(self):
        check = self.ask()
        row = self.difference(check, self.cashier, self.finance)
        self.assertEqual(row.activity_ids.user_id, self.lead)
        self.assertIn("Water was used", check.line_ids[0].difference)
        self.assertFalse(check.line_ids[1].difference)
        self.assertEqual(check.difference_count, 1)
        with self.assertRaises(AccessError):
            row.action_corrected()
        row.with_user(self.lead).action_corrected()
        self.assertEqual(row.state, "corrected")
        self.assertFalse(row.activity_ids)

    def test_a_unit_that_is_not_on_the_list(self):
        row = self.difference(
            self.ask(), self.cashier, self.finance, unit_id=self.unit.id, says="vacant"
        )
        self.assertEqual(row.says, "vacant")

    def test_only_those_asked_may_answer(self):
        check = self.ask()
        with self.refused("do not work for it"):
            self.difference(check, self.engineer, self.finance)
        check._void("Begun too early")
        with self.refused("is not being compared"):
            self.difference(check, self.cashier, self.finance)

    def test_what_was_said_stays(self):
        check = self.ask()
        row = self.difference(check, self.cashier, self.finance)
        for change in (
            lambda: row.sudo().write({"state": "wrong"}),
            lambda: row.sudo().unlink(),
            lambda: check.write({"date": "2024-01-01"}),
            lambda: check.write({"state": "done"}),
            lambda: check.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                change()
