from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .movein_common import MoveInCase


@tagged("post_install", "-at_install")
class TestLeaving(MoveInCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.returned = cls.make_step("Keys returned", cls.service, process="move_out")
        cls.address = cls.make_step(
            "Address", cls.service, process="move_out", needed_to_finish=False
        )
        cls.today = cls.estate._today()
        cls.old = cls.make_occupancy(cls.unit_2, cls.tenant, state="active")

    def window(self, action, user=None):
        return Form(
            self.env[action["res_model"]]
            .with_user(user or self.desk)
            .with_context(**action["context"])
        )

    def give_notice(self, occupancy=None, days=30):
        occupancy = occupancy or self.old
        wizard = self.window(occupancy.with_user(self.desk).action_open_notice())
        wizard.date_end = self.today + timedelta(days=days)
        wizard.save().action_give()

    # --- notice -------------------------------------------------------------

    def test_notice_says_how_and_when_and_sets_the_last_day(self):
        for values in (
            {"state": "notice"},
            {"state": "notice", "date_end": "2030-01-01"},
            {"state": "notice", "date_end": "2030-01-01", "notice_way": "letter"},
        ):
            with self.refused("Say how and when"):
                self.old.with_user(self.desk).write(values)
        self.give_notice()
        self.assertEqual(self.old.state, "notice")
        self.assertEqual((self.old.notice_way, self.old.notice_date), ("letter", self.today))
        self.assertEqual(self.old.date_end, self.today + timedelta(days=30))

    def test_notice_of_tomorrow_is_refused(self):
        wizard = self.window(self.old.with_user(self.desk).action_open_notice())
        wizard.date_end = self.today + timedelta(days=30)
        wizard.notice_date = self.today + timedelta(days=2)
        with self.refused("yet to come"):
            wizard.save().action_give()

    def test_notice_holds_for_the_whole_lease(self):
        further = self.make_occupancy(self.unit_3, self.tenant, lead_id=self.old.id, state="active")
        self.give_notice()
        self.assertEqual((further.state, further.date_end), ("notice", self.old.date_end))
        self.old.with_user(self.desk).action_withdraw_notice()
        self.assertEqual((further.state, further.date_end), ("active", False))
        self.assertFalse(self.old.notice_way)

    def test_a_successor_is_reserved_only_when_the_end_is_known(self):
        with self.refused("already held by", ValidationError):
            self.make_occupancy(self.unit_2, self.owner, date_start="2040-01-01")
        self.give_notice()
        follower = self.make_occupancy(
            self.unit_2, self.owner, date_start=self.old.date_end + timedelta(days=1)
        )
        self.assertEqual(self.old.successor_id, follower)

    # --- staying longer -------------------------------------------------------

    def test_staying_longer_moves_the_successor_in_the_same_step(self):
        self.give_notice()
        follower = self.make_occupancy(
            self.unit_2, self.owner, date_start=self.old.date_end + timedelta(days=1)
        )
        new_end = self.old.date_end + timedelta(days=14)
        wizard = self.window(self.old.with_user(self.desk).action_open_stay())
        wizard.date_end = new_end
        self.assertEqual(wizard.successor_start, new_end + timedelta(days=1))
        wizard.save().action_stay()
        self.assertEqual(
            (self.old.date_end, follower.date_start), (new_end, new_end + timedelta(1))
        )
        self.assertIn("stays longer", follower.message_ids[0].body)

    def test_nobody_stays_without_end_before_a_successor(self):
        self.give_notice()
        follower = self.make_occupancy(
            self.unit_2, self.owner, date_start=self.old.date_end + timedelta(days=1)
        )
        wizard = self.window(self.old.with_user(self.desk).action_open_stay())
        wizard.date_end = False
        with self.refused("cannot stay without an end"):
            wizard.save().action_stay()
        follower.action_cancel()
        wizard = self.window(self.old.with_user(self.desk).action_open_stay())
        wizard.date_end = False
        wizard.save().action_stay()
        self.assertEqual((self.old.state, self.old.date_end), ("active", False))

    def test_a_successor_who_has_begun_does_not_wait(self):
        self.give_notice()
        follower = self.make_occupancy(
            self.unit_2, self.owner, date_start=self.old.date_end + timedelta(days=1)
        )
        follower.action_start_move_in()
        with self.refused("cannot wait"):
            self.old._stay(self.old.date_end + timedelta(days=5))
        self.assertEqual(follower.date_start, self.old.date_end + timedelta(days=1))

    # --- clearance ------------------------------------------------------------

    def test_it_ends_when_the_steps_of_the_move_out_are_done(self):
        self.give_notice(days=0)
        desk = self.old.with_user(self.desk)
        desk.action_start_clearance()
        self.assertEqual(self.old.step_ids.template_id, self.returned + self.address)
        self.assertIn("Keys returned", self.old.clearance_missing)
        for user in (self.desk, self.manager):
            with self.refused("Keys returned"):
                self.old.with_user(user).action_end()
        with self.refused("Keys returned"):
            self.old.sudo().write({"state": "ended"})
        self.sign(self.returned, occupancy=self.old)
        desk.action_end()
        self.assertEqual(self.old.state, "ended")
        with self.refused("past this process"):
            self.sign(self.address, occupancy=self.old)

    def test_a_manager_overrides_what_cannot_be_settled(self):
        self.give_notice(days=0)
        self.old.with_user(self.desk).action_start_clearance()
        self.approve_override(self.old, reason="They have fled.")
        self.old.with_user(self.desk).action_end()
        self.assertEqual(self.old.state, "ended")

    def test_the_override_of_the_move_in_does_not_end_anything(self):
        self.lease.with_user(self.desk).action_start_move_in()
        self.approve_override(self.lease)
        self.lease.with_user(self.desk).action_activate()
        self.give_notice(self.lease, days=0)
        self.lease.with_user(self.desk).action_start_clearance()
        with self.refused("does not cover Keys returned"):
            self.lease.with_user(self.desk).action_end()

    def test_the_hook_of_other_addons_keeps_it_open(self):
        obstacles = [("items", "two keys", "Front Desk")]
        original = self.env.registry["property.occupancy"]._get_clearance_obstacles
        self.patch(
            self.env.registry["property.occupancy"],
            "_get_clearance_obstacles",
            lambda occupancy: original(occupancy) + obstacles,
        )
        self.returned.active = False
        self.give_notice(days=0)
        self.old.with_user(self.desk).action_start_clearance()
        with self.refused("two keys"):
            self.old.with_user(self.desk).action_end()
        obstacles.clear()
        self.old.with_user(self.desk).action_end()
        self.assertEqual(self.old.state, "ended")

    # --- another party --------------------------------------------------------

    def sell(self, seller, **values):
        wizard = self.window(seller.with_user(self.desk).action_open_transfer())
        for name, value in values.items():
            wizard[name] = value
        action = wizard.save().action_transfer()
        return self.env["property.occupancy"].browse(action["res_id"])

    def test_a_sale_changes_the_owner_on_a_day_and_the_tenant_stays(self):
        seller = self.make_occupancy(self.unit_2, self.owner, "owner", state="active")
        buyer = self.make_partner("Betty Buyer")
        new = self.sell(seller, partner_id=buyer, day=self.today)
        self.assertEqual((seller.state, new.state), ("ended", "active"))
        self.assertEqual(seller.date_end, self.today - timedelta(days=1))
        self.assertEqual((self.unit_2.owner_id, self.unit_2.tenant_id), (buyer, self.tenant))
        self.assertEqual(self.old.state, "active")
        self.assertEqual(seller.notice_way, "sale")

    def test_a_sale_of_next_month_waits(self):
        seller = self.make_occupancy(self.unit_2, self.owner, "owner", state="active")
        new = self.sell(
            seller, partner_id=self.make_partner("Betty"), day=self.today + timedelta(days=30)
        )
        self.assertEqual((seller.state, new.state), ("notice", "reserved"))
        self.assertEqual(self.unit_2.owner_id, self.owner)
        self.estate._run_daily(self.today + timedelta(days=30))
        self.assertEqual((seller.state, new.state), ("ended", "active"))

    def test_an_owner_who_lives_there_moves_out_by_steps(self):
        seller = self.make_occupancy(
            self.unit_3, self.owner, "owner", state="active", self_use=True
        )
        new = self.sell(
            seller, partner_id=self.make_partner("Betty"), day=self.today, self_use=True
        )
        self.assertEqual((seller.state, new.state), ("clearing", "reserved"))
        self.assertTrue(seller.step_ids)

    def test_a_lease_is_handed_over_to_another_tenant(self):
        new = self.sell(
            self.old, partner_id=self.make_partner("Next Ltd"), day=self.today, persons=4
        )
        self.assertEqual((self.old.state, new.state, new.kind), ("clearing", "reserved", "tenant"))
        self.assertEqual(new.persons, 4)

    def test_what_makes_no_sense_is_refused_and_changes_nothing(self):
        with self.refused("holds the unit already"):
            self.sell(self.old, partner_id=self.tenant, day=self.today)
        with self.refused("lies after that"):
            self.sell(self.old, partner_id=self.owner, day=date(2020, 1, 1))
        self.assertEqual((self.old.state, self.old.date_end), ("active", False))

    def test_who_may_not_change_occupancies_gets_no_window(self):
        for method in (
            "action_open_notice",
            "action_open_stay",
            "action_open_transfer",
            "action_open_move_in",
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.old.with_user(self.engineer), method)()

    # --- bank account -----------------------------------------------------------

    def test_the_bank_account_is_masked_and_revealed_on_record(self):
        self.old.with_user(self.desk).bank_account = "6222 0212 3456 7890"
        self.assertEqual(self.old.bank_account_masked, "************7890")
        officer = self.make_user("officer", self.estate)
        number = self.old.with_user(officer).action_reveal("Debit mandate", "bank_account")
        self.assertEqual(number, "6222021234567890")
        with self.assertRaises(AccessError):
            self.old.with_user(self.desk).action_reveal("Curious", "bank_account")
        with self.assertRaises(AccessError):
            self.old.with_user(officer).read(["bank_account_private"])
