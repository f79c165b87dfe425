from ast import literal_eval
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang

from ..calc.approval import within

DECIDERS = {
    "department": "department_id",
    "role": "group_id",
    "person": "user_id",
    "field": "user_field",
}


class PropertyApprovalRule(models.Model):
    """At this gate, in this case, this one decides, at this step."""

    _name = "property.approval.rule"
    _description = "Approval Rule"
    _inherit = ["mail.thread"]
    _order = "model, gate, step, sequence, id"
    _check_company_auto = True

    name = fields.Char(
        tracking=True, translate=True, help="Empty: what it is about and who decides."
    )
    active = fields.Boolean(
        string="In Force",
        default=True,
        tracking=True,
        help="A rule that is not in force can be tried on records without any effect.",
    )
    sequence = fields.Integer(default=10)
    gate_id = fields.Many2one(
        "property.approval.gate",
        string="What Needs Approval",
        required=True,
        ondelete="cascade",
        tracking=True,
    )
    model_id = fields.Many2one("ir.model", string="Record Kind", required=True, ondelete="cascade")
    model = fields.Char(
        string="Record Kind Code", related="model_id.model", store=True, index=True, precompute=True
    )
    gate = fields.Char(string="Gate Code", required=True, index=True)
    step = fields.Integer(
        default=1,
        required=True,
        aggregator=None,
        tracking=True,
        help="Rules of one step are decided side by side; the next step begins after all of them.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Empty: all companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    estate_ids = fields.Many2many(
        "property.estate",
        string="Estates",
        check_company=True,
        tracking=True,
        help="Empty: all estates.",
    )
    amount_from = fields.Monetary(
        string="Amount over", tracking=True, help="Zero: from any amount."
    )
    amount_to = fields.Monetary(
        string="Amount up to", tracking=True, help="Zero: up to any amount."
    )
    figure = fields.Selection(
        [
            ("area", "Area (m²)"),
            ("days", "Number of Days"),
            ("persons", "Number of Persons"),
            ("quantity", "Quantity"),
        ],
        string="Further Limit",
        tracking=True,
        help="Another figure of the record that decides whether the rule applies.",
    )
    figure_from = fields.Float(string="Over", tracking=True)
    figure_to = fields.Float(string="Up to", tracking=True)
    domain = fields.Char(
        string="Special Case",
        default="[]",
        tracking=True,
        help="Only records that meet these conditions.",
    )
    decider = fields.Selection(
        [
            ("department", "A department"),
            ("role", "Anybody with a role"),
            ("person", "A certain person"),
            ("field", "The person named on the record"),
        ],
        string="Who Decides",
        default="role",
        required=True,
    )
    department_id = fields.Many2one(
        "property.department", check_company=True, ondelete="restrict", tracking=True
    )
    group_id = fields.Many2one("res.groups", string="Role", ondelete="restrict", tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        ondelete="restrict",
        tracking=True,
        domain=[("share", "=", False)],
    )
    user_field = fields.Selection("_selection_user_field", string="Named as", tracking=True)
    required_count = fields.Integer(
        string="Number of Persons",
        default=1,
        required=True,
        tracking=True,
        help="How many different persons must say yes; usually one suffices.",
    )
    same_person = fields.Boolean(
        string="Same Person May Decide Again",
        tracking=True,
        help="Whoever decided another part of the same request may decide here, too.",
    )
    opinion_required = fields.Boolean(tracking=True)
    paper_required = fields.Boolean(tracking=True)
    notify_limit = fields.Integer(
        string="To-Dos for at Most",
        default=5,
        help="So many of those who may decide get a to-do; all find it under Waiting for Me.",
    )
    mail_notice = fields.Boolean(
        string="E-Mail to Who Decides",
        default=True,
        tracking=True,
        help="One e-mail with a link when it is their turn, and one when the time is over.",
    )
    delay_unit = fields.Selection(
        [("days", "Days"), ("work_days", "Working Days"), ("work_hours", "Working Hours")],
        string="Times in",
        default="days",
        required=True,
        tracking=True,
        help="Working days and hours are those of the estate's calendar.",
    )
    reminder_days = fields.Integer(
        string="Time to Decide",
        tracking=True,
        help="Counted from the turn; then the to-do is due and who decides is reminded. Zero: the"
        " to-do is due at once, and nobody is reminded.",
    )
    escalation_days = fields.Integer(
        string="Escalate after",
        tracking=True,
        help="Counted from the turn. Zero: nobody else is told.",
    )
    escalation_user_id = fields.Many2one(
        "res.users",
        string="Escalate to",
        domain=[("share", "=", False)],
        tracking=True,
        help="A certain person; or leave it empty and choose a role.",
    )
    escalation_group_id = fields.Many2one(
        "res.groups",
        string="or to the Role",
        ondelete="restrict",
        tracking=True,
        help="Those of the role who see the estate are told.",
    )
    summary = fields.Char(compute="_compute_summary", string="In Words")

    _step_positive = models.Constraint("CHECK (step > 0)", "Steps of a rule are counted from 1.")
    _count_positive = models.Constraint(
        "CHECK (required_count > 0)", "At least one person must decide."
    )
    _days_not_negative = models.Constraint(
        "CHECK (reminder_days >= 0 AND escalation_days >= 0 AND notify_limit >= 0)",
        "Numbers of days and of to-dos cannot be negative.",
    )

    # --- what is derived ---------------------------------------------------

    @api.model
    def _selection_user_field(self):
        """Fields of the documents that name a person; the same name means the same everywhere."""
        labels = {}
        for model in self.env["property.approval.gate"]._get_models():
            for name, field in self.env[model]._fields.items():
                if field.type == "many2one" and field.comodel_name == "res.users" and field.store:
                    if name != "write_uid":
                        labels.setdefault(name, field._description_string(self.env))
        return sorted(labels.items())

    @api.depends("name", "gate_id", "department_id", "group_id", "user_id", "user_field")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            about = f"{rule.gate_id.name} – {rule._get_who()}" if rule.gate_id else ""
            rule.display_name = rule.name or about

    @api.depends("department_id", "estate_ids")
    def _compute_company_id(self):
        for rule in self:
            companies = rule.department_id.company_id or rule.estate_ids.company_id
            rule.company_id = companies if len(companies) == 1 else rule.company_id

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.depends(
        "gate_id",
        "step",
        "estate_ids",
        "amount_from",
        "amount_to",
        "figure",
        "figure_from",
        "figure_to",
        "domain",
        "department_id",
        "group_id",
        "user_id",
        "user_field",
        "required_count",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            rule.summary = self.env._(
                "For %(case)s, %(who)s decides in step %(step)s.",
                case=", ".join([rule.gate_id.name or "…", *rule._get_conditions()]),
                who=rule._get_who(),
                step=rule.step,
            )

    def _get_conditions(self):
        """The conditions of the rule in words."""
        self.ensure_one()
        words = []
        if self.estate_ids:
            words.append(self.env._("in %s", ", ".join(self.estate_ids.mapped("display_name"))))
        for label, over, up_to, money in self._get_limits():
            over_text, up_to_text = (
                formatLang(self.env, value, currency_obj=self.currency_id if money else None)
                for value in (over, up_to)
            )
            if over:
                words.append(self.env._("%(figure)s over %(limit)s", figure=label, limit=over_text))
            if up_to:
                words.append(
                    self.env._("%(figure)s up to %(limit)s", figure=label, limit=up_to_text)
                )
        if self._get_domain(silent=True):
            words.append(self.env._("in the special case below"))
        return words

    def _get_limits(self):
        self.ensure_one()
        limits = [(self.env._("amount"), self.amount_from, self.amount_to, True)]
        if self.figure:
            label = dict(self._fields["figure"]._description_selection(self.env))[self.figure]
            limits.append((label, self.figure_from, self.figure_to, False))
        return limits

    def _get_who(self):
        """Who decides, in words."""
        self.ensure_one()
        if self.department_id:
            who = self.env._("the department %s", self.department_id.display_name)
        elif self.group_id:
            who = self.env._("the role %s", self.group_id.name)
        elif self.user_id:
            who = self.user_id.display_name
        elif self.user_field:
            labels = dict(self._selection_user_field())
            who = self.env._("the person named as %s", labels.get(self.user_field, self.user_field))
        else:
            return "…"
        if self.required_count > 1:
            return self.env._("%(who)s (%(count)s persons)", who=who, count=self.required_count)
        return who

    # --- checks -----------------------------------------------------------

    @api.onchange("gate_id")
    def _onchange_gate_id(self):
        # the condition editor needs to know the model before the rule is saved
        self.model_id = self.gate_id.sudo().model_id
        self.gate = self.gate_id.gate
        if self.domain != "[]":
            self.domain = "[]"

    @api.onchange("decider")
    def _onchange_decider(self):
        for kind, name in DECIDERS.items():
            if kind != self.decider:
                self[name] = False

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            self._complete_gate(vals)
            self._complete_decider(vals)
        rules = super().create(vals_list)
        for rule in rules.filtered(lambda rule: not rule.name):
            rule.name = rule.display_name
        return rules

    def write(self, vals):
        if vals.keys() & {"gate_id", "gate", "model_id"}:
            vals = dict(vals)
            self._complete_gate(vals)
        if vals.keys() & set(DECIDERS.values()):
            vals = dict(vals)
            self._complete_decider(vals)
        result = super().write(vals)
        self._check_scope()
        return result

    @api.model
    def _complete_decider(self, vals):
        """Who decides is given by one of four fields; which one follows."""
        given = [kind for kind, name in DECIDERS.items() if vals.get(name)]
        if given:
            vals.setdefault("decider", given[0])

    def _complete_gate(self, vals):
        """A gate is given as a row, or as record kind and name: fill in the other."""
        gates = self.env["property.approval.gate"]
        if vals.get("gate_id"):
            row = gates.browse(vals["gate_id"])
            vals.update(model_id=row.sudo().model_id.id, gate=row.gate)
            return
        # the name of a model is no secret; not every manager may read ir.model
        model_id = vals.get("model_id") or self.model_id.id
        model = self.env["ir.model"].sudo().browse(model_id).model
        gate = vals.get("gate") or (self.gate if len(self) == 1 else "")
        row = gates._get(model, gate)
        if not row:
            raise ValidationError(
                self.env._(
                    "Records of the kind %(model)s have no gate called %(gate)s. Choose what needs"
                    " approval from the list.",
                    model=model or "?",
                    gate=gate or "?",
                )
            )
        vals.update(gate_id=row.id, model_id=model_id, gate=gate)

    @api.constrains("gate_id", "department_id", "group_id", "user_id", "user_field")
    def _check_decider(self):
        for rule in self:
            if sum(bool(rule[name]) for name in DECIDERS.values()) != 1:
                raise ValidationError(
                    self.env._(
                        "Say in rule %(rule)s who decides: one department, one role, one person or"
                        " one field of the record.",
                        rule=rule.display_name,
                    )
                )

    @api.constrains("user_field", "model_id", "required_count", "decider")
    def _check_user_field(self):
        for rule in self:
            if rule.user_field and rule.user_field not in self.env[rule.model]._fields:
                raise ValidationError(
                    self.env._(
                        "Records of rule %(rule)s do not name a person as %(field)s."
                        " Choose another field.",
                        rule=rule.display_name,
                        field=dict(self._selection_user_field()).get(rule.user_field),
                    )
                )
            if rule.required_count > 1 and (rule.user_id or rule.user_field):
                raise ValidationError(
                    self.env._(
                        "Rule %(rule)s names one person and cannot ask for %(count)s.",
                        rule=rule.display_name,
                        count=rule.required_count,
                    )
                )

    @api.constrains("escalation_days", "escalation_user_id", "escalation_group_id")
    def _check_escalation(self):
        for rule in self:
            if rule.escalation_days and not (rule.escalation_user_id or rule.escalation_group_id):
                raise ValidationError(
                    self.env._(
                        "Say in rule %(rule)s who is told after %(count)s: a person or a role.",
                        rule=rule.display_name,
                        count=rule.escalation_days,
                    )
                )

    @api.constrains("amount_from", "amount_to", "figure_from", "figure_to")
    def _check_limits(self):
        for rule in self:
            for label, over, up_to, __ in rule._get_limits():
                if over and up_to and over >= up_to:
                    raise ValidationError(
                        self.env._(
                            "The limits of %(figure)s in rule %(rule)s leave nothing between them."
                            " Correct one of them.",
                            figure=label,
                            rule=rule.display_name,
                        )
                    )

    @api.constrains("domain", "model_id")
    def _check_domain(self):
        """Try the conditions with the rights of who sets them, so that a rule
        cannot be used to find out what its author may not read."""
        for rule in self:
            if not (domain := rule._get_domain()):
                continue
            try:
                # constraints run with the rights of the system
                self.env[rule.model].sudo(False).search_count(domain, limit=1)
            except (ValueError, KeyError, TypeError, AccessError) as error:
                raise ValidationError(
                    self.env._(
                        "The special case of rule %(rule)s cannot be used: %(error)s Set it again.",
                        rule=rule.display_name,
                        error=error,
                    )
                ) from error

    def _check_scope(self):
        """Who sees some estates sets rules for these only.

        The record rule looks at a new rule, and at an old one before it is
        changed; here is looked at what it became. No constraint: those run
        with the rights of the system.
        """
        if self.env.su or self.env.user.estate_all:
            return
        for rule in self:
            if not rule.estate_ids or rule.sudo().estate_ids - self.env.user.estate_ids:
                raise ValidationError(
                    self.env._(
                        "Rule %(rule)s would hold beyond your own estates. Name the estates it is"
                        " for, or ask somebody who sees all estates.",
                        rule=rule.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        used = self.env["property.approval"].sudo().search([("rule_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "Approvals were asked for by rule %(rule)s, so it stays on record. Put it out"
                    " of force instead.",
                    rule=used.rule_id.name,
                )
            )

    def action_put_in_force(self):
        """From now on the rule is applied."""
        self.write({"active": True})

    def action_suspend(self):
        """The rule is kept, but not applied any more. What was asked for stays asked for."""
        self.write({"active": False})

    def action_try(self):
        """Ask for a record on which the rule is tried without any effect."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.approval.try",
            "name": self.env._("Try on a Record"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_gate_id": self.gate_id.id, "default_rule_id": self.id},
        }

    # --- applying ---------------------------------------------------------

    def _get_domain(self, silent=False):
        """The conditions as a list; plain values only, nothing is executed."""
        self.ensure_one()
        try:
            domain = literal_eval(self.domain or "[]")
            return list(Domain(domain)) if domain else []
        except (ValueError, SyntaxError, TypeError) as error:
            if silent:
                return []
            raise ValidationError(
                self.env._(
                    "The special case of rule %(rule)s is not a list of conditions with fixed"
                    " values. Set it again.",
                    rule=self.display_name,
                )
            ) from error

    @api.model
    def _get_matching(self, records, gate):
        """Rules in force that apply to each of ``records`` at ``gate``: {id: rules in order}."""
        # every user's requests follow the same rules, readable or not
        rules = self.sudo().search([("model", "=", records._name), ("gate", "=", gate)])
        matching = dict.fromkeys(records.ids, rules.browse())
        for rule in rules:
            for record in rule._filter_case(records):
                matching[record.id] |= rule
        return matching

    def _filter_case(self, records):
        """The ``records`` in whose case the rule applies."""
        self.ensure_one()
        # the case is judged on the facts, not on what the current user may read
        kept = records.sudo().filtered(lambda record: not self._get_misfit(record))
        return kept.filtered_domain(self._get_domain()) if kept else kept

    def _get_misfit(self, record):
        """Why the rule's estates and limits leave out ``record``, as a sentence; else empty."""
        self.ensure_one()
        rule = self.sudo()
        if rule.company_id and rule.company_id != record._approval_company():
            return self.env._("It is for the company %s.", rule.company_id.name)
        if rule.estate_ids and not record._approval_estates() & rule.estate_ids:
            return self.env._("It is for %s.", ", ".join(rule.estate_ids.mapped("display_name")))
        if rule.amount_from or rule.amount_to:
            amount = record._approval_amount()
            if not _within(amount, rule.amount_from, rule.amount_to):
                return self.env._("The amount is %s.", amount)
        if rule.figure and (rule.figure_from or rule.figure_to):
            value = record._approval_figures().get(rule.figure)
            if value is None or not _within(value, rule.figure_from, rule.figure_to):
                label = dict(rule._fields["figure"]._description_selection(self.env))[rule.figure]
                return self.env._(
                    "%(figure)s is %(value)s.",
                    figure=label,
                    value=self.env._("unknown") if value is None else value,
                )
        return ""

    def _get_asked_user(self, record):
        """The one person asked about ``record``, when the rule names one."""
        self.ensure_one()
        if self.user_field:
            return record.sudo()[self.user_field]
        return self.user_id

    def _explain(self, record):
        """What the rule would mean for ``record``: a dict of plain values; nothing changes.

        Keys: rule, step, matches, reason (why not), who, names (of those who
        could decide today).
        """
        self.ensure_one()
        rule = self.sudo()
        reason = rule._get_misfit(record.sudo())
        if not reason and not rule._filter_case(record):
            reason = self.env._("It is not the special case of the rule.")
        deciders = self.env["property.approval"]._get_users_asked(
            rule.department_id, rule.group_id, rule._get_asked_user(record), record
        )
        return {
            "rule": rule.name,
            "step": rule.step,
            "matches": not reason,
            "reason": reason,
            "who": rule._get_who(),
            "names": sorted(deciders.sudo().mapped("name")),
        }


def _within(value, over, up_to):
    # figures come as floats: what is beyond the sixth digit is noise of adding up
    return within(*(Decimal(str(round(number or 0, 6))) for number in (value, over, up_to)))
