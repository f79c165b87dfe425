from odoo.tests import tagged

from .items_common import ItemsCase


@tagged("post_install", "-at_install", "property", "property_items")
class TestChargeHook(ItemsCase):
    def test_without_billing_the_amount_is_noted(self):
        """Whoever is outside of billing (no unit) pays at the cash desk, with any addons."""
        slip = self.lend(self.umbrellas, holder_kind="staff", user_id=self.desk.id)
        self.umbrella_kind.price = 40
        incident = self.explain(self.report(slip.loan_ids))
        incident.remedy = "charge"
        incident.action_decide()
        self.assertIn("Dora Desk", incident.charge_note)
        self.assertEqual((incident.state, incident.amount), ("decided", 40))
        incident.with_user(self.supervisor).action_void("It was in the cupboard.")
        self.assertIn("It was in the cupboard.", incident.charge_note)
