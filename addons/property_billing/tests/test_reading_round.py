import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form

from .common_meters import MeterCase

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
)


class TestReadingRound(MeterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.read_months([110, 120, 130])
        cls.second = cls.make_meter("W-201", cls.unit_3, route_sequence=5)
        cls.make_reading(cls.second, "2024-03-31", 40)
        cls.round = cls.make_round("2024-04-30")
        cls.collector = cls.make_user("collector", cls.estate)

    @classmethod
    def make_round(cls, day, **values):
        return cls.env["property.reading.round"].create(
            {"estate_id": cls.estate.id, "date": day, **values}
        )

    def entry(self, meter, index, register="", reading_round=None):
        reading_round = reading_round or self.round
        return reading_round.with_user(self.collector).enter_index(meter.id, register, index)

    def test_grid_lists_the_meters_in_the_order_of_the_route(self):
        self.make_meter("GONE", self.unit, date_removed="2024-03-31")
        grid = self.round.with_user(self.collector).get_grid()
        self.assertTrue(grid["editable"])
        self.assertEqual(
            [
                (row["number"], row["place"], row["last_index"], row["last_usage"], row["index"])
                for row in grid["rows"]
            ],
            [("W-201", "A-201", 40, 0, False), ("W-101", "A-101", 130, 10, False)],
        )

    def test_entered_index_is_kept_as_a_draft_and_judged_at_once(self):
        row = self.entry(self.meter, 141)
        self.assertEqual(
            (row["usage"], row["state"], row["severity"], row["findings"]), (11, "draft", False, "")
        )
        self.assertEqual(self.round.state, "reading")
        row = self.entry(self.meter, 400)
        self.assertEqual((row["usage"], row["state"], row["severity"]), (270, "draft", "confirm"))
        self.assertIn("far above the usual", row["findings"])
        reading = self.Reading.browse(row["reading_id"])
        self.assertEqual(
            (reading.round_id, reading.raw_index, str(reading.date), reading.kind),
            (self.round, 400, "2024-04-30", "regular"),
        )
        row = self.entry(self.meter, False)
        self.assertEqual((row["state"], row["index"]), (False, False))
        self.assertFalse(reading.exists())

    def test_finishing_accepts_what_is_clean_or_explained(self):
        self.entry(self.meter, 400)
        self.entry(self.second, 45)
        mine = self.round.with_user(self.collector)
        mine.enter_reason(self.meter.id, "", "Pool was filled.")
        mine.action_finish()
        readings = self.round._get_readings()
        self.assertEqual(set(readings.mapped("state")), {"accepted"})
        reading = readings.filtered(lambda row: row.meter_id == self.meter)
        self.assertEqual((reading.reason, reading.log_ids.reason), ("Pool was filled.",) * 2)
        self.assertEqual((self.round.state, self.round.progress), ("done", 100))

    def test_typing_over_an_index_forgets_the_reason_for_it(self):
        self.entry(self.meter, 400)
        mine = self.round.with_user(self.collector)
        self.assertEqual(mine.enter_reason(self.meter.id, "", "Pool.")["reason"], "Pool.")
        self.assertEqual(self.entry(self.meter, 500)["reason"], "")

    def test_reason_does_not_lift_a_block(self):
        self.entry(self.meter, 12)
        self.entry(self.second, 45)
        mine = self.round.with_user(self.collector)
        mine.enter_reason(self.meter.id, "", "I saw it.")
        mine.action_finish()
        self.assertEqual((self.round.state, self.round.open_count), ("checking", 1))
        row = self.entry(self.meter, 140)
        self.assertEqual(row["state"], "accepted")
        reading = self.Reading.browse(row["reading_id"])
        self.assertEqual((reading.raw_index, reading.index_value), (12, 140))
        mine.action_finish()
        self.assertEqual(self.round.state, "done")

    def test_missing_meters_keep_the_round_open_until_they_are_estimated(self):
        self.entry(self.second, 45)
        mine = self.round.with_user(self.collector)
        mine.action_finish()
        self.assertEqual(
            (self.round.state, self.round._get_missing()), ("checking", [(self.meter, "")])
        )
        wizard = (
            self.env["property.round.estimate"]
            .with_user(self.collector)
            .create({"round_id": self.round.id, "reason": "Nobody at home."})
        )
        self.assertEqual(wizard.missing_count, 1)
        wizard.action_apply()
        reading = self.round._get_readings().filtered(lambda row: row.meter_id == self.meter)
        self.assertEqual(
            (reading.estimated, reading.state, reading.index_value, reading.reason),
            (True, "accepted", 139.677, "Nobody at home."),
        )
        self.assertEqual(self.round.state, "done")

    def test_meter_without_past_stays_missing(self):
        fresh = self.make_meter("NEW", self.unit_2)
        self.entry(self.meter, 140)
        self.entry(self.second, 45)
        self.assertEqual(self.round.action_estimate_missing("Locked."), 0)
        self.assertEqual((self.round.state, self.round._get_missing()), ("checking", [(fresh, "")]))
        self.assertFalse(self.Reading.search([("meter_id", "=", fresh.id)]))

    def test_no_second_round_over_the_same_meters(self):
        for values in (
            {"building_ids": [Command.set(self.building.ids)]},
            {"commodity": "water_cold"},
        ):
            with (
                self.assertRaisesRegex(ValidationError, "already covers these meters"),
                self.cr.savepoint(),
            ):
                self.make_round("2024-04-30", **values)
        self.make_round("2024-05-01")
        self.round.action_cancel()
        self.make_round("2024-04-30")

    def test_what_was_read_outside_the_round_is_taken_over(self):
        draft = self.enter("2024-04-30", 140)
        accepted = self.make_reading(self.second, "2024-04-30", 46)
        rows = {row["number"]: row for row in self.round.get_grid()["rows"]}
        self.assertEqual((rows["W-101"]["index"], rows["W-101"]["locked"]), (140, False))
        self.assertEqual((rows["W-201"]["index"], rows["W-201"]["locked"]), (46, True))
        row = self.entry(self.meter, 141)
        self.assertEqual(row["reading_id"], draft.id)
        with self.assertRaisesRegex(UserError, "already read at 46"):
            self.entry(self.second, 47)
        self.round.action_finish()
        self.assertEqual((draft | accepted).round_id, self.round)
        self.assertEqual(self.round.entered_count, 2)

    def test_registers_are_rows_of_their_own(self):
        self.make_meter(
            "E-3", self.unit_3, commodity="electricity", registers="peak_shoulder_valley"
        )
        power = self.make_round("2024-05-31", commodity="electricity")
        self.assertEqual(
            [row["register"] for row in power.get_grid()["rows"]], ["peak", "shoulder", "valley"]
        )
        row = self.entry(
            self.env["property.meter"].search([("name", "=", "E-3")]), 7, "peak", power
        )
        self.assertEqual((row["register"], row["index"]), ("peak", 7))
        self.assertEqual((power.meter_count, power.entered_count), (3, 1))

    def test_what_cannot_be_is_refused_with_a_sentence(self):
        other = self.make_meter("OTHER", estate_id=self.make_estate("OT").id)
        with self.assertRaisesRegex(UserError, "does not belong to the round"):
            self.entry(other, 5)
        with self.assertRaisesRegex(ValidationError, "dial of 6 digits"):
            self.entry(self.meter, 1_000_000)
        self.entry(self.meter, 140)
        self.entry(self.second, 45)
        self.round.action_finish()
        with self.assertRaisesRegex(UserError, "not open for entries"):
            self.entry(self.meter, 150)
        with self.assertRaisesRegex(UserError, "so its estate and day stay"):
            self.round.date = "2024-05-01"
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            self.round.unlink()

    def test_photo_stays_with_the_entry(self):
        mine = self.round.with_user(self.collector)
        with self.assertRaisesRegex(UserError, "Enter the index"):
            mine.enter_photo(self.meter.id, "", PIXEL)
        self.entry(self.meter, 140)
        self.assertTrue(mine.enter_photo(self.meter.id, "", PIXEL)["has_photo"])

    def test_who_only_reads_cannot_enter(self):
        controller = self.make_user("controller", self.estate)
        mine = self.round.with_user(controller)
        self.assertFalse(mine.get_grid()["editable"])
        for call in (
            lambda: mine.enter_index(self.meter.id, "", 140),
            lambda: mine.enter_reason(self.meter.id, "", "Why"),
            lambda: mine.enter_photo(self.meter.id, "", PIXEL),
            lambda: mine.action_finish(),
            lambda: mine.action_cancel(),
            lambda: mine.action_estimate_missing("Why"),
        ):
            with self.assertRaises(AccessError):
                call()
        stranger = self.make_user("collector", self.make_estate("OT"), login="stranger")
        with self.assertRaises(AccessError):
            self.round.with_user(stranger).get_grid()

    def test_grid_and_entry_take_as_many_queries_for_a_hundred_as_for_ten(self):
        def count(number, prefix):
            estate = self.make_estate(prefix)
            unit = self.make_unit(self.make_building(estate), "U")
            meters = self.env["property.meter"].create(
                [
                    {
                        "name": f"{prefix}-{position}",
                        "unit_id": unit.id,
                        "date_installed": "2023-01-01",
                    }
                    for position in range(number)
                ]
            )
            for day, index in (("2024-01-31", 10), ("2024-02-29", 20)):
                self.Reading.create(
                    [{"meter_id": meter.id, "date": day, "index_value": index} for meter in meters]
                )._validate()
            record = self.make_round("2024-03-31", estate_id=estate.id)
            record.enter_index(meters[0].id, "", 29)
            counts = []
            for call in (record.get_grid, lambda: record.enter_index(meters[1].id, "", 31)):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                call()
                self.env.flush_all()
                counts.append(self.cr.sql_log_count - before)
            return counts

        count(3, "WARM")
        few, many = count(10, "TEN"), count(100, "HUN")
        for less, more in zip(few, many, strict=True):
            self.assertLessEqual(more, less + 1)
        self.assertLess(many[1], 60)

    def test_sheet_prints_the_last_indexes(self):
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("property_billing.report_reading_sheet", self.round.ids)[0]
            .decode()
        )
        for text in ("W-101", "W-201", "130", "Reading Sheet"):
            self.assertIn(text, html)


