from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalReminding(ApprovalCase):
    """Who is told, when, and in what words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.manager, cls.manager_2, cls.engineer, cls.desk):
            user.email = f"{user.login}@example.com"

    def mails(self):
        return self.env["mail.mail"].search([("subject", "ilike", self.occupancy.display_name)])

    def readers(self):
        return self.mails().mapped("recipient_ids")

    # --- e-mail -----------------------------------------------------------------

    def test_who_is_on_turn_gets_one_mail_with_a_link_and_no_secret(self):
        self.make_rule(department_id=self.engineering.id)
        row = self.ask(reason="The passport number is E12345678.")
        [mail] = self.mails()
        self.assertEqual(mail.recipient_ids, self.engineer.partner_id)
        self.assertIn(f"/odoo/approvals/{row.id}", mail.body_html)
        self.assertIn("Dora Desk", mail.body_html)
        self.assertNotIn("E12345678", mail.body_html + mail.subject)

    def test_who_comes_later_is_written_to_when_the_turn_comes(self):
        self.make_rule(department_id=self.engineering.id)
        self.make_rule(user_id=self.manager.id, step=2)
        rows = self.ask()
        self.assertEqual(self.readers(), self.engineer.partner_id)
        rows[0].with_user(self.engineer).action_approve()
        self.assertEqual(self.readers(), (self.engineer | self.manager).partner_id)
        self.assertEqual(len(self.mails()), 2)

    def test_no_mail_where_the_rule_says_so(self):
        self.make_rule(mail_notice=False)
        self.ask()
        self.assertFalse(self.mails())

    def test_the_deputy_of_who_is_away_is_written_to(self):
        self.make_rule(user_id=self.manager.id)
        self.env["property.approval.deputy"].create(
            {
                "user_id": self.manager.id,
                "deputy_id": self.manager_2.id,
                "date_from": fields.Date.today() - timedelta(days=2),
            }
        )
        self.ask()
        self.assertEqual(self.readers(), (self.manager | self.manager_2).partner_id)

    def test_everybody_is_written_to_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.manager_2.lang = "zh_CN"
        template = self.env.ref("property_tenant.mail_template_approval_turn")
        template.with_context(lang="zh_CN").subject = "请审批：{{ object.res_name }}"
        self.make_rule()
        self.ask()
        by_reader = {mail.recipient_ids: mail.subject for mail in self.mails()}
        self.assertIn("请审批", by_reader[self.manager_2.partner_id])
        self.assertIn("To approve", by_reader[self.manager.partner_id])

    # --- reminder -----------------------------------------------------------------

    def test_who_does_not_decide_is_reminded_once(self):
        self.make_rule(department_id=self.engineering.id, reminder_days=2)
        row = self.ask()
        approvals, now = self.env["property.approval"], fields.Datetime.now()
        approvals._remind(now + timedelta(days=1))
        self.assertEqual((len(self.mails()), row.is_reminded), (1, False))
        for _time in range(2):
            approvals._remind(now + timedelta(days=2, minutes=1))
            self.assertEqual((len(self.mails()), row.is_reminded), (2, True))
        self.assertTrue(self.mails().filtered(lambda mail: "Still to approve" in mail.subject))

    def test_what_is_decided_or_void_is_left_alone(self):
        self.make_rule(reminder_days=1, escalation_days=1, escalation_user_id=self.engineer.id)
        self.ask().with_user(self.manager).action_approve()
        before = self.mails()
        with freeze_time(fields.Datetime.now() + timedelta(days=9)):
            self.env["property.approval"]._cron_remind()
        self.assertEqual(self.mails(), before)

    def test_a_role_is_told_when_it_takes_too_long(self):
        self.make_rule(
            department_id=self.engineering.id,
            escalation_days=4,
            escalation_group_id=self.group_manager.id,
        )
        row = self.ask()
        self.env["property.approval"]._escalate(fields.Datetime.now() + timedelta(days=5))
        told = self.readers() - self.engineer.partner_id
        self.assertEqual(told, (self.manager | self.manager_2).partner_id)
        self.assertTrue(row.is_escalated)

    def test_escalation_needs_somebody(self):
        with self.refused(ValidationError, "a person or a role"):
            self.make_rule(escalation_days=4)

    # --- clocks --------------------------------------------------------------------

    def moment(self, start, delay, unit):
        return self.env["property.approval"]._get_moment(self.estate, start, delay, unit)

    def test_clocks_follow_the_calendar_of_the_estate(self):
        """Working hours 8-12 and 13-17 in Shanghai; Friday 2024-03-01, 15:00 there."""
        self.estate.calendar_id = self.env["resource.calendar"].create(
            {"name": "Estate hours", "tz": "Asia/Shanghai"}
        )
        friday = datetime(2024, 3, 1, 7, 0)
        cases = [
            (1, "days", datetime(2024, 3, 2, 7, 0)),
            # 2 hours on Friday, 2 on Monday morning
            (4, "work_hours", datetime(2024, 3, 4, 2, 0)),
            # the end of Monday
            (1, "work_days", datetime(2024, 3, 4, 9, 0)),
        ]
        for delay, unit, expected in cases:
            with self.subTest(unit):
                self.assertEqual(self.moment(friday, delay, unit), expected)

    def test_holidays_do_not_count(self):
        self.estate.calendar_id = self.env["resource.calendar"].create(
            {"name": "Estate hours", "tz": "Asia/Shanghai"}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.estate.calendar_id.id,
                "date_from": "2024-03-03 16:00:00",
                "date_to": "2024-03-04 15:59:59",
            }
        )
        friday = datetime(2024, 3, 1, 7, 0)
        self.assertEqual(self.moment(friday, 1, "work_days"), datetime(2024, 3, 5, 9, 0))

    def test_without_a_calendar_every_hour_counts(self):
        self.estate.calendar_id = False
        friday = datetime(2024, 3, 1, 7, 0)
        self.assertEqual(
            self.env["property.approval"]._get_moment(
                self.env["property.estate"], friday, 3, "work_hours"
            ),
            datetime(2024, 3, 1, 10, 0),
        )

    def test_the_clock_starts_when_the_turn_comes(self):
        self.make_rule(department_id=self.engineering.id)
        self.make_rule(user_id=self.manager.id, step=2, reminder_days=2)
        with freeze_time("2024-03-01 07:00:00"):
            rows = self.ask()
        self.assertFalse(rows[1].turn_at)
        with freeze_time("2024-03-08 07:00:00"):
            rows[0].with_user(self.engineer).action_approve()
        self.assertEqual(rows[1].turn_at, datetime(2024, 3, 8, 7, 0))
        self.assertEqual(rows[1].remind_at, datetime(2024, 3, 10, 7, 0))
        self.assertEqual(fields.Date.to_string(rows[1].date_due), "2024-03-10")

    # --- the counter at the top of the screen -------------------------------------------

    def waiting(self, user):
        return self.env["property.approval"].with_user(user).get_waiting()

    def test_the_counter_tells_what_waits_for_each(self):
        self.make_rule()
        row = self.ask()
        told = self.waiting(self.manager)
        self.assertEqual((told["count"], told["late"]), (1, 0))
        [shown] = told["rows"]
        self.assertEqual((shown["id"], shown["asked_by"]), (row.id, "Dora Desk"))
        self.assertEqual(self.waiting(self.desk)["count"], 0)
        self.assertEqual(self.waiting(self.stranger)["count"], 0)
        row.with_user(self.manager).action_approve()
        self.assertEqual(self.waiting(self.manager_2)["count"], 0)

    def test_who_has_no_role_has_an_empty_counter(self):
        self.assertEqual(self.waiting(self.env.ref("base.public_user"))["count"], 0)
