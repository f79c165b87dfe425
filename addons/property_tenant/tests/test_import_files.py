import io
import random
import zipfile
from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from odoo.tests import BaseCase

from ..calc.spreadsheet import Limits, SpreadsheetError, open_sheet
from ..calc.spreadsheet_writer import Table, write_csv, write_xlsx
from .import_common import csv_bytes, fuzzing, read_all, xlsx_bytes

TABLE = [["项目", "单元", "面积"], ["HP", "A-101", "120.5"], ["HP", "A-102", "80"]]
WORKSHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)
HEADING = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'


def with_part(data, name, content):
    """The workbook ``data`` with another content of one of its parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.namelist():
            target.writestr(part, content if part == name else source.read(part))
    return out.getvalue()


class TestImportFiles(BaseCase):
    def assertCode(self, code, data, **arguments):
        with self.assertRaises(SpreadsheetError) as caught:
            read_all(data, **arguments)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.figures

    def test_text_in_every_encoding_gives_the_same_table(self):
        rows = [(number, cells) for number, cells in enumerate(TABLE[1:], 2)]
        for encoding in (
            "utf-8",
            "utf-8-sig",
            "gb18030",
            "gbk",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
        ):
            with self.subTest(encoding=encoding):
                self.assertEqual(read_all(csv_bytes(TABLE, encoding)), (TABLE[0], rows))

    def test_encodings_that_cannot_be_found_out_are_chosen(self):
        table = [["Name", "Ort"], ["Müller", "Zürich"]]
        data = csv_bytes(table, "cp1252")
        self.assertEqual(read_all(data, encoding="cp1252")[1], [(2, ["Müller", "Zürich"])])
        self.assertEqual(read_all(csv_bytes(TABLE, "gb18030"), encoding="gb18030")[0], TABLE[0])
        figures = self.assertCode("encoding", csv_bytes(TABLE, "gb18030"), encoding="utf-8")
        self.assertEqual(figures, {"encoding": "utf-8"})

    def test_the_separator_is_found_out_or_chosen(self):
        for delimiter in (",", ";", "\t", "|"):
            with self.subTest(delimiter=delimiter):
                self.assertEqual(read_all(csv_bytes(TABLE, delimiter=delimiter))[0], TABLE[0])
        self.assertEqual(read_all(b"a,b;c\n1,2;3\n", delimiter=";")[0], ["a,b", "c"])
        self.assertEqual(read_all(b"sep=|\na|b\n1|2\n"), (["a", "b"], [(2, ["1", "2"])]))
        self.assertEqual(read_all(b'"a,b,c";d\n1;2\n')[0], ["a,b,c", "d"])

    def test_rows_have_the_numbers_that_a_spreadsheet_shows(self):
        data = b'\n\na,b\n\n1,2\n"3\n3",4\n,\n5,6\n'
        self.assertEqual(
            read_all(data),
            (["a", "b"], [(5, ["1", "2"]), (6, ["3\n3", "4"]), (8, ["5", "6"])]),
        )

    def test_the_heading_can_stand_below_a_title(self):
        data = csv_bytes([["List of Units"], ["a", "b"], ["1", "2"]])
        self.assertEqual(read_all(data, header_row=2), (["a", "b"], [(3, ["1", "2"])]))
        self.assertCode("no_heading", data, header_row=9)

    def test_line_ends_of_every_system(self):
        for end in ("\n", "\r\n", "\r"):
            self.assertEqual(
                read_all(f"a,b{end}1,2{end}".encode()), (["a", "b"], [(2, ["1", "2"])])
            )

    def test_cells_of_a_workbook_keep_their_kind(self):
        book = Workbook()
        sheet = book.active
        sheet.append(["text", "number", "fraction", "day", "moment", "clock", "yes", "blank"])
        sheet.append(
            ["007", 12, 0.5, date(2024, 3, 1), datetime(2024, 3, 1, 10, 30), time(8, 5), True, None]
        )
        out = io.BytesIO()
        book.save(out)
        _header, rows = read_all(out.getvalue())
        self.assertEqual(
            rows,
            [(2, ["007", 12, 0.5, "2024-03-01", "2024-03-01 10:30:00", "08:05:00", True, None])],
        )

    def test_the_first_visible_worksheet_counts(self):
        book = Workbook()
        book.active.append(["hidden"])
        book.active.sheet_state = "hidden"
        shown = book.create_sheet("shown")
        shown.append(["a"])
        shown.append([1])
        book.create_sheet("more").append(["b"])
        out = io.BytesIO()
        book.save(out)
        self.assertEqual(read_all(out.getvalue()), (["a"], [(2, [1])]))

    def test_what_is_written_is_read_back_and_never_a_formula(self):
        rows = [["=1+1", "007"], ["+SUM(A1)", "@x"], ["a\x07b", "ä 中"]]
        data = write_xlsx([Table("T", ["a", "b"], rows)])
        self.assertEqual(
            [cells for _number, cells in read_all(data)[1]],
            [["=1+1", "007"], ["+SUM(A1)", "@x"], ["ab", "ä 中"]],
        )
        cells = load_workbook(io.BytesIO(data)).active
        self.assertEqual(cells["A2"].data_type, "s")
        self.assertEqual(read_all(write_csv(Table("T", ["ä", "b"], [["1", "2"]])))[0], ["ä", "b"])

    def test_limits_of_size_rows_columns_and_cells(self):
        data = csv_bytes([["a", "b"], *([str(n), "x"] for n in range(20))])
        self.assertEqual(
            self.assertCode("too_many_bytes", data, limits=Limits(max_bytes=10)),
            {"size": len(data), "limit": 10},
        )
        self.assertCode("too_many_rows", data, limits=Limits(max_rows=19))
        self.assertEqual(len(read_all(data, limits=Limits(max_rows=20))[1]), 20)
        self.assertCode("too_many_columns", data, limits=Limits(max_columns=1))
        figures = self.assertCode(
            "long_cell", b"a\nshort\n" + b"y" * 50, limits=Limits(max_cell=49)
        )
        self.assertEqual(figures, {"row": 3, "limit": 49})
        self.assertCode("long_cell", b"a\n" + b"y" * 140_000)

    def test_what_is_no_table_is_told_apart(self):
        workbook = xlsx_bytes(TABLE)
        for code, data in (
            ("empty", b""),
            ("empty", b" \n\r\n\t"),
            ("empty", b"\xef\xbb\xbf\n\n"),
            ("empty", b"\0" * 100),
            ("no_rows", b"a,b,c\n"),
            ("no_rows", xlsx_bytes(TABLE[:1])),
            ("binary", b"%PDF-1.7 ..."),
            ("binary", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            ("binary", b"<html><table><tr><td>1</td></tr></table></html>"),
            ("binary", random.Random(1).randbytes(10 * 1024 * 1024)),
            ("old_format", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
            ("damaged", workbook[: len(workbook) // 2]),
            ("damaged", b"PK\x03\x04" + random.Random(2).randbytes(5000)),
            ("damaged", with_part(workbook, "xl/worksheets/sheet1.xml", b"<worksheet")),
            ("damaged", with_part(workbook, "xl/workbook.xml", b"<no/>")),
        ):
            with self.subTest(code=code, data=data[:20]):
                self.assertCode(code, data)
        self.assertEqual(self.assertCode("quotes", b'a,b\n1,2\n"3,4\n'), {"row": 3})

    def test_archives_that_are_no_workbooks(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("readme.txt", "hello")
        self.assertCode("binary", out.getvalue())

    def test_bombs_are_refused_before_they_go_off(self):
        workbook = xlsx_bytes(TABLE)
        sheet = "xl/worksheets/sheet1.xml"
        self.assertCode(
            "unpacked",
            with_part(workbook, sheet, b" " * 2_000_000),
            limits=Limits(max_unpacked=1_000_000),
        )
        far = HEADING + '<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>'
        self.assertCode("too_many_rows", with_part(workbook, sheet, WORKSHEET.format(far)))
        wide = HEADING + '<row r="2"><c r="XFD2"><v>1</v></c></row>'
        self.assertCode("too_many_columns", with_part(workbook, sheet, WORKSHEET.format(wide)))
        entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + WORKSHEET.format(
            HEADING
        )
        self.assertCode("damaged", with_part(workbook, sheet, entities))
        numbers = HEADING + '<row r="2"><c r="A2"><v>1e999</v></c></row>'
        self.assertEqual(
            read_all(with_part(workbook, sheet, WORKSHEET.format(numbers)))[1], [(2, ["inf"])]
        )

    def test_reading_is_lazy(self):
        """A look at the first rows does not read the rest, which is damaged."""
        sheet = open_sheet(b"a,b\n" + b"1,2\n" * 5000 + b'"x')
        self.assertEqual(next(sheet.rows), (2, ["1", "2"]))

    @given(st.binary(max_size=400))
    @fuzzing
    def test_no_bytes_raise_anything_but_a_spreadsheet_error(self, data):
        self.read_or_refuse(data)

    @given(st.text(max_size=200), st.sampled_from(("utf-8", "gb18030", "utf-16", "utf-8-sig")))
    @fuzzing
    def test_no_text_raises_anything_but_a_spreadsheet_error(self, text, encoding):
        self.read_or_refuse(text.encode(encoding, "replace"))

    @given(st.integers(0, 2**32), st.integers(1, 20))
    @fuzzing
    def test_no_damaged_workbook_raises_anything_but_a_spreadsheet_error(self, seed, count):
        chance = random.Random(seed)
        data = bytearray(self.workbook)
        for _time in range(count):
            data[chance.randrange(len(data))] = chance.randrange(256)
        self.read_or_refuse(
            bytes(data[: chance.choice((len(data), chance.randrange(4, len(data))))])
        )

    @given(
        st.sampled_from(("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml")), st.data()
    )
    @fuzzing
    def test_no_damaged_part_raises_anything_but_a_spreadsheet_error(self, name, data):
        with zipfile.ZipFile(io.BytesIO(self.workbook)) as archive:
            part = bytearray(archive.read(name))
        for _time in range(data.draw(st.integers(1, 5))):
            part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(32, 126))
        self.read_or_refuse(with_part(self.workbook, name, bytes(part)))

    workbook = xlsx_bytes(TABLE)

    def read_or_refuse(self, data):
        try:
            header, rows = read_all(data, limits=Limits(max_cell=1000, max_rows=1000))
        except SpreadsheetError as error:
            self.assertTrue(error.code)
        else:
            self.assertTrue(rows)
            for _number, cells in rows:
                self.assertGreaterEqual(len(cells), len(header))
                for cell in cells:
                    self.assertIsInstance(cell, (str, int, float, bool, type(None)))
