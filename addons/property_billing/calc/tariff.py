"""What a metered fee costs: versions, tiers, registers, minimum and standing charge.

The rules, in the order in which they are applied:

* **Versions.** A version is valid from its first day to the day before the next one.
  Usage of a period with a price change is split by days over the versions, evenly
  for every day, and runs through the tiers in the order of the versions: the second
  version goes on where the first one stopped.
* **Yearly tiers** have one counter per basis year. A period that crosses the year is
  split by days and the counter starts again at zero. A new version goes on counting.
* **Period tiers** are stated for one whole billing period. If usage under period
  tiers covers only part of it (move-in in the middle, or the rest of the period has
  yearly tiers), the widths shrink to days covered over days of the period.
* **Registers.** The total of all registers decides the tier; the quantity in a tier
  is split over the registers in proportion. A price for a register goes before the
  price for all of them.
* **Minimum and standing charge** are stated per whole billing period and prorated by
  days. The minimum is compared with the charge for usage, standing comes on top.

Everything is exact until the total is rounded once, half-up. The amounts shown per
line are spread over the lines by largest remainder, so that they add up to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .money import distribute, plain, quantize, round_amount, to_fraction
from .periods import (
    Period,
    PeriodError,
    basis_year,
    basis_year_starts,
    day_share,
    split_at,
)
from .tariff_terms import (
    ANY_REGISTER,
    PERIOD,
    NegativeUsage,
    TariffError,
    TariffGap,
    TariffOverlap,
    TariffVersion,
    Tier,
    versions_between,
)

__all__ = [
    "Consumption",
    "MeteredPrice",
    "NegativeUsage",
    "TariffError",
    "TariffGap",
    "TariffOverlap",
    "TariffVersion",
    "Tier",
    "TierLine",
    "YearKey",
    "price_usage",
    "versions_between",
]

EXPLANATION_SCHEMA = 1


class YearKey(NamedTuple):
    """A counter of yearly tiers: its basis and the first day of its year."""

    basis: str
    start: date

    def __str__(self) -> str:
        return f"{self.basis}:{self.start.isoformat()}"


@dataclass(frozen=True, slots=True)
class Consumption:
    """Usage to be priced.

    :param period: days on which it was used
    :param quantity: units, or a mapping register → units (``''`` is the single one)
    :param billing_period: the whole period for which tiers, minimum and standing
        charge are stated; None means that ``period`` is a whole one. Where a regular
        reading falls some days before or after the end of the month, leave it None;
        a late reading over several periods is split over them by the caller first.
    :param persons: size of the household, if the tariff asks for it
    :param contract_start: the day on which the contract of whoever pays began; needed
        for tiers by contract year
    """

    period: Period
    quantity: Decimal | Mapping[str, Decimal]
    billing_period: Period | None = None
    persons: int | None = None
    contract_start: date | None = None

    def __post_init__(self):
        if self.billing_period and not self.billing_period.covers(self.period):
            raise PeriodError(f"usage of {self.period} is not inside {self.billing_period}")

    def registers(self) -> dict[str, Fraction]:
        """Usage per register, exact.

        :raise NegativeUsage: for a register below zero
        """
        by_register = self.quantity
        if not isinstance(by_register, Mapping):
            by_register = {ANY_REGISTER: by_register}
        result = {
            register or ANY_REGISTER: to_fraction(quantity)
            for register, quantity in by_register.items()
        }
        for register, quantity in result.items():
            if quantity < 0:
                raise NegativeUsage(
                    f"usage {plain(quantity)} of {self.period} {register} is below zero"
                )
        return result

    @property
    def total(self) -> Fraction:
        """Usage over all registers, exact."""
        return sum(self.registers().values(), Fraction(0))

    @property
    def whole(self) -> Period:
        """The whole period that minimum and standing charge are stated for."""
        return self.billing_period or self.period


@dataclass(frozen=True, slots=True)
class TierLine:
    """A line of the explanation: one register in one tier of one version.

    ``quantity_from`` and ``quantity_to`` are the bounds of the tier as they apply
    (persons and part periods included; ``quantity_to`` None is open), ``amount`` the
    share of the rounded total, ``exact`` the amount before rounding.
    """

    version: int | str
    period: Period
    year: YearKey | None
    register: str
    quantity_from: Fraction
    quantity_to: Fraction | None
    quantity: Fraction
    price: Decimal
    exact: Fraction
    amount: Decimal = Decimal(0)

    @property
    def days(self) -> int:
        """Days of the version (and basis year) that the line belongs to."""
        return self.period.days

    def to_explanation(self, quantity: Decimal) -> dict:
        """Return the line as json-able data, with ``quantity`` as it is shown."""
        upper = self.quantity_to
        return {
            "version": self.version,
            "date_from": self.period.start.isoformat(),
            "date_to": self.period.end.isoformat(),
            "days": self.days,
            "year": str(self.year) if self.year else None,
            "register": self.register,
            "quantity_from": plain(quantize(self.quantity_from, 3)),
            "quantity_to": None if upper is None else plain(quantize(upper, 3)),
            "quantity": plain(quantity),
            "price": plain(self.price),
            "amount": str(self.amount),
        }


@dataclass(frozen=True, slots=True)
class MeteredPrice:
    """The price of a consumption.

    ``exact`` is unrounded, ``total`` rounded; lines' amounts, ``standing`` and
    ``minimum_top_up`` add up to ``total``. The counters are those of the basis years
    touched, before and after, in units of usage.
    """

    consumption: Consumption
    exact: Fraction
    total: Decimal
    lines: tuple[TierLine, ...]
    standing: Decimal
    minimum: Fraction
    minimum_top_up: Decimal
    counter_open: Mapping[YearKey, Fraction] = field(default_factory=dict)
    counter_close: Mapping[YearKey, Fraction] = field(default_factory=dict)

    def to_explanation(self) -> dict:
        """Return what a bill shows as json-able data: numbers as strings in plain
        notation, days as ISO text, versions by their key. Quantities have three
        decimals (more where the reading has more) and add up to the usage."""
        consumption = self.consumption
        total = consumption.total
        digits = next((n for n in (3, 6, 9) if (total * 10**n).denominator == 1), 12)
        shown = (
            distribute(quantize(total, digits), [line.quantity for line in self.lines], digits)
            if self.lines
            else []
        )
        whole = consumption.whole
        return {
            "schema_version": EXPLANATION_SCHEMA,
            "date_from": consumption.period.start.isoformat(),
            "date_to": consumption.period.end.isoformat(),
            "days": consumption.period.days,
            "days_of_period": whole.days,
            "persons": consumption.persons,
            "usage": plain(total),
            "registers": {
                register: plain(quantity) for register, quantity in consumption.registers().items()
            },
            "lines": [
                line.to_explanation(quantity)
                for line, quantity in zip(self.lines, shown, strict=True)
            ],
            "standing": str(self.standing),
            "minimum": plain(quantize(self.minimum, 4)),
            "minimum_top_up": str(self.minimum_top_up),
            "counters": [
                {
                    "year": str(key),
                    "open": plain(quantize(self.counter_open[key], 3)),
                    "close": plain(quantize(self.counter_close[key], 3)),
                }
                for key in sorted(self.counter_close)
            ],
            "total": str(self.total),
        }


@dataclass(frozen=True, slots=True)
class _Piece:
    """Days of one version and, for yearly tiers, of one basis year."""

    version: TariffVersion
    period: Period
    year: YearKey | None
    width: Fraction


def _pieces(consumption, versions, contract_start, counter_start) -> list[_Piece]:
    contract_start = consumption.contract_start or contract_start
    parts = versions_between(versions, consumption.period)
    period_days = sum(part.days for version, part in parts if version.tier_basis == PERIOD)
    pieces = []
    for version, part in parts:
        basis = version.tier_basis
        if basis == PERIOD:
            width = Fraction(period_days, consumption.whole.days)
            pieces.append(_Piece(version, part, None, width))
            continue
        for days in split_at(part, basis_year_starts(part, basis, contract_start)):
            year = basis_year(days.start, basis, contract_start)
            width = Fraction(1)
            if counter_start and counter_start in year:
                width = day_share(Period(counter_start, year.end), year)
            pieces.append(_Piece(version, days, YearKey(basis, year.start), width))
    return pieces


def _tier_lines(piece, opening, registers, persons) -> list[TierLine]:
    """Lines of one piece whose usage begins at ``opening`` of the counter."""
    total = sum(registers.values(), Fraction(0))
    bounds = piece.version.bounds(persons, piece.width)
    closing = opening + total
    lines = []
    for band, lower in enumerate(bounds):
        upper = bounds[band + 1] if band + 1 < len(bounds) else None
        top = closing if upper is None else min(closing, upper)
        inside = top - max(opening, lower)
        if inside <= 0:
            continue
        for register, used in registers.items():
            if not used:
                continue
            quantity = inside * used / total
            price = piece.version.price(register, band)
            lines.append(
                TierLine(
                    version=piece.version.key,
                    period=piece.period,
                    year=piece.year,
                    register=register,
                    quantity_from=lower,
                    quantity_to=upper,
                    quantity=quantity,
                    price=price,
                    exact=quantity * to_fraction(price),
                )
            )
    return lines


def price_usage(
    consumption: Consumption,
    versions: Sequence[TariffVersion],
    counters: Mapping[YearKey, Decimal] | None = None,
    contract_start: date | None = None,
    counter_start: date | None = None,
    digits: int = 2,
) -> MeteredPrice:
    """Return the price of a consumption; the rules are those of the module's head.

    :param versions: all versions of the tariff that may be valid in the period
    :param counters: units consumed so far per basis year; a year not named is at 0
    :param contract_start: needed for tiers by contract year where the consumption does
        not say it itself
    :param counter_start: the day on which a new occupant's counter began; yearly
        tiers of that basis year are as wide as the days from it to the year's end
    :param digits: decimals of the currency
    :raise NegativeUsage: usage below zero
    :raise TariffGap: days or registers without a price
    :raise TariffOverlap: versions that begin on the same day
    :raise PeriodError: usage outside its billing period, no contract start
    """
    registers = consumption.registers()
    position = {key: to_fraction(value) for key, value in (counters or {}).items()}
    opened: dict[YearKey, Fraction] = {}
    in_period = Fraction(0)
    lines: list[TierLine] = []
    standing = minimum = Fraction(0)
    for piece in _pieces(consumption, versions, contract_start, counter_start):
        days = day_share(piece.period, consumption.period)
        part = {register: used * days for register, used in registers.items()}
        if piece.year is None:
            lines += _tier_lines(piece, in_period, part, consumption.persons)
            in_period += sum(part.values())
        else:
            opening = position.get(piece.year, Fraction(0))
            opened.setdefault(piece.year, opening)
            lines += _tier_lines(piece, opening, part, consumption.persons)
            position[piece.year] = opening + sum(part.values())
        of_period = Fraction(piece.period.days, consumption.whole.days)
        standing += to_fraction(piece.version.standing) * of_period
        minimum += to_fraction(piece.version.minimum) * of_period
    usage_charge = sum((line.exact for line in lines), Fraction(0))
    top_up = max(Fraction(0), minimum - usage_charge)
    exact = usage_charge + standing + top_up
    total = round_amount(exact, digits)
    shown = distribute(total, [*(line.exact for line in lines), standing, top_up], digits)
    return MeteredPrice(
        consumption=consumption,
        exact=exact,
        total=total,
        lines=tuple(
            replace(line, amount=amount) for line, amount in zip(lines, shown, strict=False)
        ),
        standing=shown[-2],
        minimum=minimum,
        minimum_top_up=shown[-1],
        counter_open=opened,
        counter_close={key: position[key] for key in opened},
    )
