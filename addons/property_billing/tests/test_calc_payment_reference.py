from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.payment_reference import (
    PaymentReferenceError,
    find_references,
    format_reference,
    is_valid,
    make_reference,
    normalize,
)
from .calc_common import properties

BODIES = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=21)
DIGITS = st.text("0123456789", min_size=10, max_size=10)


class TestPaymentReference(BaseCase):
    def test_check_digits_by_table(self):
        for body, reference in (
            # as published with the standard
            ("539007547034", "RF18539007547034"),
            ("2348231", "RF712348231"),
            # letters count from A = 10
            ("0000000001", "RF740000000001"),
            ("2348 2370 2374", "RF09234823702374"),
            ("a1", "RF90A1"),
            ("5", "RF635"),
        ):
            with self.subTest(body=body):
                self.assertEqual(make_reference(body), reference)
                self.assertTrue(is_valid(reference))

    def test_bodies_that_no_reference_can_have(self):
        for body in ("", "  ", "Ä1", "楼1", "1/2", "1" * 22, None):
            with self.subTest(body=body), self.assertRaises(PaymentReferenceError):
                make_reference(body)

    def test_what_is_no_valid_reference(self):
        for text in (
            None,
            "",
            "RF18",
            "RF19539007547034",
            "RF18539007547035",
            "RF18539007574034",
            "FR18539007547034",
            "18539007547034",
            "RF18539007547034/2",
        ):
            with self.subTest(text=text):
                self.assertFalse(is_valid(text))

    def test_spaces_case_and_full_width_do_not_matter(self):
        for text in (
            "rf18 5390 0754 7034",
            "RF18-5390-0754-7034",
            "ＲＦ１８５３９００７５４７０３４",
            " RF18\u30005390\u00a007547034 ",
        ):
            with self.subTest(text=text):
                self.assertEqual(normalize(text), "RF18539007547034")
                self.assertTrue(is_valid(text))

    def test_printed_in_groups_of_four(self):
        self.assertEqual(format_reference("RF740000000001"), "RF74 0000 0000 01")
        self.assertEqual(format_reference(False), "")

    def test_references_in_the_text_of_a_bank(self):
        one, two = make_reference("0000000001"), make_reference("0000000002")
        for text, found in (
            (f"物业费 {one}", [one]),
            (f"物业费{format_reference(one).lower()}谢谢", [one]),
            (f"{two},{one};{two}", [two, one]),
            (f"{one}20240131", [one]),
            (f"R F {one[2:]}", [one]),
            (f"R-F-{one[2:]}", [one]),
            (f"{one[:-1]}", []),
            (f"{one[:-1]}2", []),
            (f"X{one}", []),
            ("", []),
            (None, []),
        ):
            with self.subTest(text=text):
                self.assertEqual(find_references(text, 10), found)

    @properties
    @given(BODIES)
    def test_every_made_reference_is_valid(self, body):
        self.assertTrue(is_valid(make_reference(body)))

    @properties
    @given(DIGITS, st.integers(0, 9), st.integers(1, 9))
    def test_one_mistyped_digit_is_found(self, body, at, more):
        reference = make_reference(body)
        place = 4 + at
        wrong = str((int(reference[place]) + more) % 10)
        self.assertFalse(is_valid(reference[:place] + wrong + reference[place + 1 :]))

    @properties
    @given(DIGITS, st.integers(0, 8))
    def test_two_digits_changed_over_are_found(self, body, at):
        reference = make_reference(body)
        place = 4 + at
        one, two = reference[place : place + 2]
        mixed = reference[:place] + two + one + reference[place + 2 :]
        self.assertEqual(is_valid(mixed), one == two)
