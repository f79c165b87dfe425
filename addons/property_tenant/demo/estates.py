"""Units, parties and occupancies of Orient Tower (HQ) and Riverside Garden (RV).

Everything follows from tables and numbers, so the demo is the same each time;
days near to now count from today in the time zone of the estate.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from . import chatter, logo, moves, parties, portal

MODULE = "property_tenant"
#: what the program would have noted that it made
NOTED = (
    "property.estate",
    "property.occupancy",
    "property.unit",
    "res.partner",
)
VACANT_FLOOR = 9
OFFICE_FLOORS = range(2, 14)
ROOM_AREAS = {1: (268.5, 201.4), 2: (186.2, 139.7), 3: (212.8, 159.6), 4: (154.6, 116.0)}
SHOP_AREAS = (168.0, 92.4, 210.5, 64.8, 120.0, 75.5)
FLAT_AREAS = {1: (89.6, 71.2), 2: (118.4, 95.0), 3: (132.7, 107.1), 4: (89.6, 71.2)}


class Loader:
    def __init__(self, env):
        self.env = env
        self.today = env.ref(f"{MODULE}.demo_estate_hq")._today()
        self.month = self.today.replace(day=1)
        languages = dict(env["res.lang"].get_installed())
        self.chinese = "zh_CN" if "zh_CN" in languages else "en_US"
        self.english = "en_US" if "en_US" in languages else env.lang

    # --- help ---------------------------------------------------------------

    def ref(self, name):
        return self.env.ref(f"{MODULE}.demo_{name}")

    def make(self, model, rows):
        """Create records with external ids ``demo_…``: rows are (name, values)."""
        return self.env[model]._load_records(
            [
                {"xml_id": f"{MODULE}.demo_{name}", "values": values, "noupdate": True}
                for name, values in rows
            ]
        )

    def months_ago(self, number, day=1):
        """A day of an earlier month; negative numbers lie ahead."""
        return self.month + relativedelta(months=-number, day=day)

    # --- units --------------------------------------------------------------

    def load_tower_units(self):
        building = self.ref("building_hq").id
        rows = []
        for floor in OFFICE_FLOORS:
            label = {4: "3A", 13: "12A"}.get(floor, False)
            for room, (gross, net) in ROOM_AREAS.items():
                rows.append((f"{floor:02d}{room:02d}", floor, "office", gross, net, label))
        for number, gross in enumerate(SHOP_AREAS, 1):
            rows.append((f"S10{number}", 1, "shop", gross, round(gross * 0.82, 1), "G"))
        for number in range(1, 21):
            rows.append((f"P{number:02d}", -1, "parking", 13.5, 13.5, "B1"))
        for code, floor, label in (
            ("LOBBY", 1, "G"),
            ("PLANT", -2, "B2"),
            ("FIRE", 1, "G"),
            ("ROOF", 14, "R"),
        ):
            rows.append((code, floor, "common", 0.0, 0.0, label))
        self.make(
            "property.unit",
            [
                (
                    f"unit_hq_{code.lower()}",
                    {
                        "code": code,
                        "building_id": building,
                        "floor": floor,
                        "floor_name": label,
                        "usage": usage,
                        "area_gross": gross,
                        "area_net": net,
                    },
                )
                for code, floor, usage, gross, net, label in rows
            ],
        )
        names = {
            "LOBBY": ("Lobby and Corridors", "大堂及走廊"),
            "PLANT": ("Plant Room", "设备机房"),
            "FIRE": ("Fire Control Room", "消防控制室"),
            "ROOF": ("Roof", "屋面"),
        }
        for code, pair in names.items():
            self.ref(f"unit_hq_{code.lower()}").name = " ".join(pair)
        for number in (1, 2):
            self.ref(f"unit_hq_s10{number}").tag_ids = self.ref("tag_restaurant")

    def load_garden_units(self):
        rows = []
        for number in (1, 2, 3):
            building = self.ref(f"building_rv_{number}").id
            for floor in range(1, 6):
                for room, (gross, net) in FLAT_AREAS.items():
                    code = f"{number}-{floor}{room:02d}"
                    rows.append((code, building, floor, "residential", gross, net))
            rows.append((f"{number}-HALL", building, 1, "common", 0.0, 0.0))
        first = self.ref("building_rv_1").id
        for number in range(1, 13):
            rows.append((f"C{number:02d}", first, -1, "parking", 12.5, 12.5))
        rows.append(("GARDEN", first, 0, "common", 0.0, 0.0))
        self.make(
            "property.unit",
            [
                (
                    f"unit_rv_{code.lower().replace('-', '_')}",
                    {
                        "code": code,
                        "building_id": building,
                        "floor": floor,
                        "usage": usage,
                        "area_gross": gross,
                        "area_net": net,
                    },
                )
                for code, building, floor, usage, gross, net in rows
            ],
        )
        self.ref("unit_rv_garden").name = "Garden and Gate 花园及大门"
        for number in (1, 2, 3):
            self.ref(f"unit_rv_{number}_hall").name = f"Hall of Building {number} {number}号楼门厅"
            self.ref(f"unit_rv_{number}_501").tag_ids = self.ref("tag_river_view")

    # --- parties ------------------------------------------------------------

    def load_parties(self):
        china = self.env.ref("base.cn").id
        rows = []

        def add(key, name, company, english=False, **values):
            number = len(rows) + 1
            rows.append(
                (
                    f"partner_{key}",
                    {
                        "name": name,
                        "ref": f"P-{number:04d}",
                        "is_company": company,
                        "lang": self.english if english else self.chinese,
                        "country_id": china,
                        "city": "北京 Beijing",
                        "email": f"{key.replace('_', '.')}@example.com",
                        "phone": f"+86 10 6588 {1000 + number}" if company else False,
                        **values,
                    },
                )
            )

        for key, name in parties.OWNERS_HQ:
            add(key, name, True)
        for key, name, *_rest in parties.OFFICE_TENANTS + parties.SHOP_TENANTS:
            add(key, name, True, key in parties.ENGLISH)
        for key, name in (
            ("newcomer", "新程信息技术有限公司 Newcourse IT"),
            ("comet", "彗星游戏有限公司 Comet Games"),
            ("successor", "远帆国际贸易有限公司 Farsail International"),
            ("former", "旧友服装有限公司 Jiuyou Garments"),
            ("noshow", "云端会展有限公司 Yunduan Exhibitions"),
            ("ready", "明日文化传媒有限公司 Mingri Media"),
        ):
            add(key, name, True)
        for number, name in enumerate(parties.FLAT_OWNERS):
            add(f"owner_{number:02d}", name, False)
        for _number, (key, name, english) in parties.FLAT_TENANTS.items():
            add(key, name, False, english)
        add("buyer", "郝雅丽", False)
        add("leaver", "柯南", False)
        add("mover", "Tom Becker", False, True)
        for number, name in enumerate(parties.STAFF):
            add(f"staff_{number:02d}", name, False)
        self.make("res.partner", rows)

    # --- occupancies --------------------------------------------------------

    def occupancy(self, name, unit, partner, kind, start, state, end=None, **values):
        """A row for ``make``; names of unit and partner without ``demo_``."""
        return (
            f"occupancy_{name}",
            {
                "unit_id": self.ref(f"unit_{unit}").id,
                "partner_id": self.ref(f"partner_{partner}").id,
                "kind": kind,
                "date_start": start,
                "date_end": end or False,
                "state": state,
                **values,
            },
        )

    def load_tower_occupancies(self):
        units = self.env["property.unit"].search(
            [("estate_id", "=", self.ref("estate_hq").id), ("usage", "!=", "common")]
        )
        rows = []
        for unit in units:
            # the bank bought floor 13 and works there
            bank = unit.floor == 13
            code = unit.code.lower()
            rows.append(
                self.occupancy(
                    f"hq_{code}_owner",
                    f"hq_{code}",
                    "bank" if bank else "developer",
                    "owner",
                    date(2018, 6, 1),
                    "active",
                    self_use=bank,
                    persons=6 if bank else 0,
                )
            )
        rows += self._office_tenants()
        for key, _name, number, year in parties.SHOP_TENANTS:
            rows.append(
                self.occupancy(
                    key,
                    f"hq_s10{number}",
                    key,
                    "tenant",
                    date(year, 4, 1),
                    "active",
                    persons=5,
                    contract_number=f"OT-{year}-S{number}",
                )
            )
        for number, (key, *_rest) in enumerate(parties.OFFICE_TENANTS[:14], 1):
            rows.append(
                self.occupancy(
                    f"{key}_parking",
                    f"hq_p{number:02d}",
                    key,
                    "tenant",
                    date(2023, 1, 1),
                    "active",
                    persons=0,
                )
            )
        rows += self._tower_changes()
        self.make("property.occupancy", rows)
        self._group_leases()

    def _office_tenants(self):
        rows = []
        for key, _name, (floor, rooms), year in parties.OFFICE_TENANTS:
            for room in rooms:
                lead = room == rooms[0]
                rows.append(
                    self.occupancy(
                        key if lead else f"{key}_{room}",
                        f"hq_{floor:02d}{room:02d}",
                        key,
                        "tenant",
                        date(year, 1 + (floor * 3 + rooms[0]) % 12, 1),
                        "active",
                        persons=6 + 3 * room,
                        contract_number=f"OT-{year}-{floor:02d}{rooms[0]:02d}",
                    )
                )
        return rows

    def _tower_changes(self):
        """Who comes and goes: every state of an occupancy once."""
        return self._tower_coming() + self._tower_leaving()

    def _tower_coming(self):
        today = self.today
        return [
            # notice given; the successor is reserved from the day after
            self.occupancy(
                "notice",
                "hq_1101",
                "former",
                "tenant",
                date(2017, 1, 1),
                "ended",
                date(2020, 12, 31),
                persons=10,
            ),
            self.occupancy(
                "giving_notice",
                "hq_1004",
                "comet",
                "tenant",
                date(2022, 3, 1),
                "notice",
                today + timedelta(days=25),
                persons=14,
                contract_number="OT-2022-1004",
            ),
            self.occupancy(
                "successor",
                "hq_1004",
                "successor",
                "tenant",
                today + timedelta(days=26),
                "reserved",
                persons=12,
                contract_number=f"OT-{today.year}-1004",
            ),
            # moving in, and something is missing
            self.occupancy(
                "moving_in",
                "hq_1204",
                "newcomer",
                "tenant",
                today - timedelta(days=2),
                "moving_in",
                persons=9,
                contract_number=f"OT-{today.year}-1204",
            ),
            # only the keys are left
            self.occupancy(
                "ready",
                "hq_0904",
                "ready",
                "tenant",
                today,
                "moving_in",
                persons=7,
                contract_number=f"OT-{today.year}-0904",
            ),
        ]

    def _tower_leaving(self):
        today = self.today
        return [
            # the last day has passed, departments still sign
            self.occupancy(
                "clearing",
                "hq_s106",
                "former",
                "tenant",
                date(2021, 9, 1),
                "clearing",
                today - timedelta(days=4),
                persons=4,
                contract_number="OT-2021-S6",
            ),
            # moved out half a year ago; the offices stand empty since
            self.occupancy(
                "ended",
                "hq_0902",
                "former",
                "tenant",
                date(2020, 2, 1),
                "ended",
                self.months_ago(6, 18),
                persons=11,
                contract_number="OT-2020-0902",
            ),
            self.occupancy(
                "cancelled",
                "hq_0903",
                "noshow",
                "tenant",
                self.months_ago(2),
                "cancelled",
                contract_number="OT-0903",
            ),
        ]

    def _group_leases(self):
        """Several rooms under one lease are led by the first."""
        for key, _name, (_floor, rooms), _year in parties.OFFICE_TENANTS:
            for room in rooms[1:]:
                self.ref(f"occupancy_{key}_{room}").lead_id = self.ref(f"occupancy_{key}")

    def load_garden_occupancies(self):
        flats = self.env["property.unit"].search(
            [("estate_id", "=", self.ref("estate_rv").id), ("usage", "=", "residential")],
            order="code",
        )
        codes = [f"rv_{unit.code.lower().replace('-', '_')}" for unit in flats]
        rows = []
        sold = 5
        # the developer has not said who bought the last two
        for number, code in enumerate(codes[: len(parties.FLAT_OWNERS)]):
            rows += self._sale(number, code) if number == sold else self._flat(number, code)
        rows += self._empty_flat(codes[28])
        rows += [
            self.occupancy(
                f"rv_c{number:02d}_owner",
                f"rv_c{number:02d}",
                f"owner_{number * 4:02d}",
                "owner",
                date(2019, 1, 1),
                "active",
                self_use=True,
                persons=0,
            )
            for number in range(1, 13)
        ]
        self.make("property.occupancy", rows)

    def _since(self, number):
        return date(2015 + number % 5, 1 + number % 12, 1 + number % 28)

    def _sale(self, number, code):
        """Sold on the 15th four months ago: both pay for their days."""
        return [
            self.occupancy(
                f"{code}_seller",
                code,
                f"owner_{number:02d}",
                "owner",
                self._since(number),
                "ended",
                self.months_ago(4, 15),
                self_use=True,
                persons=3,
            ),
            self.occupancy(
                f"{code}_owner",
                code,
                "buyer",
                "owner",
                self.months_ago(4, 16),
                "active",
                self_use=True,
                persons=2,
            ),
        ]

    def _flat(self, number, code):
        """The owner, and the tenant of a flat that is let."""
        let = parties.FLAT_TENANTS.get(number)
        lives = not let and number not in parties.EMPTY_FLATS
        rows = [
            self.occupancy(
                f"{code}_owner",
                code,
                f"owner_{number:02d}",
                "owner",
                self._since(number),
                "active",
                self_use=lives,
                persons=1 + number % 4 if lives else 0,
            )
        ]
        if let:
            rows.append(
                self.occupancy(
                    let[0],
                    code,
                    let[0],
                    "tenant",
                    date(2022, 1 + number % 12, 1),
                    "active",
                    persons=1 + number % 3,
                    contract_number=f"RV-2022-{number:02d}",
                )
            )
        return rows

    def _empty_flat(self, code):
        """A flat that a tenant left, and that another has reserved."""
        return [
            self.occupancy(
                "left_flat",
                code,
                "leaver",
                "tenant",
                date(2022, 5, 1),
                "ended",
                self.months_ago(7, 20),
                persons=2,
            ),
            self.occupancy(
                "coming_flat",
                code,
                "mover",
                "tenant",
                self.months_ago(-1),
                "reserved",
                persons=1,
                contract_number=f"RV-{self.today.year}-28",
            ),
        ]

    # --- what belongs to them -------------------------------------------------

    def load_contacts(self):
        """Three contacts of every leading office lease, one of every second flat."""
        rows = []
        roles = ("administration", "finance", "emergency")
        for number, (key, *_rest) in enumerate(parties.OFFICE_TENANTS + parties.SHOP_TENANTS):
            for place, role in enumerate(roles):
                rows.append((key, role, (number * 2 + place) % len(parties.STAFF), number))
        rows = [
            {
                "occupancy_id": self.ref(f"occupancy_{key}").id,
                "partner_id": self.ref(f"partner_staff_{person:02d}").id,
                "role": role,
                "phone_private": f"13{person:02d}{number:03d}8{place_code(role)}26",
                "portal_access": role != "emergency",
            }
            for key, role, person, number in rows
        ]
        owners = self.env["property.occupancy"].search(
            [
                ("estate_id", "=", self.ref("estate_rv").id),
                ("kind", "=", "owner"),
                ("self_use", "=", True),
                ("unit_id.usage", "=", "residential"),
                ("state", "=", "active"),
            ],
            order="unit_id",
        )
        for number, occupancy in enumerate(owners[::2]):
            other = (number * 7 + 3) % len(parties.FLAT_OWNERS)
            rows.append(
                {
                    "occupancy_id": occupancy.id,
                    "partner_id": self.ref(f"partner_owner_{other:02d}").id,
                    "role": "co_owner" if number % 3 == 0 else "emergency",
                    "phone_private": f"139{number:02d}7{other:02d}0812",
                }
            )
        self.env["property.occupancy.contact"].create(rows)

    def load_papers(self):
        """Identity papers of some, so that masks have something to hide."""
        card = self.env.ref("property_tenant.id_category_resident_id").id
        self.env["res.partner.id_number"].create(
            [
                {
                    "partner_id": self.ref(f"partner_owner_{number:02d}").id,
                    "category_id": card,
                    "name": resident_number(
                        f"110105{1958 + number}0{1 + number % 9}1{number % 10}", number
                    ),
                    "valid_from": date(2016, 1, 1),
                    "valid_until": date(2036, 1, 1),
                    "status": "open",
                }
                for number in range(0, 30, 2)
            ]
        )

    def load_requests(self):
        """Somebody asks to let the newcomer in although the licence is not there yet."""
        occupancy = self.ref("occupancy_moving_in").with_user(self.ref("user_officer"))
        if occupancy._get_missing_for_activation():
            occupancy.action_request_override(
                "营业执照下周办好，复印件已核对。"
                " The business licence is with the authority until next week; the copy was seen.",
                ["identity_paper"],
            )
        self.env["property.approval.deputy"].create(
            {
                "user_id": self.ref("user_gm").id,
                "deputy_id": self.ref("user_manager").id,
                "date_from": self.today + timedelta(days=20),
                "date_to": self.today + timedelta(days=27),
                "note": "年假 Annual leave",
            }
        )

    def translate(self):
        """Chinese names, where Chinese is installed."""
        hours = self.ref("estate_hq").company_id.resource_calendar_id
        hours.name = "每周 40 小时 40 hours a week"
        if self.chinese != "zh_CN":
            return
        names = {
            "estate_hq": "东方大厦",
            "estate_rv": "河畔花园",
            "building_hq": "主楼",
            "building_rv_1": "1号楼",
            "building_rv_2": "2号楼",
            "building_rv_3": "3号楼",
            "tag_restaurant": "餐饮",
            "tag_river_view": "河景",
            "department_customer_service": "客户服务部",
            "department_finance": "财务部",
            "department_engineering": "工程部",
            "department_security": "保安部",
            "department_leasing": "租赁部",
            "department_archives": "档案室",
            "department_legal": "法务部",
        }
        for name, chinese in names.items():
            self.ref(name).with_context(lang="zh_CN").name = chinese


def place_code(role):
    return {"administration": 1, "finance": 2, "emergency": 3}[role]


def resident_number(stem, serial):
    """A resident number with its check digit, of nobody: ``stem`` is place and birthday."""
    body = f"{stem[:14]}{serial % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def load(env):
    """Fill the two estates that the demo's files have made."""
    loader = Loader(env)
    company = loader.ref("estate_hq").company_id
    company.logo = logo.draw()
    company.pm_customer_lang = loader.chinese
    loader.load_tower_units()
    loader.load_garden_units()
    # before papers are issued: they keep the names as they are
    loader.translate()
    loader.load_parties()
    loader.load_tower_occupancies()
    loader.load_garden_occupancies()
    loader.load_contacts()
    loader.load_papers()
    loader.load_requests()
    moves.Moves(loader).load()
    portal.load(loader)
    chatter.sign(env, NOTED, loader.ref("user_manager"))
