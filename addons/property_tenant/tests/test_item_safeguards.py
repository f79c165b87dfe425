from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from .items_common import ItemsCase


@tagged("post_install", "-at_install", "property", "property_items")
class TestSafeguards(ItemsCase):
    """What the front desk cannot do by calling the server past the screens."""

    def call(self, records, method, *args, user=None):
        return call_kw(
            records.browse().with_user(user or self.desk), method, [records.ids, *args], {}
        )

    # --- things ---------------------------------------------------------------------

    def test_a_key_does_not_become_something_else(self):
        for values in (
            {"category": "sundry"},
            {"is_serial": False},
            {"state": "available"},
            {"company_id": False},
        ):
            for things in (self.keys, self.card):
                with self.subTest(values=values), self.refused("follow from its kind"):
                    self.call(things, "write", values)
        with self.refused("follow from its kind"):
            call_kw(
                self.env["property.item"].with_user(self.desk),
                "create",
                [[{"kind_id": self.key_kind.id, "unit_id": self.unit.id, "category": "sundry"}]],
                {},
            )
        key = (
            self.env["property.item"]
            .with_user(self.desk)
            .with_context(default_category="sundry", default_is_serial=True)
            .create({"kind_id": self.key_kind.id, "unit_id": self.unit.id})
        )
        self.assertEqual((key.category, key.is_serial), ("key", False))
        self.assertEqual((self.keys.category, self.card.is_serial), ("key", True))

    # --- loans ----------------------------------------------------------------------

    def test_loan_that_is_out_keeps_its_occupancy(self):
        loan = self.lend(self.keys).loan_ids
        other = self.make_occupancy(self.unit_2, self.tenant, state="active")
        for values in (
            {"occupancy_id": False},
            {"occupancy_id": other.id},
            {"partner_id": False},
            {"holder_kind": "staff"},
            {"category": "sundry"},
            {"kind_id": self.umbrella_kind.id},
            {"is_serial": True},
            {"unit_id": False},
            {"estate_id": False},
            {"custodian_id": False},
            {"quantity_open": 0},
            {"number": "X"},
            {"is_tested": True},
            {"date_told": "2024-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.call(loan, "write", values)
        self.call(loan, "write", {"note": "The lock is stiff."})
        self.assertEqual(loan.note, "The lock is stiff.")
        self.assertEqual(self.held._get_outstanding_items(), loan.sudo())

    def test_occupancy_ends_by_what_its_slips_say(self):
        loan = self.lend(self.keys).loan_ids
        self.env.flush_all()
        # whatever a column says: the slip was signed
        self.env.cr.execute(
            "UPDATE property_item_loan SET occupancy_id = NULL WHERE id = %s", [loan.id]
        )
        self.env.invalidate_all()
        self.held.write({"state": "clearing", "date_end": fields.Date.today()})
        with self.refused("not given back: Key A-101"):
            self.held.with_user(self.desk).write({"state": "ended"})

    def test_nothing_slips_on_a_slip_that_is_out(self):
        signed, draft = self.lend(self.keys), self.make_slip(self.umbrellas)
        with self.refused("nothing can be added"):
            self.call(draft.loan_ids, "write", {"slip_id": signed.id})
        with self.refused("nothing can be added"):
            self.call(signed, "write", {"loan_ids": [Command.link(draft.loan_ids.id)]})
        self.assertEqual(signed.loan_ids.item_id, self.keys)

    def test_nothing_goes_out_for_an_occupancy_that_is_over(self):
        self.held.write({"state": "clearing", "date_end": self.estate._today()})
        # whoever is moving out may still borrow the trolley
        slip = self.lend(self.umbrellas)
        self.take_back(slip.loan_ids)
        late = self.make_slip(self.umbrellas)
        self.held.action_end()
        with self.refused("is over: nothing is handed out for it"):
            self.call(late, "action_hand_out")
        self.assertLedger(self.umbrellas, 10, 0)

    # --- due ------------------------------------------------------------------------

    def staff_slip(self, **loan):
        slip = self.make_slip(self.keys, holder_kind="staff", user_id=self.desk.id)
        if loan:
            slip.loan_ids.write(loan)
        return slip

    def test_internal_key_is_not_lent_for_longer_by_the_desk(self):
        tomorrow = self.estate._today() + timedelta(days=1)
        slip = self.staff_slip(date_due=tomorrow)
        with self.refused("Only a supervisor lends it for longer"):
            self.call(slip, "action_hand_out")
        with self.refused("Only a supervisor lends it for longer"):
            call_kw(
                self.env["property.item.loan"].with_user(self.desk),
                "create",
                [
                    {
                        "item_id": self.keys.id,
                        "user_id": self.desk.id,
                        "date_due": tomorrow,
                        "state": "out",
                    }
                ],
                {},
            )
        self.assertLedger(self.keys, 5, 0)
        self.call(slip, "action_hand_out", user=self.supervisor)
        self.assertEqual((slip.state, slip.loan_ids.date_due), ("out", tomorrow))

    def test_same_day_is_the_estates_day_of_the_handing_out(self):
        self.estate.tz = "Pacific/Auckland"
        with freeze_time("2025-03-10 10:00:00"):
            slip = self.staff_slip()
            # 23:00 there
            self.assertEqual(str(slip.loan_ids.date_due), "2025-03-10")
        with freeze_time("2025-03-10 20:00:00"):
            # 9:00 of the next day; the slip waited over night
            self.call(slip, "action_hand_out")
            loan = slip.loan_ids
            self.assertEqual(str(loan.date_due), "2025-03-11")
            self.assertFalse(loan.is_overdue)
        late = [("is_overdue", "=", True), ("id", "=", loan.id)]
        with freeze_time("2025-03-11 10:59:00"):
            loan.invalidate_recordset(["is_overdue"])
            self.assertFalse(loan.is_overdue)
            self.assertFalse(self.env["property.item.loan"].search(late))
        with freeze_time("2025-03-11 11:00:00"):
            # midnight there, still the same day for the server
            loan.invalidate_recordset(["is_overdue"])
            self.assertTrue(loan.is_overdue)
            self.assertEqual(self.env["property.item.loan"].search(late), loan)

    # --- outsiders --------------------------------------------------------------------

    def test_key_to_an_outsider_is_not_a_matter_of_settings(self):
        for values in ({"needs_document": False}, {"needs_approval": False}):
            with self.subTest(values=values), self.refused("only on a document", ValidationError):
                self.call(self.key_kind, "write", values, user=self.supervisor)
        with self.refused("only on a document", ValidationError):
            self.umbrella_kind.write(
                {"category": "key", "lend_outsider": True, "needs_approval": False}
            )

    def test_outsiders_key_by_the_server_needs_document_and_yes(self):
        outsider = {
            "item_id": self.keys.id,
            "holder_kind": "outsider",
            "holder_name": "Peter Plumber",
            "state": "out",
        }
        loans = self.env["property.item.loan"].with_user(self.desk)
        for values, sentence in (
            (outsider, "only on a document"),
            ({**outsider, "document": "   "}, "only on a document"),
            ({**outsider, "document": "Work permit"}, "needs approval first"),
        ):
            with self.subTest(values=values), self.refused(sentence):
                call_kw(loans, "create", [values], {})
        self.assertLedger(self.keys, 5, 0)

    def test_until_when_is_part_of_the_yes(self):
        slip = self.make_slip(
            self.keys, holder_kind="outsider", holder_name="Peter", document="Work permit"
        )
        later = self.estate._today() + timedelta(days=3)
        slip.loan_ids.date_due = later
        self.call(slip, "action_request_approval")
        slip.approval_ids.with_user(self.supervisor).action_approve("Until the lift is mended.")
        self.call(slip.loan_ids, "write", {"date_due": later + timedelta(days=30)})
        with self.refused("changed since"):
            self.call(slip, "action_hand_out")
        self.call(slip, "action_request_approval")
        waiting = slip.approval_ids.filtered(lambda row: row.verdict == "pending")
        waiting.with_user(self.supervisor).action_approve("All right.")
        self.call(slip, "action_hand_out")
        self.assertEqual(slip.loan_ids.date_due, later + timedelta(days=30))
