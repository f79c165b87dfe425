from odoo.tests import tagged

from odoo.addons.property_tenant.calc.columns import Row

from .import_common import PARTY_HEADER, ImportCase

NUMBER = "11010519491231002X"
HEADER = [*PARTY_HEADER, "Kind of Identity Paper", "Identity Number", "Identity Paper Valid Until"]


@tagged("post_install", "-at_install")
class TestImportOfIdentityPapers(ImportCase):
    def row(self, number=NUMBER, kind="Resident Identity Card", until="2030-01-31", ref="P-9"):
        return [ref, "Chen Wei", "Person", "", "", kind, number, until]

    def papers(self, ref="P-9"):
        return self.env["res.partner"].search([("ref", "=", ref)]).id_numbers

    def test_a_party_gets_its_paper(self):
        record = self.run_import("party", [HEADER, self.row()], self.officer)
        self.assertEqual(self.counts(record), (1, 0, 0, 0))
        paper = self.papers()
        self.assertEqual(paper.sudo().name, NUMBER)
        self.assertEqual(paper.category_id.code, "cn_resident_id")
        self.assertEqual(str(paper.valid_until), "2030-01-31")

    def test_the_same_file_again_changes_nothing_and_a_later_date_prolongs(self):
        self.run_import("party", [HEADER, self.row()], self.officer)
        again = self.run_import("party", [HEADER, self.row("11010519491231002x")], self.officer)
        self.assertEqual(self.counts(again), (0, 0, 1, 0))
        self.assertEqual(len(self.papers()), 1)
        later = self.run_import("party", [HEADER, self.row(until="2035-01-31")], self.officer)
        self.assertEqual(self.counts(later), (0, 1, 0, 0))
        self.assertEqual(str(self.papers().valid_until), "2035-01-31")

    def test_bad_numbers_are_bad_rows_that_do_not_repeat_the_number(self):
        record = self.check(
            "party",
            [
                HEADER,
                self.row("110105194912310021", ref="P-10"),
                self.row("1101**********002X", ref="P-11"),
                self.row(kind="", ref="P-12"),
                self.row(kind="Library Card", ref="P-13"),
            ],
            self.officer,
        )
        reasons = self.reasons(record)
        self.assertIn("not that of a Resident Identity Card", reasons[2])
        self.assertIn("write it in full", reasons[3])
        self.assertIn("needs the kind of its paper", reasons[4])
        self.assertIn("Library Card", reasons[5])
        self.assertNotIn("110105194912310021", reasons[2])
        self.assertFalse(self.papers("P-10"))

    def test_a_dry_run_leaves_no_paper(self):
        record = self.check("party", [HEADER, self.row()], self.officer)
        self.assertEqual(self.counts(record), (1, 0, 0, 0))
        self.assertFalse(self.papers())

    def test_what_is_listed_and_remembered_is_masked(self):
        record = self.run_import(
            "party", [HEADER, self.row(), self.row("110105194912310021", ref="P-10")], self.officer
        )
        good = record.line_ids.filtered(lambda line: line.result == "created")
        bad = record.line_ids.filtered(lambda line: line.result == "bad")
        self.assertIn("1101**********002X", good.summary)
        self.assertNotIn(NUMBER, repr(good.values))
        self.assertIn("1101**********0021", bad.summary)
        # a bad row is taken away, corrected and imported again
        self.assertIn("110105194912310021", bad.values)
        column = record.column_ids.filtered(lambda column: column.heading == "Identity Number")
        self.assertFalse(column.sample)

    def test_without_private_data_the_columns_are_not_offered(self):
        kind = self.env["property.import.kind.party"]
        names = {column.name for column in kind.with_user(self.officer)._columns()}
        self.assertIn("identity_number", names)
        clerk = self.make_user("front_desk", self.estate, login="imp_clerk")
        names = {column.name for column in kind.with_user(clerk)._columns()}
        self.assertNotIn("identity_number", names)
        self.assertIn("reference", names)

    def test_the_number_of_queries_does_not_grow_with_the_rows(self):
        def rows(first, count):
            # passports: any digits will do
            return [
                self.row(f"E{number:08}", "Passport", ref=f"Q-{number}")
                for number in range(first, first + count)
            ]

        def queries(first, count):
            kind = self.env["property.import.kind.party"].with_user(self.officer)
            parties = kind.env["res.partner"].create(
                [{"name": row[0], "ref": row[0]} for row in rows(first, count)]
            )
            work = [
                self.row_of(party, f"E{first + index:08}") for index, party in enumerate(parties)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            kind._write_papers(work)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(0, 2)
        few, many = queries(100, 10), queries(200, 60)
        self.assertLessEqual(many, few + 5)

    def row_of(self, party, number):
        category = self.env.ref("property_tenant.id_category_passport")
        return Row(
            2,
            {},
            record=party,
            result="unchanged",
            extra={"identity": {"category_id": category.id, "number": number, "valid_until": None}},
        )
