from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import BillingCase


class TestByHand(BillingCase):
    """What the buttons see to cannot be had by writing the fields behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tariff = cls.make_tariff("Water", "water_cold", [(0, 5.0)])
        cls.water = cls.make_fee_item("Water")
        cls.rule = cls.make_fee_rule(cls.water, "metered", tariff_id=cls.tariff.id)
        cls.meter = cls.make_meter("W-101", cls.unit)
        cls.make_reading(cls.meter, "2023-12-31", 100, kind="installation")
        cls.reading = cls.make_reading(cls.meter, "2024-01-31", 120)
        cls.run_1 = cls.make_run(2024, 1)
        cls.supervisor = cls.make_user("billing_supervisor", estate_all=True, login="by_hand_sup")
        cls.accountant = cls.make_user("accountant", estate_all=True, login="by_hand_acc")

    def refused_to(self, user, records, **vals):
        before = {name: records.mapped(name) for name in vals}
        with self.assertRaises(UserError), self.env.cr.savepoint():
            records.with_user(user).write(vals)
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual({name: records.mapped(name) for name in vals}, before)

    # --- the run ------------------------------------------------------------

    def test_nobody_writes_how_far_a_run_is(self):
        run = self.run_1
        run.action_compute()
        for state in ("collect", "to_approve", "approved", "cancelled"):
            with self.subTest(state=state):
                self.refused_to(self.supervisor, run, state=state)
        self.refused_to(self.supervisor, run, computation=99)
        run.action_request_approval()
        self.approve(run)
        for state in ("computed", "posting", "cancelled"):
            with self.subTest(state=state):
                self.refused_to(self.supervisor, run, state=state)
        run.action_post()
        for state in ("posting", "delivered", "closed"):
            with self.subTest(state=state):
                self.refused_to(self.supervisor, run, state=state)
        self.refused_to(self.supervisor, run, posted_at="2020-01-01 00:00:00")
        self.assertEqual(run.charge_ids.mapped("state"), ["billed"])

    def test_a_run_begins_at_the_beginning(self):
        for state in ("computed", "posted", "closed", "cancelled"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self.env["property.billing.run"].with_user(self.supervisor).create(
                    {
                        "estate_ids": [Command.set(self.estate.ids)],
                        "period_start": "2024-05-01",
                        "period_end": "2024-05-31",
                        "state": state,
                    }
                )

    def test_states_follow_each_other_for_the_system_too(self):
        for state in ("to_approve", "posting", "posted", "delivered", "closed"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self.run_1.sudo().write({"state": state})

    def test_computed_charges_keep_the_period_of_their_run(self):
        self.run_1.with_user(self.supervisor).write({"period_start": "2024-01-02"})
        self.run_1.with_user(self.supervisor).write({"period_start": "2024-01-01"})
        self.run_1.action_compute()
        self.refused_to(self.supervisor, self.run_1, period_end=self.day("2024-02-29"))
        self.refused_to(self.supervisor, self.run_1, estate_ids=[Command.clear()])
        self.run_1.with_user(self.supervisor).write({"date_invoice": "2024-02-02"})
        self.assertEqual(self.run_1.charge_ids.period_end, self.day("2024-01-31"))

    # --- what bills stand on ------------------------------------------------

    def test_a_reading_goes_back_by_its_buttons_only(self):
        self.refused_to(self.supervisor, self.reading, state="draft")
        self.post_run(self.run_1)
        for state in ("draft", "accepted"):
            self.refused_to(self.supervisor, self.reading, state=state)
        self.refused_to(self.supervisor, self.reading, corrected_by_id=self.reading.id)

    def test_terms_of_a_fee_rule_behind_bills_stay(self):
        self.rule.write({"payer": "owner"})
        self.rule.write({"payer": "occupant"})
        self.post_run(self.run_1)
        other = self.tariff.copy()
        self.refused_to(self.supervisor, self.rule, tariff_id=other.id)
        self.refused_to(self.supervisor, self.rule, method="fixed")
        self.refused_to(self.supervisor, self.rule, rate=3.0)
        self.refused_to(self.supervisor, self.rule, period="quarter")
        self.refused_to(self.supervisor, self.rule, payer="owner")
        self.refused_to(self.supervisor, self.rule, product_id=self.fee.id)
        self.refused_to(self.supervisor, self.rule, date_to=self.day("2024-01-15"))
        self.refused_to(self.supervisor, self.rule, date_from=self.day("2024-01-15"))
        # what changes nothing, and how it ends, is free
        self.rule.with_user(self.supervisor).write(
            {"method": "metered", "tariff_id": self.tariff.id, "date_to": "2024-03-31"}
        )
        with self.assertRaisesRegex(UserError, "archive it"):
            self.rule.with_user(self.supervisor).unlink()

    def test_a_tariff_behind_bills_stays(self):
        version = self.tariff.version_ids
        spare = self.tariff.copy().version_ids.tier_ids
        self.post_run(self.run_1)
        self.refused_to(self.supervisor, self.tariff, commodity="gas")
        self.refused_to(self.supervisor, self.tariff, company_id=False)
        with self.assertRaises(UserError):
            spare.with_user(self.supervisor).write({"version_id": version.id, "quantity_from": 9})
        self.assertEqual(len(version.tier_ids), 1)

    # --- bills ---------------------------------------------------------------

    def test_whose_bill_it_is_stays(self):
        bill = self.post_run(self.run_1).move_ids
        other = self.make_run(2024, 2)
        self.refused_to(self.accountant, bill, pm_run_id=False)
        self.refused_to(self.accountant, bill, pm_run_id=other.id)
        self.refused_to(self.accountant, bill, estate_id=False)
        self.refused_to(self.accountant, bill.invoice_line_ids, pm_charge_id=False)

    def test_nobody_makes_bills_of_a_run_or_a_charge_by_hand(self):
        charge = self.post_run(self.run_1).charge_ids
        Move = self.env["account.move"].with_user(self.accountant)
        values = {"move_type": "out_invoice", "partner_id": self.tenant.id}
        line = {"name": "Once more", "price_unit": 100.0}
        with self.assertRaises(UserError):
            Move.create({**values, "pm_run_id": self.run_1.id})
        with self.assertRaises(ValidationError):
            Move.create(
                {
                    **values,
                    "invoice_line_ids": [Command.create({**line, "pm_charge_id": charge.id})],
                }
            )

    def test_reversing_with_a_new_bill_is_refused(self):
        run = self.post_run(self.run_1)
        reversal = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=run.move_ids.ids)
            .create({"journal_id": self.journal.id})
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            reversal.modify_moves()
        self.env.invalidate_all()
        self.assertEqual(run.charge_ids.mapped("state"), ["billed"])
        reversal.refund_moves()
        reversal.new_move_ids.action_post()
        self.assertEqual(run.charge_ids.mapped("state"), ["void"])

    def test_a_credit_note_takes_back_lines_of_its_bill_only(self):
        run = self.post_run(self.run_1)
        bill = run.move_ids
        credit = bill.with_user(self.accountant)._reverse_moves(
            [{"invoice_date": self.day("2024-02-01")}]
        )
        self.refused_to(self.accountant, credit.invoice_line_ids, pm_charge_id=False)
        self.refused_to(self.accountant, credit, reversed_entry_id=False)
        self.refused_to(self.accountant, credit, partner_id=self.owner.id)
        credit.write(
            {
                "invoice_line_ids": [
                    Command.delete(credit.invoice_line_ids.id),
                    Command.create({"name": "All of it", "price_unit": 100.0, "tax_ids": []}),
                ]
            }
        )
        with self.assertRaisesRegex(UserError, "All of it"), self.env.cr.savepoint():
            credit.action_post()
        self.env.invalidate_all()
        self.assertEqual((run.charge_ids.state, bill.payment_state), ("billed", "not_paid"))
