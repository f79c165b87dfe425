from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestVisit(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.steward = cls.make_user("steward", cls.estate)
        cls.supervisor = cls.make_user("supervisor", cls.estate)

    def make_visit(self, **values):
        return (
            self.env["property.visit"]
            .with_user(self.steward)
            .create({"occupancy_id": self.occupancy.id, **values})
        )

    def make_plan(self, **values):
        return (
            self.env["property.visit.plan"]
            .with_user(self.supervisor)
            .create(
                {
                    "name": "Spring",
                    "estate_id": self.estate.id,
                    "date_from": "2030-03-01",
                    "date_to": "2030-03-31",
                    **values,
                }
            )
        )

    def test_numbers_have_no_gaps_and_stay(self):
        first, second = self.make_visit(), self.make_visit()
        year = self.estate._today().year
        self.assertEqual(first.number, f"HP-V{year}-00001")
        self.assertEqual(second.number, f"HP-V{year}-00002")
        with self.refused("keeps its number"):
            second.write({"number": "HP-V-1"})
        with self.refused("stays on record"):
            second.sudo().unlink()

    def test_a_number_rolled_back_is_given_again(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.make_visit()
            raise ZeroDivisionError
        self.assertTrue(self.make_visit().number.endswith("-00001"))

    def test_done_needs_what_was_said(self):
        visit = self.make_visit()
        with self.refused(visit.number):
            visit.action_done()
        self.assertEqual(visit.state, "planned")
        visit.asked = "The lift is slow."
        visit.action_done()
        self.assertEqual(visit.state, "done")
        self.assertTrue(visit.date_done)

    def test_what_was_recorded_stays(self):
        visit = self.make_visit(asked="The lift is slow.")
        visit.action_done()
        for vals in ({"asked": "Nothing."}, {"date_done": "2024-01-01"}, {"state": "planned"}):
            with self.refused(visit.number):
                visit.write(vals)

    def test_cancelling_needs_a_reason(self):
        visit = self.make_visit()
        with self.refused("Fill in why"):
            visit.action_cancel()
        visit.cancel_reason = "Nobody at home"
        visit.action_cancel()
        self.assertEqual(visit.state, "cancelled")
        visit.action_plan_again()
        self.assertEqual(visit.state, "planned")

    def test_a_promise_is_on_the_list_of_who_keeps_it(self):
        engineer = self.make_user("engineer", self.estate)
        visit = self.make_visit(asked="The tap drips.")
        promise = self.env["property.visit.promise"].create(
            {
                "visit_id": visit.id,
                "text": "Mend the tap",
                "user_id": engineer.id,
                "date_due": "2030-01-05",
            }
        )
        visit.action_done()
        activity = visit.activity_ids.filtered(lambda row: row.user_id == engineer)
        self.assertEqual(activity.summary, "Mend the tap")
        self.assertEqual(activity.date_deadline, date(2030, 1, 5))
        self.assertEqual(visit.open_promise_count, 1)
        promise.with_user(self.steward).action_kept()
        self.assertEqual(promise.date_kept, self.estate._today())
        self.assertEqual(visit.open_promise_count, 0)

    def test_signatures_are_void_when_what_was_said_changes(self):
        visit = self.make_visit(asked="The tap drips.")
        picture = self.picture()
        visit._sign("occupant", "Tina Tenant", picture)
        self.assertEqual(visit.signature_state, "partly")
        self.assertEqual(visit.signature_missing, "Visitor")
        visit._sign("visitor", "whoever", picture)
        self.assertEqual(visit.signature_state, "complete")
        # the staff sign in their own name
        self.assertEqual(
            visit.signature_ids.filtered(lambda row: row.role == "visitor").name, self.steward.name
        )
        visit.answered = "A colleague comes tomorrow."
        self.assertEqual(visit.signature_state, "none")
        self.assertEqual(len(visit.signature_ids), 2)
        self.assertTrue(all(visit.signature_ids.mapped("is_void")))

    def picture(self):
        # a single transparent pixel
        return (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
            "AABJRU5ErkJggg=="
        )

    def test_others_estates_are_out_of_reach(self):
        other = self.make_estate("ZZ")
        stranger = self.make_user("steward", other, login="stranger")
        visit = self.make_visit()
        visits = self.env["property.visit"].with_user(stranger)
        self.assertFalse(visits.search([("id", "=", visit.id)]))
        with self.assertRaises(AccessError):
            visits.browse(visit.id).write({"asked": "…"})
        with self.assertRaises(AccessError):
            visits.browse(visit.id)._sign("occupant", "A", self.picture())

    def test_engineers_read_visits_only(self):
        engineer = self.make_user("engineer", self.estate)
        visit = self.make_visit(asked="…").with_user(engineer)
        self.assertEqual(visit.state, "planned")
        for call in (visit.action_done, visit.action_sign):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            visit.write({"asked": "…"})

    # --- plans ------------------------------------------------------------

    def test_a_plan_visits_every_occupant_once_on_working_days(self):
        owner = self.make_occupancy(
            self.unit_2, self.owner, kind="owner", self_use=True, state="active"
        )
        self.make_occupancy(self.unit_3, self.owner, kind="owner", state="active")
        plan = self.make_plan()
        self.assertEqual(plan.count_missing, 2)
        plan.action_plan_visits()
        self.assertEqual(plan.visit_ids.occupancy_id, self.occupancy | owner)
        days = {self.estate._local_date(visit.date_planned) for visit in plan.visit_ids}
        self.assertTrue(all(day.weekday() < 5 for day in days))
        self.assertEqual((plan.count_planned, plan.count_missing, plan.coverage), (2, 0, 0.0))
        with self.refused("All occupants"):
            plan.action_plan_visits()
        visit = plan.visit_ids[0]
        visit.asked = "…"
        visit.action_done()
        plan.invalidate_recordset()
        self.assertEqual(plan.coverage, 50.0)

    def test_a_lease_of_several_units_is_visited_once(self):
        self.make_occupancy(self.unit_2, self.tenant, lead_id=self.occupancy.id, state="active")
        plan = self.make_plan()
        plan.action_plan_visits()
        self.assertEqual(plan.visit_ids.occupancy_id, self.occupancy)

    def test_a_plan_without_working_day_says_so(self):
        # a weekend
        plan = self.make_plan(date_from="2030-03-02", date_to="2030-03-03")
        with self.refused("no working day"):
            plan.action_plan_visits()
        self.assertFalse(plan.visit_ids)

    def test_the_database_refuses_a_second_visit_of_a_plan(self):
        plan = self.make_plan()
        plan.action_plan_visits()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["property.visit"]._create_rows(
                [{"occupancy_id": self.occupancy.id, "plan_id": plan.id}]
            )

    def test_planning_costs_the_same_number_of_queries_for_many(self):
        def units(count, prefix):
            for number in range(count):
                unit = self.make_unit(self.building, f"{prefix}{number}")
                self.make_occupancy(unit, self.tenant, state="active")

        def queries(**values):
            plan = self.make_plan(**values)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan.action_plan_visits()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        units(9, "X")
        few = queries()
        units(90, "Y")
        many = queries(name="Later")
        # numbers are written one by one, in packets of one statement
        self.assertLessEqual(many, few + 15)

    def test_the_last_visit_is_found(self):
        visit = self.make_visit(asked="…")
        Occupancy = self.env["property.occupancy"]
        never = Occupancy.search([("date_last_visit", "=", False), ("id", "=", self.occupancy.id)])
        self.assertEqual(never, self.occupancy)
        visit.action_done()
        self.occupancy.invalidate_recordset()
        self.assertEqual(self.occupancy.date_last_visit, self.estate._today())
        for operator, value, wanted in [
            (">=", "2024-01-01", True),
            ("<", "2024-01-01", False),
            ("=", False, False),
        ]:
            found = Occupancy.search(
                [("date_last_visit", operator, value), ("id", "=", self.occupancy.id)]
            )
            self.assertEqual(bool(found), wanted, operator)

    def test_late_visits_are_found(self):
        visit = self.make_visit(date_planned="2024-01-01 01:00:00")
        coming = self.make_visit(date_planned="2034-01-01 01:00:00")
        late = self.env["property.visit"].search([("is_late", "=", True)])
        self.assertIn(visit, late)
        self.assertNotIn(coming, late)
        self.assertTrue(visit.is_late)
        visit.asked = "…"
        visit.action_done()
        self.assertFalse(visit.is_late)
