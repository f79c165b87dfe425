from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.money import MoneyError
from ..calc.words import WordsError, amount_in_words, english_words, rmb_words
from .calc_common import properties

DIGITS = {digit: n for n, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_yuan(words: str) -> int:
    """Read whole yuan back from capital digits."""
    total = 0
    for mark, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        section, words = words.split(mark, 1) if mark and mark in words else ("", words)
        if not mark:
            section, words = words, ""
        value = digit = 0
        for character in section:
            if character in UNITS:
                value += digit * UNITS[character]
                digit = 0
            else:
                digit = DIGITS[character]
        total += (value + digit) * size
    return total


def read_rmb(words: str) -> Decimal:
    """Read an amount back, by other code than the one that writes it."""
    sign = -1 if words.startswith("负") else 1
    words = words.removeprefix("负").removesuffix("整")
    cents = 0
    yuan, _mark, rest = words.partition("元") if "元" in words else ("", "", words)
    rest = rest.removeprefix("零") if yuan else rest
    for mark, size in (("角", 10), ("分", 1)):
        if mark in rest:
            digit, rest = rest.split(mark, 1)
            cents += DIGITS[digit] * size
    assert not rest, rest
    return sign * (read_yuan(yuan) + Decimal(cents) / 100)


class TestCalcWords(BaseCase):
    def test_rmb_capital_words(self):
        for amount, expected in (
            ("0", "零元整"),
            ("0.05", "伍分"),
            ("0.50", "伍角整"),
            ("0.15", "壹角伍分"),
            ("10.00", "壹拾元整"),
            ("15", "壹拾伍元整"),
            ("100", "壹佰元整"),
            ("110", "壹佰壹拾元整"),
            ("1001.10", "壹仟零壹元壹角整"),
            ("1409.50", "壹仟肆佰零玖元伍角整"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
            ("107000.53", "壹拾万零柒仟元伍角叁分"),
            ("117000", "壹拾壹万柒仟元整"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("10001", "壹万零壹元整"),
            ("1000010", "壹佰万零壹拾元整"),
            ("20010000", "贰仟零壹万元整"),
            ("100000000", "壹亿元整"),
            ("100000000.01", "壹亿元零壹分"),
            ("100001000", "壹亿零壹仟元整"),
            ("110001000", "壹亿壹仟万零壹仟元整"),
            ("1010000000", "壹拾亿零壹仟万元整"),
            ("-12.30", "负壹拾贰元叁角整"),
            (0.005, "壹分"),
            ("-0.001", "零元整"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(rmb_words(amount), expected)

    def test_prefix_stands_in_front_of_all(self):
        self.assertEqual(rmb_words("-1", prefix=True), "人民币负壹元整")

    def test_english_words(self):
        for amount, expected in (
            ("0", "Zero yuan"),
            ("0.05", "Five fen"),
            ("10.00", "Ten yuan"),
            ("1001.10", "One thousand and one yuan and ten fen"),
            ("100000000.01", "One hundred million yuan and one fen"),
            ("-2.50", "Minus two yuan and fifty fen"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(english_words(amount), expected)
        self.assertEqual(english_words("2.50", "euros", "cents"), "Two euros and fifty cents")

    def test_language_decides(self):
        for lang, expected in (
            ("zh_CN", "壹元整"),
            ("zh_HK", "壹元整"),
            ("en_US", "One yuan"),
            (False, "One yuan"),
        ):
            with self.subTest(lang=lang):
                self.assertEqual(amount_in_words(1, lang), expected)

    def test_absurd_amounts_are_refused(self):
        for words in (rmb_words, english_words):
            with self.subTest(words=words), self.assertRaises(WordsError):
                words("1000000000000")
            with self.subTest(words=words), self.assertRaises(MoneyError):
                words(float("nan"))

    @properties
    @given(
        st.one_of(
            st.integers(-(10**14) + 1, 10**14 - 1),
            # Amounts with many zeros, where the rules are.
            st.lists(st.sampled_from("0001579"), min_size=1, max_size=14).map(
                lambda digits: int("".join(digits))
            ),
        )
    )
    def test_words_can_be_read_back(self, cents):
        amount = Decimal(cents) / 100
        words = rmb_words(amount)
        self.assertEqual(read_rmb(words), amount)
        self.assertNotIn("零零", words)
        self.assertEqual(words.endswith("整"), cents % 10 == 0)

    @properties
    @given(
        st.lists(st.sampled_from("0001579"), min_size=1, max_size=12).map(
            lambda digits: int("".join(digits))
        )
    )
    def test_every_gap_of_zeros_is_one_zero(self, yuan):
        gaps = [gap for gap in str(yuan).strip("0").replace("0", " ").split() if gap]
        self.assertEqual(rmb_words(yuan).count("零"), len(gaps) - 1 if yuan else 1)
