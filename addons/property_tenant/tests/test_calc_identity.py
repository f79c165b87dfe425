from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.property_tenant.calc import identity, masking, phone


@tagged("post_install", "-at_install")
class TestMasking(BaseCase):
    def test_masks_of_identity_numbers(self):
        for number, shown in (
            ("11010519491231002X", "1101**********002X"),
            ("91110000600037341L", "9111**********341L"),
            ("D2143569-X", "D2*****9-X"),
            ("E12345678", "E1*****78"),
            ("H12345678", "H1*****78"),
            ("12345678", "12****78"),
            ("123456", "1****6"),
            ("12345", "****5"),
            ("1234", "****"),
            ("1", "*"),
            ("", ""),
            (None, ""),
            (False, ""),
            ("  E12345678 ", "E1*****78"),
        ):
            with self.subTest(number=number):
                self.assertEqual(masking.mask_identity(number), shown)

    def test_masks_of_phones(self):
        for number, shown in (
            ("13812345678", "138****5678"),
            ("+86 138 1234 5678", "+86**********5678"),
            ("010-12345678", "010*****5678"),
            ("62345678", "62****78"),
            ("12345", "****5"),
            ("110", "***"),
        ):
            with self.subTest(number=number):
                self.assertEqual(masking.mask_phone(number), shown)

    def test_masks_of_accounts(self):
        for number, shown in (
            ("6222021234567890123", "***************0123"),
            ("12345678", "****5678"),
            ("123456", "****56"),
            ("12", "**"),
        ):
            with self.subTest(number=number):
                self.assertEqual(masking.mask_account(number), shown)

    @given(st.text(alphabet="0123456789ABCX-", max_size=30))
    def test_a_mask_keeps_the_length_and_hides_half_of_an_identity_number(self, number):
        shown = masking.mask_identity(number)
        self.assertEqual(len(shown), len(number))
        hidden = shown.count("*")
        self.assertGreaterEqual(hidden, min(len(number), max((len(number) + 1) // 2, 4)))
        for letter, other in zip(shown, number, strict=True):
            self.assertIn(letter, ("*", other))

    def test_masked_values_are_known(self):
        self.assertTrue(masking.is_masked("138****5678"))
        for value in ("13812345678", "", None, False):
            self.assertFalse(masking.is_masked(value))


@tagged("post_install", "-at_install")
class TestIdentityNumbers(BaseCase):
    def check_table(self, kind, table):
        for number, fault in table:
            with self.subTest(kind=kind, number=number):
                self.assertEqual(identity.check(kind, number), fault)

    def test_resident_identity_cards(self):
        self.check_table(
            "resident_id",
            (
                ("11010519491231002X", None),
                ("11010519491231002x", None),
                ("440524188001010014", None),
                ("110105 19491231 002X", None),
                ("１１０１０５１９４９１２３１００２Ｘ", None),
                ("110105194912310021", "check"),
                ("110105194912310020", "check"),
                ("11010519491231020X", "check"),
                ("110105491231002", "length"),
                ("11010519491231002", "length"),
                ("", "length"),
                ("1101051949123100AX", "characters"),
                ("X1010519491231002X", "characters"),
                ("100105194912310021", "region"),
                ("110105194913310021", "date"),
                ("110105190002290021", "date"),
                ("110105000001010021", "date"),
            ),
        )

    def test_numbers_of_foreign_residents_have_no_province(self):
        digits = "91115619800101001"
        number = digits + identity.resident_check_character(digits)
        self.assertIsNone(identity.check("resident_id", number))

    def test_unified_social_credit_codes(self):
        self.check_table(
            "credit_code",
            (
                ("91110000600037341L", None),
                ("91350100M000100Y43", None),
                ("9135 0100 m000 100y 43", None),
                ("91350100M000100Y34", "check"),
                ("91350100M000100Y4", "length"),
                ("91350100M000100I43", "characters"),
                ("91A50100M000100Y43", "characters"),
                ("110105491231002", "length"),
            ),
        )

    def test_organisation_codes(self):
        self.check_table(
            "organisation_code",
            (
                ("D2143569-X", None),
                ("d2143569x", None),
                ("M000100Y-4", None),
                ("D2143569-1", "check"),
                ("D2143569", "length"),
                ("D214356中X", "characters"),
            ),
        )

    def test_passports_and_permits(self):
        self.check_table(
            "passport",
            (
                ("E12345678", None),
                ("EA1234567", None),
                ("C01X00T47", None),
                ("ABC", "length"),
                ("ABCDEFGH", "characters"),
                ("E1234/67+8", "characters"),
            ),
        )
        self.check_table(
            "hk_macao_permit",
            (
                ("H12345678", None),
                ("m12345678", None),
                ("H1234567801", None),
                ("H1234567", "length"),
                ("H1234567890", None),
                ("X12345678", "characters"),
                ("H1234567A", "characters"),
            ),
        )

    @given(st.from_regex(r"11010519[5-9][0-9]0[1-9]1[0-9]{4}", fullmatch=True), st.data())
    def test_one_mistyped_digit_never_passes(self, digits, data):
        number = digits + identity.resident_check_character(digits)
        self.assertIsNone(identity.check("resident_id", number))
        place = data.draw(st.integers(0, 16))
        other = data.draw(st.sampled_from("0123456789").filter(lambda d: d != number[place]))
        mistyped = number[:place] + other + number[place + 1 :]
        self.assertIsNotNone(identity.check("resident_id", mistyped))

    @given(st.text(max_size=25))
    def test_any_text_gets_an_answer(self, text):
        for kind in identity.CHECKS:
            self.assertIn(identity.check(kind, text), (None, *identity.FAULTS))

    def test_spellings_of_one_number_have_one_fingerprint(self):
        number = identity.fingerprint("11010519491231002X")
        for spelling in (
            "11010519491231002x",
            " 110105-19491231-002X ",
            "１１０１０５19491231002X",
        ):
            with self.subTest(spelling=spelling):
                self.assertEqual(identity.fingerprint(spelling), number)
        self.assertNotEqual(identity.fingerprint("110105194912310021"), number)
        for nothing in ("", None, "  ", "--"):
            self.assertEqual(identity.fingerprint(nothing), "")


@tagged("post_install", "-at_install")
class TestPhoneDigits(BaseCase):
    def test_spellings_of_one_phone_are_one(self):
        for spelling in ("138 1234 5678", "+86 138-1234-5678", "008613812345678", "１3812345678"):
            with self.subTest(spelling=spelling):
                self.assertEqual(phone.phone_digits(spelling), "13812345678")
        self.assertEqual(phone.phone_digits("010-8612345"), "0108612345")
        self.assertEqual(phone.phone_digits(None), "")
