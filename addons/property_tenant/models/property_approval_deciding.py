"""How rows of ``property.approval`` are decided: by method, under a lock, once."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..calc.approval import APPROVED, PENDING, REJECTED, unfillable


class PropertyApproval(models.Model):
    _inherit = "property.approval"

    def action_approve(self, opinion=None, attachment_ids=None):
        """Say yes. Refused unless the caller may decide these rows now.

        Returns True, or a notice for the client when a record had changed
        since the approval was asked for.
        """
        return self._decide(APPROVED, opinion, attachment_ids)

    def action_reject(self, opinion=None, attachment_ids=None):
        """Say no; the reason is needed. Refused unless the caller may decide these rows now."""
        return self._decide(REJECTED, opinion, attachment_ids)

    def action_withdraw(self, opinion=None):
        """Take back the request: for who asked, and for managers."""
        self.check_access("read")
        manager = self.env.user.has_group(
            "property_tenant.group_manager"
        ) or self.env.user.has_group("property_tenant.group_general_manager")
        for row in self.sudo():
            if row.verdict != PENDING:
                raise UserError(row._get_closed_sentence())
            if not manager and not row._is_requester(self.env.user):
                raise UserError(
                    self.env._(
                        "%(approval)s was asked for by %(name)s, who can withdraw it; so can a"
                        " manager.",
                        approval=row.display_name,
                        name=row.requested_by.name,
                    )
                )
            reason = self.env._("withdrawn by %s", self.env.user.name)
            if opinion:
                reason = self.env._("%(what)s: %(words)s", what=reason, words=opinion)
            row._get_document()._approval_void([row.gate], reason)
        return True

    def action_open_decision(self):
        """Open the window for deciding with an opinion and papers."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.approval.decision",
            "name": self.env._("Decide"),
            "view_mode": "form",
            # also called by the counter at the top, where nothing completes an action
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_approval_ids": [fields.Command.set(self.ids)]},
        }

    def action_open_document(self):
        """Open the record that the approval is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            # also called by the counter at the top, where nothing completes an action
            "views": [(False, "form")],
        }

    def _decide(self, verdict, opinion, attachment_ids):
        self.check_access("read")
        opinion = (opinion or "").strip()
        notices = []
        for row in self.sorted("id"):
            # nobody may write rows; what entitles the caller is checked under the lock
            notice = row.sudo()._decide_one(verdict, opinion, attachment_ids or [])
            if notice:
                notices.append(notice)
        if not notices:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": "\n".join(notices),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _decide_one(self, verdict, opinion, attachment_ids):
        """Close one row for the current user, or void the round when its record has changed.

        Returns a notice in the latter case.
        """
        votes = self._lock_round()
        obstacle, absent = self._get_obstacle(self.env.user, votes)
        if obstacle:
            raise UserError(obstacle)
        document = self._get_document()
        if self.version != document._approval_version(self.gate, self.reopened_by):
            return document._approval_reopen(self)
        self._check_statement(verdict, opinion, attachment_ids)
        if verdict == APPROVED:
            self._check_not_needed_later(votes)
        self._close(
            {
                "verdict": verdict,
                "is_turn": False,
                "user_id": self.env.uid,
                "on_behalf_of_id": absent.id,
                "date": fields.Datetime.now(),
                "opinion": opinion,
                "attachment_ids": [fields.Command.set(self._keep_papers(attachment_ids).ids)],
            }
        )
        document._approval_decided(self, votes)
        return None

    def _lock_round(self):
        """The rows of the round, locked until the end of the transaction.

        Whoever comes at the same moment gets an error on which Odoo repeats
        the call, and then sees what was decided.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """SELECT id FROM property_approval
                   WHERE res_model = %s AND res_id = %s AND gate = %s AND round_no = %s
                   ORDER BY id FOR UPDATE NOWAIT""",
                self.res_model,
                self.res_id,
                self.gate,
                self.round_no,
            )
        )
        votes = self._get_round()
        votes.invalidate_recordset()
        return votes

    def _check_statement(self, verdict, opinion, attachment_ids):
        if verdict == REJECTED and not opinion:
            raise UserError(
                self.env._(
                    "Say why you reject %(approval)s, so that it can be corrected.",
                    approval=self.display_name,
                )
            )
        if verdict == APPROVED and self.opinion_required and not opinion:
            raise UserError(
                self.env._(
                    "%(approval)s needs your opinion in words. Write it down first.",
                    approval=self.display_name,
                )
            )
        if verdict == APPROVED and self.paper_required and not attachment_ids:
            raise UserError(
                self.env._(
                    "%(approval)s needs a paper. Attach the scan or photo first.",
                    approval=self.display_name,
                )
            )

    def _check_not_needed_later(self, votes):
        """Refuse a yes that would leave nobody for another part of the request."""
        waiting = votes.filtered(lambda vote: vote.verdict == PENDING)
        free = {vote: vote._get_free(votes) for vote in waiting}
        if self._find_unfillable(waiting, free):
            return  # a way out must be found anyway
        later = waiting - self
        for vote in later:
            if not vote.same_person or vote.rule_id == self.rule_id:
                free[vote] -= self.env.user
        stuck = self._find_unfillable(later, free)
        if stuck:
            raise UserError(
                self.env._(
                    "You are needed for %(later)s, so leave %(approval)s to somebody else of"
                    " %(who)s.",
                    later=stuck.display_name,
                    approval=self.display_name,
                    who=self.who,
                )
            )

    def _get_free(self, votes, known=None):
        """Who may decide the row and has not used up his say in the round ``votes``."""
        users = self._get_deciders(known) - self._get_spent(votes)
        return users.filtered(lambda user: not self._is_requester(user))

    @api.model
    def _find_unfillable(self, rows, free):
        """First of ``rows`` that cannot have a person of its own out of ``free`` {row: users}."""
        groups = [rows.filtered(lambda row: not row.same_person)]
        groups += rows.filtered("same_person").grouped("rule_id").values()
        for group in groups:
            index = unfillable([set(free[row].ids) for row in group])
            if index is not None:
                return group[index]
        return self.browse()

    def _keep_papers(self, attachment_ids):
        """Copies of the caller's files that nobody can exchange afterwards."""
        attachments = self.env["ir.attachment"].browse(attachment_ids).sudo(False)
        attachments.check_access("read")
        copies = self.env["ir.attachment"]
        for attachment in attachments.sudo():
            copies |= attachment.copy({"res_model": self._name, "res_id": self.id})
        return copies

    def _why_file_stays(self, file):
        """What was decided on is on record with the decision."""
        if file in self.attachment_ids:
            return self.env._(
                "The papers of %(approval)s stay as they were when it was decided. Ask for approval"
                " again with others.",
                approval=self.display_name,
            )
        return super()._why_file_stays(file)

    def _get_document(self):
        """The record the row is about, with the rights of the environment."""
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(
                self.env._(
                    "The record of %(approval)s was deleted; there is nothing to decide.",
                    approval=self.display_name,
                )
            )
        return document
