from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .items_common import ItemsCase


@tagged("post_install", "-at_install", "property", "property_items")
class TestItems(ItemsCase):
    def test_first_stock_is_a_movement(self):
        self.assertLedger(self.keys, 5, 0)
        self.assertEqual(self.keys.movement_ids.mapped("kind"), ["initial"])
        self.assertEqual(self.keys.state, "available")

    def test_stock_is_not_typed(self):
        with self.refused("Add or Take Out"):
            self.keys.with_user(self.supervisor).quantity = 100
        with self.refused("Add or Take Out"):
            self.card.with_user(self.desk).condition = "lost"
        card = (
            self.env["property.item"]
            .with_user(self.desk)
            .with_context(default_quantity_out=3, default_condition="lost")
            .create({"kind_id": self.card_kind.id, "serial": "C-9", "unit_id": self.unit.id})
        )
        self.assertLedger(card, 1, 0)
        self.assertEqual(card.condition, "good")

    @mute_logger("odoo.sql_db")
    def test_number_is_needed_and_there_once(self):
        with self.assertRaises(errors.CheckViolation), self.cr.savepoint():
            self.make_item(self.card_kind)
        with self.assertRaises(errors.UniqueViolation), self.cr.savepoint():
            self.make_item(self.card_kind, serial="C-001")
        with self.refused("cannot be in the box 2 times", ValidationError):
            self.make_item(self.card_kind, serial="C-002", quantity=2)

    def test_hand_out_all_of_a_unit_in_one_window(self):
        action = self.held.with_user(self.desk).action_hand_out_items()
        slips = self.env["property.item.slip"].with_user(self.desk)
        with Form(slips.with_context(**action["context"])) as form:
            form.purpose = "Move-in"
        slip = form.record
        self.assertEqual(slip.loan_ids.item_id, self.keys | self.card)
        self.assertEqual(slip.partner_id, self.tenant)
        slip.action_hand_out()
        self.assertLedger(self.keys, 0, 5)
        self.assertLedger(self.card, 0, 1)
        self.assertEqual(set(slip.loan_ids.mapped("state")), {"out"})
        self.assertEqual(self.card.holder, "A-101 Tenant Trading Ltd")
        self.assertEqual(self.held.item_out_count, 6)
        self.assertEqual(self.tenant.estate_item_out_count, 6)

    def test_add_everything_of_the_unit_to_a_slip(self):
        slip = self.make_slip((self.keys, 2))
        slip.action_add_unit_items()
        self.assertEqual(slip.loan_ids.item_id, self.keys | self.card)
        with self.refused("Nothing more is in the box"):
            slip.action_add_unit_items()

    def test_slips_are_numbered_without_gaps(self):
        numbers = [self.lend((self.umbrellas, 1)).number for _ in range(3)]
        self.make_slip(self.umbrellas)
        numbers.append(self.lend(self.umbrellas).number)
        serials = [int(number.rsplit("-", 1)[1]) for number in numbers]
        self.assertEqual(serials, list(range(serials[0], serials[0] + 4)))

    def test_loan_without_slip_gets_one(self):
        loan = self.env["property.item.loan"].create(
            {"item_id": self.card.id, "occupancy_id": self.held.id, "state": "out"}
        )
        self.assertEqual(loan.state, "out")
        self.assertEqual(loan.partner_id, self.tenant)
        self.assertLedger(self.card, 0, 1)

    def test_more_than_is_in_the_box_is_refused(self):
        with self.refused("only 5 are in the box"):
            self.lend((self.keys, 6))
        self.assertLedger(self.keys, 5, 0)

    def test_card_is_never_lent_twice(self):
        self.lend(self.card)
        with self.refused("already lent to A-101 Tenant Trading Ltd"):
            self.lend(self.card)

    def test_only_a_party_or_contact_takes_things_for_an_occupancy(self):
        stranger = self.make_partner("Stranger")
        with self.refused("neither the party nor a contact", ValidationError):
            self.make_slip(self.card, occupancy_id=self.held.id, partner_id=stranger.id)

    def test_kind_says_who_may_have_it(self):
        self.card_kind.lend_staff = False
        with self.refused("is not lent to: Staff"):
            self.lend(self.card, holder_kind="staff", user_id=self.desk.id)

    # --- due ------------------------------------------------------------------------

    def test_internal_key_is_due_the_same_day(self):
        slip = self.lend(self.keys, holder_kind="staff", user_id=self.desk.id)
        self.assertEqual(slip.loan_ids.date_due, self.estate._today())
        self.assertEqual(slip.loan_ids.partner_id, self.desk.partner_id)
        self.assertEqual(self.desk.estate_item_out_count, 1)

    def test_occupants_keys_are_due_when_the_occupancy_ends(self):
        loan = self.lend(self.keys).loan_ids
        self.assertFalse(loan.date_due)
        end = self.estate._today() + timedelta(days=40)
        self.held.date_end = end
        self.assertEqual(loan.date_due, end)

    def test_days_of_the_kind(self):
        loan = self.lend(self.umbrellas).loan_ids
        self.assertEqual(loan.date_due, self.estate._today() + timedelta(days=2))

    def test_only_a_supervisor_extends(self):
        loan = self.lend(self.umbrellas).loan_ids
        later = self.estate._today() + timedelta(days=9)
        with self.refused("Only a supervisor extends"):
            loan.date_due = later
        loan.with_user(self.supervisor).date_due = later
        self.assertEqual(loan.date_due, later)

    def test_nightly_check_tells_the_custodian_once(self):
        self.keys.custodian_id = self.supervisor
        slip = self.lend(self.keys, holder_kind="staff", user_id=self.desk.id)
        today = self.estate._today()
        Loan = self.env["property.item.loan"]
        Loan._check_overdue(self.estate, today)
        self.assertFalse(slip.loan_ids.is_overdue)
        Loan._check_overdue(self.estate, today + timedelta(days=1))
        Loan._check_overdue(self.estate, today + timedelta(days=2))
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            slip.loan_ids.invalidate_recordset(["is_overdue"])
            self.assertTrue(slip.loan_ids.is_overdue)
            self.assertEqual(
                Loan.search([("is_overdue", "=", True)]) & slip.loan_ids, slip.loan_ids
            )
        self.assertEqual(slip.sudo().activity_ids.user_id, self.supervisor)
        self.assertEqual(len(slip.sudo().activity_ids), 1)
        self.take_back(slip.loan_ids)
        self.assertFalse(slip.loan_ids.is_overdue)
        self.assertFalse(slip.sudo().activity_ids)

    def test_extended_loan_is_not_overdue_any_more(self):
        loan = self.lend(self.umbrellas).loan_ids
        loan.sudo().write({"date_due": self.estate._today() - timedelta(days=1)})
        Loan = self.env["property.item.loan"]
        self.umbrellas.custodian_id = self.supervisor
        Loan._check_overdue(self.estate, self.estate._today())
        self.assertTrue(loan.is_overdue)
        self.assertTrue(loan.slip_id.sudo().activity_ids)
        loan.with_user(self.supervisor).date_due = self.estate._today()
        self.assertFalse(loan.is_overdue)
        self.assertFalse(Loan.search([("is_overdue", "=", True), ("id", "=", loan.id)]))
        self.assertFalse(loan.slip_id.sudo().activity_ids)
        # late again by the new day: the custodian is told again
        Loan._check_overdue(self.estate, self.estate._today() + timedelta(days=1))
        self.assertEqual(len(loan.slip_id.sudo().activity_ids), 1)

    def test_occupancy_that_lasts_longer_makes_its_loans_not_overdue(self):
        loan = self.lend(self.keys).loan_ids
        today = self.estate._today()
        Loan = self.env["property.item.loan"]
        late = [("is_overdue", "=", True), ("id", "=", loan.id)]
        self.held.write({"date_start": today - timedelta(days=90), "date_end": today})
        self.held.date_end = today - timedelta(days=1)
        self.assertTrue(loan.is_overdue)
        self.assertEqual(Loan.search(late), loan)
        self.held.date_end = today + timedelta(days=30)
        self.assertFalse(loan.is_overdue)
        self.assertFalse(Loan.search(late))
        self.assertEqual(Loan.search([*late[1:], ("is_overdue", "=", False)]), loan)

    def test_daily_work_of_the_estate_looks_at_loans_and_counts(self):
        loan = self.lend(self.umbrellas).loan_ids
        self.umbrella_kind.count_days = 3
        self.estate._run_daily(self.estate._today() + timedelta(days=3))
        self.assertEqual(loan.date_told, loan.date_due)
        count = self.env["property.item.count"].search([("estate_id", "=", self.estate.id)])
        self.assertEqual(count.kind_ids, self.umbrella_kind)
        self.estate._run_daily(self.estate._today() + timedelta(days=4))
        self.assertEqual(
            self.env["property.item.count"].search_count([("estate_id", "=", self.estate.id)]), 1
        )

    # --- back --------------------------------------------------------------------------

    def test_part_of_a_quantity_comes_back(self):
        slip = self.lend((self.keys, 3))
        self.take_back(slip.loan_ids, 2, note="One is with the cleaner.")
        self.assertEqual((slip.state, slip.loan_ids.state), ("out", "out"))
        self.assertEqual(slip.loan_ids.quantity_open, 1)
        self.assertEqual(slip.loan_ids.note, "One is with the cleaner.")
        self.assertLedger(self.keys, 4, 1)
        self.take_back(slip.loan_ids)
        self.assertEqual((slip.state, slip.loan_ids.state), ("closed", "returned"))
        self.assertEqual(slip.loan_ids.received_by_id, self.desk)
        self.assertLedger(self.keys, 5, 0)

    def test_no_more_comes_back_than_is_out(self):
        slip = self.lend((self.keys, 2))
        with self.refused("2 are still out, so 3 cannot come back"):
            self.take_back(slip.loan_ids, 3)
        self.take_back(slip.loan_ids)
        with self.refused("Nothing of this is out any more"):
            self.take_back(slip.loan_ids)

    def test_returned_card_can_be_lent_again(self):
        self.take_back(self.lend(self.card).loan_ids)
        self.assertEqual(self.lend(self.card).loan_ids.state, "out")

    # --- what was handed out stays ------------------------------------------------------

    def test_slip_and_loan_stay_as_they_were_handed_out(self):
        slip = self.lend((self.keys, 2))
        loan = slip.loan_ids
        for record, values in (
            (slip, {"state": "draft"}),
            (slip, {"state": "closed"}),
            (slip, {"purpose": "Something else"}),
            (slip, {"number": "X"}),
            (loan, {"quantity": 1}),
            (loan, {"item_id": self.card.id}),
            (loan, {"state": "returned"}),
            (loan, {"quantity_returned": 2}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                record.write(values)
        for record in (slip, loan):
            with self.assertRaises(UserError):
                record.sudo().unlink()
        with self.assertRaises(UserError):
            self.env["property.item.loan"].with_user(self.desk).create(
                {"slip_id": slip.id, "item_id": self.card.id}
            )

    def test_state_cannot_be_slipped_in_at_creation(self):
        Slip = self.env["property.item.slip"].with_user(self.desk)
        slip = Slip.with_context(default_state="out").create(
            {"occupancy_id": self.held.id, "state": "out"}
        )
        self.assertEqual(slip.state, "draft")
        loan = (
            self.env["property.item.loan"]
            .with_user(self.desk)
            .with_context(default_state="out", default_quantity_returned=1)
            .create({"slip_id": slip.id, "item_id": self.card.id})
        )
        self.assertEqual((loan.state, loan.quantity_returned), ("draft", 0))

    def test_movements_are_kept_for_ever(self):
        movement = self.keys.movement_ids
        with self.refused("Movements are not typed in"):
            movement.with_user(self.desk).create(
                {"item_id": self.keys.id, "kind": "added", "quantity": 1}
            )
        with self.refused("cannot be changed"):
            movement.sudo().quantity = 7
        with self.refused("cannot be deleted"):
            movement.sudo().unlink()

    # --- stock ------------------------------------------------------------------------------

    def stock(self, item, user, **values):
        window = (
            self.env["property.item.stock"]
            .with_user(user)
            .with_context(default_item_id=item.id)
            .create({"reason": "Because.", **values})
        )
        return window.action_apply()

    def test_add_and_take_out(self):
        self.stock(self.umbrellas, self.desk, direction="add", quantity=3)
        self.assertLedger(self.umbrellas, 13, 0)
        with self.refused("Only a supervisor", AccessError):
            self.stock(self.umbrellas, self.desk, direction="retire", quantity=1)
        self.stock(self.umbrellas, self.supervisor, direction="retire", quantity=13)
        self.assertLedger(self.umbrellas, 0, 0)
        self.assertEqual(self.umbrellas.state, "empty")
        with self.refused("more cannot leave it"):
            self.stock(self.umbrellas, self.supervisor, direction="retire", quantity=1)

    def test_card_out_of_use_and_back(self):
        self.stock(self.card, self.supervisor, direction="retire")
        self.assertEqual(self.card.state, "retired")
        with self.refused("cannot be lent: Out of Use"):
            self.lend(self.card)
        self.stock(self.card, self.supervisor, direction="add")
        self.assertEqual(self.card.state, "available")
        self.assertLedger(self.card, 1, 0)
        self.lend(self.card)
        with self.refused("is lent to"):
            self.stock(self.card, self.supervisor, direction="retire")

    # --- the occupancy ---------------------------------------------------------------------

    def test_nobody_leaves_with_a_key(self):
        slip = self.lend(self.keys)
        self.held.write({"state": "clearing", "date_end": fields.Date.today()})
        with self.refused("not given back: Key A-101"):
            self.held.action_end()
        with self.refused("not given back: Key A-101"):
            self.held.with_user(self.desk).write({"state": "ended"})
        self.assertEqual(self.held._get_outstanding_items(), slip.loan_ids.sudo())
        self.take_back(slip.loan_ids)
        self.held.action_end()
        self.assertEqual(self.held.state, "ended")

    def test_occupancy_with_keys_out_is_not_cancelled(self):
        coming = self.make_occupancy(self.unit_2, self.tenant)
        slip = self.lend(self.umbrellas, occupancy_id=coming.id)
        with self.refused("still holds: Umbrella"):
            coming.action_cancel()
        self.take_back(slip.loan_ids)
        coming.action_cancel()
        self.assertEqual(coming.state, "cancelled")

    def test_owner_who_sold_but_holds_keys_is_in_clearance(self):
        today = self.estate._today()
        holder = self.make_occupancy(
            self.unit_2, self.owner, "owner", date_start="2020-01-01", state="active"
        )
        other = self.make_occupancy(
            self.unit_3, self.owner, "owner", date_start="2020-01-01", state="active"
        )
        self.lend(self.umbrellas, occupancy_id=holder.id)
        (holder | other).write({"date_end": today - timedelta(days=1)})
        self.env["property.occupancy"]._move_states(self.estate, today)
        self.assertEqual((holder.state, other.state), ("clearing", "ended"))

    def test_keys_wait_for_the_move_in(self):
        coming = self.make_occupancy(self.unit_2, self.tenant, state="moving_in")
        keys = self.make_item(self.key_kind, unit_id=self.unit_2.id, quantity=2)
        obstacle = "No keys yet: the first fees are not paid."

        def waits(occupancy):
            return obstacle if occupancy.state == "moving_in" else ""

        with patch.object(self.env.registry["property.occupancy"], "_get_keys_obstacle", waits):
            slip = self.make_slip(keys, occupancy_id=coming.id)
            with self.refused(obstacle):
                slip.action_hand_out()
            # neither for another occupancy of the party, nor as an outsider, nor with a loan
            with self.refused(obstacle):
                self.lend(keys, occupancy_id=self.held.id)
            with self.refused(obstacle):
                self.env["property.item.loan"].create(
                    {"item_id": keys.id, "occupancy_id": coming.id, "state": "out"}
                )
            self.assertLedger(keys, 2, 0)
            # what is no key does not wait
            self.assertEqual(self.lend(self.umbrellas, occupancy_id=coming.id).state, "out")
            # staff go in to read the meters
            self.assertEqual(
                self.lend(keys, holder_kind="staff", user_id=self.desk.id).state, "out"
            )

    def test_who_only_reads_hands_out_nothing(self):
        controller = self.make_user("controller", self.estate)
        with self.assertRaises(AccessError):
            self.make_slip(self.umbrellas, user=controller)
        slip = self.make_slip(self.umbrellas)
        with self.assertRaises(AccessError):
            slip.with_user(controller).action_hand_out()
        slip.action_hand_out()
        with self.assertRaises(AccessError):
            slip.with_user(controller).action_take_back()
        self.assertEqual(slip.with_user(controller).loan_ids.state, "out")

    def test_slips_of_another_estate_are_out_of_sight(self):
        other = self.make_user("front_desk", self.make_estate("XX"), login="other_desk")
        slip = self.lend(self.umbrellas)
        with self.assertRaises(AccessError):
            slip.with_user(other).read(["holder"])
        self.assertFalse(self.env["property.item.loan"].with_user(other).search([]))

    def test_hundred_loans_take_as_many_queries_as_ten(self):
        def measure(number):
            umbrellas = self.make_item(self.umbrella_kind, quantity=number)
            cards = self.env["property.item"].create(
                [
                    {
                        "kind_id": self.card_kind.id,
                        "estate_id": self.estate.id,
                        "serial": f"Q-{number}-{serial}",
                    }
                    for serial in range(number)
                ]
            )
            slip = self.make_slip(umbrellas, *cards)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            slip.action_hand_out()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        measure(2)
        few, many = measure(10), measure(100)
        self.assertLess(many, few + 20)


@tagged("post_install", "-at_install", "property", "property_items")
class TestOutsiders(ItemsCase):
    def outsider(self, *things, **values):
        return self.make_slip(
            *things,
            holder_kind="outsider",
            holder_name="Peter Plumber",
            document="Work permit of Pipes Ltd",
            **values,
        )

    def test_outsider_shows_a_document(self):
        slip = self.outsider(self.keys)
        slip.document = False
        with self.refused("only on a document"):
            slip.action_request_approval()
        with self.refused("only on a document"):
            slip.action_hand_out()

    def test_supervisor_decides_and_only_he(self):
        slip = self.outsider(self.keys)
        with self.refused("needs approval first"):
            slip.action_hand_out()
        # not even the system passes the gate
        with self.refused("needs approval first"):
            slip.sudo().write({"state": "out"})
        slip.action_request_approval()
        with self.refused("waits for approval"):
            slip.action_hand_out()
        row = slip.approval_ids
        with self.assertRaises(UserError):
            row.with_user(self.desk).action_approve("Fine.")
        row.with_user(self.supervisor).action_approve("Until five.")
        slip.action_hand_out()
        self.assertEqual(slip.state, "out")
        self.assertEqual(slip.loan_ids.date_due, self.estate._today())

    def test_other_things_than_approved_need_another_approval(self):
        slip = self.outsider(self.keys)
        slip.action_request_approval()
        slip.approval_ids.with_user(self.supervisor).action_approve("Fine.")
        slip.loan_ids.quantity = 4
        with self.refused("changed since"):
            slip.action_hand_out()
        self.assertLedger(self.keys, 5, 0)

    def test_kind_without_approval_goes_out_at_once(self):
        self.umbrella_kind.write(
            {"lend_outsider": True, "needs_approval": False, "needs_document": False}
        )
        slip = self.lend(self.umbrellas, holder_kind="outsider", holder_name="Rainer")
        self.assertEqual(slip.state, "out")

    def test_cancelled_slip_asks_nobody_any_more(self):
        slip = self.outsider(self.keys)
        slip.action_request_approval()
        slip.action_cancel()
        self.assertEqual(slip.state, "cancelled")
        self.assertEqual(slip.approval_ids.mapped("verdict"), ["void"])
