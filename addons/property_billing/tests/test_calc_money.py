from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.money import (
    MoneyError,
    distribute,
    plain,
    quantize,
    round_amount,
    to_decimal,
    to_fraction,
)
from .calc_common import decimals, properties


class TestCalcMoney(BaseCase):
    def test_float_becomes_the_decimal_that_is_read(self):
        for value, expected in (
            (0.1, "0.1"),
            (1.005, "1.005"),
            (1e-7, "1E-7"),
            (3, "3"),
            (" 12.50 ", "12.50"),
            (Decimal("7.10"), "7.10"),
        ):
            with self.subTest(value=value):
                self.assertEqual(to_decimal(value), Decimal(expected))

    def test_what_is_no_finite_number_is_refused(self):
        for value in (
            None,
            True,
            "",
            "abc",
            "1,5",
            float("nan"),
            float("inf"),
            Decimal("NaN"),
            Decimal("-Infinity"),
            "nan",
        ):
            with self.subTest(value=value), self.assertRaises(MoneyError):
                to_decimal(value)

    def test_halves_are_rounded_away_from_zero(self):
        for value, digits, expected in (
            ("0.005", 2, "0.01"),
            ("-0.005", 2, "-0.01"),
            ("0.004999", 2, "0.00"),
            ("2.675", 2, "2.68"),
            (2.675, 2, "2.68"),
            (1.005, 2, "1.01"),
            ("0.5", 0, "1"),
            ("12345678901234567890123456789012.345", 2, None),
            (Fraction(1, 3), 4, "0.3333"),
            (Fraction(1, 8), 2, "0.13"),
        ):
            with self.subTest(value=value, digits=digits):
                if expected is None:
                    expected = "12345678901234567890123456789012.35"
                result = round_amount(value, digits)
                self.assertEqual(str(result), expected)

    def test_rounding_does_not_depend_on_the_decimal_context(self):
        with localcontext() as context:
            context.prec = 3
            self.assertEqual(str(round_amount("123456.785")), "123456.79")
            self.assertEqual(str(plain(Decimal("123456.7850"))), "123456.785")

    def test_negative_digits_are_refused(self):
        with self.assertRaises(MoneyError):
            quantize("1", -1)

    def test_distribute_gives_cents_to_the_largest_remainders(self):
        for total, weights, expected in (
            ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
            ("0.05", [1, 1, 1], ["0.02", "0.02", "0.01"]),
            ("10.00", ["0.10", "0.20", "0.70"], ["1.00", "2.00", "7.00"]),
            ("1.00", [1, 5, 1], ["0.14", "0.72", "0.14"]),
            ("-100.00", [1, 1, 1], ["-33.34", "-33.33", "-33.33"]),
            ("0.01", [0, 3, 0], ["0.00", "0.01", "0.00"]),
            ("0", [0, 0], ["0.00", "0.00"]),
            ("0", [], []),
        ):
            with self.subTest(total=total, weights=weights):
                self.assertEqual([str(p) for p in distribute(total, weights)], expected)

    def test_distribute_refuses_what_cannot_be_shared(self):
        for total, weights in (
            ("1", [0, 0]),
            ("1", []),
            ("1", [2, -1]),
            ("0.001", [1]),
        ):
            with self.subTest(total=total), self.assertRaises(MoneyError):
                distribute(total, weights)

    def test_plain_writes_no_exponent_and_no_trailing_zeros(self):
        for value, expected in (
            (Decimal("1E+2"), "100"),
            (Decimal("3.500"), "3.5"),
            (Decimal("-0.00"), "0"),
            (Decimal("1E-7"), "0.0000001"),
            (Fraction(1, 4), "0.25"),
            (Fraction(2, 3), "0.666666666667"),
        ):
            with self.subTest(value=value):
                self.assertEqual(plain(value), expected)

    @properties
    @given(
        decimals("-100000", "100000"),
        st.lists(decimals("0", "1000", places=3), min_size=1, max_size=12),
    )
    def test_parts_add_up_and_stay_within_a_cent(self, total, weights):
        if not sum(weights):
            return
        parts = distribute(total, weights)
        self.assertEqual(sum(parts), total)
        for part, weight in zip(parts, weights, strict=True):
            exact = Fraction(total) * Fraction(weight) / Fraction(sum(weights))
            self.assertLess(abs(Fraction(part) - exact), Fraction(1, 100))

    @properties
    @given(decimals("-10000", "10000", places=6))
    def test_rounding_is_symmetric_and_nearest(self, value):
        rounded = round_amount(value)
        self.assertEqual(rounded, -round_amount(-value))
        self.assertLessEqual(abs(to_fraction(rounded) - to_fraction(value)), Fraction(1, 200))
