from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.property_tenant.calc.approval import (
    Vote,
    covers,
    gate_state,
    unfillable,
    votes_on_turn,
    within,
)


def votes(*rows):
    """Votes of round 1 from (step, verdict) pairs, one rule each."""
    return [Vote(1, step, verdict, rule) for rule, (step, verdict) in enumerate(rows, 1)]


@tagged("property", "property_calc")
class TestGateState(BaseCase):
    def test_state_by_verdicts(self):
        for rows, expected in [
            ([], "none"),
            ([(1, "pending")], "pending"),
            ([(1, "approved")], "approved"),
            ([(1, "approved"), (2, "pending")], "pending"),
            ([(1, "approved"), (2, "approved")], "approved"),
            ([(1, "approved"), (2, "rejected")], "rejected"),
            ([(1, "rejected"), (2, "void")], "rejected"),
            ([(1, "void")], "none"),
            ([(1, "approved"), (2, "void")], "none"),
        ]:
            with self.subTest(rows=rows):
                self.assertEqual(gate_state(votes(*rows)), expected)

    def test_only_the_last_round_counts(self):
        old = [Vote(1, 1, "rejected", 1)]
        self.assertEqual(gate_state(old + [Vote(2, 1, "pending", 1)]), "pending")
        self.assertEqual(gate_state(old + [Vote(2, 1, "approved", 1)]), "approved")
        self.assertEqual(gate_state([Vote(2, 1, "approved", 1), *old]), "approved")


@tagged("property", "property_calc")
class TestTurns(BaseCase):
    def test_votes_of_one_step_are_side_by_side(self):
        rows = votes((1, "pending"), (1, "pending"), (2, "pending"))
        self.assertEqual(votes_on_turn(rows), rows[:2])

    def test_next_step_waits_for_all_of_the_step(self):
        rows = votes((1, "approved"), (1, "pending"), (2, "pending"))
        self.assertEqual(votes_on_turn(rows), [rows[1]])
        rows = votes((1, "approved"), (1, "approved"), (5, "pending"))
        self.assertEqual(votes_on_turn(rows), [rows[2]])

    def test_persons_of_one_rule_follow_each_other(self):
        first, second = Vote(1, 1, "pending", 7, 1), Vote(1, 1, "pending", 7, 2)
        self.assertEqual(votes_on_turn([second, first]), [first])
        said = Vote(1, 1, "approved", 7, 1)
        self.assertEqual(votes_on_turn([said, second]), [second])

    def test_nothing_is_on_turn_when_all_is_said(self):
        self.assertEqual(votes_on_turn(votes((1, "approved"))), [])
        self.assertEqual(votes_on_turn([]), [])


@tagged("property", "property_calc")
class TestLimits(BaseCase):
    def test_limits_meet_without_gap_or_overlap(self):
        limit = Decimal("10000")
        for value in ("-5", "0", "9999.99", "10000", "10000.01", "1000000"):
            with self.subTest(value=value):
                below = within(Decimal(value), Decimal(0), limit)
                above = within(Decimal(value), limit, Decimal(0))
                self.assertEqual((below, above), (Decimal(value) <= limit, Decimal(value) > limit))

    def test_no_limit_takes_everything(self):
        self.assertIs(within(Decimal("-1"), Decimal(0), Decimal(0)), True)

    def test_first_and_last_day_of_absence_are_covered(self):
        first, last = date(2024, 5, 1), date(2024, 5, 3)
        for day, expected in [
            (date(2024, 4, 30), False),
            (first, True),
            (last, True),
            (date(2024, 5, 4), False),
        ]:
            self.assertEqual(covers(first, last, day), expected)
        self.assertIs(covers(first, None, date(2030, 1, 1)), True)


@tagged("property", "property_calc")
class TestUnfillable(BaseCase):
    def test_every_demand_needs_a_person_of_its_own(self):
        for demands, expected in [
            ([], None),
            ([{1}], None),
            ([set()], 0),
            ([{1}, {1}], 1),
            ([{1, 2}, {1}], None),
            ([{1, 2}, {1, 2}, {2, 1}], 2),
            ([{1, 2}, {2, 3}, {3, 1}], None),
        ]:
            with self.subTest(demands=demands):
                self.assertEqual(unfillable(demands), expected)
