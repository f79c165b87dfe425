from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.periods import Period, month_period
from ..calc.usage import (
    DialSpan,
    LowerThanLast,
    NoHistory,
    PastUsage,
    Usage,
    UsageError,
    check_index,
    dial_range,
    estimate_usage,
    is_rollover_plausible,
    spread_by_days,
    total_of,
    usage_between,
    usage_over_spans,
    usage_with_exchange,
)
from .calc_common import decimals, period, properties


class TestCalcUsage(BaseCase):
    def test_usage_between_indexes(self):
        for previous, index, multiplier, digits, limit, expected, rolled in (
            ("100", "150.5", 1, 5, None, "50.5", False),
            ("100", "150", 40, 5, None, "2000", False),
            ("100", "100", 1, 5, None, "0", False),
            ("99990", "10", 1, 5, None, "20", True),
            ("99990", "10", 40, 5, "800", "800", True),
            ("99999.9", "0", 1, 5, "1", "0.1", True),
            ("9990", "0", 1, 4, None, "10", True),
            ("5", "123456789", 1, 0, None, "123456784", False),
        ):
            with self.subTest(previous=previous, index=index):
                self.assertEqual(
                    usage_between(previous, index, multiplier, digits, rollover_limit=limit),
                    Usage(Decimal(expected), rolled),
                )

    def test_float_indexes_count_as_they_are_read(self):
        self.assertEqual(usage_between(0.1, 0.3).quantity, Decimal("0.2"))

    def test_implausible_rollover_is_lower_than_last(self):
        for previous, index, multiplier, digits, limit in (
            ("150", "149", 1, 5, None),
            ("99990", "10", 40, 5, "799.9"),
            ("100", "99", 1, 0, None),
            ("99990", "10", 1, 5, "0"),
        ):
            with self.subTest(previous=previous, index=index):
                with self.assertRaises(LowerThanLast):
                    usage_between(previous, index, multiplier, digits, rollover_limit=limit)
                self.assertIs(
                    is_rollover_plausible(previous, index, multiplier, digits, limit),
                    False,
                )

    def test_lower_than_last_tells_what_the_rollover_would_be(self):
        with self.assertRaises(LowerThanLast) as caught:
            usage_between(150, 149, 2, 5)
        self.assertEqual(caught.exception.wrapped, Decimal(199998))

    def test_what_a_dial_cannot_show_is_refused(self):
        for index, digits, decimals_ in (
            ("-1", 5, None),
            ("100000", 5, None),
            ("1.25", 5, 1),
        ):
            with self.subTest(index=index), self.assertRaises(UsageError):
                check_index(index, digits, decimals_)
        self.assertEqual(check_index("99999.9", 5, 1), Decimal("99999.9"))
        for multiplier in (0, -1):
            with self.subTest(multiplier=multiplier), self.assertRaises(UsageError):
                usage_between(1, 2, multiplier)

    def test_exchange_adds_both_meters(self):
        old = DialSpan(Decimal(99980), Decimal(5), Decimal(1), 5)
        new = DialSpan(Decimal(3), Decimal(10), Decimal(40), 6)
        self.assertEqual(usage_with_exchange(old, new), Usage(Decimal(305), True))
        self.assertEqual(usage_over_spans([new]), Usage(Decimal(280), False))
        self.assertEqual(usage_over_spans([]), Usage(Decimal(0), False))

    def test_true_usage_is_spread_over_estimated_months(self):
        months = [month_period(2024, 2), month_period(2024, 3)]
        self.assertEqual(
            spread_by_days("100", months),
            {months[0]: Decimal("48.333"), months[1]: Decimal("51.667")},
        )

    def test_total_over_registers(self):
        self.assertEqual(total_of({"peak": "1.5", "valley": 2}), Decimal("3.5"))
        self.assertEqual(total_of(0.1), Decimal("0.1"))

    def test_estimate_takes_the_same_season_scaled_by_days(self):
        history = [
            PastUsage(month_period(2023, 2), Decimal(56)),
            PastUsage(month_period(2023, 8), Decimal(310)),
            PastUsage(month_period(2024, 1), Decimal(31)),
        ]
        estimate = estimate_usage(history, month_period(2024, 8))
        self.assertEqual(
            (estimate.quantity, estimate.method, estimate.periods),
            (Decimal(310), "same_season", (month_period(2023, 8),)),
        )
        # 29 days are estimated from 28, the last day from the only one shared.
        history.append(PastUsage(month_period(2023, 3), Decimal(31)))
        estimate = estimate_usage(history, period("2024-02-15", "2024-03-14"), 1)
        self.assertEqual(estimate.per_day, Fraction(14 * 2 + 14, 28))
        self.assertEqual(estimate.quantity, Decimal("43.5"))

    def test_estimate_falls_back_to_the_median_per_day(self):
        history = [
            PastUsage(month_period(2024, 1), Decimal(31)),
            PastUsage(month_period(2024, 2), Decimal(58)),
            PastUsage(month_period(2024, 3), Decimal(31 * 30)),
        ]
        estimate = estimate_usage(history, month_period(2024, 4))
        self.assertEqual((estimate.quantity, estimate.method), (Decimal(60), "median"))

    def test_estimates_and_later_usage_do_not_feed_an_estimate(self):
        history = [
            PastUsage(month_period(2024, 1), Decimal(31), estimated=True),
            PastUsage(month_period(2024, 5), Decimal(31)),
        ]
        with self.assertRaises(NoHistory):
            estimate_usage(history, month_period(2024, 4))

    def test_estimate_is_never_negative(self):
        history = [PastUsage(month_period(2024, 1), Decimal(-31))]
        self.assertEqual(estimate_usage(history, month_period(2024, 2)).quantity, Decimal(0))

    @properties
    @given(
        decimals("0", "99999", places=1),
        decimals("0", "99999", places=1),
        st.sampled_from([1, 40, Decimal("0.5")]),
        st.one_of(st.none(), decimals("0", "4000000")),
    )
    def test_usage_is_never_negative_and_fits_the_dial(self, one, two, factor, limit):
        try:
            usage = usage_between(one, two, factor, 5, rollover_limit=limit)
        except LowerThanLast:
            self.assertLess(two, one)
            return
        self.assertGreaterEqual(usage.quantity, 0)
        self.assertEqual(usage.rolled_over, two < one)
        # Turned on by the usage, the dial shows the new index.
        shown = (one + usage.quantity / Decimal(factor)) % dial_range(5)
        self.assertEqual(shown, two)

    @properties
    @given(
        decimals("0", "99999", places=1),
        decimals("0", "30000", places=1),
        decimals("0", "9999", places=1),
        decimals("0", "3000", places=1),
    )
    def test_usage_over_an_exchange_is_the_sum_of_both(self, a, used_a, b, used_b):
        old = DialSpan(a, (a + used_a) % 100000, Decimal(1), 5)
        new = DialSpan(b, (b + used_b) % 10000, Decimal(1), 4)
        usage = usage_with_exchange(old, new)
        self.assertEqual(usage.quantity, used_a + used_b)
        self.assertEqual(usage.rolled_over, a + used_a >= 100000 or b + used_b >= 10000)

    @properties
    @given(decimals("0", "99999", places=3), st.integers(1, 14))
    def test_spread_adds_up(self, quantity, count):
        months = [month_period(2024 + (n // 12), n % 12 + 1) for n in range(count)]
        parts = spread_by_days(quantity, months)
        self.assertEqual(sum(parts.values()), quantity)
        self.assertEqual([*parts], months)

    @properties
    @given(st.lists(decimals("0", "500"), min_size=1, max_size=24))
    def test_estimate_lies_between_smallest_and_largest_of_the_past(self, usages):
        history = [
            PastUsage(month_period(2022 + n // 12, n % 12 + 1), usage)
            for n, usage in enumerate(usages)
        ]
        asked = Period(history[-1].period.end.replace(year=2025), month_period(2026, 1).end)
        per_day = estimate_usage(history, asked).per_day
        rates = [Fraction(past.quantity) / past.period.days for past in history]
        self.assertGreaterEqual(per_day, min(rates))
        self.assertLessEqual(per_day, max(rates))
