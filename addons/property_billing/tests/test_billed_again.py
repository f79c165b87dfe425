from odoo.exceptions import UserError
from odoo.fields import Command

from .common import BillingCase


class TestBilledAgain(BillingCase):
    """What a credit note took back is billed again, once, and as it was."""

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

    def enter(self, month, index):
        days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return self.make_reading(self.meter, f"2024-{month:02}-{days[month - 1]:02}", index)

    def bill(self, month, index):
        self.enter(month, index)
        return self.post_run(self.make_run(2024, month)).charge_ids

    def credit(self, charges, day="2024-02-01"):
        credit = charges.move_id._reverse_moves(
            [{"invoice_date": self.day(day)} for _move in charges.move_id]
        )
        credit.action_post()
        return credit

    def figures(self, charges):
        return [
            (charge.kind, str(charge.period_start), charge.quantity, charge.amount)
            for charge in charges.sorted(lambda charge: (charge.period_start, charge.id))
        ]

    # --- two payers ---------------------------------------------------------

    def move_out(self, day):
        self.tenant.estate_occupancy_ids.write({"date_end": day, "state": "notice", **self.noticed})

    def test_of_a_reading_of_two_payers_only_the_days_taken_back_are_billed_again(self):
        self.move_out("2024-01-10")
        january = self.bill(1, 1093)
        of_tenant = january.filtered(lambda charge: charge.partner_id == self.tenant)
        of_owner = january - of_tenant
        self.credit(of_tenant)
        reading = january.usage_ids.reading_id
        # the owner's days are still on a bill, so the reading stays billed
        self.assertEqual((of_owner.state, reading.state), ("billed", "billed"))
        again = self.post_run(self.make_run(2024, 1)).charge_ids
        self.assertEqual((again.partner_id, again.quantity), (self.tenant, 30.0))
        self.assertEqual(
            (again.period_start, again.period_end), (self.day("2024-01-01"), self.day("2024-01-10"))
        )
        self.assertEqual(
            (again.usage_ids.date_from, again.usage_ids.date_to),
            (self.day("2024-01-01"), self.day("2024-01-10")),
        )
        rows = self.env["property.charge.usage"].search(
            [("reading_id", "=", reading.id), ("is_void", "=", False)]
        )
        self.assertEqual(sum(rows.mapped("quantity")), 93.0)
        third = self.make_run(2024, 1)
        third.action_compute()
        self.assertFalse(third.charge_ids)

    def test_the_second_payer_goes_on_in_the_tiers_where_the_first_stopped(self):
        self.move_out("2024-01-10")
        january = self.bill(1, 1310)
        before = self.figures(january)
        # 100 of the tenant at 5; of 210 of the owner 80 at 5, 80 at 7, 50 at 9
        self.assertEqual([row[3] for row in before], [500.0, 1410.0])
        for payer in (self.owner, self.tenant):
            self.credit(january.filtered(lambda charge, payer=payer: charge.partner_id == payer))
            january = january.filtered(lambda charge: charge.state == "billed")
            january |= self.post_run(self.make_run(2024, 1)).charge_ids
            self.assertEqual(self.figures(january), before)

    def test_both_payers_are_billed_again_as_before(self):
        self.move_out("2024-01-10")
        january = self.bill(1, 1093)
        before = self.figures(january)
        self.credit(january)
        self.enter(2, 1100)
        run = self.post_run(self.make_run(2024, 2))
        again = run.charge_ids.filtered(lambda charge: charge.period_start.month == 1)
        self.assertEqual(self.figures(again), before)
        self.assertEqual((run.charge_ids - again).partner_id, self.owner)

    # --- period and tiers ---------------------------------------------------

    def test_a_later_run_bills_for_the_period_and_the_tiers_of_before(self):
        january = self.bill(1, 1100)
        february = self.bill(2, 1200)
        self.bill(3, 1300)
        self.credit(february, "2024-04-01")
        self.enter(4, 1400)
        run = self.post_run(self.make_run(2024, 4))
        # February goes from 100 to 200 again: 80 at 5 and 20 at 7; April from 300 on
        self.assertEqual(
            self.figures(run.charge_ids),
            [("regular", "2024-02-01", 100.0, 540.0), ("regular", "2024-04-01", 100.0, 900.0)],
        )
        again = run.charge_ids.sorted("period_start")[0]
        self.assertEqual((again.counter_ids.opening, again.counter_ids.quantity), (100.0, 100.0))
        self.assertEqual(january.state, "billed")

    def test_the_first_and_the_present_month_in_one_run_count_on(self):
        self.credit(self.bill(1, 1100))
        self.enter(2, 1200)
        run = self.post_run(self.make_run(2024, 2))
        # February begins where January, billed again in the same run, ends
        self.assertEqual(
            self.figures(run.charge_ids),
            [("regular", "2024-01-01", 100.0, 500.0), ("regular", "2024-02-01", 100.0, 540.0)],
        )

    def test_more_than_before_corrects_the_tiers_of_the_months_after_it(self):
        january = self.bill(1, 1100)
        self.bill(2, 1200)
        self.credit(january, "2024-03-01")
        reading = january.usage_ids.reading_id
        reading.action_reopen("Looked again.")
        reading.action_reread(1150, "Looked again.")
        if reading.state != "accepted":
            reading.action_accept("Looked again.")
        self.enter(3, 1200)
        march = self.post_run(self.make_run(2024, 3))
        again = march.charge_ids.filtered("quantity")
        self.assertEqual(self.figures(again), [("regular", "2024-01-01", 150.0, 750.0)])
        self.enter(4, 1200)
        april = self.post_run(self.make_run(2024, 4))
        # 200 in all: 180 × 5 + 20 × 7 = 1040; billed were 750 and February's 540
        [correction] = april.charge_ids.filtered(lambda charge: charge.kind == "correction")
        self.assertEqual((correction.quantity, correction.amount), (-50.0, 1040.0 - 750.0 - 540.0))
        self.enter(5, 1200)
        may = self.post_run(self.make_run(2024, 5))
        self.assertEqual(may.charge_ids.mapped("amount"), [0.0])

    def test_tiers_are_corrected_where_no_reading_after_it_changed(self):
        other = self.make_meter("W-101B", self.unit)
        self.make_reading(other, "2023-12-31", 0, kind="installation")
        self.make_reading(other, "2024-01-31", 50, kind="removal")
        other.date_removed = "2024-01-31"
        january = self.bill(1, 1100)
        self.bill(2, 1200)
        self.credit(january, "2024-03-01")
        removal = january.usage_ids.reading_id.filtered(lambda row: row.meter_id == other)
        removal.action_reopen("Looked again.")
        removal.action_reread(70, "Looked again.")
        if removal.state != "accepted":
            removal.action_accept("Looked again.")
        amounts = []
        for month in (3, 4, 5):
            self.enter(month, 1200)
            amounts += self.figures(self.post_run(self.make_run(2024, month)).charge_ids)
        # January 170 at 5; February from 170 on: 10 at 5, 80 at 7, 10 at 9 = 700; was 640
        self.assertEqual(
            [row for row in amounts if row[3]],
            [("regular", "2024-01-01", 170.0, 850.0), ("correction", "2024-02-01", 0.0, 60.0)],
        )

    # --- corrections --------------------------------------------------------

    def test_corrections_wait_until_what_stands_before_them_is_billed_again(self):
        january = self.bill(1, 1100)
        february = self.bill(2, 1200)
        february.usage_ids.reading_id.action_correct(1220, "Misread.")
        self.credit(january, "2024-03-01")
        self.enter(3, 1320)
        march = self.post_run(self.make_run(2024, 3))
        self.assertEqual(
            self.figures(march.charge_ids),
            [("regular", "2024-01-01", 100.0, 500.0), ("regular", "2024-03-01", 100.0, 780.0)],
        )
        note = march.issue_ids.filtered(lambda issue: issue.kind == "carried_forward")
        self.assertEqual((note.unit_id, note.level), (self.unit, "3_info"))
        self.assertIn("A-101", note.message)
        self.enter(4, 1320)
        april = self.post_run(self.make_run(2024, 4))
        correction = april.charge_ids.filtered(lambda charge: charge.kind == "correction")
        # the year so far: 180 × 5 + 80 × 7 + 60 × 9 = 2000
        self.assertEqual(500.0 + 540.0 + 780.0 + correction.amount, 2000.0)

    def test_a_correction_changed_by_an_earlier_one_stops_the_posting(self):
        january = self.bill(1, 1100)
        february = self.bill(2, 1200)
        february.usage_ids.reading_id.action_correct(1190, "Misread.")
        self.enter(3, 1300)
        march = self.make_run(2024, 3)
        march.action_compute()
        march.action_request_approval()
        self.approve(march)
        # with January at 1110 February is 20 less, not 10
        january.usage_ids.reading_id.action_correct(1110, "Misread.")
        with self.assertRaisesRegex(UserError, "A-101"):
            march.action_post()

    def test_two_runs_never_correct_the_same_reading(self):
        january = self.bill(1, 1100)
        january.usage_ids.reading_id.action_correct(1110, "Misread.")
        self.enter(2, 1200)
        mine, other = self.make_run(2024, 2), self.make_run(2024, 2)
        mine.action_compute()
        other.action_compute()
        corrections = january.correction_ids
        self.assertEqual((corrections.run_id, corrections.amount), (mine, 50.0))
        mine.action_cancel()
        other.action_compute()
        self.assertEqual(
            (january.correction_ids.run_id, january.correction_ids.amount), (other, 50.0)
        )

    def test_a_credit_carried_forward_is_not_made_twice(self):
        self.env.company.pm_credit_limit = 100.0
        january = self.bill(1, 1100)
        january.usage_ids.reading_id.action_correct(1090, "Misread.")
        # nothing else is billed in February: the meter is read for it later
        february = self.make_run(2024, 2)
        self.post_run(february)
        [carried] = january.correction_ids
        self.assertEqual(
            (carried.state, carried.run_id.id, carried.amount), ("ready", False, -50.0)
        )
        self.enter(3, 1190)
        march = self.post_run(self.make_run(2024, 3))
        self.assertEqual(january.correction_ids, carried)
        self.assertEqual((carried.state, carried.run_id), ("billed", march))
        # March: 90 at 5 up to 180, 10 at 7
        self.assertEqual(march.move_ids.amount_untaxed, 520.0 - 50.0)

    def test_given_up_drafts_leave_gaps_in_the_numbers_of_corrections(self):
        january = self.bill(1, 1100)
        credit = january.move_id._reverse_moves([{"invoice_date": self.day("2024-02-01")}])
        credit.write(
            {"invoice_line_ids": [Command.update(credit.invoice_line_ids.id, {"price_unit": 10.0})]}
        )
        january.usage_ids.reading_id.action_correct(1110, "Misread.")
        self.enter(2, 1200)
        february = self.make_run(2024, 2)
        february.action_compute()
        draft = february.charge_ids.filtered(lambda charge: charge.kind == "correction")
        self.assertEqual(draft.correction_revision, 1)
        credit.action_post()
        part = january.correction_ids - draft
        self.assertEqual((part.amount, part.correction_revision), (-10.0, 2))
        # computed again the draft is given up: its number is not used by another
        february.action_compute()
        draft = february.charge_ids.filtered(lambda charge: charge.kind == "correction")
        self.assertEqual(draft.correction_revision, 3)

    def test_the_new_charge_adopts_the_corrections_of_its_readings(self):
        january = self.bill(1, 1100)
        january.usage_ids.reading_id.action_correct(1150, "Misread.")
        february = self.bill(2, 1250)
        correction = february.filtered(lambda charge: charge.kind == "correction")
        self.assertEqual((correction.amount, correction.usage_ids.base_charge_id), (250.0, january))
        self.credit(january, "2024-03-01")
        self.enter(3, 1300)
        march = self.post_run(self.make_run(2024, 3))
        again = march.charge_ids.filtered(lambda charge: charge.period_start.month == 1)
        self.assertEqual((again.quantity, again.amount), (100.0, 500.0))
        self.assertEqual(correction.usage_ids.base_charge_id, again)

    def correct_two_payers(self):
        """January of tenant (10 days) and owner (21), corrected from 93 to 124 in February."""
        self.move_out("2024-01-10")
        january = self.bill(1, 1093)
        correction = january.usage_ids.reading_id.action_correct(1124, "Misread.")
        self.bill(2, 1124)
        of_tenant = january.correction_ids.filtered(lambda charge: charge.partner_id == self.tenant)
        self.assertEqual(
            [(charge.quantity, charge.amount) for charge in january.correction_ids - of_tenant],
            [(21.0, 105.0)],
        )
        self.assertEqual((of_tenant.quantity, of_tenant.amount), (10.0, 50.0))
        return january, correction, of_tenant

    def live(self, reading):
        """What is billed of a reading: (payer, quantity, days)."""
        rows = self.env["property.charge.usage"].search(
            [("reading_id", "=", reading.id), ("is_void", "=", False)], order="date_from"
        )
        return [
            (row.charge_id.partner_id, row.quantity, row.date_from.day, row.date_to.day)
            for row in rows
        ]

    def test_a_corrected_reading_whose_bill_was_taken_back_stays_as_it_is(self):
        january = self.bill(1, 1050)
        reading = january.usage_ids.reading_id
        correction = reading.action_correct(1040, "Misread.")
        self.bill(2, 1060)
        self.assertEqual(correction.state, "billed")
        self.credit(january)
        self.assertEqual(reading.state, "accepted")
        sentence = "was corrected to 1,?040"
        for change in (
            lambda: reading.action_reopen("Look again."),
            lambda: reading.action_reread(1045, "Read again."),
            lambda: reading.action_estimate("Nobody was there."),
        ):
            with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
                change()
        self.assertEqual((reading.state, reading.index_value), ("accepted", 1050))
        again = self.post_run(self.make_run(2024, 1)).charge_ids
        self.assertEqual((again.quantity, reading.state), (50.0, "billed"))

    def test_of_a_correction_of_two_payers_the_part_taken_back_is_billed_again(self):
        january, correction, of_tenant = self.correct_two_payers()
        before = self.live(correction)
        self.assertEqual(before, [(self.tenant, 10.0, 1, 10), (self.owner, 21.0, 11, 31)])
        self.credit(of_tenant, "2024-03-01")
        # the owner's part is still on a bill, so the correction stays billed
        self.assertEqual((of_tenant.state, correction.state), ("void", "billed"))
        march = self.bill(3, 1124)
        [again] = march.filtered(lambda charge: charge.kind == "correction")
        self.assertEqual(
            (again.partner_id, again.quantity, again.amount), (self.tenant, 10.0, 50.0)
        )
        self.assertEqual(self.live(correction), before)
        april = self.bill(4, 1124)
        self.assertNotIn("correction", april.mapped("kind"))

    def test_a_correction_of_a_correction_waits_until_that_is_whole_again(self):
        january, correction, of_tenant = self.correct_two_payers()
        self.credit(of_tenant, "2024-03-01")
        second = correction.action_correct(1093, "Right at first.")
        march = self.bill(3, 1155).usage_ids.reading_id
        self.assertIn(correction, march)
        self.assertNotIn(second, march)
        self.bill(4, 1155)
        self.assertEqual(
            self.live(second), [(self.tenant, -10.0, 1, 10), (self.owner, -21.0, 11, 31)]
        )

    def test_a_fee_that_had_to_wait_is_corrected_after_the_others(self):
        sewage = self.make_fee_item("Sewage")
        self.make_fee_rule(
            sewage,
            "metered",
            tariff_id=self.make_tariff("Sewage", "water_cold", [(0, 1.0)]).id,
        )
        january = self.bill(1, 1100)
        of_sewage = january.filtered(lambda charge: charge.product_id == sewage)
        correction = january.usage_ids.reading_id.action_correct(1110, "Misread.")
        self.credit_line(of_sewage)
        run = self.make_run(2024, 2)
        self.enter(2, 1200)
        self.post_run(run)
        self.enter(3, 1300)
        march = self.post_run(self.make_run(2024, 3))
        billed = self.env["property.charge.usage"].search(
            [("reading_id", "=", correction.id), ("is_void", "=", False)]
        )
        self.assertEqual(
            {row.fee_rule_id.product_id: (row.charge_id.run_id, row.quantity) for row in billed},
            {self.water: (run, 10.0), sewage: (march, 10.0)},
        )

    def credit_line(self, charge):
        """Take back one charge, leave the others of its bill."""
        credit = charge.move_id._reverse_moves([{"invoice_date": self.day("2024-02-01")}])
        credit.invoice_line_ids.filtered(lambda line: line.pm_charge_id != charge).unlink()
        credit.action_post()

    # --- the run ------------------------------------------------------------

    def test_a_run_taken_back_to_review_goes_on_as_approved(self):
        self.enter(1, 1100)
        run = self.make_run(2024, 1)
        run.action_compute()
        run.action_request_approval()
        self.approve(run)
        run.action_back_to_review()
        self.assertEqual(run.state, "computed")
        run.action_request_approval()
        self.assertEqual(run.state, "approved")
        run.action_post()
        self.assertEqual((run.state, len(run.move_ids)), ("posted", 1))

    def test_a_run_changed_in_review_is_approved_anew(self):
        reading = self.enter(1, 1100)
        run = self.make_run(2024, 1)
        run.action_compute()
        run.action_request_approval()
        self.approve(run)
        run.action_back_to_review()
        reading.action_reopen("Looked again.")
        reading.action_reread(1120, "Looked again.")
        reading.action_accept("Looked again.")
        run.action_compute()
        run.action_request_approval()
        self.assertEqual(run.state, "to_approve")
        with self.assertRaises(UserError):
            run.action_post()
