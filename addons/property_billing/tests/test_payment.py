from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_letter import LetterCase


@tagged("post_install", "-at_install")
class TestPayment(LetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.company_data["default_journal_cash"]
        cls.bank = cls.company_data["default_journal_bank"]
        cls.cashier = cls.make_user("cashier", cls.estate)

    def open(self, letter, user=None):
        action = letter.with_user(user or self.cashier).action_register_payment()
        return Form(
            self.env[action["res_model"]]
            .with_user(user or self.cashier)
            .with_context(**action["context"])
        )

    def pay(self, letter, user=None, **values):
        form = self.open(letter, user)
        for name, value in values.items():
            form[name] = value
        wizard = form.save()
        wizard.action_confirm()
        return self.env["account.payment"].search(
            [("memo", "=", letter.payment_reference)], order="id desc", limit=1
        )

    def test_dialog_proposes_what_is_open(self):
        letter = self.of(self.deliver(), self.owner)
        form = self.open(letter)
        self.assertEqual(form.amount, 271.0)
        self.assertEqual(form.memo, letter.payment_reference)
        self.assertEqual(form.date, self.estate._today())

    def test_what_is_overdue_is_shown_on_the_party_until_it_is_paid(self):
        letter = self.of(self.deliver(), self.owner)
        [warning] = self.owner.with_user(self.cashier).estate_warnings
        self.assertEqual(warning["kind"], "Arrears")
        self.assertIn("271.00", warning["text"])
        stranger = self.make_user("cashier", self.make_estate("ZZ"), login="stranger")
        self.assertFalse(self.owner.with_user(stranger).estate_warnings)
        self.pay(letter)
        self.owner.invalidate_recordset(["estate_warnings"])
        self.assertFalse(self.owner.with_user(self.cashier).estate_warnings)

    def test_cashier_takes_the_whole_amount(self):
        letter = self.of(self.deliver(), self.owner)
        payment = self.pay(letter, journal_id=self.cash)
        self.assertEqual(letter.move_ids.payment_state, "paid")
        self.assertEqual((letter.amount_open, letter.payment_state), (0.0, "paid"))
        self.assertEqual(
            (payment.amount, payment.journal_id, payment.partner_id),
            (271.0, self.cash, self.owner),
        )
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(letter.move_ids.matched_payment_ids, payment)
        self.assertEqual(payment.create_uid, self.cashier)
        self.assertIn(payment.name, letter.message_ids[0].body)

    def test_part_payment_settles_the_oldest_bill_first(self):
        first = self.deliver(1)
        second = self.deliver(2)
        letter = self.of(second, self.owner)
        self.pay(letter, amount=300.0)
        self.assertEqual(
            (self.of(first, self.owner).move_ids.amount_residual),
            0.0,
        )
        self.assertEqual(letter.move_ids.amount_residual, 242.0)
        self.assertEqual(letter.move_ids.payment_state, "partial")
        self.pay(letter, amount=242.0)
        self.assertEqual(letter.payment_state, "paid")

    def test_open_credit_is_used_up_with_the_payment(self):
        run = self.deliver(1)
        letter = self.of(run, self.owner)
        refund = self.init_invoice("out_refund", self.owner, "2024-02-10", amounts=[42.0])
        refund.estate_id = self.estate
        refund.action_post()
        second = self.deliver(2)
        letter = self.of(second, self.owner)
        self.assertEqual(letter.arrears_move_ids, self.of(run, self.owner).move_ids + refund)
        self.assertEqual(letter.amount_due, 500.0)
        self.pay(letter)
        self.assertEqual(refund.amount_residual, 0.0)
        self.assertEqual(letter.amount_open, 0.0)

    def test_wrong_amounts_change_nothing(self):
        letter = self.of(self.deliver(), self.owner)
        for amount in (271.01, 0.0, -5.0):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self.pay(letter, amount=amount)
        self.assertEqual(letter.amount_open, 271.0)
        self.assertFalse(letter.move_ids.matched_payment_ids)

    def test_future_day_is_refused(self):
        letter = self.of(self.deliver(), self.owner)
        with self.assertRaises(UserError):
            self.pay(letter, date=fields.Date.add(self.estate._today(), days=1))

    def test_closed_period_is_refused_instead_of_dated_anew(self):
        letter = self.of(self.deliver(), self.owner)
        self.company.sudo().fiscalyear_lock_date = "2024-02-29"
        with self.assertRaises(UserError) as caught:
            self.pay(letter, date="2024-02-20")
        self.assertIn("2024-02-29", str(caught.exception))
        self.assertEqual(letter.amount_open, 271.0)

    def test_journal_that_is_no_means_of_payment_is_refused(self):
        letter = self.of(self.deliver(), self.owner)
        wizard = self.open(letter).save()
        wizard.journal_id = self.journal
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertEqual(letter.amount_open, 271.0)

    def test_void_and_paid_letters_take_no_payment(self):
        run = self.deliver()
        owner, tenant = self.of(run, self.owner), self.of(run, self.tenant)
        wizard = self.open(owner).save()
        owner.action_void("Wrong.")
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.pay(tenant)
        with self.assertRaises(UserError):
            self.open(tenant)

    def test_second_dialog_on_the_same_bills_cannot_pay_twice(self):
        letter = self.of(self.deliver(), self.owner)
        one, two = self.open(letter).save(), self.open(letter).save()
        one.action_confirm()
        with self.assertRaises(UserError):
            two.action_confirm()
        self.assertEqual(sum(letter.move_ids.matched_payment_ids.mapped("amount")), 271.0)

    def test_accountant_may_take_payments_too(self):
        accountant = self.make_user("accountant", self.estate)
        letter = self.of(self.deliver(), self.owner)
        self.pay(letter, accountant)
        self.assertEqual(letter.payment_state, "paid")

    def test_others_are_refused(self):
        letter = self.of(self.deliver(), self.owner)
        wizard = self.open(letter).save()
        for role in ("collector", "billing_supervisor", "manager", "controller"):
            user = self.make_user(role, self.estate)
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    letter.with_user(user).action_register_payment()
                with self.assertRaises(AccessError):
                    self.env["property.payment.register"].with_user(user).create(
                        {"letter_id": letter.id}
                    )
                with self.assertRaises(AccessError):
                    wizard.with_user(user).action_confirm()
        self.assertEqual(letter.amount_open, 271.0)

    def test_cashier_of_another_estate_is_refused(self):
        letter = self.of(self.deliver(), self.owner)
        stranger = self.make_user("cashier", self.make_estate("LK"), login="stranger")
        with self.assertRaises(AccessError):
            letter.with_user(stranger).action_register_payment()
        wizard = (
            self.env["property.payment.register"]
            .sudo()
            .create({"letter_id": letter.id, "journal_id": self.cash.id})
            .with_user(stranger)
        )
        wizard.sudo().create_uid = stranger
        with self.assertRaises(AccessError):
            wizard.action_confirm()
        self.assertEqual(letter.amount_open, 271.0)

    def test_cashiers_have_no_right_to_make_entries_by_hand(self):
        for model in ("account.move", "account.payment", "account.payment.register"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(self.cashier).has_access("create"))
