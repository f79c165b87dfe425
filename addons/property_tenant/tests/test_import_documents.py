import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..calc.archive import ArchiveError, is_archive_of_files, open_archive, tidy_name
from .import_common import ImportCase, csv_bytes, xlsx_bytes

HEADER = ["项目编号", "房号", "业户编号", "文件类型", "文件名", "标题", "有效期至", "页数", "柜号"]


def zip_bytes(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


class TestArchive(BaseCase):
    def refused(self, data, code):
        with self.assertRaises(ArchiveError) as refusal:
            open_archive(data, 1000)
        self.assertEqual(refusal.exception.code, code)

    def test_names_are_compared_as_people_write_them(self):
        for name in ("A/B.pdf", "a\\b.PDF", "./A/b.pdf", " a / b.pdf", "Ａ/Ｂ.pdf"):
            self.assertEqual(tidy_name(name), "a/b.pdf", name)

    def test_files_are_found_with_their_folder_or_without(self):
        data = zip_bytes({"index.csv": "x", "a/one.pdf": "1", "b/two.pdf": "2", "c/two.pdf": "3"})
        archive = open_archive(data, 1000)
        self.assertEqual(archive.content(archive.find("ONE.pdf")), b"1")
        self.assertEqual(archive.content(archive.find("c\\two.pdf")), b"3")
        self.assertIsNone(archive.find("two.pdf"))
        self.assertIsNone(archive.find("three.pdf"))

    def test_chinese_names_without_the_flag(self):
        name = "执照.pdf".encode("gb18030").decode("cp437")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("index.csv", "x")
            archive.writestr(name, "1")
        data = out.getvalue()
        # Python sets the flag for letters beyond ASCII; old programs do not
        raw = data.replace(name.encode(), "执照.pdf".encode("gb18030"))
        if len(raw) == len(data):
            self.assertIsNotNone(open_archive(raw, 1000).find("执照.pdf"))
        self.assertIsNotNone(
            open_archive(zip_bytes({"索引.csv": "", "执照.pdf": "1"}), 1000).find("执照.pdf")
        )

    def test_the_index_is_found(self):
        for files, wanted in [
            ({"index.xlsx": "", "other.csv": ""}, "index.xlsx"),
            ({"目录.csv": "", "papers/list.xlsx": ""}, "目录.csv"),
            ({"whatever.csv": "", "papers/list.xlsx": ""}, "whatever.csv"),
            ({"papers/Index.CSV": "", "a.pdf": ""}, "papers/Index.CSV"),
        ]:
            self.assertEqual(open_archive(zip_bytes(files), 1000).index.filename, wanted)

    def test_what_is_no_archive_of_papers_is_refused(self):
        self.refused(zip_bytes({"a.pdf": ""}), "no_index")
        self.refused(zip_bytes({"a.csv": "", "b.xlsx": ""}), "several_indexes")
        self.refused(zip_bytes({"index.csv": "0" * 1001}), "too_large")
        self.refused(b"PK\x03\x04 rubbish", "damaged")
        self.assertTrue(is_archive_of_files(b"PK\x03\x04 rubbish"))
        self.assertFalse(is_archive_of_files(xlsx_bytes([["a"], ["b"]])))
        self.assertFalse(is_archive_of_files(b"a,b"))


@tagged("post_install", "-at_install")
class TestImportDocuments(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.kind = cls.env["property.document.type"].create({"name": "Pool Contract", "code": "PO"})
        cls.archivist = cls.make_user("archivist", cls.estate, login="imp_archivist")

    def bundle(self, rows, **files):
        return zip_bytes({"索引.csv": csv_bytes([HEADER, *rows], "gb18030"), **files})

    def documents(self):
        return self.env["property.document"].search([("type_id", "=", self.kind.id)])

    def test_files_arrive_in_their_dossiers(self):
        data = self.bundle(
            [
                [
                    "HP",
                    "A-101",
                    "P-1",
                    "Pool Contract",
                    "A-101/pool.pdf",
                    "泳池",
                    "2099/12/31",
                    2,
                    "",
                ],
                ["HP", "A-101", "P-1", "po", "", "原件", "", 3, "柜 3"],
            ],
            **{"A-101/pool.pdf": b"%PDF-1.4 pool"},
        )
        record = self.run_import("document", data, self.archivist)
        self.assertEqual(self.counts(record), (2, 0, 0, 0))
        filed, original = self.documents().sorted("number")
        self.assertEqual((filed.occupancy_id, filed.name, filed.pages), (self.occupancy, "泳池", 2))
        self.assertEqual(str(filed.date_expiry), "2099-12-31")
        self.assertEqual(filed.attachment_ids.raw, b"%PDF-1.4 pool")
        self.assertEqual(filed.attachment_ids.res_id, filed.id)
        self.assertEqual((original.shelf, len(original.attachment_ids)), ("柜 3", 0))

    def test_the_same_zip_again_files_nothing_twice(self):
        rows = [["HP", "A-101", "P-1", "PO", "pool.pdf", "", "", 2, ""]]
        data = self.bundle(rows, **{"pool.pdf": b"%PDF-1.4"})
        self.run_import("document", data, self.archivist)
        again = self.run_import("document", data, self.archivist)
        self.assertEqual(self.counts(again), (0, 0, 1, 0))
        self.assertEqual(len(self.documents()), 1)

    def test_bad_rows_say_why_and_file_nothing(self):
        before = self.env["ir.attachment"].search_count([])
        data = self.bundle(
            [
                ["HP", "A-101", "P-1", "Nonsense", "", "", "", "", ""],
                ["HP", "A-101", "P-1", "PO", "missing.pdf", "", "", "", ""],
                ["HP", "A-101", "P-2", "PO", "", "", "", "", ""],
                ["HP", "A-101", "P-1", "PO", "", "", "", -1, ""],
                ["HP", "A-101", "P-1", "PO", "pool.pdf", "", "", "", ""],
                ["HP", "A-101", "P-1", "PO", "pool.pdf", "", "", "", ""],
            ],
            **{"pool.pdf": b"%PDF-1.4"},
        )
        record = self.check("document", data, self.archivist)
        reasons = self.reasons(record)
        for number, sentence in {
            2: "no document type Nonsense",
            3: "missing.pdf is not in the zip",
            4: "does not hold unit",
            5: "is negative",
            7: "Row 6 already files the same paper",
        }.items():
            self.assertIn(sentence, reasons[number], number)
        self.assertEqual(self.counts(record), (1, 0, 0, 5))
        self.assertFalse(self.documents())
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_rubbish_is_refused_with_a_sentence(self):
        for data, sentence in [
            (zip_bytes({"a.pdf": b"1"}), "has no index"),
            (b"PK\x03\x04" + b"0" * 100, "damaged"),
            (zip_bytes({"a.csv": b"1", "b.csv": b"2"}), "several sheets"),
        ]:
            record = self.new_import("document", data, self.archivist)
            with self.refused(sentence):
                record.action_check()
            self.assertEqual(record.state, "draft")

    def test_others_import_no_papers(self):
        with self.assertRaises(UserError):
            self.new_import("document", self.bundle([]), self.officer)
