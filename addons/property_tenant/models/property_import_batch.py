from odoo import fields, models

from ..calc.columns import read_row


class PropertyImportBatch(models.Model):
    """Some hundred rows of an import, checked or imported in one go.

    In the background every batch is a transaction of its own; what is done
    stays done, and an interrupted import goes on with the next batch.
    """

    _name = "property.import.batch"
    _description = "Batch of an Import"
    _order = "import_id, sequence"
    _rec_name = "sequence"

    import_id = fields.Many2one("property.import", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer()
    state = fields.Selection(
        [("new", "Read"), ("checked", "Checked"), ("done", "Imported")],
        required=True,
        default="new",
    )
    # the cells may hold private data, and nobody but the program needs them here
    rows = fields.Json(
        prefetch=False,
        groups="base.group_system",
        help="Rows as [number, cells, number of an earlier row with the same key or 0].",
    )
    row_count = fields.Integer()
    count_created = fields.Integer()
    count_updated = fields.Integer()
    count_unchanged = fields.Integer()
    count_bad = fields.Integer()
    line_ids = fields.One2many("property.import.line", "batch_id")

    def _process(self, dry_run):
        """Check the rows (``dry_run``) or import those that the check found good."""
        self.ensure_one()
        record = self.import_id._in_company()
        kind = record._get_kind()
        reading = record._get_reading()
        # what the check has listed as bad is not imported, even if it would be
        # good by now: the user decided on what the list showed
        known_bad = set() if dry_run else set(self._bad_lines().mapped("number"))
        rows, cells_by_number = [], {}
        for number, cells, earlier in self.sudo().rows or []:
            if number in known_bad:
                continue
            cells_by_number[number] = cells
            rows.append(self._read_row(kind, reading, number, cells, earlier))
        kind._run(rows, reading.options, dry_run)
        self._keep_results(rows, cells_by_number, dry_run, len(known_bad))

    def _bad_lines(self):
        return self.line_ids.filtered(lambda line: line.result == "bad")

    def _read_row(self, kind, reading, number, cells, earlier):
        row, errors = read_row(number, cells, reading.mapping, reading.reader)
        for column, error in errors:
            row.fail(kind._cell_reason(column, error))
        if earlier:
            row.fail(
                self.env._(
                    "Row %(row)s already names the same record. Keep one of the two.", row=earlier
                )
            )
        if len(cells) > reading.width:
            row.fail(
                self.env._(
                    "The row has %(count)s cells and the heading only %(expected)s. Put cells that"
                    " contain the separator into quotes.",
                    count=len(cells),
                    expected=reading.width,
                )
            )
        return row

    def _keep_results(self, rows, cells_by_number, dry_run, known_bad):
        """Store counts, and lines for what is to be listed."""
        # the books of the import are kept by the program: users may read
        # them, and nothing of what they could write in them is trusted
        batch = self.sudo()
        counts = {"created": 0, "updated": 0, "unchanged": 0, "bad": known_bad}
        list_all = batch.import_id._is_short()
        lines = []
        for row in rows:
            result = "bad" if row.reasons else row.result
            counts[result] += 1
            if list_all or row.reasons:
                lines.append(
                    {
                        "import_id": batch.import_id.id,
                        "batch_id": batch.id,
                        "number": row.number,
                        "result": result,
                        "reason": "\n".join(row.reasons),
                        "values": cells_by_number[row.number],
                        "res_id": self._record_id(row, dry_run),
                    }
                )
        (batch.line_ids if dry_run else batch.line_ids - batch._bad_lines()).unlink()
        self.env["property.import.line"].sudo().create(lines)
        values = {f"count_{result}": count for result, count in counts.items()}
        if not dry_run:
            # what was imported need not be kept twice
            values["rows"] = False
        batch.write({"state": "checked" if dry_run else "done", **values})

    @staticmethod
    def _record_id(row, dry_run):
        created_on_trial = dry_run and row.result == "created"
        return row.record.id if row.record and not row.reasons and not created_on_trial else False
