from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import users
from odoo.tools import mute_logger

from .common_meters import MeterCase


class TestReading(MeterCase):
    def test_entering_finds_out_usage_and_days(self):
        reading = self.enter("2024-01-31", 112.5)
        self.assertEqual(
            (reading.previous_id, reading.index_previous, reading.usage, str(reading.date_from)),
            (self.first, 100, 12.5, "2024-01-01"),
        )
        self.assertEqual(
            (reading.raw_index, reading.state, reading.unit_id), (112.5, "draft", self.unit)
        )
        reading._validate()
        self.assertEqual((reading.state, reading.accepted_by_id), ("accepted", self.env.user))

    def test_day_and_moment_follow_the_clock_of_the_estate(self):
        late = self.enter(False, 110, read_at="2024-01-31 17:30:00")
        self.assertEqual(str(late.date), "2024-02-01")
        by_day = self.enter("2024-03-10", 111)
        self.assertEqual(str(by_day.read_at), "2024-03-10 04:00:00")
        by_day.date = "2024-03-11"
        self.assertEqual(str(by_day.read_at), "2024-03-11 04:00:00")

    def test_usage_times_multiplier_of_the_day(self):
        meter = self.make_meter("CT", self.unit_3, commodity="electricity", multiplier=40)
        self.make_reading(meter, "2023-12-31", 10)
        january = self.make_reading(meter, "2024-01-31", 12)
        meter.multiplier = 60
        self.assertEqual((january.usage, january.multiplier), (80, 40))
        february = self.enter("2024-02-29", 13, meter)
        self.assertEqual((february.usage, self.codes(february)), (60, ["multiplier_changed"]))

    def test_registers_are_chains_of_their_own(self):
        meter = self.make_meter(
            "E-3", self.unit_3, commodity="electricity", registers="peak_shoulder_valley"
        )
        for register, start, end in (("peak", 10, 17), ("shoulder", 0, 30), ("valley", 99, 100)):
            self.make_reading(meter, "2023-12-31", start, register=register)
            reading = self.make_reading(meter, "2024-01-31", end, register=register)
            self.assertEqual((reading.usage, reading.index_previous), (end - start, start))
        with self.assertRaisesRegex(ValidationError, "Say which register"):
            self.enter("2024-02-29", 40, meter)
        with self.assertRaisesRegex(ValidationError, "Leave the register empty"):
            self.enter("2024-02-29", 200, register="peak")

    def test_impossible_indexes_are_refused_by_name(self):
        self.meter.decimals = 1
        for index, sentence in (
            (-1, "index -1 of meter W-101 is negative"),
            (1_000_000, "W-101 has a dial of 6 digits"),
            (110.25, "1 digits after the decimal point"),
        ):
            with self.subTest(index=index), self.assertRaisesRegex(ValidationError, sentence):
                self.enter("2024-01-31", index)
        with self.assertRaisesRegex(UserError, "Enter the index"):
            self.Reading.create({"meter_id": self.meter.id, "date": "2024-01-31"})
        self.assertEqual(self.meter.reading_count, 1)

    def test_same_reading_twice_is_refused_by_the_database(self):
        self.enter("2024-01-31", 110)
        self.enter("2024-01-31", 110, kind="check")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.enter("2024-01-31", 110)

    def test_reading_inserted_in_the_middle_changes_the_usage_of_the_next(self):
        march = self.make_reading(self.meter, "2024-03-31", 130)
        self.assertEqual(march.usage, 30)
        february = self.make_reading(self.meter, "2024-02-29", 118)
        self.assertEqual(
            (february.usage, march.usage, march.previous_id, str(march.date_from)),
            (18, 12, february, "2024-03-01"),
        )
        log = march.log_ids.filtered(lambda row: row.action == "relinked")
        self.assertEqual((log.old_usage, log.new_usage), (30, 12))

    def test_deleted_draft_gives_its_usage_back_to_the_next(self):
        draft = self.enter("2024-02-29", 118)
        march = self.make_reading(self.meter, "2024-03-31", 130)
        self.assertEqual(march.usage, 12)
        draft.unlink()
        self.assertEqual((march.usage, march.previous_id), (30, self.first))

    def test_moved_draft_changes_both_neighbours(self):
        moved = self.enter("2024-02-29", 118)
        march = self.make_reading(self.meter, "2024-03-31", 130)
        moved.write({"date": "2024-04-30", "index_value": 150})
        self.assertEqual((march.usage, moved.usage, moved.raw_index), (30, 20, 150))

    def test_blocked_reading_is_followed_by_nobody(self):
        self.read_months([110, 120, 130])
        wrong = self.enter("2024-04-30", 14)
        wrong._validate()
        self.assertEqual((wrong.state, wrong.severity, wrong.usage), ("flagged", "block", 0))
        may = self.enter("2024-05-31", 150)
        self.assertEqual((may.previous_id.index_value, may.usage), (130, 20))

    def test_reading_that_was_odd_by_its_neighbour_is_accepted_with_it(self):
        self.read_months([110, 120, 130, 140])
        typo = self.enter("2024-05-31", 950)
        typo._validate()
        june = self.enter("2024-06-30", 161)
        june._validate()
        self.assertEqual((typo.state, june.state), ("flagged", "flagged"))
        typo.action_reread(150, "Nine for one.")
        self.assertEqual((typo.state, june.state, june.usage), ("accepted", "accepted", 11))

    def test_reread_keeps_what_was_entered_first(self):
        reading = self.make_reading(self.meter, "2024-01-31", 110)
        with self.assertRaisesRegex(UserError, "Say why"):
            reading.action_reread(111, "  ")
        reading.action_reread(111, "Misread by one.")
        self.assertEqual(
            (reading.raw_index, reading.index_value, reading.usage, reading.state),
            (110, 111, 11, "accepted"),
        )
        log = reading.log_ids.filtered(lambda row: row.action == "reread")
        self.assertEqual(
            (log.old_index, log.new_index, log.reason, log.user_id),
            (110, 111, "Misread by one.", self.env.user),
        )

    def test_accepted_reading_is_not_overwritten_or_deleted(self):
        reading = self.make_reading(self.meter, "2024-01-31", 110)
        with self.assertRaisesRegex(UserError, "Use Read Again"):
            reading.index_value = 120
        with self.assertRaisesRegex(UserError, "stays on record"):
            reading.unlink()
        reading.write({"note": "Glass broken", "index_value": 110})
        reading.action_reopen("Wrong meter.")
        self.assertEqual(reading.state, "draft")
        reading.unlink()
        self.assertFalse(reading.exists())

    # --- estimates ----------------------------------------------------------

    def test_estimate_takes_the_place_of_a_reading_that_nobody_believes(self):
        self.read_months([131, 160, 191])
        april = self.enter("2024-04-30", 20)
        april._validate()
        april.action_estimate("Dial not readable.")
        self.assertEqual(
            (april.source, april.estimated, april.index_value, april.raw_index, april.state),
            ("estimate", True, 221, 20, "accepted"),
        )
        self.assertEqual(april.reason, "Dial not readable.")

    def test_estimate_without_past_says_so_and_changes_nothing(self):
        meter = self.make_meter("NEW", self.unit_2)
        reading = self.enter("2024-01-31", 5, meter)
        with self.assertRaisesRegex(UserError, "NEW has no usage of its own before"):
            reading.action_estimate("Not readable.")
        self.assertEqual((reading.index_value, reading.source), (5, "manual"))

    def test_next_true_reading_settles_estimates_that_are_not_billed(self):
        self.read_months([131, 160, 191])
        april = self.enter("2024-04-30", 191)
        april.action_estimate("Nobody at home.")
        may = self.make_reading(self.meter, "2024-05-31", 191 + 61 * 2)
        self.assertEqual((april.index_value, april.usage, april.estimated), (251, 60, False))
        self.assertEqual((may.usage, may.index_previous), (62, 251))

    def test_next_true_reading_corrects_estimates_that_were_billed(self):
        self.read_months([131, 160, 191])
        april = self.enter("2024-04-30", 191)
        april.action_estimate("Nobody at home.")
        april._mark_billed()
        may = self.make_reading(self.meter, "2024-05-31", 191 + 61)
        correction = april.corrected_by_id
        self.assertEqual((april.index_value, april.usage, april.state), (221, 30, "billed"))
        self.assertFalse(correction, "the estimate was right, nothing is to be corrected")
        self.assertEqual(may.usage, 31)

    def test_wrong_billed_estimate_gets_a_signed_correction(self):
        self.read_months([131, 160, 191])
        april = self.enter("2024-04-30", 191)
        april.action_estimate("Nobody at home.")
        april._mark_billed()
        may = self.make_reading(self.meter, "2024-05-31", 191 + 122)
        correction = april.corrected_by_id
        self.assertEqual(
            (correction.index_value, correction.usage, correction.usage_billable, correction.state),
            (251, 60, 30, "accepted"),
        )
        self.assertEqual((may.usage, may.previous_id), (62, correction))
        self.assertEqual((correction.date, str(correction.date_from)), (april.date, "2024-04-01"))
        self.assertEqual(self.Reading._get_corrections(self.estate, may.date), correction)

    def test_correction_of_a_billed_estimate_fits_a_dial_without_decimals(self):
        self.meter.decimals = 0
        self.read_months([131, 160, 191])
        april = self.enter("2024-04-30", 191)
        april.action_estimate("Nobody at home.")
        april._mark_billed()
        # 100 units over 30 and 31 days
        may = self.make_reading(self.meter, "2024-05-31", 291)
        self.assertEqual((april.corrected_by_id.index_value, may.usage), (240, 51))

    # --- billed readings ----------------------------------------------------

    def test_billed_reading_never_changes(self):
        reading = self.make_reading(self.meter, "2024-01-31", 110)
        reading._mark_billed()
        for values in ({"index_value": 111}, {"date": "2024-01-30"}, {"photo": False}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "never changes"):
                reading.write(values)
        for action in (
            lambda: reading.action_reread(111, "Wrong"),
            lambda: reading.action_estimate("Wrong"),
            lambda: reading.action_reopen("Wrong"),
        ):
            with self.assertRaisesRegex(UserError, "is billed"):
                action()
        with self.assertRaisesRegex(UserError, "stays on record"):
            reading.unlink()

    def test_correction_is_a_row_of_its_own_and_moves_usage_to_the_next(self):
        january, february, march = self.read_months([110, 120, 130])
        (january | february)._mark_billed()
        correction = january.action_correct(107, "Misread.")
        self.assertEqual((january.index_value, january.usage, january.state), (110, 10, "billed"))
        self.assertEqual(
            (correction.usage, correction.usage_billable, correction.state, correction.reason),
            (7, -3, "accepted", "Misread."),
        )
        follow_up = february.corrected_by_id
        self.assertEqual(
            (follow_up.index_value, follow_up.usage, follow_up.usage_billable), (120, 13, 3)
        )
        self.assertEqual((march.usage, march.previous_id), (10, follow_up))
        self.assertEqual(
            self.Reading._get_corrections(self.estate, march.date), correction | follow_up
        )
        self.assertEqual(
            self.Reading._get_billable(self.estate, self.day("2024-01-01"), march.date)
            - self.first,
            march,
        )

    def test_correction_can_be_corrected_once_it_is_billed_too(self):
        january = self.make_reading(self.meter, "2024-01-31", 110)
        january._mark_billed()
        first = january.action_correct(107, "Misread.")
        with self.assertRaisesRegex(UserError, "Only the last billed reading"):
            january.action_correct(106, "Once more.")
        first._mark_billed()
        second = first.action_correct(109, "It was right, nearly.")
        self.assertEqual((second.usage_billable, second.origin_id), (2, january))
        self.assertEqual(january.corrected_by_id, first)

    def test_impossible_correction_changes_nothing(self):
        january = self.make_reading(self.meter, "2024-01-31", 110)
        january._mark_billed()
        with self.assertRaisesRegex(ValidationError, "lower than the last index"):
            january.action_correct(50, "Misread.")
        self.env.invalidate_all()
        self.assertFalse(january.corrected_by_id)

    def test_insertion_before_a_billed_reading_corrects_it(self):
        march = self.make_reading(self.meter, "2024-03-31", 130)
        march._mark_billed()
        february = self.make_reading(self.meter, "2024-02-29", 118)
        self.assertEqual((february.usage, march.usage), (18, 30))
        self.assertEqual(
            (march.corrected_by_id.usage, march.corrected_by_id.usage_billable), (12, -18)
        )

    def test_withdrawn_bill_takes_an_unbilled_correction_back_into_its_reading(self):
        january, february = self.read_months([110, 120])
        (january | february)._mark_billed()
        january.action_correct(107, "Misread.")
        (january | february)._mark_unbilled()
        self.assertEqual(
            (january.index_value, january.usage, january.state, january.raw_index),
            (107, 7, "accepted", 110),
        )
        self.assertEqual((february.usage, february.previous_id), (13, january))
        self.assertFalse(self.Reading.search([("correction_of_id", "!=", False)]))

    def test_only_accepted_readings_are_billed(self):
        draft = self.enter("2024-01-31", 110)
        with self.assertRaisesRegex(UserError, "not accepted, so it cannot be billed"):
            draft._mark_billed()

    # --- who may ------------------------------------------------------------

    def test_rpc_callers_cannot_make_a_reading_accepted(self):
        user = self.make_user("billing_supervisor", self.estate)
        env = self.env(user=user)
        for values in ({"state": "accepted"}, {"usage": 5.0}, {"severity": "note"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "found out by its check"):
                self.enter("2024-01-31", 110, env=env, **values)
        reading = self.enter("2024-01-31", 110, env=env, state="draft")
        for values in ({"state": "accepted"}, {"usage": 0.0}, {"findings": False}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "found out by its check"):
                reading.write(values)
        for context in ({"accept": True}, {"force": True}, {"su": True}):
            with self.subTest(context), self.assertRaises(UserError):
                reading.with_context(**context).write({"state": "billed"})
        self.assertEqual(reading.state, "draft")

    def test_conspicuous_reading_needs_a_reason_and_a_blocked_one_the_supervisor(self):
        self.read_months([110, 120, 130, 140])
        collector = self.make_user("collector", self.estate)
        high = self.enter("2024-05-31", 400, env=self.env(user=collector))
        high.action_check()
        self.assertEqual((high.state, high.severity), ("flagged", "confirm"))
        with self.assertRaisesRegex(UserError, "Say why it is right"):
            high.action_accept()
        high.action_accept("Pool was filled.")
        self.assertEqual(
            (high.state, high.reason, high.accepted_by_id),
            ("accepted", "Pool was filled.", collector),
        )
        low = self.enter("2024-06-30", 30, env=self.env(user=collector))
        low.action_check()
        with self.assertRaisesRegex(UserError, "ask the billing supervisor"):
            low.action_accept("I saw it.")
        supervisor = self.make_user("billing_supervisor", self.estate)
        low.with_user(supervisor).action_accept("The dial began again.")
        self.assertEqual((low.state, low.usage, low.rolled_over), ("accepted", 999_630, True))

    def test_lower_index_is_not_accepted_while_the_digits_are_unknown(self):
        self.meter.digits = 0
        reading = self.enter("2024-01-31", 50)
        reading._validate()
        with self.assertRaisesRegex(UserError, "enter the digits of meter W-101"):
            reading.action_accept("Believe me.")
        self.env.invalidate_all()
        self.assertEqual(reading.state, "flagged")

    def test_roles_that_read_only(self):
        reading = self.make_reading(self.meter, "2024-01-31", 110)
        for role in ("accountant", "controller", "general_manager", "cashier"):
            user = self.make_user(role, self.estate, login=f"ro_{role}")
            mine = reading.with_user(user)
            self.assertEqual(mine.index_value, 110)
            with self.assertRaises(AccessError):
                mine.action_reread(111, "No")
            with self.assertRaises(AccessError):
                self.enter("2024-02-29", 120, env=self.env(user=user))
            with self.assertRaises(AccessError):
                mine.log_ids.create({"reading_id": reading.id, "action": "reread", "user_id": 1})
        for role in ("collector", "steward", "engineer"):
            user = self.make_user(role, self.estate, login=f"rw_{role}")
            draft = self.enter("2024-02-29", 120, env=self.env(user=user))
            draft.unlink()

    def test_collector_cannot_correct_billed_readings(self):
        reading = self.make_reading(self.meter, "2024-01-31", 110)
        reading._mark_billed()
        collector = self.make_user("collector", self.estate)
        with self.assertRaisesRegex(UserError, "corrected by the billing supervisor"):
            reading.with_user(collector).action_correct(111, "Misread.")

    def test_readings_of_other_estates_stay_unseen(self):
        other = self.make_meter("OTHER", estate_id=self.make_estate("OT").id)
        reading = self.make_reading(other, "2024-01-31", 5)
        user = self.make_user("collector", self.estate)
        self.assertNotIn(reading, self.Reading.with_user(user).search([]))
        with self.assertRaises(AccessError):
            reading.with_user(user).action_accept("Mine.")
        with self.assertRaises(AccessError):
            self.enter("2024-02-29", 6, other, env=self.env(user=user))

    # --- speed ------------------------------------------------------------

    @users("__system__")
    def test_checking_takes_as_many_queries_for_a_hundred_as_for_ten(self):
        def count(number, prefix):
            meters = self.env["property.meter"].create(
                [
                    {
                        "name": f"{prefix}-{position}",
                        "unit_id": self.unit_2.id,
                        "digits": 5,
                        "date_installed": "2023-01-01",
                    }
                    for position in range(number)
                ]
            )
            first = self.Reading._create_rows(
                [
                    {"meter_id": meter.id, "date": "2023-12-31", "index_value": 10}
                    for meter in meters
                ]
            )
            first._validate()
            readings = self.Reading.create(
                [
                    {"meter_id": meter.id, "date": "2024-01-31", "index_value": 11}
                    for meter in meters
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            readings._validate()
            self.env.flush_all()
            self.assertEqual(set(readings.mapped("state")), {"accepted"})
            return self.cr.sql_log_count - before

        count(2, "WARM")
        few, many = count(10, "TEN"), count(100, "HUN")
        self.assertLessEqual(many, few + 1)
        self.assertLess(many, 25)


class TestReadingChecks(MeterCase):
    """Each finding once, through the model."""

    def test_findings(self):
        cases = [
            # name, unit, history of indexes, (day, index), values, codes, severity
            ("clean", self.unit, [110, 120, 130, 140], ("2024-05-31", 150), [], False),
            ("lower", self.unit, [110, 120, 130], ("2024-04-30", 14), ["lower_than_last"], "block"),
            (
                "high",
                self.unit,
                [110, 120, 130],
                ("2024-04-30", 260),
                ["far_from_history"],
                "confirm",
            ),
            (
                "low",
                self.unit,
                [200, 300, 400],
                ("2024-04-30", 410),
                ["far_from_history"],
                "confirm",
            ),
            ("zero", self.unit, [110, 120], ("2024-03-31", 120), ["zero_occupied"], "confirm"),
            ("vacant", self.unit_2, [110], ("2024-02-29", 130), ["use_when_vacant"], "confirm"),
            ("empty", self.unit_2, [100], ("2024-02-29", 100), [], False),
            ("future", self.unit, [110], ("2099-01-31", 120), ["future"], "block"),
            ("late", self.unit, [110, 120], ("2024-01-15", 105), ["before_last"], "block"),
            (
                "early",
                self.unit,
                [],
                ("2022-12-31", 105),
                ["before_last", "before_installation"],
                "block",
            ),
        ]
        for name, unit, indexes, (day, index), codes, severity in cases:
            with self.subTest(name):
                meter = self.make_meter(f"T-{name}", unit)
                self.make_reading(meter, "2023-12-31", 100, kind="installation")
                self.read_months(indexes, meter)
                reading = self.enter(day, index, meter)
                reading._validate()
                self.assertEqual(self.codes(reading), codes)
                self.assertEqual(reading.severity, severity)
                self.assertEqual(reading.state, "flagged" if codes else "accepted")
                self.assertEqual(bool(reading.finding_text), bool(codes))

    def test_rollover_is_believed_within_the_usual(self):
        meter = self.make_meter("ROLL", self.unit, digits=4)
        self.make_reading(meter, "2023-12-31", 9960)
        self.read_months([9970, 9980, 9990], meter)
        reading = self.enter("2024-04-30", 2, meter)
        reading._validate()
        self.assertEqual((self.codes(reading), reading.usage), (["rollover"], 12))
        self.assertTrue(reading.rolled_over)
        self.assertIn("begun again at zero", reading.finding_text)

    def test_after_removal(self):
        self.meter.date_removed = "2024-01-31"
        reading = self.enter("2024-02-29", 110)
        self.assertEqual((self.codes(reading), reading.severity), (["after_removal"], "block"))

    def test_stopped_and_children_above_parent(self):
        main = self.make_meter("MAIN")
        self.meter.parent_id = main
        self.make_reading(main, "2023-12-31", 1000)
        self.make_reading(self.meter, "2024-01-31", 150)
        reading = self.enter("2024-01-31", 1040, main)
        self.assertEqual(
            (self.codes(reading), reading.severity), (["children_exceed_parent"], "note")
        )
        reading._validate()
        self.assertEqual(reading.state, "accepted")
        self.make_reading(self.meter, "2024-02-29", 200)
        still = self.enter("2024-02-29", 1040, main)
        self.assertIn("stopped", self.codes(still))

    def test_parent_and_child_read_in_one_go(self):
        main = self.make_meter("MAIN")
        self.meter.parent_id = main
        self.make_reading(main, "2023-12-31", 1000)
        readings = self.Reading.create(
            [
                {"meter_id": main.id, "date": "2024-01-31", "index_value": 1010},
                {"meter_id": self.meter.id, "date": "2024-01-31", "index_value": 150},
            ]
        )
        self.assertEqual(self.codes(readings[0]), ["children_exceed_parent"])

    def test_parent_read_before_its_children(self):
        main = self.make_meter("MAIN")
        self.meter.parent_id = main
        self.make_reading(main, "2023-12-31", 1000)
        short = self.make_reading(main, "2024-01-31", 1010)
        still = self.make_reading(main, "2024-02-29", 1010)
        self.assertEqual((self.codes(short), self.codes(still)), ([], []))
        self.make_reading(self.meter, "2024-01-31", 150)
        self.assertEqual((self.codes(short), short.state), (["children_exceed_parent"], "accepted"))
        self.assertEqual((self.codes(still), still.state), ([], "accepted"))
        self.make_reading(self.meter, "2024-02-29", 180)
        self.assertEqual((self.codes(still)[0], still.state), ("stopped", "flagged"))

    def test_managers_change_the_rules(self):
        rule = self.env.ref("property_billing.reading_rule_far_from_history")
        self.assertEqual((rule.limit_spread_factor, rule.limit_median_share), (4, 1))
        self.read_months([110, 120, 130])
        reading = self.enter("2024-04-30", 155)
        self.assertEqual(self.codes(reading), ["far_from_history"])
        rule.limit_median_share = 2
        reading._evaluate()
        self.assertEqual(self.codes(reading), [])
        rule.limit_median_share = 1
        own = self.env["property.reading.rule"].create(
            {"code": "far_from_history", "severity": "off", "commodity": "water_cold"}
        )
        self.assertEqual(own.limit_median_share, 1)
        reading._evaluate()
        self.assertEqual(self.codes(reading), [])
        own.commodity = "gas"
        reading._evaluate()
        self.assertEqual(reading.severity, "confirm")

    def test_rule_of_one_company_does_not_hold_in_another(self):
        company = self.make_company()
        rule = self.env["property.reading.rule"].create(
            {"code": "future", "severity": "off", "company_id": company.id}
        )
        reading = self.enter("2099-01-31", 120)
        self.assertEqual(self.codes(reading), ["future"])
        rule.company_id = self.env.company
        reading._evaluate()
        self.assertEqual(self.codes(reading), [])

    def test_exchanged_meter_is_compared_with_the_one_before_it(self):
        self.read_months([110, 120, 130])
        self.meter.date_removed = "2024-03-31"
        new = self.make_meter("W-101-2", self.unit, replaces_id=self.meter.id)
        self.make_reading(new, "2024-03-31", 0, kind="installation")
        reading = self.enter("2024-04-30", 90, new)
        self.assertEqual(self.codes(reading), ["far_from_history"])

    def test_accepted_reading_is_flagged_anew_when_its_neighbour_makes_it_odd(self):
        self.read_months([110, 120, 130, 140])
        may = self.make_reading(self.meter, "2024-05-31", 160)
        june = self.make_reading(self.meter, "2024-06-30", 172)
        may.action_reread(141, "Misread.")
        self.assertEqual((june.usage, june.state), (31, "flagged"))
        self.assertEqual(set(june.log_ids.mapped("action")), {"relinked", "flagged"})

    def test_open_blocks_of_a_period(self):
        self.enter("2024-01-31", 50)._validate()
        draft = self.enter("2024-01-31", 5, self.make_meter("OTHER", self.unit_2))
        period = (self.estate, self.day("2024-01-01"), self.day("2024-01-31"))
        self.assertEqual(len(self.Reading._get_open(*period)), 2)
        self.assertNotIn(draft, self.Reading._get_open_blocks(*period))
        self.assertEqual(self.Reading._get_open_blocks(*period).meter_id, self.meter)
        self.assertFalse(
            self.Reading._get_open(self.estate, self.day("2024-02-01"), self.day("2024-02-29"))
        )
