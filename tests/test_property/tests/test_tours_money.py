"""What accountants do with the bills of a run, in the browser."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestMoneyTours(TourCase):
    staff = {"accountant": "孙会计", "billing_supervisor": "赵收费", "manager": "钱经理"}
    bills = "action-property_billing.account_move_bill_action"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_month()
        cls.month = cls.post_month()

    def bill_of(self, payer):
        return self.month.move_ids.filtered(lambda move: move.partner_id == payer)

    def process_payment(self):
        """One bill is paid in full."""
        self.play("property_tour_pay", "accountant", self.bills)
        bill = self.bill_of(self.owner)
        self.assertIn(bill.payment_state, ("paid", "in_payment"))
        self.assertEqual(bill.amount_residual, 0)

    def process_credit_note(self):
        """One bill goes back, and the charges behind it are free to be billed again."""
        self.play("property_tour_credit", "accountant", self.bills)
        bill = self.bill_of(self.owner_2)
        self.assertEqual(bill.reversal_move_ids.mapped("state"), ["posted"])
        self.assertEqual(bill.payment_state, "reversed")
        self.assertEqual(bill.state, "posted")
