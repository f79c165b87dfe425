"""Amounts in words, as receipts and cheques want them.

Chinese follows the rules of the People's Bank for bills and vouchers (zeros, order of
units) and those for accounting vouchers, which want 整 after 元 and after 角, never
after 分. Where the former leave a choice (a zero in front of a thousand), the zero is
written: what is between two digits cannot be filled in later.
"""

import re
from decimal import Decimal

import cn2an
from num2words import num2words

from .money import round_amount

LARGEST = Decimal("999999999999.99")
_DIGITS = "壹贰叁肆伍陆柒捌玖"


class WordsError(ValueError):
    """An amount too large to be written out."""


def _rounded(amount) -> Decimal:
    amount = round_amount(amount, 2)
    if abs(amount) > LARGEST:
        raise WordsError(f"{amount} is more than can be written in words")
    return amount


def _yuan_words(yuan: int) -> str:
    """Whole yuan in capital digits, every gap of zeros written as one 零."""
    words = cn2an.an2cn(str(yuan), "up")
    # The library drops the zero between 万 or 亿 and a thousand (100001000 would read
    # like 110000000 cut short), whatever the digit in front of the thousand is.
    if yuan >= 10**5 and yuan // 10**3 % 10 and not yuan // 10**4 % 10:
        words = re.sub(rf"([万亿])([{_DIGITS}]仟[^万亿]*)$", r"\1零\2", words)
    if yuan >= 10**9 and yuan // 10**7 % 10 and not yuan // 10**8 % 10:
        words = re.sub(rf"亿([{_DIGITS}]仟[^亿]*万)", r"亿零\1", words)
    return words


def rmb_words(amount, prefix: bool = False) -> str:
    """Return an amount in capital Chinese: 1001.10 → 壹仟零壹元壹角整.

    :param amount: rounded to the fen, half-up; below zero begins with 负
    :param prefix: put 人民币 in front, for paper on which it is not printed
    :raise WordsError: beyond 999,999,999,999.99
    :raise MoneyError: for what is no finite number
    """
    amount = _rounded(amount)
    cents = int(abs(amount) * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = _yuan_words(yuan) + "元" if yuan or not cents else ""
    if jiao:
        words += _DIGITS[jiao - 1] + "角"
    elif fen and yuan:
        words += "零"
    words += _DIGITS[fen - 1] + "分" if fen else "整"
    return ("人民币" if prefix else "") + ("负" if amount < 0 else "") + words


def english_words(amount, unit: str = "yuan", subunit: str = "fen") -> str:
    """Return an amount in English: 100.05 → "One hundred yuan and five fen".

    :param amount: rounded to the hundredth, half-up; below zero begins with "Minus"
    :param unit: name of the currency's unit as it stands after a number
    :param subunit: name of its hundredth
    :raise WordsError: beyond 999,999,999,999.99
    :raise MoneyError: for what is no finite number
    """
    amount = _rounded(amount)
    whole, cents = divmod(int(abs(amount) * 100), 100)
    parts = []
    if whole or not cents:
        parts.append(f"{num2words(whole, lang='en')} {unit}")
    if cents:
        parts.append(f"{num2words(cents, lang='en')} {subunit}")
    words = " and ".join(parts)
    if amount < 0:
        words = "minus " + words
    return words[0].upper() + words[1:]


def amount_in_words(amount, lang: str, unit: str = "yuan", subunit: str = "fen") -> str:
    """Return the amount in the reader's language: capital Chinese for ``zh`` and its
    variants, English for any other."""
    if (lang or "").lower().startswith("zh"):
        return rmb_words(amount)
    return english_words(amount, unit, subunit)
