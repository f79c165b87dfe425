"""Who pays a fee on which days, and for how much area (or persons, items).

The payer of a day is whoever holds the unit on it, as the fee rule says:

* ``owner``: the owner;
* ``tenant`` and ``occupant``: the tenant; the owner on days without a tenant, whether
  he uses the unit himself or it is vacant;
* nobody at all: the days are listed without a payer and not billed.

Every chargeable day belongs to exactly one stretch. The last day of an occupancy is
paid by whoever leaves, the next one pays from the day after. Stretches of a payer
join into one while the quantity stays the same.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .money import to_decimal, to_fraction
from .periods import ONE_DAY, Period, day_share, overlap, split_at

OWNER = "owner"
TENANT = "tenant"
OCCUPANT = "occupant"
PAYER_RULES = (OWNER, TENANT, OCCUPANT)


class ProrationError(ValueError):
    """Holders or quantities from which no payer or no amount follows."""


class OverlappingHolders(ProrationError):
    """Two owners or two tenants hold the unit on the same day."""

    def __init__(self, one: "Holder", other: "Holder"):
        super().__init__(
            f"{one.kind} {one.key} and {other.kind} {other.key} hold the unit"
            f" on {max(one.start, other.start)}"
        )
        self.holders = (one, other)


class QuantityGap(ProrationError):
    """A chargeable day for which no quantity (area, persons) is known."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A dated hold on the unit; ``end`` None is open, both ends are counted."""

    key: Hashable
    kind: str
    start: date
    end: date | None = None
    self_use: bool = False

    def holds(self, day: date) -> bool:
        """Whether the unit is held on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Adjoining days with one payer and one quantity.

    ``payer`` is the key of a holder, None for days that nobody pays; ``kind`` is the
    payer's (owner or tenant), None with it.
    """

    period: Period
    payer: Hashable | None
    kind: str | None
    quantity: Decimal

    @property
    def days(self) -> int:
        """Days of the stretch, both ends counted."""
        return self.period.days

    def share_of(self, whole: Period) -> Fraction:
        """Days of the stretch over days of ``whole``."""
        return day_share(self.period, whole)

    def amount(self, rate, whole: Period) -> Fraction:
        """Return rate × quantity × days over days of ``whole``: exact, to be rounded
        by the charge.

        :param rate: price of a unit of quantity for the whole period
        :raise PeriodError: when the stretch is not inside ``whole``
        """
        return to_fraction(rate) * to_fraction(self.quantity) * self.share_of(whole)


def check_holders(holders: Iterable[Holder]) -> None:
    """Refuse two holders of one kind on one day.

    :raise OverlappingHolders: names the first such pair
    :raise ProrationError: an unknown kind, an end before its start
    """
    by_kind: dict[str, list[Holder]] = {OWNER: [], TENANT: []}
    for holder in holders:
        if holder.kind not in by_kind:
            raise ProrationError(f"{holder.key} is neither owner nor tenant")
        if holder.end is not None and holder.end < holder.start:
            raise ProrationError(f"{holder.key} ends before it starts")
        by_kind[holder.kind].append(holder)
    for of_kind in by_kind.values():
        of_kind.sort(key=lambda holder: holder.start)
        for one, other in zip(of_kind, of_kind[1:], strict=False):
            if one.end is None or one.end >= other.start:
                raise OverlappingHolders(one, other)


def payer_on(day: date, holders: Iterable[Holder], payer_rule: str) -> Holder | None:
    """Return who pays for ``day`` by the rule, None where nobody does.

    :raise ProrationError: unknown rule
    """
    if payer_rule not in PAYER_RULES:
        raise ProrationError(f"unknown payer {payer_rule!r}")
    present = {holder.kind: holder for holder in holders if holder.holds(day)}
    if payer_rule == OWNER:
        return present.get(OWNER)
    return present.get(TENANT) or present.get(OWNER)


def chargeable_parts(
    period: Period,
    valid_from: date | None = None,
    valid_to: date | None = None,
    rent_free: Iterable[Period] = (),
) -> list[Period]:
    """Return the days of ``period`` on which a fee is charged, as parts in date order:
    those on which the rule is valid (both ends counted) and that are not rent-free."""
    start = max(period.start, valid_from or period.start)
    end = min(period.end, valid_to or period.end)
    if end < start:
        return []
    parts = [Period(start, end)]
    for free in rent_free:
        kept = []
        for part in parts:
            common = overlap(part, free)
            if common is None:
                kept.append(part)
                continue
            if part.start < common.start:
                kept.append(Period(part.start, common.start - ONE_DAY))
            if common.end < part.end:
                kept.append(Period(common.end + ONE_DAY, part.end))
        parts = kept
    return parts


def quantity_on(day: date, quantities: Sequence[tuple[date, Decimal]]) -> Decimal:
    """Return the quantity valid on ``day``: that of the latest date not after it.

    :raise QuantityGap: when the first date is after ``day``
    """
    valid = [entry for entry in quantities if entry[0] <= day]
    if not valid:
        raise QuantityGap(f"no quantity is known on {day}")
    return to_decimal(max(valid, key=lambda entry: entry[0])[1])


def payer_stretches(
    period: Period,
    holders: Sequence[Holder],
    payer_rule: str,
    quantities: Sequence[tuple[date, Decimal]] | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    rent_free: Iterable[Period] = (),
) -> list[Stretch]:
    """Split a fee period over its payers.

    :param holders: occupancies of the unit, any order; those outside are ignored
    :param payer_rule: ``owner``, ``tenant`` or ``occupant``
    :param quantities: (first day, quantity) of area or persons, any order; None is 1
    :param valid_from: first day of the fee rule, None is open
    :param valid_to: last day of the fee rule, None is open
    :param rent_free: days on which nobody is charged; may overlap each other
    :return: stretches in date order; each chargeable day is in exactly one
    :raise OverlappingHolders: two owners or two tenants on one day
    :raise QuantityGap: a chargeable day before the first quantity
    :raise ProrationError: unknown rule or kind of holder, two quantities of one day
    """
    check_holders(holders)
    if quantities is None:
        quantities = [(period.start, Decimal(1))]
    if len({day for day, _quantity in quantities}) != len(quantities):
        raise ProrationError("two quantities begin on the same day")
    cuts = [day for day, _quantity in quantities]
    for holder in holders:
        cuts.append(holder.start)
        if holder.end is not None and holder.end < period.end:
            cuts.append(holder.end + ONE_DAY)
    stretches: list[Stretch] = []
    for part in chargeable_parts(period, valid_from, valid_to, rent_free):
        for days in split_at(part, cuts):
            payer = payer_on(days.start, holders, payer_rule)
            stretch = Stretch(
                period=days,
                payer=payer.key if payer else None,
                kind=payer.kind if payer else None,
                quantity=quantity_on(days.start, quantities),
            )
            if stretches and _joins(stretches[-1], stretch):
                before = stretches.pop()
                stretch = replace(before, period=Period(before.period.start, days.end))
            stretches.append(stretch)
    return stretches


def _joins(one: Stretch, other: Stretch) -> bool:
    """Whether ``other`` goes on where ``one`` ends, payer and quantity unchanged."""
    return one.period.end + ONE_DAY == other.period.start and (
        one.payer,
        one.kind,
        one.quantity,
    ) == (other.payer, other.kind, other.quantity)
