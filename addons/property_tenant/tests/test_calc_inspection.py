from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..calc.inspection import is_outside, lacks, score_percent
from ..calc.recurrence import TimeError, deadline, is_due, parse_times, slots

properties = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
RESULTS = st.sampled_from(["ok", "defect", "na", False])


@tagged("post_install", "-at_install")
class TestCalcInspection(BaseCase):
    def test_limits_belong_to_the_good_numbers(self):
        for number, low, high, outside in (
            (0.3, 0.3, 0.6, False),
            (0.6, 0.3, 0.6, False),
            (0.29, 0.3, 0.6, True),
            (0.61, 0.3, 0.6, True),
            (-5, None, 0, False),
            (5, None, None, False),
            (0, 0, None, False),
            (-1, 0, None, True),
        ):
            self.assertEqual(is_outside(number, low, high), outside, (number, low, high))

    def test_what_does_not_apply_is_not_scored(self):
        self.assertEqual(score_percent([("ok", 2), ("defect", 1), ("na", 7), (False, 3)]), 200 / 3)
        self.assertIsNone(score_percent([("na", 7), (False, 3), ("ok", 0)]))

    @properties
    @given(st.lists(st.tuples(RESULTS, st.integers(0, 20))))
    def test_a_score_is_between_nothing_and_all(self, answers):
        percent = score_percent(answers)
        if percent is not None:
            self.assertLessEqual(0, percent)
            self.assertLessEqual(percent, 100)

    def test_what_a_point_still_needs(self):
        for result, options, needed in (
            ("", {}, "result"),
            ("ok", {}, ""),
            ("ok", {"numbered": True}, "number"),
            ("ok", {"numbered": True, "measured": True}, ""),
            ("ok", {"photo": "always"}, "photo"),
            ("ok", {"photo": "always", "photos": 1}, ""),
            ("ok", {"photo": "defect"}, ""),
            ("defect", {"photo": "defect"}, "photo"),
            ("na", {"photo": "always", "numbered": True}, ""),
        ):
            self.assertEqual(lacks(result, **options), needed, (result, options))


@tagged("post_install", "-at_install")
class TestCalcRecurrence(BaseCase):
    def test_times_as_people_write_them(self):
        eight, twenty = time(8), time(20)
        for text in ("8:00,20:00", "20:00; 08:00", "08：00、20：00", " 8:00  20:00 8:00"):
            self.assertEqual(parse_times(text), [eight, twenty], text)
        self.assertEqual(parse_times(""), [])
        for text in ("25:00", "8", "8:60", "noon"):
            with self.assertRaises(TimeError):
                parse_times(text)

    def days(self, first, last, frequency, **rule):
        return [
            slot.date()
            for slot in slots(date(*first), date(*last), frequency, times=[time(9)], **rule)
        ]

    def test_days(self):
        self.assertEqual(
            self.days((2024, 1, 1), (2024, 1, 7), "daily", start=date(2024, 1, 2), every=2),
            [date(2024, 1, 2), date(2024, 1, 4), date(2024, 1, 6)],
        )
        self.assertEqual(
            self.days(
                (2024, 1, 1), (2024, 1, 31), "weekly", start=date(2024, 1, 3), every=2, weekdays=[0]
            ),
            [date(2024, 1, 15), date(2024, 1, 29)],
        )
        self.assertEqual(
            self.days((2024, 1, 1), (2024, 3, 31), "monthly", start=date(2024, 1, 1), month_day=31),
            [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)],
        )
        self.assertEqual(
            self.days(
                (2024, 1, 1),
                (2024, 1, 9),
                "daily",
                start=date(2023, 1, 1),
                end=date(2024, 1, 2),
                weekdays=[1],
            ),
            [date(2024, 1, 2)],
        )

    @properties
    @given(
        st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        st.integers(0, 60),
        st.integers(0, 60),
        st.sampled_from(["daily", "weekly", "monthly"]),
        st.integers(1, 5),
        st.integers(1, 31),
    )
    def test_two_stretches_together_are_the_whole(self, start, gap, length, frequency, every, day):
        first = start + timedelta(days=gap)
        middle, last = first + timedelta(days=length), first + timedelta(days=2 * length)
        rule = {"start": start, "every": every, "month_day": day}
        parts = slots(first, middle, frequency, **rule)
        parts += slots(middle + timedelta(days=1), last, frequency, **rule)
        self.assertEqual(parts, slots(first, last, frequency, **rule))
        self.assertTrue(all(is_due(slot.date(), frequency, **rule) for slot in parts))

    def test_a_slot_is_late_when_the_next_one_comes(self):
        day = datetime(2024, 1, 1)
        morning, evening = day.replace(hour=8), day.replace(hour=20)
        both = [morning, evening, morning + timedelta(days=1)]
        self.assertEqual(deadline(morning, both), evening)
        self.assertEqual(deadline(evening, both), datetime(2024, 1, 2))
