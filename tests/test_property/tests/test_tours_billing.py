"""The month of a billing supervisor in the browser."""

from odoo.tests import tagged

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
        cls.make_month()

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
