from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .property_inspection_template import RESPONSIBLE
from .property_state_mixin import MAIL_FIELDS

STATES = [
    ("open", "Not Begun"),
    ("in_progress", "Being Mended"),
    ("mended", "Mended"),
    ("accepted", "Accepted"),
    ("cancelled", "Cancelled"),
]

OPEN_STATES = ("open", "in_progress")

TRANSITIONS = {
    "open": {"in_progress", "mended", "cancelled"},
    "in_progress": {"open", "mended", "cancelled"},
    "mended": {"accepted", "open"},
    "accepted": set(),
    "cancelled": set(),
}

#: found out by the buttons, beside the state
SYSTEM_FIELDS = {
    "inspection_id",
    "line_id",
    "found_by_id",
    "mended_at",
    "mended_by_id",
    "checked_at",
    "checked_by_id",
    "cancel_reason",
}


class PropertyDefect(models.Model):
    """Something that is not as it should be: who found it, who mends it, who checks it."""

    _name = "property.defect"
    _description = "Defect"
    _inherit = [
        "property.state.mixin",
        "property.numbered.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "priority desc, date_due, id"
    _rec_name = "number"
    _rec_names_search = ["number", "name", "unit_id.code"]
    _check_company_auto = True
    _required_constraints = ("_number_uniq", "_line_once")

    _number_series = "DF"
    _transitions = TRANSITIONS
    _system_fields = frozenset(SYSTEM_FIELDS)

    name = fields.Char(string="Defect Found", required=True, tracking=True)
    location = fields.Char(string="Where Exactly")
    description = fields.Text()
    estate_id = fields.Many2one(
        "property.estate",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        "property.building",
        index="btree_not_null",
        ondelete="restrict",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('estate_id', '=?', estate_id)]",
    )
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('estate_id', '=?', estate_id)]",
    )
    occupancy_id = fields.Many2one(
        "property.occupancy",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('unit_id', '=?', unit_id), ('state', '!=', 'cancelled')]",
    )
    inspection_id = fields.Many2one(
        "property.inspection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    line_id = fields.Many2one(
        "property.inspection.line",
        string="Point",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    photo_ids = fields.One2many("property.inspection.photo", "defect_id", string="Photos")
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Important"), ("2", "Urgent"), ("3", "Dangerous")],
        default="0",
        required=True,
        tracking=True,
    )
    responsible = fields.Selection(
        RESPONSIBLE,
        string="Mended by",
        required=True,
        default="engineering",
        tracking=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Firm",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The developer or contractor who has to mend it.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who Sees to It",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain=[("share", "=", False)],
    )
    date_found = fields.Date(
        string="Found on", default=fields.Date.context_today, required=True, readonly=True
    )
    found_by_id = fields.Many2one(
        "res.users",
        string="Found by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        index=True,
    )
    date_due = fields.Date(string="To Be Mended by", tracking=True, index=True)
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", search="_search_is_late")
    state = fields.Selection(
        STATES,
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    mended_note = fields.Text(string="What Was Done")
    mended_at = fields.Datetime(string="Mended at", readonly=True, copy=False)
    mended_by_id = fields.Many2one(
        "res.users", string="Reported Mended by", readonly=True, copy=False, ondelete="restrict"
    )
    checked_at = fields.Datetime(string="Checked at", readonly=True, copy=False)
    checked_by_id = fields.Many2one(
        "res.users", string="Checked by", readonly=True, copy=False, ondelete="restrict"
    )
    cancel_reason = fields.Char(string="Cancelled because", readonly=True, copy=False)
    warranty_part_id = fields.Many2one(
        "property.warranty.part",
        string="Part under Warranty",
        ondelete="restrict",
        tracking=True,
        index="btree_not_null",
        help="Which warranty covers it: until when follows from the handover of the unit.",
    )
    warranty_until = fields.Date(string="Under Warranty until", compute="_compute_warranty")
    is_covered = fields.Boolean(string="Under Warranty", compute="_compute_warranty")
    warranty_note = fields.Char(string="Warranty", compute="_compute_warranty")
    may_check = fields.Boolean(compute="_compute_may_check")

    # a point makes one defect, however often the inspection is finished
    _line_once = models.UniqueIndex(
        "(line_id) WHERE line_id IS NOT NULL AND state <> 'cancelled'",
        "This point has its defect already.",
    )
    _cancelled_with_reason = models.Constraint(
        "CHECK (state <> 'cancelled' OR cancel_reason IS NOT NULL)",
        "Say why the defect is cancelled.",
    )

    @api.depends("unit_id")
    def _compute_place(self):
        for defect in self:
            defect.building_id = defect.unit_id.building_id or defect.building_id
            defect.estate_id = defect.unit_id.estate_id or defect.estate_id

    @api.depends("number", "name")
    def _compute_display_name(self):
        for defect in self:
            defect.display_name = " ".join(part for part in (defect.number, defect.name) if part)

    @api.depends("date_due", "state")
    @api.depends_context("uid")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for defect in self:
            defect.is_late = bool(
                defect.state in OPEN_STATES and defect.date_due and defect.date_due < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain("state", "in", OPEN_STATES) & Domain("date_due", "<", today)

    @api.depends(
        "warranty_part_id.months",
        "unit_id.warranty_start",
        "estate_id.warranty_partner_id.name",
        "date_found",
    )
    @api.depends_context("lang")
    def _compute_warranty(self):
        """Whether it was found in time; who answers is the developer of the estate."""
        for defect in self:
            until, covered = defect._get_warranty()
            defect.warranty_until = until
            defect.is_covered = covered
            defect.warranty_note = until and defect._explain_warranty(until, covered)

    def _get_warranty(self):
        """(last day under warranty or False, whether it was found in time)."""
        self.ensure_one()
        unit, part = self.unit_id, self.warranty_part_id
        if not unit or not part:
            return False, False
        until, covered = unit._get_warranty(part, self.date_found)
        return until or False, bool(until and covered)

    def _explain_warranty(self, until, covered):
        day = format_date(self.env, until)
        if not covered:
            return self.env._("The warranty ended on %(day)s.", day=day)
        who = self.estate_id.warranty_partner_id.name or self.env._("the developer")
        return self.env._("Until %(day)s; %(who)s answers for it.", day=day, who=who)

    @api.onchange("warranty_part_id", "unit_id")
    def _onchange_warranty(self):
        self._blame_developer()

    def _blame_developer(self):
        """What is under warranty is mended by who built it."""
        for defect in self:
            if defect.is_covered:
                defect.responsible = "developer"
                defect.partner_id = defect.estate_id.warranty_partner_id or defect.partner_id

    @api.depends("found_by_id", "state")
    @api.depends_context("uid")
    def _compute_may_check(self):
        for defect in self:
            defect.may_check = defect.state == "mended" and defect._is_checker()

    def _is_checker(self):
        """Who found the defect checks it afterwards, or a supervisor."""
        self.ensure_one()
        user = self.env.user
        return (
            self.env.su
            or self.found_by_id == user
            or user.has_group("property_tenant.group_supervisor")
            or user.has_group("property_tenant.group_engineering_supervisor")
        )

    # --- guard --------------------------------------------------------------

    def _get_allowed_values(self):
        return {**super()._get_allowed_values(), "found_by_id": self.env.uid}

    def write(self, vals):
        for defect in self:
            if defect.state in ("accepted", "cancelled") and vals.keys() - MAIL_FIELDS:
                raise UserError(defect._explain_closed())
        return super().write(vals)

    def _explain_guard(self):
        return self.env._(
            "How far a defect is follows from its buttons: mend it, accept it or cancel it."
        )

    def _explain_closed(self):
        self.ensure_one()
        return self.env._(
            "%(defect)s is closed and stays as it is. Report a new defect.",
            defect=self.display_name,
        )

    # --- buttons ------------------------------------------------------------

    def action_begin(self):
        """Somebody begins to mend."""
        self.check_access("write")
        for defect in self:
            user = defect.user_id or self.env.user
            defect._move("in_progress", {"user_id": user.id})
        return True

    def action_mend(self):
        """It is mended; who found it looks at it again."""
        self.check_access("write")
        now = fields.Datetime.now()
        self._move("mended", {"mended_at": now, "mended_by_id": self.env.uid})
        return True

    def action_accept(self):
        """Looked at again and in order."""
        self._check_checker()
        now = fields.Datetime.now()
        self._move("accepted", {"checked_at": now, "checked_by_id": self.env.uid})
        return True

    def action_refuse(self):
        """Looked at again and not in order: say what is still wrong."""
        self.ensure_one()
        self._check_checker()
        return self.env["property.inspection.reason"]._open(
            self, "refuse", self.env._("Still Wrong")
        )

    def action_cancel(self):
        """Ask why, then cancel."""
        self.ensure_one()
        self.check_access("write")
        return self.env["property.inspection.reason"]._open(
            self, "cancel", self.env._("Cancel Defect")
        )

    def _check_checker(self):
        self.check_access("write")
        for defect in self:
            if not defect._is_checker():
                raise UserError(
                    self.env._(
                        "%(defect)s was found by %(finder)s, who looks at it again. A supervisor"
                        " may do it instead.",
                        defect=defect.display_name,
                        finder=defect.found_by_id.name,
                    )
                )

    def _refuse(self, reason):
        self._check_checker()
        for defect in self:
            defect._move("open", {"mended_at": False, "mended_by_id": False})
            defect.message_post(
                body=self.env._("Still wrong: %s", reason), subtype_xmlid="mail.mt_note"
            )

    def _cancel(self, reason):
        self.check_access("write")
        self._withdraw(reason)

    def _withdraw(self, reason):
        """Cancel what is not mended yet; mended ones are for their finder to judge."""
        if not (reason or "").strip() and self:
            raise UserError(
                self.env._("Say why %(defect)s is cancelled.", defect=self[0].display_name)
            )
        for defect in self:
            defect._move("cancelled", {"cancel_reason": reason.strip()})

    def _make_ticket(self):
        """Hand the defects over to those who mend; property_service makes tickets of them."""

    def action_view_inspection(self):
        """Open the inspection that found it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.inspection",
            "res_id": self.inspection_id.id,
            "views": [(False, "form")],
        }
