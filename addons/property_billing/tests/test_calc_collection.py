from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.collection import (
    CollectionError,
    Receivable,
    Settlement,
    ageing,
    collection_by,
    collection_rate,
    days_overdue,
)
from ..calc.periods import month_period
from .calc_common import dates, day, decimals, properties

AS_OF = day("2024-06-30")


def bill(key, amount, due="2024-05-31", paid=(), group=None, billed_on="2024-05-01"):
    return Receivable(
        key,
        amount,
        day(billed_on),
        day(due),
        [Settlement(day(on), part) for on, part in paid],
        month_period(2024, 5),
        group,
    )


class TestCalcCollection(BaseCase):
    def test_rate_is_settled_of_billed(self):
        bills = [
            bill(1, 100, paid=[("2024-06-30", 100)]),
            bill(2, 200, paid=[("2024-06-01", 50), ("2024-07-01", 150)]),
            bill(3, 150),
        ]
        rate = collection_rate(bills, AS_OF)
        self.assertEqual(
            (rate.billed, rate.settled, rate.open, str(rate.percent)),
            (450, 150, 300, "33.33"),
        )

    def test_settlement_taken_back_counts_as_open(self):
        one = bill(1, 100, paid=[("2024-06-01", 100), ("2024-06-15", -100)])
        self.assertEqual(str(collection_rate([one], AS_OF).percent), "0.00")
        self.assertEqual(one.open(AS_OF), 100)
        self.assertEqual(one.open(day("2024-06-14")), 0)

    def test_later_bills_and_other_periods_do_not_count(self):
        bills = [bill(1, 100), bill(2, 900, billed_on="2024-07-01")]
        self.assertEqual(collection_rate(bills, AS_OF).billed, 100)
        for period, billed in (
            (month_period(2024, 5), 100),
            (month_period(2024, 4), 0),
        ):
            with self.subTest(period=period):
                self.assertEqual(collection_rate(bills, AS_OF, period).billed, billed)

    def test_rate_of_nothing_is_not_a_number(self):
        self.assertIsNone(collection_rate([], AS_OF).percent)

    def test_rates_by_group(self):
        bills = [
            bill(1, 100, group="B", paid=[("2024-06-01", 100)]),
            bill(2, 100, group="A"),
            bill(3, 300, group="B"),
        ]
        rates = collection_by(bills, AS_OF)
        self.assertEqual(
            [(group, str(rate.percent)) for group, rate in rates.items()],
            [("B", "25.00"), ("A", "0.00")],
        )
        by_key = collection_by(bills, AS_OF, lambda receivable: receivable.key > 1)
        self.assertEqual(by_key[True].billed, 400)

    def test_ageing_by_days_overdue(self):
        bills = [
            bill(name, 1, due=str(AS_OF - timedelta(days=days)))
            for name, days in (
                ("not due", -1),
                ("due today", 0),
                ("30 days", 30),
                ("31 days", 31),
                ("60 days", 60),
                ("90 days", 90),
                ("91 days", 91),
                ("years", 900),
            )
        ]
        bills.append(bill("paid", 5, paid=[("2024-06-01", 5)]))
        self.assertEqual(
            [(b.days_from, b.days_to, b.keys, b.count) for b in ageing(bills, AS_OF)],
            [
                (None, None, ("not due",), 1),
                (0, 30, ("due today", "30 days"), 2),
                (31, 60, ("31 days", "60 days"), 2),
                (61, 90, ("90 days",), 1),
                (91, None, ("91 days", "years"), 2),
            ],
        )
        self.assertEqual(days_overdue(day("2024-05-31"), AS_OF), 30)

    def test_limits_of_age_are_the_callers(self):
        buckets = ageing([bill(1, 7, due="2024-06-29")], AS_OF, (0, 7))
        self.assertEqual([bucket.amount for bucket in buckets], [0, 0, 7, 0])
        for limits in ((), (30, 30), (60, 30), (-1, 30)):
            with self.subTest(limits=limits), self.assertRaises(CollectionError):
                ageing([], AS_OF, limits)

    @properties
    @given(
        st.lists(
            st.tuples(
                decimals("-500", "500"),
                dates(),
                dates(),
                st.lists(st.tuples(dates(), decimals("-50", "500")), max_size=3),
            ),
            max_size=10,
        ),
        dates(),
    )
    def test_buckets_add_up_to_what_is_open(self, drawn, as_of):
        bills = [
            Receivable(n, amount, billed_on, due, [Settlement(*settled) for settled in paid])
            for n, (amount, billed_on, due, paid) in enumerate(drawn)
        ]
        buckets = ageing(bills, as_of)
        self.assertEqual(
            sum((bucket.amount for bucket in buckets), Decimal(0)),
            collection_rate(bills, as_of).open,
        )
