from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .items_common import DRAWN, ItemsCase


@tagged("post_install", "-at_install", "property", "property_items")
class TestIncidents(ItemsCase):
    def test_lost_card_is_gone_and_its_loan_settled(self):
        slip = self.lend(self.card)
        incident = self.report(slip.loan_ids)
        self.assertTrue(incident.number)
        self.assertEqual(incident.state, "reported")
        self.assertEqual(self.card.state, "lost")
        self.assertLedger(self.card, 0, 0)
        self.assertEqual((slip.loan_ids.state, slip.state), ("lost", "closed"))
        with self.refused("cannot be lent: Lost"):
            self.lend(self.card)

    def test_one_of_three_keys_is_lost(self):
        slip = self.lend((self.keys, 3))
        self.report(slip.loan_ids)
        self.assertEqual((slip.loan_ids.state, slip.loan_ids.quantity_open), ("out", 2))
        self.assertLedger(self.keys, 2, 2)
        with self.refused("2 are still out"):
            self.report(slip.loan_ids, quantity=3)
        self.take_back(slip.loan_ids)
        self.assertEqual((slip.loan_ids.state, slip.state), ("returned", "closed"))
        self.assertLedger(self.keys, 4, 0)

    def test_card_comes_back_broken_and_is_repaired(self):
        slip = self.lend(self.card)
        with self.refused("Write down what happened"):
            self.take_back(slip.loan_ids, condition="damaged")
        self.take_back(slip.loan_ids, condition="damaged", note="Bent.")
        incident = self.card.loan_ids.incident_ids
        self.assertEqual((incident.kind, incident.reason), ("damaged", "Bent."))
        self.assertEqual((self.card.state, slip.loan_ids.state), ("damaged", "returned"))
        self.card.with_user(self.desk).action_repaired()
        self.assertEqual(self.card.state, "available")
        self.assertLedger(self.card, 1, 0)

    def test_umbrella_is_lost_from_the_box(self):
        incident = (
            self.env["property.item.incident"]
            .with_user(self.desk)
            .create({"item_id": self.umbrellas.id, "reason": "Stolen at night."})
        )
        incident.action_report()
        self.assertLedger(self.umbrellas, 9, 0)
        incident.remedy = "charge"
        with self.refused("lost by nobody who could pay"):
            incident.action_decide()

    def test_charge_at_the_price_is_decided_at_once(self):
        incident = self.explain(self.report(self.lend(self.card).loan_ids))
        with self.refused("Choose the remedy"):
            incident.action_decide()
        self.assertEqual(incident.amount, 30)
        incident.remedy = "replace"
        incident.action_decide()
        self.assertEqual((incident.state, incident.decided_by_id), ("decided", self.desk))

    def test_nothing_is_decided_before_the_holder_signed_why(self):
        for reason in ("", "Shouted and left."):
            with self.subTest(reason=reason):
                incident = self.report(self.lend(self.umbrellas).loan_ids)
                incident.remedy = "replace"
                incident._sign("desk", "Dora", DRAWN)
                with self.refused("has not signed yet why it happened"):
                    incident.action_decide()
                self.assertEqual(incident.state, "reported")
                # who does not want to sign is noted with what was said
                incident._sign("holder", "Tina", False if reason else DRAWN, reason)
                incident.action_decide()
                self.assertEqual(incident.state, "decided")

    def test_waiver_and_rebate_need_a_yes(self):
        # with an addon that bills, a charge needs more than this test is about
        self.patch(
            self.env.registry["property.item.incident"],
            "_request_charge",
            lambda *args, **values: False,
        )
        for remedy, amount in (("waive", 30), ("charge", 10)):
            with self.subTest(remedy=remedy):
                incident = self.explain(self.report(self.lend(self.umbrellas).loan_ids))
                incident.kind_id.sudo().price = 30
                incident.write({"remedy": remedy, "amount": amount, "remedy_note": "Old."})
                with self.refused("needs approval first"):
                    incident.sudo().write({"state": "decided"})
                incident.action_decide()
                self.assertEqual(incident.state, "reported")
                with self.assertRaises(UserError):
                    incident.approval_ids.with_user(self.desk).action_approve("Me, too.")
                self.decide_on(incident)
                self.assertEqual(incident.state, "decided")

    def decide_on(self, incident):
        waiting = incident.sudo().approval_ids.filtered(lambda row: row.verdict == "pending")
        waiting.with_user(self.supervisor).action_approve("Yes.")

    def test_report_is_signed_and_stays(self):
        incident = self.report(self.lend(self.card).loan_ids)
        incident._sign("holder", "Tina Tenant", DRAWN)
        for values in ({"reason": "Stolen."}, {"state": "draft"}, {"quantity": 2}, {"amount": 0}):
            if values == {"amount": 0}:
                incident.remedy = "replace"
                incident.action_decide()
            with self.subTest(values=values), self.assertRaises(UserError):
                incident.write(values)
        with self.assertRaises(UserError):
            incident.sudo().unlink()
        self.assertEqual(len(incident.signature_ids), 1)

    def test_supervisor_withdraws_a_report(self):
        slip = self.lend(self.card)
        incident = self.report(slip.loan_ids)
        with self.refused("Only a supervisor withdraws"):
            incident.action_void("Found.")
        with self.refused("Say why"):
            incident.with_user(self.supervisor).action_void("  ")
        incident.with_user(self.supervisor).action_void("Found in the coat.")
        self.assertEqual((incident.state, incident.void_reason), ("void", "Found in the coat."))
        self.assertEqual((slip.state, slip.loan_ids.state), ("out", "out"))
        self.assertLedger(self.card, 0, 1)
        self.take_back(slip.loan_ids)
        self.assertLedger(self.card, 1, 0)

    def test_repaired_card_cannot_be_withdrawn_as_damaged(self):
        incident = self.report(self.lend(self.card).loan_ids, "damaged")
        self.card.with_user(self.desk).action_repaired()
        with self.refused("cannot be withdrawn"):
            incident.with_user(self.supervisor).action_void("No damage.")
        self.assertLedger(self.card, 1, 0)

    def test_lost_key_lets_the_party_leave(self):
        slip = self.lend(self.keys)
        self.report(slip.loan_ids)
        self.assertFalse(self.held._get_outstanding_items())

    def test_who_only_reads_reports_nothing(self):
        controller = self.make_user("controller", self.estate)
        loan = self.lend(self.card).loan_ids
        with self.assertRaises(AccessError):
            self.report(loan, user=controller)


