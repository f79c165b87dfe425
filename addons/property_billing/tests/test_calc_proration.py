from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.periods import Period, PeriodError, month_period
from ..calc.proration import (
    Holder,
    OverlappingHolders,
    ProrationError,
    QuantityGap,
    Stretch,
    payer_stretches,
)
from .calc_common import dates, day, decimals, period, periods, properties

MAY = month_period(2024, 5)


def owner(key, start="2020-01-01", end=None, self_use=False):
    return Holder(key, "owner", day(start), end and day(end), self_use)


def tenant(key, start="2020-01-01", end=None):
    return Holder(key, "tenant", day(start), end and day(end))


def brief(stretches):
    """First and last day of May, payer, quantity."""
    return [(s.period.start.day, s.period.end.day, s.payer, str(s.quantity)) for s in stretches]


class TestCalcProration(BaseCase):
    def test_who_pays_by_the_rule(self):
        leaves = [owner("O"), tenant("T", end="2024-05-10")]
        self_used = [owner("O", self_use=True)]
        no_owner = [tenant("T", end="2024-05-10")]
        for name, holders, rule, expected in (
            ("owner pays", leaves, "owner", [(1, 31, "O", "1")]),
            (
                "tenant, then vacant",
                leaves,
                "tenant",
                [(1, 10, "T", "1"), (11, 31, "O", "1")],
            ),
            ("occupant", leaves, "occupant", [(1, 10, "T", "1"), (11, 31, "O", "1")]),
            ("self-used", self_used, "occupant", [(1, 31, "O", "1")]),
            ("self-used, tenant's fee", self_used, "tenant", [(1, 31, "O", "1")]),
            ("no owner", no_owner, "tenant", [(1, 10, "T", "1"), (11, 31, None, "1")]),
            ("owner unknown", no_owner, "owner", [(1, 31, None, "1")]),
            ("nobody", [], "occupant", [(1, 31, None, "1")]),
        ):
            with self.subTest(name):
                self.assertEqual(brief(payer_stretches(MAY, holders, rule)), expected)

    def test_last_day_is_paid_and_the_next_party_starts_the_day_after(self):
        holders = [
            owner("A", end="2024-05-15"),
            owner("B", "2024-05-16"),
            tenant("T", "2024-05-31"),
        ]
        self.assertEqual(
            brief(payer_stretches(MAY, holders, "occupant")),
            [(1, 15, "A", "1"), (16, 30, "B", "1"), (31, 31, "T", "1")],
        )

    def test_kind_of_the_payer_is_told(self):
        holders = [owner("O"), tenant("T", end="2024-05-10")]
        stretches = payer_stretches(MAY, holders, "occupant")
        self.assertEqual([stretch.kind for stretch in stretches], ["tenant", "owner"])

    def test_validity_of_the_rule_and_rent_free_days(self):
        stretches = payer_stretches(
            MAY,
            [owner("O")],
            "owner",
            valid_from=day("2024-05-03"),
            valid_to=day("2024-05-28"),
            rent_free=[
                period("2024-04-01", "2024-05-04"),
                period("2024-05-10", "2024-05-12"),
                period("2024-05-11", "2024-05-14"),
            ],
        )
        self.assertEqual(brief(stretches), [(5, 9, "O", "1"), (15, 28, "O", "1")])

    def test_nothing_to_charge(self):
        for values in (
            {"valid_from": day("2024-06-01")},
            {"valid_to": day("2024-04-30")},
            {"rent_free": [period("2024-01-01", "2024-12-31")]},
        ):
            with self.subTest(values=values):
                self.assertEqual(payer_stretches(MAY, [owner("O")], "owner", **values), [])

    def test_area_change_cuts_and_equal_area_does_not(self):
        areas = [
            (day("2024-05-20"), Decimal("90.0")),
            (day("2020-01-01"), Decimal("80")),
            (day("2024-05-10"), Decimal("80.00")),
        ]
        self.assertEqual(
            brief(payer_stretches(MAY, [owner("O")], "owner", areas)),
            [(1, 19, "O", "80"), (20, 31, "O", "90.0")],
        )

    def test_chargeable_day_without_area_is_refused(self):
        areas = [(day("2024-05-02"), Decimal(80))]
        with self.assertRaises(QuantityGap):
            payer_stretches(MAY, [owner("O")], "owner", areas)
        stretches = payer_stretches(MAY, [owner("O")], "owner", areas, valid_from=day("2024-05-02"))
        self.assertEqual(brief(stretches), [(2, 31, "O", "80")])

    def test_two_areas_of_one_day_are_refused(self):
        areas = [(day("2024-01-01"), Decimal(80)), (day("2024-01-01"), Decimal(90))]
        with self.assertRaises(ProrationError):
            payer_stretches(MAY, [owner("O")], "owner", areas)

    def test_overlapping_holders_are_named(self):
        with self.assertRaises(OverlappingHolders) as caught:
            payer_stretches(MAY, [owner("B", "2024-05-05"), owner("A")], "owner")
        self.assertEqual([h.key for h in caught.exception.holders], ["A", "B"])

    def test_unknown_rule_and_kind_are_refused(self):
        with self.assertRaises(ProrationError):
            payer_stretches(MAY, [owner("O")], "visitor")
        with self.assertRaises(ProrationError):
            payer_stretches(MAY, [Holder("X", "guest", MAY.start)], "owner")
        with self.assertRaises(ProrationError):
            payer_stretches(MAY, [owner("O", "2024-05-02", "2024-05-01")], "owner")

    def test_amount_is_rate_by_quantity_by_days(self):
        stretch = Stretch(period("2024-05-01", "2024-05-10"), "T", "tenant", Decimal(80))
        self.assertEqual(stretch.amount("3.1", MAY), Fraction(80))
        self.assertEqual((stretch.days, stretch.share_of(MAY)), (10, Fraction(10, 31)))
        with self.assertRaises(PeriodError):
            stretch.amount(1, month_period(2024, 6))


