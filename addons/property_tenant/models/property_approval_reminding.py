"""How those who decide learn that it is their turn, and what happens when nobody decides."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import float_round

from ..calc.approval import PENDING

#: at most so many persons are told at once that their list has changed
MAX_WOKEN = 50
#: templates of the e-mails, by occasion
TEMPLATES = {
    "turn": "property_tenant.mail_template_approval_turn",
    "reminder": "property_tenant.mail_template_approval_reminder",
    "escalation": "property_tenant.mail_template_approval_escalation",
}


class PropertyApproval(models.Model):
    _inherit = "property.approval"

    # as the rule said when it was asked
    delay_unit = fields.Selection(
        [("days", "Days"), ("work_days", "Working Days"), ("work_hours", "Working Hours")],
        readonly=True,
    )
    reminder_delay = fields.Integer(string="Time to Decide", readonly=True, aggregator=None)
    escalation_delay = fields.Integer(string="Escalate after", readonly=True, aggregator=None)
    escalation_group_id = fields.Many2one("res.groups", readonly=True, ondelete="restrict")
    mail_notice = fields.Boolean(readonly=True)

    # counted from the turn
    turn_at = fields.Datetime(string="On Turn since", readonly=True)
    remind_at = fields.Datetime(readonly=True)
    escalate_at = fields.Datetime(string="Escalated on", readonly=True)
    is_reminded = fields.Boolean(string="Reminded", readonly=True)

    _remind_idx = models.Index("(remind_at) WHERE is_turn AND is_reminded IS NOT TRUE")
    _escalate_idx = models.Index("(escalate_at) WHERE is_turn AND is_escalated IS NOT TRUE")

    # --- the turn comes -------------------------------------------------------

    def _begin_turn(self):
        """It is to be decided now: set the clocks, give to-dos, write to who decides."""
        now = fields.Datetime.now()
        clocks = self.grouped(
            lambda row: (row.estate_id, row.delay_unit, row.reminder_delay, row.escalation_delay)
        )
        for (estate, unit, reminder, escalation), rows in clocks.items():
            due = self._get_moment(estate, now, reminder, unit)
            rows._close(
                {
                    "is_turn": True,
                    "turn_at": now,
                    "date_due": estate._local_date(due) if estate else due.date(),
                    "remind_at": reminder and due,
                    "escalate_at": escalation and self._get_moment(estate, now, escalation, unit),
                }
            )
        self._create_activities()
        self.filtered("mail_notice")._send_mails("turn")
        self._wake_clients()

    @api.model
    def _get_moment(self, estate, start, delay, unit):
        """The moment (UTC) so many working hours or days after ``start``, by the estate's calendar.

        Without a calendar every day and hour counts.
        """
        calendar = estate.sudo().calendar_id
        moment = False
        if calendar and delay and unit == "work_hours":
            moment = calendar.plan_hours(delay, start.replace(tzinfo=UTC), compute_leaves=True)
        elif calendar and delay and unit == "work_days":
            # the day on which it is asked does not count
            day = calendar.plan_days(delay + 1, start.replace(tzinfo=UTC), compute_leaves=True)
            moment = day and self._get_end_of_work(calendar, day)
        if moment:
            return moment.astimezone(UTC).replace(tzinfo=None)
        hours = delay if unit == "work_hours" else 24 * delay
        return start + timedelta(hours=float_round(hours, 2))

    @api.model
    def _get_end_of_work(self, calendar, moment):
        """When work ends on the day of ``moment``, by the calendar."""
        begin = moment.astimezone(ZoneInfo(calendar.tz or "UTC")).replace(hour=0, minute=0)
        intervals = calendar._work_intervals_batch(begin, begin + timedelta(days=1))[False]
        return max((stop for _start, stop, _meta in intervals), default=moment)

    # --- nobody decides ---------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Remind who decides, and tell who is named for it what has waited too long."""
        now = fields.Datetime.now()
        self._remind(now)
        self._escalate(now)

    @api.model
    def _remind(self, now):
        rows = self.sudo().search(
            [("is_turn", "=", True), ("is_reminded", "=", False), ("remind_at", "<=", now)]
        )
        rows.filtered("mail_notice")._send_mails("reminder")
        rows._wake_clients()
        rows._close({"is_reminded": True})

    @api.model
    def _escalate(self, now):
        rows = self.sudo().search(
            [("is_turn", "=", True), ("is_escalated", "=", False), ("escalate_at", "<=", now)]
        )
        vals_list = []
        for row in rows.filtered(lambda row: "activity_ids" in self.env[row.res_model]._fields):
            today = row.estate_id._today() if row.estate_id else now.date()
            for user in row._get_escalation_users():
                vals_list.append(row._prepare_activity(user, today, row._get_escalation_text(user)))
        self._make_activities(vals_list)
        rows._send_mails("escalation", lambda row: row._get_escalation_users())
        rows._close({"is_escalated": True})

    def _get_escalation_users(self):
        """Who is told that the row has waited too long: a person, or some of a role."""
        self.ensure_one()
        row = self.sudo()
        if row.escalation_user_id:
            return row.escalation_user_id
        users = self._get_users_of(
            row.env["property.department"],
            row.escalation_group_id,
            row.env["res.users"],
            row.estate_id,
            row.company_id,
        )
        return users.sudo()[: max(row.notify_limit, 1)]

    def _get_escalation_text(self, user):
        """What is told to whom it is escalated, in the language of that person."""
        spoken = self.with_context(lang=user.lang)
        return spoken.env._(
            "Not decided since %(date)s: %(approval)s",
            date=fields.Date.to_string(self.date_requested),
            approval=spoken.display_name,
        )

    # --- telling -----------------------------------------------------------------

    def _get_users_told(self):
        """Who gets an e-mail about each row: those who may decide, deputies of absent ones first.

        Up to the limit of the rule. Returns {row: users}.
        """
        known, told = {}, {}
        votes = self._get_rounds()
        deputies = self.env["property.approval.deputy"]
        for row in self:
            users = row._get_free(votes[row._get_round_key()], known).sudo()
            head = row.department_id.head_id & users
            users = (head | users)[: row.notify_limit]
            day = row.estate_id._today() if row.estate_id else fields.Date.context_today(row)
            place = ("deputies", users, day)
            if place not in known:
                known[place] = deputies._get_deputies(users, day).sudo()
            told[row] = (users | known[place]).filtered(
                lambda user, row=row: not row._is_requester(user)
            )
        return told

    def _send_mails(self, occasion, get_users=None):
        """Write to who decides, in the own language, with a link and without the reason:
        what is confidential stays where its readers are known."""
        rows = self.sudo().filtered(lambda row: row.verdict == PENDING)
        template = self.env.ref(TEMPLATES[occasion], raise_if_not_found=False)
        if not rows or not template:
            return
        template = template.sudo()
        told = {row: get_users(row) for row in rows} if get_users else rows._get_users_told()
        by_lang = {}
        for row, users in told.items():
            for user in users.filtered("email"):
                by_lang.setdefault(user.lang or "en_US", {}).setdefault(row.id, []).append(user)
        mails = []
        for lang, readers in by_lang.items():
            spoken = template.with_context(lang=lang)
            ids = list(readers)
            subjects = spoken._render_field("subject", ids, set_lang=lang)
            bodies = spoken._render_field("body_html", ids, set_lang=lang)
            for row_id, users in readers.items():
                row = self.browse(row_id).sudo()
                mails += [
                    {
                        "subject": subjects[row_id],
                        "body_html": bodies[row_id],
                        "email_from": row.company_id.email_formatted
                        or self.env.user.company_id.email_formatted,
                        "recipient_ids": [fields.Command.link(user.partner_id.id)],
                        "auto_delete": True,
                    }
                    for user in users
                ]
        # sent by the mail queue: asking does not wait for a mail server
        self.env["mail.mail"].sudo().create(mails)

    def _get_link(self):
        """Address of the approval in the web client, for e-mails."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/approvals/{self.id}"

    def _wake_clients(self):
        """Have the counters of those who may decide look again."""
        known = {}
        users = self.env["res.users"]
        for row in self:
            users |= row._get_deciders(known)
        for user in users.sudo()[:MAX_WOKEN]:
            # nothing is said but that there is something to look at
            user._bus_send("property_approval", {})
