import random
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ALL, ImportCase, csv_bytes, xlsx_bytes

GARBAGE = [
    None,
    "",
    " ",
    "x",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "\u0000",
    "\ud7ff",
    "'; DROP TABLE res_partner; --",
    "=1+1",
    "%s %(x)s {0}",
    "2024-02-30",
    "#N/A",
    "ＡＢＣ",
    "🏢",
    "a" * 300,
    True,
    -3.75,
    1e300,
    20240301,
    date(2024, 3, 1),
]
LIKELY = {
    "unit": {
        "estate": ["HP", "HP", "HP", "SV"],
        "building": ["A", "A", "T2"],
        "unit": ["A-101", "A-102", "N-1", "N-2", "N-3", 301],
        "name": ["Show Flat"],
        "floor": [1, "-2", "３"],
        "usage": ["Office", "商铺", "common"],
        "area_gross": [100, "1,234.5", "80.125"],
        "orientation": ["n", "南"],
        "tags": ["corner, sea view"],
    },
    "party": {
        "reference": ["P-1", "P-2", "P-3", "P-4", 17],
        "name": ["Zhang Wei", "李雷"],
        "type": ["person", "公司"],
        "email": ["a@example.com"],
        "language": ["en_US", "中文"],
        "country": ["CN", "France"],
        "state": ["Shanghai", "上海市"],
    },
    "occupancy": {
        "estate": ["HP", "HP", "HP", "SV"],
        "unit": ["A-101", "A-102", "A-201"],
        "party": ["P-1", "P-2"],
        "kind": ["owner", "租户"],
        "date_start": ["2023-01-01", "2024/1/1", "20240601", "2025年1月1日", 45352],
        "date_end": ["", "", "2023-12-31", "2024-12-31"],
        "self_use": ["", "是", "no"],
        "persons": [1, "2"],
        "state": ["", "", "active", "reserved", "ended", "cancelled", "Notice Given"],
    },
}


@tagged("post_install", "-at_install")
class TestImportFuzz(ImportCase):
    """Files of likely and odd cells: whatever stands in them, an import says
    what it did, did no more than that, and does nothing the second time."""

    def random_file(self, kind, chance):
        likely = LIKELY[kind]
        labels = {
            column.name: column.label
            for column in self.env[f"property.import.kind.{kind}"]._columns()
        }
        names = list(likely)
        chance.shuffle(names)
        rows = [[labels[name] for name in names]]
        odd = chance.choice((0.0, 0.05, 0.3))
        for _number in range(chance.randint(1, 25)):
            rows.append(
                [
                    chance.choice(GARBAGE if chance.random() < odd else likely[name])
                    for name in names
                ]
            )
        if chance.random() < 0.5:
            return xlsx_bytes(rows)
        text = [
            ["" if cell is None else str(cell).replace("\0", "") for cell in row] for row in rows
        ]
        encoding = chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16"))
        return csv_bytes(text, encoding, chance.choice(",;\t"))

    def table(self, model):
        self.env.flush_all()
        self.env.invalidate_all()
        records = self.env[model].with_context(active_test=False).search([], order="id")
        return records.read(["write_date", "display_name"])

    def run_once(self, kind, data, model, **options):
        before = self.table(model)
        record = self.new_import(kind, data, **options)
        try:
            record.action_check()
        except UserError as error:
            self.assertNotIn("Traceback", str(error))
            self.assertEqual(self.table(model), before)
            return None
        self.assertEqual(self.table(model), before, "the dry run changed something")
        promised = self.counts(record)
        self.assertEqual(sum(promised), record.row_count)
        record.action_import()
        self.assertEqual(self.counts(record), promised, "the import did something else")
        self.assertEqual(len(self.table(model)), len(before) + record.count_created)
        for reason in self.reasons(record).values():
            self.assertTrue(reason)
            self.assertNotRegex(reason, "Traceback|psycopg|SELECT |INSERT |odoo\\.")
        return record

    def fuzz(self, kind, model):
        imported = 0
        for number in range(70 if ALL else 8):
            chance = random.Random(None if ALL else f"{kind} {number}")
            data = self.random_file(kind, chance)
            options = {"create_missing": chance.random() < 0.5}
            with self.subTest(kind=kind, number=number), self.env.cr.savepoint() as savepoint:
                record = self.run_once(kind, data, model, **options)
                if record:
                    imported += record.count_created + record.count_updated
                    bad = self.reasons(record)
                    again = self.run_once(kind, data, model, **options)
                    self.assertEqual(
                        self.counts(again)[:2], (0, 0), "the second time changed something"
                    )
                    self.assertEqual(list(self.reasons(again)), list(bad))
                savepoint.rollback()
        self.assertGreater(imported, 0)

    def test_files_of_units(self):
        self.fuzz("unit", "property.unit")

    def test_files_of_parties(self):
        self.fuzz("party", "res.partner")

    def test_files_of_occupancies(self):
        self.fuzz("occupancy", "property.occupancy")
