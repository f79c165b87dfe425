from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common_meters import MeterCase


class TestMeterBalance(MeterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Balance = cls.env["property.meter.balance"]
        cls.main = cls.make_meter("MAIN", cost_price=2.5)
        cls.zone = cls.make_meter("ZONE", parent_id=cls.main.id)
        cls.meter.parent_id = cls.zone
        cls.other = cls.make_meter("W-102", cls.unit_3, parent_id=cls.zone.id)
        for meter in (cls.main, cls.zone, cls.other):
            cls.make_reading(meter, "2023-12-31", 0)
        # usage per month: main 100, zone 90, units 40 and 40
        cls.read_months([100, 200, 300], cls.main)
        cls.read_months([90, 180, 270], cls.zone)
        cls.read_months([140, 180, 220])
        cls.read_months([40, 80], cls.other)

    def compute(self, start="2024-01-01", end="2024-03-31"):
        return self.Balance._compute_for(self.estate, self.day(start), self.day(end))

    def row(self, meter, month):
        return self.Balance.search(
            [("meter_id", "=", meter.id), ("period_start", "=", f"2024-{month:02}-01")]
        )

    def test_every_parent_against_those_below_it(self):
        self.compute()
        self.assertEqual(len(self.Balance.search([("estate_id", "=", self.estate.id)])), 6)
        main, zone = self.row(self.main, 1), self.row(self.zone, 1)
        self.assertEqual(
            (main.usage, main.children_usage, main.loss, main.loss_percent, main.cost, main.level),
            (100, 90, 10, 10, 25, 1),
        )
        self.assertEqual((zone.loss, zone.loss_percent, zone.cost, zone.level), (10, 11.11, 25, 2))
        self.assertEqual((zone.complete, zone.missing_count, zone.child_count), (True, 0, 2))

    def test_unread_meter_is_named_and_suspected(self):
        self.compute()
        march = self.row(self.zone, 3)
        self.assertEqual((march.complete, march.missing_ids, march.loss), (False, self.other, 50))
        self.assertEqual(march.suspect_id, self.other)
        self.assertIn("W-102: not read", march.suspect_text)
        self.assertEqual((march.percent_before, march.trend), (11.11, 44.45))

    def test_computing_again_changes_only_what_changed(self):
        before = self.compute()
        self.make_reading(self.other, "2024-03-31", 120)
        after = self.compute()
        self.assertEqual(after, before)
        self.assertEqual((self.row(self.zone, 3).loss, self.row(self.zone, 3).complete), (10, True))

    def test_row_of_a_meter_with_nothing_below_goes_away(self):
        self.compute()
        (self.meter | self.other).parent_id = self.main
        self.compute()
        self.assertFalse(self.row(self.zone, 1))
        self.assertEqual(self.row(self.main, 1).children_usage, 90 + 80)

    def test_exchanged_parent_is_one_meter_in_the_month(self):
        action = (
            self.env["property.meter.exchange"]
            .create(
                {
                    "meter_id": self.zone.id,
                    "date": "2024-04-10",
                    "old_index": 300,
                    "new_name": "ZONE-B",
                    "new_index": 0,
                }
            )
            .action_exchange()
        )
        new = self.env["property.meter"].browse(action["res_id"])
        self.make_reading(new, "2024-04-30", 60)
        self.make_reading(self.meter, "2024-04-30", 260)
        self.make_reading(self.other, "2024-04-30", 160)
        self.compute(end="2024-04-30")
        april = self.row(new, 4)
        self.assertEqual((april.usage, april.children_usage), (90, 120))
        self.assertFalse(self.row(self.zone, 4))
        self.assertEqual(
            (self.row(self.zone, 1).usage, self.row(self.zone, 1).children_usage), (90, 80)
        )

    def test_corrected_readings_count_once(self):
        reading = self.Reading.search(
            [("meter_id", "=", self.main.id), ("date", "=", "2024-02-29")]
        )
        reading._mark_billed()
        reading.action_correct(210, "Misread.")
        self.compute()
        self.assertEqual((self.row(self.main, 2).usage, self.row(self.main, 3).usage), (110, 90))

    def test_drill_down_to_the_readings(self):
        self.compute()
        action = self.row(self.zone, 1).action_view_readings()
        readings = self.Reading.search(action["domain"])
        self.assertEqual(readings.meter_id, self.zone | self.meter | self.other)
        self.assertEqual(set(map(str, readings.mapped("date"))), {"2024-01-31"})
        below = self.Balance.search(self.row(self.main, 1).action_view_below()["domain"])
        self.assertEqual(below, self.row(self.zone, 1))

    def test_wizard_computes_the_estates_that_one_sees(self):
        supervisor = self.make_user("engineering_supervisor", self.estate)
        env = self.env(user=supervisor)
        wizard = env["property.balance.compute"].create(
            {
                "estate_ids": [Command.set(self.estate.ids)],
                "date_from": "2024-01-01",
                "date_to": "2024-02-29",
            }
        )
        rows = env["property.meter.balance"].search(wizard.action_compute()["domain"])
        self.assertEqual(len(rows), 4)
        wizard.date_to = "2023-12-31"
        with self.assertRaisesRegex(UserError, "is before"):
            wizard.action_compute()
        stranger = self.make_user(
            "engineering_supervisor", self.make_estate("OT"), login="stranger"
        )
        foreign = self.env["property.balance.compute"].with_user(stranger).create({})
        self.assertNotIn(self.estate, foreign.estate_ids)
        with self.assertRaises(AccessError):
            foreign.estate_ids = self.estate

    def test_nobody_writes_balances(self):
        row = self.compute()[0]
        for role in ("billing_supervisor", "manager", "general_manager", "controller"):
            user = self.make_user(role, self.estate)
            self.assertEqual(row.with_user(user).loss, row.loss)
            with self.assertRaises(AccessError):
                row.with_user(user).loss = 0
        collector = self.make_user("collector", self.estate)
        with self.assertRaises(AccessError):
            row.with_user(collector).read(["loss"])

    def test_daily_work_keeps_this_and_the_last_month(self):
        today = self.day("2024-02-10")
        estate = self.estate
        self.patch(type(estate), "_today", lambda self, at=None: today)
        estate._run_daily(today)
        rows = self.Balance.search([("estate_id", "=", estate.id)])
        self.assertEqual(set(map(str, rows.mapped("period_start"))), {"2024-01-01", "2024-02-01"})

    def test_as_many_queries_for_a_hundred_meters_as_for_ten(self):
        def count(number, prefix):
            estate = self.make_estate(prefix)
            main = self.make_meter(f"{prefix}-MAIN", estate_id=estate.id)
            meters = main | self.env["property.meter"].create(
                [
                    {
                        "name": f"{prefix}-{position}",
                        "estate_id": estate.id,
                        "parent_id": main.id,
                        "date_installed": "2023-01-01",
                    }
                    for position in range(number)
                ]
            )
            for day, index in (("2023-12-31", 0), ("2024-01-31", 5)):
                self.Reading._create_rows(
                    [{"meter_id": meter.id, "date": day, "index_value": index} for meter in meters]
                )._validate()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Balance._compute_for(estate, self.day("2024-01-01"), self.day("2024-01-31"))
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2, "WARM")
        self.assertLessEqual(count(100, "HUN"), count(10, "TEN") + 1)

    def test_report_prints_the_tree_of_each_month(self):
        rows = self.compute(end="2024-01-31")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("property_billing.report_meter_balance", rows.ids)[0]
            .decode()
        )
        self.assertLess(html.index("MAIN"), html.index("ZONE"))
        for text in ("11.11", "2024-01", "Noto Sans CJK SC"):
            self.assertIn(text, html)
