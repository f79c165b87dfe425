from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..calc.signature import Role

VISIT_STATES = [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")]

#: where each state may lead
VISIT_TRANSITIONS = {
    "planned": {"done", "cancelled"},
    "done": set(),
    "cancelled": {"planned"},
}

#: what a visit that was done keeps as it is
RECORDED = {"occupancy_id", "date_done", "contact_id", "channel", "asked", "answered"}


class PropertyVisit(models.Model):
    """A planned or paid visit to an occupant: what was asked and what was promised."""

    _name = "property.visit"
    _description = "Customer Visit"
    _inherit = [
        "property.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "property.signature.mixin",
        "property.numbered.mixin",
    ]
    _order = "date_planned desc, id desc"
    _rec_names_search = ["number", "unit_id.code", "partner_id.name"]
    _check_company_auto = True
    _number_series = "V"
    _transitions = VISIT_TRANSITIONS
    _system_fields = frozenset({"plan_id"})
    _required_constraints = ("_number_uniq", "_once_in_plan")

    occupancy_id = fields.Many2one(
        "property.occupancy",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('state', 'in', ('moving_in', 'active', 'notice', 'clearing'))]",
    )
    unit_id = fields.Many2one(
        related="occupancy_id.unit_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(related="occupancy_id.building_id", store=True, precompute=True)
    estate_id = fields.Many2one(
        related="occupancy_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="occupancy_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="occupancy_id.partner_id", store=True, index=True, precompute=True
    )
    plan_id = fields.Many2one(
        "property.visit.plan", index="btree_not_null", ondelete="restrict", readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Visitor",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        index=True,
    )
    date_planned = fields.Datetime(
        string="Appointment", required=True, default=fields.Datetime.now, tracking=True, index=True
    )
    date_done = fields.Datetime(string="Visited on", copy=False)
    channel = fields.Selection(
        [("visit", "Visit"), ("phone", "Phone Call"), ("office", "At the Office")],
        required=True,
        default="visit",
    )
    contact_id = fields.Many2one(
        "res.partner", string="Spoken with", help="The person who was met; empty: the party."
    )
    purpose = fields.Char(
        string="Purpose of the Visit", default=lambda self: self.env._("Regular visit")
    )
    asked = fields.Text(string="What Was Asked", copy=False)
    answered = fields.Text(string="What Was Answered", copy=False)
    satisfaction = fields.Selection(
        [
            ("1", "Very Dissatisfied"),
            ("2", "Dissatisfied"),
            ("3", "Neither"),
            ("4", "Satisfied"),
            ("5", "Very Satisfied"),
        ],
        copy=False,
    )
    promise_ids = fields.One2many("property.visit.promise", "visit_id", string="Promises")
    open_promise_count = fields.Integer(compute="_compute_open_promise_count")
    state = fields.Selection(
        VISIT_STATES,
        required=True,
        default="planned",
        tracking=True,
        index=True,
        copy=False,
        group_expand=True,
    )
    cancel_reason = fields.Char(copy=False, tracking=True)
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", search="_search_is_late")
    coverage = fields.Float(
        string="Done (%)",
        compute="_compute_coverage",
        store=True,
        aggregator="avg",
        help="In groups: the part of the planned visits that was done.",
    )

    _once_in_plan = models.UniqueIndex(
        "(plan_id, occupancy_id) WHERE plan_id IS NOT NULL AND state <> 'cancelled'",
        "This plan already has a visit to this occupant.",
    )

    @api.depends("number", "unit_id.code", "partner_id.name")
    def _compute_display_name(self):
        for visit in self:
            who = f"{visit.unit_id.code or ''} {visit.partner_id.name or ''}".strip()
            visit.display_name = " · ".join(filter(None, (visit.number, who)))

    @api.depends("promise_ids.state")
    def _compute_open_promise_count(self):
        counts = dict(
            self.env["property.visit.promise"]._read_group(
                [("visit_id", "in", self.ids), ("state", "=", "open")], ["visit_id"], ["__count"]
            )
        )
        for visit in self:
            visit.open_promise_count = counts.get(visit, 0)

    @api.depends("state", "date_planned")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for visit in self:
            visit.is_late = bool(
                visit.state == "planned" and visit.date_planned and visit.date_planned < now
            )

    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("state", "=", "planned") & Domain("date_planned", "<", fields.Datetime.now())
        return late if (True in value) == (operator == "in") else ~late

    @api.depends("state")
    def _compute_coverage(self):
        for visit in self:
            visit.coverage = 100.0 if visit.state == "done" else 0.0

    # --- states -----------------------------------------------------------

    def write(self, vals):
        kept = RECORDED & vals.keys()
        if kept:
            for visit in self.filtered(lambda visit: visit.state == "done"):
                raise UserError(
                    self.env._(
                        "%(visit)s was made and stays as it was recorded. Note what is new in the"
                        " messages below it, or record another visit.",
                        visit=visit.display_name,
                    )
                )
        return super().write(vals)

    def action_done(self):
        """The visit was made: what was said is on record."""
        self.check_access("write")
        for visit in self:
            if not (visit.asked or visit.answered or visit.promise_ids):
                raise UserError(
                    self.env._(
                        "Note what was asked or answered at %(visit)s before you press Done.",
                        visit=visit.display_name,
                    )
                )
        for visit in self:
            visit._move("done", {"date_done": visit.date_done or fields.Datetime.now()})
            visit.promise_ids._make_to_dos()

    def action_cancel(self):
        """The visit does not take place; why is on record."""
        self.check_access("write")
        for visit in self:
            if not (visit.cancel_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Fill in why %(visit)s does not take place, then press Cancel again.",
                        visit=visit.display_name,
                    )
                )
        self._move("cancelled")

    def action_plan_again(self):
        """Take up a cancelled visit again."""
        self.check_access("write")
        self._move("planned", {"cancel_reason": False})

    def _erase_what_was_said(self):
        """Past the refusal to change what is recorded; for the destruction of a dossier."""
        self.promise_ids.unlink()
        return self._store({"asked": False, "answered": False, "contact_id": False})

    # --- signatures -------------------------------------------------------

    def _signature_roles(self):
        contact = self.contact_id or self.partner_id
        return {
            "occupant": Role(self.env._("Occupant"), required=False, name=contact.name or ""),
            "visitor": Role(self.env._("Visitor"), staff=True),
        }

    def _signature_version_values(self):
        return [self.occupancy_id.id, self.asked, self.answered, self.promise_ids.mapped("text")]

    def _signature_partner(self, role):
        return self.contact_id or self.partner_id
