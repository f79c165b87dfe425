"""Readings of one register one after another: who follows whom, and what was used.

A usage lies between two readings of the chain, so the usages add up to last minus
first index, whatever is read in between. A reading that cannot be believed (blocked)
is followed by nobody. Estimates hold the place of a reading until the next true one:
what was really used since the last true reading is then spread over them by days.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import quantize, to_decimal
from .periods import ONE_DAY, Period
from .usage import dial_range, spread_by_days

INDEX_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A reading in the order of its chain.

    :param multiplier: transformer ratio of the meter on that day
    :param estimated: a guess, until a true reading follows
    """

    key: Hashable
    date: date
    index: Decimal
    multiplier: Decimal = Decimal(1)
    estimated: bool = False

    def __post_init__(self):
        object.__setattr__(self, "index", to_decimal(self.index))
        object.__setattr__(self, "multiplier", to_decimal(self.multiplier))


@dataclass(frozen=True, slots=True)
class Link:
    """How a reading hangs on those before it.

    ``date_from`` is the first day of its usage: the day after the reading before it,
    its own day where there is none. ``lower``: the index is below the last one and
    the digits of the dial are unknown, so that no usage can be told (0).
    ``true_*`` is the last reading that was no estimate, which a new index is to be
    judged by; ``settled`` are the estimates since then, with the index that each
    should have had.
    """

    previous: Hashable | None
    index_previous: Decimal | None
    date_from: date
    usage: Decimal
    rolled_over: bool = False
    lower: bool = False
    true_date: date | None = None
    true_index: Decimal | None = None
    true_multiplier: Decimal | None = None
    settled: tuple[tuple[Hashable, Decimal], ...] = ()


class Chain:
    """The readings of one register in the order in which they were taken.

    Ask :meth:`link` for each reading in turn, and :meth:`append` those that the
    following ones may rely on.

    :param digits: digits of the dial before the decimal point, 0 if unknown
    :param decimals: digits of the dial after it: an index in the place of an estimate is
        one that the dial can show
    """

    def __init__(self, digits: int = 0, decimals: int = INDEX_DECIMALS):
        self._turn = dial_range(digits)
        self._decimals = decimals
        self._last: ChainRow | None = None
        self._true: ChainRow | None = None
        self._estimates: list[ChainRow] = []

    @property
    def last(self) -> ChainRow | None:
        """The reading that the next one follows, None at the beginning."""
        return self._last

    def append(self, row: ChainRow) -> None:
        """Let the following readings rely on ``row``."""
        self._last = row
        if row.estimated:
            self._estimates.append(row)
        else:
            self._true, self._estimates = row, []

    def link(self, row: ChainRow) -> Link:
        """Return how ``row`` hangs on the readings appended so far.

        The usage is exact, index difference × multiplier, over a rollover where the
        digits are known; whether one is plausible is not judged here.
        """
        last = self._last
        if last is None:
            return Link(None, None, row.date, Decimal(0))
        if self._estimates and self._true and not row.estimated:
            return self._link_over_estimates(row)
        moved, rolled_over, lower = self._moved(last.index, row.index)
        return Link(
            previous=last.key,
            index_previous=last.index,
            date_from=min(last.date + ONE_DAY, row.date),
            usage=moved * row.multiplier,
            rolled_over=rolled_over,
            lower=lower,
            true_date=last.date,
            true_index=last.index,
            true_multiplier=last.multiplier,
        )

    def _link_over_estimates(self, row: ChainRow) -> Link:
        """Spread what the dial moved since the last true reading over the estimates
        and ``row``, by days."""
        true, last = self._true, self._last
        moved, rolled_over, lower = self._moved(true.index, row.index)
        settled, index = [], true.index
        for estimate, part in zip(
            self._estimates,
            self._parts(quantize(moved, self._decimals), row),
            strict=False,
        ):
            index += part
            if self._turn and index >= self._turn:
                index -= self._turn
            settled.append((estimate.key, index))
        moved, rolled_over_now, _lower = self._moved(index, row.index)
        return Link(
            previous=last.key,
            index_previous=index,
            date_from=min(last.date + ONE_DAY, row.date),
            usage=Decimal(0) if lower else moved * row.multiplier,
            rolled_over=rolled_over_now,
            lower=lower,
            true_date=true.date,
            true_index=true.index,
            true_multiplier=true.multiplier,
            settled=() if lower else tuple(settled),
        )

    def _parts(self, moved: Decimal, row: ChainRow) -> list[Decimal]:
        """``moved`` split over the estimates and ``row`` in proportion to their days;
        readings of one day share nothing beyond the first of them."""
        ends = [estimate.date for estimate in self._estimates] + [row.date]
        periods, start = [], self._true.date + ONE_DAY
        for end in ends:
            periods.append(Period(start, end) if end >= start else None)
            start = max(start, end + ONE_DAY)
        spread = [period for period in periods if period]
        if not spread:
            return [moved] + [Decimal(0)] * (len(ends) - 1)
        parts = spread_by_days(moved, spread, self._decimals)
        return [parts[period] if period else Decimal(0) for period in periods]

    def _moved(self, start: Decimal, end: Decimal) -> tuple[Decimal, bool, bool]:
        """Dial units from ``start`` to ``end``; whether over the end of the dial;
        whether that cannot be told."""
        if end >= start:
            return end - start, False, False
        if self._turn:
            return self._turn - start + end, True, False
        return Decimal(0), False, True
