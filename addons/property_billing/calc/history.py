"""A meter's own past: what it usually shows, and how far it usually strays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from .money import to_decimal

# Makes the median distance comparable with a standard deviation.
MAD_TO_DEVIATION = Decimal("1.4826")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A past usage: day of the reading that ended it, units, and days it covers.

    ``estimated`` ones do not count as history.
    """

    date: date
    usage: Decimal
    days: int
    estimated: bool = False

    @property
    def per_day(self) -> Decimal:
        """Units per day."""
        return to_decimal(self.usage) / self.days


def seasonal(
    history: Sequence[HistoryEntry], day: date, months: int, enough: int
) -> tuple[tuple[HistoryEntry, ...], bool]:
    """Return the history to compare with, and whether it is of the season.

    :param months: months beside that of ``day`` that belong to its season
    :param enough: values that a season needs; with fewer the whole history is taken
    """

    def months_apart(entry: HistoryEntry) -> int:
        apart = (entry.date.month - day.month) % 12
        return min(apart, 12 - apart)

    same = tuple(entry for entry in history if months_apart(entry) <= months)
    return (same, True) if len(same) >= enough else (tuple(history), False)


def median_and_spread(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Return the median, and the median distance from it scaled to be comparable with
    a standard deviation. In the unit of ``values``, which must not be empty."""
    middle = median(values)
    return middle, median(abs(value - middle) for value in values) * MAD_TO_DEVIATION
