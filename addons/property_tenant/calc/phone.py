"""Phone numbers as people write them."""

import re
import unicodedata


def clean_phone(number):
    """``number`` as it is kept: narrow characters, single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", number or "")).strip()


def phone_digits(number):
    """The digits by which two phone numbers are compared, without China's country code."""
    digits = re.sub(r"\D", "", clean_phone(number))
    return re.sub(r"^(00)?86(?=1\d{10}$)", "", digits)
