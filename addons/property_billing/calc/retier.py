"""What a late correction of usage changes in everything billed after it.

With yearly tiers a changed month moves every later month of the year along the
tiers. The months are priced twice, as they were and as they should have been, and
the differences are charged together: one signed correction, with a row per period
that explains it. Estimates are corrected the same way: they consumed tiers, the true
reading changes the usage of the periods that they stood for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .money import plain, to_decimal, to_fraction
from .periods import Period
from .tariff import Consumption, MeteredPrice, TariffError, YearKey, price_usage
from .tariff_terms import TariffVersion

EXPLANATION_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class RetierRow:
    """One period before and after: ``old_total`` is what was billed, ``new_total``
    what is right, both rounded; ``difference`` is positive if too little was billed."""

    period: Period
    old_usage: Fraction
    new_usage: Fraction
    old_total: Decimal
    new_total: Decimal
    old: MeteredPrice
    new: MeteredPrice

    @property
    def difference(self) -> Decimal:
        """Amount still to be charged (positive) or to be given back (negative)."""
        return self.new_total - self.old_total


@dataclass(frozen=True, slots=True)
class Retiering:
    """The correction: a row for each period from the first changed one on, the single
    signed ``difference``, and the counters after the last period as they now are."""

    rows: tuple[RetierRow, ...]
    difference: Decimal
    counters: Mapping[YearKey, Fraction]

    def to_explanation(self) -> dict:
        """Return the correction as json-able data, numbers as strings."""
        return {
            "schema_version": EXPLANATION_SCHEMA,
            "difference": str(self.difference),
            "rows": [
                {
                    "date_from": row.period.start.isoformat(),
                    "date_to": row.period.end.isoformat(),
                    "old_usage": plain(row.old_usage),
                    "new_usage": plain(row.new_usage),
                    "old_total": str(row.old_total),
                    "new_total": str(row.new_total),
                    "difference": str(row.difference),
                    "new": row.new.to_explanation(),
                }
                for row in self.rows
            ],
        }


def price_sequence(
    history: Sequence[Consumption],
    versions: Sequence[TariffVersion],
    counters: Mapping[YearKey, Decimal] | None = None,
    contract_start: date | None = None,
    counter_start: date | None = None,
    digits: int = 2,
) -> list[MeteredPrice]:
    """Price consumptions in date order, each beginning at the counters that the one
    before it left. Parameters and errors as :func:`tariff.price_usage`.

    :raise TariffError: when two consumptions share a day
    """
    ordered = sorted(history, key=lambda consumption: consumption.period)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if other.period.start <= one.period.end:
            raise TariffError(f"usage of {one.period} and {other.period} overlap")
    running = dict(counters or {})
    prices = []
    for consumption in ordered:
        price = price_usage(consumption, versions, running, contract_start, counter_start, digits)
        running.update(price.counter_close)
        prices.append(price)
    return prices


def retier(
    history: Sequence[Consumption],
    changes: Mapping[Period, Decimal | Mapping[str, Decimal]],
    versions: Sequence[TariffVersion],
    counters: Mapping[YearKey, Decimal] | None = None,
    contract_start: date | None = None,
    counter_start: date | None = None,
    digits: int = 2,
    billed: Mapping[Period, Decimal] | None = None,
) -> Retiering:
    """Return what changed usage means for the changed periods and all later ones.

    :param history: usage as billed so far, any order, one entry per period
    :param changes: period of ``history`` → its true usage (number or by register)
    :param counters: units consumed before the first period of ``history``
    :param digits: decimals of the currency
    :param billed: amounts billed for periods so far, earlier corrections included,
        where they are to be taken instead of what the rules give for ``history``
    :raise TariffError: a change of a period that is not in ``history``; overlaps
    :raise NegativeUsage: a true usage below zero
    """
    unknown = set(changes) - {consumption.period for consumption in history}
    if unknown:
        raise TariffError(f"no usage was billed for {min(unknown)}")
    corrected = [
        replace(consumption, quantity=changes[consumption.period])
        if consumption.period in changes
        else consumption
        for consumption in history
    ]
    terms = (versions, counters, contract_start, counter_start, digits)
    old_prices = price_sequence(history, *terms)
    new_prices = price_sequence(corrected, *terms)
    first = min(changes, default=None)
    rows = []
    for old, new in zip(old_prices, new_prices, strict=True):
        period = old.consumption.period
        if first is None or period < first:
            continue
        old_total = old.total
        if billed and period in billed:
            old_total = to_decimal(billed[period])
        rows.append(
            RetierRow(
                period=period,
                old_usage=old.consumption.total,
                new_usage=new.consumption.total,
                old_total=old_total,
                new_total=new.total,
                old=old,
                new=new,
            )
        )
    difference = sum((row.difference for row in rows), Decimal(0))
    return Retiering(tuple(rows), difference, _last_counters(counters, new_prices))


def _last_counters(counters, prices) -> dict[YearKey, Fraction]:
    """Counters after the last of ``prices``, those not touched as they were."""
    result = {key: to_fraction(value) for key, value in (counters or {}).items()}
    for price in prices:
        result.update(price.counter_close)
    return result
