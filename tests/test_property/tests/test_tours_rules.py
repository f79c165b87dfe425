"""What managers set and read, in the browser."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestRuleTours(TourCase):
    staff = {"manager": "钱经理", "general_manager": "冯总", "billing_supervisor": "赵收费"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_month()
        main = cls.make_meter("M-1", date_installed=cls.meter.date_installed)
        cls.meter.parent_id = main
        before = cls.meter.reading_ids.sorted("date")[0].date
        cls.make_reading(main, before, 1000)
        cls.make_reading(main, cls.period.end, 1020)
        cls.month = cls.post_month()
        cls.env["property.meter.balance"]._compute_for(cls.estate, cls.period.start, cls.period.end)

    def process_rules(self):
        """A rule is written, tried on a run and put in force; a limit changes; reports are read."""
        gate = self.env["property.approval.gate"].search(
            [("model", "=", "property.billing.run"), ("gate", "=", "post")]
        )
        self.play(
            "property_tour_rules",
            "manager",
            "action-property_tenant.property_unit_action",
            gate=gate.with_context(lang=self.variant.lang).display_name,
        )
        rule = self.env["property.approval.rule"].search([("name", "=", "大额出账")])
        self.assertTrue(rule.active)
        self.assertEqual(rule.amount_from, 100)
        self.assertEqual(rule.user_id, self.people["general_manager"])
        self.assertEqual(self.company.pm_batch_size, 150)
