"""Gates that a record passes only with a named yes.

A model that needs approvals inherits ``property.approval.mixin`` and declares
its gates::

    from odoo.addons.property_tenant.calc.approval import Gate

    class PropertyBillingRun(models.Model):
        _name = "property.billing.run"
        _inherit = ["mail.thread", "mail.activity.mixin", "property.approval.mixin"]

        def _approval_gates(self):
            return super()._approval_gates() | {
                "post": Gate(
                    self.env._("Posting"),
                    guards={"state": ("approved", "posting")},
                    invalidated_by=("period_end", "line_ids.amount"),
                    required=True,
                )
            }

        def action_request_approval(self):          # public: checks rights itself
            self.check_access("write")
            self._request_approval("post")
            self.write({"state": "to_approve"})

        def _approval_granted(self, gate):          # everybody said yes
            if gate == "post":
                self.write({"state": "approved"})
            return super()._approval_granted(gate)

* Asking: ``_request_approval(gate, reason)`` on any number of records.
* State: ``_approval_gate_state(gate)``: none, pending, approved, rejected.
* The guard stands in ``create`` and ``write`` and looks at the rows in the
  database: no context, no sudo and no import passes it. It is checked each
  time a guarded field gets one of the values, from whatever value.
* The version is made of ``invalidated_by``, or of what managers chose in the rules
  (``reopen_field_ids``); each row keeps what it was made of. A write of one of these fields on
  the record voids what was asked for and said at once and calls
  ``_approval_invalidated``; a change elsewhere (a line, a computed field) is
  found when somebody decides or the guarded state is entered.
* A yes holds as long as its version. What may be done once only (paying a
  deposit back) has the proof of it in the version, or voids the yes itself with
  ``_approval_void(gates, reason)``.
* ``_approval_needed(gate, before)`` narrows to the records that need the gate
  in this transition, ``_approval_explain(gate)`` says why.
* ``_approval_amount``, ``_approval_figures``, ``_approval_company`` and
  ``_approval_estate`` are what rules look at.

In the form: ``approval_state`` as a badge, ``approval_waiting``, the button
``action_decide_approval`` with ``invisible="not can_approve"`` and the button
``action_view_approvals``.
"""

import hashlib
import json
from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..calc.approval import (
    APPROVED,
    NONE,
    PENDING,
    REJECTED,
    Gate,
    gate_state,
    votes_on_turn,
)