class TestReadingDecision(MeterCase):
    def decide(self, reading, action, **values):
        return self.env["property.reading.decision"].create(
            {"reading_ids": [Command.set(reading.ids)], "action": action, **values}
        )

    def test_each_decision_reaches_the_reading(self):
        self.read_months([110, 120, 130])
        reading = self.enter("2024-04-30", 400)
        reading._validate()
        wizard = self.decide(reading, "accept", reason="Pool.")
        self.assertIn("far above", wizard.finding_text)
        wizard.action_apply()
        self.assertEqual((reading.state, reading.reason), ("accepted", "Pool."))
        self.decide(reading, "reread", new_index=140, reason="Misread.").action_apply()
        self.assertEqual(reading.index_value, 140)
        self.decide(reading, "reopen", reason="Again.").action_apply()
        self.assertEqual(reading.state, "draft")
        self.decide(reading, "estimate", reason="Locked.").action_apply()
        self.assertEqual((reading.state, reading.source), ("accepted", "estimate"))
        reading._mark_billed()
        self.decide(reading, "correct", new_index=139, reason="Seen.").action_apply()
        self.assertEqual(reading.corrected_by_id.index_value, 139)

    def test_dialog_takes_the_readings_it_was_opened_from(self):
        readings = self.read_months([110, 120])
        wizard = Form(
            self.env["property.reading.decision"].with_context(
                active_model="property.meter.reading",
                active_ids=readings.ids,
                default_action="reopen",
            )
        )
        wizard.reason = "Wrong list."
        wizard.save().action_apply()
        self.assertEqual(set(readings.mapped("state")), {"draft"})

    def test_new_index_is_for_one_reading(self):
        readings = self.read_months([110, 120])
        with self.assertRaisesRegex(UserError, "Choose one reading"):
            self.decide(readings, "reread", new_index=5, reason="Both.").action_apply()
