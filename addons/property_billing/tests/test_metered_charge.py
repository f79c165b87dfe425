from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import BillingCase


class TestMeteredCharge(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls.make_fee_item("Water")
        cls.tariff = cls.make_tariff(
            "Water by year",
            "water_cold",
            [(0, 5.0), (180, 7.0), (260, 9.0)],
            tier_basis="calendar_year",
        )
        cls.rule = cls.make_fee_rule(cls.water, "metered", tariff_id=cls.tariff.id)
        cls.meter = cls.make_meter("W-101", cls.unit)
        cls.make_reading(cls.meter, "2023-12-31", 1000, kind="installation")

    def bill(self, month, index, day=None, **values):
        self.make_reading(self.meter, day or self.last_day(month), index, **values)
        run = self.post_run(self.make_run(2024, month))
        return run.charge_ids

    @staticmethod
    def last_day(month):
        days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return f"2024-{month:02}-{days[month - 1]:02}"

    def test_tiers_are_counted_over_the_year(self):
        amounts = [self.bill(month, 1000 + 100 * month).amount for month in (1, 2, 3)]
        # 100 at 5; 80 at 5 and 20 at 7; 60 at 7 and 40 at 9
        self.assertEqual(amounts, [500.0, 540.0, 780.0])

    def test_explanation_adds_up_to_the_amount(self):
        self.bill(1, 1100)
        charge = self.bill(2, 1200)
        price = charge.explanation["price"]
        self.assertEqual(sum(Decimal(line["amount"]) for line in price["lines"]), Decimal("540.00"))
        self.assertEqual(price["counters"][0]["open"], "100")
        self.assertEqual(price["counters"][0]["close"], "200")
        self.assertIn("W-101", charge.explanation_html)
        self.assertIn("1,100", charge.explanation_html)

    def test_readings_are_billed_once(self):
        charge = self.bill(1, 1100)
        self.assertEqual(charge.usage_ids.reading_id.state, "billed")
        february = self.make_run(2024, 2)
        february.action_compute()
        self.assertFalse(february.charge_ids)
        self.assertEqual(february.issue_ids.mapped("kind"), ["missing_reading"])

    def test_late_reading_is_billed_with_the_next_run(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        run.action_cancel()
        self.make_reading(self.meter, "2024-01-31", 1100)
        self.assertEqual(self.bill(2, 1150).quantity, 150.0)

    def test_handover_reading_divides_the_usage(self):
        occupancy = self.tenant.estate_occupancy_ids
        occupancy.write({"date_end": "2024-01-10", "state": "notice", **self.noticed})
        self.make_reading(self.meter, "2024-01-10", 1030, kind="move_out")
        charges = self.bill(1, 1100)
        self.assertEqual(
            {charge.partner_id: charge.quantity for charge in charges},
            {self.tenant: 30.0, self.owner: 70.0},
        )

    def test_handover_without_reading_divides_by_days(self):
        occupancy = self.tenant.estate_occupancy_ids
        occupancy.write({"date_end": "2024-01-10", "state": "notice", **self.noticed})
        charges = self.bill(1, 1093)
        self.assertEqual(
            {charge.partner_id: charge.quantity for charge in charges},
            {self.tenant: 30.0, self.owner: 63.0},
        )

    def test_two_meters_of_a_unit_are_one_charge(self):
        second = self.make_meter("W-101B", self.unit)
        self.make_reading(second, "2023-12-31", 0, kind="installation")
        self.make_reading(second, "2024-01-31", 50)
        charge = self.bill(1, 1100)
        self.assertEqual(len(charge.usage_ids), 2)
        self.assertEqual((charge.quantity, charge.amount), (150.0, 750.0))

    def test_late_correction_moves_the_tiers_of_later_months_in_one_charge(self):
        january = self.bill(1, 1100)
        self.bill(2, 1200)
        # truly 180 were used until January: index 1180, February 20
        january.usage_ids.reading_id.action_correct(1180, "Misread: a 0 for an 8.")
        self.make_reading(self.meter, self.last_day(3), 1300)
        run = self.make_run(2024, 3)
        run.action_compute()
        correction = run.charge_ids.filtered(lambda charge: charge.kind == "correction")
        # January 180 × 5 = 900 instead of 500, February 20 × 7 = 140 instead of 540
        self.assertEqual(correction.amount, 0.0)
        regular = run.charge_ids - correction
        self.assertEqual(regular.amount, 780.0)
        self.assertEqual(
            [row["difference"] for row in correction.explanation["correction"]],
            ["400.00", "-400.00"],
        )

    def test_correction_of_the_last_reading_is_charged_and_counted(self):
        january = self.bill(1, 1100)
        january.usage_ids.reading_id.action_correct(1200, "Misread.")
        self.make_reading(self.meter, self.last_day(2), 1300)
        run = self.post_run(self.make_run(2024, 2))
        correction = run.charge_ids.filtered(lambda charge: charge.kind == "correction")
        # January 200: 180 × 5 + 20 × 7 = 1040 instead of 500
        self.assertEqual(correction.amount, 540.0)
        # February goes on at 200: 60 × 7 + 40 × 9
        self.assertEqual((run.charge_ids - correction).amount, 780.0)
        self.assertEqual(correction.usage_ids.reading_id.state, "billed")
        self.make_reading(self.meter, self.last_day(3), 1300)
        again = self.make_run(2024, 3)
        again.action_compute()
        self.assertFalse(again.charge_ids.filtered(lambda charge: charge.kind == "correction"))

    def test_changed_reading_stops_the_posting(self):
        reading = self.make_reading(self.meter, "2024-01-31", 1100)
        run = self.make_run(2024, 1)
        run.action_compute()
        run.action_request_approval()
        self.approve(run)
        reading.action_reopen("Looked again.")
        with self.assertRaisesRegex(UserError, "A-101"):
            run.action_post()
        self.assertEqual(run.state, "approved")
        self.assertFalse(run.move_ids)

    def test_tariff_behind_bills_stays(self):
        self.bill(1, 1100)
        with self.assertRaises(UserError):
            self.tariff.version_ids.tier_ids[0].price = 6.0
        with self.assertRaises(ValidationError):
            self.tariff.version_ids = [
                Command.create(
                    {
                        "date_from": "2024-01-15",
                        "tier_ids": [Command.create({"quantity_from": 0, "price": 1})],
                    }
                )
            ]

    def test_price_change_inside_the_month_divides_by_days(self):
        self.tariff.version_ids = [
            Command.create(
                {
                    "date_from": "2024-01-11",
                    "tier_basis": "calendar_year",
                    "tier_ids": [Command.create({"quantity_from": 0, "price": 10})],
                }
            )
        ]
        # 31 m³ in 31 days: 10 at 5 and 21 at 10
        charge = self.bill(1, 1031)
        self.assertEqual(charge.amount, 260.0)
        self.assertEqual(charge.tariff_version_ids, self.tariff.version_ids)

    def test_month_without_tariff_is_listed(self):
        self.tariff.version_ids.date_from = "2024-02-01"
        self.make_reading(self.meter, "2024-01-31", 1100)
        run = self.make_run(2024, 1)
        run.action_compute()
        self.assertEqual(run.issue_ids.mapped("kind"), ["tariff"])
        self.assertFalse(run.charge_ids)

    def test_credit_note_frees_the_readings(self):
        charge = self.bill(1, 1100)
        credit = charge.move_id._reverse_moves([{"invoice_date": self.day("2024-02-01")}])
        credit.action_post()
        self.assertEqual(charge.usage_ids.reading_id.state, "accepted")
        again = self.post_run(self.make_run(2024, 1))
        self.assertEqual(again.charge_ids.amount, 500.0)

    def test_earlier_period_comes_first(self):
        self.make_reading(self.meter, "2024-01-31", 1100)
        january = self.make_run(2024, 1)
        january.action_compute()
        february = self.make_run(2024, 2)
        with self.assertRaisesRegex(UserError, january.name):
            february.action_compute()


class TestUnread(BillingCase):
    """What the rule *Not Read* means for a run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        water = cls.make_fee_item("Water")
        tariff = cls.make_tariff("Water", "water_cold", [(0, 5.0)])
        cls.rule = cls.make_fee_rule(water, "metered", tariff_id=tariff.id)
        cls.meter = cls.make_meter("W-101", cls.unit)
        cls.other = cls.make_meter("W-102", cls.unit_2)
        for meter in (cls.meter, cls.other):
            cls.make_reading(meter, "2023-12-31", 0, kind="installation")
        cls.make_reading(cls.meter, "2024-01-31", 10)
        cls.not_read = cls.env.ref("property_billing.reading_rule_missing")
        cls.run_1 = cls.make_run(2024, 1)

    def test_blocked_the_run_does_not_start_and_names_the_meter(self):
        self.not_read.severity = "block"
        with self.refused("W-102 (A-102)"):
            self.run_1.action_compute()
        self.assertEqual((self.run_1.state, self.run_1.computation), ("collect", 0))
        self.assertEqual(self.run_1.unread_block_count, 1)
        self.run_1.unread_reason = "The flat is locked"
        with self.refused("Read or estimate them, then"):
            self.run_1.action_compute()
        self.make_reading(self.other, "2024-01-31", 20)
        self.run_1.action_compute()
        self.assertEqual(sorted(self.run_1.charge_ids.mapped("amount")), [50.0, 100.0])

    def test_to_confirm_the_run_asks_for_a_reason_and_keeps_it(self):
        self.not_read.severity = "confirm"
        for reason in (False, "  "):
            self.run_1.unread_reason = reason
            with self.refused("why it goes on without them"):
                self.run_1.action_compute()
        self.run_1.unread_reason = "The flat is locked"
        self.run_1.action_compute()
        self.assertEqual(self.run_1.charge_ids.mapped("amount"), [50.0])
        [said] = [body for body in self.run_1.message_ids.mapped("body") if "W-102" in body]
        self.assertIn("The flat is locked", said)
        self.assertEqual(self.run_1.issue_ids.mapped("meter_id"), self.other)

    def test_a_note_is_only_listed_and_off_is_not_even_that(self):
        for severity, levels in (("note", ["3_info"]), ("off", [])):
            self.not_read.severity = severity
            self.run_1.action_compute()
            self.assertEqual(self.run_1.charge_ids.mapped("amount"), [50.0], severity)
            self.assertEqual(self.run_1.issue_ids.mapped("level"), levels, severity)

    def test_a_rule_that_names_more_decides(self):
        self.not_read.severity = "block"
        self.not_read.copy({"severity": "note", "commodity": "water_cold"})
        self.run_1.action_compute()
        self.assertEqual(self.run_1.charge_ids.mapped("amount"), [50.0])

    def test_meters_that_no_fee_of_the_run_needs_stop_nothing(self):
        self.not_read.severity = "block"
        self.make_reading(self.other, "2024-01-31", 20)
        self.make_meter("E-101", self.unit, commodity="electricity")
        self.make_meter("W-0", self.unit_3, payer="estate")
        self.run_1.action_compute()
        self.assertEqual(len(self.run_1.charge_ids), 2)
        self.assertFalse(self.run_1.issue_ids.filtered("meter_id"))
