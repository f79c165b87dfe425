"""Columns that an import asks for, rows that it got, and which heading means which column."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from .cells import (
    CellError,
    fold,
    to_boolean,
    to_date,
    to_datetime,
    to_decimal,
    to_integer,
    to_selection,
    to_text,
)

TYPES = (
    "text",
    "integer",
    "decimal",
    "percent",
    "boolean",
    "date",
    "datetime",
    "selection",
)

#: headings of the two columns behind the bad rows, by language; they carry
#: nothing to import, so a corrected file counts as one of the same headings
REASON_HEADINGS = {
    "en": ("Row in the File", "Reason to Correct"),
    "zh": ("原文件行号", "需更正的原因"),
}


@dataclass(frozen=True)
class Column:
    """One column of a kind of import.

    ``name`` is its key, ``label`` the heading in the reader's language.
    ``aliases`` are further headings by which it is recognised, in any
    language. ``selection`` maps each key to the list of its spellings, the
    first of which the template names. ``multiple``: several choices or texts
    separated by commas or semicolons; the value is a list.
    """

    name: str
    label: str
    type: str = "text"
    required: bool = False
    aliases: tuple = ()
    help: str = ""
    sample: str = ""
    selection: dict = field(default_factory=dict)
    max_length: int = 0
    multiple: bool = False

    def __post_init__(self):
        if self.type not in TYPES:
            raise ValueError(f"column {self.name}: no such type: {self.type}")

    def choices(self):
        """Mapping from folded spellings to keys, see ``cells.to_selection``."""
        found = {}
        for key, spellings in self.selection.items():
            for spelling in (key, *spellings):
                found.setdefault(fold(spelling), key)
        return found


@dataclass
class Row:
    """A row on its way from the file to the record.

    ``values`` has the columns that the file has; ``None`` is an empty cell.
    ``record`` is the existing record (``None``: a new one), ``vals`` what to
    write on it, ``result`` what came of it: created, updated or unchanged.
    ``extra`` is for what a kind carries from preparing to writing.
    """

    number: int
    values: dict
    reasons: list = field(default_factory=list)
    record: object = None
    vals: dict = field(default_factory=dict)
    result: str = ""
    extra: dict = field(default_factory=dict)

    def fail(self, reason):
        """Make the row a bad one; ``reason`` is a sentence for the user."""
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(frozen=True)
class Options:
    """How the file is to be read: see ``cells``. ``create_missing``: small
    things that rows refer to (a building, a tag) are made when missing."""

    day_first: bool = True
    decimal_comma: bool = False
    from_1904: bool = False
    create_missing: bool = False


class Reader:
    """Reads cells as the values of columns; knows the choices by heart."""

    def __init__(self, columns, options):
        self.options = options
        self.choices = {column.name: column.choices() for column in columns if column.selection}

    def value(self, column, cell):
        """Value of ``cell`` in ``column`` (``None``: empty); raises ``CellError``."""
        if column.multiple:
            return self._list(column, cell)
        return self._one(column, cell)

    def _one(self, column, cell):
        options = self.options
        match column.type:
            case "text":
                return to_text(cell, column.max_length or None)
            case "integer":
                return to_integer(cell, comma=options.decimal_comma)
            case "decimal" | "percent":
                return to_decimal(
                    cell, comma=options.decimal_comma, percent=column.type == "percent"
                )
            case "boolean":
                return to_boolean(cell)
            case "selection":
                return to_selection(cell, self.choices.get(column.name, {}))
        read = to_date if column.type == "date" else to_datetime
        return read(cell, day_first=options.day_first, from_1904=options.from_1904)

    def _list(self, column, cell):
        text = to_text(cell)
        if text is None:
            return None
        parts = [part.strip() for part in re.split(r"[,;，；、\n]", text)]
        return list(dict.fromkeys(self._one(column, part) for part in parts if part))


def fold_heading(text):
    """Form of a heading in which case, width, blanks and punctuation do not differ."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(char for char in text.casefold() if char.isalnum())


def _without_brackets(text):
    return re.sub(r"\([^)]*\)|\[[^\]]*\]", "", unicodedata.normalize("NFKC", text))


def heading_keys(header):
    """By what the headings are remembered: folded, the repeated ones numbered."""
    seen = Counter()
    keys = []
    for heading in header:
        key = fold_heading(heading)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys


def match_headings(header, columns, remembered=None):
    """Which column each heading means: a list of names or ``None``, one per heading.

    ``remembered`` maps ``heading_keys`` to names (or ``None``: left out) and
    rules alone when given; otherwise labels, names and aliases are compared,
    first with what stands in brackets (a unit of measure) and then without.
    No column is given twice: the first heading that means it gets it.
    """
    names = {column.name for column in columns}
    if remembered is not None:
        wanted = [(remembered.get(key),) for key in heading_keys(header)]
    else:
        known = _known_headings(columns)
        wanted = [
            (known.get(fold_heading(text)), known.get(fold_heading(_without_brackets(text))))
            for text in header
        ]
    taken = set()
    found = []
    for candidates in wanted:
        name = next((name for name in candidates if name in names and name not in taken), None)
        taken.add(name)
        found.append(name)
    return found


def _known_headings(columns):
    known = {}
    for column in columns:
        for text in (column.label, column.name, _without_brackets(column.label)):
            known.setdefault(fold_heading(text), column.name)
    for column in columns:
        for alias in column.aliases:
            known.setdefault(fold_heading(alias), column.name)
    known.pop("", None)
    return known


def heading_signature(header):
    """Short text that is equal for headings with the same words, in whatever order."""
    ours = {fold_heading(text) for texts in REASON_HEADINGS.values() for text in texts}
    words = sorted(key for key in heading_keys(header) if key not in ours)
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:32]


def read_row(number, cells, mapping, reader):
    """The ``Row`` of ``cells`` and its errors.

    ``mapping``: ``(index, Column)`` pairs. Returns the row and a list of
    ``(column, CellError)``; a required cell that is empty is an error of code
    ``required``.
    """
    row = Row(number, {})
    errors = []
    for index, column in mapping:
        try:
            value = reader.value(column, cells[index] if index < len(cells) else None)
            if value is None and column.required:
                raise CellError("required")
            row.values[column.name] = value
        except CellError as error:
            errors.append((column, error))
    return row, errors


def in_batches(rows, size, group_of=None):
    """``rows`` in lists of about ``size``, in order.

    With ``group_of`` (a function from row to key; ``None``: belongs to no
    other) rows of one key stay together in the order they came, behind the
    first of them; a batch is longer than ``size`` only to keep them together.
    """
    if group_of is None:
        groups = ([row] for row in rows)
    else:
        by_key = {}
        for position, row in enumerate(rows):
            key = group_of(row)
            by_key.setdefault((position,) if key is None else (None, key), []).append(row)
        groups = by_key.values()
    batch = []
    for group in groups:
        if batch and len(batch) + len(group) > size:
            yield batch
            batch = []
        batch.extend(group)
    if batch:
        yield batch
