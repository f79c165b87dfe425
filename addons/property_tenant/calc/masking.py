"""What of a secret value may be shown to everybody."""

from collections.abc import Callable
from dataclasses import dataclass

HIDDEN = "*"


def mask(value, head, tail, hidden):
    """Show the first ``head`` and the last ``tail`` characters of ``value``, hide the others.

    At least ``hidden`` characters stay hidden: of a short value less is
    shown, at both ends alike, the end before the beginning. The length does
    not change. Nothing (None, "") stays an empty string.
    """
    value = (value or "").strip()
    visible = max(len(value) - hidden, 0)
    if visible < head + tail:
        tail = min(tail, max((visible + 1) // 2, visible - head))
        head = min(head, visible - tail)
    covered = len(value) - head - tail
    return value[:head] + HIDDEN * covered + value[len(value) - tail :]


def mask_identity(number):
    """Mask the number of an identity paper: four characters at each end, half of it hidden."""
    length = len((number or "").strip())
    return mask(number, head=4, tail=4, hidden=max((length + 1) // 2, 4))


def mask_phone(number):
    """Mask a phone number in the usual way: 138****5678; at least four digits hidden."""
    return mask(number, head=3, tail=4, hidden=4)


def mask_account(number):
    """Mask a bank account: its last four digits are what people know it by."""
    length = len((number or "").strip())
    return mask(number, head=0, tail=4, hidden=max((length + 1) // 2, 4))


def is_masked(value):
    """Whether ``value`` is a masked one rather than what somebody typed."""
    return HIDDEN in (value or "")


@dataclass(frozen=True)
class Secret:
    """How the secret field of a model is shown and entered.

    ``masked``: the stored field that everybody reads; ``entry``: the field
    that shows the mask and takes a new value; ``mask`` and ``clean``: what is
    done for the one and for the other; ``fingerprint``: what two spellings of
    one value have in common; ``entry_groups``: who may enter a value (empty:
    whoever may write the record).
    """

    masked: str
    entry: str
    mask: Callable
    clean: Callable = str.strip
    fingerprint: Callable = str.strip
    entry_groups: str = ""
