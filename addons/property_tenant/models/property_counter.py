from odoo import fields, models
from odoo.tools import SQL


class PropertyCounter(models.Model):
    """The last number given to a kind of paper of an estate in a year.

    The row is locked until what was numbered is committed: who comes second is
    tried again by the server and gets the next numbers. What is rolled back
    gives its numbers back, so there are no gaps.
    """

    _name = "property.counter"
    _description = "Counter of an Estate"
    _inherit = ["property.constraint.check"]
    _rec_name = "series"
    _required_constraints = ("_series_once",)

    estate_id = fields.Many2one("property.estate", required=True, ondelete="restrict")
    series = fields.Char(required=True)
    year = fields.Integer(required=True, aggregator=None)
    last = fields.Integer(string="Last Number", required=True, default=0, aggregator=None)

    _series_once = models.Constraint(
        "UNIQUE (estate_id, series, year)", "The estate already counts these papers."
    )

    def _take(self, estate, series, year, count):
        """``count`` consecutive numbers as a range, beginning at 1 each year; one query.

        Raises a serialization error, which the server answers by trying the
        whole request again, while another transaction holds the counter.
        """
        self.flush_model()
        [(last,)] = self.env.execute_query(
            SQL(
                """INSERT INTO property_counter AS counter
                               (estate_id, series, year, last, create_uid, write_uid,
                                create_date, write_date)
                   VALUES (%(estate)s, %(series)s, %(year)s, %(count)s, %(uid)s, %(uid)s,
                           now() at time zone 'UTC', now() at time zone 'UTC')
                   ON CONFLICT (estate_id, series, year)
                   DO UPDATE SET last = counter.last + EXCLUDED.last,
                                 write_uid = EXCLUDED.write_uid,
                                 write_date = EXCLUDED.write_date
                   RETURNING last""",
                estate=estate.id,
                series=series,
                year=year,
                count=count,
                uid=self.env.uid,
            )
        )
        self.invalidate_model(["last"])
        return range(last - count + 1, last + 1)
