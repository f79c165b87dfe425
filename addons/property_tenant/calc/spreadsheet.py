"""A table out of the bytes of a file: xlsx, or text with separators (csv).

``open_sheet`` returns the heading and a lazy stream of rows. Whatever is wrong
with a file (empty, too large, not a table, damaged, hostile) is said by
``SpreadsheetError`` with a code and figures, never by another exception; the
sentence is made where the reader's language is known.

Cells are ``str | int | float | bool | None``. Dates that a workbook knows as
dates become ISO text, because a text is unambiguous and can be kept as json.
"""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import isfinite

from openpyxl import load_workbook

ENCODINGS = ("utf-8", "gb18030", "utf-16", "big5", "cp1252")
DELIMITERS = (",", ";", "\t", "|")

#: rows of a worksheet by its file format; a row number beyond it is an attack
WORKSHEET_ROWS = 1_048_576
ZIP_MEMBERS = 5_000
ROWS_AT_ONCE = 1_000

#: what neither json in the database nor a workbook can hold
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class SpreadsheetError(Exception):
    """A file that cannot be read as a table.

    Codes and their figures: ``empty``; ``too_many_bytes`` (size, limit);
    ``too_many_rows``, ``too_many_columns``, ``unpacked`` (limit);
    ``long_cell`` (row, limit); ``encoding`` (encoding); ``binary``;
    ``old_format``; ``damaged``; ``quotes`` (row); ``no_heading``; ``no_rows``.
    """

    def __init__(self, code, **figures):
        super().__init__(code)
        self.code = code
        self.figures = figures


@dataclass(frozen=True)
class Limits:
    """What a file may measure; every figure is a setting of the caller."""

    max_bytes: int = 32 * 1024 * 1024
    max_rows: int = 500_000
    max_columns: int = 200
    max_cell: int = 10_000
    max_unpacked: int = 256 * 1024 * 1024


@dataclass
class Sheet:
    """A heading and the rows below it.

    ``rows`` yields ``(number, cells)`` for rows that are not blank: the number
    as a spreadsheet shows it, the cells at least as many as the heading has.
    It can be read once and raises ``SpreadsheetError``.
    """

    header: list
    rows: object
    encoding: str = ""
    delimiter: str = ""
    from_1904: bool = False


def open_sheet(data, limits=None, encoding=None, delimiter=None, header_row=None):
    """Table in the bytes ``data``.

    ``encoding`` and ``delimiter`` count for text only and are found out when
    not given; ``header_row`` is the number of the row with the heading
    (default: the first that is not blank).
    """
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        raise SpreadsheetError("too_many_bytes", size=len(data), limit=limits.max_bytes)
    if not data.strip(b"\0 \t\r\n"):
        raise SpreadsheetError("empty")
    if data.startswith(_OLE):
        raise SpreadsheetError("old_format")
    if data.startswith(b"PK\x03\x04"):
        sheet = _open_workbook(data, limits)
    else:
        sheet = _open_text(data, limits, encoding, delimiter)
    sheet.header, sheet.rows = _split_header(sheet.rows, limits, header_row)
    return sheet


def _split_header(rows, limits, header_row):
    """The heading, and the rows below it within the limits."""
    checked = _within_limits(rows, limits)
    for number, cells in checked:
        if not header_row or number == header_row:
            header = [" ".join(str(cell or "").split()) for cell in cells]
            return header, _padded(checked, len(header), limits)
        if number > header_row:
            break
    raise SpreadsheetError("no_heading" if header_row else "empty")


def _padded(rows, width, limits):
    count = 0
    for number, cells in rows:
        count += 1
        if count > limits.max_rows:
            raise SpreadsheetError("too_many_rows", limit=limits.max_rows)
        yield number, cells + [None] * (width - len(cells))
    if not count:
        raise SpreadsheetError("no_rows")


def _within_limits(rows, limits):
    """Rows that are not blank, cleaned, without blank cells at the end."""
    for number, cells in rows:
        cells = [_clean(cell, number, limits) for cell in cells]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > limits.max_columns:
            raise SpreadsheetError("too_many_columns", limit=limits.max_columns)
        if cells:
            yield number, cells


def _clean(cell, number, limits):
    if isinstance(cell, str):
        if len(cell) > limits.max_cell:
            raise SpreadsheetError("long_cell", row=number, limit=limits.max_cell)
        return _UNPRINTABLE.sub("", cell).strip() or None
    if isinstance(cell, float) and not isfinite(cell):
        return str(cell)
    if cell is None or isinstance(cell, (bool, int, float)):
        return cell
    if isinstance(cell, datetime):
        # a serial number's fraction of a day is a second off by a few microseconds
        cell = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return str(cell.date() if cell.time() == time.min else cell)
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)[: limits.max_cell]


