"""Payment references with check digits, by the creditor reference of ISO 11649.

What a payer writes on a transfer is typed by hand: the check digits find a mistyped
reference before money is booked on somebody else's bills. ``RF``, two check digits,
then up to 21 letters and digits; printed in groups of four, compared without spaces.
"""

import re

PREFIX = "RF"
MAX_BODY = 21

_BODY = re.compile(rf"[0-9A-Z]{{1,{MAX_BODY}}}")
_REFERENCE = re.compile(rf"RF[0-9]{{2}}[0-9A-Z]{{1,{MAX_BODY}}}")
_BEGIN = re.compile(r"(?<![0-9A-Z])R[ -]?F[ -]?(?=[0-9])")
_SEPARATORS = re.compile(r"[ \t\u00a0\u3000-]+")


class PaymentReferenceError(ValueError):
    """Characters, or a length, that no reference can have."""


def _capitals(text: str | None) -> str:
    """Capital letters, and plain ones for the full-width of Chinese keyboards."""
    return "".join(
        chr(ord(character) - 0xFEE0) if "\uff01" <= character <= "\uff5e" else character
        for character in text or ""
    ).upper()


def _remainder(text: str) -> int:
    """``text`` modulo 97, letters counting from A = 10 to Z = 35."""
    return int("".join(str(int(character, 36)) for character in text)) % 97


def normalize(text: str | None) -> str:
    """Return the reference as it is stored: capitals, without spaces and hyphens."""
    return _SEPARATORS.sub("", _capitals(text)).strip()


def make_reference(body: str) -> str:
    """Return the reference of ``body``: ``"539007547034"`` → ``"RF18539007547034"``.

    :param body: 1 to 21 letters A-Z and digits; spaces and case do not matter
    :raise PaymentReferenceError: for any other character, nothing, or too many
    """
    body = normalize(body)
    if not _BODY.fullmatch(body):
        raise PaymentReferenceError(f"{body!r} is not made of 1 to {MAX_BODY} letters and digits")
    check = 98 - _remainder(f"{body}{PREFIX}00")
    return f"{PREFIX}{check:02d}{body}"


def is_valid(text: str | None) -> bool:
    """Whether ``text`` is a whole reference whose check digits are right."""
    reference = normalize(text)
    if not _REFERENCE.fullmatch(reference):
        return False
    return _remainder(reference[4:] + reference[:4]) == 1


def format_reference(reference: str | None) -> str:
    """Return the reference in groups of four, as it is printed."""
    reference = normalize(reference)
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def find_references(text: str | None, body_length: int) -> list[str]:
    """Return the valid references in a bank's free text, each once, in their order.

    :param body_length: characters after the check digits, as all references of the
        house have: where one ends cannot be seen when more digits follow it
    """
    length = len(PREFIX) + 2 + body_length
    found = []
    text = _capitals(text)
    for begin in _BEGIN.finditer(text):
        candidate = normalize(text[begin.start() :])[:length]
        if len(candidate) == length and candidate not in found and is_valid(candidate):
            found.append(candidate)
    return found
