from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..calc.recurrence import TimeError, deadline, parse_times, slots

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PropertyInspectionPlan(models.Model):
    """What is inspected where and how often; the inspections of the next days are made from it."""

    _name = "property.inspection.plan"
    _description = "Inspection Plan"
    _inherit = ["mail.thread"]
    _order = "estate_id, sequence, name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        translate=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    template_id = fields.Many2one(
        "property.inspection.template",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    layout = fields.Selection(related="template_id.layout")
    estate_id = fields.Many2one(
        "property.estate", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    place = fields.Selection(
        [
            ("estate", "The Whole Estate"),
            ("building", "Each Building"),
            ("unit", "Chosen Units"),
            ("vacant", "Each Vacant Unit"),
            ("domain", "Units by a Condition"),
        ],
        string="One Inspection for",
        required=True,
        default="estate",
    )
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('estate_id', '=', estate_id)]",
        help="Empty: all buildings of the estate.",
    )
    unit_ids = fields.Many2many(
        "property.unit", string="Units", domain="[('estate_id', '=', estate_id)]"
    )
    unit_domain = fields.Char(string="Condition", default="[]")
    frequency = fields.Selection(
        [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")],
        tracking=True,
        required=True,
        default="daily",
    )
    every = fields.Integer(
        default=1, required=True, tracking=True, help="2: every second day, week or month."
    )
    mon = fields.Boolean(string="Monday")
    tue = fields.Boolean(string="Tuesday")
    wed = fields.Boolean(string="Wednesday")
    thu = fields.Boolean(string="Thursday")
    fri = fields.Boolean(string="Friday")
    sat = fields.Boolean(string="Saturday")
    sun = fields.Boolean(string="Sunday")
    month_day = fields.Integer(
        string="Day of the Month", default=1, help="31: the last day of each month."
    )
    times = fields.Char(
        string="Times of the Day",
        required=True,
        default="09:00",
        tracking=True,
        help="Several are separated by commas: 08:00, 14:00, 20:00.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Inspector",
        ondelete="restrict",
        tracking=True,
        domain=[("share", "=", False)],
        help="Empty: whoever of the department begins it.",
    )
    department_id = fields.Many2one(
        "property.department",
        string="Done by",
        ondelete="restrict",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", tracking=True, help="The last day, included.")
    days_ahead = fields.Integer(
        default=7, required=True, help="For how many days inspections are made in advance."
    )
    generated_until = fields.Date(string="Made until", readonly=True, copy=False)
    inspection_ids = fields.One2many("property.inspection", "plan_id", string="Inspections")
    inspection_count = fields.Integer(compute="_compute_inspection_count")

    _every_positive = models.Constraint(
        "CHECK (every BETWEEN 1 AND 366)", "A plan repeats every day, week or month at least."
    )
    _month_day_possible = models.Constraint(
        "CHECK (month_day BETWEEN 1 AND 31)", "The day of the month is between 1 and 31."
    )
    _days_ahead_possible = models.Constraint(
        "CHECK (days_ahead BETWEEN 0 AND 62)",
        "Inspections are made for up to 62 days in advance.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A plan cannot end before it begins."
    )

    @api.depends("template_id", "estate_id")
    def _compute_name(self):
        for plan in self:
            plan.name = plan.name or plan.template_id.name

    @api.depends("template_id")
    def _compute_department_id(self):
        for plan in self:
            plan.department_id = plan.template_id.department_id or plan.department_id

    @api.depends("inspection_ids")
    def _compute_inspection_count(self):
        counts = dict(
            self.env["property.inspection"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.inspection_count = counts.get(plan, 0)

    # --- checks -------------------------------------------------------------

    @api.constrains("times")
    def _check_times(self):
        for plan in self:
            plan._get_times()

    @api.constrains("template_id", "estate_id", "place", "unit_ids")
    def _check_place(self):
        for plan in self:
            template = plan.template_id
            if not template._is_for(plan.estate_id):
                raise ValidationError(
                    self.env._(
                        "%(template)s is not for %(estate)s. Choose another template.",
                        template=template.name,
                        estate=plan.estate_id.name,
                    )
                )
            if template.layout == "route" and plan.place != "estate":
                raise ValidationError(
                    self.env._(
                        "%(template)s goes along a route of its own: choose one inspection for the"
                        " whole estate.",
                        template=template.name,
                    )
                )
            if template.layout == "vacant" and plan.place not in ("estate", "building"):
                raise ValidationError(
                    self.env._(
                        "%(template)s looks at all vacant units in one round: choose one"
                        " inspection for the whole estate or for each building.",
                        template=template.name,
                    )
                )
            if plan.place == "unit" and not plan.unit_ids:
                raise ValidationError(
                    self.env._("Choose the units that %(plan)s is about.", plan=plan.name)
                )
            if plan.unit_ids.estate_id - plan.estate_id:
                raise ValidationError(
                    self.env._(
                        "The units of %(plan)s are not all of %(estate)s. Make a plan for each"
                        " estate.",
                        plan=plan.name,
                        estate=plan.estate_id.name,
                    )
                )

    @api.constrains("unit_domain", "place")
    def _check_unit_domain(self):
        for plan in self.filtered(lambda plan: plan.place == "domain"):
            try:
                self.env["property.unit"].search(plan._get_unit_domain(), limit=1)
            except (ValueError, SyntaxError, TypeError, KeyError, NameError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of %(plan)s cannot be read. Choose it anew.", plan=plan.name
                    )
                ) from error

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        for plan in self:
            if plan.inspection_count:
                raise UserError(
                    self.env._(
                        "Inspections were made by the plan %(plan)s. Archive it instead.",
                        plan=plan.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"generated_until", "name", "sequence"}:
            self._forget_ahead()
        return result

    def _forget_ahead(self):
        """What was made in advance and has not begun follows the plan: it is made anew."""
        # the plan's own making, not what anybody has entered
        ahead = (
            self.env["property.inspection"]
            .sudo()
            .search(
                [
                    ("plan_id", "in", self.ids),
                    ("state", "=", "planned"),
                    ("date_planned", ">", fields.Datetime.now()),
                ]
            )
        )
        ahead.unlink()
        for plan in self.filtered(lambda plan: plan.active and plan.generated_until):
            plan._generate(plan.estate_id._today())

    # --- what is due --------------------------------------------------------

    def _get_times(self):
        self.ensure_one()
        try:
            return parse_times(self.times)
        except TimeError as error:
            raise ValidationError(
                self.env._(
                    "“%(text)s” in the plan %(plan)s is no time of the day. Write 08:00, or"
                    " several with commas: 08:00, 14:00, 20:00.",
                    text=error.args[0],
                    plan=self.name,
                )
            ) from None

    def _get_slots(self, first, last):
        """Local moments of the plan from ``first`` to ``last``."""
        self.ensure_one()
        return slots(
            first,
            last,
            self.frequency,
            start=self.date_from,
            end=self.date_to or None,
            times=self._get_times(),
            every=self.every,
            weekdays=[number for number, name in enumerate(WEEKDAYS) if self[name]],
            month_day=self.month_day,
        )

    def _get_unit_domain(self):
        """The condition on units, within the estate."""
        self.ensure_one()
        domain = safe_eval(self.unit_domain or "[]", {"uid": self.env.uid})
        return Domain("estate_id", "=", self.estate_id.id) & Domain(domain)

    def _get_places(self):
        """Pairs of building and unit, one inspection each."""
        self.ensure_one()
        Unit, Building = self.env["property.unit"], self.env["property.building"]
        if self.place == "estate":
            return [(Building, Unit)]
        if self.place == "building":
            buildings = self.building_ids or self.estate_id.building_ids
            return [(building, Unit) for building in buildings]
        if self.place == "unit":
            units = self.unit_ids
        else:
            domain = Domain("estate_id", "=", self.estate_id.id)
            if self.place == "vacant":
                domain &= Domain("status", "=", "vacant")
                domain &= Domain("usage", "not in", ("common", "parking"))
            else:
                domain = self._get_unit_domain()
            if self.building_ids:
                domain &= Domain("building_id", "in", self.building_ids.ids)
            units = Unit.search(domain)
        usage = self.template_id.usage
        return [(unit.building_id, unit) for unit in units if not usage or unit.usage == usage]

    # --- making inspections -------------------------------------------------

    def action_generate(self):
        """Make the inspections of the next days now, and show them."""
        self.check_access("write")
        for plan in self:
            plan._generate(plan.estate_id._today())
        return self.action_view_inspections()

    @api.model
    def _generate_for(self, estate, today):
        """Daily work of an estate."""
        self.search([("estate_id", "=", estate.id)])._generate(today)

    def _generate(self, today):
        """Make what is missing from ``today`` on; asked again, nothing more.

        The plan's row is written first: who comes at the same time waits, and begins
        again with what the first has made.
        """
        ahead = {plan: plan._get_last_day(today) for plan in self}
        self._claim()
        for plan, last in ahead.items():
            super(PropertyInspectionPlan, plan).write({"generated_until": last})
        rows = []
        for plan, last in ahead.items():
            rows += plan._prepare_inspections(today, last)
        known = self._get_known(today)
        fresh = [row for row in rows if _slot_key(row) not in known]
        # who may plan may make what is planned; the daily work does it for all
        return self.env["property.inspection"].sudo()._create_rows(fresh)

    def _get_last_day(self, today):
        self.ensure_one()
        return today + timedelta(days=self.days_ahead)

    def _claim(self):
        """A new version of the rows, also where nothing changes: who else claims them waits."""
        if self.ids:
            self.env.cr.execute(
                SQL(
                    "UPDATE property_inspection_plan SET generated_until = generated_until"
                    " WHERE id IN %s",
                    tuple(sorted(self.ids)),
                )
            )

    def _get_known(self, today):
        """Keys of what the plans have made from ``today`` on, whatever became of it."""
        since = min((plan.estate_id._utc_at(today) for plan in self), default=None)
        if not since:
            return set()
        # also those that this person does not see
        rows = (
            self.env["property.inspection"]
            .sudo()
            .search_fetch(
                [("plan_id", "in", self.ids), ("slot", ">=", since)],
                ["plan_id", "building_id", "unit_id", "slot"],
            )
        )
        return {
            (row.plan_id.id, row.building_id.id or False, row.unit_id.id or False, row.slot)
            for row in rows
        }

    def _prepare_inspections(self, today, last):
        self.ensure_one()
        moments = self._get_slots(today, last)
        if not moments or (self.layout == "vacant" and not self.estate_id._has_vacant_units()):
            # nobody is sent round where nothing is vacant
            return []
        estate = self.estate_id
        places = self._get_places()
        now, rows = fields.Datetime.now(), []
        for moment in moments:
            utc = estate._utc_at(moment)
            late = estate._utc_at(deadline(moment, moments))
            if late <= now:
                # nothing is late that nobody could have known of
                continue
            rows += [
                {
                    "plan_id": self.id,
                    "slot": utc,
                    "date_planned": utc,
                    "date": moment.date(),
                    "deadline": late,
                    "template_id": self.template_id.id,
                    "estate_id": estate.id,
                    "building_id": building.id or False,
                    "unit_id": unit.id or False,
                    "user_id": self.user_id.id,
                    "department_id": self.department_id.id,
                }
                for building, unit in places
            ]
        return rows

    def action_view_inspections(self):
        """Open what the plan has made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_inspection_action"
        )
        action["domain"] = [("plan_id", "in", self.ids)]
        action["context"] = {}
        return action


def _slot_key(row):
    return (row["plan_id"], row["building_id"], row["unit_id"], row["slot"])
