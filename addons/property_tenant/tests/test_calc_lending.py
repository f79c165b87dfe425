from datetime import date

from odoo.tests import BaseCase, tagged

from ..calc.lending import (
    count_due,
    due_date,
    is_overdue,
    item_state,
    loan_state,
    number_key,
    open_quantity,
    without_defaults,
)

DAY = date(2026, 2, 27)
END = date(2026, 12, 31)


@tagged("property")
class TestCalcLending(BaseCase):
    def test_last_day_of_a_loan(self):
        for rule, days, end, expected in (
            ("same_day", 5, END, DAY),
            ("days", 0, None, DAY),
            ("days", 2, None, date(2026, 3, 1)),
            ("days", -3, None, DAY),
            ("occupancy", 5, END, END),
            ("occupancy", 5, None, None),
            ("none", 5, END, None),
        ):
            with self.subTest(rule=rule, days=days):
                self.assertEqual(due_date(rule, days, DAY, end), expected)

    def test_last_day_is_still_in_time(self):
        self.assertFalse(is_overdue(DAY, DAY))
        self.assertTrue(is_overdue(DAY, date(2026, 2, 28)))
        self.assertFalse(is_overdue(None, DAY))

    def test_state_of_a_loan_follows_from_what_came_back(self):
        for lent in range(1, 6):
            for returned in range(lent + 1):
                for lost in range(lent - returned + 1):
                    state = loan_state(lent, returned, lost)
                    with self.subTest(lent=lent, returned=returned, lost=lost):
                        self.assertEqual(state == "out", open_quantity(lent, returned, lost) > 0)
                        self.assertEqual(state == "lost", lost == lent)

    def test_state_of_an_item(self):
        for condition, in_box, out, expected in (
            ("good", 1, 0, "available"),
            ("good", 2, 3, "available"),
            ("good", 0, 3, "lent"),
            ("good", 0, 0, "empty"),
            ("lost", 0, 0, "lost"),
            ("damaged", 1, 0, "damaged"),
            ("retired", 0, 0, "retired"),
        ):
            self.assertEqual(item_state(condition, in_box, out), expected)

    def test_count_is_due_after_its_days(self):
        self.assertTrue(count_due(None, 30, DAY))
        self.assertTrue(count_due(date(2026, 1, 28), 30, DAY))
        self.assertFalse(count_due(date(2026, 1, 29), 30, DAY))
        self.assertFalse(count_due(None, 0, DAY))

    def test_numbers_are_in_the_order_in_which_people_count(self):
        codes = ["A-10", "A-2", "", "B-1", "10", "9", "A-2-b", None]
        self.assertEqual(
            sorted(codes, key=number_key), ["", None, "9", "10", "A-2", "A-2-b", "A-10", "B-1"]
        )

    def test_defaults_of_what_follows_are_dropped(self):
        context = {"default_state": "out", "lang": "zh_CN", "default_note": "x"}
        self.assertEqual(
            without_defaults(context, ["state", "unknown"]), {"lang": "zh_CN", "default_note": "x"}
        )
