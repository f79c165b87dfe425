"""What everybody begins the day with, in the browser."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestTodayTours(TourCase):
    staff = {"officer": "周客服", "manager": "钱经理", "billing_supervisor": "孙收费"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.pm_require_identity = True
        today = fields.Date.today()
        cls.moving = cls.make_occupancy(
            cls.unit, cls.owner, "tenant", today + timedelta(days=2), state="moving_in"
        )

    def process_today(self):
        """Lists with counts, figures, and a decision from the counter at the top."""
        self.moving.with_user(self.people["officer"]).action_request_override("周一补交证件")
        party = self.owner.name
        self.play("property_tour_today_officer", "officer", "today", party=party)
        self.play("property_tour_today_manager", "manager", "today", party=party)
        self.assertEqual(self.moving.approval_ids.mapped("opinion"), ["同意"])

    def process_long_work(self):
        """Notices are printed in the background; their list opens from the finished work."""
        self.make_month()
        run = self.post_month()
        self.company.pm_inline_units = 0
        letters = self.env.registry["property.letter"]
        # the paper is tested elsewhere; here it would only take time
        with patch.object(letters, "_keep_pdfs", lambda letters: None):
            run.with_user(self.people["billing_supervisor"]).action_deliver()
            self.do_jobs()
        work = self.env["property.work"].search([("res_id", "=", run.id)], limit=1)
        self.assertEqual(work.state, "done")
        self.play("property_tour_long_work", "billing_supervisor", "long-work", work=run.name)
