from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PropertyCalendarDay(models.Model):
    """A day that is worked although the week says otherwise, or the other way round.

    China's holidays are moved about every year: people work on some weekends
    instead (调休). ``resource.calendar`` reads these days, so that whatever plans
    by working hours follows them.
    """

    _name = "property.calendar.day"
    _description = "Holiday or Make-Up Working Day"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("holiday", "Holiday"), ("work", "Make-Up Working Day")],
        required=True,
        default="holiday",
        help="A make-up working day has the hours of the first working day of the week.",
    )
    date_from = fields.Date(string="First Day", required=True, index=True)
    date_to = fields.Date(
        string="Last Day",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        check_company=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: for all working hours of the company.",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day cannot lie before the first."
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for day in self:
            if day.date_from and (not day.date_to or day.date_to < day.date_from):
                day.date_to = day.date_from

    @api.constrains("date_from", "date_to", "company_id", "calendar_id")
    def _check_overlap(self):
        for day in self:
            same = Domain("company_id", "=", day.company_id.id) & Domain("id", "!=", day.id)
            if day.calendar_id:
                same &= Domain("calendar_id", "in", (False, day.calendar_id.id))
            same &= Domain("date_from", "<=", day.date_to)
            others = self.search(same & Domain("date_to", ">=", day.date_from))
            if others:
                raise ValidationError(
                    self.env._(
                        "%(day)s and %(other)s share a day. Change the days of one of them.",
                        day=day.name,
                        other=others[0].name,
                    )
                )
