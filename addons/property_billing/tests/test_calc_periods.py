from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.periods import (
    MONTHS_IN,
    Period,
    PeriodError,
    basis_year,
    basis_year_starts,
    billing_periods,
    days,
    month_period,
    next_period,
    overlap,
    period_containing,
    period_label,
    previous_period,
    prorate,
    split_at,
)
from .calc_common import dates, day, decimals, period, periods, properties


class TestCalcPeriods(BaseCase):
    def test_both_ends_are_counted(self):
        self.assertEqual(days(period("2024-02-01", "2024-02-29")), 29)
        self.assertEqual(days(period("2024-02-01", "2024-02-01")), 1)

    def test_days_that_make_no_period_are_refused(self):
        for start, end in (
            (date(2024, 1, 2), date(2024, 1, 1)),
            (datetime(2024, 1, 1), date(2024, 1, 2)),
            ("2024-01-01", date(2024, 1, 2)),
        ):
            with self.subTest(start=start), self.assertRaises(PeriodError):
                Period(start, end)

    def test_month(self):
        self.assertEqual(month_period(2023, 2), period("2023-02-01", "2023-02-28"))
        self.assertEqual(month_period(2024, 12), period("2024-12-01", "2024-12-31"))
        with self.assertRaises(PeriodError):
            month_period(2024, 13)

    def test_label_names_whole_months_and_else_the_days(self):
        for start, end, label in (
            ("2024-02-01", "2024-02-29", "2024-02"),
            ("2023-02-01", "2023-02-27", "2023-02-01 – 2023-02-27"),
            ("2024-01-01", "2024-03-31", "2024-01 – 2024-03"),
            ("2023-12-01", "2024-02-29", "2023-12 – 2024-02"),
            ("2024-01-16", "2024-01-31", "2024-01-16 – 2024-01-31"),
        ):
            with self.subTest(start=start, end=end):
                self.assertEqual(period_label(day(start), day(end)), label)
        self.assertEqual(period_label(day("2024-01-16"), None), "2024-01-16 –")

    def test_period_that_contains_a_day(self):
        for text, kind, first_month, start, end in (
            ("2024-05-17", "month", 1, "2024-05-01", "2024-05-31"),
            ("2024-05-17", "quarter", 1, "2024-04-01", "2024-06-30"),
            ("2024-07-01", "half_year", 1, "2024-07-01", "2024-12-31"),
            ("2024-06-30", "half_year", 1, "2024-01-01", "2024-06-30"),
            ("2024-05-17", "year", 1, "2024-01-01", "2024-12-31"),
            ("2024-03-31", "year", 4, "2023-04-01", "2024-03-31"),
            ("2024-01-15", "quarter", 2, "2023-11-01", "2024-01-31"),
            ("2024-01-15", "half_year", 10, "2023-10-01", "2024-03-31"),
            ("2024-12-31", "quarter", 12, "2024-12-01", "2025-02-28"),
        ):
            with self.subTest(day=text, kind=kind, first_month=first_month):
                self.assertEqual(
                    period_containing(day(text), kind, first_month), period(start, end)
                )

    def test_unknown_kind_and_first_month_are_refused(self):
        with self.assertRaises(PeriodError):
            period_containing(day("2024-01-01"), "week")
        with self.assertRaises(PeriodError):
            period_containing(day("2024-01-01"), "year", 13)

    def test_billing_periods_are_whole_ones(self):
        found = list(billing_periods(day("2024-02-20"), day("2024-07-01"), "quarter"))
        self.assertEqual(
            found,
            [
                period("2024-01-01", "2024-03-31"),
                period("2024-04-01", "2024-06-30"),
                period("2024-07-01", "2024-09-30"),
            ],
        )
        self.assertEqual(list(billing_periods(day("2024-02-20"), day("2024-02-19"), "month")), [])

    def test_overlap(self):
        may = month_period(2024, 5)
        for other, expected in (
            (period("2024-05-31", "2024-06-10"), period("2024-05-31", "2024-05-31")),
            (period("2024-06-01", "2024-06-10"), None),
            (period("2024-01-01", "2024-12-31"), may),
        ):
            with self.subTest(other=other):
                self.assertEqual(overlap(may, other), expected)
                self.assertEqual(overlap(other, may), expected)

    def test_proration_counts_actual_days_of_the_period(self):
        for amount, part, whole, expected in (
            ("310", ("2024-05-01", "2024-05-10"), ("2024-05-01", "2024-05-31"), "100"),
            ("290", ("2024-02-29", "2024-02-29"), ("2024-02-01", "2024-02-29"), "10"),
            ("910", ("2024-01-01", "2024-01-31"), ("2024-01-01", "2024-03-31"), "310"),
        ):
            with self.subTest(part=part):
                self.assertEqual(
                    prorate(amount, period(*part), period(*whole)),
                    Fraction(Decimal(expected)),
                )

    def test_proration_outside_the_period_is_refused(self):
        with self.assertRaises(PeriodError):
            prorate(1, period("2024-04-30", "2024-05-02"), month_period(2024, 5))

    def test_split_at_first_days_of_parts(self):
        self.assertEqual(
            split_at(
                month_period(2024, 5),
                [
                    day("2024-05-20"),
                    day("2024-05-10"),
                    day("2024-05-10"),
                    day("2024-05-01"),
                    day("2024-06-01"),
                ],
            ),
            [
                period("2024-05-01", "2024-05-09"),
                period("2024-05-10", "2024-05-19"),
                period("2024-05-20", "2024-05-31"),
            ],
        )

    def test_basis_year(self):
        for text, basis, contract, start, end in (
            ("2024-02-29", "calendar_year", None, "2024-01-01", "2024-12-31"),
            ("2024-05-31", "contract_year", "2020-06-01", "2023-06-01", "2024-05-31"),
            ("2024-06-01", "contract_year", "2020-06-01", "2024-06-01", "2025-05-31"),
            ("2019-01-01", "contract_year", "2020-06-01", "2018-06-01", "2019-05-31"),
            ("2023-02-28", "contract_year", "2020-02-29", "2023-02-28", "2024-02-28"),
            ("2024-02-28", "contract_year", "2020-02-29", "2023-02-28", "2024-02-28"),
            ("2024-02-29", "contract_year", "2020-02-29", "2024-02-29", "2025-02-27"),
        ):
            with self.subTest(day=text, contract=contract):
                self.assertEqual(
                    basis_year(day(text), basis, contract and day(contract)),
                    period(start, end),
                )

    def test_contract_year_without_contract_is_refused(self):
        with self.assertRaises(PeriodError):
            basis_year(day("2024-01-01"), "contract_year")
        with self.assertRaises(PeriodError):
            basis_year(day("2024-01-01"), "moon_year")

    def test_basis_years_that_begin_inside(self):
        self.assertEqual(
            basis_year_starts(period("2023-12-15", "2025-01-01"), "calendar_year"),
            [day("2024-01-01"), day("2025-01-01")],
        )
        self.assertEqual(basis_year_starts(period("2024-01-01", "2024-12-31"), "calendar_year"), [])

    @properties
    @given(dates(), st.sampled_from(sorted(MONTHS_IN)), st.integers(1, 12))
    def test_periods_follow_each_other_without_gap(self, one_day, kind, first_month):
        found = period_containing(one_day, kind, first_month)
        self.assertIn(one_day, found)
        following = next_period(found, kind, first_month)
        self.assertEqual(following.start, found.end + timedelta(days=1))
        self.assertEqual(previous_period(following, kind, first_month), found)

    @properties
    @given(decimals(), periods(), st.lists(dates(2000), max_size=8))
    def test_shares_of_adjoining_parts_add_up(self, amount, whole, cuts):
        parts = split_at(whole, cuts)
        self.assertEqual(sum(part.days for part in parts), whole.days)
        self.assertEqual(sum(prorate(amount, part, whole) for part in parts), Fraction(amount))

    @properties
    @given(dates(), dates())
    def test_contract_years_cover_every_day_once(self, one_day, contract):
        year = basis_year(one_day, "contract_year", contract)
        self.assertIn(one_day, year)
        for inside in (year.start, year.end):
            self.assertEqual(basis_year(inside, "contract_year", contract), year)
        after = basis_year(year.end + timedelta(days=1), "contract_year", contract)
        self.assertEqual(after.start, year.end + timedelta(days=1))
