"""Numbers of Chinese identity papers: their form and their check characters.

Every check takes the cleaned number and returns the name of the first fault
(a key of ``FAULTS``), or None when there is none.
"""

import hashlib
import re
import unicodedata
from datetime import date

#: what can be wrong with a number
FAULTS = ("length", "characters", "region", "date", "check")

#: first two digits of a resident's number: provinces, and 81 to 83 for
#: residents from Hong Kong, Macao and Taiwan
_REGIONS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54"
    " 61 62 63 64 65 71 81 82 83".split()
)
_RESIDENT_CHECKS = "10X98765432"

#: characters of the unified social credit code, without I, O, S, V, Z
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def clean(number):
    """``number`` as it is checked and compared: tidied, and without any punctuation."""
    return re.sub(r"[\-‐-―_.·/]", "", tidy(number))


def tidy(number):
    """``number`` as it is kept: upper case, narrow characters, no spaces; dashes stay."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", number or "")).upper()


def fingerprint(number):
    """What two equal numbers have in common, however they are written; "" for nothing.

    It is for comparing, not for hiding: numbers are few enough to be tried.
    """
    number = clean(number)
    return hashlib.sha256(number.encode()).hexdigest() if number else ""


def resident_check_character(digits):
    """Check character of the first 17 digits of a resident's number (GB 11643, ISO 7064)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17]))
    return _RESIDENT_CHECKS[total % 11]


def check_resident_id(number):
    """Number of a resident identity card: 17 digits and a check character (GB 11643).

    A number that begins with 9 is that of a foreign permanent resident and
    has no province.
    """
    if len(number) != 18:
        return "length"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "characters"
    if number[0] != "9" and number[:2] not in _REGIONS:
        return "region"
    if not _is_date(number[6:14]):
        return "date"
    if resident_check_character(number) != number[17]:
        return "check"
    return None


def _is_date(digits):
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return born.year >= 1850


def credit_check_character(code):
    """Check character of the first 17 of a unified social credit code (GB 32100)."""
    total = sum(
        _CREDIT_ALPHABET.index(character) * pow(3, place, 31)
        for place, character in enumerate(code[:17])
    )
    return _CREDIT_ALPHABET[-total % 31]


def check_credit_code(number):
    """Unified social credit code of a business licence: 18 characters (GB 32100)."""
    if len(number) != 18:
        return "length"
    if not set(number) <= set(_CREDIT_ALPHABET) or not number[2:8].isdigit():
        return "characters"
    if credit_check_character(number) != number[17]:
        return "check"
    return None


def organisation_check_character(code):
    """Check character of the first 8 of an organisation code (GB 11714)."""
    total = sum(
        _ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(code[:8], _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def check_organisation_code(number):
    """Organisation code: 8 characters and a check character (GB 11714)."""
    if len(number) != 9:
        return "length"
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", number):
        return "characters"
    if organisation_check_character(number) != number[8]:
        return "check"
    return None


def check_passport(number):
    """Passport of any country: 5 to 17 letters and digits, with at least one digit."""
    if not 5 <= len(number) <= 17:
        return "length"
    if not re.fullmatch(r"[0-9A-Z]*[0-9][0-9A-Z]*", number):
        return "characters"
    return None


def check_hk_macao_permit(number):
    """Permit of a Hong Kong (H) or Macao (M) resident: the letter and 8 digits, earlier 10."""
    if len(number) not in (9, 11):
        return "length"
    if not re.fullmatch(r"[HM][0-9]+", number):
        return "characters"
    return None


CHECKS = {
    "resident_id": check_resident_id,
    "passport": check_passport,
    "hk_macao_permit": check_hk_macao_permit,
    "credit_code": check_credit_code,
    "organisation_code": check_organisation_code,
}


def check(kind, number):
    """Fault of ``number`` as a paper of ``kind`` (a key of ``CHECKS``), or None."""
    return CHECKS[kind](clean(number))
