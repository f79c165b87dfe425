"""Decimals: where floats are turned into them, and how amounts are rounded.

An amount is computed exactly (``Fraction`` where a division by days is involved)
and rounded once, half-up, when it becomes a charge. Where the parts of a rounded
amount are shown, :func:`distribute` makes them add up to it.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

Number = Decimal | Fraction | int


class MoneyError(ValueError):
    """A value cannot be used as an amount, quantity or price."""


def to_decimal(value) -> Decimal:
    """Return ``value`` as the ``Decimal`` that a reader of it would write down.

    The only place where a float becomes a decimal: by its shortest notation, so
    that 0.1 is one tenth and not the nearest binary fraction.

    :param value: int, float, Decimal or a string in plain notation (``"12.50"``)
    :raise MoneyError: for None, booleans, text that is no number, NaN, infinity
    """
    if value is None or isinstance(value, bool):
        raise MoneyError(f"{value!r} is not a number")
    if isinstance(value, Decimal):
        result = value
    else:
        try:
            result = Decimal(str(value).strip())
        except InvalidOperation:
            raise MoneyError(f"{value!r} is not a number") from None
    if not result.is_finite():
        raise MoneyError(f"{value!r} is not a finite number")
    return result


def to_fraction(value) -> Fraction:
    """Return ``value`` as an exact fraction; same inputs and errors as
    :func:`to_decimal`, and fractions themselves."""
    if isinstance(value, Fraction):
        return value
    return Fraction(to_decimal(value))


def _round_half_up(value: Fraction) -> int:
    """Nearest whole number; a half goes away from zero, for both signs alike, so
    that a correction cancels exactly what it corrects."""
    magnitude = int(abs(value) + Fraction(1, 2))
    return -magnitude if value < 0 else magnitude


def _scaled(units: int, digits: int) -> Decimal:
    """``units`` × 10 ^ −``digits``, whatever the precision of the decimal context."""
    sign = 1 if units < 0 else 0
    return Decimal((sign, tuple(int(c) for c in str(abs(units))), -digits))


def quantize(value, digits: int) -> Decimal:
    """Return ``value`` with exactly ``digits`` decimals, half-up.

    For indexes and quantities; amounts go through :func:`round_amount`.

    :param digits: number of decimals, 0 or more
    :raise MoneyError: for what is no finite number, or negative ``digits``
    """
    if digits < 0:
        raise MoneyError(f"cannot round to {digits} decimals")
    return _scaled(_round_half_up(to_fraction(value) * 10**digits), digits)


def round_amount(amount, digits: int = 2) -> Decimal:
    """Return the amount as it is charged: ``digits`` decimals of the currency,
    half-up, halves away from zero. To be called once per charge."""
    return quantize(amount, digits)


def distribute(total, weights: Sequence, digits: int = 2) -> list[Decimal]:
    """Split ``total`` in proportion to ``weights`` so that the parts add up to it.

    Largest remainder: every part is cut off after ``digits`` decimals, the units
    that are left go one each to the parts that lost most; between equal losses the
    earlier part wins. A part of weight 0 is 0.

    :param total: amount with at most ``digits`` decimals, any sign
    :param weights: numbers of 0 or more, in the order of the parts
    :raise MoneyError: a negative weight, only zero weights for a total other than 0,
        or a total with more decimals than ``digits``
    """
    total = to_fraction(total)
    shares = [to_fraction(weight) for weight in weights]
    if any(share < 0 for share in shares):
        raise MoneyError("a share cannot have a negative weight")
    units = abs(total) * 10**digits
    if units.denominator != 1:
        raise MoneyError(f"the total has more than {digits} decimals")
    weight_sum = sum(shares)
    if not weight_sum:
        if units:
            raise MoneyError("there is nothing to share the amount by")
        return [_scaled(0, digits) for _share in shares]
    exact = [units * share / weight_sum for share in shares]
    parts = [int(part) for part in exact]
    by_loss = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for position in by_loss[: int(units) - sum(parts)]:
        parts[position] += 1
    sign = -1 if total < 0 else 1
    return [_scaled(sign * part, digits) for part in parts]


def plain(value) -> str:
    """Write a number without exponent and trailing zeros, for a stored explanation:
    ``Decimal('1E+2')`` → ``"100"``, ``Decimal('3.500')`` → ``"3.5"``.

    A fraction that has no finite notation is cut to twelve decimals, half-up.
    """
    if isinstance(value, Fraction):
        value = quantize(value, 12)
    text = format(to_decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
