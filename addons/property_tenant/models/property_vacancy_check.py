from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.signature import Role
from .property_state_mixin import MAIL_FIELDS

STATES = [
    ("draft", "In Preparation"),
    ("asked", "Being Compared"),
    ("done", "Agreed"),
    ("cancelled", "Void"),
]

#: where each state may lead
TRANSITIONS = {
    "draft": {"asked", "cancelled"},
    "asked": {"done", "cancelled"},
    "done": set(),
    "cancelled": set(),
}


#: days that the departments have to compare and sign
ANSWER_DAYS = 2

#: of a department without a head, how many are asked
ASKED_AT_MOST = 5


class PropertyVacancyCheck(models.Model):
    """The list of vacant units, compared with what the departments know; signed by each."""

    _name = "property.vacancy.check"
    _description = "Comparison of Vacant Units"
    _inherit = [
        "property.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "property.numbered.mixin",
        "property.signature.mixin",
    ]
    _order = "date desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number"]
    _check_company_auto = True
    _required_constraints = ("_number_uniq",)

    _number_series = "VC"
    _number_on_create = True
    _transitions = TRANSITIONS
    _system_fields = frozenset({"date_list", "void_reason", "done_at", "line_ids"})

    estate_id = fields.Many2one(
        "property.estate", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_list = fields.Datetime(string="List of", readonly=True, copy=False)
    department_ids = fields.Many2many(
        "property.department",
        string="Departments Asked",
        check_company=True,
        default=lambda self: self.env["property.department"].search(
            [("company_id", "=", self.env.company.id)]
        ),
    )
    line_ids = fields.One2many("property.vacancy.check.line", "check_id", string="Vacant Units")
    difference_ids = fields.One2many(
        "property.vacancy.difference", "check_id", string="Differences"
    )
    unit_count = fields.Integer(string="Number of Vacant Units", compute="_compute_counts")
    difference_count = fields.Integer(compute="_compute_counts")
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    void_reason = fields.Char(string="Void because", readonly=True, copy=False, tracking=True)
    done_at = fields.Datetime(string="Agreed at", readonly=True, copy=False)
    may_confirm = fields.Boolean(compute="_compute_may_confirm")

    @api.depends("line_ids", "difference_ids")
    def _compute_counts(self):
        counts = [
            dict(
                self.env[model]._read_group(
                    [("check_id", "in", self.ids)], ["check_id"], ["__count"]
                )
            )
            for model in ("property.vacancy.check.line", "property.vacancy.difference")
        ]
        for check in self:
            check.unit_count = counts[0].get(check, 0)
            check.difference_count = counts[1].get(check, 0)

    @api.depends("state", "department_ids")
    @api.depends_context("uid")
    def _compute_may_confirm(self):
        for check in self:
            check.may_confirm = check.state == "asked" and bool(check._get_own_departments())

    @api.depends("number", "estate_id.name", "date")
    def _compute_display_name(self):
        for check in self:
            parts = (check.number, check.estate_id.name, str(check.date or ""))
            check.display_name = " ".join(part for part in parts if part)

    # --- guard --------------------------------------------------------------

    def write(self, vals):
        for check in self:
            if check.state != "draft" and vals.keys() - MAIL_FIELDS:
                raise UserError(
                    self.env._(
                        "%(check)s is with the departments and stays as it is. Make it void and"
                        " begin another one.",
                        check=check.display_name,
                    )
                )
        return super().write(vals)

    def _explain_guard(self):
        return self.env._(
            "The list follows from the units, the state from the buttons. Press Ask the"
            " Departments."
        )

    # --- buttons ------------------------------------------------------------

    def action_ask(self):
        """Write the list of units that are vacant now, and ask the departments."""
        self.check_access("write")
        for check in self:
            if check.state != "draft":
                continue
            if not check.department_ids:
                raise UserError(
                    self.env._(
                        "Choose the departments that compare %(check)s.", check=check.display_name
                    )
                )
            units = self.env["property.unit"].search(check._get_list_domain())
            # the list is made by the button, by nobody's hand
            self.env["property.vacancy.check.line"].sudo().create(
                [
                    {"check_id": check.id, "unit_id": unit.id, "since": since}
                    for unit, since in check._get_vacant_since(units)
                ]
            )
            check._move("asked", {"date_list": fields.Datetime.now()})
            check._make_to_dos()
        return True

    def _make_to_dos(self):
        """Each department has the list among its to-dos: its head, or all who act for it."""
        self.ensure_one()
        for department in self.department_ids:
            users = department._get_users(self.estate_id)
            for user in (users & department.head_id) or users[:ASKED_AT_MOST]:
                # the list is for all departments, whoever has made it
                self.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    date_deadline=self.estate_id._today() + timedelta(days=ANSWER_DAYS),
                    summary=self.with_context(lang=user.lang).env._(
                        "%(department)s: compare the vacant units, then sign",
                        department=department.with_context(lang=user.lang).name,
                    ),
                )

    def _settle_to_dos(self):
        """Done for those whose departments have all signed."""
        self.ensure_one()
        signed = set(self._signature_rows().mapped("role"))
        open_departments = self.department_ids.filtered(
            lambda department: f"department_{department.id}" not in signed
        )
        waiting = self.env["res.users"].union(
            *(department._get_users(self.estate_id) for department in open_departments)
        )
        # the signature settles the to-do of the colleagues, too
        to_dos = self.sudo().activity_ids.filtered(lambda to_do: to_do.user_id not in waiting)
        to_dos.action_done()

    def _get_list_domain(self):
        return self.estate_id._get_vacant_domain()

    def _get_vacant_since(self, units):
        """Pairs of unit and the day after its last user's last, if there was one."""
        ends = dict(
            self.env["property.occupancy"]._read_group(
                [
                    ("unit_id", "in", units.ids),
                    ("state", "=", "ended"),
                    "|",
                    ("kind", "=", "tenant"),
                    ("self_use", "=", True),
                ],
                ["unit_id"],
                ["date_end:max"],
            )
        )
        return [
            (unit, fields.Date.add(ends[unit], days=1) if ends.get(unit) else False)
            for unit in units
        ]

    def action_void(self):
        """Ask why, then make it void."""
        self.ensure_one()
        self.check_access("write")
        return self.env["property.inspection.reason"]._open(self, "void", self.env._("Make Void"))

    def _void(self, reason):
        self.check_access("write")
        for check in self:
            if check.state in ("done", "cancelled") or not (reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(check)s is closed, or no reason was given.", check=check.display_name
                    )
                )
            check._move("cancelled", {"void_reason": reason.strip()})
            # nobody has to compare it any more
            check.sudo().activity_ids.unlink()

    # --- departments --------------------------------------------------------

    @api.model
    def _get_waiting_for_me(self):
        """Lists being compared that a department of this person has not signed."""
        waiting = self.browse()
        if not self.has_access("read"):
            return waiting
        checks = self.search([("state", "=", "asked")])
        signatures = checks._signature_rows().grouped("res_id")
        for check in checks:
            signed = {row.role for row in signatures.get(check.id, ())}
            own = {f"department_{department.id}" for department in check._get_own_departments()}
            if own - signed:
                waiting |= check
        return waiting

    def _get_own_departments(self):
        """The departments asked for which this person may answer."""
        self.ensure_one()
        return self.department_ids.filtered(
            lambda department: self.env.user in department._get_users(self.estate_id)
        )

    def action_note_difference(self):
        """Say of a unit that the list is wrong."""
        self.ensure_one()
        self._check_asked()
        own = self._get_own_departments()
        if not own:
            raise UserError(
                self.env._(
                    "None of your departments is asked in %(check)s.", check=self.display_name
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note a Difference"),
            "res_model": "property.vacancy.difference",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_check_id": self.id, "default_department_id": own[:1].id},
        }

    def _check_asked(self):
        for check in self:
            if check.state != "asked":
                raise UserError(
                    self.env._("%(check)s is not being compared now.", check=check.display_name)
                )

    def _signature_roles(self):
        return {
            f"department_{department.id}": Role(department.name, staff=True)
            for department in self.department_ids
        }

    def _signature_version_values(self):
        return [line.unit_id.id for line in self.line_ids]

    def _signature_check_access(self):
        """Departments that cannot write the list sign it, too."""
        self.check_access("read")

    def _signature_check(self, role):
        result = super()._signature_check(role)
        self._check_asked()
        keys = {f"department_{department.id}" for department in self._get_own_departments()}
        if role not in keys:
            raise UserError(
                self.env._(
                    "You do not work for this department, so you cannot sign %(check)s for it.",
                    check=self.display_name,
                )
            )
        return result

    def action_sign(self):
        """Sign for the own department."""
        self.ensure_one()
        signed = set(self._signature_rows().mapped("role"))
        for department in self._get_own_departments():
            key = f"department_{department.id}"
            if key not in signed:
                return super(
                    PropertyVacancyCheck, self.with_context(signature_role=key)
                ).action_sign()
        return super().action_sign()

    def _sign(self, role, name, signature, reason="", ip=False):
        """A department that does not agree says so unit by unit."""
        if reason:
            raise UserError(
                self.env._(
                    "If the list %(check)s is wrong, press Note a Difference for each unit, then"
                    " sign.",
                    check=self.display_name,
                )
            )
        return super()._sign(role, name, signature, ip=ip)

    def _signature_given(self, role):
        result = super()._signature_given(role)
        if not self._signature_missing():
            # each department has signed; the last of them may not write the list
            self.sudo()._move("done", {"done_at": fields.Datetime.now()})
        self._settle_to_dos()
        return result
