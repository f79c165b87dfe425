import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.periods import month_period
from ..calc.retier import price_sequence, retier
from ..calc.tariff import (
    Consumption,
    NegativeUsage,
    TariffError,
    TariffVersion,
    Tier,
    YearKey,
)
from ..calc.usage import spread_by_days
from .calc_common import day, decimals, period, properties

YEAR = YearKey("calendar_year", day("2024-01-01"))
MONTHS = [month_period(2024, month) for month in range(1, 13)]
TERMS = [
    TariffVersion(1, day("2020-01-01"), [Tier(0, 2), Tier(100, 3), Tier(200, 5)], "calendar_year")
]


def year_of(*quantities):
    return [
        Consumption(month, Decimal(str(quantity)))
        for month, quantity in zip(MONTHS, quantities, strict=False)
    ]


class TestCalcRetier(BaseCase):
    def test_counter_runs_through_the_months(self):
        prices = price_sequence(reversed(year_of(60, 60, 60, 60)), TERMS)
        self.assertEqual(
            [str(price.total) for price in prices],
            ["120.00", "140.00", "180.00", "260.00"],
        )
        self.assertEqual(dict(prices[-1].counter_close), {YEAR: 240})

    def test_changed_month_moves_the_later_ones_along_the_tiers(self):
        # January was 60 and is 100 in truth: February begins at 100 instead of 60.
        result = retier(year_of(60, 60, 60, 60), {MONTHS[0]: 100}, TERMS)
        self.assertEqual(
            [(str(row.old_total), str(row.new_total)) for row in result.rows],
            [
                ("120.00", "200.00"),
                ("140.00", "180.00"),
                ("180.00", "220.00"),
                ("260.00", "300.00"),
            ],
        )
        self.assertEqual(str(result.difference), "200.00")
        self.assertEqual(dict(result.counters), {YEAR: 280})

    def test_lower_truth_gives_money_back(self):
        result = retier(year_of(150, 100), {MONTHS[0]: 50}, TERMS)
        self.assertEqual([str(row.difference) for row in result.rows], ["-250.00", "-150.00"])
        self.assertEqual(str(result.difference), "-400.00")

    def test_months_before_the_change_have_no_row(self):
        result = retier(year_of(60, 60, 60), {MONTHS[1]: 61}, TERMS)
        self.assertEqual([row.period for row in result.rows], MONTHS[1:3])

    def test_true_reading_after_estimates(self):
        # Two estimated months; the reading at the end of March shows 91 for all three.
        history = year_of(40, 40, 40)
        changes = spread_by_days(Decimal(91), MONTHS[:3])
        result = retier(history, changes, TERMS)
        self.assertEqual([str(row.new_usage) for row in result.rows], ["31", "29", "31"])
        self.assertEqual(str(result.difference), str(Decimal("182.00") - 260))

    def test_difference_is_taken_from_what_was_billed(self):
        result = retier(
            year_of(60, 60),
            {MONTHS[0]: 70},
            TERMS,
            billed={MONTHS[0]: Decimal("125.00")},
        )
        self.assertEqual([str(row.difference) for row in result.rows], ["15.00", "10.00"])

    def test_opening_counter_is_kept(self):
        result = retier(year_of(10), {MONTHS[0]: 20}, TERMS, {YEAR: Decimal(200)})
        self.assertEqual(str(result.difference), "50.00")
        self.assertEqual(dict(result.counters), {YEAR: 220})

    def test_no_change_is_no_correction(self):
        result = retier(year_of(60, 60), {}, TERMS)
        self.assertEqual((result.rows, result.difference), ((), Decimal(0)))
        self.assertEqual(dict(result.counters), {YEAR: 120})

    def test_what_was_never_billed_cannot_be_changed(self):
        with self.assertRaises(TariffError):
            retier(year_of(60), {MONTHS[3]: 1}, TERMS)

    def test_negative_truth_is_refused(self):
        with self.assertRaises(NegativeUsage):
            retier(year_of(60), {MONTHS[0]: -1}, TERMS)

    def test_overlapping_usage_is_refused(self):
        history = [*year_of(60), Consumption(period("2024-01-31", "2024-02-10"), 1)]
        with self.assertRaises(TariffError):
            price_sequence(history, TERMS)

    def test_explanation_can_be_stored_as_json(self):
        result = retier(year_of(60, 60), {MONTHS[1]: 50}, TERMS)
        told = json.loads(json.dumps(result.to_explanation()))
        self.assertEqual(told["difference"], "-30.00")
        row = told["rows"][0]
        self.assertEqual(
            (row["date_from"], row["old_usage"], row["new_usage"], row["difference"]),
            ("2024-02-01", "60", "50", "-30.00"),
        )
        self.assertEqual(row["new"]["total"], row["new_total"])

    @properties
    @given(
        st.lists(decimals("0", "150", 3), min_size=1, max_size=12),
        st.lists(decimals("0", "150", 3), min_size=1, max_size=12),
    )
    def test_billed_plus_correction_is_the_true_price(self, billed, true):
        history = year_of(*billed)
        changes = dict(zip(MONTHS[: len(billed)], true, strict=False))
        result = retier(history, changes, TERMS)
        truth = [*true[: len(billed)], *billed[len(true) :]]
        old = sum(price.total for price in price_sequence(history, TERMS))
        new = sum(price.total for price in price_sequence(year_of(*truth), TERMS))
        self.assertEqual(old + result.difference, new)
        back = retier(year_of(*truth), dict(zip(MONTHS, billed, strict=False)), TERMS)
        self.assertEqual(back.difference, -result.difference)
