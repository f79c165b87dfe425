import base64
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..calc.columns import REASON_HEADINGS
from ..calc.spreadsheet_writer import Table, write_csv, write_xlsx
from .property_import_options import IMPORTERS


class PropertyImport(models.Model):
    """Files to take away: the template of a kind, and the bad rows with their reasons."""

    _inherit = "property.import"

    template_xlsx = fields.Binary(compute="_compute_templates", string="Template")
    template_csv = fields.Binary(compute="_compute_templates", string="Template (csv)")
    error_xlsx = fields.Binary(
        compute="_compute_error_xlsx", string="Bad Rows as File", groups=IMPORTERS
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_templates(self):
        for record in self:
            tables = record._template_tables() if record.kind else []
            record.template_xlsx = tables and base64.b64encode(write_xlsx(tables))
            record.template_csv = tables and base64.b64encode(write_csv(tables[0]))

    def _template_tables(self):
        """An empty sheet with the headings, and one that explains them."""
        kind = self._get_kind()
        columns = kind._columns()
        required = tuple(index for index, column in enumerate(columns) if column.required)
        yes, no = self.env._("yes"), self.env._("no")
        notes = [
            [
                column.label,
                yes if column.required else no,
                self._column_form(column),
                column.sample,
                column.help,
            ]
            for column in columns
        ]
        return [
            Table(kind._kind_label(), [column.label for column in columns], [], required),
            Table(
                self.env._("Notes"),
                [
                    self.env._("Column"),
                    self.env._("Required"),
                    self.env._("What to Write"),
                    self.env._("Example"),
                    self.env._("Meaning"),
                ],
                notes,
            ),
        ]

    def _column_form(self, column):
        """What may stand in the cells of ``column``, in words."""
        if column.selection:
            return ", ".join(labels[0] for labels in column.selection.values() if labels)
        texts = {
            "text": self.env._("text"),
            "integer": self.env._("whole number"),
            "decimal": self.env._("number, such as 1234.56"),
            "percent": self.env._("percentage, such as 13%"),
            "boolean": self.env._("yes or no"),
            "date": self.env._("date, such as 2024-03-01"),
            "datetime": self.env._("date and time, such as 2024-03-01 10:30"),
        }
        text = texts[column.type]
        return self.env._("%s, several with commas between", text) if column.multiple else text

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_error_xlsx(self):
        for record in self:
            record.error_xlsx = base64.b64encode(write_xlsx([record._error_table()]))

    def _error_table(self):
        """The bad rows with the columns of the file and the reason behind them.

        The heading of the reason is one that an import leaves out, so that
        the corrected file can be imported as it is.
        """
        lines = self.env["property.import.line"].search_fetch(
            [("import_id", "=", self.id), ("result", "=", "bad")], ["number", "reason", "values"]
        )
        headings = [column.heading or "" for column in self.column_ids]
        width = max([len(headings), *(len(line.values or []) for line in lines)])
        headings += [""] * (width - len(headings))
        language = "zh" if (self.env.lang or "").startswith("zh") else "en"
        rows = [
            [
                *(line.values or []),
                *[None] * (width - len(line.values or [])),
                line.number,
                line.reason,
            ]
            for line in lines
        ]
        return Table(
            self.env._("Bad Rows"), [*headings, *REASON_HEADINGS[language]], rows, (width + 1,)
        )

    def action_download_template(self):
        """Download an empty workbook with the columns of the chosen kind."""
        self.ensure_one()
        self.check_access("read")
        return self._download("template_xlsx", f"{self._get_kind()._kind_label()}.xlsx")

    def action_download_template_csv(self):
        """Download an empty csv file with the columns of the chosen kind."""
        self.ensure_one()
        self.check_access("read")
        return self._download("template_csv", f"{self._get_kind()._kind_label()}.csv")

    def action_download_errors(self):
        """Download the bad rows: the same columns, and the reason."""
        self.ensure_one()
        self.check_access("read")
        if not self._has_field_access(self._fields["error_xlsx"], "read"):
            raise AccessError(
                self.env._(
                    "Only those who import see the rows of files. Ask %(user)s, who imported this"
                    " one.",
                    user=self.user_id.name,
                )
            )
        if not self.count_bad:
            raise UserError(
                self.env._("%(import)s has no bad rows.", **{"import": self.display_name})
            )
        stem = (self.filename or "").rpartition(".")[0] or self._get_kind()._kind_label()
        return self._download("error_xlsx", self.env._("%s – bad rows", stem) + ".xlsx")

    def _download(self, field, filename):
        query = f"download=true&filename={quote(filename)}"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{field}?{query}",
            "target": "download",
        }
