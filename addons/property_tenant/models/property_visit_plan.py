from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.visits import coverage, spread

#: local hour of the first appointment of a day
FIRST_HOUR = 9


class PropertyVisitPlan(models.Model):
    """A period in which every occupant of an estate is visited once."""

    _name = "property.visit.plan"
    _description = "Plan of Visits"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    estate_id = fields.Many2one(
        "property.estate", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('estate_id', '=', estate_id)]",
        help="Empty: all buildings of the estate.",
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", required=True)
    user_ids = fields.Many2many(
        "res.users",
        string="Visitors",
        domain=[("share", "=", False)],
        help="Share the visits evenly, building by building.",
    )
    purpose = fields.Char(
        string="Purpose of the Visit",
        default=lambda self: self.env._("Regular visit"),
        translate=True,
    )
    visit_ids = fields.One2many("property.visit", "plan_id", string="Visits")
    count_planned = fields.Integer(string="Planned", compute="_compute_coverage")
    count_done = fields.Integer(string="Done", compute="_compute_coverage")
    count_missing = fields.Integer(
        string="Not Planned Yet",
        compute="_compute_coverage",
        help="Occupants who moved in since the visits were planned.",
    )
    coverage = fields.Float(string="Coverage (%)", compute="_compute_coverage", aggregator=None)

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A plan cannot end before it begins."
    )

    @api.depends("visit_ids.state", "building_ids")
    def _compute_coverage(self):
        counts = {
            (plan, state): count
            for plan, state, count in self.env["property.visit"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id", "state"], ["__count"]
            )
        }
        for plan in self:
            done = counts.get((plan, "done"), 0)
            planned = done + counts.get((plan, "planned"), 0)
            missing = len(plan._get_missing_occupancies()) if plan.id else 0
            plan.count_done, plan.count_planned, plan.count_missing = done, planned, missing
            plan.coverage = coverage(done, planned + missing)

    def _get_missing_occupancies(self):
        """Who uses a unit of the plan and has no visit in it, in the order of the units."""
        self.ensure_one()
        domain = [
            ("estate_id", "=", self.estate_id.id),
            ("state", "in", ("active", "notice")),
            ("unit_id.usage", "not in", ("parking", "storage", "common")),
            "|",
            ("kind", "=", "tenant"),
            ("self_use", "=", True),
        ]
        if self.building_ids:
            domain.append(("building_id", "in", self.building_ids.ids))
        occupancies = self.env["property.occupancy"].search(domain)
        # one visit per lease, whatever the number of its units
        heads = occupancies.filtered(lambda occupancy: occupancy.lead_id not in occupancies)
        planned = self.visit_ids.filtered(lambda visit: visit.state != "cancelled").occupancy_id
        return (heads - planned).sorted(
            lambda occupancy: (
                occupancy.building_id.id,
                occupancy.unit_id.floor,
                occupancy.unit_id.code,
            )
        )

    def action_plan_visits(self):
        """Plan a visit to everybody who has none, spread over the working days."""
        self.check_access("write")
        for plan in self:
            occupancies = plan._get_missing_occupancies()
            if not occupancies:
                raise UserError(
                    self.env._("All occupants of %(plan)s have a visit.", plan=plan.name)
                )
            plan._plan_visits(occupancies)

    def _plan_visits(self, occupancies):
        self.ensure_one()
        today = self.estate_id._today()
        days = self.estate_id._get_working_days(max(self.date_from, today), self.date_to)
        if not days:
            raise UserError(
                self.env._(
                    "%(plan)s has no working day left until %(end)s. Extend it.",
                    plan=self.name,
                    end=self.date_to,
                )
            )
        users = self.user_ids or self.env.user
        planned = spread(len(occupancies), days)
        hours = {}
        values = []
        for number, (occupancy, day) in enumerate(zip(occupancies, planned, strict=True)):
            user = users[number * len(users) // len(occupancies)]
            hour = hours.setdefault((day, user), FIRST_HOUR)
            hours[day, user] = min(hour + 1, 17)
            values.append(
                {
                    "plan_id": self.id,
                    "occupancy_id": occupancy.id,
                    "user_id": user.id,
                    "purpose": self.purpose,
                    "date_planned": self.estate_id._utc_at(datetime.combine(day, time(hour))),
                }
            )
        self.env["property.visit"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )._create_rows(values)

    def action_view_visits(self):
        """Open the visits of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_visit_action"
        )
        action["domain"] = [("plan_id", "in", self.ids)]
        action["context"] = {}
        return action

    @api.ondelete(at_uninstall=False)
    def _unlink_without_visits(self):
        for plan in self:
            if plan.visit_ids:
                raise UserError(
                    self.env._(
                        "%(plan)s has visits and stays on record. Change its last day instead.",
                        plan=plan.name,
                    )
                )
