from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.balance import BalanceError, MeterCycle, MeterNode, balance, loss_percent
from .calc_common import decimals, properties


def meter(key, parent=None, usage=None, history=(), removed=False):
    return MeterNode(key, parent, usage, tuple(history), removed)


TREE = [
    meter("main", None, 1000),
    meter("zone A", "main", 600),
    meter("zone B", "main", 350),
    meter("A1", "zone A", 300),
    meter("A2", "zone A", 270),
    meter("B1", "zone B", 380),
]


class TestCalcBalance(BaseCase):
    def test_every_parent_against_the_sum_below(self):
        result = balance(TREE, price="2.5")
        self.assertEqual(
            [
                (row.key, row.depth, row.loss, str(row.percent), str(row.cost))
                for row in result.rows
            ],
            [
                ("main", 0, 50, "5.00", "125.00"),
                ("zone A", 1, 30, "5.00", "75.00"),
                ("zone B", 1, -30, "-8.57", "-75.00"),
            ],
        )
        self.assertEqual([row.complete for row in result.rows], [True] * 3)

    def test_totals_compare_the_top_with_the_ends(self):
        result = balance(TREE, price="2.5")
        self.assertEqual(
            (result.supplied, result.consumed, result.loss, str(result.percent)),
            (1000, 950, 50, "5.00"),
        )
        self.assertEqual((str(result.cost), result.complete), ("125.00", True))

    def test_without_price_there_is_no_cost(self):
        result = balance(TREE)
        self.assertEqual([row.cost for row in result.rows], [None] * 3)
        self.assertIsNone(result.cost)

    def test_unknown_usage_is_listed_and_not_taken_for_zero(self):
        result = balance([meter("main", None, 100), meter("a", "main", 60), meter("b", "main")])
        (row,) = result.rows
        self.assertEqual((row.missing, row.complete), (("b",), False))
        self.assertEqual((row.children_usage, row.loss), (60, 40))
        self.assertEqual((result.missing, result.complete), (("b",), False))

    def test_parent_without_usage_has_no_loss(self):
        (row,) = balance([meter("main"), meter("a", "main", 60)], price=1).rows
        self.assertEqual(
            (row.loss, row.percent, row.cost, row.complete, row.suspects),
            (None, None, None, False, ()),
        )

    def test_percent_of_nothing_is_not_a_number(self):
        for loss, usage, expected in (
            (Decimal(0), Decimal(0), None),
            (Decimal(-5), Decimal(0), None),
            (Decimal(-5), Decimal(-5), None),
            (Decimal(1), Decimal(3), "33.33"),
            (Decimal(2), Decimal(3), "66.67"),
            (None, Decimal(3), None),
        ):
            with self.subTest(loss=loss, usage=usage):
                percent = loss_percent(loss, usage)
                self.assertEqual(percent if percent is None else str(percent), expected)

    def test_suspects_explain_the_loss(self):
        (row,) = balance(
            [
                meter("main", None, 450, [450, 460, 440]),
                meter("steady", "main", 100, [100, 100, 100]),
                meter("up", "main", 150, [100, 100, 100]),
                meter("down", "main", 60, [100, 100, 100]),
                meter("slightly down", "main", 90, [100, 100, 100]),
                meter("stopped", "main", 0, [20, 20, 20]),
                meter("gone", "main", 5, [20, 20, 20], removed=True),
                meter("silent", "main", None, [100]),
            ]
        ).rows
        self.assertEqual(
            [(one.key, one.reason, one.explains) for one in row.suspects],
            [
                ("silent", "missing", True),
                ("down", "deviates", True),
                ("stopped", "stopped", True),
                ("gone", "removed", True),
                ("slightly down", "deviates", True),
            ],
        )
        self.assertEqual((row.suspects[1].expected, row.suspects[1].deviation), (100, -40))

    def test_parent_that_stands_still_is_the_first_suspect(self):
        (row,) = balance(
            [
                meter("main", None, 0),
                meter("a", "main", 150, [100, 100]),
                meter("b", "main", 50, [50, 50]),
            ]
        ).rows
        self.assertEqual(
            [(one.key, one.reason) for one in row.suspects],
            [("main", "stopped"), ("a", "deviates")],
        )

    def test_without_loss_there_are_no_suspects(self):
        (row,) = balance([meter("main", None, 10, [90]), meter("a", "main", 10, [90])]).rows
        self.assertEqual(row.suspects, ())

    def test_number_of_suspects_is_limited(self):
        meters = [meter(n, "main", 1, [9]) for n in range(8)]
        (row,) = balance([meter("main", None, 99), *meters], top=3).rows
        self.assertEqual(len(row.suspects), 3)

    def test_parent_outside_the_set_makes_a_top(self):
        result = balance([meter("a", "elsewhere", 10), meter("b", "a", 9)])
        self.assertEqual((result.orphans, result.supplied), (("a",), 10))

    def test_circles_are_refused_and_named(self):
        for meters, expected in (
            ([meter("a", "a", 1)], {"a"}),
            ([meter("a", "b", 1), meter("b", "c", 1), meter("c", "a", 1)], set("abc")),
            (
                [
                    meter("top", None, 1),
                    meter("x", "a", 1),
                    meter("a", "b", 1),
                    meter("b", "a", 1),
                ],
                {"a", "b"},
            ),
        ):
            with self.subTest(expected=expected):
                with self.assertRaises(MeterCycle) as caught:
                    balance(meters)
                self.assertEqual(set(caught.exception.keys), expected)

    def test_same_key_twice_is_refused(self):
        with self.assertRaises(BalanceError):
            balance([meter("a"), meter("a")])

    def test_nothing_at_all(self):
        result = balance([], price=1)
        self.assertEqual((result.rows, result.loss, result.percent), ((), 0, None))

    def test_deep_chain_is_no_problem(self):
        chain = [meter(n, n - 1 if n else None, 5000 - n) for n in range(3000)]
        result = balance(chain)
        self.assertEqual((len(result.rows), result.loss), (2999, 2999))

    @properties
    @given(
        st.lists(
            st.tuples(st.integers(0, 100), st.none() | decimals("0", "900", 1)),
            min_size=1,
            max_size=30,
        )
    )
    def test_losses_of_the_rows_add_up_to_the_whole(self, drawn):
        # Each meter hangs below an earlier one, or stands at the top.
        nodes = [
            meter(n, above % n - 1 if n and above % n else None, usage)
            for n, (above, usage) in enumerate(drawn)
        ]
        result = balance(nodes)
        self.assertEqual(result.loss, result.supplied - result.consumed)
        self.assertEqual(result.missing, tuple(n.key for n in nodes if n.usage is None))
        if result.complete:
            self.assertEqual(sum(row.loss for row in result.rows), result.loss)
        for row in result.rows:
            missing = {nodes[key].key for key in row.children if nodes[key].usage is None}
            self.assertEqual(set(row.missing), missing)
