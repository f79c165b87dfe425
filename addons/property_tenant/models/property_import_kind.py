from decimal import Decimal

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, float_compare

PREFIX = "property.import.kind."

# What a bad row can raise. Anything else is a fault of the program and stops
# the import with a traceback in the log; so do failed serializations, which
# the caller retries.
ROW_ERRORS = (UserError, psycopg2.IntegrityError, psycopg2.DataError)


class PropertyImportKind(models.AbstractModel):
    """What can be imported from a spreadsheet; base of all kinds.

    A kind is an abstract model whose name begins with
    ``property.import.kind.`` and that inherits this one. It sets the
    attributes below, names its columns in ``_columns`` and turns rows into
    values in ``_prepare``; writing is done here. Everything runs as the user
    who imports, with the import's company alone allowed, so that the user's
    access rights and estates hold.

    The dry run does what the import does and rolls it back: whatever a model
    refuses is the reason of a bad row, in the model's own words.
    """

    _name = "property.import.kind"
    _description = "Kind of Import"

    #: key of the kind in ``property.import.kind``
    _kind = None
    #: place in the list of kinds
    _kind_sequence = 100
    #: model that is written to; the right to create in it is asked for
    _kind_model = None
    #: xml id of the group that may use the kind
    _kind_group = "property_tenant.group_manager"
    #: columns that together name a record; a second row of the same is refused. None: the kind
    #: itself tells records apart
    _kind_key = ()
    #: columns by which rows stay together in one batch, in the order of the file
    _kind_group_by = ()
    #: no unique constraint stands behind the key: imports take turns
    _kind_guard = False

    # --- what a kind says -------------------------------------------------

    @api.model
    def _kind_label(self):
        """Name of the kind for the user."""
        return self._description

    @api.model
    def _columns(self):
        """Columns of the kind as a list of ``calc.columns.Column``."""
        return []

    def _sheet_of(self, content, max_bytes):
        """The bytes of the table in the bytes of the file; other kinds of files unpack it."""
        return content

    def _prepare(self, rows, options):
        """Resolve the references of all ``rows`` at once (never a query per row).

        Every row gets either ``row.fail(reason)``, or ``row.vals`` and, for an
        existing record, ``row.record`` and in ``row.vals`` only what changes
        (see ``_changes``). ``row.values`` are read by then.
        """

    def _write_rows(self, rows, options):
        """Create and change records for good ``rows``, in bulk.

        Sets ``row.record`` and ``row.result``. It may be called again with a
        part of the rows after a rollback, so ``row.vals`` is not changed here.
        """
        model = self.env[self._kind_model]
        new = [row for row in rows if row.record is None]
        # what is on record makes room first: the old tenant ends, then the new one begins
        for row in rows:
            if row.record is not None:
                vals = self._final_values(row)
                row.result = "updated" if vals else "unchanged"
                if vals:
                    row.record.write(self._to_orm(model, vals))
        model.flush_model()
        # a line of the chatter for each of thousands of new records says
        # nothing and takes most of the time; changes are tracked as always
        created = model.with_context(tracking_disable=True, mail_create_nosubscribe=True).create(
            [self._to_orm(model, self._final_values(row)) for row in new]
        )
        for row, record in zip(new, created.with_env(self.env), strict=True):
            row.record, row.result = record, "created"
        self._after_write(rows, options)

    def _final_values(self, row):
        """``row.vals``, and what a kind knows only when it writes."""
        return row.vals

    def _after_write(self, rows, options):
        """Place for what goes into other models; ``row.record`` is set for all."""

    # --- which kinds there are --------------------------------------------

    @api.model
    def _kinds(self):
        """Mapping from key to kind, all of them, in order."""
        kinds = [self.env[name] for name in self.env.registry if name.startswith(PREFIX)]
        kinds.sort(key=lambda kind: (kind._kind_sequence, kind._kind))
        return {kind._kind: kind for kind in kinds}

    def _is_allowed(self):
        """Whether the user may import this kind at all."""
        return self.env.su or self.env.user.has_group(self._kind_group)

    def _check_allowed(self):
        """Refuse users who lack the kind's group or the right to create its records."""
        if not self._is_allowed():
            raise AccessError(
                self.env._(
                    "You may not import %(kind)s. Ask someone with the role %(role)s.",
                    kind=self._kind_label(),
                    # the name of a role is no secret
                    role=self.env.ref(self._kind_group).sudo().display_name,
                )
            )
        self.env[self._kind_model].check_access("create")

    def init(self):
        result = super().init()
        if self._kind:
            self.env.registry.post_init(self._update_targets)
        return result

    def _update_targets(self):
        """Keep the list from which the mapping screen offers columns up to date."""
        self.env["property.import.target"]._update(
            self._kind, [column.name for column in self._columns()]
        )

    # --- running ----------------------------------------------------------

    def _run(self, rows, options, dry_run):
        """Prepare and write those of ``rows`` without reasons; then each has reasons or a result.

        In a dry run everything is rolled back, the results and reasons stay.
        """
        if not dry_run:
            self._prepare_and_write(self, rows, options)
            return
        trial = self.with_context(tracking_disable=True)
        with self.env.cr.savepoint() as savepoint:
            self._prepare_and_write(trial, rows, options)
            savepoint.rollback()

    @staticmethod
    def _prepare_and_write(kind, rows, options):
        kind._take_turn()
        kind._prepare([row for row in rows if not row.reasons], options)
        kind._write_or_halve([row for row in rows if not row.reasons], options)

    def _write_or_halve(self, rows, options):
        """Write ``rows``; when that fails, halve them until the bad ones stand alone."""
        if not rows:
            return
        before = [(row.record, dict(row.vals), dict(row.extra)) for row in rows]
        try:
            with self.env.cr.savepoint():
                self._write_rows(rows, options)
            return
        except ROW_ERRORS as error:
            reason = self._error_reason(error)
        for row, (record, vals, extra) in zip(rows, before, strict=True):
            row.record, row.vals, row.extra, row.result = record, vals, extra, ""
        if len(rows) == 1:
            rows[0].fail(reason)
            return
        middle = len(rows) // 2
        self._write_or_halve(rows[:middle], options)
        self._write_or_halve(rows[middle:], options)

    def _take_turn(self):
        """Make imports whose key the database does not guard follow each other.

        Two transactions that change the same row cannot both succeed: the
        second is retried and then sees what the first has made.
        """
        if self._kind_guard:
            self.env.cr.execute(
                SQL(
                    "UPDATE property_import_target SET write_date = now()"
                    " WHERE kind = %s AND name = %s",
                    self._kind,
                    self._columns()[0].name,
                )
            )

    # --- helpers for kinds ------------------------------------------------

    def _selection(self, model, field, spellings=None):
        """Choices of a selection field for ``Column.selection``: its labels in
        the user's and every other installed language, and further ``spellings``
        given as {key: (text, …)}."""
        found = {}
        # the source terms stand in en_US, which is installed in every database
        languages = [self.env.lang or "en_US"]
        languages += [code for code, _name in self.env["res.lang"].get_installed()]
        for code in dict.fromkeys(languages):
            target = self.env[model].with_context(lang=code)
            for key, label in target._fields[field]._description_selection(target.env):
                found.setdefault(key, []).append(label)
        for key, labels in (spellings or {}).items():
            found.setdefault(key, []).extend(labels)
        return {key: list(dict.fromkeys(labels)) for key, labels in found.items()}

    def _find_estates(self, rows, column="estate"):
        """Estates that the rows name by code, as {code: estate}; rows that name
        one which does not exist, or is not the user's to see, get a reason."""
        codes = {row.values.get(column) for row in rows} - {None}
        estates = self.env["property.estate"].search(
            [("code", "in", list(codes)), ("company_id", "=", self.env.company.id)]
        )
        found = {estate.code: estate for estate in estates}
        for row in rows:
            code = row.values.get(column)
            if code and code not in found:
                row.fail(
                    self.env._(
                        "There is no estate with the code %(code)s among those you see."
                        " Correct the code, or ask a manager to assign you to the estate.",
                        code=code,
                    )
                )
        return found

    def _find_units(self, rows, estates, column="unit", estate_column="estate"):
        """Units by ``(estate, code)``; rows that name none get a reason.

        ``estates``: what ``_find_estates`` returned.
        """
        wanted = {
            (estates[row.values[estate_column]], row.values[column])
            for row in rows
            if row.values.get(estate_column) in estates and row.values.get(column)
        }
        units = (
            self.env["property.unit"]
            .with_context(active_test=False)
            .search(
                [
                    ("estate_id", "in", [estate.id for estate, _code in wanted]),
                    ("code", "in", [code for _estate, code in wanted]),
                ]
            )
        )
        found = {(unit.estate_id, unit.code): unit for unit in units.with_env(self.env)}
        for row in rows:
            estate, code = estates.get(row.values.get(estate_column)), row.values.get(column)
            if not estate or not code:
                continue
            unit = found.get((estate, code))
            if not unit:
                row.fail(
                    self.env._(
                        "The estate %(estate)s has no unit %(unit)s. Correct the code, or import"
                        " the unit first.",
                        estate=estate.code,
                        unit=code,
                    )
                )
            elif not unit.active:
                row.fail(
                    self.env._(
                        "The unit %(unit)s is archived. Restore it first.", unit=unit.display_name
                    )
                )
        return found

    def _find_parties(self, rows, column="party"):
        """Parties that the rows name by reference, as {reference: partner}; rows
        that name none, or one that several parties share, get a reason."""
        references = {row.values.get(column) for row in rows} - {None}
        partners = self.env["res.partner"].search(
            [
                ("ref", "in", list(references)),
                ("company_id", "in", [False, self.env.company.id]),
            ]
        )
        by_reference = partners.grouped("ref")
        for row in rows:
            reference = row.values.get(column)
            if not reference:
                continue
            several = by_reference.get(reference, partners.browse())
            if not several:
                row.fail(
                    self.env._(
                        "There is no party with the reference %(reference)s. Correct it, or"
                        " import the party first.",
                        reference=reference,
                    )
                )
            elif len(several) > 1:
                row.fail(self._several_parties(reference, several))
        return by_reference

    def _several_parties(self, reference, partners):
        return self.env._(
            "Several parties have the reference %(reference)s: %(parties)s. Give each its own.",
            reference=reference,
            parties=", ".join(partners[:5].mapped("display_name")),
        )

    def _changes(self, record, vals):
        """What of ``vals`` differs from ``record``. An empty value changes nothing:
        an empty cell leaves what is there."""
        changes = {}
        for name, value in vals.items():
            if value is None:
                continue
            field, current = record._fields[name], record[name]
            if field.type == "many2one":
                same = current.id == value
            elif field.type == "many2many":
                same = set(current.ids) == set(value)
            elif field.type == "float" and field.get_digits(self.env):
                digits = field.get_digits(self.env)[1]
                same = float_compare(current, float(value), precision_digits=digits) == 0
            elif field.type in ("float", "monetary"):
                same = current == float(value)
            else:
                same = (current or False) == (value or False)
            if not same:
                changes[name] = value
        return changes

    def _to_orm(self, model, vals):
        """``vals`` as ``create`` and ``write`` take them: floats for exact numbers,
        commands for lists of ids, nothing for empty values."""
        result = {}
        for name, value in vals.items():
            if value is None:
                continue
            if isinstance(value, Decimal):
                value = float(str(value))
            elif model._fields[name].type == "many2many":
                value = [Command.set(value)]
            result[name] = value
        return result

    # --- reasons ----------------------------------------------------------

    def _error_reason(self, error):
        """Sentence for what refused to be written; never a traceback or SQL."""
        if isinstance(error, psycopg2.Error):
            name = error.diag.constraint_name
            model = self.env[self._kind_model]
            if name and name in model._table_objects:
                return model._sql_error_to_message(error)
            return self.env._(
                "The database refuses these values%(rule)s. Compare the row with the template.",
                rule=f" ({name})" if name else "",
            )
        return str(error).strip()

    def _cell_reason(self, column, error):
        """Sentence for a ``CellError`` in ``column``."""
        texts = {
            "required": self.env._("%(column)s is empty. Fill it in."),
            "formula": self.env._(
                "%(column)s shows the error %(value)s. Correct the formula in the spreadsheet."
            ),
            "cut_off": self.env._(
                "%(column)s: the spreadsheet has cut off the last digits of %(value)s."
                " Format the column as text and type them again."
            ),
            "too_long": self.env._(
                "%(column)s has %(length)s characters; %(limit)s are allowed. Shorten it."
            ),
            "number": self.env._(
                "%(column)s: “%(value)s” is not a number. Write it like 1234.56, or choose the"
                " other decimal mark."
            ),
            "whole": self.env._("%(column)s: “%(value)s” is not a whole number."),
            "too_big": self.env._("%(column)s: the number %(value)s is too large."),
            "boolean": self.env._("%(column)s: “%(value)s” is neither yes nor no."),
            "choice": self.env._("%(column)s: “%(value)s” is not one of the choices: %(choices)s."),
            "date": self.env._("%(column)s: “%(value)s” is not a date. Write it like 2024-03-01."),
            "no_such_day": self.env._(
                "%(column)s: there is no day “%(value)s”. Correct it, or choose the other order"
                " of day and month."
            ),
            "year": self.env._(
                "%(column)s: the year of “%(value)s” is not between %(first)s and %(last)s."
            ),
        }
        figures = dict(error.figures)
        if "value" in figures:
            figures["value"] = str(figures["value"])[:80]
        choices = [labels[0] for labels in column.selection.values() if labels]
        return texts[error.code] % {
            "column": column.label,
            "choices": ", ".join(choices),
            **figures,
        }
