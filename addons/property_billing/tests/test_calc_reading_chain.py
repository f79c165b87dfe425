from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.periods import Period
from ..calc.reading_chain import Chain, ChainRow
from ..calc.reading_use import was_used
from .calc_common import properties


def row(key, day, index, estimated=False, multiplier=1):
    return ChainRow(key, date(2024, 1, 1) + timedelta(days=day), index, multiplier, estimated)


def link_all(rows, digits=0, decimals=3):
    chain, links = Chain(digits, decimals), []
    for each in rows:
        links.append(chain.link(each))
        chain.append(each)
    return links


class TestCalcReadingChain(BaseCase):
    def test_first_reading_has_no_usage_and_the_second_counts_from_the_day_after(self):
        first, second = link_all([row(1, 0, 100), row(2, 30, 130, multiplier=40)])
        self.assertEqual(
            (first.previous, first.usage, first.date_from), (None, 0, date(2024, 1, 1))
        )
        self.assertEqual(
            (second.previous, second.index_previous, second.usage, second.date_from),
            (1, 100, 1200, date(2024, 1, 2)),
        )

    def test_lower_index_is_a_rollover_only_where_the_digits_are_known(self):
        cases = [
            # digits, last, index, usage, rolled over, lower
            (4, 9990, 15, 25, True, False),
            (5, 9990, 15, 90025, True, False),
            (0, 9990, 15, 0, False, True),
            (4, 9990, 9990, 0, False, False),
        ]
        for digits, last, index, usage, rolled_over, lower in cases:
            with self.subTest(digits=digits, index=index):
                link = link_all([row(1, 0, last), row(2, 30, index)], digits)[1]
                self.assertEqual(
                    (link.usage, link.rolled_over, link.lower), (usage, rolled_over, lower)
                )

    def test_two_readings_of_a_day_have_a_usage_of_that_day(self):
        links = link_all([row(1, 0, 10), row(2, 5, 20), row(3, 5, 20)])
        self.assertEqual(links[2].date_from, date(2024, 1, 6))
        self.assertEqual(links[2].usage, 0)

    def test_true_reading_spreads_over_the_estimates_before_it_by_days(self):
        # 31 + 29 + 31 days, 91 units: one a day
        rows = [
            row(1, -1, 0),
            row(2, 30, 50, estimated=True),
            row(3, 59, 80, estimated=True),
            row(4, 90, 91),
        ]
        link = link_all(rows)[3]
        self.assertEqual(link.settled, ((2, Decimal("31.000")), (3, Decimal("60.000"))))
        self.assertEqual((link.previous, link.index_previous, link.usage), (3, 60, 31))
        self.assertEqual((link.true_index, link.true_date), (0, rows[0].date))

    def test_true_reading_below_the_estimate_is_no_rollover(self):
        link = link_all([row(1, 0, 100), row(2, 30, 160, estimated=True), row(3, 60, 120)], 4)[2]
        self.assertEqual((link.rolled_over, link.usage), (False, 10))

    def test_settled_index_has_no_more_decimals_than_the_dial(self):
        # 100 units over 30 and 31 days
        rows = [row(1, 0, 0), row(2, 30, 50, estimated=True), row(3, 61, 100)]
        for decimals, index in ((0, "49"), (1, "49.2"), (3, "49.180")):
            with self.subTest(decimals=decimals):
                link = link_all(rows, 4, decimals)[2]
                self.assertEqual(link.settled, ((2, Decimal(index)),))

    def test_settled_indexes_stay_on_the_dial(self):
        link = link_all([row(1, 0, 9990), row(2, 10, 9999, estimated=True), row(3, 20, 10)], 4)[2]
        self.assertEqual(link.settled, ((2, 0),))
        self.assertEqual(link.usage, 10)

    @properties
    @given(
        st.lists(
            st.tuples(st.integers(1, 40), st.integers(0, 9_999_999), st.booleans()),
            min_size=1,
            max_size=12,
        )
    )
    def test_usages_add_up_to_last_minus_first_index_and_are_never_negative(self, steps):
        """Whatever was estimated on the way, once a true reading has settled it."""
        day, rows, position = 0, [row(0, 0, 0)], Decimal(0)
        for key, (days, thousandths, estimated) in enumerate(steps, 1):
            day += days
            position += Decimal(thousandths) / 1000
            rows.append(row(key, day, position % 10_000, estimated))
        rows.append(row(99, day + 1, (position + 1) % 10_000))
        indexes = {each.key: each.index for each in rows}
        chain, links = Chain(4), {}
        for each in rows:
            links[each.key] = chain.link(each)
            indexes.update(links[each.key].settled)
            chain.append(each)
        keys = [each.key for each in rows]
        moved = [
            (indexes[key] - indexes[before] + 10_000) % 10_000
            for before, key in zip(keys, keys[1:], strict=False)
        ]
        for each, usage in zip(rows[1:], moved, strict=True):
            if not each.estimated:
                self.assertEqual(links[each.key].usage, usage)
            self.assertGreaterEqual(links[each.key].usage, 0)
        self.assertEqual(sum(moved) % 10_000, (position + 1) % 10_000)


class TestCalcReadingUse(BaseCase):
    def test_unit_counts_as_used_or_vacant_only_if_that_holds_for_all_days(self):
        march = Period(date(2024, 3, 1), date(2024, 3, 31))
        cases = [
            ([], False),
            ([(date(2024, 1, 1), None)], True),
            ([(date(2024, 3, 2), None)], None),
            ([(date(2024, 1, 1), date(2024, 2, 29))], False),
            ([(date(2024, 3, 15), date(2024, 4, 1)), (date(2024, 1, 1), date(2024, 3, 14))], True),
            ([(date(2024, 1, 1), date(2024, 3, 14)), (date(2024, 3, 16), None)], None),
            ([(date(2024, 4, 1), None)], False),
        ]
        for stretches, expected in cases:
            with self.subTest(stretches=stretches):
                self.assertIs(was_used(stretches, march), expected)
