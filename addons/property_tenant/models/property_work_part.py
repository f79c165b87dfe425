from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..calc.work import DONE, FAILED, WAITING


class PropertyWorkPart(models.Model):
    """A part of long work, done in one transaction by one background job.

    The row is the lock: who holds it does the part, nobody does it twice.
    """

    _name = "property.work.part"
    _description = "Part of Long Work"
    _order = "work_id, sequence"
    _rec_name = "sequence"

    work_id = fields.Many2one(
        "property.work", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(required=True, readonly=True, aggregator=None)
    size = fields.Integer(readonly=True)
    state = fields.Selection(
        [(WAITING, "Waiting"), (DONE, "Done"), (FAILED, "Failed")],
        required=True,
        readonly=True,
        default=WAITING,
    )
    error = fields.Text(string="Problem", readonly=True)
    items = fields.Json(groups="base.group_system", prefetch=False)
    result = fields.Json(groups="base.group_system", prefetch=False)

    _sequence_uniq = models.Constraint(
        "UNIQUE (work_id, sequence)", "The work already has a part with this number."
    )

    @api.model
    def _take(self, work):
        """The next part of ``work`` that nobody is at, locked; empty when there is none."""
        self.flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM property_work_part
                    WHERE work_id = %s AND state = %s
                    ORDER BY sequence LIMIT 1
                      FOR UPDATE SKIP LOCKED""",
                work.id,
                WAITING,
            )
        )
        return self.browse(part_id for (part_id,) in rows)

    def _do(self):
        """Do the part; a refusal is kept as its sentence and undoes what the part has done."""
        try:
            with self.env.cr.savepoint():
                self._call()
        except UserError as error:
            # nobody has the right to write parts: the work does
            self.sudo().write({"state": FAILED, "error": str(error)})

    def _call(self):
        part = self.sudo()
        # the name was given by the program that has started the work, not by a user
        method = getattr(self.work_id._get_records(), part.work_id.method)
        result = method(part.items, self, **(part.work_id.arguments or {}))
        part.write({"state": DONE, "result": result or False, "error": False})

    def _keep_file(self, name, content):
        """Keep a file that the end of the work puts together with those of other parts."""
        return self.env["property.work.file"]._keep(self.work_id, name, content, part=self)
