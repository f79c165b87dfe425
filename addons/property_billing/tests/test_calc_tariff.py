import json
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.periods import Period, PeriodError, month_period, split_at
from ..calc.tariff import (
    Consumption,
    NegativeUsage,
    TariffError,
    TariffGap,
    TariffOverlap,
    TariffVersion,
    Tier,
    YearKey,
    price_usage,
    versions_between,
)
from .calc_common import dates, day, decimals, period, properties

YEAR_2024 = YearKey("calendar_year", day("2024-01-01"))
YEAR_2025 = YearKey("calendar_year", day("2025-01-01"))


def version(tiers, date_from="2020-01-01", key=1, **values):
    return TariffVersion(key, day(date_from), [Tier(*tier) for tier in tiers], **values)


def used(quantity, days=None, **values):
    return Consumption(days or month_period(2024, 4), quantity, **values)


def brief(price):
    """What the lines say: version, register, from, quantity, amount."""
    return [
        (
            line.version,
            line.register,
            str(line.quantity_from),
            str(line.quantity),
            str(line.amount),
        )
        for line in price.lines
    ]


THREE_TIERS = [(0, "2"), (100, "3"), (200, "5")]


class TestCalcTariff(BaseCase):
    def test_period_tiers(self):
        terms = [version(THREE_TIERS)]
        for quantity, expected in (
            ("0", "0.00"),
            ("50", "100.00"),
            ("100", "200.00"),
            ("100.5", "201.50"),
            ("200", "500.00"),
            ("250", "750.00"),
        ):
            with self.subTest(quantity=quantity):
                self.assertEqual(str(price_usage(used(quantity), terms).total), expected)

    def test_lines_show_each_tier_with_its_bounds(self):
        price = price_usage(used("250"), [version(THREE_TIERS)])
        self.assertEqual(
            [(line.quantity_from, line.quantity_to, line.days) for line in price.lines],
            [(0, 100, 30), (100, 200, 30), (200, None, 30)],
        )
        self.assertEqual(
            brief(price),
            [
                (1, "", "0", "100", "200.00"),
                (1, "", "100", "100", "300.00"),
                (1, "", "200", "50", "250.00"),
            ],
        )

    def test_price_is_rounded_once_and_lines_still_add_up(self):
        terms = [version([(0, "0.333"), (1, "0.333"), (2, "0.333")])]
        price = price_usage(used("3"), terms)
        self.assertEqual(str(price.total), "1.00")
        self.assertEqual([str(line.amount) for line in price.lines], ["0.34", "0.33", "0.33"])

    def test_half_a_cent_is_rounded_up(self):
        price = price_usage(used("1"), [version([(0, "0.125")])])
        self.assertEqual(str(price.total), "0.13")
        self.assertEqual(price.exact, Fraction(1, 8))

    def test_part_of_a_billing_period_has_narrower_tiers(self):
        # 10 of 30 days: the tiers begin at 33 1/3 and 66 2/3.
        part = used(
            "50",
            period("2024-04-21", "2024-04-30"),
            billing_period=month_period(2024, 4),
        )
        price = price_usage(part, [version(THREE_TIERS)])
        self.assertEqual(str(price.total), "116.67")
        self.assertEqual(price.lines[1].quantity_from, Fraction(100, 3))

    def test_usage_outside_its_billing_period_is_refused(self):
        with self.assertRaises(PeriodError):
            used(
                "1",
                period("2024-03-31", "2024-04-30"),
                billing_period=month_period(2024, 4),
            )

    def test_price_change_splits_usage_by_days_and_tiers_go_on(self):
        # 120 units in 30 days, 10 days old: 40 old, 80 new. The first tier ends at 100.
        terms = [
            version([(0, "2"), (100, "3")], key="old"),
            version([(0, "4"), (100, "6")], "2024-04-11", key="new"),
        ]
        price = price_usage(used("120"), terms)
        self.assertEqual(
            brief(price),
            [
                ("old", "", "0", "40", "80.00"),
                ("new", "", "0", "60", "240.00"),
                ("new", "", "100", "20", "120.00"),
            ],
        )
        self.assertEqual([line.days for line in price.lines], [10, 20, 20])

    def test_yearly_tiers_go_on_from_the_counter(self):
        terms = [version(THREE_TIERS, tier_basis="calendar_year")]
        price = price_usage(used("60"), terms, {YEAR_2024: Decimal(80)})
        self.assertEqual(str(price.total), "160.00")
        self.assertEqual(dict(price.counter_open), {YEAR_2024: 80})
        self.assertEqual(dict(price.counter_close), {YEAR_2024: 140})

    def test_yearly_tiers_are_not_narrowed_by_a_part_period(self):
        terms = [version(THREE_TIERS, tier_basis="calendar_year")]
        part = used(
            "90",
            period("2024-04-21", "2024-04-30"),
            billing_period=month_period(2024, 4),
        )
        self.assertEqual(str(price_usage(part, terms).total), "180.00")

    def test_counter_restarts_where_the_year_ends(self):
        terms = [version(THREE_TIERS, tier_basis="calendar_year")]
        over = used("100", period("2024-12-22", "2025-01-10"))
        price = price_usage(over, terms, {YEAR_2024: Decimal(180)})
        self.assertEqual(
            brief(price),
            [
                (1, "", "100", "20", "60.00"),
                (1, "", "200", "30", "150.00"),
                (1, "", "0", "50", "100.00"),
            ],
        )
        self.assertEqual(dict(price.counter_open), {YEAR_2024: 180, YEAR_2025: 0})
        self.assertEqual(dict(price.counter_close), {YEAR_2024: 230, YEAR_2025: 50})

    def test_contract_year_has_its_own_counter(self):
        terms = [version(THREE_TIERS, tier_basis="contract_year")]
        over = used("40", period("2024-06-06", "2024-06-25"))
        price = price_usage(over, terms, contract_start=day("2021-06-16"))
        self.assertEqual(
            dict(price.counter_close),
            {
                YearKey("contract_year", day("2023-06-16")): 20,
                YearKey("contract_year", day("2024-06-16")): 20,
            },
        )
        with self.assertRaises(PeriodError):
            price_usage(over, terms)

    def test_new_version_keeps_the_yearly_counter(self):
        terms = [
            version(THREE_TIERS, key="old", tier_basis="calendar_year"),
            version(
                [(0, "4"), (100, "6")],
                "2024-04-16",
                key="new",
                tier_basis="calendar_year",
            ),
        ]
        price = price_usage(used("60"), terms, {YEAR_2024: Decimal(60)})
        self.assertEqual(
            brief(price),
            [
                ("old", "", "0", "30", "60.00"),
                ("new", "", "0", "10", "40.00"),
                ("new", "", "100", "20", "120.00"),
            ],
        )

    def test_change_from_period_to_yearly_tiers_narrows_the_period_part(self):
        terms = [
            version([(0, "2"), (90, "3")], key="old"),
            version([(0, "1")], "2024-04-11", key="new", tier_basis="calendar_year"),
        ]
        price = price_usage(used("120"), terms)
        self.assertEqual(
            brief(price),
            [
                ("old", "", "0", "30", "60.00"),
                ("old", "", "30", "10", "30.00"),
                ("new", "", "0", "80", "80.00"),
            ],
        )
        self.assertEqual(dict(price.counter_close), {YEAR_2024: 80})

    def test_new_occupant_gets_yearly_tiers_for_the_rest_of_the_year(self):
        # From 1 July 184 of 366 days are left: the second tier begins at 183 × 184/366.
        terms = [version([(0, "1"), (183, "2")], tier_basis="calendar_year")]
        july = used("100", month_period(2024, 7))
        price = price_usage(july, terms, counter_start=day("2024-07-01"))
        self.assertEqual(price.lines[1].quantity_from, 92)
        self.assertEqual(str(price.total), "108.00")
        next_year = used("100", month_period(2025, 7))
        price = price_usage(next_year, terms, counter_start=day("2024-07-01"))
        self.assertEqual(str(price.total), "100.00")

    def test_large_household_has_wider_tiers(self):
        terms = [version(THREE_TIERS, household_size=4, extra_per_person=10)]
        for persons, expected in (
            (None, "750.00"),
            (4, "750.00"),
            (5, "720.00"),
            (6, "690.00"),
        ):
            with self.subTest(persons=persons):
                price = price_usage(used("250", persons=persons), terms)
                self.assertEqual(str(price.total), expected)

    def test_standing_charge_is_prorated_and_on_top(self):
        terms = [
            version([(0, "1")], standing="30", key="old"),
            version([(0, "1")], "2024-04-21", key="new", standing="60"),
        ]
        price = price_usage(used("15"), terms)
        self.assertEqual((str(price.standing), str(price.total)), ("40.00", "55.00"))
        part = used(
            "15",
            period("2024-04-01", "2024-04-10"),
            billing_period=month_period(2024, 4),
        )
        self.assertEqual(str(price_usage(part, terms).standing), "10.00")

    def test_minimum_tops_up_the_charge_for_usage(self):
        terms = [version([(0, "1")], minimum="30", standing="3")]
        for quantity, top_up, total in (
            ("0", "30.00", "33.00"),
            ("12", "18.00", "33.00"),
            ("30", "0.00", "33.00"),
            ("31", "0.00", "34.00"),
        ):
            with self.subTest(quantity=quantity):
                price = price_usage(used(quantity), terms)
                self.assertEqual((str(price.minimum_top_up), str(price.total)), (top_up, total))
        part = used(
            "0",
            period("2024-04-01", "2024-04-10"),
            billing_period=month_period(2024, 4),
        )
        self.assertEqual(str(price_usage(part, terms).minimum_top_up), "10.00")

    def test_registers_share_the_tiers_of_their_total(self):
        # 200 in all: half of each register is above 100, where peak costs 1.2.
        terms = [
            version(
                [
                    (0, "1.0", "peak"),
                    (100, "1.2", "peak"),
                    (0, "0.3", "valley"),
                    (0, "0.6"),
                    (100, "0.7"),
                ]
            )
        ]
        price = price_usage(used({"peak": 120, "valley": 40, "shoulder": 40}), terms)
        self.assertEqual(
            brief(price),
            [
                (1, "peak", "0", "60", "60.00"),
                (1, "valley", "0", "20", "6.00"),
                (1, "shoulder", "0", "20", "12.00"),
                (1, "peak", "100", "60", "72.00"),
                (1, "valley", "100", "20", "6.00"),
                (1, "shoulder", "100", "20", "14.00"),
            ],
        )
        self.assertEqual(str(price.total), "170.00")

    def test_register_without_a_price_is_refused_if_it_was_used(self):
        terms = [version([(0, "1", "peak")])]
        with self.assertRaises(TariffGap):
            price_usage(used({"peak": 1, "valley": 1}), terms)
        price = price_usage(used({"peak": 1, "valley": 0}), terms)
        self.assertEqual(str(price.total), "1.00")

    def test_negative_usage_is_refused(self):
        for quantity in ("-0.001", {"peak": 5, "valley": -1}):
            with self.subTest(quantity=quantity), self.assertRaises(NegativeUsage):
                price_usage(used(quantity), [version([(0, "1")])])

    def test_gaps_and_overlaps_of_a_tariff_are_refused(self):
        for terms, error in (
            ([], TariffGap),
            ([version([(0, 1)], "2024-04-02")], TariffGap),
            ([version([(10, 1)])], TariffGap),
            ([version([])], TariffGap),
            ([version([(0, 1)]), version([(0, 2)], key=2)], TariffOverlap),
        ):
            with self.subTest(terms=terms), self.assertRaises(error):
                price_usage(used("5"), terms)

    def test_terms_that_make_no_sense_are_refused(self):
        for make, error in (
            (lambda: Tier(-1, 1), TariffError),
            (lambda: Tier(0, -1), TariffError),
            (lambda: version([(0, 1), (0, 2)]), TariffOverlap),
            (lambda: version([(0, 1)], tier_basis="week"), TariffError),
            (lambda: version([(0, 1)], minimum=-1), TariffError),
            (lambda: version([(0, 1)], standing=-1), TariffError),
        ):
            with self.subTest(make=make), self.assertRaises(error):
                make()

    def test_versions_are_valid_until_the_next_one(self):
        old, new = version([], key="old"), version([], "2024-04-11", key="new")
        self.assertEqual(
            versions_between([new, old], month_period(2024, 4)),
            [
                (old, period("2024-04-01", "2024-04-10")),
                (new, period("2024-04-11", "2024-04-30")),
            ],
        )
        self.assertEqual(
            versions_between([new, old], month_period(2024, 5)),
            [(new, month_period(2024, 5))],
        )

    def test_explanation_can_be_stored_as_json(self):
        terms = [version(THREE_TIERS, standing="1", tier_basis="calendar_year")]
        price = price_usage(used("120.5"), terms, {YEAR_2024: Decimal("30")})
        told = json.loads(json.dumps(price.to_explanation()))
        self.assertEqual(
            told["counters"],
            [{"year": "calendar_year:2024-01-01", "open": "30", "close": "150.5"}],
        )
        self.assertEqual(
            told["lines"][1],
            {
                "version": 1,
                "date_from": "2024-04-01",
                "date_to": "2024-04-30",
                "days": 30,
                "year": "calendar_year:2024-01-01",
                "register": "",
                "quantity_from": "100",
                "quantity_to": "200",
                "quantity": "50.5",
                "price": "3",
                "amount": "151.50",
            },
        )
        self.assertEqual(
            (told["schema_version"], told["usage"], told["standing"], told["total"]),
            (1, "120.5", "1.00", "292.50"),
        )


