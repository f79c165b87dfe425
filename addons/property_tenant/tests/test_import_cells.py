from datetime import date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.cells import (
    CellError,
    to_boolean,
    to_date,
    to_datetime,
    to_decimal,
    to_integer,
    to_selection,
    to_text,
)
from ..calc.columns import (
    REASON_HEADINGS,
    Column,
    Options,
    Reader,
    heading_signature,
    in_batches,
    match_headings,
    read_row,
)
from .import_common import fuzzing

FIRST_OF_MARCH = date(2024, 3, 1)


class TestImportCells(BaseCase):
    def assertCode(self, code, function, *arguments, **options):
        with self.assertRaises(CellError) as caught:
            function(*arguments, **options)
        self.assertEqual(caught.exception.code, code, arguments)

    def test_the_notations_of_a_date_mean_the_same_day(self):
        for cell in (
            "2024-03-01",
            "2024/3/1",
            "20240301",
            "1.3.2024",
            "01/03/2024",
            "2024年3月1日",
            "２０２４年３月１日",
            "2024 年 3 月 1 日",
            "2024.03.01",
            "2024-03-01 10:30:00",
            "2024-03-01T10:30",
            20240301,
            45352,
            45352.75,
            "45352",
            " 2024-03-01 ",
        ):
            with self.subTest(cell=cell):
                self.assertEqual(to_date(cell), FIRST_OF_MARCH)

    def test_the_order_of_day_and_month_is_stated_and_not_guessed(self):
        self.assertEqual(to_date("03/01/2024", day_first=False), FIRST_OF_MARCH)
        self.assertEqual(to_date("3.1.2024", day_first=False), FIRST_OF_MARCH)
        self.assertEqual(to_date("2024/3/1", day_first=False), FIRST_OF_MARCH)
        self.assertCode("no_such_day", to_date, "13/25/2024")
        self.assertCode("no_such_day", to_date, "25/12/2024", day_first=False)

    def test_serials_count_from_the_calendar_of_the_workbook(self):
        self.assertEqual(to_date(45352 - 1462, from_1904=True), FIRST_OF_MARCH)
        self.assertEqual(to_datetime(45352.4375), datetime(2024, 3, 1, 10, 30))

    def test_what_is_no_date_is_refused_with_a_code(self):
        for cell, code in (
            ("2024-02-30", "no_such_day"),
            ("20241301", "no_such_day"),
            ("2024", "date"),
            (2024, "date"),
            ("1/3/24", "date"),
            ("March 1", "date"),
            ("2024-03/01", "date"),
            ("2024-03-01 25:00", "date"),
            ("2024-03-01 later", "date"),
            ("0202-03-01", "year"),
            ("9999-12-31", "year"),
            (True, "date"),
            (-5, "date"),
            (1e12, "date"),
            ("#N/A", "formula"),
        ):
            with self.subTest(cell=cell):
                self.assertCode(code, to_date, cell)

    def test_numbers_are_exact_whatever_groups_and_width(self):
        for cell, number in (
            ("1234.56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1 234.56", "1234.56"),
            ("1'234'567.8", "1234567.8"),
            ("１，２３４．５６", "1234.56"),
            ("¥1,234.00", "1234"),
            ("-12.5", "-12.5"),
            ("\u221212.5", "-12.5"),
            ("+3", "3"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1E+05", "100000"),
            (0.1 + 0.2, "0.3"),
            (12.0, "12"),
            (7, "7"),
        ):
            with self.subTest(cell=cell):
                self.assertEqual(to_decimal(cell), Decimal(number))

    def test_the_decimal_mark_is_stated_and_not_guessed(self):
        self.assertEqual(to_decimal("1.234,56", comma=True), Decimal("1234.56"))
        self.assertEqual(to_decimal("12,5", comma=True), Decimal("12.5"))
        self.assertCode("number", to_decimal, "12,5")
        self.assertCode("number", to_decimal, "12.5.3")
        # a number that the spreadsheet knows as one needs no mark
        self.assertEqual(to_decimal(1.234, comma=True), Decimal("1.234"))

    def test_what_is_no_number_is_refused(self):
        for cell in (
            "x",
            "1,23,456",
            "--5",
            "1e999",
            "nan",
            "Infinity",
            "12 m",
            "1_000",
            "$",
            "¥ ",
            "-",
            ".",
            "13%",
        ):
            with self.subTest(cell=cell):
                self.assertCode("number", to_decimal, cell)
        self.assertCode("number", to_decimal, True)
        self.assertCode("number", to_decimal, float("inf"))
        self.assertCode("too_big", to_decimal, "1" + "0" * 15)

    def test_percentages_are_fractions_where_the_column_says_so(self):
        self.assertEqual(to_decimal("13%", percent=True), Decimal("0.13"))
        self.assertEqual(to_decimal("１３％", percent=True), Decimal("0.13"))
        self.assertEqual(to_decimal(0.13, percent=True), Decimal("0.13"))

    def test_whole_numbers_refuse_fractions(self):
        self.assertEqual(to_integer("1,200"), 1200)
        self.assertEqual(to_integer(12.0), 12)
        self.assertCode("whole", to_integer, "12.5")
        self.assertCode("too_big", to_integer, str(2**31))

    def test_numbers_in_text_columns_keep_what_was_typed(self):
        self.assertEqual(to_text(101.0), "101")
        self.assertEqual(to_text("007"), "007")
        self.assertEqual(to_text(1.5), "1.5")

    def test_a_number_whose_end_is_lost_is_refused_as_text(self):
        self.assertCode("cut_off", to_text, 440301199001011234.0)
        self.assertCode("cut_off", to_text, "4.40301E+17")
        self.assertCode("too_long", to_text, "x" * 65, max_length=64)

    def test_yes_and_no_in_words_digits_and_marks(self):
        for cell in ("yes", "Y", "TRUE", "1", 1, True, "是", "√", "Ｙ"):
            self.assertIs(to_boolean(cell), True, cell)
        for cell in ("no", "N", "false", "0", 0, False, "否", "无"):
            self.assertIs(to_boolean(cell), False, cell)
        self.assertCode("boolean", to_boolean, "perhaps")

    def test_choices_by_key_or_label_of_any_language(self):
        column = Column(
            "usage",
            "Usage",
            "selection",
            selection={"office": ("Office", "办公"), "shop": ("Shop",)},
        )
        for cell in ("office", "OFFICE", "办公", " Office "):
            self.assertEqual(to_selection(cell, column.choices()), "office")
        self.assertCode("choice", to_selection, "palace", column.choices())

    def test_empty_cells_are_no_values_and_no_errors(self):
        for function in (to_text, to_decimal, to_integer, to_boolean, to_date, to_datetime):
            for cell in (None, "", "  ", "\u3000"):
                self.assertIsNone(function(cell))

    @given(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(max_size=30),
            st.text("0123456789-/.年月日, :％%eE+", max_size=14),
        )
    )
    @fuzzing
    def test_no_cell_raises_anything_but_a_cell_error(self, cell):
        for function in (to_text, to_decimal, to_integer, to_boolean, to_date, to_datetime):
            try:
                function(cell)
            except CellError as error:
                self.assertTrue(error.code)

    @given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
    @fuzzing
    def test_every_day_survives_every_notation(self, day):
        for text in (
            day.isoformat(),
            f"{day.year}/{day.month}/{day.day}",
            f"{day:%Y%m%d}",
            f"{day.day}.{day.month}.{day.year}",
            f"{day:%d/%m/%Y}",
            f"{day.year}年{day.month}月{day.day}日",
            (day - date(1899, 12, 30)).days,
        ):
            self.assertEqual(to_date(text), day)

    @given(st.decimals(-(10**9), 10**9, allow_nan=False, places=4))
    @fuzzing
    def test_every_number_survives_grouping(self, number):
        self.assertEqual(to_decimal(f"{number:,f}"), number)
        swapped = f"{number:,f}".translate(str.maketrans(",.", ".,"))
        self.assertEqual(to_decimal(swapped, comma=True), number)


