"""What the estate charges: made up, like all prices here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

BEGIN = date(2024, 1, 1)


@dataclass(frozen=True)
class Terms:
    """Prices of a metered fee from a day on: ``tiers`` are (from, price of a unit)."""

    since: date
    tiers: tuple
    by_year: bool = False
    standing: Decimal = Decimal(0)

    def cost(self, opening, closing, width):
        """Exact price of the units from ``opening`` to ``closing`` of the counter."""
        total = Fraction(0)
        starts = [Fraction(start) * width for start, _price in self.tiers]
        for place, (_start, price) in enumerate(self.tiers):
            upper = starts[place + 1] if starts[place + 1 :] else closing
            total += max(Fraction(0), min(closing, upper) - max(opening, starts[place])) * Fraction(
                price
            )
        return total


@dataclass(frozen=True)
class Fee:
    """A fee rule. ``item`` is what stands on the bill, ``tax`` percent of it."""

    code: str
    item: str
    method: str
    usage: str
    payer: str
    tax: int
    included: bool = False
    tag: str = ""
    rate: Decimal = Decimal(0)
    commodity: str = ""
    versions: tuple = ()
    since: date = BEGIN

    def catches(self, unit):
        return unit.usage == self.usage and (not self.tag or unit.tag == self.tag)


CARE, WATER, POWER = "物业管理费 Management Fee", "水费 Water", "电费 Electricity"

FEES = (
    Fee("villa", CARE, "area", "residential", "owner", 6, tag="Villa", rate=Decimal("3.85")),
    Fee("flat", CARE, "area", "residential", "occupant", 6, tag="Apartment", rate=Decimal("2.65")),
    Fee("shop", CARE, "area", "shop", "occupant", 6, rate=Decimal("12.5")),
    Fee(
        "water",
        WATER,
        "metered",
        "residential",
        "occupant",
        3,
        included=True,
        commodity="water_cold",
        versions=(
            Terms(
                date(2020, 1, 1),
                ((0, Decimal("3.45")), (180, Decimal("4.83")), (260, Decimal("5.83"))),
                by_year=True,
            ),
            # a new price in the middle of a month
            Terms(
                date(2024, 7, 16),
                ((0, Decimal("3.72")), (180, Decimal("5.21")), (260, Decimal("6.35"))),
                by_year=True,
            ),
        ),
    ),
    Fee(
        "shop water",
        WATER,
        "metered",
        "shop",
        "occupant",
        3,
        included=True,
        commodity="water_cold",
        versions=(Terms(date(2020, 1, 1), ((0, Decimal("5.15")),), standing=Decimal("18.5")),),
    ),
    Fee(
        "shop power",
        POWER,
        "metered",
        "shop",
        "occupant",
        13,
        commodity="electricity",
        versions=(
            Terms(
                date(2020, 1, 1),
                ((0, Decimal("0.7163")), (2500, Decimal("0.8417")), (9000, Decimal("1.0206"))),
            ),
        ),
        since=date(2024, 4, 1),
    ),
)
