"""The month of a billing supervisor in the browser."""

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.property_billing.calc.periods import month_period, period_label

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestBillingTours(TourCase):
    staff = {
        "billing_supervisor": "赵收费",
        "manager": "钱经理",
        "accountant": "孙会计",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        last = fields.Date.today() + relativedelta(months=-1)
        cls.period = month_period(last.year, last.month)
        cls.label = f"HW1 {period_label(cls.period.start, cls.period.end)}"
        cls.make_fees()

    @classmethod
    def make_fees(cls):
        """A fee by area and water by tiers; one unit has no owner, so nobody to bill."""
        cls.income_account = cls.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", cls.company.id)], limit=1
        )
        cls.estate.journal_id = cls.env["account.journal"].create(
            {"name": "海湾花园账单", "code": "HW1", "type": "sale", "company_id": cls.company.id}
        )
        long_ago = cls.period.start + relativedelta(years=-1)
        for unit, owner in ((cls.unit, cls.owner), (cls.unit_2, cls.owner_2)):
            cls.make_occupancy(unit, owner, "owner", long_ago, self_use=True, state="active")
        cls.make_fee_rule(cls.make_fee_item("物业管理费"), rate=2.5, date_from=long_ago)
        cls.make_fee_rule(
            cls.make_fee_item("水费"),
            "metered",
            tariff_id=cls.make_tariff("居民用水", "water_cold", [(0, 4.0), (10, 6.0)]).id,
            date_from=long_ago,
        )
        meter = cls.make_meter("W-101", cls.unit, date_installed=long_ago)
        before = cls.period.start + relativedelta(days=-1)
        cls.make_reading(meter, before, 100)
        cls.make_reading(meter, cls.period.end, 113)

    def play(
        self, part, role, action="action-property_billing.property_billing_run_action", **data
    ):
        return super().play(
            part,
            role,
            action,
            start=str(self.period.start),
            end=str(self.period.end),
            run=self.label,
            **data,
        )

    def process_billing_month(self):
        """Computed, looked through, approved by somebody else, posted, delivered, closed."""
        self.play("property_tour_month_compute", "billing_supervisor")
        run = self.env["property.billing.run"].search([("estate_ids", "in", self.estate.ids)])
        self.assertEqual(run.state, "to_approve")
        self.assertEqual(run.date_invoice, self.period.end)
        self.play(
            "property_tour_month_approve",
            "manager",
            "action-property_tenant.property_approval_waiting_action",
        )
        self.assertEqual(run.state, "approved")
        # in the background, as a large run is: who pressed the button need not wait
        self.company.pm_inline_units = 0
        self.play("property_tour_month_post", "billing_supervisor")
        self.assertEqual(run.state, "posting")
        self.do_jobs()
        self.assertEqual(run.state, "posted")
        self.company.pm_inline_units = 100
        self.play("property_tour_month_deliver", "billing_supervisor")
        self.assertEqual(run.state, "closed")
        letters = run.letter_ids
        self.assertEqual(len(letters), 2)
        self.assertEqual(sorted(letters.mapped("state")), ["delivered", "issued"])
