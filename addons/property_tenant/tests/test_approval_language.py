from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalLanguage(ApprovalCase):
    """Everybody is asked in the own language, whoever asks and in whichever."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.manager_2.lang = "zh_CN"
        cls.group_manager.with_context(lang="zh_CN").name = "客服经理"

    def to_do(self, user):
        return self.occupancy.activity_ids.filtered(lambda to_do: to_do.user_id == user)

    def test_to_do_is_in_the_language_of_who_gets_it(self):
        self.make_rule()
        row = self.ask()
        name = self.occupancy.display_name
        self.assertEqual(
            self.to_do(self.manager).summary, f"{name} – Override: {self.group_manager.name}"
        )
        self.assertEqual(self.to_do(self.manager_2).summary, f"{name}－特批：客服经理")
        self.assertEqual(row.with_context(lang="zh_CN").display_name, f"{name}－特批：客服经理")

    def test_escalation_is_in_the_language_of_who_is_told(self):
        self.make_rule(
            user_id=self.manager.id, escalation_days=1, escalation_user_id=self.manager_2.id
        )
        row = self.ask()
        self.env["property.approval"]._escalate(fields.Datetime.now() + timedelta(days=5))
        day = fields.Date.to_string(row.date_requested)
        self.assertEqual(
            self.to_do(self.manager_2).summary,
            f"自 {day} 起未审批：{self.occupancy.display_name}－特批：{self.manager.name}",
        )
