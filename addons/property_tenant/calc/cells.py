"""What stands in a cell of a spreadsheet, read as text, number, date, yes or no, or choice.

A cell is ``str | int | float | bool | None``. Dates that a spreadsheet knows as
dates arrive as ISO text (``2024-03-01`` or ``2024-03-01 10:30:00``); see
``calc.spreadsheet``. Every function returns ``None`` for an empty cell and
raises ``CellError`` for one that cannot be read, never anything else.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

#: what a spreadsheet shows where a formula failed
SPREADSHEET_ERRORS = {
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
}

YES = {"yes", "y", "true", "t", "1", "x", "on", "是", "有", "对", "真", "√", "✓", "✔"}
NO = {"no", "n", "false", "f", "0", "off", "否", "无", "没有", "不", "错", "假", "×", "✗"}

#: spreadsheets keep 15 digits of a number; a longer one has lost its end
PRECISE_BELOW = 10**15

#: serial numbers of 1950-01-01 and 2099-12-31; smaller ones are years or counts
SERIAL_FIRST, SERIAL_LAST = 18264, 73050
#: days between the two calendars that a workbook can count in
DAYS_1904 = 1462

YEAR_FIRST, YEAR_LAST = 1900, 2199

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?")
_CUT_OFF = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_NUMBER = {
    mark: re.compile(
        rf"(?P<whole>\d*|\d{{1,3}}(?P<group>[{group} '])\d{{3}}(?:(?P=group)\d{{3}})*)"
        rf"(?:{mark}(?P<fraction>\d*))?(?P<exponent>E[-+]?\d{{1,2}})?",
        re.IGNORECASE,
    )
    for mark, group in ((r"\.", ","), (",", "."))
}


class CellError(Exception):
    """A cell that cannot be read as its column asks.

    ``code`` says why, ``figures`` holds what a message about it names; the
    message itself is made where the reader's language is known.
    """

    def __init__(self, code, **figures):
        super().__init__(code)
        self.code = code
        self.figures = figures


def normal(text):
    """``text`` with full-width characters made ordinary and outer blanks removed."""
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()


def fold(text):
    """Form of ``text`` in which spelling by case, width and blanks does not differ."""
    return re.sub(r"[\s_\-]+", " ", normal(text)).casefold().strip()


def text_of(cell):
    """A cell as a person sees it, as text; empty text for an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < PRECISE_BELOW:
            return str(int(cell))
        return format(cell, ".15g")
    return str(cell)


def _filled(cell):
    """Text of the cell without outer blanks, or ``None``; refuses failed formulas."""
    text = text_of(cell).strip()
    if not text:
        return None
    if text.upper() in SPREADSHEET_ERRORS:
        raise CellError("formula", value=text)
    return text


def to_text(cell, max_length=None):
    """Text of a cell; numbers as typed, without a spreadsheet's ``.0``.

    A number so long that the spreadsheet has cut its last digits off
    (``4.40301E+17``) is refused: it would look right and be wrong.
    """
    text = _filled(cell)
    if text is None:
        return None
    number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if (number and abs(cell) >= PRECISE_BELOW) or _CUT_OFF.fullmatch(text):
        raise CellError("cut_off", value=text)
    if max_length and len(text) > max_length:
        raise CellError("too_long", length=len(text), limit=max_length)
    return text


def to_decimal(cell, comma=False, percent=False):
    """Exact number of a cell.

    ``comma``: the decimal mark is a comma and points group thousands;
    otherwise the other way round. Groups must be of three digits, so that
    ``12,5`` is refused and not read as 125. Numbers that the spreadsheet
    itself knows as numbers need no mark. ``percent``: ``13%`` is 0.13.
    """
    text = _filled(cell)
    if text is None:
        return None
    if isinstance(cell, bool):
        raise CellError("number", value=text)
    if isinstance(cell, (int, float)):
        return _checked_number(text, text)
    plain = normal(text)
    if plain.startswith(("¥", "$", "€")):
        plain = plain[1:].strip()
    is_percent = percent and plain.endswith("%")
    if is_percent:
        plain = plain[:-1].strip()
    sign = ""
    if plain.startswith(("+", "-")):
        sign, plain = plain[0], plain[1:].strip()
    number = _checked_number(sign + _ungrouped(plain, comma, text), text)
    return number / 100 if is_percent else number


