"""The asked-for yes or no of one person, department or role about one record.

Rows are made by ``property.approval.mixin`` and closed by the methods here.
``create`` and ``write`` refuse everybody, sudo included; the private methods
that are allowed to make and close rows call ``super()`` past that refusal, so
that no context and no access right opens it.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..calc.approval import APPROVED, PENDING, REJECTED, VOID, Vote

VERDICTS = [
    (PENDING, "Waiting"),
    (APPROVED, "Approved"),
    (REJECTED, "Rejected"),
    (VOID, "Void"),
]


class PropertyApproval(models.Model):
    _name = "property.approval"
    _description = "Approval"
    _inherit = ["property.constraint.check"]
    _order = "res_model, res_id, gate, round_no desc, step, id"
    _rec_name = "res_name"
    _rec_names_search = ["res_name", "rule_name"]
    _required_constraints = ("_place_uniq", "_decider_uniq", "_rule_decider_uniq")

    # what is asked
    res_model = fields.Char(string="Record Kind Code", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record Number", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(string="Record", readonly=True)
    gate = fields.Char(string="Gate Code", required=True, readonly=True)
    gate_name = fields.Char(string="Approval For", compute="_compute_gate_name")
    reason = fields.Text(readonly=True)
    version = fields.Char(
        string="Version Judged", readonly=True, help="Changes when the record changes."
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    estate_id = fields.Many2one(
        "property.estate", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    requested_by = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date_requested = fields.Datetime(string="Requested on", required=True, readonly=True)

    # whose place it is, as the rule said when it was asked
    rule_id = fields.Many2one(
        "property.approval.rule", readonly=True, index="btree_not_null", ondelete="set null"
    )
    rule_name = fields.Char(string="By Rule", readonly=True)
    round_no = fields.Integer(
        string="Round",
        required=True,
        readonly=True,
        aggregator="max",
        help="Asking again after a rejection or a change begins another round.",
    )
    reopened_by = fields.Json(
        string="Version Made of",
        readonly=True,
        help="What is judged, when the rules say so; otherwise what is usual for such records.",
    )
    step = fields.Integer(required=True, readonly=True, aggregator="max")
    slot = fields.Integer(
        string="Person No.",
        default=1,
        required=True,
        readonly=True,
        aggregator=None,
        help="Counts the persons when a rule asks for several.",
    )
    is_turn = fields.Boolean(string="To Be Decided Now", readonly=True)
    department_id = fields.Many2one("property.department", readonly=True, ondelete="restrict")
    group_id = fields.Many2one("res.groups", string="Role", readonly=True, ondelete="restrict")
    asked_user_id = fields.Many2one(
        "res.users", string="Asked Person", readonly=True, ondelete="restrict"
    )
    who = fields.Char(string="Who Decides", compute="_compute_who", compute_sudo=True)
    opinion_required = fields.Boolean(readonly=True)
    paper_required = fields.Boolean(readonly=True)
    same_person = fields.Boolean(string="Same Person May Decide Again", readonly=True)
    notify_limit = fields.Integer(readonly=True, aggregator=None)
    date_due = fields.Date(string="To Decide by", readonly=True)
    escalation_user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    is_escalated = fields.Boolean(string="Escalated", readonly=True)

    # what was said
    verdict = fields.Selection(VERDICTS, required=True, readonly=True, default=PENDING, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Decided by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    on_behalf_of_id = fields.Many2one(
        "res.users", string="On Behalf of", readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(string="Decided on", readonly=True)
    opinion = fields.Text(readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Papers", readonly=True)
    carried_from_id = fields.Many2one(
        "property.approval",
        string="Kept from",
        readonly=True,
        ondelete="restrict",
        help="The yes to the same version in an earlier round.",
    )
    former_verdict = fields.Selection(VERDICTS, string="Verdict before", readonly=True)
    date_void = fields.Datetime(string="Void since", readonly=True)
    void_reason = fields.Char(string="Void because", readonly=True)
    waits_for_me = fields.Boolean(compute="_compute_waits_for_me", search="_search_waits_for_me")

    _place_uniq = models.UniqueIndex(
        "(res_model, res_id, gate, round_no, rule_id, slot)",
        "Somebody else has just asked for this approval. Look at the record again.",
    )
    _decider_uniq = models.UniqueIndex(
        "(res_model, res_id, gate, round_no, user_id)"
        " WHERE verdict IN ('approved', 'rejected') AND same_person IS NOT TRUE",
        "This person has already decided on this request.",
    )
    _rule_decider_uniq = models.UniqueIndex(
        "(res_model, res_id, gate, round_no, rule_id, user_id)"
        " WHERE verdict IN ('approved', 'rejected')",
        "This person has already decided on this request.",
    )
    _turn_idx = models.Index("(estate_id, date_due) WHERE is_turn")

    # --- derived ----------------------------------------------------------

    @api.depends("res_model", "gate")
    @api.depends_context("lang")
    def _compute_gate_name(self):
        gates = self.env["property.approval.gate"]
        for row in self:
            declaration = gates._get_declarations(row.res_model).get(row.gate)
            row.gate_name = declaration.label if declaration else row.gate

    @api.depends("department_id", "group_id", "asked_user_id")
    @api.depends_context("lang")
    def _compute_who(self):
        for row in self:
            row.who = row.department_id.name or row.group_id.name or row.asked_user_id.name or ""

    @api.depends("res_name", "gate", "step", "department_id", "group_id", "asked_user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(record)s – %(gate)s: %(who)s",
                record=row.res_name or "",
                gate=row.gate_name,
                who=row.who,
            )

    @api.depends("verdict", "is_turn")
    @api.depends_context("uid")
    def _compute_waits_for_me(self):
        waiting = self._filter_waiting_for(self.env.user)
        for row in self:
            row.waits_for_me = row in waiting

    def _search_waits_for_me(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        rows = self.search(self._get_waiting_domain(self.env.user))
        found = Domain("id", "in", rows._filter_waiting_for(self.env.user).ids)
        return found if (True in value) == (operator == "in") else ~found

    @api.model
    def _get_waiting_domain(self, user):
        """Rows that ``user`` might decide: a superset, narrowed by the rules in Python."""
        today = fields.Date.context_today(self)
        deputies = self.env["property.approval.deputy"]
        # the local day of an estate is at most one day off
        users = user | deputies._get_absent(user, fields.Date.add(today, days=1))
        users |= deputies._get_absent(user, today)
        users |= deputies._get_absent(user, fields.Date.subtract(today, days=1))
        # who belongs to which role or department must be known to find the rows
        groups = users.sudo().all_group_ids
        departments = (
            self.env["property.department"]
            .sudo()
            .search(
                Domain("head_id", "in", users.ids)
                | Domain("member_ids.user_id", "in", users.ids)
                | Domain("group_id", "in", groups.ids)
            )
        )
        return (
            Domain("verdict", "=", PENDING)
            & Domain("is_turn", "=", True)
            & (
                Domain("asked_user_id", "in", users.ids)
                | Domain("group_id", "in", groups.ids)
                | Domain("department_id", "in", departments.ids)
            )
        )

    def _filter_waiting_for(self, user):
        """The rows that ``user`` can decide now."""
        turn = self.sudo().filtered(lambda row: row.verdict == PENDING and row.is_turn)
        votes = turn._get_rounds()
        known = {}
        waiting = turn.filtered(
            lambda row: not row._get_obstacle(user, votes[row._get_round_key()], known)[0]
        )
        return waiting.sudo(self.env.su)

    def _get_round_key(self):
        self.ensure_one()
        return self.res_model, self.res_id, self.gate, self.round_no

    def _get_rounds(self):
        """All rows asked for together with those of ``self``, by ``_get_round_key()``."""
        rows = self.browse()
        for model, of_model in self.sudo().grouped("res_model").items():
            rows |= self.sudo().search(
                Domain("res_model", "=", model)
                & Domain("res_id", "in", list(set(of_model.mapped("res_id"))))
                & Domain("gate", "in", list(set(of_model.mapped("gate"))))
            )
        return rows.grouped(lambda row: row._get_round_key())

    # --- access: a row is read by who reads its document ---------------------

    def _check_access(self, operation):
        result = super()._check_access(operation)
        rows = self - result[0] if result else self
        forbidden = rows - rows._filter_document_readable()
        if not forbidden:
            return result
        if result:
            return result[0] | forbidden, result[1]
        return forbidden, lambda: forbidden._make_document_access_error(operation)

    def _filter_document_readable(self):
        readable = self.browse()
        documented = set(self.env["property.approval.gate"]._get_models())
        for model, rows in self.sudo().grouped("res_model").items():
            if model not in documented or not self.env[model].has_access("read"):
                continue
            documents = self.env[model].browse(set(rows.mapped("res_id"))).exists()
            ids = set(documents._filtered_access("read")._ids)
            readable |= rows.sudo(False).filtered(lambda row, ids=ids: row.sudo().res_id in ids)
        return readable

    def _make_document_access_error(self, operation):
        return AccessError(
            self.env._(
                "You may not see the records that these approvals are about (%(operation)s,"
                " approvals %(ids)s). Ask a manager to assign you to the estate.",
                operation=operation,
                ids=", ".join(map(str, self.ids[:6])),
            )
        )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            self.browse().check_access("read")
            domain = Domain(domain) & self._get_document_domain()
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    @api.model
    def _get_document_domain(self):
        """Rows of documents that the current user may read, decided by the documents' own rules."""
        readable = Domain.FALSE
        for model in self.env["property.approval.gate"]._get_models():
            documents = self.env[model]
            if documents.has_access("read"):
                query = documents._search(Domain.TRUE, active_test=False)
                readable |= Domain("res_model", "=", model) & Domain("res_id", "in", query)
        return readable

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            raise UserError(
                self.env._(
                    "Approvals are not typed in. Ask for the approval on the record it is about."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if self and vals:
            raise UserError(
                self.env._(
                    "%(approval)s cannot be edited. Approve or reject it, or let the one who asked"
                    " withdraw it.",
                    approval=self[0].sudo().display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for row in self:
            raise UserError(
                self.env._(
                    "%(approval)s stays on record and cannot be deleted.",
                    approval=row.display_name,
                )
            )

    @api.model
    def _make(self, vals_list):
        """Create rows; only for the mixin, which has matched the rules."""
        # nobody has the right to create rows; who asks was checked by the record
        rows = super(PropertyApproval, self.sudo()).create(vals_list)
        rows._forget_summaries()
        return rows

    def _close(self, vals):
        """Write what a decision, a turn or a voiding changes."""
        # nobody has the right to write rows; who decides was checked before
        result = super(PropertyApproval, self.sudo()).write(vals)
        self._forget_summaries()
        return result

    def _forget_summaries(self):
        """What the documents show of their rows is not stored."""
        for model, rows in self.sudo().grouped("res_model").items():
            self.env[model].browse(set(rows.mapped("res_id"))).invalidate_recordset(
                ["approval_ids", "approval_state", "approval_waiting", "can_approve"]
            )

    # --- who may ----------------------------------------------------------

    @api.model
    def _get_users_asked(self, department, group, user, record):
        """Users who may decide for ``department``, ``group`` or as ``user`` about ``record``.

        Whoever does not see the record's estate and company is left out.
        """
        estate, company = record._approval_estate(), record._approval_company()
        return self._get_users_of(department, group, user, estate, company)

    @api.model
    def _get_users_of(self, department, group, user, estate, company):
        if department:
            return department._get_users(estate or None)
        # who has a role and who sees an estate must be known to decide
        users = (group.sudo().all_user_ids if group else user.sudo()).filtered(
            lambda user: self._user_sees(user, estate, company)
        )
        return users.sudo(False)

    @api.model
    def _user_sees(self, user, estate, company):
        if not user.active or user.share:
            return False
        return user._sees_estate(estate) if estate else company in user.company_ids

    def _get_deciders(self, known=None):
        """Users who may decide the row today, without deputies. ``known`` caches between rows."""
        self.ensure_one()
        row = self.sudo()
        place = (row.department_id, row.group_id, row.asked_user_id, row.estate_id, row.company_id)
        known = {} if known is None else known
        if place not in known:
            known[place] = self._get_users_of(*place)
        return known[place]

    def _get_round(self):
        """All rows asked for together with this one."""
        self.ensure_one()
        return self._get_rounds()[self._get_round_key()]

    def _as_vote(self):
        self.ensure_one()
        return Vote(self.round_no, self.step, self.verdict, self.rule_id.id, self.slot)

    def _get_spent(self, votes):
        """Persons whose say in this round is used up for this row."""
        said = votes.filtered(
            lambda vote: (
                vote.verdict in (APPROVED, REJECTED)
                and (not self.same_person or vote.rule_id == self.rule_id)
            )
        )
        return said.user_id | said.on_behalf_of_id

    def _get_obstacle(self, user, votes, known=None):
        """Why ``user`` cannot decide the row now, as a sentence, and on whose behalf he would.

        ``votes`` are all rows of the round; ``known`` caches between rows.
        Returns (sentence or "", user or empty): empty when he decides in his
        own name.
        """
        self.ensure_one()
        row = self.sudo()
        name = row.display_name
        nobody = self.env["res.users"]
        if row.verdict != PENDING:
            return row._get_closed_sentence(), nobody
        if not row.is_turn:
            before = votes.filtered(lambda vote: vote.verdict == PENDING and vote.is_turn)
            return self.env._(
                "%(approval)s is not to be decided yet: first comes %(first)s.",
                approval=name,
                first=", ".join(before.mapped("who")),
            ), nobody
        if row._is_requester(user):
            return self.env._(
                "You asked for %(approval)s yourself, so somebody else of %(who)s decides.",
                approval=name,
                who=row.who,
            ), nobody
        spent = row._get_spent(votes)
        if user in spent:
            return self.env._(
                "You have already decided on this request. %(approval)s is for another person of"
                " %(who)s.",
                approval=name,
                who=row.who,
            ), nobody
        deciders = row._get_deciders(known)
        if user in deciders:
            return "", nobody
        absent = (deciders & row._get_absent(user, known)) - spent
        absent = absent.filtered(lambda person: not row._is_requester(person))
        if absent:
            return "", absent[0]
        return self.env._(
            "%(approval)s is decided by %(who)s. You are not among them and do not stand in for any"
            " of them today.",
            approval=name,
            who=row.who,
        ), nobody

    def _get_closed_sentence(self):
        if self.verdict == VOID:
            return self.env._(
                "%(approval)s is void: %(reason)s",
                approval=self.display_name,
                reason=self.void_reason or "",
            )
        return self.env._(
            "%(approval)s was already decided by %(name)s on %(date)s.",
            approval=self.display_name,
            name=self.user_id.name,
            date=fields.Date.to_string(self.date),
        )

    def _is_requester(self, user):
        """The same person can have two logins."""
        requester = self.sudo().requested_by
        return user == requester or user.sudo().partner_id == requester.partner_id

    def _get_absent(self, user, known=None):
        """Users for whom ``user`` decides the row today; ``known`` caches between rows."""
        known = {} if known is None else known
        place = (user, self.estate_id, self.company_id)
        if place not in known:
            day = self.estate_id._today() if self.estate_id else fields.Date.context_today(self)
            known[place] = (
                self.env["property.approval.deputy"]._get_absent(user, day)
                if self._user_sees(user.sudo(), self.estate_id, self.company_id)
                else self.env["res.users"]
            )
        return known[place]
