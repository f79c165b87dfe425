import base64
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..calc.columns import REASON_HEADINGS
from .import_common import (
    PARTY_HEADER,
    UNIT_HEADER,
    ImportCase,
    csv_bytes,
    read_all,
    xlsx_bytes,
)


@tagged("post_install", "-at_install")
class TestImport(ImportCase):
    good = ["HP", "A", "A-301", 3, "Office", 120.5]
    rows = [
        UNIT_HEADER,
        good,
        ["HP", "A", "A-302", 3, "Palace", 80],
        ["XX", "A", "A-303", 3, "", 80],
    ]

    def units(self, *codes):
        return self.env["property.unit"].search([("code", "in", codes)])

    # --- dry run and import -----------------------------------------------

    def test_a_dry_run_lists_every_bad_row_and_changes_nothing(self):
        before = self.env["property.unit"].search_count([])
        record = self.check("unit", self.rows)
        self.assertEqual(self.counts(record), (1, 0, 0, 2))
        reasons = self.reasons(record)
        self.assertEqual(list(reasons), [3, 4])
        self.assertIn("Palace", reasons[3])
        self.assertIn("no estate with the code XX", reasons[4])
        self.assertEqual(self.env["property.unit"].search_count([]), before)
        self.assertEqual(record.line_ids.filtered("res_id"), record.line_ids.browse())

    def test_the_good_rows_are_imported_only_when_told_to(self):
        record = self.check("unit", self.rows)
        self.assertFalse(self.units("A-301"))
        record.action_import()
        self.assertEqual(record.state, "done")
        self.assertEqual(self.counts(record), (1, 0, 0, 2))
        unit = self.units("A-301", "A-302", "A-303")
        self.assertRecordValues(
            unit,
            [{"code": "A-301", "floor": 3, "usage": "office", "area_gross": 120.5}],
        )
        self.assertEqual(record.line_ids.filtered("res_id").mapped("res_id"), unit.ids)

    def test_the_same_file_twice_changes_nothing(self):
        self.run_import("unit", self.rows)
        unit = self.units("A-301")
        stamp = unit.write_date
        self.env.cr.flush()
        messages = len(unit.message_ids)
        record = self.run_import("unit", self.rows)
        self.assertEqual(self.counts(record), (0, 0, 1, 2))
        self.assertEqual((unit.write_date, len(unit.message_ids)), (stamp, messages))

    def test_a_changed_file_changes_what_differs_and_leaves_empty_cells_alone(self):
        self.run_import("unit", self.rows)
        record = self.run_import(
            "unit",
            [
                ["Unit Code", "Estate Code", "Gross Area", "Usage"],
                ["A-301", "HP", "130,5", ""],
                ["A-101", "HP", 100, ""],
            ],
            decimal_mark="comma",
        )
        self.assertEqual(self.counts(record), (0, 1, 1, 0))
        self.assertRecordValues(
            self.units("A-301"), [{"area_gross": 130.5, "usage": "office", "floor": 3}]
        )

    def test_changes_are_tracked_on_the_record(self):
        self.unit.area_gross = 100
        self.env.cr.flush()
        before = self.unit.message_ids
        self.run_import("unit", [["Estate Code", "Unit Code", "Gross Area"], ["HP", "A-101", 222]])
        self.env.cr.flush()
        new = self.unit.message_ids - before
        self.assertEqual(new.author_id, self.manager.partner_id)
        self.assertEqual(new.tracking_value_ids.new_value_float, 222)

    def test_a_second_row_of_the_same_record_is_bad(self):
        record = self.check("unit", [UNIT_HEADER, self.good, self.good[:2] + ["A-309"], self.good])
        self.assertEqual(list(self.reasons(record)), [4])
        self.assertIn("Row 2 already names the same record", self.reasons(record)[4])

    def test_a_row_that_became_good_meanwhile_is_not_imported_behind_the_users_back(self):
        record = self.check("unit", self.rows)
        self.make_estate("XX", user_ids=self.manager.ids)
        self.make_building(self.env["property.estate"].search([("code", "=", "XX")]), "A")
        record.action_import()
        self.assertFalse(self.units("A-303"))

    def test_a_row_that_became_bad_meanwhile_is_refused_alone(self):
        record = self.check("unit", [UNIT_HEADER, self.good, ["HP", "A", "A-302", 3, "Shop", 80]])
        self.make_unit(self.building, "A-302", active=False)
        record.action_import()
        self.assertEqual(self.counts(record), (1, 0, 0, 1))
        self.assertIn("archived", self.reasons(record)[3])
        self.assertTrue(self.units("A-301"))

    def test_what_the_model_refuses_is_the_reason_of_the_row_alone(self):
        """One of many rows fails when it is written: the others are imported."""
        Unit = self.env.registry["property.unit"]
        create = Unit.create

        def refuse_some(units, vals_list):
            records = create(units, vals_list)
            for unit in records:
                if unit.code in ("A-405", "A-411"):
                    sentence = f"No unit {unit.code} today."
                    raise UserError(sentence)
            return records

        rows = [["HP", "A", f"A-4{n:02}", 4, "Office", 10] for n in range(16)]
        with patch.object(Unit, "create", refuse_some):
            record = self.run_import("unit", [UNIT_HEADER, *rows])
        self.assertEqual(
            self.reasons(record), {7: "No unit A-405 today.", 13: "No unit A-411 today."}
        )
        self.assertEqual(len(self.units(*(row[2] for row in rows))), 14)
        self.assertEqual(self.counts(record), (14, 0, 0, 2))

    def test_a_fault_of_the_program_is_no_reason_of_a_row(self):
        record = self.new_import("unit", self.rows)
        Kind = self.env.registry["property.import.kind.unit"]
        with patch.object(Kind, "_prepare", side_effect=TypeError("bug")):
            with self.assertRaises(TypeError):
                record.action_check()

    def test_the_queries_do_not_grow_with_the_rows(self):
        def queries(kind, rows):
            self.env.invalidate_all()
            record = self.new_import(kind, rows)
            before = self.env.cr.sql_log_count
            record.action_check()
            record.action_import()
            self.env.flush_all()
            self.assertEqual(record.count_bad, 0)
            return self.env.cr.sql_log_count - before

        def unit_rows(prefix, count):
            return [
                UNIT_HEADER,
                *([*self.good[:2], f"{prefix}{n}", *self.good[3:]] for n in range(count)),
            ]

        def party_rows(prefix, count):
            return [
                PARTY_HEADER,
                *([f"{prefix}{n}", f"N {n}", "person", "1", "a@example.com"] for n in range(count)),
            ]

        for kind, rows in (("unit", unit_rows), ("party", party_rows)):
            queries(kind, rows("W", 2))  # what is read once per process
            with self.subTest(kind=kind, what="created"):
                few, many = queries(kind, rows("X", 10)), queries(kind, rows("Y", 100))
                self.assertLessEqual(many, few + 8)
            with self.subTest(kind=kind, what="unchanged"):
                few, many = queries(kind, rows("X", 10)), queries(kind, rows("Y", 100))
                self.assertLessEqual(many, few + 8)

    # --- columns ----------------------------------------------------------

    def test_the_form_shows_what_the_columns_mean_as_soon_as_a_file_is_chosen(self):
        form = Form(self.env["property.import"].with_user(self.manager))
        form.kind = "unit"
        form.file = base64.b64encode(
            csv_bytes([["房号", "项目编号", "Colour"], ["A-1", "HP", "red"]])
        )
        self.assertEqual(
            [
                (form.column_ids.edit(n).heading, form.column_ids.edit(n).target_id.name)
                for n in range(3)
            ],
            [("房号", "unit"), ("项目编号", "estate"), ("Colour", False)],
        )
        self.assertFalse(form.missing_columns)
        record = form.save()
        self.assertEqual(record.column_ids.mapped("sample"), ["A-1", "HP", "red"])

    def test_the_form_says_what_is_wrong_with_a_file(self):
        form = Form(self.env["property.import"].with_user(self.manager))
        form.kind = "unit"
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form.file = base64.b64encode(b"%PDF-1.4 \0\1")
        self.assertIn("is no table", logs.output[0])

    def test_columns_are_mapped_once_and_remembered_in_any_order(self):
        header = ["Site", "Door", "Stage"]
        record = self.new_import("unit", [header, ["HP", "A-101", 9]])
        with self.assertRaisesRegex(UserError, "Estate Code, Unit Code"):
            record.action_check()
        self.assertEqual(record.state, "draft")
        record.write(record._read_columns())
        targets = self.env["property.import.target"].search([("kind", "=", "unit")])
        by_name = {target.name: target for target in targets}
        for column, name in zip(record.column_ids, ("estate", "unit", "floor"), strict=True):
            column.target_id = by_name[name]
        record.date_order = "month"
        record.action_check()
        self.assertEqual(self.counts(record), (0, 1, 0, 0))
        again = self.run_import("unit", [["Stage", "Site", "Door"], [5, "HP", "A-101"]])
        self.assertEqual(self.unit.floor, 5)
        self.assertEqual(again.date_order, "month")

    def test_a_column_left_out_stays_left_out(self):
        record = self.new_import(
            "unit", [["Estate Code", "Unit Code", "Floor"], ["HP", "A-101", 9]]
        )
        record.write(record._read_columns())
        record.column_ids[2].target_id = False
        record.action_check()
        again = self.check("unit", [["Floor", "Estate Code", "Unit Code"], [9, "HP", "A-101"]])
        self.assertEqual(self.counts(again), (0, 0, 1, 0))

    def test_columns_are_remembered_per_company_and_kind(self):
        self.check("unit", [["Estate Code", "Unit Code"], ["HP", "A-101"]])
        Mapping = self.env["property.import.mapping"]
        mapping = Mapping.search([("kind", "=", "unit")], order="id desc", limit=1)
        self.assertEqual(mapping.names, {"estatecode": "estate", "unitcode": "unit"})
        other = self.make_company()
        self.assertFalse(Mapping._find(other, "unit", mapping.signature))
        self.assertFalse(Mapping._find(self.env.company, "party", mapping.signature))

    def test_two_columns_cannot_mean_the_same(self):
        record = self.new_import(
            "unit", [["Estate Code", "Unit Code", "Room"], ["HP", "A-101", "x"]]
        )
        record.write(record._read_columns())
        record.column_ids[2].target_id = record.column_ids[1].target_id
        with self.assertRaisesRegex(UserError, "imported as the same"):
            record.action_check()

    def test_the_mapping_screen_offers_the_columns_of_the_kind_by_their_labels(self):
        Target = self.env["property.import.target"].with_user(self.manager)
        found = Target.name_search("gross", [("kind", "=", "unit")])
        self.assertEqual([name for _id, name in found], ["Gross Area (m²)"])
        self.assertEqual(
            Target.search([("kind", "=", "party")])[:2].mapped("name"), ["reference", "name"]
        )

    # --- files ------------------------------------------------------------

    def test_csv_in_the_encodings_of_the_trade(self):
        table = [["项目编号", "房号", "用途"], ["HP", "A-101", "商铺"]]
        for number, encoding in enumerate(("gb18030", "utf-8", "utf-8-sig", "utf-16")):
            with self.subTest(encoding=encoding):
                self.unit.usage = "office"
                record = self.run_import(
                    "unit", csv_bytes(table, encoding), filename=f"{number}.csv"
                )
                self.assertEqual(self.counts(record), (0, 1, 0, 0))
                self.assertEqual(self.unit.usage, "shop")

    def test_bad_files_are_refused_with_a_sentence_and_leave_the_draft(self):
        for data, words in (
            (b"\n\n", "is empty"),
            (b"a,b\n", "no rows"),
            (b"\x89PNG\r\n\x1a\n\0\0", "is no table"),
            (b"PK\x03\x04 not a zip", "is damaged"),
            (b'Estate Code,Unit Code\n"HP,A-1', "quotation marks in row 2 "),
        ):
            with self.subTest(data=data[:10]):
                record = self.new_import("unit", data, filename="odd.csv")
                with self.assertRaisesRegex(UserError, words) as caught:
                    record.action_check()
                self.assertIn("odd.csv", str(caught.exception))
                self.assertEqual((record.state, record.row_count), ("draft", 0))
        with self.assertRaisesRegex(UserError, "Choose a spreadsheet"):
            self.env["property.import"].with_user(self.manager).create(
                {"kind": "unit"}
            ).action_check()

    def test_limits_are_set_in_the_settings(self):
        settings = self.env["property.settings"].with_user(self.manager).create({})
        self.assertEqual(settings.pm_import_max_rows, 500_000)
        settings.pm_import_max_rows = 2
        with self.assertRaisesRegex(UserError, "more than 2 rows"):
            self.new_import("unit", self.rows).action_check()

    def test_a_cell_cut_in_two_by_a_separator_is_told(self):
        record = self.check("unit", b"Estate Code,Unit Code,Gross Area\nHP,A-101,1,234.5\n")
        self.assertIn("has 4 cells and the heading only 3", self.reasons(record)[2])

    def test_notes_beside_the_table_of_a_workbook_do_not_matter(self):
        record = self.check(
            "unit", [["Estate Code", "Unit Code"], ["HP", "A-101", "", "call the owner"]]
        )
        self.assertEqual(self.counts(record), (0, 0, 1, 0))

    def test_the_template_can_be_filled_in_and_imported(self):
        record = self.new_import("unit", self.rows)
        for content in (record.template_xlsx, record.template_csv):
            with self.assertRaisesRegex(Exception, "no_rows"):
                read_all(base64.b64decode(content))
        workbook = base64.b64decode(record.template_csv).decode("utf-8-sig")
        header = workbook.strip().split(",")
        row = ["HP", "A", "", "A-777", "", "7", "", "Office", "55.5", "", "", ""]
        self.assertEqual(len(row), len(header))
        self.assertEqual(self.counts(self.run_import("unit", [header, row])), (1, 0, 0, 0))
        action = record.action_download_template()
        self.assertEqual(action["url"].partition("?")[0].split("/")[-1], "template_xlsx")

    def test_the_bad_rows_can_be_corrected_in_their_file_and_imported(self):
        record = self.run_import("unit", self.rows)
        header, rows = read_all(base64.b64decode(record.error_xlsx))
        self.assertEqual(header, [*UNIT_HEADER, *REASON_HEADINGS["en"]])
        self.assertEqual([cells[6] for _number, cells in rows], [3, 4])
        self.assertIn("Palace", rows[0][1][7])
        corrected = [cells for _number, cells in rows]
        corrected[0][4] = "Shop"
        corrected[1][0] = "HP"
        again = self.run_import("unit", [header, *corrected])
        self.assertEqual(self.counts(again), (2, 0, 0, 0))
        self.assertEqual(len(self.units("A-301", "A-302", "A-303")), 3)
        with self.assertRaisesRegex(UserError, "no bad rows"):
            again.action_download_errors()

    # --- stages -----------------------------------------------------------

    def test_nothing_can_be_changed_between_check_and_import(self):
        record = self.check("unit", self.rows)
        with self.assertRaisesRegex(UserError, "Press Change"):
            record.file = base64.b64encode(xlsx_bytes(self.rows[:2]))
        with self.assertRaisesRegex(UserError, "Press Change"):
            record.column_ids[3].target_id = False
        record.action_change()
        self.assertEqual((record.state, record.row_count, len(record.line_ids)), ("draft", 0, 0))
        record.file = base64.b64encode(xlsx_bytes(self.rows[:2]))
        self.assertFalse(record.column_ids)
        record.action_check()
        self.assertEqual(self.counts(record), (1, 0, 0, 0))

    def test_buttons_out_of_turn_are_refused(self):
        record = self.new_import("unit", self.rows)
        for method in ("action_import", "action_stop", "action_resume", "action_change"):
            with self.subTest(method=method), self.assertRaisesRegex(UserError, "Draft"):
                getattr(record, method)()
        record.action_check()
        record.action_import()
        with self.assertRaisesRegex(UserError, "“Imported”"):
            record.action_import()
        with self.assertRaisesRegex(UserError, "stays on record"):
            record.unlink()

    def test_files_and_rows_are_forgotten_after_the_days_that_are_set(self):
        self.env.company.pm_import_keep_days = 30
        old, new = self.run_import("unit", self.rows), self.run_import("unit", self.rows)
        self.env.flush_all()
        for record, days in ((old, 31), (new, 29)):
            self.env.cr.execute(
                "UPDATE property_import SET write_date = %s WHERE id = %s",
                (fields.Datetime.now() - timedelta(days=days), record.id),
            )
        self.env.invalidate_all()
        self.env["property.import"]._gc_contents()
        self.assertFalse(old.file)
        self.assertFalse(any(line.values for line in old.line_ids))
        self.assertFalse(any(old.column_ids.mapped("sample")))
        self.assertTrue(new.file)
        self.assertTrue(all(line.values for line in new.line_ids))
        self.assertEqual(self.counts(old), (1, 0, 0, 2))

    def test_lines_open_the_record_they_made(self):
        record = self.run_import("unit", self.rows)
        line = record.line_ids.filtered("res_id")
        action = line.action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("property.unit", line.res_id))
        self.assertEqual(
            self.env["property.import.line"].search(record.action_view_lines()["domain"]),
            record.line_ids,
        )
        self.assertIn("A-301", line.summary)
        self.assertLessEqual(record.date_done.date(), date.today() + timedelta(days=1))
