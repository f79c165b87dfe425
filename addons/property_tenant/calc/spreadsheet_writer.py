"""Tables into files: xlsx and csv."""

import csv
import io
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

HEADING_FILL = PatternFill("solid", fgColor="E7E6E6")
#: what a cell of a workbook may hold, by its file format
CELL_LENGTH = 32_767


@dataclass(frozen=True)
class Table:
    """One worksheet: title, heading, rows of cells, and which columns (from 0) stand out."""

    title: str
    header: list
    rows: object
    marked: tuple = ()


def write_xlsx(tables):
    """Bytes of a workbook with one worksheet per table.

    Text stays text: a cell that begins with ``=`` is no formula, and what
    looks like a number keeps its zeros.
    """
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.title[:31])
        sheet.freeze_panes = "A2"
        for index, heading in enumerate(table.header):
            letter = get_column_letter(index + 1)
            sheet.column_dimensions[letter].width = min(max(len(heading) * 2, 12), 60)
        heading_row = []
        for index, heading in enumerate(table.header):
            cell = _cell(sheet, heading)
            cell.font = Font(bold=True, color="C00000" if index in table.marked else "000000")
            cell.fill = HEADING_FILL
            heading_row.append(cell)
        sheet.append(heading_row)
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet, value):
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_LENGTH])
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def write_csv(table):
    """Bytes of a csv file in UTF-8 with the mark that Excel needs to see it is."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.header)
    writer.writerows(table.rows)
    return out.getvalue().encode("utf-8-sig")