def _ungrouped(plain, comma, text):
    """The digits without grouping marks and with a decimal point."""
    found = _NUMBER["," if comma else r"\."].fullmatch(plain)
    if not found or not (found["whole"] or found["fraction"]):
        raise CellError("number", value=text)
    whole = found["whole"].replace(found["group"], "") if found["group"] else found["whole"]
    return f"{whole or 0}.{found['fraction'] or 0}{found['exponent'] or ''}"


def _checked_number(plain, text):
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise CellError("number", value=text) from None
    if not number.is_finite():
        raise CellError("number", value=text)
    if abs(number) >= PRECISE_BELOW:
        raise CellError("too_big", value=text)
    return number


def to_integer(cell, comma=False):
    """Whole number of a cell; ``12.0`` is one, ``12.5`` is refused."""
    number = to_decimal(cell, comma=comma)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise CellError("whole", value=text_of(cell))
    if abs(number) >= 2**31:
        raise CellError("too_big", value=text_of(cell))
    return int(number)


def to_boolean(cell):
    """Yes or no, as words, digits or marks, in English and Chinese."""
    text = _filled(cell)
    if text is None:
        return None
    if isinstance(cell, bool):
        return cell
    word = fold(text)
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellError("boolean", value=text)


def to_selection(cell, choices):
    """Key of the choice that the cell names.

    ``choices``: mapping from the folded spelling (see ``fold``) of every key
    and label, in whatever languages, to the key.
    """
    text = _filled(cell)
    if text is None:
        return None
    try:
        return choices[fold(text)]
    except KeyError:
        raise CellError("choice", value=text) from None


def to_date(cell, day_first=True, from_1904=False):
    """Date of a cell in one of these notations:

    ``2024-03-01``, ``2024/3/1``, ``20240301``, ``1.3.2024`` or ``01/03/2024``
    (the day first, or the month when ``day_first`` is false), ``2024年3月1日``,
    and the serial number that spreadsheets count days with (from the end of
    1899, or of 1903 when ``from_1904``). A time of day behind it is dropped.
    """
    moment = to_datetime(cell, day_first=day_first, from_1904=from_1904)
    return moment and moment.date()


def to_datetime(cell, day_first=True, from_1904=False):
    """Date and time of day of a cell, as written (no time zone); midnight when it has no time.

    The notations are those of ``to_date``, followed by a time such as
    ``10:30`` or ``10:30:15``.
    """
    text = _filled(cell)
    if text is None:
        return None
    if isinstance(cell, bool):
        raise CellError("date", value=text)
    if isinstance(cell, (int, float)) and not _DIGITS.fullmatch(text):
        return _serial_moment(cell, text, from_1904)
    plain = normal(text)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain):
        return _serial_moment(float(plain), text, from_1904)
    if "年" in plain:
        day_text, mark, time_text = plain.partition("日")
        day_text = re.sub(r"\s", "", day_text) + mark
    else:
        day_text, _, time_text = re.sub(r"[T\s]+", " ", plain).partition(" ")
    return datetime.combine(
        _written_date(day_text, text, day_first), _written_time(time_text.strip(), text)
    )


def _serial_moment(number, text, from_1904):
    if from_1904:
        number += DAYS_1904
    if not SERIAL_FIRST <= number < SERIAL_LAST + 1:
        raise CellError("date", value=text)
    seconds = round((number % 1) * 86400)
    return datetime(1899, 12, 30) + timedelta(days=int(number), seconds=seconds)


def _written_date(plain, text, day_first):
    if found := _ISO.fullmatch(plain):
        year, month, day = found[1], found[3], found[4]
    elif found := _DIGITS.fullmatch(plain) or _CHINESE.fullmatch(plain):
        year, month, day = found.groups()
    elif found := _PARTS.fullmatch(plain):
        day, month, year = found[1], found[3], found[4]
        if not day_first:
            day, month = month, day
    else:
        raise CellError("date", value=text)
    try:
        result = date(int(year), int(month), int(day))
    except ValueError:
        raise CellError("no_such_day", value=text) from None
    if not YEAR_FIRST <= result.year <= YEAR_LAST:
        raise CellError("year", value=text, first=YEAR_FIRST, last=YEAR_LAST)
    return result


def _written_time(plain, text):
    if not plain:
        return time.min
    found = _TIME.fullmatch(plain)
    if not found:
        raise CellError("date", value=text)
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        raise CellError("date", value=text) from None
