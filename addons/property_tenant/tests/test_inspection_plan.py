from datetime import timedelta

from psycopg2 import errors

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import PropertyBuilders
from .inspection_common import InspectionCase
from .test_query_budget import ALLOWED, FEW, MANY


@tagged("post_install", "-at_install")
class TestPlan(InspectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = fields.Date.to_date("2034-05-01")  # a Monday
        cls.round = cls.make_template("Round", kind="vacant", layout="vacant")

    def test_the_next_days_are_made_once(self):
        plan = self.make_plan(self.template, place="unit", unit_ids=[Command.set(self.unit.ids)])
        made = plan._generate(self.day)
        self.assertEqual(len(made), 8)
        self.assertEqual(made.unit_id, self.unit)
        self.assertEqual(str(made[0].date), "2034-05-01")
        self.assertEqual(str(made[0].date_planned), "2034-05-01 01:00:00")
        self.assertFalse(made.line_ids)
        self.assertFalse(plan._generate(self.day))
        self.assertEqual(len(plan._generate(self.day + timedelta(days=1))), 1)
        self.assertEqual(plan.generated_until, self.day + timedelta(days=8))

    def test_times_and_weekdays(self):
        plan = self.make_plan(
            self.template, place="estate", times="20:00, 8:00", mon=True, wed=True, days_ahead=6
        )
        made = plan._generate(self.day)
        self.assertEqual(
            [str(row.slot) for row in made],
            [
                "2034-05-01 00:00:00",
                "2034-05-01 12:00:00",
                "2034-05-03 00:00:00",
                "2034-05-03 12:00:00",
            ],
        )
        # the morning round is late when the evening's is due
        self.assertEqual(made[0].deadline, made[1].date_planned)
        self.assertEqual(str(made[1].deadline), "2034-05-01 16:00:00")

    def test_one_for_each_building_or_vacant_unit(self):
        second = self.make_building(self.estate, "B")
        self.make_unit(second, "B-101")
        self.make_unit(second, "B-CAR", usage="parking")
        self.make_occupancy(self.unit, self.tenant, state="active")
        by_building = self.make_plan(self.template, place="building", days_ahead=0)
        self.assertEqual(len(by_building._generate(self.day)), 2)
        vacant = self.make_plan(self.template, place="vacant", days_ahead=0)
        self.assertEqual(
            vacant._generate(self.day).unit_id.mapped("code"), ["A-102", "A-201", "B-101"]
        )
        chosen = self.make_plan(
            self.template,
            place="domain",
            unit_domain="[('floor', '=', 2)]",
            days_ahead=0,
        )
        self.assertEqual(chosen._generate(self.day).unit_id, self.unit_3)

    def test_a_vacant_round_has_a_group_of_points_per_vacant_unit(self):
        self.make_occupancy(self.unit, self.tenant, state="active")
        plan = self.make_plan(self.round, place="estate", days_ahead=0)
        inspection = plan._generate(self.day).with_user(self.engineer)
        inspection.action_start()
        self.assertEqual(inspection.line_ids.unit_id, self.unit_2 | self.unit_3)
        self.assertEqual(len(inspection.line_ids), 8)
        rows = inspection.enter_place(self.unit_2.id)
        self.assertEqual([row["result"] for row in rows], ["ok", "ok", "", "ok"])
        self.assertFalse(inspection.line_ids[-1].result)

    def test_a_round_without_vacant_units_says_so(self):
        inspection = self.make_plan(self.round, place="estate", days_ahead=0)._generate(self.day)
        # the last ones are let on the day itself
        for unit in (self.unit, self.unit_2, self.unit_3):
            self.make_occupancy(unit, self.tenant, state="active")
        with self.refused("no vacant unit"):
            inspection.action_start()

    def test_a_route_in_its_order(self):
        route = self.make_template(
            "Route",
            kind="patrol",
            layout="route",
            estate_id=self.estate.id,
            stop_ids=[
                Command.create({"sequence": 1, "unit_id": self.unit_3.id}),
                Command.create({"sequence": 2, "unit_id": self.unit.id}),
            ],
        )
        route.point_ids[0].stop_id = route.stop_ids[1]
        inspection = self.Inspection.create({"template_id": route.id, "estate_id": self.estate.id})
        inspection.action_start()
        self.assertEqual(
            [(line.unit_id.code, line.name) for line in inspection.line_ids],
            [
                ("A-201", "Glass"),
                ("A-201", "Pressure"),
                ("A-201", "Drain"),
                ("A-101", "Lock"),
                ("A-101", "Glass"),
                ("A-101", "Pressure"),
                ("A-101", "Drain"),
            ],
        )

    def test_a_changed_plan_makes_anew_what_has_not_begun(self):
        plan = self.make_plan(self.template, place="unit", unit_ids=[Command.set(self.unit.ids)])
        today = self.estate._today()
        made = plan._generate(today)
        begun = made[-1].with_user(self.engineer)
        begun.action_start()
        plan.times = "23:30"
        kept = plan.inspection_ids
        self.assertIn(begun, kept)
        self.assertTrue((made - begun)[-1].exists() not in kept)
        self.assertIn(" 15:30:00", str(max((kept - begun).mapped("slot"))))

    def test_nothing_is_made_late(self):
        plan = self.make_plan(self.template, place="estate", days_ahead=0, times="00:00, 23:59")
        made = plan._generate(self.estate._today() - timedelta(days=1))
        self.assertFalse(made)

    def test_missed_ones_are_late(self):
        plan = self.make_plan(self.template, place="estate", days_ahead=0)
        [inspection] = plan._generate(self.day)
        self.assertFalse(inspection.is_late)
        inspection.date_planned = "2024-01-01 01:00:00"
        self.assertEqual(str(inspection.date), "2024-01-01")
        self.assertTrue(inspection.is_late)
        late = self.env["property.inspection"].search([("is_late", "=", True)])
        self.assertIn(inspection, late)
        # moved in the calendar: the plan does not make it again
        self.assertFalse(plan._generate(self.day))

    def test_the_daily_work_of_the_estate_makes_them(self):
        plan = self.make_plan(self.template, place="estate")
        self.estate._run_daily(self.day)
        self.assertEqual(plan.inspection_count, 8)

    def test_what_cannot_be_is_said(self):
        for values, sentence in (
            ({"times": "half past eight"}, "is no time of the day"),
            ({"place": "unit"}, "Choose the units"),
            ({"place": "domain", "unit_domain": "[('nothing', '=', 1)]"}, "cannot be read"),
        ):
            with self.refused(sentence, ValidationError), self.cr.savepoint():
                self.make_plan(self.template, **values)
        with self.refused("one round", ValidationError), self.cr.savepoint():
            self.make_plan(self.round, place="vacant")

    def test_supervisors_plan(self):
        plan = self.make_plan(self.template, place="estate")
        with self.assertRaises(AccessError):
            plan.with_user(self.engineer).action_generate()
        plan.with_user(self.supervisor).action_generate()
        with self.assertRaises(UserError):
            plan.unlink()

    # --- at size ------------------------------------------------------------

    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_units(self):
        units = self.env["property.unit"].create(
            [{"code": f"Q-{n:03}", "building_id": self.building.id} for n in range(MANY)]
        )
        plans = {
            n: self.make_plan(
                self.template, place="unit", unit_ids=[Command.set(units[:n].ids)], days_ahead=0
            )
            for n in (FEW, MANY)
        }
        plans[FEW]._generate(self.day + timedelta(days=400))
        few = self.queries(lambda: plans[FEW]._generate(self.day))
        many = self.queries(lambda: plans[MANY]._generate(self.day))
        self.assertEqual(len(plans[MANY].inspection_ids), MANY)
        self.assertLessEqual(many, few + ALLOWED, f"{few} queries for {FEW} units")

    def test_queries_of_a_round_do_not_grow_with_the_vacant_units(self):
        counts = {}
        for n in (FEW, MANY):
            building = self.make_building(self.estate, f"Q{n}")
            self.env["property.unit"].create(
                [{"code": f"Q{n}-{i:03}", "building_id": building.id} for i in range(n)]
            )
            plan = self.make_plan(
                self.round,
                place="building",
                building_ids=[Command.set(building.ids)],
                days_ahead=0,
            )
            inspection = plan._generate(self.day).with_user(self.engineer)

            def work(inspection=inspection):
                inspection.action_start()
                inspection.get_sheet()
                inspection.action_all_ok()
                inspection.line_ids.filtered("with_number").write({"result": "na"})
                inspection.action_finish()

            counts[n] = self.queries(work)
            self.assertEqual(inspection.line_count, n * 4)
        self.assertLessEqual(counts[MANY], counts[FEW] + ALLOWED, counts)


@tagged("post_install", "-at_install")
class TestTwoMakePlansAtOnce(TransactionCase):
    """Two real transactions; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (PropertyBuilders,), {"env": env})
            estate = build.make_estate("2PL1")
            template = env["property.inspection.template"].create(
                {
                    "name": "At once",
                    "company_id": estate.company_id.id,
                    "point_ids": [Command.create({"name": "Door"})],
                }
            )
            plan = env["property.inspection.plan"].create(
                {
                    "template_id": template.id,
                    "estate_id": estate.id,
                    "date_from": "2024-01-01",
                    "days_ahead": 0,
                }
            )
            self.made = [plan, template, estate]
            self.plan = plan.id
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["property.inspection"].search([("plan_id", "=", self.plan)]).unlink()
            for records in self.made:
                records.with_env(env).unlink()

    def transaction(self):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        cursor.execute("SELECT 1")
        return api.Environment(cursor, SUPERUSER_ID, {})["property.inspection.plan"].browse(
            self.plan
        )

    @mute_logger("odoo.sql_db")
    def test_the_second_begins_again_and_finds_all_made(self):
        day = fields.Date.to_date("2034-05-01")
        first, second = self.transaction(), self.transaction()
        self.assertEqual(len(first._generate(day)), 1)
        first.env.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            second._generate(day)
        again = self.transaction()
        self.assertFalse(again._generate(day))

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_slot_twice(self):
        day = fields.Date.to_date("2034-05-01")
        first, second = self.transaction(), self.transaction()
        [made] = first._generate(day)
        values = {
            name: made[name].id if made._fields[name].type == "many2one" else made[name]
            for name in ("plan_id", "slot", "date_planned", "date", "template_id", "estate_id")
        }
        first.env.cr.commit()
        with self.assertRaises(errors.UniqueViolation):
            second.env["property.inspection"]._create_rows([values])
            second.env.flush_all()
