from odoo.exceptions import UserError
from odoo.fields import Command

from .common import BillingCase


class TestCreditNote(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_fee_rule(cls.fee, "area", rate=2.5)
        cls.billing_run = cls.post_run(cls.make_run(2024, 1))
        cls.bill = cls.billing_run.move_ids.filtered(lambda move: move.partner_id == cls.tenant)
        cls.charge = cls.bill.pm_charge_ids

    def credit(self, factor=1.0):
        credit = self.bill._reverse_moves([{"invoice_date": self.day("2024-02-01")}])
        if factor != 1.0:
            line = credit.invoice_line_ids
            credit.write(
                {
                    "invoice_line_ids": [
                        Command.update(line.id, {"price_unit": line.price_unit * factor})
                    ]
                }
            )
        credit.action_post()
        return credit

    def test_posted_bill_stays(self):
        for method in ("button_draft", "button_cancel"):
            with self.subTest(method=method), self.assertRaises(UserError):
                getattr(self.bill, method)()
        with self.assertRaises(UserError):
            self.bill.write({"state": "draft"})
        with self.assertRaises(UserError):
            self.bill.invoice_line_ids.write({"price_unit": 1.0})
        with self.assertRaises(UserError):
            self.bill.unlink()
        self.assertEqual(self.bill.amount_untaxed, 250.0)

    def test_full_credit_frees_the_charge_and_the_unit_is_billed_again(self):
        credit = self.credit()
        self.assertEqual(self.charge.state, "void")
        self.assertEqual(self.charge.credit_move_id, credit)
        again = self.post_run(self.make_run(2024, 1))
        self.assertEqual(again.charge_ids.unit_id, self.unit)
        self.assertEqual(again.move_ids.amount_untaxed, 250.0)

    def test_partial_credit_corrects_the_charge(self):
        credit = self.credit(0.4)
        self.assertEqual(self.charge.state, "billed")
        correction = self.charge.correction_ids
        self.assertEqual(
            (correction.amount, correction.state, correction.move_id), (-100.0, "billed", credit)
        )
        again = self.make_run(2024, 1)
        again.action_compute()
        self.assertFalse(again.charge_ids)

    def test_no_more_is_taken_back_than_was_billed(self):
        self.credit(0.4)
        with self.assertRaises(UserError):
            self.credit(0.7)
        self.credit(0.6)
        with self.assertRaises(UserError):
            self.credit(0.1)

    def test_credit_note_stays_too(self):
        credit = self.credit()
        with self.assertRaises(UserError):
            credit.button_draft()

    def test_charge_on_a_bill_stays(self):
        with self.assertRaises(UserError):
            self.charge.write({"amount": 1.0})
        with self.assertRaises(UserError):
            self.charge.unlink()
        with self.assertRaises(UserError):
            self.charge.write({"state": "ready"})