@tagged("post_install", "-at_install", "property", "property_items")
class TestCounts(ItemsCase):
    def count(self, **values):
        count = (
            self.env["property.item.count"]
            .with_user(self.desk)
            .create({"estate_id": self.estate.id, **values})
        )
        count.action_start()
        return count

    def sign(self, count, *roles):
        for role in roles or ("counter",):
            count._sign(role, "Dora", DRAWN)

    def test_count_that_agrees_is_closed_at_once(self):
        self.lend((self.keys, 2))
        count = self.count()
        self.assertEqual(count.line_ids.item_id, self.keys | self.card | self.umbrellas)
        self.assertEqual(
            count.line_ids.filtered(lambda line: line.item_id == self.keys).quantity_ledger, 3
        )
        with self.refused("is not counted yet"):
            count.action_finish()
        count.action_count_as_ledger()
        with self.refused("not signed yet"):
            count.action_finish()
        self.sign(count)
        count.action_finish()
        self.assertEqual(count.state, "done")
        self.assertEqual(self.keys.date_counted, self.estate._today())

    def test_difference_needs_a_reason_and_a_supervisor(self):
        count = self.count(kind_ids=self.umbrella_kind.ids)
        line = count.line_ids
        line.quantity_counted = 8
        self.assertTrue(line.is_counted)
        self.sign(count)
        with self.refused("the ledger says 10, you counted 8"):
            count.action_finish()
        line.reason = "Two were never brought back."
        # while the count waits, the desk goes on lending
        count.action_finish()
        self.assertEqual(count.state, "waiting")
        with self.refused("waits for approval"):
            count.sudo().write({"state": "done"})
        self.lend(self.umbrellas)
        count.approval_ids.with_user(self.supervisor).action_approve("Written off.")
        self.assertEqual(count.state, "done")
        self.assertLedger(self.umbrellas, 7, 1)

    def test_signature_is_void_when_a_figure_changes(self):
        count = self.count(kind_ids=self.umbrella_kind.ids)
        count.line_ids.write({"quantity_counted": 10})
        self.sign(count)
        count.line_ids.write({"quantity_counted": 9})
        self.assertEqual(count.signature_state, "none")
        self.assertTrue(count.signature_ids.is_void)

    def test_rejected_count_is_counted_again(self):
        count = self.count(kind_ids=self.umbrella_kind.ids)
        count.line_ids.write({"quantity_counted": 1, "reason": "?"})
        self.sign(count)
        count.action_finish()
        count.approval_ids.with_user(self.supervisor).action_reject("Look behind the door.")
        self.assertEqual(count.state, "counting")
        count.line_ids.write({"quantity_counted": 10})
        self.sign(count)
        count.action_finish()
        self.assertEqual(count.state, "done")
        self.assertLedger(self.umbrellas, 10, 0)

    def test_missing_card_is_lost(self):
        count = self.count(kind_ids=self.card_kind.ids)
        count.line_ids.write({"is_counted": True, "quantity_counted": 0, "reason": "Gone."})
        self.sign(count)
        count.action_finish()
        count.approval_ids.with_user(self.supervisor).action_approve("Yes.")
        self.assertEqual(self.card.state, "lost")
        self.assertLedger(self.card, 0, 0)

    def test_box_is_handed_over_by_count(self):
        self.keys.custodian_id = self.desk
        self.card.custodian_id = self.supervisor
        count = self.count(
            purpose="handover", custodian_id=self.desk.id, receiver_id=self.supervisor.id
        )
        self.assertEqual(count.line_ids.item_id, self.keys)
        count.action_count_as_ledger()
        self.sign(count, "giver")
        with self.refused("Takes the Box Over"):
            count.action_finish()
        self.sign(count, "receiver")
        count.action_finish()
        self.assertEqual(self.keys.custodian_id, self.supervisor)

    def test_ledger_column_is_not_typed(self):
        count = self.count(kind_ids=self.umbrella_kind.ids)
        for values in ({"quantity_ledger": 8}, {"item_id": self.card.id}):
            with self.subTest(values=values), self.assertRaises(UserError):
                count.line_ids.write(values)
        with self.assertRaises(UserError):
            self.env["property.item.count.line"].with_user(self.desk).create(
                {"count_id": count.id, "item_id": self.card.id}
            )
        for values in ({"state": "done"}, {"purpose": "handover"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                count.write(values)
        with self.assertRaises(UserError):
            count.sudo().unlink()

    def test_count_starts_with_what_there_is(self):
        kind = self.make_kind("Nothing")
        with self.refused("Nothing is in the box"):
            self.count(kind_ids=kind.ids)
