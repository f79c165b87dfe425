import logging
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.base.models.res_partner import _tz_get

from ..calc.visits import days_between
from ..calc.working_days import add_working_days

_logger = logging.getLogger(__name__)


class PropertyEstate(models.Model):
    """One managed site: an office tower, a residential estate, a mall."""

    _name = "property.estate"
    _description = "Estate"
    _inherit = ["mail.thread"]
    _order = "sequence, code"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="Short code, unique in the company.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Address",
        help="Postal address of the estate, printed on its papers.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "Asia/Shanghai",
        help="Days begin and end by the clock of this place.",
    )
    customer_lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language of Customers",
        help="Language of bills, letters and forms for new parties of this estate, unless the party"
        " has another. Empty: that of the company.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        check_company=True,
        compute="_compute_calendar_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Working days and hours by which deadlines are counted.",
    )
    building_ids = fields.One2many("property.building", "estate_id")
    unit_ids = fields.One2many("property.unit", "estate_id")
    user_ids = fields.Many2many(
        "res.users",
        "property_estate_res_users_rel",
        "estate_id",
        "user_id",
        string="Staff",
        domain=[("share", "=", False)],
        help="Staff who see this estate, beside those who see all estates.",
    )
    unit_properties_definition = fields.PropertiesDefinition("Properties of Units")
    last_daily_date = fields.Date(
        string="Daily Work Done Until",
        readonly=True,
        copy=False,
        help="The last local day whose daily work was done.",
    )
    building_count = fields.Integer(compute="_compute_counts")
    unit_count = fields.Integer(compute="_compute_counts")
    vacant_count = fields.Integer(compute="_compute_counts")

    _code_company_uniq = models.Constraint(
        "UNIQUE (code, company_id)",
        "Another estate of this company has this code. Choose another code.",
    )

    @api.depends("company_id")
    def _compute_calendar_id(self):
        for estate in self:
            if not estate.calendar_id or estate.calendar_id.company_id != estate.company_id:
                estate.calendar_id = estate.company_id.resource_calendar_id

    @api.depends("unit_ids.status", "building_ids")
    def _compute_counts(self):
        units = dict(
            self.env["property.unit"]._read_group(
                [("estate_id", "in", self.ids), ("usage", "!=", "common")],
                ["estate_id"],
                ["__count"],
            )
        )
        vacant = dict(
            self.env["property.unit"]._read_group(
                [
                    ("estate_id", "in", self.ids),
                    ("usage", "!=", "common"),
                    ("status", "=", "vacant"),
                ],
                ["estate_id"],
                ["__count"],
            )
        )
        buildings = dict(
            self.env["property.building"]._read_group(
                [("estate_id", "in", self.ids)], ["estate_id"], ["__count"]
            )
        )
        for estate in self:
            estate.unit_count = units.get(estate, 0)
            estate.vacant_count = vacant.get(estate, 0)
            estate.building_count = buildings.get(estate, 0)

    @api.model_create_multi
    def create(self, vals_list):
        if not (self.env.su or self.env.user.estate_all):
            # whoever sets up an estate works on it
            vals_list = [
                {**vals, "user_ids": [*vals.get("user_ids", []), Command.link(self.env.uid)]}
                for vals in vals_list
            ]
        estates = super().create(vals_list)
        if any("user_ids" in vals for vals in vals_list):
            self._forget_access()
        return estates

    def write(self, vals):
        result = super().write(vals)
        if "user_ids" in vals:
            self._forget_access()
        return result

    def _forget_access(self):
        """Record rules are cached per user with the estates they name."""
        self.env.registry.clear_cache()

    def _get_customer_lang(self):
        """Code of the language in which new parties of the estate are written to, or False."""
        self.ensure_one()
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        if self.customer_lang in installed:
            return self.customer_lang
        return self.company_id._get_customer_lang()

    def _today(self, at=None):
        """Local date of the estate at the UTC datetime ``at`` (default: now)."""
        self.ensure_one()
        at = at or fields.Datetime.now()
        return self._local_date(at)

    def _local_date(self, at):
        """Local date of the naive UTC datetime ``at`` in the estate's time zone."""
        self.ensure_one()
        zone = pytz.timezone(self.tz or "UTC")
        return pytz.utc.localize(at).astimezone(zone).date()

    def _utc_at(self, local):
        """Naive UTC datetime of the naive local datetime ``local``."""
        self.ensure_one()
        zone = pytz.timezone(self.tz or "UTC")
        if not isinstance(local, datetime):
            local = datetime.combine(local, datetime.min.time())
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _get_working_days(self, first, last):
        """The days from ``first`` to ``last`` that are worked by the estate's calendar.

        Holidays and make-up working days count. Every day is worked where there is no calendar.
        """
        self.ensure_one()
        days = days_between(first, last)
        # deadlines are the same for everybody, whoever may read the calendar
        calendar = self.sudo().calendar_id
        if not calendar or not days:
            return days
        zone = pytz.timezone(self.tz or "UTC")
        start = zone.localize(datetime.combine(first, time.min))
        end = zone.localize(datetime.combine(last, time.max))
        intervals = calendar._work_intervals_batch(start, end, tz=zone)[False]
        worked = {begin.date() for begin, _end, _hours in intervals}
        return [day for day in days if day in worked]

    def _add_working_days(self, day, count):
        """The ``count``-th working day after the local date ``day``, which does not count itself.

        A negative ``count`` goes back. For deadlines “five working days after …”.
        """
        self.ensure_one()
        return add_working_days(day, count, self._get_working_days)

    @api.model
    def _cron_daily(self):
        """Do the daily work of every estate whose local day has changed.

        Runs every hour, so that each time zone gets its turn soon after its
        own midnight. Every estate is a transaction of its own.
        """
        estates = self.search([])
        due = estates.filtered(
            lambda estate: not estate.last_daily_date or estate.last_daily_date < estate._today()
        )
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for estate in due:
            try:
                locked = estate.try_lock_for_update()
                if locked:
                    today = locked._today()
                    locked._run_daily(today)
                    locked.last_daily_date = today
            except UserError:
                # one estate's trouble must not keep the others waiting
                self.env.cr.rollback()
                _logger.exception("The daily work of estate %s failed", estate.id)
            self.env["ir.cron"]._commit_progress(1)

    def _run_daily(self, today):
        """Daily work of one estate; other addons add theirs by overriding."""
        self.ensure_one()
        self.env["property.occupancy"]._move_states(self, today)

    def action_view_units(self):
        """Open the units of the estate."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_unit_action"
        )
        action["domain"] = [("estate_id", "in", self.ids)]
        action["context"] = {"default_estate_id": self.id}
        return action
