"""One contestant of the import benchmark, in a process and on a database of its own.

``import_contestant.py DATABASE WHAT`` prints what it measured as one line of json.
"""

import base64
import csv
import io
import json
import resource
import sys
import time

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

BUILDINGS, FLOORS = 20, 25
#: one row in so many is bad, so that the dry run has something to find
BAD_EVERY = 200
HEADINGS = {
    "unit": ["项目编号", "楼栋编号", "房号", "楼层", "用途", "建筑面积", "套内面积"],
    "party": ["业户编号", "姓名", "类型", "联系电话", "电子邮箱", "地址"],
    "occupancy": ["项目编号", "房号", "业户编号", "类别", "开始日期"],
}
#: five notations of a date, as people write them
DATES = ("2024-03-01", "2024/3/1", "20240301", "2024年3月1日", "2024.03.01")


def unit_rows(count):
    per_floor = -(-count // (BUILDINGS * FLOORS))
    for number in range(count):
        building, rest = divmod(number, FLOORS * per_floor)
        floor, door = divmod(rest, per_floor)
        code = f"{building + 1:02d}-{floor + 1:02d}{door + 1:02d}"
        area = 60 + number % 90 + 0.25
        yield ["IMP", f"{building + 1:02d}", code, floor + 1, "住宅", area, area - 15]


def party_rows(count):
    for number in range(count):
        kind = "公司" if number % 10 == 0 else "个人"
        name = f"业户{number:05d}" + ("有限公司" if kind == "公司" else "")
        yield [
            f"P{number:06d}",
            name,
            kind,
            f"138{number:08d}",
            f"party{number}@example.com",
            f"滨海路{number}号",
        ]


def occupancy_rows(units, parties):
    codes = [row[2] for row in unit_rows(units)]
    for number, code in enumerate(codes):
        date = DATES[number % len(DATES)]
        yield ["IMP", code, f"P{number % parties:06d}", "业主", date]


def spoil(kind, rows):
    """The rows with some rubbish among them."""
    for number, row in enumerate(rows):
        if number % BAD_EVERY == BAD_EVERY - 1:
            row = list(row)
            position = {"unit": 5, "party": 4, "occupancy": 4}[kind]
            row[position] = "没有"
        yield row


class Contestant:
    def __init__(self, database, units, parties):
        self.database, self.registry = database, Registry(database)
        self.units, self.parties = int(units), int(parties)
        self.seconds = {}

    def rows(self, kind):
        if kind == "unit":
            return unit_rows(self.units)
        if kind == "party":
            return party_rows(self.parties)
        return occupancy_rows(self.units, self.parties)

    def prepare(self):
        """The estate, and who imports."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["property.estate"].create({"name": "Import", "code": "IMP"})
            roles = ("group_manager", "group_officer", "group_sales")
            env["res.users"].create(
                {
                    "name": "Importer",
                    "login": "importer",
                    "estate_all": True,
                    "group_ids": [(4, env.ref(f"property_tenant.{role}").id) for role in roles],
                }
            )

    # --- our import, as a user presses it and the queue does it -------------

    def ours(self):
        from odoo.addons.test_property.another_process import Desk

        desk = Desk(self.database)
        for kind in HEADINGS:
            file = self.file(kind)
            record = self.upload(kind, file)
            press = {"model": "property.import", "domain": [("id", "=", record)]}
            start = time.monotonic()
            desk.call(method="action_check", login="importer", **press)
            desk.work()
            checked = time.monotonic()
            desk.call(method="action_import", login="importer", **press)
            desk.work()
            self.seconds[kind] = {
                "check": checked - start,
                "import": time.monotonic() - checked,
                **self.outcome(record),
            }

    def file(self, kind):
        """The spreadsheet as bytes: text in GB18030, as Chinese programs write it."""
        out = io.StringIO()
        csv.writer(out).writerows([HEADINGS[kind], *spoil(kind, self.rows(kind))])
        return out.getvalue().encode("gb18030")

    def upload(self, kind, content):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env["res.users"].search([("login", "=", "importer")])
            record = (
                env["property.import"]
                .with_user(user)
                .create(
                    {
                        "kind": kind,
                        "file": base64.b64encode(content),
                        "filename": f"{kind}.csv",
                        "create_missing": True,
                    }
                )
            )
            record.write(record._read_columns())
            return record.id

    def outcome(self, record_id):
        with self.registry.cursor() as cr:
            record = api.Environment(cr, SUPERUSER_ID, {})["property.import"].browse(record_id)
            if record.state != "done":
                raise RuntimeError(f"the import is {record.state}: {record.problem}")
            return {
                "rows": record.row_count,
                "made": record.count_created,
                "bad": record.count_bad,
            }

    # --- Odoo's own load(), as its import screen calls it ------------------------

    def core(self):
        """Without the bad rows: one of them makes load() refuse all."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for number in range(BUILDINGS):
                self.make_building(env, f"{number + 1:02d}")
        for kind, (model, names, convert) in self.loads().items():
            rows = [convert(row) for row in self.rows(kind)]
            made, seconds = 0, {}
            for stage in ("check", "import"):
                start = time.monotonic()
                with self.registry.cursor() as cr:
                    user = api.Environment(cr, SUPERUSER_ID, {})["res.users"].search(
                        [("login", "=", "importer")]
                    )
                    env = api.Environment(cr, user.id, {})
                    result = env[model].load(names, rows)
                    if not result["ids"]:
                        raise RuntimeError(result["messages"][:3])
                    made = len(result["ids"])
                    if stage == "check":
                        # as its screen does for Test
                        cr.rollback()
                seconds[stage] = time.monotonic() - start
            self.seconds[kind] = seconds | {"rows": len(rows), "made": made, "bad": 0}

    def make_building(self, env, code):
        estate = env["property.estate"].search([("code", "=", "IMP")])
        building = env["property.building"].create(
            {"estate_id": estate.id, "code": code, "name": code}
        )
        env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": f"building_{code}",
                "model": "property.building",
                "res_id": building.id,
            }
        )

    def loads(self):
        """Model, fields and rows for load(), with external ids for what is referred to."""
        return {
            "unit": (
                "property.unit",
                ["id", "building_id/id", "code", "floor", "usage", "area_gross", "area_net"],
                lambda row: [
                    f"__import__.unit_{row[2]}",
                    f"__import__.building_{row[1]}",
                    row[2],
                    str(row[3]),
                    "residential",
                    str(row[5]),
                    str(row[6]),
                ],
            ),
            "party": (
                "res.partner",
                ["id", "ref", "name", "is_company", "phone", "email", "street"],
                lambda row: [
                    f"__import__.party_{row[0]}",
                    row[0],
                    row[1],
                    str(int(row[2] == "公司")),
                    row[3],
                    row[4],
                    row[5],
                ],
            ),
            "occupancy": (
                "property.occupancy",
                ["unit_id/id", "partner_id/id", "kind", "date_start"],
                lambda row: [
                    f"__import__.unit_{row[1]}",
                    f"__import__.party_{row[2]}",
                    "owner",
                    "2024-03-01",
                ],
            ),
        }


def main(database, what, *args):
    config.parse_config(
        ["-d", database, "--no-http", "--max-cron-threads=0", "--log-level=warn"],
        setup_logging=True,
    )
    server.load_server_wide_modules()
    contestant = Contestant(database, *args)
    getattr(contestant, what)()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"kinds": contestant.seconds, "peak": peak}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