# --- workbooks ------------------------------------------------------------


def _open_workbook(data, limits):
    """First visible worksheet; the values of formulas, not the formulas."""
    _check_archive(data, limits)
    try:
        with warnings.catch_warnings():
            # what it warns of (styles, extensions it leaves out) does not touch values
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            worksheet = (visible or book.worksheets)[0]
            # some programs write a wrong extent; rows are counted as they come
            worksheet.reset_dimensions()
            rows = worksheet.iter_rows(values_only=True)
            from_1904 = book.epoch.year == 1904
    except Exception as error:
        # the bytes are a stranger's: whatever the reader stumbles over
        # (KeyError, ParseError, zlib.error …) means that they are no workbook
        raise SpreadsheetError("damaged") from error
    return Sheet([], _worksheet_rows(rows), from_1904=from_1904)


def _check_archive(data, limits):
    """Refuse what would not be a workbook, or far more than it looks."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if len(members) > ZIP_MEMBERS:
                raise SpreadsheetError("unpacked", limit=limits.max_unpacked)
            if sum(member.file_size for member in members) > limits.max_unpacked:
                raise SpreadsheetError("unpacked", limit=limits.max_unpacked)
            if "[Content_Types].xml" not in names or any(
                member.flag_bits & 1 for member in members
            ):
                raise SpreadsheetError("binary")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        start = part.read(4096).replace(b"\0", b"")
                    # workbooks have no document type; entities in one can be a bomb
                    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                        raise SpreadsheetError("damaged")
    except SpreadsheetError:
        raise
    except Exception as error:
        # as above: zipfile raises a dozen kinds of error over damaged archives
        raise SpreadsheetError("damaged") from error


def _worksheet_rows(rows):
    """Numbered rows, read some at a time so that no warning reaches the log."""
    numbered = enumerate(rows, 1)
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                block = list(islice(numbered, ROWS_AT_ONCE))
        except Exception as error:
            # as above: a sheet can be damaged in its middle
            raise SpreadsheetError("damaged") from error
        if not block:
            return
        if block[-1][0] > WORKSHEET_ROWS:
            raise SpreadsheetError("too_many_rows", limit=WORKSHEET_ROWS)
        yield from block


# --- text -----------------------------------------------------------------


def _open_text(data, limits, encoding, delimiter):
    text, encoding = _decode(data, encoding)
    if _UNPRINTABLE.search(text) or _is_markup(text) or not _is_writing(text):
        raise SpreadsheetError("binary")
    first, _, rest = text.partition("\n")
    if stated := re.fullmatch(r"\s*sep=(.)\s*", first, re.IGNORECASE):
        # a hint of Excel to itself, no row
        delimiter, text = delimiter or stated[1], rest
    delimiter = delimiter or _find_delimiter(text)
    return Sheet([], _text_rows(text, delimiter, limits), encoding=encoding, delimiter=delimiter)


def _decode(data, encoding):
    """Text of the bytes and the encoding they turned out to be in."""
    for mark, marked in _BOMS:
        if data.startswith(mark):
            candidates = [marked]
            break
    else:
        candidates = [encoding] if encoding else [_wide(data), "utf-8", "gb18030"]
    for candidate in filter(None, candidates):
        try:
            return data.decode(candidate), candidate
        except UnicodeDecodeError:
            continue
    if encoding:
        raise SpreadsheetError("encoding", encoding=encoding)
    raise SpreadsheetError("binary")


def _wide(data):
    """UTF-16 without a mark shows by zero bytes at every other place only."""
    even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
    if odd and not even:
        return "utf-16-le"
    if even and not odd:
        return "utf-16-be"
    return None


def _is_markup(text):
    return re.match(
        r"\s*(?:<\?xml|<!doctype|<html|<table|<meta|%PDF-|\{\\rtf)", text, re.IGNORECASE
    )


def _is_writing(text):
    """Whether the characters exist: bytes of another kind decode to unassigned ones."""
    foreign = re.findall(r"[^\x00-\x7f]", text[:200_000])[:20_000]
    unknown = sum(unicodedata.category(char) in ("Cn", "Co", "Cc") for char in foreign)
    return unknown * 50 <= len(foreign)


def _find_delimiter(text):
    """The separator that the first line with anything in it has most of, outside quotes."""
    for line in io.StringIO(text[:100_000]):
        if line.strip():
            bare = re.sub(r'"[^"]*"', "", line)
            return max(DELIMITERS, key=bare.count)
    return ","


def _text_rows(text, delimiter, limits):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if "field larger" in str(error):
                raise SpreadsheetError("long_cell", row=number, limit=limits.max_cell) from error
            raise SpreadsheetError("quotes", row=number) from error
        if cells is None:
            return
        yield number, cells