@st.composite
def holders_of_a_unit(draw):
    """Owners and tenants who follow each other, with gaps and an open end."""
    holders = []
    for kind in ("owner", "tenant"):
        start = draw(dates(300))
        for number in range(draw(st.integers(0, 4))):
            end = start + timedelta(days=draw(st.integers(0, 200)))
            is_open = draw(st.booleans())
            holders.append(Holder((kind, number), kind, start, None if is_open else end))
            if is_open:
                break
            start = end + timedelta(days=1 + draw(st.integers(0, 60)))
    return draw(st.permutations(holders))


class TestCalcProrationProperties(BaseCase):
    @properties
    @given(
        periods(),
        holders_of_a_unit(),
        st.sampled_from(["owner", "tenant", "occupant"]),
        st.dictionaries(dates(), st.integers(1, 3), max_size=3),
        st.lists(periods(60), max_size=3),
        st.tuples(st.none() | dates(), st.none() | dates()),
    )
    def test_each_chargeable_day_is_paid_once_by_the_right_one(
        self, whole, holders, rule, areas, rent_free, validity
    ):
        quantities = [(day("2000-01-01"), 1), *areas.items()]
        stretches = payer_stretches(whole, holders, rule, quantities, *validity, rent_free)
        told = {}
        for stretch in stretches:
            for n in range(stretch.days):
                one = stretch.period.start + timedelta(days=n)
                self.assertNotIn(one, told)
                told[one] = (stretch.payer, stretch.quantity)
        expected = {}
        for n in range(whole.days):
            one = whole.start + timedelta(days=n)
            if validity[0] and one < validity[0] or validity[1] and one > validity[1]:
                continue
            if any(one in free for free in rent_free):
                continue
            there = {
                h.kind: h.key for h in holders if h.start <= one and (h.end is None or one <= h.end)
            }
            payer = there.get("owner")
            if rule != "owner" and "tenant" in there:
                payer = there["tenant"]
            known = max(date_from for date_from, _area in quantities if date_from <= one)
            expected[one] = (payer, dict(quantities)[known])
        self.assertEqual(told, expected)

    @properties
    @given(periods(), holders_of_a_unit(), decimals("0", "500"), decimals("0", "90", 4))
    def test_stretches_together_cost_the_whole_fee(self, whole, holders, area, rate):
        stretches = payer_stretches(whole, holders, "occupant", [(day("2000-01-01"), area)])
        self.assertEqual(
            sum(stretch.amount(rate, whole) for stretch in stretches),
            Fraction(area) * Fraction(rate),
        )

    @properties
    @given(periods(), holders_of_a_unit())
    def test_neighbours_differ(self, whole, holders):
        stretches = payer_stretches(whole, holders, "tenant")
        for one, other in zip(stretches, stretches[1:], strict=False):
            self.assertEqual(other.period.start, one.period.end + timedelta(days=1))
            self.assertNotEqual(one.payer, other.payer)
        self.assertEqual(Period(stretches[0].period.start, stretches[-1].period.end), whole)
