"""What the source does not say, made up: units and areas, parties and who holds what,
dials and the days on which they are read, exchanges, and a reader's slips.

Nothing is left to chance: everything follows from the codes of the meters.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .data import YEAR

ESTATE = "BAY"
DEVELOPER = "P-0001"

#: (meter, month, day, first index of the new dial, its multiplier)
EXCHANGES = (
    ("W0299", 3, 12, Decimal("0"), 1),
    ("W0076", 5, 14, Decimal("0.125"), 1),
    ("W0343", 6, 20, Decimal("17.5"), 1),
    ("W0112", 8, 9, Decimal("0"), 1),
    ("E0047", 9, 12, Decimal("0.4"), 20),
    ("W0183", 11, 11, Decimal("3"), 1),
)
#: transformers before the large dials; the others count directly
MULTIPLIERS = {"E0008": 20, "E0009": 40, "E0010": 20, "E0054": 10}
SLIPS, FORGOTTEN = 16, 6
#: (meter, month) read 100 too high when nobody can know yet what is usual: what was billed
#: too much is more than the next bill
UNNOTICED = ("W0232", 2)
SURNAMES = (
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"),
    ("杨", "Yang"), ("赵", "Zhao"), ("黄", "Huang"), ("周", "Zhou"), ("吴", "Wu"),
    ("徐", "Xu"), ("孙", "Sun"), ("胡", "Hu"), ("朱", "Zhu"), ("高", "Gao"),
)  # fmt: skip
GIVEN = (
    ("伟", "Wei"), ("芳", "Fang"), ("娜", "Na"), ("敏", "Min"), ("静", "Jing"),
    ("强", "Qiang"), ("磊", "Lei"), ("洋", "Yang"), ("艳", "Yan"), ("勇", "Yong"),
    ("杰", "Jie"), ("涛", "Tao"), ("明", "Ming"), ("超", "Chao"), ("秀兰", "Xiulan"),
)  # fmt: skip
TRADES = (
    ("咖啡", "Coffee"), ("海鲜", "Seafood"), ("便利店", "Convenience"), ("健身", "Fitness"),
    ("书店", "Books"), ("花店", "Flowers"), ("药房", "Pharmacy"), ("洗衣", "Laundry"),
)  # fmt: skip


def pick(code, salt, count):
    """A number below ``count`` that is always the same for this code and salt."""
    digest = hashlib.sha256(f"{salt}:{code}".encode()).digest()
    return int.from_bytes(digest[:6], "big") % count


def month_end(month):
    return date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1)


@dataclass(frozen=True)
class Unit:
    code: str
    building: str
    name: str
    usage: str
    floor: int
    area: Decimal
    tag: str = ""


@dataclass(frozen=True)
class Party:
    ref: str
    name: str
    company: bool
    language: str
    #: one bill for each of the party's units
    per_unit: bool = False


@dataclass(frozen=True)
class Hold:
    """Who holds a unit; ``payer`` gets the bills where it is not the party."""

    unit: str
    party: str
    kind: str
    start: date
    end: date | None = None
    self_use: bool = False
    persons: int = 0
    payer: str = ""


@dataclass(frozen=True)
class Dial:
    """A meter as it hangs on the wall. ``first`` is what it shows on ``since``."""

    number: str
    code: str
    digits: int
    decimals: int
    multiplier: int
    first: Decimal
    since: date
    until: date | None = None
    replaces: str = ""

    @property
    def turn(self):
        return Decimal(10) ** self.digits


@dataclass(frozen=True)
class Look:
    """What a dial shows on a day, and what the reader writes down (None: he forgets)."""

    number: str
    day: date
    month: int
    kind: str
    index: Decimal
    written: Decimal | None


class Plan:
    """Everything that is made up about the meters of ``published``."""

    def __init__(self, published):
        self.published = published
        self.buildings, self.units, self.places = {}, {}, {}
        for meter in published.values():
            self._place(meter)
        self.parties, self.holds = {}, []
        self._settle()
        self.dials, self.looks = {}, []
        self._hang_dials()
        self._read()
        self.by_look = {(look.number, look.day, look.kind): look for look in self.looks}

    # --- places -----------------------------------------------------------

    def _place(self, meter):
        """The unit or building of a meter: ``places`` has (building, unit or '')."""
        building, unit = self._building_of(meter), ""
        if meter.kind == "Residential (Villa)":
            unit = self._villa(meter, building)
        elif meter.kind == "Residential (Apart)":
            unit = self._apartment(meter, building)
        elif "Retail" in (meter.kind, meter.name[:6]):
            unit = self._shop(meter, building)
        elif meter.kind in ("MB_Common", "IRR_Servies", "Building"):
            unit = f"C-{meter.code}"
            self.units[unit] = Unit(unit, building, meter.name, "common", 0, Decimal(0))
        self.places[meter.code] = (building, unit)

    def _building_of(self, meter):
        number = None
        if meter.kind == "Residential (Apart)":
            number = re.search(r"\d+", self.published[meter.parent].name)[0]
        elif found := re.match(r"D[ -](?:Building )?(\d+)", meter.name):
            number = found[1]
        if number:
            code = f"D{number}"
            self.buildings[code] = f"{number}号楼 Building {number}"
            return code
        zone = meter.zone.replace("Zone_", "Z").replace("_", "").strip("()")
        zone = re.sub(r"[()]", "", zone)
        zone = {"Direct Connection": "DC", "N/A": "DC", "Main Bulk": "DC", "": "ES"}.get(
            meter.zone, zone
        )
        self.buildings[zone] = f"{zone}区 Area {zone}"
        return zone

    def _villa(self, meter, building):
        number = int(re.search(r"\d+$", meter.name.replace(" (Villa)", ""))[0])
        code = f"{building}-{number:02}"
        area = Decimal(220) + pick(meter.code, "area", 521) / Decimal(2)
        self.units[code] = Unit(code, building, f"别墅 {code}", "residential", 1, area, "Villa")
        return code

    def _apartment(self, meter, building):
        door = re.search(r"\((\w+)\) \(Building\)", meter.name)[1]
        code = f"{building}-{door}"
        area = Decimal(68) + pick(meter.code, "area", 7701) / Decimal(100)
        floor = int(door[0])
        self.units[code] = Unit(
            code, building, f"公寓 {code}", "residential", floor, area, "Apartment"
        )
        return code

    def _shop(self, meter, building):
        code = f"S-{meter.code}"
        area = Decimal(45) + pick(meter.code, "area", 6001) / Decimal(10)
        self.units[code] = Unit(code, building, f"商铺 {meter.name}", "shop", 0, area, "Shop")
        return code

    # --- parties ----------------------------------------------------------

    def _party(self, company=False, trade=None, per_unit=False):
        number = len(self.parties) + 1
        ref = f"P-{number:04}"
        chinese = number % 5 != 0
        surname, given = SURNAMES[pick(ref, "s", 15)], GIVEN[pick(ref, "g", 15)]
        if company:
            what = TRADES[pick(ref, "t", 8)] if trade is None else trade
            name = f"海湾{what[0]}{number}有限公司" if chinese else f"Bay {what[1]} {number} Ltd"
        elif chinese:
            name = f"{surname[0]}{given[0]}"
        else:
            name = f"{given[1]} {surname[1]}"
        language = "zh_CN" if chinese else "en_US"
        self.parties[ref] = Party(ref, name, company, language, per_unit)
        return ref

    def usage_of(self, unit):
        """Published usage by month over the water meters of a unit."""
        meter = next(code for code, place in self.places.items() if place[1] == unit)
        return self.published[meter].usage

    def _settle(self):
        """Owners, tenants, and how they come and go.

        A home in which nine months or more were without water stands empty: what was
        used in the others is then odd.
        """
        self._party(company=True, trade=("置业", "Development"))
        homes = [unit for unit in self.units.values() if unit.usage == "residential"]
        dry = {
            unit.code: sum(1 for usage in self.usage_of(unit.code).values() if not usage)
            for unit in homes
        }
        lived_in = [unit.code for unit in homes if dry[unit.code] < 9]
        movers = sorted(lived_in, key=lambda code: pick(code, "move", 10**9))[:14]
        never = [unit.code for unit in homes if dry[unit.code] == 12]
        #: nobody holds this one: it is listed, not billed
        self.ownerless = min(never, key=lambda code: pick(code, "ownerless", 10**9))
        owner = None
        for unit in self.units.values():
            since = date(2015 + pick(unit.code, "since", 8), 1 + pick(unit.code, "m", 12), 1)
            if unit.usage == "common" or unit.code == self.ownerless:
                continue
            if unit.usage == "shop":
                self._let_shop(unit.code, since)
                continue
            # every seventh owner has the next home, too
            if owner is None or pick(unit.code, "same", 7):
                owner = self._party(per_unit=not pick(unit.code, "per unit", 6))
            if unit.code in movers:
                self._move(unit.code, movers.index(unit.code), owner, since)
            elif dry[unit.code] >= 9:
                seller = DEVELOPER if pick(unit.code, "sold", 2) else owner
                self.holds.append(Hold(unit.code, seller, "owner", since))
            elif pick(unit.code, "let", 3) == 0:
                self.holds.append(Hold(unit.code, owner, "owner", since))
                payer = DEVELOPER if not pick(unit.code, "payer", 9) else ""
                self._let(unit.code, date(2023, 1, 1), payer=payer)
            else:
                self.holds.append(
                    Hold(unit.code, owner, "owner", since, None, True, 1 + pick(unit.code, "p", 5))
                )

    def _let(self, unit, start, end=None, company=False, payer=""):
        party = self._party(company)
        persons = 0 if company else 1 + pick(party, "p", 4)
        self.holds.append(Hold(unit, party, "tenant", start, end, False, persons, payer))

    def _let_shop(self, unit, since):
        self.holds.append(Hold(unit, DEVELOPER, "owner", since))
        if pick(unit, "change", 6) == 0:
            month = 2 + pick(unit, "month", 9)
            self._let(unit, date(2022, 4, 1), month_end(month), company=True)
            self._let(unit, month_end(month) + timedelta(days=1), company=True)
        else:
            self._let(unit, date(2022, 4, 1), company=True)

    def _move(self, unit, number, owner, since):
        month, day = 2 + number * 9 // 13, 6 + pick(unit, "day", 18)
        last = date(YEAR, month, day)
        after = last + timedelta(days=1)
        if number >= 12:  # sold
            self.holds.append(Hold(unit, owner, "owner", since, last, True, 2))
            self.holds.append(Hold(unit, self._party(), "owner", after, None, True, 3))
            return
        self.holds.append(Hold(unit, owner, "owner", since))
        if number < 9:
            self._let(unit, date(2022, 9, 1), last)
        if number < 5 or number >= 9:
            self._let(unit, after)

    def departures(self):
        """Tenants whose water is read on their last day: (unit, day)."""
        return [
            (hold.unit, hold.end)
            for hold in self.holds
            if hold.kind == "tenant"
            and hold.end
            and hold.end != month_end(hold.end.month)
            and pick(hold.unit, "move out", 2)
        ]

    # --- dials ------------------------------------------------------------

    def reading_day(self, code, month):
        """The route takes three days at the end of each month; month 0 is before."""
        year, month = (YEAR, month) if month else (YEAR - 1, 12)
        return date(year, month, 26 + pick(self.places[code][0], "route", 3))

    def begins(self, code):
        """The month whose usage is the first published one."""
        return min(self.published[code].usage)

    def _hang_dials(self):
        for code, meter in self.published.items():
            multiplier = MULTIPLIERS.get(code, 1)
            total = meter.total / multiplier
            digits = 4 + pick(code, "digits", 2) if total < 2000 else 6
            top = Decimal(10) ** digits
            # behind a transformer every unit is a fraction of the dial
            decimals = 3 if multiplier > 1 else (0, 1, 3)[pick(code, "decimals", 3)]
            fraction = Decimal(pick(code, "f", 10**decimals)).scaleb(-decimals)
            if total > 30 and pick(code, "rollover", 16) == 0:
                first = top - (total * (2 + pick(code, "share", 7)) / 10).quantize(Decimal(1))
            elif digits == 6:
                first = Decimal(pick(code, "first", 300_000)) + fraction
            else:
                room = int(top) - int(total) - 100
                first = Decimal(pick(code, "first", room)) + fraction
            since = self.reading_day(code, self.begins(code) - 1)
            self.dials[code] = Dial(code, code, digits, decimals, multiplier, first, since)
        for code, month, day, first, multiplier in EXCHANGES:
            old, when = self.dials[code], date(YEAR, month, day)
            self.dials[code] = replace(old, until=when)
            new = f"{code}-2"
            self.dials[new] = Dial(new, code, 6, 3, multiplier, first, when, None, code)

    def _read(self):
        """Every look at a dial of the year, in the order of the days."""
        departures = dict(self.departures())
        exchanges = {row[0]: row for row in EXCHANGES}
        slips, forgotten = self._slips(), self._forgotten()
        for code, meter in self.published.items():
            dial, shown = self.dials[code], self.dials[code].first
            kind = "installation" if meter.commodity == "electricity" else "regular"
            self.looks.append(Look(code, dial.since, 0, kind, shown, shown))
            last = dial.since
            for month, usage in sorted(meter.usage.items()):
                day, left = self.reading_day(code, month), usage
                left_on = departures.get(self.places[code][1])
                if left_on and left_on.month == month and last < left_on < day:
                    part = self._part(left, last, left_on, day)
                    shown, left = self._turned(dial, shown, part), left - part
                    self.looks.append(Look(code, left_on, month, "move_out", shown, shown))
                if code in exchanges and exchanges[code][1] == month:
                    part = self._part(left, last, self.dials[code].until, day)
                    shown, left = self._turned(dial, shown, part), left - part
                    self.looks.append(Look(code, dial.until, month, "removal", shown, shown))
                    dial = self.dials[f"{code}-2"]
                    shown = dial.first
                    self.looks.append(
                        Look(dial.number, dial.since, month, "installation", shown, shown)
                    )
                shown, last = self._turned(dial, shown, left), day
                written = shown
                if (code, month) == UNNOTICED:
                    written = (shown + 100) % dial.turn
                elif (code, month) in slips:
                    written = self._slip(code, dial, shown)
                elif (code, month) in forgotten:
                    written = None
                self.looks.append(Look(dial.number, day, month, "regular", shown, written))
        self.looks.sort(key=lambda look: (look.day, look.number))

    @staticmethod
    def _part(usage, last, on, day):
        """Share of a month's usage until ``on``, in whole units."""
        return (usage * (on - last).days // (day - last).days).quantize(Decimal(1))

    @staticmethod
    def _turned(dial, shown, usage):
        return (shown + usage / dial.multiplier) % dial.turn

    # --- the reader's mistakes --------------------------------------------

    def _busy(self, least):
        """(meter, month) in which something was used, in an order of their own."""
        exchanged = {row[0] for row in EXCHANGES}
        found = [
            (code, month)
            for code, meter in self.published.items()
            for month, usage in meter.usage.items()
            if month > self.begins(code) + 2 and usage >= least and code not in exchanged
        ]
        return sorted(found, key=lambda key: pick(key, "busy", 10**9))

    def _slips(self):
        """Readings that are written down wrongly; no meter twice."""
        chosen = {}
        for code, month in self._busy(8):
            if len(chosen) < SLIPS:
                chosen.setdefault(code, month)
        return set(chosen.items())

    def _forgotten(self):
        chosen, slipped = {}, {code for code, _month in self._slips()}
        for code, month in reversed(self._busy(4)):
            if len(chosen) < FORGOTTEN and code not in slipped and month < 12:
                chosen.setdefault(code, month)
        return set(chosen.items())

    @staticmethod
    def _slip(code, dial, shown):
        """The last digit left out, two digits swapped, or one digit too high."""
        whole, rest = int(shown), shown - int(shown)
        text = str(whole).zfill(dial.digits)
        way = pick(code, "slip", 3)
        if way == 0:
            return Decimal(whole // 10) + rest
        if way == 1:
            for place in range(dial.digits - 3, -1, -1):
                if text[place] != text[place + 1]:
                    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
                    return Decimal(swapped) + rest
        place = dial.digits - 3
        digit = str((int(text[place]) + 1) % 10)
        return Decimal(text[:place] + digit + text[place + 1 :]) + rest
