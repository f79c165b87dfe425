import base64
import binascii
from dataclasses import dataclass
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..calc.cells import CellError, text_of
from ..calc.columns import (
    Options,
    Reader,
    heading_keys,
    heading_signature,
    in_batches,
    match_headings,
)
from ..calc.spreadsheet import Limits, SpreadsheetError, open_sheet
from .property_import_options import DELIMITER_CHARS, IMPORTERS

SAMPLE_ROWS = 3
LISTED_LINES = 200

#: what the program alone writes
ENGINE_FIELDS = {"state", "user_id", "row_count", "problem", "date_done", "batch_ids", "line_ids"}
#: what may no longer change once the file is checked
INPUT_FIELDS = {
    "kind",
    "file",
    "filename",
    "company_id",
    "encoding",
    "delimiter",
    "header_row",
    "date_order",
    "decimal_mark",
    "create_missing",
    "column_ids",
}
#: what changes how the columns of the file are read
COLUMN_INPUTS = {"kind", "file", "encoding", "delimiter", "header_row"}


@dataclass(frozen=True)
class Reading:
    """How the rows of one import are read: see ``calc.columns.read_row``."""

    mapping: list
    reader: Reader
    options: Options
    width: int


class PropertyImport(models.Model):
    """A file of units, parties or the like on its way into the database.

    Draft: file, kind and the meaning of its columns. Checked: a dry run has
    said what would become of every row. Done: the good rows are imported.
    Files above a number of rows are worked on by background jobs, batch after
    batch in the order of the file; small ones at once.
    """

    _name = "property.import"
    _description = "Import"
    _inherit = ["property.import.options"]
    _order = "id desc"
    _check_company_auto = True

    kind = fields.Selection(selection="_selection_kind", string="What to Import", required=True)
    file = fields.Binary(string="Spreadsheet", attachment=True, copy=False, groups=IMPORTERS)
    filename = fields.Char(copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Imported by",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("checking", "Being Checked"),
            ("checked", "Checked"),
            ("importing", "Being Imported"),
            ("stopped", "Stopped"),
            ("done", "Imported"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
    )
    from_1904 = fields.Boolean(readonly=True, copy=False)
    problem = fields.Text(readonly=True, copy=False)
    date_done = fields.Datetime(string="Imported on", readonly=True, copy=False)
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    column_ids = fields.One2many("property.import.column", "import_id", string="Columns")
    missing_columns = fields.Char(compute="_compute_missing_columns")
    batch_ids = fields.One2many("property.import.batch", "import_id", readonly=True)
    line_ids = fields.One2many("property.import.line", "import_id", readonly=True)
    bad_line_ids = fields.Many2many(
        "property.import.line", string="Bad Rows", compute="_compute_bad_line_ids"
    )
    count_created = fields.Integer(string="New", compute="_compute_counts")
    count_updated = fields.Integer(string="Changed", compute="_compute_counts")
    count_unchanged = fields.Integer(string="Unchanged", compute="_compute_counts")
    count_bad = fields.Integer(string="Bad", compute="_compute_counts")
    count_good = fields.Integer(
        string="Good", compute="_compute_counts", help="Rows that would change something."
    )
    progress = fields.Float(
        compute="_compute_counts", help="Part of the rows that is done, in percent."
    )

    # --- fields -----------------------------------------------------------

    @api.model
    def _selection_kind(self):
        return [
            (key, kind._kind_label())
            for key, kind in self.env["property.import.kind"]._kinds().items()
            if kind._is_allowed()
        ]

    @api.depends("kind", "filename")
    def _compute_display_name(self):
        labels = dict(self._selection_kind())
        for record in self:
            parts = [labels.get(record.kind), record.filename]
            record.display_name = " – ".join(part for part in parts if part)

    @api.depends("kind", "column_ids.target_id")
    def _compute_missing_columns(self):
        for record in self:
            record.missing_columns = ", ".join(
                column.label for column in record._get_missing_columns()
            )

    def _get_missing_columns(self):
        """Required columns that no column of the file stands for."""
        if not self.kind or not self.column_ids:
            return []
        mapped = set(self.column_ids.target_id.mapped("name"))
        return [
            column
            for column in self._get_kind()._columns()
            if column.required and column.name not in mapped
        ]

    @api.depends("state", "row_count", "batch_ids.state")
    def _compute_counts(self):
        names = ["created", "updated", "unchanged", "bad"]
        sums = self.env["property.import.batch"]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "state"],
            ["row_count:sum", *(f"count_{name}:sum" for name in names)],
        )
        for record in self:
            mine = [row for row in sums if row[0] == record._origin]
            for position, name in enumerate(names):
                record[f"count_{name}"] = sum(row[3 + position] for row in mine)
            record.count_good = record.count_created + record.count_updated
            left = {"checking": ("new",), "importing": ("checked",), "stopped": ("checked",)}
            waiting = sum(row[2] for row in mine if row[1] in left.get(record.state, ()))
            total = record.row_count
            record.progress = 100.0 * (total - waiting) / total if total and mine else 0.0

    @api.depends("line_ids")
    def _compute_bad_line_ids(self):
        for record in self:
            record.bad_line_ids = self.env["property.import.line"].search(
                [("import_id", "=", record._origin.id), ("result", "=", "bad")],
                limit=LISTED_LINES,
            )

    # --- access and input -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_input(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_input(vals)
        if not self.env.su and INPUT_FIELDS & vals.keys():
            for record in self:
                if record.state != "draft":
                    raise UserError(
                        self.env._(
                            "The import %(import)s has been checked. Press Change before you"
                            " change what is imported or how.",
                            **{"import": record.display_name},
                        )
                    )
        drafts = all(record.state == "draft" for record in self)
        if drafts and COLUMN_INPUTS & vals.keys() and "column_ids" not in vals:
            vals = {**vals, "column_ids": [Command.clear()]}
        return super().write(vals)

    def _check_input(self, vals):
        """Refuse what users may not set, whatever they call."""
        if self.env.su:
            return
        kind = self.env["property.import.kind"]._kinds().get(vals.get("kind"))
        if kind is not None:
            kind._check_allowed()
        natural = {} if self else {"state": "draft", "user_id": self.env.uid}
        for name in sorted(ENGINE_FIELDS & vals.keys()):
            if vals[name] != natural.get(name):
                raise AccessError(
                    self.env._(
                        "%(field)s of an import follows from what is done with it and cannot be"
                        " set.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_under_way(self):
        for record in self:
            if record.state in ("checking", "importing", "stopped", "done"):
                raise UserError(
                    self.env._(
                        "The import %(import)s has begun and stays on record.",
                        **{"import": record.display_name},
                    )
                )

    def _in_company(self):
        """The record with its company as the only one allowed."""
        return self.with_context(allowed_company_ids=self.company_id.ids)

    def _get_kind(self):
        """The kind of import, in the company of the record."""
        self.ensure_one()
        kinds = self._in_company().with_context(property_import_id=self._origin.id).env
        return kinds["property.import.kind"]._kinds()[self.kind]

    def _limit(self, name):
        """A limit of the company, see ``IMPORT_LIMITS``."""
        # limits are no secret, and everybody who imports must be held to them
        return (self.company_id or self.env.company).sudo()[f"pm_{name}"]

    def _is_short(self):
        """Whether the file is small enough to be worked on at once, every row listed."""
        return self.row_count <= self._limit("import_inline_rows")

    # --- reading the file -------------------------------------------------

    def _open_sheet(self):
        """The file as a table; a sentence for the user when it is none."""
        self.ensure_one()
        content = self.file
        if self.env.context.get("bin_size"):
            # the client has asked for sizes instead of contents
            content = self.with_context(bin_size=False).file or content
        if not content:
            raise UserError(self.env._("Choose a spreadsheet first."))
        limits = Limits(
            max_bytes=self._limit("import_max_megabytes") * 1024 * 1024,
            max_rows=self._limit("import_max_rows"),
            max_columns=self._limit("import_max_columns"),
        )
        try:
            return open_sheet(
                self._get_kind()._sheet_of(base64.b64decode(content), limits.max_bytes),
                limits,
                encoding=self.encoding or None,
                delimiter=DELIMITER_CHARS.get(self.delimiter),
                header_row=max(self.header_row, 0) or None,
            )
        except SpreadsheetError as error:
            raise self._file_error(error) from error
        except binascii.Error as error:
            raise self._file_error(SpreadsheetError("damaged")) from error

    def _file_error(self, error):
        """``UserError`` with the sentence for a ``SpreadsheetError``."""
        texts = {
            "empty": self.env._("The file %(file)s is empty. Choose another."),
            "no_rows": self.env._("The file %(file)s has a heading, but no rows below it."),
            "no_heading": self.env._(
                "The file %(file)s has nothing in row %(header)s. Correct the row of the heading."
            ),
            "too_many_bytes": self.env._(
                "The file %(file)s has %(size)s bytes; %(limit)s are allowed. Split it into"
                " several files."
            ),
            "too_many_rows": self.env._(
                "The file %(file)s has more than %(limit)s rows. Split it into several files."
            ),
            "too_many_columns": self.env._(
                "The file %(file)s has more than %(limit)s columns. Delete those you do not need."
            ),
            "unpacked": self.env._(
                "The file %(file)s is far larger inside than outside and is not opened. Copy the"
                " rows into a new workbook."
            ),
            "long_cell": self.env._(
                "Row %(row)s of %(file)s has a cell of more than %(limit)s characters. Shorten it,"
                " or look for a missing quotation mark."
            ),
            "quotes": self.env._(
                "The quotation marks in row %(row)s of %(file)s do not match. Correct them, or"
                " save the file as xlsx."
            ),
            "encoding": self.env._(
                "The file %(file)s is not written in the chosen encoding. Choose another, or leave"
                " the choice empty."
            ),
            "binary": self.env._(
                "The file %(file)s is no table. Save it as xlsx or csv and choose that file."
            ),
            "old_format": self.env._(
                "The file %(file)s is an old xls workbook, or has a password. Save it as xlsx"
                " without one."
            ),
            "damaged": self.env._(
                "The file %(file)s is damaged and cannot be read. Open it in a spreadsheet program"
                " and save it again as xlsx."
            ),
        }
        return UserError(
            texts[error.code]
            % {"file": self.filename or "", "header": self.header_row, **error.figures}
        )

    @api.onchange("kind", "file", "encoding", "delimiter", "header_row")
    def _onchange_file(self):
        self.column_ids = [Command.clear()]
        if not (self.kind and self.file):
            return None
        try:
            self.update(self._read_columns())
        except UserError as error:
            return {"warning": {"title": self.env._("Spreadsheet"), "message": str(error)}}
        return None

    def _read_columns(self):
        """Values for the columns of the file and what they seem to mean."""
        sheet = self._open_sheet()
        samples = self._take(sheet, SAMPLE_ROWS)
        known = self.env["property.import.mapping"]._find(
            self.company_id, self.kind, heading_signature(sheet.header)
        )
        names = match_headings(
            sheet.header,
            self._get_kind()._columns(),
            remembered=known.names if known else None,
        )
        by_name = self.env["property.import.target"]._by_name(self.kind)
        columns = []
        for index, (heading, name) in enumerate(zip(sheet.header, names, strict=True)):
            sample = [text_of(cells[index]) for _number, cells in samples]
            columns.append(
                {
                    "index": index,
                    "heading": heading[:200],
                    "sample": " · ".join(filter(None, sample))[:200],
                    "target_id": name and by_name[name].id,
                }
            )
        values = {"column_ids": [Command.clear(), *(Command.create(column) for column in columns)]}
        if known:
            values.update(date_order=known.date_order, decimal_mark=known.decimal_mark)
        return values

    def _take(self, sheet, count=None):
        """The first ``count`` rows of the sheet, or all of them."""
        try:
            return list(islice(sheet.rows, count))
        except SpreadsheetError as error:
            raise self._file_error(error) from error

    def _first_rows(self, count):
        return self._take(self._open_sheet(), count)

    def _get_reading(self):
        """How the rows are read, from the columns and options of the record."""
        columns = {column.name: column for column in self._get_kind()._columns()}
        options = Options(
            day_first=self.date_order == "day",
            decimal_comma=self.decimal_mark == "comma",
            from_1904=self.from_1904,
            create_missing=self.create_missing,
        )
        mapping = [
            (column.index, columns[column.target_id.name])
            for column in self.column_ids
            if column.target_id.name in columns
        ]
        reader = Reader([column for _index, column in mapping], options)
        return Reading(mapping, reader, options, len(self.column_ids))

    def _check_ready(self):
        """Refuse to begin without file, kind and all required columns."""
        self.ensure_one()
        self._get_kind()._check_allowed()
        if not self.column_ids:
            self.write(self._read_columns())
        targets = self.column_ids.target_id
        if len(targets) != len(self.column_ids.filtered("target_id")):
            raise UserError(
                self.env._(
                    "Two columns of the file are imported as the same. Leave one of them out."
                )
            )
        if self.missing_columns:
            raise UserError(
                self.env._(
                    "No column of the file %(file)s is imported as: %(columns)s. Choose the"
                    " columns that are, or add them to the file.",
                    file=self.filename or "",
                    columns=self.missing_columns,
                )
            )

    def _remember_columns(self):
        header = [column.heading or "" for column in self.column_ids]
        names = [column.target_id.name or None for column in self.column_ids]
        self.env["property.import.mapping"]._remember(
            self.company_id,
            self.kind,
            heading_signature(header),
            {
                "names": dict(zip(heading_keys(header), names, strict=True)),
                "headings": ", ".join(filter(None, header))[:200],
                "date_order": self.date_order,
                "decimal_mark": self.decimal_mark,
            },
        )

    def _read_rows(self):
        """Cut the file into batches, marking rows whose key came before."""
        sheet = self._open_sheet()
        # row counts, batches and lines are the program's books: users may read
        # them, and nothing of what they could write in them is trusted
        books = self.sudo()
        books.from_1904 = sheet.from_1904
        reading = self._get_reading()
        kind = self._get_kind()
        by_name = {column.name: (index, column) for index, column in reading.mapping}

        def key_of(cells, names):
            try:
                return tuple(
                    reading.reader.value(column, cells[index])
                    for index, column in (by_name[name] for name in names)
                )
            except (CellError, KeyError):
                # the row is bad anyway, or has no such column: nothing to compare
                return None

        seen = {}
        rows = []
        for number, cells in self._take(sheet):
            key = key_of(cells, kind._kind_key)
            known = bool(key) and None not in key
            earlier = seen.setdefault(key, number) if known else number
            if not sheet.delimiter:
                # in a workbook, what stands beside the table is a note; in a text
                # it is a cell cut in two by a separator, and told as an error
                cells = cells[: reading.width]
            rows.append([number, cells, earlier if earlier != number else 0])
        grouping = kind._kind_group_by
        batches = in_batches(
            rows,
            self._limit("import_batch_rows"),
            (lambda row: key_of(row[1], grouping)) if grouping else None,
        )
        books.batch_ids.unlink()
        books.batch_ids.create(
            [
                {"import_id": self.id, "sequence": sequence, "rows": batch, "row_count": len(batch)}
                for sequence, batch in enumerate(batches)
            ]
        )
        books.row_count = len(rows)
