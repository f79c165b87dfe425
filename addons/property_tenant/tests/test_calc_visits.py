from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.visits import coverage, days_between, spread


class TestVisits(BaseCase):
    def test_days_count_the_first_and_the_last(self):
        days = days_between(date(2024, 2, 28), date(2024, 3, 1))
        self.assertEqual(days, [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)])

    @given(st.integers(0, 300), st.integers(1, 60))
    def test_days_differ_by_one_visit_at_most(self, count, length):
        days = [date(2024, 1, 1) + timedelta(days=number) for number in range(length)]
        planned = spread(count, days)
        self.assertEqual(len(planned), count)
        self.assertEqual(planned, sorted(planned))
        numbers = [planned.count(day) for day in days]
        self.assertLessEqual(max(numbers) - min(numbers), 1)

    def test_without_a_day_nothing_can_be_planned(self):
        self.assertEqual(spread(0, []), [])
        with self.assertRaises(ValueError):
            spread(1, [])

    def test_coverage(self):
        for done, planned, wanted in [(0, 0, 100.0), (0, 4, 0.0), (1, 4, 25.0), (4, 4, 100.0)]:
            self.assertEqual(coverage(done, planned), wanted)
