"""From dial positions to usage: rollover, exchange, estimates.

Usage is index minus previous index, times the multiplier of the transformer. A dial
of *n* digits starts again at zero after 10^n − 1; an index lower than the last one
is therefore either a rollover or a mistake, and which of the two is decided by how
much usage the rollover would mean. Usage is never negative.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median

from .money import distribute, quantize, to_decimal
from .periods import Period, overlap


class UsageError(ValueError):
    """An index that cannot be on the dial, or a meter described wrongly."""


class LowerThanLast(UsageError):
    """The index is lower than the last one, and a rollover is not plausible.

    ``wrapped`` is the usage that a rollover would mean (None without known digits).
    """

    def __init__(self, previous_index, index, wrapped):
        super().__init__(f"{index} is lower than the last index {previous_index}")
        self.previous_index = previous_index
        self.index = index
        self.wrapped = wrapped


class NoHistory(UsageError):
    """There is no own usage from which an estimate could be made."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Usage in the meter's unit, and whether the dial rolled over on the way."""

    quantity: Decimal
    rolled_over: bool = False


def dial_range(digits: int, multiplier=1) -> Decimal:
    """Return the usage of one full turn of a dial with ``digits`` digits before the
    decimal point, 0 where the number of digits is unknown (0 or None)."""
    if not digits:
        return Decimal(0)
    if digits < 0:
        raise UsageError(f"a dial cannot have {digits} digits")
    return Decimal(10) ** digits * to_decimal(multiplier)


def check_index(index, digits: int, decimals: int | None = None) -> Decimal:
    """Return ``index`` as a decimal if the dial can show it.

    :param digits: digits before the decimal point, 0 or None where unknown
    :param decimals: digits after it, None where any are accepted
    :raise UsageError: negative, beyond the last digit, or too many decimals
    """
    index = to_decimal(index)
    if index < 0:
        raise UsageError(f"the index {index} is negative")
    turn = dial_range(digits)
    if turn and index >= turn:
        raise UsageError(f"the index {index} does not fit a dial of {digits} digits")
    if decimals is not None and index != quantize(index, decimals):
        raise UsageError(f"the index {index} has more than {decimals} decimals")
    return index


def wrapped_usage(previous_index, index, multiplier=1, digits: int = 0):
    """Return the usage if the dial rolled over once between the two indexes, None
    where the digits are unknown or the index is not lower than the last."""
    previous_index, index = to_decimal(previous_index), to_decimal(index)
    if not digits or index >= previous_index:
        return None
    return (dial_range(digits) - previous_index + index) * to_decimal(multiplier)


def is_rollover_plausible(
    previous_index, index, multiplier=1, digits: int = 0, rollover_limit=None
) -> bool:
    """Whether an index lower than the last one can be taken for a rollover: the
    usage that it would mean is not above ``rollover_limit``.

    :param rollover_limit: in units of usage; None means half a turn of the dial
    """
    wrapped = wrapped_usage(previous_index, index, multiplier, digits)
    if wrapped is None:
        return False
    if rollover_limit is None:
        rollover_limit = dial_range(digits, multiplier) / 2
    return wrapped <= to_decimal(rollover_limit)


def usage_between(
    previous_index,
    index,
    multiplier=1,
    digits: int = 0,
    decimals: int | None = None,
    rollover_limit=None,
) -> Usage:
    """Return the usage between two indexes of one register of one meter.

    Exact, not rounded; in the meter's unit (index difference × multiplier).

    :param digits: digits of the dial before the decimal point; unknown (0 or None)
        means that it never rolls over
    :param decimals: digits after it; None accepts any
    :param rollover_limit: largest usage that is believed to be a rollover; None is
        half a turn of the dial
    :raise LowerThanLast: lower index and no plausible rollover
    :raise UsageError: an index that the dial cannot show, a multiplier not above 0
    """
    multiplier = to_decimal(multiplier)
    if multiplier <= 0:
        raise UsageError(f"the multiplier {multiplier} is not above zero")
    previous_index = check_index(previous_index, digits)
    index = check_index(index, digits, decimals)
    if index >= previous_index:
        return Usage((index - previous_index) * multiplier)
    wrapped = wrapped_usage(previous_index, index, multiplier, digits)
    if not is_rollover_plausible(previous_index, index, multiplier, digits, rollover_limit):
        raise LowerThanLast(previous_index, index, wrapped)
    return Usage(wrapped, rolled_over=True)


