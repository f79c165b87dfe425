"""Deadlines in working days, with holidays and the weekends that are worked instead."""

from datetime import date, datetime, timedelta

import pytz
from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tests.common import freeze_time

from ..calc.working_days import add_working_days
from .common import PropertyCase


def weekdays(first, last):
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


class TestAddWorkingDays(BaseCase):
    def test_by_weeks(self):
        friday = date(2026, 9, 4)
        for count, expected in (
            (0, friday),
            (1, date(2026, 9, 7)),
            (5, date(2026, 9, 11)),
            (7, date(2026, 9, 15)),
            (-1, date(2026, 9, 3)),
            (-5, date(2026, 8, 28)),
        ):
            self.assertEqual(add_working_days(friday, count, weekdays), expected, count)

    def test_where_nothing_is_ever_worked_every_day_counts(self):
        never = lambda first, last: []  # noqa: E731
        self.assertEqual(add_working_days(date(2026, 9, 4), 5, never), date(2026, 9, 9))
        self.assertEqual(add_working_days(date(2026, 9, 4), -5, never), date(2026, 8, 30))

    @given(DAYS, st.integers(1, 300))
    def test_so_many_days_lie_between(self, day, count):
        later = add_working_days(day, count, weekdays)
        self.assertEqual(len(weekdays(day + timedelta(days=1), later)), count)
        self.assertLess(later.weekday(), 5)

    @given(DAYS, st.integers(1, 300))
    def test_back_is_the_way_there(self, day, count):
        earlier = add_working_days(day, -count, weekdays)
        self.assertEqual(len(weekdays(earlier, day - timedelta(days=1))), count)


@tagged("post_install", "-at_install")
class TestEstateWorkingDays(PropertyCase):
    """National Day 2026: free from 1 to 7 October; worked on 20 September and 10 October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Office", "tz": "Asia/Shanghai", "company_id": cls.env.company.id}
        )
        cls.estate.calendar_id = cls.calendar
        cls.estate.tz = "Asia/Shanghai"
        cls.days = cls.env["property.calendar.day"].create(
            [
                {"name": "National Day", "date_from": "2026-10-01", "date_to": "2026-10-07"},
                {"name": "For National Day", "kind": "work", "date_from": "2026-09-20"},
                {"name": "For National Day", "kind": "work", "date_from": "2026-10-10"},
            ]
        )

    def test_deadlines(self):
        for day, count, expected in (
            # a make-up Sunday counts
            ("2026-09-18", 1, "2026-09-20"),
            ("2026-09-18", 5, "2026-09-24"),
            # the holidays do not
            ("2026-09-29", 1, "2026-09-30"),
            ("2026-09-30", 1, "2026-10-08"),
            # a make-up Saturday after them does
            ("2026-09-30", 3, "2026-10-10"),
            ("2026-09-30", 5, "2026-10-13"),
            ("2026-09-28", 7, "2026-10-13"),
            ("2026-10-12", -2, "2026-10-09"),
        ):
            got = self.estate._add_working_days(date.fromisoformat(day), count)
            self.assertEqual(str(got), expected, (day, count))

    def test_each_day_is_worked_or_not(self):
        got = self.estate._get_working_days(date(2026, 9, 30), date(2026, 10, 12))
        self.assertEqual([day.day for day in got], [30, 8, 9, 10, 12])
        self.assertEqual(self.estate._get_working_days(date(2026, 10, 2), date(2026, 10, 1)), [])

    def test_a_make_up_day_has_the_hours_of_a_working_day(self):
        zone = pytz.timezone("Asia/Shanghai")

        def hours(day):
            start = zone.localize(datetime(2026, 10, day))
            end = start + timedelta(days=1)
            return self.calendar.get_work_hours_count(start, end)

        self.assertEqual(hours(10), hours(9))
        self.assertGreater(hours(10), 0)
        self.assertEqual(hours(11), 0)
        self.assertEqual(hours(7), 0)

    def test_a_time_within_a_make_up_day_is_cut_at_its_ends(self):
        zone = pytz.timezone("Asia/Shanghai")
        start, end = (
            zone.localize(datetime(2026, 10, 10, 9)),
            zone.localize(datetime(2026, 10, 10, 10, 30)),
        )
        self.assertEqual(self.calendar.get_work_hours_count(start, end), 1.5)

    def test_what_odoo_plans_follows(self):
        zone = pytz.timezone("Asia/Shanghai")
        asked = zone.localize(datetime(2026, 9, 30, 20))
        planned = self.calendar.plan_days(3, asked, compute_leaves=True)
        self.assertEqual(planned.date(), date(2026, 10, 10))

    def test_the_clock_of_the_estate_counts(self):
        self.estate.tz = "America/Los_Angeles"
        got = self.estate._get_working_days(date(2026, 9, 30), date(2026, 10, 12))
        self.assertEqual([day.day for day in got], [30, 8, 9, 10, 12])

    def test_days_of_other_working_hours_do_not_count(self):
        other = self.env["resource.calendar"].create({"name": "Night"})
        self.days.filtered(lambda day: day.kind == "work").calendar_id = other
        got = self.estate._add_working_days(date(2026, 9, 30), 3)
        self.assertEqual(got, date(2026, 10, 12))

    def test_an_approval_is_due_by_working_days(self):
        with freeze_time("2026-09-30 04:00:00"):
            due = self.env["property.approval"]._get_moment(
                self.estate, datetime(2026, 9, 30, 4), 3, "work_days"
            )
        self.assertEqual(self.estate._local_date(due), date(2026, 10, 10))

    def test_no_day_is_both(self):
        with self.assertRaisesRegex(ValidationError, "share a day"):
            self.days.create({"name": "Again", "kind": "work", "date_from": "2026-10-05"})

    def test_managers_set_them_and_others_read(self):
        desk = self.make_user("front_desk", self.estate)
        self.assertEqual(self.days.with_user(desk)[0].name, "National Day")
        with self.assertRaises(AccessError):
            self.days.with_user(desk)[0].date_to = "2026-10-08"
        manager = self.make_user("manager", self.estate)
        self.days.with_user(manager)[0].date_to = "2026-10-08"
        got = self.estate.with_user(desk)._add_working_days(date(2026, 9, 30), 1)
        self.assertEqual(got, date(2026, 10, 9))

    def test_without_a_calendar_every_day_is_worked(self):
        self.estate.calendar_id = False
        got = self.estate._add_working_days(date(2026, 10, 1), 5)
        self.assertEqual(got, date(2026, 10, 6))
