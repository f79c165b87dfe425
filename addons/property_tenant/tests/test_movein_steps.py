from freezegun import freeze_time
from psycopg2 import errors

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .movein_common import MoveInCase


@tagged("post_install", "-at_install")
class TestMoveInSteps(MoveInCase):
    def start(self, occupancy=None):
        (occupancy or self.lease).with_user(self.desk).action_start_move_in()

    # --- the checklist ----------------------------------------------------

    def test_a_move_in_takes_its_steps_from_the_templates(self):
        self.assertFalse(self.lease.step_ids)
        self.start()
        self.assertEqual(
            self.lease.step_ids.template_id, self.papers + self.inspection + self.keys + self.shown
        )
        self.assertEqual(self.lease.next_step_id.template_id, self.papers)
        self.assertEqual((self.lease.step_done, self.lease.step_count), (0, 4))
        self.lease.write({"state": "reserved"})
        self.start()
        self.assertEqual(len(self.lease.step_ids), 4, "put there once")

    def test_an_occupancy_without_steps_is_read_and_saved_like_others(self):
        desk = self.lease.with_user(self.desk)
        self.env.invalidate_all()
        specification = {"process_step_ids": {"fields": {"name": {}}}, "next_step_id": {}}
        [row] = desk.web_save({"persons": 3}, specification)
        self.assertEqual((row["process_step_ids"], row["next_step_id"]), ([], False))

    def test_steps_are_for_their_kind_use_and_estate(self):
        other = self.make_estate("OT")
        self.papers.kind = "owner"
        self.inspection.usage = "shop"
        self.keys.estate_ids = other
        self.start()
        self.assertEqual(self.lease.step_ids.template_id, self.shown)

    def test_the_night_opens_the_steps_of_all_who_begin(self):
        lease_2 = self.make_occupancy(self.unit_2, self.owner, date_start="2024-01-01")
        self.estate._run_daily(self.lease.date_start)
        self.assertEqual((self.lease.state, lease_2.state), ("moving_in", "moving_in"))
        self.assertEqual(len((self.lease + lease_2).step_ids), 8)

    def test_several_units_of_one_lease_have_one_checklist(self):
        further = self.make_occupancy(self.unit_2, self.tenant, lead_id=self.lease.id)
        self.start()
        self.assertEqual(further.state, "moving_in", "they move in together")
        self.assertFalse(further.step_ids)
        self.assertEqual(further.process_step_ids, self.lease.step_ids)
        self.assertEqual(further.process_lead_id, self.lease)
        self.assertIn("Papers", further._get_keys_obstacle())
        with self.refused("Papers"):
            further.with_user(self.desk).action_activate()
        self.sign(self.papers)
        self.sign(self.inspection, self.engineer)
        self.assertEqual(further._get_keys_obstacle(), "")
        self.sign(self.keys)
        self.lease.with_user(self.desk).action_activate()
        self.assertEqual((self.lease.state, further.state), ("active", "active"))

    def test_a_unit_that_leaves_the_lease_gets_a_checklist_of_its_own(self):
        further = self.make_occupancy(self.unit_2, self.tenant, lead_id=self.lease.id)
        self.start()
        further.lead_id = False
        self.assertEqual(len(further.step_ids), 4)

    def test_a_unit_added_later_moves_in_by_its_own_steps(self):
        self.start()
        self.approve_override(self.lease)
        self.lease.with_user(self.desk).action_activate()
        further = self.make_occupancy(self.unit_2, self.tenant, lead_id=self.lease.id)
        self.start(further)
        self.assertEqual(len(further.step_ids), 4)
        self.assertIn("Papers", further._get_keys_obstacle())

    # --- who signs ----------------------------------------------------------

    def test_a_department_signs_its_own_steps_only(self):
        self.start()
        with self.refused("nobody signs for another department", AccessError):
            self.sign(self.inspection, self.desk)
        with self.refused("nobody signs for another department", AccessError):
            self.sign(self.papers, self.engineer)
        with self.refused("nobody signs for another department", AccessError):
            self.sign(self.papers, self.manager)
        self.sign(self.inspection, self.engineer)
        step = self.step(self.inspection)
        self.assertEqual((step.state, step.done_by), ("done", self.engineer))
        self.assertTrue(step.done_at)
        self.assertIn("Inspection", self.lease.message_ids[0].body)

    def test_members_of_another_estate_do_not_sign(self):
        other = self.make_estate("OT")
        self.service.member_ids.estate_id = other
        self.start()
        with self.refused("nobody signs for another department", AccessError):
            self.sign(self.papers)
        self.service.member_ids.estate_id = self.estate
        self.sign(self.papers)

    def test_without_a_department_the_role_signs(self):
        role = self.env.ref("property_tenant.group_engineer")
        self.papers.write({"department_id": False, "group_id": role.id})
        self.start()
        with self.refused("nobody signs for another", AccessError):
            self.sign(self.papers)
        self.sign(self.papers, self.engineer)

    def test_steps_are_not_written_by_whatever_way(self):
        self.start()
        step = self.step(self.papers)
        for user in (self.desk, self.manager, self.engineer):
            for method, args in (
                ("write", [step.ids, {"state": "done"}]),
                ("create", [{"occupancy_id": self.lease.id, "template_id": self.papers.id}]),
                ("unlink", [step.ids]),
            ):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    call_kw(self.env(user=user)["property.occupancy.step"], method, args, {})
            with self.subTest(user=user.login, method="command"), self.assertRaises(AccessError):
                self.lease.with_user(user).write({"step_ids": [(1, step.id, {"state": "done"})]})
        self.assertEqual(step.state, "open")

    def test_what_is_mine_is_found_and_is_what_can_be_signed(self):
        self.start()
        Step = self.env["property.occupancy.step"]
        for user, expected in (
            (self.desk, self.papers + self.keys + self.shown),
            (self.engineer, self.inspection),
            (self.sales, self.papers.browse()),
        ):
            mine = Step.with_user(user).search(
                [("is_mine", "=", True), ("occupancy_id", "=", self.lease.id)]
            )
            with self.subTest(user=user.login):
                self.assertEqual(mine.template_id, expected)
                seen = self.lease.step_ids.with_user(user).filtered("is_mine")
                self.assertEqual(seen, mine)

    def test_a_signature_is_taken_back_and_both_stay_on_record(self):
        self.start()
        self.sign(self.papers)
        step = self.step(self.papers)
        with self.refused("nobody signs for another department", AccessError):
            step.with_user(self.engineer).action_reopen("wrong")
        step.with_user(self.desk).action_reopen("The wrong tenant.")
        self.assertEqual(step.state, "open")
        bodies = " ".join(self.lease.message_ids.mapped("body"))
        self.assertIn("Step done: Papers", bodies)
        self.assertIn("Step taken back: Papers. The wrong tenant.", bodies)

    def test_only_what_nothing_waits_for_is_left_out_with_a_reason(self):
        self.start()
        with self.refused("is needed"):
            self.step(self.papers).with_user(self.desk).action_not_needed("no time")
        with self.refused("Say why"):
            self.step(self.shown).with_user(self.desk).action_not_needed(" ")
        self.step(self.shown).with_user(self.desk).action_not_needed("They know it.")
        self.assertEqual(self.step(self.shown).state, "not_needed")

    def test_a_signed_step_stays_when_the_occupancy_should_go(self):
        self.start()
        self.sign(self.papers)
        self.lease.write({"state": "reserved"})
        with self.refused("stay on record"):
            self.lease.unlink()
        with self.refused("stays on record"):
            self.papers.unlink()

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_step_twice_and_a_settled_one_without_time(self):
        self.start()
        step = self.step(self.papers)
        with self.assertRaises(errors.UniqueViolation), self.env.cr.savepoint():
            step.copy()
            self.env.flush_all()
        with self.assertRaises(errors.CheckViolation), self.env.cr.savepoint():
            step.write({"state": "done"})
            self.env.flush_all()

    # --- gates --------------------------------------------------------------

    def test_keys_wait_for_their_steps_and_the_message_says_for_which(self):
        self.assertIn("Customer Service opens it", self.lease._get_keys_obstacle())
        self.start()
        obstacle = self.lease._get_keys_obstacle()
        for told in ("A-101", "Papers", "Test Service", "Inspection", "Test Engineering"):
            self.assertIn(told, obstacle)
        self.assertNotIn("Building shown", obstacle)
        with self.refused("No keys for"):
            self.sign(self.keys)
        with self.refused("No keys for"):
            call_kw(
                self.env(user=self.desk)["property.occupancy.step"],
                "action_done",
                [self.step(self.keys).ids],
                {"context": {"override": True}},
            )
        self.sign(self.papers)
        self.sign(self.inspection, self.engineer)
        self.assertEqual(self.lease._get_keys_obstacle(), "")
        self.sign(self.keys)

    def test_keys_are_not_for_who_has_gone(self):
        self.lease.write({"state": "cancelled"})
        self.assertIn("is over", self.lease._get_keys_obstacle())

    def test_the_move_in_waits_for_every_needed_step(self):
        self.start()
        for write in (
            lambda: self.lease.with_user(self.desk).action_activate(),
            lambda: self.lease.with_user(self.manager).write({"state": "active"}),
            lambda: self.lease.sudo().write({"state": "active"}),
        ):
            with self.refused("Papers"):
                write()
        self.sign(self.papers)
        self.sign(self.inspection, self.engineer)
        self.sign(self.keys)
        self.lease.with_user(self.desk).action_activate()
        self.assertEqual(self.lease.state, "active")
        self.assertTrue(self.lease.date_handover)

    def test_nobody_gets_past_the_checklist_by_leaving_the_move_in_out(self):
        for user in (self.desk, self.manager):
            with self.refused("press Open Move-In first"):
                self.lease.with_user(user).write({"state": "active"})
        self.assertEqual(self.lease.state, "reserved")
        values = {
            "unit_id": self.unit_2.id,
            "partner_id": self.owner.id,
            "date_start": "2024-01-01",
            "state": "active",
        }
        officer = self.make_user("officer", self.estate)
        occupancies = self.env["property.occupancy"]
        with self.refused("press Open Move-In first"):
            occupancies.with_user(self.desk).create(values)
        with (
            freeze_time("2024-01-01 04:00:00"),
            self.refused("press Open Move-In first"),
        ):
            occupancies.with_user(officer).create(values)
        entered = occupancies.with_user(officer).create(values)
        self.assertEqual(entered.state, "active", "who moved in long ago is entered so")

    def test_an_override_covers_what_it_names_and_nothing_else(self):
        self.start()
        code = self.step(self.papers)._get_code()
        self.approve_override(self.lease, [code])
        self.assertTrue(self.step(self.papers).is_overridden)
        self.assertNotIn("Papers", self.lease._get_keys_obstacle())
        self.assertIn("Inspection", self.lease._get_keys_obstacle())
        self.sign(self.inspection, self.engineer)
        self.assertEqual(self.lease._get_keys_obstacle(), "")
        with self.refused("does not cover Keys"):
            self.lease.with_user(self.desk).action_activate()
        self.sign(self.keys)
        self.lease.with_user(self.desk).action_activate()
        self.assertEqual(self.step(self.papers).state, "open", "it was never done, on record")

    def test_a_second_override_keeps_what_the_first_covers(self):
        self.start()
        self.approve_override(self.lease, [self.step(self.papers)._get_code()])
        self.approve_override(self.lease, [self.step(self.inspection)._get_code()])
        self.assertEqual(self.lease._get_keys_obstacle(), "")

    def test_an_override_that_is_typed_in_covers_nothing(self):
        self.start()
        codes = [step._get_code() for step in self.lease.step_ids]
        self.lease.with_user(self.desk).write({"override_missing": codes})
        self.assertIn("Papers", self.lease._get_keys_obstacle())
        self.approve_override(self.lease, codes[:1])
        self.lease.with_user(self.desk).write({"override_missing": codes})
        self.assertIn("Papers", self.lease._get_keys_obstacle(), "another version is void")

    def test_the_window_offers_what_is_missing(self):
        self.start()
        action = self.lease.with_user(self.desk).action_open_override()
        wizard = Form(
            self.env["property.occupancy.override"]
            .with_user(self.desk)
            .with_context(**action["context"])
        )
        self.assertEqual(len(wizard.line_ids), 3)
        with wizard.line_ids.edit(2) as line:
            line.is_chosen = False
        wizard.reason = "The truck waits."
        wizard.save().action_request()
        self.assertEqual(
            set(self.lease.override_missing),
            {self.step(self.papers)._get_code(), self.step(self.inspection)._get_code()},
        )

    # --- proofs -------------------------------------------------------------

    def test_a_step_with_a_proof_is_signed_by_nobody(self):
        told = self.make_step("Told", self.service, proof="told", needed_to_finish=False)
        self.start()
        step = self.step(told)
        self.assertEqual((step.status, step.is_automatic), ("open", True))
        with self.refused("Nobody signs the step"):
            self.sign(told)
        self.lease.with_user(self.desk).action_tell_departments()
        self.assertEqual(step.state, "done")
        self.assertFalse(step.done_by)

    def test_a_proof_whose_addon_is_missing_is_signed_by_hand(self):
        step = self.make_step("Fees", self.service, proof="papers")
        self.patch(self.env.registry["property.occupancy"], "_get_step_proofs", lambda self: {})
        self.start()
        self.sign(step)
        self.assertEqual(self.step(step).state, "done")

    def test_every_department_is_told_once_when_a_unit_becomes_occupied(self):
        self.env["property.department"].search([]).filtered(
            lambda department: department not in (self.service, self.engineering)
        ).told_of_moves = False
        further = self.make_occupancy(self.unit_2, self.tenant, lead_id=self.lease.id)
        self.start()
        self.approve_override(self.lease)
        self.lease.with_user(self.desk).action_activate()
        kind = self.env.ref("property_tenant.activity_type_told")
        told = self.lease.activity_ids.filtered(lambda row: row.activity_type_id == kind)
        self.assertEqual(told.user_id, self.desk + self.engineer)
        self.assertIn("A-101, A-102", told[0].note)
        self.assertFalse(further.activity_ids.filtered(lambda row: row.activity_type_id == kind))
        self.assertTrue(further.departments_told_at)

    def test_the_cards_of_move_ins_show_the_states_that_matter(self):
        occupancies = self.env["property.occupancy"].with_context(
            read_group_expand=True, show_states=["reserved", "moving_in", "active"]
        )
        groups = occupancies.web_read_group([("id", "=", self.lease.id)], ["state"])["groups"]
        self.assertEqual([group["state"] for group in groups], ["reserved", "moving_in", "active"])

    def test_checklists_cost_the_same_for_many(self):
        units = self.env["property.unit"].create(
            [{"code": f"Q-{n}", "building_id": self.building.id} for n in range(100)]
        )
        leases = self.env["property.occupancy"].create(
            [
                {"unit_id": unit.id, "partner_id": self.tenant.id, "date_start": "2024-01-01"}
                for unit in units
            ]
        )
        leases.action_start_move_in()

        def cost(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.desk).mapped("next_step_id.name")
            records.step_ids.mapped("status")
            return self.env.cr.sql_log_count - before

        cost(leases[:1])
        self.assertLessEqual(cost(leases), cost(leases[:10]) + 3)
