"""Meters of the demo and their readings of a year."""

import io
from base64 import b64encode
from datetime import timedelta
from random import Random

from PIL import Image, ImageDraw

from .fees import DemoLoader

#: day of the month on which meters are read
READING_DAY = 28
#: months of readings before the current one; the first is the start of the index
MONTHS_READ = 13
#: months ago in which a meter was exchanged
EXCHANGED = 6
#: usage by month of the year against an average one
ELECTRICITY_SEASON = (1.15, 1.1, 0.95, 0.85, 0.95, 1.2, 1.4, 1.35, 1.05, 0.85, 0.95, 1.1)
WATER_SEASON = (0.9, 0.9, 0.95, 1.0, 1.05, 1.15, 1.2, 1.2, 1.1, 1.0, 0.95, 0.9)
REGISTERS = {"peak": 0.42, "shoulder": 0.38, "valley": 0.2}


class MeterLoader(DemoLoader):
    """Indexes are kept in tenths, so that sums of a tree are exact."""

    def __init__(self, env):
        super().__init__(env)
        self.random = Random("orient property")
        self.index = {}

    def load(self):
        self.load_tower_meters()
        self.load_garden_meters()
        self.load_history()
        self.load_balances()

    # --- meters -------------------------------------------------------------

    def meter(self, name, commodity, estate, unit=None, parent=None, **values):
        return (
            f"meter_{name.lower().replace('-', '_')}",
            {
                "name": name,
                "commodity": commodity,
                "estate_id": estate.id,
                "unit_id": unit.id if unit else False,
                "parent_id": self.ref(f"meter_{parent.lower().replace('-', '_')}").id
                if parent
                else False,
                "digits": 6,
                "decimals": 1,
                "date_installed": "2018-05-20",
                # main meters are read after those of the units
                "route_sequence": 1000,
                **values,
            },
        )

    def units_of(self, estate, *usages):
        return self.env["property.unit"].search(
            [("estate_id", "=", estate.id), ("usage", "in", usages)], order="code"
        )

    def load_tower_meters(self):
        hq, building = self.hq, self.tenant_ref("building_hq")
        place = {"building_id": building.id}
        common = {"payer": "estate"}
        add = self.make
        electricity, water = "electricity", "water_cold"
        add(
            "property.meter",
            [
                self.meter(
                    "E-MAIN",
                    electricity,
                    hq,
                    multiplier=100.0,
                    location="变电室 Transformer room",
                    **place,
                ),
                self.meter("W-MAIN", water, hq, location="水泵房 Pump room", **place),
            ],
        )
        add(
            "property.meter",
            [
                self.meter(
                    "E-LOW",
                    electricity,
                    hq,
                    parent="E-MAIN",
                    multiplier=40.0,
                    location="1 层电井 Riser, floor 1",
                    **place,
                ),
                self.meter(
                    "E-HIGH",
                    electricity,
                    hq,
                    parent="E-MAIN",
                    multiplier=40.0,
                    location="8 层电井 Riser, floor 8",
                    **place,
                ),
                self.meter(
                    "E-PLANT",
                    electricity,
                    hq,
                    self.tenant_ref("unit_hq_plant"),
                    "E-MAIN",
                    multiplier=20.0,
                    **common,
                ),
                self.meter(
                    "W-COMMON", water, hq, self.tenant_ref("unit_hq_lobby"), "W-MAIN", **common
                ),
            ],
        )
        self._load_tower_unit_meters()

    def _load_tower_unit_meters(self):
        """A meter for every office, and for every shop one with registers and a water meter."""
        hq, electricity, water = self.hq, "electricity", "water_cold"
        common = {"payer": "estate"}
        rows = [
            self.meter(
                "E-LOBBY", electricity, hq, self.tenant_ref("unit_hq_lobby"), "E-LOW", **common
            )
        ]
        for number, unit in enumerate(self.units_of(hq, "office"), 1):
            parent = "E-LOW" if unit.floor <= 7 else "E-HIGH"
            rows.append(
                self.meter(f"E-{unit.code}", electricity, hq, unit, parent, route_sequence=number)
            )
        for number, unit in enumerate(self.units_of(hq, "shop"), 1):
            rows.append(
                self.meter(
                    f"E-{unit.code}",
                    electricity,
                    hq,
                    unit,
                    "E-LOW",
                    registers="peak_shoulder_valley",
                    route_sequence=number,
                )
            )
            rows.append(
                self.meter(f"W-{unit.code}", water, hq, unit, "W-MAIN", route_sequence=number)
            )
        self.make("property.meter", rows)

    def load_garden_meters(self):
        rv, water = self.rv, "water_cold"
        self.make(
            "property.meter",
            [self.meter("RW-MAIN", water, rv, location="大门 1 号表井 Gate, shaft 1")],
        )
        self.make(
            "property.meter",
            [
                *(
                    self.meter(
                        f"RW-B{number}",
                        water,
                        rv,
                        parent="RW-MAIN",
                        location="地下室 Cellar",
                        building_id=self.tenant_ref(f"building_rv_{number}").id,
                    )
                    for number in (1, 2, 3)
                ),
                self.meter(
                    "RW-GARDEN",
                    water,
                    rv,
                    self.tenant_ref("unit_rv_garden"),
                    "RW-MAIN",
                    payer="estate",
                ),
            ],
        )
        self.make(
            "property.meter",
            [
                self.meter(
                    f"RW-{unit.code}",
                    water,
                    rv,
                    unit,
                    f"RW-B{unit.code[0]}",
                    digits=5,
                    route_sequence=number,
                )
                for number, unit in enumerate(self.units_of(rv, "residential"), 1)
            ],
        )

    # --- readings -----------------------------------------------------------

    def load_history(self):
        """A reading of every register on the 28th of every month, checked and accepted."""
        meters = self.env["property.meter"].search(
            [("estate_id", "in", (self.hq | self.rv).ids)], order="level desc, name"
        )
        for meter in meters:
            for register in meter._register_keys():
                self.index[meter, register] = 10 * self.random.randrange(2000, 60000)
        # one dial passes its last number in the course of the year
        self.index[self.ref("meter_rw_2_302"), ""] = 999_990 - 10 * 60
        self._read_months(meters, range(MONTHS_READ, EXCHANGED, -1))
        meters = self._exchange(meters)
        self._read_months(meters, range(EXCHANGED, 0, -1))
        self.env["property.meter.reading"].with_user(self.user("billing")).sudo()._create_estimates(
            [(self.ref("meter_rw_3_204"), "")],
            self.months_ago(1, READING_DAY),
            "家中无人，无法抄表。Nobody was at home.",
        )

    def _exchange(self, meters):
        """A meter of a flat was exchanged between two readings, half a year ago."""
        old = self.ref("meter_rw_1_303")
        exchange = self.env["property.meter.exchange"].create(
            {
                "meter_id": old.id,
                "date": self.months_ago(EXCHANGED, 12),
                "old_index": (self.index[old, ""] + 47) / 10,
                "new_name": "RW-1-303-A",
                "new_index": 0.3,
                "reason": "旧表盘无法辨认。The old dial could hardly be read.",
            }
        )
        new = self.env["property.meter"].browse(exchange.action_exchange()["res_id"])
        self.index[new, ""] = 3
        return (meters - old) | new

    def _read_months(self, meters, numbers):
        meters = meters.sorted(lambda meter: (-meter.level, meter.name))
        rows = []
        for number in numbers:
            rows += self._read_month(meters, self.months_ago(number, READING_DAY), number)
        # by who looks after readings, so that nothing was accepted by the program
        reader = self.env["property.meter.reading"].with_user(self.user("billing")).sudo()
        readings = reader._create_rows(rows)
        readings._validate()
        self._explain(readings.filtered(lambda reading: reading.state == "flagged"))

    def _read_month(self, meters, day, number):
        used, rows = {}, []
        for meter in meters:
            for register in meter._register_keys():
                tenths = self._usage(meter, register, day, number, used)
                used[meter] = used.get(meter, 0) + round(tenths * meter.multiplier)
                if number < MONTHS_READ and not self._stands_still(meter, number):
                    self.index[meter, register] += tenths
                if not self._is_left_out(meter, number):
                    rows.append(self._reading(meter, register, day, number))
        return rows

    @staticmethod
    def _stands_still(meter, number):
        """The meter of building 2 stands still since three months."""
        return meter.name == "RW-B2" and number <= 3

    def _reading(self, meter, register, day, number):
        index = self.index[meter, register] % 10 ** (meter.digits + 1)
        values = {
            "meter_id": meter.id,
            "register": register or False,
            "date": day,
            "index_value": index / 10,
            "reader_id": self.user("steward" if meter.estate_id == self.rv else "engineer").id,
        }
        if number <= 2 and meter.unit_id.code in ("S101", "0201", "1-101"):
            values["photo"] = dial_photo(meter.name, index)
        return values

    @staticmethod
    def _is_left_out(meter, number):
        """One meter could not be read last month: it was estimated."""
        return number == 1 and meter.name == "RW-3-204"

    def _usage(self, meter, register, day, number, used):
        """Usage of the month in tenths of what the dial counts."""
        children = meter.child_ids
        if children:
            below = sum(used.get(child, 0) for child in children)
            loss = 1.09 if meter.name == "E-HIGH" and number <= 2 else 1.02
            return round(below * (loss + self.random.random() / 50) / meter.multiplier)
        if meter.commodity == "electricity":
            return self._electricity(meter, register, day, number)
        return self._water(meter, day, number)

    def _electricity(self, meter, register, day, number):
        season = ELECTRICITY_SEASON[day.month - 1]
        spread = 0.92 + self.random.random() * 0.16
        if meter.name == "E-PLANT":
            return round(10 * 900 * season * spread)
        if meter.name == "E-LOBBY":
            return round(10 * 6200 * season * spread)
        unit = meter.unit_id
        if not self._is_used(unit, day):
            # lights were left on in an empty office
            return round(10 * 41 * spread) if unit.code == "0902" and number <= 5 else 0
        per_area = 9.5 if unit.usage == "office" else 26.0
        share = REGISTERS[register] if register else 1.0
        return round(10 * unit.area_gross * per_area * share * season * spread)

    def _water(self, meter, day, number):
        season = WATER_SEASON[day.month - 1]
        spread = 0.85 + self.random.random() * 0.3
        if meter.name == "W-COMMON":
            return round(10 * 160 * season * spread)
        if meter.name == "RW-GARDEN":
            return round(10 * 85 * season * spread)
        unit = meter.unit_id
        if not self._is_used(unit, day):
            return 0
        if unit.usage == "shop":
            cubic = 74 if unit.tag_ids else 9
        else:
            persons = max(unit.occupancy_ids.mapped("persons"), default=2)
            # a large household gets into the second and third tier of the year
            cubic = 31 if unit.code == "1-203" else 4.5 + 3.2 * persons
        if meter.name == "RW-3-402" and number == 2:
            cubic *= 2.6
        return round(10 * cubic * season * spread)

    @staticmethod
    def _is_used(unit, day):
        month_ago = day - timedelta(days=20)
        return any(
            (occupancy.kind == "tenant" or occupancy.self_use)
            and occupancy.state not in ("reserved", "cancelled")
            and occupancy.date_start <= day
            and (not occupancy.date_end or occupancy.date_end >= month_ago)
            for occupancy in unit.occupancy_ids
        )

    def _explain(self, flagged):
        """What the checks found odd in the past was looked into."""
        reasons = {
            "stopped": "表计停走，已订新表。The meter stands still; a new one is ordered.",
            "use_when_vacant": "灯未关，已关闭。Lights were left on and are switched off now.",
            "rollover": "表盘已过 99999，见照片。The dial has passed 99999; seen on the photo.",
            "zero_occupied": "本月无人居住。Nobody was there this month.",
        }
        groups = {}
        for reading in flagged:
            codes = [found["code"] for found in reading.findings or ()]
            reason = next((reasons[code] for code in codes if code in reasons), None)
            groups.setdefault(
                reason or "现场复抄，读数无误。Read again on the spot: the index is right.", []
            ).append(reading.id)
        for reason, ids in groups.items():
            flagged.browse(ids).action_accept(reason)

    def load_balances(self):
        Balance = self.env["property.meter.balance"]
        for estate in (self.hq, self.rv):
            Balance._compute_for(estate, self.months_ago(MONTHS_READ - 1), self.months_ago(1, 28))


def dial_photo(name, tenths):
    """A drawn dial, in place of a photo."""
    picture = Image.new("RGB", (480, 240), "#d9dde2")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((20, 20, 460, 220), 24, fill="#f4f5f7", outline="#6c757d", width=4)
    draw.rectangle((60, 80, 420, 160), fill="#20262e")
    text = f"{tenths // 10:06d}"
    for place, digit in enumerate(text):
        draw.text((80 + place * 48, 92), digit, fill="#ffffff", font_size=52)
    draw.text((80 + len(text) * 48, 92), str(tenths % 10), fill="#ff6b5e", font_size=52)
    draw.text((60, 178), name, fill="#495057", font_size=24)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return b64encode(stream.getvalue())
