from datetime import date, timedelta
from unittest import TestCase

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..calc.dossier import (
    PAPER_STATES,
    THERE,
    Requirement,
    add_months,
    destroy_from,
    may_be_chased,
    pages_differ,
    paper_state,
)

TODAY = date(2026, 3, 31)

#: the same examples every time
properties = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def day(number):
    return TODAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestDossierRules(TestCase):
    def test_state_of_a_paper(self):
        cases = [
            (False, None, None, "missing"),
            (False, None, day(0), "promised"),
            (False, None, day(-1), "overdue"),
            (True, None, None, "filed"),
            (True, day(31), None, "filed"),
            (True, day(30), None, "expiring"),
            (True, day(0), None, "expiring"),
            (True, day(-1), None, "expired"),
            (True, day(-1), day(3), "promised"),
            (True, day(-1), day(-2), "overdue"),
            (True, None, day(-2), "filed"),
        ]
        for filed, expiry, promised, state in cases:
            with self.subTest(filed=filed, expiry=expiry, promised=promised):
                self.assertEqual(paper_state(filed, expiry, 30, promised, TODAY), state)

    def test_requirement(self):
        cases = [
            (Requirement(), True),
            (Requirement(kind="owner"), False),
            (Requirement(kind="tenant"), True),
            (Requirement(party="person"), False),
            (Requirement(party="company"), True),
            (Requirement(usage="parking"), True),
            (Requirement(usage="shop"), False),
            (Requirement("tenant", "company", "office"), True),
        ]
        for requirement, asks in cases:
            with self.subTest(requirement=requirement):
                self.assertEqual(requirement.asks("tenant", True, {"office", "parking"}), asks)

    def test_destruction_counts_from_the_last_to_leave(self):
        self.assertIsNone(destroy_from([], 12))
        self.assertIsNone(destroy_from([date(2024, 1, 31), None], 12))
        self.assertIsNone(destroy_from([date(2024, 1, 31)], 0), "kept for ever")
        self.assertEqual(destroy_from([date(2023, 6, 30), date(2024, 1, 31)], 1), date(2024, 3, 1))

    def test_reminders(self):
        self.assertTrue(may_be_chased(None, 7, TODAY))
        self.assertFalse(may_be_chased(day(-6), 7, TODAY))
        self.assertTrue(may_be_chased(day(-7), 7, TODAY))

    def test_pages(self):
        self.assertEqual(pages_differ(12, 10), 2)
        self.assertEqual(pages_differ(12, 12), 0)
        self.assertEqual(pages_differ(0, 5), 0)

    @properties
    @given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 400))
    def test_months_later_is_in_that_month(self, start, months):
        later = add_months(start, months)
        self.assertEqual((later.year * 12 + later.month) - (start.year * 12 + start.month), months)
        self.assertLessEqual(later.day, start.day)

    @properties
    @given(
        st.booleans(),
        st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
        st.integers(0, 90),
        st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    )
    def test_a_valid_paper_is_never_chased_and_a_missing_one_never_filed(
        self, filed, expiry, warn, promised
    ):
        state = paper_state(filed, expiry, warn, promised, TODAY)
        self.assertIn(state, PAPER_STATES)
        valid = filed and (expiry is None or expiry >= TODAY)
        self.assertEqual(state in THERE, valid)
