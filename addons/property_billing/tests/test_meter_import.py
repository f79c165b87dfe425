import base64
import csv
import io

from odoo.addons.property_tenant.tests.common import ROLES

from .common_meters import MeterCase


class TestMeterImport(MeterCase):
    def run_import(self, kind, rows, user=None):
        """Import ``rows``, the first of which are the headings; return the record."""
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        env = self.env(user=user) if user else self.env
        record = env["property.import"].create(
            {
                "kind": kind,
                "file": base64.b64encode(text.getvalue().encode()),
                "filename": f"{kind}.csv",
            }
        )
        record.action_check()
        record.action_import()
        return record

    def counts(self, record):
        return (
            record.count_created,
            record.count_updated,
            record.count_unchanged,
            record.count_bad,
        )

    METERS = [
        [
            "Meter Number",
            "Estate Code",
            "Commodity",
            "Unit Code",
            "Parent Meter Number",
            "Digits",
            "Installed on",
        ],
        ["I-1", "HP", "Cold Water", "A-101", "I-ZONE", "5", "2023-01-01"],
        ["I-2", "HP", "冷水", "A-102", "I-ZONE", "5", "2023-01-01"],
        ["I-ZONE", "HP", "Cold Water", "", "I-MAIN", "6", "2023-01-01"],
        ["I-MAIN", "HP", "Cold Water", "", "", "6", "2023-01-01"],
    ]

    def test_meters_with_parents_anywhere_in_the_file(self):
        supervisor = self.make_user("billing_supervisor", self.estate)
        record = self.run_import("meter", self.METERS, supervisor)
        self.assertEqual(self.counts(record), (4, 0, 0, 0))
        meters = self.env["property.meter"].search([("name", "=like", "I-%")])
        self.assertEqual(
            {
                meter.name: (meter.parent_id.name, meter.unit_id.code, meter.level)
                for meter in meters
            },
            {
                "I-1": ("I-ZONE", "A-101", 3),
                "I-2": ("I-ZONE", "A-102", 3),
                "I-ZONE": ("I-MAIN", False, 2),
                "I-MAIN": (False, False, 1),
            },
        )
        again = self.run_import("meter", self.METERS, supervisor)
        self.assertEqual(self.counts(again), (0, 0, 4, 0))

    def test_bad_meters_do_not_stop_the_good_ones(self):
        rows = self.METERS[:1] + [
            ["G-1", "HP", "Cold Water", "A-101", "", "5", ""],
            ["B-1", "HP", "Cold Water", "Z-9", "", "5", ""],
            ["B-2", "HP", "Cold Water", "A-101", "NOWHERE", "5", ""],
            ["B-3", "HP", "Cold Water", "A-101", "", "44", ""],
            ["B-4", "HP", "Steam", "A-101", "", "5", ""],
            ["B-5", "HP", "Cold Water", "A-101", "B-3", "5", ""],
        ]
        record = self.run_import("meter", rows)
        self.assertEqual(self.counts(record), (1, 0, 0, 5))
        reasons = "\n".join(record.line_ids.mapped("reason"))
        for text in ("no unit Z-9", "NOWHERE", "12 digits", "Steam", "own row is refused"):
            self.assertIn(text, reasons)
        self.assertEqual(self.env["property.meter"].search([("name", "=like", "B-%")]).ids, [])

    READINGS = [
        ["Date", "Index", "Meter Number"],
        ["2024-02-29", "120", "W-101"],
        ["2024-01-31", "110", "W-101"],
        ["2024-03-31", "132", "W-101"],
    ]

    def test_readings_twice_change_nothing(self):
        collector = self.make_user("collector", self.estate)
        record = self.run_import("reading", self.READINGS, collector)
        self.assertEqual(self.counts(record), (3, 0, 0, 0))
        readings = self.meter.reading_ids - self.first
        self.assertEqual(
            self.figures(readings),
            [
                ("2024-01-31", 100, 110, 10),
                ("2024-02-29", 110, 120, 10),
                ("2024-03-31", 120, 132, 12),
            ],
        )
        self.assertEqual(set(readings.mapped("state")), {"accepted"})
        self.assertEqual(set(readings.mapped("source")), {"import"})
        again = self.run_import("reading", self.READINGS, collector)
        self.assertEqual(self.counts(again), (0, 0, 3, 0))
        readings[0].action_reread(readings[0].index_value + 1, "Misread.")
        third = self.run_import("reading", self.READINGS, collector)
        self.assertEqual(self.counts(third), (0, 0, 3, 0))

    def test_odd_readings_are_imported_and_flagged(self):
        record = self.run_import("reading", [*self.READINGS, ["2024-04-30", "3", "W-101"]])
        self.assertEqual(self.counts(record), (4, 0, 0, 0))
        flagged = self.meter.reading_ids.filtered(lambda row: row.state == "flagged")
        self.assertEqual((flagged.index_value, self.codes(flagged)), (3, ["lower_than_last"]))
        mended = self.run_import("reading", [self.READINGS[0], ["2024-04-30", "142", "W-101"]])
        self.assertEqual(self.counts(mended), (0, 1, 0, 0))
        self.assertEqual(
            (flagged.state, flagged.raw_index, flagged.index_value), ("accepted", 3, 142)
        )

    def test_bad_readings_say_what_is_wrong(self):
        self.make_meter("W-101", self.unit, commodity="water_hot")
        self.make_meter(
            "E-3", self.unit_3, commodity="electricity", registers="peak_shoulder_valley"
        )
        self.make_reading(self.meter, "2024-01-31", 110)
        rows = [
            ["Date", "Index", "Meter Number", "Commodity", "Register", "Read by"],
            ["2024-02-29", "120", "W-101", "", "", ""],
            ["2024-02-29", "120", "NONE", "", "", ""],
            ["2024-02-29", "-5", "W-101", "Cold Water", "", ""],
            ["2024-02-29", "1e9", "W-101", "Cold Water", "", ""],
            ["2024-02-29", "12", "E-3", "", "", ""],
            ["2024-01-31", "111", "W-101", "Cold Water", "", ""],
            ["2024-02-29", "121", "W-101", "Cold Water", "", "Nobody"],
            ["yesterday", "121", "W-101", "Cold Water", "", ""],
        ]
        record = self.run_import("reading", rows)
        self.assertEqual(self.counts(record), (0, 0, 0, 8))
        reasons = "\n".join(record.line_ids.mapped("reason"))
        for text in (
            "Several meters have the number W-101",
            "no meter NONE",
            "is negative",
            "Say which register",
            "and that was accepted",
            "nobody named Nobody",
            "yesterday",
        ):
            self.assertIn(text, reasons)
        self.assertEqual(self.meter.reading_count, 2)

    def test_who_may_import(self):
        kinds = self.env["property.import.kind"]._kinds()
        for role, meter, reading in (
            ("billing_supervisor", True, True),
            ("manager", True, True),
            ("collector", False, True),
            ("engineer", False, True),
            ("accountant", False, False),
        ):
            user = self.make_user(role, self.estate, login=f"import_{role}")
            with self.subTest(role):
                self.assertEqual(kinds["meter"].with_user(user)._is_allowed(), meter)
                self.assertEqual(kinds["reading"].with_user(user)._is_allowed(), reading)

    def test_who_may_import_finds_the_import_in_the_menus(self):
        for role in ROLES:
            user = self.make_user(role, self.estate, login=f"menu_{role}")
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            actions = {menu["action_id"] for menu in menus.values() if "action_id" in menu}
            imports = self.env["property.import"].with_user(user)
            self.assertEqual(
                self.env.ref("property_tenant.property_import_action").id in actions,
                imports.has_access("read"),
                role,
            )