class TestImportColumns(BaseCase):
    columns = [
        Column("estate", "Estate Code", required=True, aliases=("项目", "Estate")),
        Column("unit", "Unit Code", required=True, aliases=("房号", "Room")),
        Column("area", "Gross Area (m²)", "decimal", aliases=("建筑面积",)),
        Column("net", "Net Area (m²)", "decimal"),
        Column("tags", "Tags", multiple=True),
    ]

    def test_headings_are_recognised_in_any_order_case_and_width(self):
        for header, names in (
            (["Estate Code", "Unit Code"], ["estate", "unit"]),
            (["ＵＮＩＴ－ＣＯＤＥ", "estate_code"], ["unit", "estate"]),
            (["房号", "项目", "建筑面积"], ["unit", "estate", "area"]),
            (["Gross Area", "Net Area (sqm)", "Remarks"], ["area", "net", None]),
            (["Room *", ""], ["unit", None]),
        ):
            with self.subTest(header=header):
                self.assertEqual(match_headings(header, self.columns), names)

    def test_the_second_heading_of_the_same_meaning_is_left_out(self):
        self.assertEqual(match_headings(["Room", "房号"], self.columns), ["unit", None])

    def test_what_was_remembered_rules_even_over_names(self):
        remembered = {"x": "unit", "unitcode": None}
        self.assertEqual(
            match_headings(["Unit Code", "X"], self.columns, remembered), [None, "unit"]
        )

    def test_the_signature_of_a_heading_knows_no_order(self):
        self.assertEqual(heading_signature(["A", "b "]), heading_signature(["B", "a"]))
        self.assertNotEqual(heading_signature(["A", "B"]), heading_signature(["A", "B", "C"]))
        self.assertNotEqual(heading_signature(["A", "A"]), heading_signature(["A"]))

    def test_a_file_of_bad_rows_counts_as_one_of_the_same_heading(self):
        for headings in REASON_HEADINGS.values():
            self.assertEqual(
                heading_signature(["A", "B", *headings]), heading_signature(["A", "B"])
            )

    def read_cells(self, cells):
        reader = Reader(self.columns, Options())
        return read_row(7, cells, list(enumerate(self.columns)), reader)

    def test_a_row_reports_every_bad_cell_and_reads_the_others(self):
        row, errors = self.read_cells(["", "A-1", "x", 5])
        self.assertEqual(
            [(column.name, error.code) for column, error in errors],
            [("estate", "required"), ("area", "number")],
        )
        self.assertEqual(row.values, {"unit": "A-1", "net": Decimal(5), "tags": None})

    def test_several_values_in_a_cell(self):
        row, errors = self.read_cells(["HP", "A-1", "", "", "sea view, corner；corner"])
        self.assertEqual((row.values["tags"], errors), (["sea view", "corner"], []))

    def test_batches_keep_rows_of_one_key_together_in_order(self):
        rows = ["a1", "b1", "a2", "c1", "b2", "d1"]
        self.assertEqual(
            list(in_batches(rows, 3, lambda row: row[0])),
            [["a1", "a2"], ["b1", "b2", "c1"], ["d1"]],
        )
        self.assertEqual(list(in_batches(rows, 4)), [rows[:4], rows[4:]])

    @given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers())), st.integers(1, 10))
    @fuzzing
    def test_batches_lose_and_repeat_nothing(self, rows, size):
        batches = list(in_batches(rows, size, lambda row: row[0]))
        self.assertCountEqual([row for batch in batches for row in batch], rows)
        for key in "abcd":
            self.assertLessEqual(sum(any(row[0] == key for row in batch) for batch in batches), 1)