@st.composite
def tariffs(draw, basis=None, longest=3, rising=False):
    """Up to ``longest`` versions, the first valid from before all days; ``rising``
    makes every tier at least as dear as the one before it."""
    versions = []
    starts = draw(st.lists(dates(), max_size=longest - 1, unique=True))
    for number, start in enumerate([day("2020-01-01"), *starts]):
        bounds = draw(st.lists(st.integers(1, 500), max_size=3, unique=True))
        bounds = [0, *sorted(bounds)]
        prices = [draw(decimals("0", "9", 4)) for _bound in bounds]
        if rising:
            prices.sort()
        versions.append(
            TariffVersion(
                number,
                start,
                [Tier(*tier) for tier in zip(bounds, prices, strict=True)],
                basis or draw(st.sampled_from(["period", "calendar_year"])),
                minimum=draw(decimals("0", "50")),
                standing=draw(decimals("0", "50")),
            )
        )
    return versions


@st.composite
def short_periods(draw):
    start = draw(dates())
    return Period(start, start.fromordinal(start.toordinal() + draw(st.integers(0, 70))))


class TestCalcTariffProperties(BaseCase):
    # Over a price change only rising tiers are monotonic: usage before the change
    # moves usage after it along the tiers, and into a cheaper one if there is any.
    @properties
    @given(
        st.one_of(tariffs(rising=True), tariffs(longest=1)),
        short_periods(),
        decimals("0", "900", 3),
        decimals("0", "90", 3),
    )
    def test_more_usage_never_costs_less(self, terms, days, less, more):
        low = price_usage(Consumption(days, less), terms)
        high = price_usage(Consumption(days, less + more), terms)
        self.assertLessEqual(low.exact, high.exact)
        self.assertLessEqual(low.total, high.total)

    @properties
    @given(
        tariffs(),
        short_periods(),
        st.dictionaries(st.sampled_from(["peak", "shoulder", "valley"]), decimals("0", "900", 3)),
    )
    def test_what_is_shown_adds_up(self, terms, days, registers):
        price = price_usage(Consumption(days, registers), terms)
        shown = sum(line.amount for line in price.lines)
        self.assertEqual(shown + price.standing + price.minimum_top_up, price.total)
        self.assertLessEqual(abs(Fraction(price.total) - price.exact), Fraction(1, 200))
        told = price.to_explanation()
        parts = [Decimal(line["amount"]) for line in told["lines"]]
        parts += [Decimal(told["standing"]), Decimal(told["minimum_top_up"])]
        self.assertEqual(sum(parts), Decimal(told["total"]))
        quantities = [Decimal(line["quantity"]) for line in told["lines"]]
        self.assertEqual(sum(quantities), Decimal(told["usage"]))

    @properties
    @given(
        tariffs("calendar_year"),
        short_periods(),
        st.lists(dates(), max_size=4),
        decimals("0", "300"),
    )
    def test_splitting_a_period_changes_neither_counters_nor_usage_charge(
        self, terms, days, cuts, per_day
    ):
        whole = price_usage(Consumption(days, per_day * days.days), terms)
        counters, charge = {}, Fraction(0)
        for part in split_at(days, cuts):
            price = price_usage(Consumption(part, per_day * part.days, days), terms, counters)
            counters.update(price.counter_close)
            charge += sum(line.exact for line in price.lines)
        self.assertEqual(counters, dict(whole.counter_close))
        self.assertEqual(charge, sum(line.exact for line in whole.lines))

    @properties
    @given(tariffs("period"), decimals("0", "900"), dates())
    def test_parts_at_an_even_rate_cost_what_the_whole_costs(self, terms, usage, cut):
        """Tiers narrowed by days give two payers together what one would pay, as long
        as they use the same each day and one price is valid."""
        month = month_period(2024, 4)
        whole = price_usage(Consumption(month, usage), terms[:1])
        at = month.start.replace(day=cut.day % 29 + 2)
        parts = [
            price_usage(Consumption(part, Fraction(usage) * part.days / 30, month), terms[:1])
            for part in split_at(month, [at])
        ]
        self.assertEqual(sum(part.exact for part in parts), whole.exact)

    @properties
    @given(
        st.lists(st.integers(1, 500), max_size=4, unique=True),
        decimals("0", "900"),
        decimals("0", "900"),
    )
    def test_agrees_with_the_price_of_every_single_unit(self, bounds, opening, usage):
        prices = {bound: Decimal(n + 1) for n, bound in enumerate([0, *bounds])}
        terms = [version([*prices.items()], tier_basis="calendar_year")]
        price = price_usage(used(usage), terms, {YEAR_2024: opening})
        # Unit by unit, in hundredths, with the price of the tier it falls in.
        edges = sorted({opening, opening + usage, *map(Decimal, prices)})
        expected = sum(
            (high - low) * prices[max(bound for bound in prices if bound <= low)]
            for low, high in zip(edges, edges[1:], strict=False)
            if opening <= low and high <= opening + usage
        )
        self.assertEqual(price.exact, Fraction(expected))