class PropertyApprovalMixin(models.AbstractModel):
    _name = "property.approval.mixin"
    _description = "Record with Approvals"

    approval_ids = fields.One2many(
        "property.approval", string="Approvals", compute="_compute_approvals"
    )
    approval_state = fields.Selection(
        "_selection_approval_state", string="Approval", compute="_compute_approvals"
    )
    approval_waiting = fields.Char(
        string="Waiting for", compute="_compute_approvals", help="Who has to decide now."
    )
    can_approve = fields.Boolean(
        string="Waits for Me", compute="_compute_approvals", search="_search_can_approve"
    )

    @api.model
    def _selection_approval_state(self):
        """What ``approval_state`` is called.

        A method, because a model of another addon does not get the
        translations of a plain list: they belong to this addon's models.
        """
        return [
            (NONE, self.env._("Not Asked For")),
            (PENDING, self.env._("Waiting for Approval")),
            (APPROVED, self.env._("Approved")),
            (REJECTED, self.env._("Rejected")),
        ]

    # --- what a model declares ----------------------------------------------

    def _approval_gates(self):
        """Gates of the model: {technical name: Gate}; extend the result of super()."""
        return {}

    def _approval_needed(self, gate, before):
        """The records of ``self`` that need ``gate`` in this transition.

        ``before`` maps each record to the value the guarded field had; a new
        record had None.
        """
        return self

    def _approval_explain(self, gate):
        """Why the record needs the gate, as a sentence; empty when that goes without saying."""
        return ""

    def _approval_granted(self, gate):
        """Called when the last yes was given, or when nobody needs to be asked.

        Runs with the rights of the system: the one who decides need not be
        allowed to write the record.
        """

    def _approval_rejected(self, gate, opinion):
        """Called when somebody said no; runs with the rights of the system."""

    def _approval_invalidated(self, gates):
        """Called when what was asked for or said at ``gates`` became void; runs with the
        rights of the system."""

    def _approval_amount(self):
        """The amount that limits of rules compare, in company currency."""
        return 0.0

    def _approval_figures(self):
        """Further figures that limits of rules compare: area (m²), days, persons, quantity."""
        return {}

    def _approval_company(self):
        self.ensure_one()
        return (self["company_id"] if "company_id" in self._fields else None) or self.env.company

    def _approval_estate(self):
        self.ensure_one()
        if "estate_id" in self._fields:
            return self["estate_id"]
        return self.env["property.estate"]

    def _approval_estates(self):
        """The estates whose rules apply: more than one where a record is about several."""
        return self._approval_estate()

    def _approval_version_values(self, gate):
        """What the judged version consists of, as values that json can write.

        Called with the rights of the system and in English. A document of
        thousands of lines overrides this with one aggregate.
        """
        self.ensure_one()
        declaration = self._approval_declaration(gate)
        # set by _approval_version each time: a context from outside does not get here
        paths = self.env.context.get("approval_paths")
        return [_plain(self, path) for path in paths or declaration.invalidated_by]

    @api.model
    def _approval_declaration(self, gate):
        declaration = self._approval_gates().get(gate)
        if declaration is None:
            raise ValueError(f"{self._name} declares no gate {gate!r}")
        return declaration

    @api.model
    def _approval_check_declaration(self, gate, declaration):
        """Refuse, when the registry loads, a declaration that could be passed by."""
        if not isinstance(declaration, Gate):
            raise TypeError(f"{self._name}: gate {gate!r} must be a Gate")
        for name in declaration.guards:
            field = self._fields[name]
            # computed fields are stored without write(), where the guard stands
            if not field.store or field.compute or field.related:
                raise TypeError(
                    f"{self._name}: gate {gate!r} guards {name}, which is not an ordinary field"
                )
        for path in declaration.invalidated_by:
            if path.split(".", 1)[0] not in self._fields:
                raise TypeError(f"{self._name}: gate {gate!r} has no field {path}")

    # --- state --------------------------------------------------------------

    def _approval_rows(self, gate=None, live=False):
        """Rows about the records, for the system's own reasoning."""
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        if gate:
            domain &= Domain("gate", "=", gate)
        if live:
            domain &= Domain("verdict", "in", (PENDING, APPROVED))
        # gates hold for everybody, also for who may not see the rows
        return self.env["property.approval"].sudo().search(domain)

    def _approval_version(self, gate, paths=None):
        """Fingerprint of what is judged at ``gate``.

        ``paths``: what is judged by the rules of a request; else what is declared.
        """
        self.ensure_one()
        if paths:
            # a field that an update took away says nothing any more
            paths = [path for path in paths if path.split(".", 1)[0] in self._fields]
        # the fingerprint must not depend on who looks, nor in which language
        record = self.sudo().with_context(
            lang="en_US", active_test=False, approval_paths=paths
        )
        values = record.with_company(record._approval_company())._approval_version_values(gate)
        text = json.dumps(values, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _approval_gate_state(self, gate):
        """State of ``gate`` of one record: none, pending, approved or rejected."""
        self.ensure_one()
        return self._approval_gate_states(gate)[self.id]

    def _approval_gate_states(self, gate):
        """States of ``gate``: {record id: state}. What was said about another version is none."""
        self._approval_declaration(gate)
        rows = self._approval_rows(gate).grouped("res_id")
        return {record.id: record._approval_state_of(rows.get(record.id)) for record in self}

    def _approval_state_of(self, rows):
        """State of one gate of one record from its ``rows`` (None or empty: never asked)."""
        if not rows:
            return NONE
        state = gate_state(row._as_vote() for row in rows)
        if state in (PENDING, APPROVED):
            last = max(rows, key=lambda row: row.round_no)
            if last.version != self._approval_version(last.gate, last.reopened_by):
                return NONE
        return state

    @api.depends_context("uid")
    def _compute_approvals(self):
        approvals = self.env["property.approval"]
        found = approvals.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        by_record = found.grouped("res_id")
        for record in self:
            # in a form that is being edited the record has no number of its own
            rows = by_record.get(record._origin.id, approvals)
            states = {
                record._approval_state_of(of_gate)
                for of_gate in rows.sudo().grouped("gate").values()
            }
            order = (PENDING, REJECTED, APPROVED)
            record.approval_ids = rows
            record.approval_state = next((state for state in order if state in states), NONE)
            on_turn = rows.filtered("is_turn")
            record.approval_waiting = ", ".join(on_turn.mapped("who"))
            record.can_approve = any(on_turn.mapped("waits_for_me"))

    def _search_can_approve(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        rows = self.env["property.approval"].search(
            [("res_model", "=", self._name), ("waits_for_me", "=", True)]
        )
        found = Domain("id", "in", rows.mapped("res_id"))
        return found if (True in value) == (operator == "in") else ~found

    # --- the guard ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        guards = [
            (gate, name, values)
            for gate, declaration in self._approval_gates().items()
            for name, values in declaration.guards.items()
        ]
        entering = any(
            vals.get(name) in values for vals in vals_list for __, name, values in guards
        )
        with self._approval_all_or_nothing(entering):
            records = super().create(vals_list)
            for gate, name, values in guards:
                entered = records.filtered(
                    lambda record, name=name, values=values: record[name] in values
                )
                entered._approval_check_passage(gate, dict.fromkeys(entered))
        return records

    def write(self, vals):
        gates = self._approval_gates()
        before = {
            (gate, name): {record: record[name] for record in self}
            for gate, declaration in gates.items()
            for name in declaration.guards
            if name in vals
        }
        chosen = self.env["property.approval.rule"]._get_reopening_names(self._name)
        touched = [
            gate
            for gate, decl in gates.items()
            if (decl.own_fields | chosen.get(gate, frozenset())) & vals.keys()
        ]
        with self._approval_all_or_nothing(before):
            result = super().write(vals)
            if touched:
                self._approval_void_changed(touched)
            for (gate, name), old in before.items():
                values = gates[gate].guards[name]
                entered = self.filtered(
                    lambda record, name=name, old=old, values=values: (
                        record[name] in values and record[name] != old[record]
                    )
                )
                entered._approval_check_passage(gate, old)
        return result

    @contextmanager
    def _approval_all_or_nothing(self, needed=True):
        """What is refused leaves no trace, even when the caller catches the error.

        The history is written when the transaction ends: a savepoint that runs what is
        left for then would look for changes before they are made, and note none.
        """
        if not needed:
            yield
            return
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False):
            try:
                yield
                self.env.flush_all()
            except BaseException:
                self.env.cr.clear()
                raise

    @api.ondelete(at_uninstall=False)
    def _unlink_without_decisions(self):
        rows = self._approval_rows()
        decided = rows.filtered("user_id")
        if decided:
            raise UserError(
                self.env._(
                    "%(record)s cannot be deleted: it was decided on and stays on record. Cancel it"
                    " instead.",
                    record=decided[0].res_name,
                )
            )
        rows.filtered(lambda row: row.verdict == PENDING)._void(
            self.env._("the record was deleted")
        )

    def _approval_check_passage(self, gate, before):
        """Refuse to enter a guarded value without the yes that the gate needs."""
        needing = self._approval_needed(gate, before) if self else self
        if not needing:
            return
        rows = self._approval_rows(gate).grouped("res_id")
        barred = self.browse()
        untouched = self.browse()
        for record in needing:
            state = record._approval_state_of(rows.get(record.id))
            if state == NONE:
                untouched |= record
            elif state != APPROVED:
                barred |= record
        if untouched:
            required = self._approval_declaration(gate).required
            rules = self.env["property.approval.rule"]._get_matching(untouched, gate)
            barred |= untouched.filtered(lambda record: required or rules[record.id])
        for record in barred[:1]:
            raise UserError(record._approval_refusal(gate, rows.get(record.id)))

    def _approval_refusal(self, gate, rows):
        """What is missing at the gate and who can supply it."""
        self.ensure_one()
        names = {
            "record": self.display_name,
            "gate": self._approval_declaration(gate).label,
        }
        state = self._approval_state_of(rows)
        if state == PENDING:
            waiting = rows.filtered(lambda row: row.verdict == PENDING)
            names["who"] = ", ".join(dict.fromkeys(waiting.mapped("who")))
            text = self.env._(
                "%(record)s waits for approval (%(gate)s). Still to decide: %(who)s.", **names
            )
        elif state == REJECTED:
            no = rows.filtered(lambda row: row.verdict == REJECTED)[:1]
            text = self.env._(
                "%(record)s was rejected (%(gate)s) by %(who)s: %(opinion)s Correct it and ask for"
                " approval again.",
                who=no.user_id.name,
                opinion=no.opinion,
                **names,
            )
        else:
            rules = self.env["property.approval.rule"]._get_matching(self, gate)[self.id]
            if not rules:
                text = self._approval_no_rule(gate)
            else:
                names["who"] = ", ".join(dict.fromkeys(rule._get_who() for rule in rules))
                text = self.env._(
                    "%(record)s needs approval first (%(gate)s). Ask for it; %(who)s will decide.",
                    **names,
                )
                if rows:
                    text = self.env._("What was approved has changed since.") + " " + text
        explanation = self._approval_explain(gate)
        return f"{explanation} {text}" if explanation else text

    def _approval_no_rule(self, gate):
        return self.env._(
            "No rule says who approves %(record)s (%(gate)s). A manager can set one under"
            " Approvals, Rules.",
            record=self.display_name,
            gate=self._approval_declaration(gate).label,
        )

    # --- asking ---------------------------------------------------------------

    def _request_approval(self, gate, reason=None):
        """Ask for the approval of the records at ``gate``; returns the rows made.

        Where no rule applies, an open gate is passed at once. Raises a
        UserError, and asks for nothing, when one of the records already waits,
        is approved, lacks a rule, or has nobody but the asking person to
        decide.
        """
        with self._approval_all_or_nothing():
            return self._approval_request(gate, reason)

    def _approval_request(self, gate, reason):
        declaration = self._approval_declaration(gate)
        rows = self._approval_rows(gate)
        by_record = rows.grouped("res_id")
        stale = rows.browse()
        for record in self:
            of_record = by_record.get(record.id)
            state = record._approval_state_of(of_record)
            if state in (PENDING, APPROVED):
                raise UserError(record._approval_already(gate, state, of_record))
            if of_record and state == NONE:
                stale |= of_record
        stale.filtered(lambda row: row.verdict in (PENDING, APPROVED))._void(
            self.env._("the record has changed")
        )
        matching = self.env["property.approval.rule"]._get_matching(self, gate)
        opened = self.filtered(lambda record: not matching[record.id])
        if opened and declaration.required:
            raise UserError(opened[0]._approval_no_rule(gate))
        asked = (self - opened)._approval_ask(gate, matching, by_record, reason, self.env.user)
        if opened:
            opened._approval_log(self.env._("%s: no approval is needed.", declaration.label))
            # what follows from the yes is the record's own rule, not the asking person's right
            opened.sudo()._approval_granted(gate)
        return asked

    def _approval_already(self, gate, state, rows):
        label = self._approval_declaration(gate).label
        if state == APPROVED:
            return self.env._(
                "%(record)s is already approved (%(gate)s).", record=self.display_name, gate=label
            )
        waiting = rows.filtered(lambda row: row.verdict == PENDING)
        return self.env._(
            "The approval of %(record)s (%(gate)s) was already asked for by %(name)s. Still to"
            " decide: %(who)s.",
            record=self.display_name,
            gate=label,
            name=waiting[:1].requested_by.name,
            who=", ".join(dict.fromkeys(waiting.mapped("who"))),
        )

    def _approval_ask(self, gate, matching, by_record, reason, requester):
        """Make the rows of a new round for each record, and tell who decides."""
        approvals = self.env["property.approval"]
        vals_list = []
        for record in self:
            vals_list += approvals._prepare_round(
                record, gate, matching[record.id], by_record.get(record.id), reason, requester
            )
        rows = approvals._make(vals_list)
        rows._check_fillable()
        if rows:
            label = self._approval_declaration(gate).label
            self._approval_log(
                self.env._("Approval asked for: %(gate)s. %(reason)s", gate=label, reason=reason)
                if reason
                else self.env._("Approval asked for: %s.", label)
            )
        rows.filtered("is_turn")._begin_turn()
        complete = self.browse()
        for record_id, of_record in rows.grouped("res_id").items():
            if all(row.verdict == APPROVED for row in of_record):
                complete |= self.browse(record_id)
        if complete:
            # everybody had said yes to this version before
            complete.sudo()._approval_granted(gate)
        return rows.sudo(False)

    def _approval_reopen(self, row):
        """The record changed while ``row`` waited: void the round and ask again.

        Returns the notice for who was about to decide.
        """
        gate = row.gate
        votes = row._get_round()
        votes.filtered(lambda vote: vote.verdict in (PENDING, APPROVED))._void(
            self.env._("the record has changed")
        )
        names = {"record": self.display_name, "name": row.requested_by.name}
        try:
            with self.env.cr.savepoint():
                matching = self.env["property.approval.rule"]._get_matching(self, gate)
                if not matching[self.id]:
                    raise UserError(self._approval_no_rule(gate))
                by_record = {self.id: self._approval_rows(gate)}
                self._approval_ask(gate, matching, by_record, row.reason, row.requested_by)
        except UserError as error:
            self._approval_invalidated([gate])
            return self.env._(
                "%(record)s has changed since %(name)s asked for the approval, so nothing was"
                " decided and it must be asked for again: %(error)s",
                error=error,
                **names,
            )
        return self.env._(
            "%(record)s has changed since %(name)s asked for the approval, so nothing was decided."
            " The approval was asked for again: look at the record before you decide.",
            **names,
        )

    # --- what follows from decisions -----------------------------------------

    def _approval_decided(self, row, votes):
        """Go on after ``row`` of the round ``votes`` was decided.

        Runs with the rights of the system.
        """
        row._unlink_activities()
        self._approval_log(row._get_decision_text())
        if row.verdict == REJECTED:
            votes.filtered(lambda vote: vote.verdict == PENDING)._void(
                self.env._("rejected by %s", row.user_id.name)
            )
            self._approval_rejected(row.gate, row.opinion)
            return
        waiting = {vote._as_vote(): vote for vote in votes}
        turn = row.browse()
        for vote in votes_on_turn(waiting):
            turn |= waiting[vote]
        fresh = turn.filtered(lambda vote: not vote.is_turn)
        row._wake_clients()
        fresh._begin_turn()
        if gate_state(waiting) == APPROVED:
            self._approval_granted(row.gate)

    def _approval_void(self, gates, reason):
        """Void what was asked for and said at ``gates``, and tell the records."""
        rows = self._approval_rows(live=True).filtered(lambda row: row.gate in gates)
        self._approval_void_rows(rows, reason)

    def _approval_void_changed(self, gates):
        """Void the rows about another version than the records have now."""
        rows = self._approval_rows(live=True).filtered(lambda row: row.gate in gates)
        versions = {}
        changed = rows.browse()
        for row in rows:
            key = (row.res_id, row.gate, tuple(row.reopened_by or ()))
            if key not in versions:
                record = self.browse(row.res_id)
                versions[key] = record._approval_version(row.gate, row.reopened_by)
            if row.version != versions[key]:
                changed |= row
        self._approval_void_rows(changed, self.env._("the record has changed"))

    def _approval_void_rows(self, rows, reason):
        if not rows:
            return
        rows._void(reason)
        gates_of = defaultdict(set)
        for row in rows:
            gates_of[row.res_id].add(row.gate)
        records_of = defaultdict(self.browse)
        for record_id, gates in gates_of.items():
            records_of[frozenset(gates)] |= self.browse(record_id)
        for gates, records in records_of.items():
            labels = ", ".join(records._approval_declaration(gate).label for gate in sorted(gates))
            records._approval_log(
                self.env._("Approval void (%(gate)s): %(reason)s.", gate=labels, reason=reason)
            )
            # falling back follows from the change, not from the right of who made it
            records.sudo()._approval_invalidated(sorted(gates))

    def _approval_log(self, text):
        """A line in the record's history, where it has one."""
        if self and "message_ids" in self._fields:
            self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    # --- for the client ---------------------------------------------------------

    def action_view_approvals(self):
        """Open what was asked for and said about the record."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_approval_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_decide_approval(self):
        """Open the window for deciding what waits for the current user on the record."""
        self.ensure_one()
        self.check_access("read")
        rows = self.approval_ids.filtered("waits_for_me")
        if not rows:
            raise UserError(
                self.env._(
                    "No approval of %(record)s waits for you. Now to decide: %(who)s.",
                    record=self.display_name,
                    who=self.approval_waiting or self.env._("nobody"),
                )
            )
        return rows.action_open_decision()


def _plain(record, path):
    """Value of the field path as something json writes the same way each time."""
    name, __, rest = path.partition(".")
    field = record._fields[name]
    value = record[name]
    if field.relational:
        if rest:
            return [[child.id, _plain(child, rest)] for child in value.sorted("id")]
        return sorted(value.ids)
    if field.type in ("float", "monetary"):
        return f"{value:.6f}"
    if field.type == "binary":
        return hashlib.sha256(value or b"").hexdigest()
    if isinstance(value, models.BaseModel):
        return f"{value._name},{value.id}"
    return value if isinstance(value, (bool, int, str, list, dict)) else str(value)
