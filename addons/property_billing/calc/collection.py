"""How much of what was billed has been paid, and how old the rest is."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .money import quantize, to_decimal
from .periods import Period

DEFAULT_LIMITS = (30, 60, 90)


class CollectionError(ValueError):
    """Limits of age that are not in order."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """An amount settled on a day (paid, credited, offset); negative takes one back."""

    day: date
    amount: Decimal

    def __post_init__(self):
        object.__setattr__(self, "amount", to_decimal(self.amount))


@dataclass(frozen=True, slots=True)
class Receivable:
    """A billed amount.

    :param key: what the caller knows it by
    :param amount: billed, negative for a credit note
    :param billed_on: day of the bill; not counted before it
    :param due: day on which it is due
    :param period: days that were billed, for rates by fee period
    :param group: whatever is grouped by (building, fee item …)
    """

    key: Hashable
    amount: Decimal
    billed_on: date
    due: date
    settlements: tuple[Settlement, ...] = ()
    period: Period | None = None
    group: Hashable | None = None

    def __post_init__(self):
        object.__setattr__(self, "amount", to_decimal(self.amount))
        object.__setattr__(self, "settlements", tuple(self.settlements))

    def settled(self, as_of: date) -> Decimal:
        """Amount settled up to and including ``as_of``."""
        return sum((part.amount for part in self.settlements if part.day <= as_of), Decimal(0))

    def open(self, as_of: date) -> Decimal:
        """Amount still open at the end of ``as_of``, 0 before it was billed."""
        if self.billed_on > as_of:
            return Decimal(0)
        return self.amount - self.settled(as_of)


@dataclass(frozen=True, slots=True)
class CollectionRate:
    """Amounts, and ``percent`` = settled of billed with two decimals, half-up; None
    when nothing was billed."""

    billed: Decimal
    settled: Decimal
    percent: Decimal | None

    @property
    def open(self) -> Decimal:
        """Billed and not yet settled."""
        return self.billed - self.settled


def collection_rate(
    receivables: Iterable[Receivable], as_of: date, period: Period | None = None
) -> CollectionRate:
    """Return what share of the billed amounts was settled by the end of ``as_of``.

    :param period: only what was billed for days inside it; None takes all
    """
    billed = settled = Decimal(0)
    for receivable in receivables:
        if receivable.billed_on > as_of:
            continue
        if period and not (receivable.period and period.covers(receivable.period)):
            continue
        billed += receivable.amount
        settled += receivable.settled(as_of)
    percent = quantize(Fraction(settled) / Fraction(billed) * 100, 2) if billed else None
    return CollectionRate(billed, settled, percent)


def collection_by(
    receivables: Iterable[Receivable],
    as_of: date,
    group: Callable[[Receivable], Hashable] = lambda receivable: receivable.group,
    period: Period | None = None,
) -> dict[Hashable, CollectionRate]:
    """Return :func:`collection_rate` per group, groups in the order they appear."""
    groups: dict[Hashable, list[Receivable]] = {}
    for receivable in receivables:
        groups.setdefault(group(receivable), []).append(receivable)
    return {key: collection_rate(rows, as_of, period) for key, rows in groups.items()}


@dataclass(frozen=True, slots=True)
class AgeBucket:
    """Open amounts that are ``days_from`` to ``days_to`` days overdue, both included.

    ``days_to`` None is open; ``days_from`` None is what is not due yet.
    """

    days_from: int | None
    days_to: int | None
    amount: Decimal
    keys: tuple[Hashable, ...]

    @property
    def count(self) -> int:
        """Number of open receivables."""
        return len(self.keys)


def days_overdue(due: date, as_of: date) -> int:
    """Days since the due day, 0 on it, negative before it."""
    return (as_of - due).days


def ageing(
    receivables: Iterable[Receivable],
    as_of: date,
    limits: Sequence[int] = DEFAULT_LIMITS,
) -> list[AgeBucket]:
    """Return open amounts by age: not due yet, then 0 to the first limit, from the
    day after it to the next, and so on, the last one open. Settled ones are left out.

    :param limits: last day of each bucket, rising; ``(30, 60, 90)`` gives 0-30,
        31-60, 61-90 and over 90
    :raise CollectionError: no limits, negative, or not rising
    """
    limits = list(limits)
    if not limits or limits[0] < 0 or limits != sorted(set(limits)):
        raise CollectionError(f"the limits {limits} do not rise from 0 on")
    starts = [0, *(limit + 1 for limit in limits)]
    spans = [(None, None), *zip(starts, [*limits, None], strict=True)]
    amounts = [Decimal(0) for _span in spans]
    keys: list[list[Hashable]] = [[] for _span in spans]
    for receivable in receivables:
        amount = receivable.open(as_of)
        if not amount:
            continue
        age = days_overdue(receivable.due, as_of)
        # Number of buckets that begin at or below this age; 0 is "not due yet".
        position = sum(age >= start for start in starts)
        amounts[position] += amount
        keys[position].append(receivable.key)
    return [
        AgeBucket(days_from, days_to, amount, tuple(inside))
        for (days_from, days_to), amount, inside in zip(spans, amounts, keys, strict=True)
    ]
