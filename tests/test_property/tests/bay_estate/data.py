"""What was published: meters in a tree, and their usage per month of 2024."""

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

YEAR = 2024
COMMODITIES = {"water": "water_cold", "electricity": "electricity"}


@dataclass(frozen=True)
class Published:
    """A meter; ``usage`` by month, in m³ or kWh, as published."""

    code: str
    commodity: str
    name: str
    level: str
    zone: str
    kind: str
    parent: str
    usage: dict = field(default_factory=dict)

    @property
    def total(self):
        return sum(self.usage.values())


def read(folder):
    """Meters by code, in the order of the file."""
    meters = {}
    with open(Path(folder, "meters.csv"), newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code = row["meter"]
            meters[code] = Published(
                code,
                COMMODITIES[row["commodity"]],
                row["name"],
                row["level"],
                row["zone"],
                row["kind"],
                row["parent"],
            )
    with open(Path(folder, "usage-2024.csv"), newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if int(row["year"]) != YEAR:
                raise ValueError(f"usage of {row['year']}")
            usage = meters[row["meter"]].usage
            if int(row["month"]) in usage:
                raise ValueError(f"two usages of {row['meter']} in {row['month']}")
            usage[int(row["month"])] = Decimal(row["usage"])
    return meters
