from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..calc.form_text import BLANK, fill, places, unknown_places
from ..calc.steps import DONE, NOT_NEEDED, OPEN, Step, next_step, percent, progress
from ..calc.warranty import add_months, is_covered, warranty_end


@tagged("post_install", "-at_install")
class TestCalcSteps(BaseCase):
    def test_the_next_step_is_the_first_open_one_in_order(self):
        for states, expected in (
            ((OPEN, OPEN, OPEN), 0),
            ((DONE, OPEN, OPEN), 1),
            ((NOT_NEEDED, DONE, OPEN), 2),
            ((DONE, DONE, NOT_NEEDED), None),
            ((), None),
        ):
            steps = [Step(key, key, state) for key, state in enumerate(states)]
            with self.subTest(states=states):
                self.assertEqual(next_step(reversed(steps)), expected)

    def test_percent_is_full_only_when_all_is_done(self):
        for done, total, expected in (
            (0, 0, 0),
            (0, 3, 0),
            (1, 3, 33),
            (199, 200, 99),
            (3, 3, 100),
        ):
            self.assertEqual(percent(done, total), expected)
        steps = [Step(1, 1, DONE), Step(2, 2, NOT_NEEDED), Step(3, 3, OPEN)]
        self.assertEqual(progress(steps), (2, 3))


@tagged("post_install", "-at_install")
class TestCalcFormText(BaseCase):
    def test_places_are_filled(self):
        for text, values, expected in (
            ("<p>Unit {{unit}}</p>", {"unit": "A-1"}, "<p>Unit A-1</p>"),
            ("{{ unit }}", {"unit": "A-1"}, "A-1"),
            ("{{unit}}", {"unit": ""}, BLANK),
            ("{{unit}}", {"unit": 0}, "0"),
            ("{{<b>un</b>it}}", {"unit": "A-1"}, "A-1"),
            ("{{&nbsp;unit}}", {"unit": "A-1"}, "A-1"),
            ("{{what}}", {"unit": "A-1"}, "{{what}}"),
            ("{{list}}", {"list": "a\nb"}, "a<br/>b"),
            ("{unit} }} {{", {"unit": "A-1"}, "{unit} }} {{"),
        ):
            with self.subTest(text=text):
                self.assertEqual(fill(text, values), expected)

    def test_what_is_filled_in_is_text_and_nothing_else(self):
        evil = "<script>alert(1)</script>{{number}}"
        filled = fill("<p>{{party}}</p>", {"party": evil, "number": "1"})
        self.assertNotIn("<script", filled)
        self.assertIn("&lt;script&gt;", filled)
        self.assertIn("{{number}}", filled, "what was filled in is not filled again")

    def test_unknown_places_are_named(self):
        text = "{{unit}} {{rent}} {{rent}} {{object.env.cr}}"
        self.assertEqual(unknown_places(text, {"unit"}), ["rent", "object.env.cr"])

    @given(st.text(max_size=20), st.text(max_size=20))
    def test_any_value_is_filled_in_without_a_mark_of_its_own(self, before, value):
        before = before.replace("{", "").replace("}", "")
        filled = fill(before + "{{a}}", {"a": value})
        self.assertTrue(filled.startswith(before))
        inner = filled[len(before) :].replace("<br/>", "")
        self.assertFalse({"<", ">"} & set(inner))
        self.assertEqual(places(before), [])


@tagged("post_install", "-at_install")
class TestCalcWarranty(BaseCase):
    def test_months_end_where_the_month_is_short(self):
        for day, months, expected in (
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2023, 1, 31), 1, date(2023, 2, 28)),
            (date(2024, 11, 15), 2, date(2025, 1, 15)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
        ):
            self.assertEqual(add_months(day, months), expected)

    def test_the_last_day_is_covered_and_the_next_is_not(self):
        handover = date(2024, 3, 1)
        self.assertEqual(warranty_end(handover, 24), date(2026, 2, 28))
        for day, covered in (
            (date(2024, 2, 29), False),
            (date(2024, 3, 1), True),
            (date(2026, 2, 28), True),
            (date(2026, 3, 1), False),
        ):
            self.assertEqual(is_covered(handover, 24, day), covered)
        self.assertIsNone(warranty_end(None, 24))
        self.assertIsNone(warranty_end(handover, 0))

    @given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 600))
    def test_a_longer_warranty_never_ends_earlier(self, day, months):
        self.assertLess(warranty_end(day, months), warranty_end(day, months + 1))
