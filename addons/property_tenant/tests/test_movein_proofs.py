from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from .items_common import DRAWN
from .movein_common import MoveInCase


@tagged("post_install", "-at_install")
class TestMoveInProofs(MoveInCase):
    """Steps that the records settle, and open again when they say otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.papers + cls.inspection + cls.shown).active = False
        cls.returned = cls.make_step("Returned", cls.service, process="move_out", proof="returned")
        cls.kind = cls.env["property.item.kind"].create(
            {"name": "Key", "category": "key", "price": 50}
        )

    def make_keys(self, unit=None, **values):
        return self.env["property.item"].create(
            {
                "kind_id": self.kind.id,
                "estate_id": self.estate.id,
                "unit_id": (unit or self.unit).id,
                "quantity": 3,
                **values,
            }
        )

    def make_slip(self, keys, occupancy=None, quantity=2):
        return (
            self.env["property.item.slip"]
            .with_user(self.desk)
            .create(
                {
                    "occupancy_id": (occupancy or self.lease).id,
                    "loan_ids": [
                        Command.create({"item_id": item.id, "quantity": quantity}) for item in keys
                    ],
                }
            )
        )

    def start(self):
        self.lease.with_user(self.desk).action_start_move_in()

    # --- keys ---------------------------------------------------------------

    def test_keys_are_handed_out_when_the_party_has_signed_for_them(self):
        keys = self.make_keys()
        self.start()
        step = self.step(self.keys)
        self.assertTrue(step.is_automatic)
        self.assertEqual((step.status, step.obstacle), ("open", "not handed out: A-101"))
        with self.refused("not handed out"):
            self.lease.with_user(self.desk).action_activate()
        with self.refused("Nobody signs the step"):
            self.sign(self.keys)
        slip = self.make_slip(keys)
        slip.action_hand_out()
        self.env.invalidate_all()
        self.assertEqual(step.obstacle, f"not signed for: {slip.number}")
        slip._sign("holder", "Tom Tenant", DRAWN)
        self.assertEqual((step.state, step.done_by), ("done", self.env["res.users"]))
        opened = step.with_user(self.desk).action_open_evidence()
        self.assertEqual(
            self.env[opened["res_model"]].search(opened["domain"]).slip_id, slip.sudo(False)
        )
        self.lease.with_user(self.desk).action_activate()
        self.assertEqual(self.lease.state, "active")

    def test_each_unit_of_the_lease_gets_its_keys(self):
        further = self.make_occupancy(self.unit_2, self.tenant, lead_id=self.lease.id)
        slip = self.make_slip(self.make_keys())
        self.make_keys(self.unit_2)
        self.start()
        slip.action_hand_out()
        slip._sign("holder", "Tom Tenant", DRAWN)
        step = self.step(self.keys)
        self.assertEqual((step.state, step.obstacle), ("open", "not handed out: A-102"))
        other = self.make_slip(
            self.env["property.item"].search([], limit=1, order="id desc"), further
        )
        other.action_hand_out()
        other._sign("holder", "Tom Tenant", DRAWN)
        self.assertEqual(step.state, "done")

    def test_where_no_key_is_in_the_box_the_desk_signs(self):
        self.start()
        step = self.step(self.keys)
        self.assertFalse(step.is_automatic)
        mine = self.env["property.occupancy.step"].with_user(self.desk)
        domain = [("is_mine", "=", True), ("occupancy_id", "=", self.lease.id)]
        self.assertEqual(mine.search(domain), step)
        self.make_keys()
        self.env.invalidate_all()
        self.assertFalse(mine.search(domain))
        self.assertTrue(step.is_automatic)

    def test_keys_do_not_go_out_before_the_gates_by_rpc(self):
        keys = self.make_keys()
        self.papers.active = True
        self.start()
        slip = self.make_slip(keys)
        users = (self.desk, self.manager)
        for user in users:
            for model, method, args in (
                ("property.item.slip", "action_hand_out", [slip.ids]),
                (
                    "property.item.loan",
                    "create",
                    [{"item_id": keys.id, "occupancy_id": self.lease.id, "state": "out"}],
                ),
            ):
                with self.subTest(user=user.login, method=method), self.refused("No keys for"):
                    call_kw(self.env(user=user)[model], method, args, {"context": {"force": 1}})
            with self.subTest(user=user.login), self.refused("handed out and taken back"):
                call_kw(
                    self.env(user=user)["property.item.slip"],
                    "write",
                    [slip.ids, {"state": "out"}],
                    {},
                )
        self.assertEqual((slip.state, keys.quantity), ("draft", 3))
        self.sign(self.papers)
        slip.action_hand_out()
        self.assertEqual(slip.state, "out")

    # --- returned -----------------------------------------------------------

    def leave(self):
        self.lease.with_user(self.desk).action_activate()
        today = self.estate._today()
        self.lease._give_notice(today, "letter", today)
        self.lease.with_user(self.desk).action_start_clearance()

    def hand_out(self, keys):
        slip = self.make_slip(keys)
        slip.action_hand_out()
        slip._sign("holder", "Tom Tenant", DRAWN)
        return slip

    def test_things_are_returned_when_all_are_back_or_charged(self):
        keys = self.make_keys()
        self.start()
        slip = self.hand_out(keys)
        self.leave()
        step = self.step(self.returned)
        self.assertIn("not given back", step.obstacle)
        with self.refused("not given back"):
            self.lease.with_user(self.desk).action_end()
        slip.loan_ids._take_back({slip.loan_ids: 1})
        incident = (
            self.env["property.item.incident"]
            .with_user(self.desk)
            .create({"loan_id": slip.loan_ids.id, "quantity": 1, "reason": "In the river."})
        )
        incident.action_report()
        self.env.invalidate_all()
        self.assertIn(incident.number, step.obstacle)
        incident.sudo().remedy = "replace"
        incident.sudo()._decide()
        self.assertEqual(step.state, "done")
        self.lease.with_user(self.desk).action_end()
        self.assertEqual(self.lease.state, "ended")

    def test_who_got_nothing_returns_nothing_and_the_desk_signs(self):
        self.start()
        self.sign(self.keys)
        self.leave()
        with self.refused("not signed yet"):
            self.lease.with_user(self.desk).action_end()
        self.sign(self.returned)
        self.lease.with_user(self.desk).action_end()

    # --- no longer proven -----------------------------------------------------

    def make_agreement(self):
        form = self.env["property.form"].create(
            {"name": "Fire Letter", "body": "<p>{{unit}}</p>", "needed_to_move_in": True}
        )
        step = self.make_step("Agreements", self.service, proof="agreements", needed_for_keys=True)
        self.start()
        issue = (
            self.env["property.form.issue"]
            .with_user(self.desk)
            ._issue(self.lease.with_user(self.desk), form)
        )
        for role in issue._signature_missing():
            issue._sign(role, "Tom Tenant", DRAWN)
        return issue, self.step(step)

    def test_a_void_agreement_opens_the_step_and_keeps_the_keys_back(self):
        issue, step = self.make_agreement()
        self.assertEqual((step.state, self.lease._get_keys_obstacle()), ("done", ""))
        self.assertEqual(self.lease.step_done, 1)
        issue.action_void("The wrong text.")
        self.assertEqual((step.state, step.done_at), ("open", False))
        self.assertIn("Fire Letter", self.lease._get_keys_obstacle())
        self.assertIn("Step taken back: Agreements", self.lease.message_ids[0].body)
        with self.refused("No keys for"):
            self.hand_out(self.make_keys())

    def test_a_gate_does_not_wait_for_the_night_to_see_what_is_not_proven_any_more(self):
        issue, step = self.make_agreement()
        # as another transaction or a migration would do it
        issue.sudo().write({"state": "void", "void_reason": "x"})
        self.env.invalidate_all()
        self.assertEqual((step.state, step.status), ("done", "open"))
        self.assertIn("Fire Letter", step.obstacle)
        self.assertIn("Fire Letter", self.lease._get_keys_obstacle())
        self.assertEqual(self.lease.step_done, 0)
        self.estate._run_daily(self.estate._today())
        self.assertEqual(step.state, "open")

    def test_a_form_made_since_does_not_open_what_was_signed(self):
        __, step = self.make_agreement()
        step.sudo().done_at -= timedelta(minutes=5)
        self.env["property.form"].create(
            {"name": "New Rules", "body": "<p>{{unit}}</p>", "needed_to_move_in": True}
        ).flush_recordset()
        self.env.cr.execute(
            "UPDATE property_form SET create_date = now() WHERE name->>'en_US' = 'New Rules'"
        )
        self.env.cr.execute(
            "UPDATE property_form SET create_date = now() - interval '1 day'"
            " WHERE name->>'en_US' = 'Fire Letter'"
        )
        self.env.invalidate_all()
        self.assertEqual((step.status, step.obstacle or ""), ("done", ""))

    def test_what_is_lost_after_the_move_in_is_shown_and_opens_nothing(self):
        issue, step = self.make_agreement()
        self.sign(self.keys)
        self.lease.with_user(self.desk).action_activate()
        issue.action_void("The wrong text.")
        self.estate._run_daily(self.estate._today())
        self.env.invalidate_all()
        self.assertEqual((step.state, step.status), ("done", "done"))
        self.assertIn("No longer: not signed: Fire Letter", step.obstacle)
        self.assertEqual(self.lease.state, "active")

    def test_what_somebody_signed_by_hand_is_taken_back_by_hand(self):
        self.start()
        self.sign(self.keys)
        self.make_keys()
        self.estate._run_daily(self.estate._today())
        self.env.invalidate_all()
        self.assertEqual(self.step(self.keys).status, "done")

    def test_only_what_is_proven_has_something_to_look_at(self):
        self.papers.active = True
        self.start()
        self.assertFalse(self.step(self.papers).has_evidence)
        self.assertTrue(self.step(self.keys).has_evidence)
        with self.refused("nothing else to look at"):
            self.step(self.papers).with_user(self.desk).action_open_evidence()
        stranger = self.make_user("front_desk", login="stranger_desk")
        with self.assertRaises(AccessError):
            self.step(self.keys).with_user(stranger).action_open_evidence()

    def test_proofs_of_many_cost_the_same_queries(self):
        units = self.env["property.unit"].create(
            [{"code": f"Q-{n}", "building_id": self.building.id} for n in range(60)]
        )
        leases = self.env["property.occupancy"].create(
            [
                {"unit_id": unit.id, "partner_id": self.tenant.id, "date_start": "2024-01-01"}
                for unit in units
            ]
        )
        leases.action_start_move_in()
        for unit, lease in zip(units, leases, strict=True):
            slip = self.make_slip(self.make_keys(unit), lease)
            slip.action_hand_out()

        def cost(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertIn("not signed for", set(records.mapped("step_ids.obstacle")).pop())
            return self.env.cr.sql_log_count - before

        cost(leases[:1])
        self.assertLessEqual(cost(leases), cost(leases[:10]) + 3)
