"""How rows of ``property.approval`` come, wait and become void."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..calc.approval import APPROVED, PENDING, VOID, Vote, votes_on_turn


class PropertyApproval(models.Model):
    _inherit = "property.approval"

    # --- asking -------------------------------------------------------------

    @api.model
    def _prepare_round(self, record, gate, rules, earlier, reason, requester):
        """Values of the rows of a new round about ``record``; ``earlier``: its rows at the gate."""
        earlier = earlier or self.browse()
        estate = record._approval_estate()
        paths = rules._get_reopening_paths(record._approval_declaration(gate))
        common = {
            "res_model": record._name,
            "res_id": record.id,
            "res_name": record.display_name,
            "gate": gate,
            "reason": reason,
            "version": record._approval_version(gate, paths),
            "reopened_by": paths,
            "company_id": record._approval_company().id,
            "estate_id": estate.id,
            "requested_by": requester.id,
            "date_requested": fields.Datetime.now(),
            "round_no": max(earlier.mapped("round_no"), default=0) + 1,
        }
        kept = self._get_kept(record, gate, earlier, common["version"])
        vals_list = []
        for rule in rules:
            asked = rule._get_asked_user(record)
            if rule.user_field and not asked:
                raise UserError(self._get_unnamed_sentence(record, rule))
            for slot in range(1, rule.required_count + 1):
                vals = common | self._prepare_place(rule, slot, asked)
                if said := kept.get((rule.id, slot)):
                    vals |= self._prepare_kept(said)
                vals_list.append(vals)
        self._set_first_turns(vals_list)
        return vals_list

    @api.model
    def _prepare_place(self, rule, slot, asked):
        """What a row takes over from its rule, so that later changes of the rule do not matter."""
        return {
            "rule_id": rule.id,
            "rule_name": rule.name,
            "step": rule.step,
            "slot": slot,
            "department_id": rule.department_id.id,
            "group_id": rule.group_id.id,
            "asked_user_id": asked.id,
            "opinion_required": rule.opinion_required,
            "paper_required": rule.paper_required,
            "same_person": rule.same_person,
            "notify_limit": rule.notify_limit,
            "delay_unit": rule.delay_unit,
            "reminder_delay": rule.reminder_days,
            "escalation_delay": rule.escalation_days,
            "escalation_user_id": rule.escalation_user_id.id,
            "escalation_group_id": rule.escalation_group_id.id,
            "mail_notice": rule.mail_notice,
            "verdict": PENDING,
        }

    @api.model
    def _get_kept(self, record, gate, earlier, version):
        """Yes of the last round that need not be asked again: {(rule id, slot): row}."""
        if not record._approval_declaration(gate).keep_approved:
            return {}
        number = max(earlier.mapped("round_no"), default=0)
        return {
            (row.rule_id.id, row.slot): row
            for row in earlier
            if row.round_no == number and row.verdict == APPROVED and row.version == version
        }

    @api.model
    def _prepare_kept(self, said):
        return {
            "verdict": APPROVED,
            "user_id": said.user_id.id,
            "on_behalf_of_id": said.on_behalf_of_id.id,
            "date": said.date,
            "opinion": said.opinion,
            "carried_from_id": said.id,
        }

    @api.model
    def _set_first_turns(self, vals_list):
        votes = {
            Vote(
                vals["round_no"], vals["step"], vals["verdict"], vals["rule_id"], vals["slot"]
            ): vals
            for vals in vals_list
        }
        for vote in votes_on_turn(votes):
            votes[vote]["is_turn"] = True

    @api.model
    def _get_unnamed_sentence(self, record, rule):
        return self.env._(
            "%(record)s does not say who decides: rule %(rule)s asks %(who)s. Fill that in first.",
            record=record.display_name,
            rule=rule.name,
            who=rule._get_who(),
        )

    def _check_fillable(self):
        """Refuse a request that nobody but who asks, or not enough persons, could decide."""
        known = {}
        for rows in self.grouped("res_id").values():
            waiting = rows.filtered(lambda row: row.verdict == PENDING)
            free = {row: row._get_free(rows, known) for row in waiting}
            stuck = self._find_unfillable(waiting, free)
            if stuck:
                raise UserError(stuck._get_unfillable_sentence(free[stuck], known))

    def _get_unfillable_sentence(self, free, known):
        names = {
            "approval": self.display_name,
            "who": self.who,
            "helpers": ", ".join(self._get_helpers().sudo().mapped("name")),
        }
        deciders = self._get_deciders(known)
        if not deciders:
            text = self.env._(
                "Nobody can decide %(approval)s: %(who)s has no members here.", **names
            )
        elif not free:
            text = self.env._(
                "Nobody but you could decide %(approval)s, and nobody decides his own request. Let"
                " a colleague ask for it.",
                **names,
            )
        else:
            text = self.env._(
                "%(approval)s needs more different persons than there are in %(who)s.", **names
            )
        if names["helpers"]:
            text += " " + self.env._("Members and rules can be changed by: %(helpers)s.", **names)
        return text

    def _get_helpers(self):
        """A few managers of the place, who could add members or change the rule."""
        managers = self.env.ref("property_tenant.group_manager")
        users = self._get_users_of(
            self.env["property.department"],
            managers,
            self.env["res.users"],
            self.estate_id,
            self.company_id,
        )
        return users[:3]

    # --- becoming void --------------------------------------------------------

    def _void(self, reason):
        """Close the rows without a verdict of their own; they are kept."""
        for verdict, rows in self.sudo().grouped("verdict").items():
            rows._close(
                {
                    "verdict": VOID,
                    "former_verdict": verdict,
                    "is_turn": False,
                    "date_void": fields.Datetime.now(),
                    "void_reason": reason,
                }
            )
        self._unlink_activities()
        self._wake_clients()

    def _get_decision_text(self):
        """The decision as a line of the record's history."""
        self.ensure_one()
        names = {
            "gate": self.gate_name,
            "who": self.who,
            "name": self.user_id.name,
            "step": self.step,
        }
        if self.verdict == APPROVED:
            text = self.env._("Approved: %(gate)s, step %(step)s (%(who)s), by %(name)s", **names)
        else:
            text = self.env._("Rejected: %(gate)s, step %(step)s (%(who)s), by %(name)s", **names)
        if absent := self.on_behalf_of_id:
            text = self.env._("%(decision)s on behalf of %(name)s", decision=text, name=absent.name)
        if self.opinion:
            return self.env._("%(what)s: %(words)s", what=text, words=self.opinion)
        return self.env._("%s.", text)

    # --- to-dos ---------------------------------------------------------------

    def _create_activities(self):
        """A to-do on the record for those who may decide, up to the limit of the rule."""
        known = {}
        votes = self._get_rounds()
        vals_list = []
        for row in self.filtered(lambda row: "activity_ids" in self.env[row.res_model]._fields):
            # who is asked to decide gets the to-do, whatever the asking person may see
            users = row._get_free(votes[row._get_round_key()], known).sudo()
            head = row.department_id.head_id & users
            for user in (head | users)[: row.notify_limit]:
                spoken = row.with_context(lang=user.lang)
                vals_list.append(row._prepare_activity(user, row.date_due, spoken.display_name))
        self._make_activities(vals_list)

    @api.model
    def _make_activities(self, vals_list):
        # quietly: a to-do is enough, a mail to each of several persons is not wanted
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
            vals_list
        )

    def _prepare_activity(self, user, day, summary):
        return {
            # cached, while env.ref() asks the database each time
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "property_tenant.activity_type_approval"
            ),
            "res_model_id": self.env["ir.model"]._get_id(self.res_model),
            "res_id": self.res_id,
            "user_id": user.id,
            "date_deadline": day,
            "summary": summary,
            "note": plaintext2html(self.reason or ""),
            "pm_approval_id": self.id,
        }

    def _unlink_activities(self):
        # the to-dos belong to other users
        self.env["mail.activity"].sudo().search([("pm_approval_id", "in", self.ids)]).unlink()
