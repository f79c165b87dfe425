"""The terms of a metered tariff: versions, tiers, prices, and their errors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .money import to_decimal, to_fraction
from .periods import ONE_DAY, Period, split_at

PERIOD = "period"
TIER_BASES = (PERIOD, "calendar_year", "contract_year")
ANY_REGISTER = ""


class TariffError(ValueError):
    """A tariff or a usage from which no price can be computed."""


class TariffGap(TariffError):
    """A day, a register or the first unit of usage without a price."""


class TariffOverlap(TariffError):
    """Two versions of a tariff begin on the same day."""


class NegativeUsage(TariffError):
    """Usage below zero. A correction is the difference of two computations of what
    is true and what was billed, never the price of a negative usage."""


@dataclass(frozen=True, slots=True)
class Tier:
    """From ``quantity_from`` on (in units of usage) a unit costs ``price``.

    ``register`` empty: for every register that has no price of its own.
    """

    quantity_from: Decimal
    price: Decimal
    register: str = ANY_REGISTER

    def __post_init__(self):
        object.__setattr__(self, "quantity_from", to_decimal(self.quantity_from))
        object.__setattr__(self, "price", to_decimal(self.price))
        object.__setattr__(self, "register", self.register or ANY_REGISTER)
        if self.quantity_from < 0 or self.price < 0:
            raise TariffError("a tier cannot begin below zero or have a negative price")


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """The prices of a tariff from a day on.

    :param key: what the caller knows the version by (an id); lines carry it
    :param minimum: least charge for usage per whole billing period
    :param standing: charge per whole billing period, whatever is used
    :param household_size: persons up to whom the tiers are as stated
    :param extra_per_person: units by which every tier above the first begins later
        for each person above ``household_size``
    """

    key: int | str
    date_from: date
    tiers: tuple[Tier, ...]
    tier_basis: str = PERIOD
    minimum: Decimal = Decimal(0)
    standing: Decimal = Decimal(0)
    household_size: int | None = None
    extra_per_person: Decimal | None = None

    def __post_init__(self):
        object.__setattr__(self, "tiers", tuple(self.tiers))
        for name in ("minimum", "standing"):
            value = to_decimal(getattr(self, name))
            if value < 0:
                raise TariffError(f"the {name} charge is below zero")
            object.__setattr__(self, name, value)
        if self.tier_basis not in TIER_BASES:
            raise TariffError(f"unknown basis of tiers {self.tier_basis!r}")
        starts = [(tier.register, tier.quantity_from) for tier in self.tiers]
        if len(set(starts)) != len(starts):
            raise TariffOverlap("two tiers of one register begin at the same quantity")

    def bounds(self, persons: int | None, width: Fraction) -> list[Fraction]:
        """Return where the tiers begin, from 0 upwards, for a household of
        ``persons`` and with all widths multiplied by ``width``."""
        extra = Fraction(0)
        if persons and self.household_size is not None and self.extra_per_person:
            above = max(0, persons - self.household_size)
            extra = above * to_fraction(self.extra_per_person)
        starts = {Fraction(tier.quantity_from) for tier in self.tiers} | {Fraction(0)}
        return [(start + extra) * width if start else start for start in sorted(starts)]

    def price(self, register: str, band: int) -> Decimal:
        """Return the price of a unit of ``register`` in the tier number ``band``,
        counted over all places where a tier begins.

        :raise TariffGap: when neither the register nor all have a price there
        """
        starts = sorted({tier.quantity_from for tier in self.tiers} | {Decimal(0)})
        for wanted in dict.fromkeys((register, ANY_REGISTER)):
            valid = [
                tier
                for tier in self.tiers
                if tier.register == wanted and tier.quantity_from <= starts[band]
            ]
            if valid:
                return max(valid, key=lambda tier: tier.quantity_from).price
        raise TariffGap(
            f"version {self.key} has no price from {starts[band]} on"
            + (f" for register {register}" if register else "")
        )


def versions_between(
    versions: Iterable[TariffVersion], period: Period
) -> list[tuple[TariffVersion, Period]]:
    """Return the versions valid in ``period`` with their days, in date order.

    :raise TariffGap: when the period begins before the first version
    :raise TariffOverlap: when two versions begin on the same day
    """
    ordered = sorted(versions, key=lambda version: version.date_from)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if one.date_from == other.date_from:
            raise TariffOverlap(f"versions {one.key} and {other.key} both begin on {one.date_from}")
    if not ordered or ordered[0].date_from > period.start:
        last = min(period.end, ordered[0].date_from - ONE_DAY) if ordered else period.end
        raise TariffGap(f"no version is valid from {period.start} to {last}")
    parts = split_at(period, [version.date_from for version in ordered])
    return [
        ([version for version in ordered if version.date_from <= part.start][-1], part)
        for part in parts
    ]