@dataclass(frozen=True, slots=True)
class DialSpan:
    """What one meter showed at the beginning and at the end of its part of a period."""

    previous_index: Decimal
    index: Decimal
    multiplier: Decimal = Decimal(1)
    digits: int = 0
    rollover_limit: Decimal | None = None

    def usage(self) -> Usage:
        """Usage over the span; errors as :func:`usage_between`."""
        return usage_between(
            self.previous_index,
            self.index,
            self.multiplier,
            self.digits,
            rollover_limit=self.rollover_limit,
        )


def usage_over_spans(spans: Iterable[DialSpan]) -> Usage:
    """Return the usage of a period in which meters were exchanged: the sum over the
    spans, each with its own multiplier and digits. ``rolled_over`` tells of any."""
    parts = [span.usage() for span in spans]
    return Usage(
        sum((part.quantity for part in parts), Decimal(0)),
        any(part.rolled_over for part in parts),
    )


def usage_with_exchange(old: DialSpan, new: DialSpan) -> Usage:
    """Return the usage of a period with one exchange: last billed to final index of
    the old meter, plus first index to present index of the new one."""
    return usage_over_spans((old, new))


def spread_by_days(quantity, periods: Sequence[Period], decimals: int = 3):
    """Split a usage over periods in proportion to their days.

    For the true reading that follows estimates: its usage stands for the months that
    were estimated. Parts have ``decimals`` decimals and add up to ``quantity``.

    :return: dict period → Decimal
    :raise MoneyError: when ``quantity`` has more than ``decimals`` decimals
    """
    parts = distribute(quantity, [period.days for period in periods], decimals)
    return dict(zip(periods, parts, strict=True))


@dataclass(frozen=True, slots=True)
class PastUsage:
    """Usage of a past period; ``estimated`` ones are no ground for a new estimate."""

    period: Period
    quantity: Decimal
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated usage.

    ``method`` is ``same_season`` or ``median``; ``per_day`` what it was scaled from;
    ``periods`` the periods of history used.
    """

    quantity: Decimal
    method: str
    per_day: Fraction
    periods: tuple[Period, ...]


def _a_year_before(day: date) -> date:
    """Same day last year; 29 February becomes the 28th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def estimate_usage(history: Iterable[PastUsage], period: Period, decimals: int = 0) -> Estimate:
    """Estimate the usage of ``period`` from the meter's own past.

    The same days a year before, if true readings cover them all, scaled by days;
    else the median of past usages per day × days. Estimates are left out, so that a
    guess never feeds the next one. Rounded half-up to ``decimals``.

    :raise NoHistory: when there is no true usage before ``period``
    """
    true = [past for past in history if not past.estimated and past.period.end < period.start]
    if not true:
        raise NoHistory(f"no usage before {period.start} to estimate from")
    season = Period(_a_year_before(period.start), _a_year_before(period.end))
    shared = [(past, overlap(past.period, season)) for past in true]
    shared = [(past, common) for past, common in shared if common]
    if sum(common.days for _past, common in shared) == season.days:
        used = [past.period for past, _common in shared]
        quantity = sum(
            Fraction(to_decimal(past.quantity)) * common.days / past.period.days
            for past, common in shared
        )
        method, per_day = "same_season", quantity / season.days
    else:
        used = [past.period for past in true]
        method = "median"
        per_day = median(Fraction(to_decimal(past.quantity)) / past.period.days for past in true)
    # A published history can hold negative months; an estimate never is negative.
    per_day = max(per_day, Fraction(0))
    quantity = quantize(per_day * period.days, decimals)
    return Estimate(quantity, method, per_day, tuple(sorted(used)))


def total_of(quantity) -> Decimal:
    """Return the usage over all registers: of a mapping register → usage the sum, of
    a single number itself."""
    if isinstance(quantity, Mapping):
        return sum((to_decimal(part) for part in quantity.values()), Decimal(0))
    return to_decimal(quantity)
