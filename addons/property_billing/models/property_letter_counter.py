from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PropertyLetterCounter(models.Model):
    """The last number given to a letter of an estate, level and year.

    The row is locked until the letters are committed: who comes second is tried
    again by the server and gets the next numbers. What is rolled back gives its
    numbers back, so there are no gaps.
    """

    _name = "property.letter.counter"
    _description = "Counter of Letters"
    _inherit = ["property.constraint.check"]
    _rec_name = "estate_id"
    _required_constraints = ("_counter_once",)

    estate_id = fields.Many2one("property.estate", required=True, ondelete="restrict")
    level = fields.Char(required=True)
    year = fields.Integer(required=True)
    last = fields.Integer(required=True, default=0)

    _counter_once = models.Constraint(
        "UNIQUE (estate_id, level, year)",
        "The estate already counts these letters.",
    )

    def _take(self, estate, level, year, count):
        """Return the first of ``count`` consecutive numbers, beginning at 1 each year.

        One query. Raises a serialization error, which the server answers by trying
        the whole request again, while another transaction holds the counter.
        """
        if count < 1:
            raise UserError(self.env._("There are no letters to be numbered."))
        self.flush_model()
        [(last,)] = self.env.execute_query(
            SQL(
                """INSERT INTO property_letter_counter AS counter
                               (estate_id, level, year, last, create_uid, write_uid,
                                create_date, write_date)
                   VALUES (%(estate)s, %(level)s, %(year)s, %(count)s, %(uid)s, %(uid)s,
                           now() at time zone 'UTC', now() at time zone 'UTC')
                   ON CONFLICT (estate_id, level, year)
                   DO UPDATE SET last = counter.last + EXCLUDED.last,
                                 write_uid = EXCLUDED.write_uid,
                                 write_date = EXCLUDED.write_date
                   RETURNING last""",
                estate=estate.id,
                level=level,
                year=year,
                count=count,
                uid=self.env.uid,
            )
        )
        self.invalidate_model(["last"])
        return last - count + 1
