from odoo import fields, models
from odoo.tools import SQL


class PropertyDossierCounter(models.Model):
    """The last number given to a paper, loan, list … of an estate.

    The row is locked until what was numbered is committed: who comes second is
    tried again by the server. What is rolled back gives its numbers back, so
    there are no gaps.
    """

    _name = "property.dossier.counter"
    _description = "Counter of Dossiers"
    _inherit = ["property.constraint.check"]
    _rec_name = "estate_id"
    _required_constraints = ("_counter_once",)

    estate_id = fields.Many2one("property.estate", required=True, ondelete="cascade")
    kind = fields.Char(required=True)
    last = fields.Integer(required=True, default=0)

    _counter_once = models.Constraint(
        "UNIQUE (estate_id, kind)", "The estate already counts these papers."
    )

    def _take(self, estate, kind, count):
        """Return ``count`` consecutive numbers of ``kind`` in ``estate``, in one query."""
        self.flush_model()
        [(last,)] = self.env.execute_query(
            SQL(
                """INSERT INTO property_dossier_counter AS counter
                               (estate_id, kind, last, create_uid, write_uid,
                                create_date, write_date)
                   VALUES (%(estate)s, %(kind)s, %(count)s, %(uid)s, %(uid)s,
                           now() at time zone 'UTC', now() at time zone 'UTC')
                   ON CONFLICT (estate_id, kind)
                   DO UPDATE SET last = counter.last + EXCLUDED.last,
                                 write_uid = EXCLUDED.write_uid,
                                 write_date = EXCLUDED.write_date
                   RETURNING last""",
                estate=estate.id,
                kind=kind,
                count=count,
                uid=self.env.uid,
            )
        )
        self.invalidate_model(["last"])
        return range(last - count + 1, last + 1)
