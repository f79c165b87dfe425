from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install", "property", "property_approval")
class TestApprovalGuard(ApprovalCase):
    """Nothing but the rows in the database opens a gate."""

    def test_nothing_missing_needs_no_approval(self):
        self.missing = []
        self.occupancy.with_user(self.desk).action_activate()
        self.assertEqual(self.occupancy.state, "active")
        self.assertEqual(len(self.rows()), 0)

    def test_refused_until_asked_then_waiting_then_approved(self):
        self.make_rule()
        occupancy = self.occupancy.with_user(self.desk)
        with self.refused(UserError, "identity paper.*Ask for it.*Manager"):
            occupancy.action_activate()
        rows = self.ask()
        with self.refused(UserError, "Still to decide: Customer Service Manager"):
            occupancy.action_activate()
        rows.with_user(self.manager).action_approve("He is known to us.")
        self.assertEqual(self.granted, [("override", self.occupancy.ids)])
        occupancy.action_activate()
        self.assertEqual(self.occupancy.state, "active")
        self.assertEqual(rows.verdict, "approved")
        self.assertEqual(rows.user_id, self.manager)
        self.assertEqual(rows.opinion, "He is known to us.")
        self.assertEqual(rows.requested_by, self.desk)
        self.assertEqual(self.occupancy.override_reason, "The truck waits.")
        history = " ".join(self.occupancy.message_ids.mapped("body"))
        self.assertIn("The truck waits.", history)
        self.assertIn("He is known to us.", history)

    def test_guard_holds_for_system_and_any_context(self):
        self.make_rule()
        self.ask()
        keys = (
            "install_mode",
            "import_file",
            "tracking_disable",
            "mail_notrack",
            "no_approval",
            "skip_approval",
            "force",
            "approved",
            "bypass_approval",
            "active_test",
        )
        context = dict.fromkeys(keys, True)
        for record in (
            self.occupancy.with_user(self.desk).with_context(**context),
            self.occupancy.sudo().with_context(**context),
            self.occupancy.with_user(self.env.ref("base.user_root")),
        ):
            with self.refused(UserError, "waits for approval"):
                record.write({"state": "active"})
        self.assertEqual(self.occupancy.state, "moving_in")

    def test_refused_passage_leaves_no_trace_for_a_caller_that_goes_on(self):
        self.make_rule()
        row = self.ask()
        try:
            self.occupancy.write({"state": "active", "override_reason": "Another one."})
        except UserError as error:
            self.assertIn("needs approval first", str(error))
        self.env.flush_all()
        self.assertEqual(self.occupancy.state, "moving_in")
        self.assertNotEqual(self.occupancy.override_reason, "Another one.")
        self.assertEqual(row.verdict, "pending")

    def test_created_as_active_by_managers_only(self):
        values = {
            "unit_id": self.unit_2.id,
            "partner_id": self.tenant.id,
            "state": "active",
        }
        occupancies = self.env["property.occupancy"]
        with self.refused(UserError, "identity paper.*No rule says who approves"):
            occupancies.with_user(self.desk).create(values)
        self.make_rule()
        with self.refused(UserError, "identity paper.*needs approval first"):
            occupancies.with_user(self.desk).create(values)
        made = occupancies.with_user(self.manager).create(values)
        self.assertEqual(made.state, "active")

    def test_required_gate_without_rule_names_who_can_set_one(self):
        with self.refused(UserError, "No rule says who approves.*manager can set one"):
            self.ask()
        with self.refused(UserError, "No rule says who approves"):
            self.occupancy.action_activate()
        self.assertEqual(len(self.rows()), 0)

    def test_open_gate_without_rule_is_passed_and_with_rule_is_not(self):
        self.missing = []
        self.occupancy.write({"state": "active", "date_end": "2030-01-31"})
        rule = self.make_rule("check", amount_from=1000)
        self.occupancy.persons = 1
        self.occupancy._request_approval("check")
        self.assertEqual(self.granted, [("check", self.occupancy.ids)])
        self.assertEqual(len(self.rows(gate="check")), 0)
        self.occupancy.action_give_notice()
        self.assertEqual(self.occupancy.state, "notice")
        self.occupancy.write({"state": "active", "persons": 2})
        with self.refused(UserError, "needs approval first"):
            self.occupancy.action_give_notice()
        rule.action_suspend()
        self.occupancy.action_give_notice()
        self.assertEqual(self.occupancy.state, "notice")

    def test_override_covers_only_what_was_missing_when_it_was_asked(self):
        self.make_rule()
        self.ask().with_user(self.manager).action_approve()
        self.missing = [*self.missing, ("lease", "lease contract", "sales")]
        with self.refused(UserError, "does not cover lease contract"):
            self.occupancy.action_activate()
        self.assertEqual(self.occupancy.activation_missing, "lease contract (sales)")
        self.missing = self.missing[:1]
        self.env.invalidate_all()
        self.assertEqual(self.occupancy.is_activation_barred, False)
        self.occupancy.action_activate()
        self.assertEqual(self.occupancy.state, "active")

    def test_override_needs_a_reason_and_something_missing(self):
        self.make_rule()
        with self.refused(UserError, "Say why"):
            self.ask(reason="  ")
        self.missing = []
        with self.refused(UserError, "lacks nothing"):
            self.ask()
        with self.assertRaises(AccessError):
            self.ask(user=self.engineer)

    def test_override_window_asks_with_reason(self):
        self.make_rule()
        action = self.occupancy.with_user(self.desk).action_open_override()
        wizard = Form(
            self.env["property.occupancy.override"]
            .with_user(self.desk)
            .with_context(**action["context"])
        )
        with wizard.line_ids.edit(0) as line:
            self.assertEqual((line.what, line.who), ("identity paper", "front desk"))
        wizard.reason = "Known customer"
        wizard.save().action_request()
        self.assertEqual(self.rows().reason, "Known customer")


@tagged("post_install", "-at_install", "property", "property_approval")
class TestApprovalSteps(ApprovalCase):
    def test_steps_side_by_side_and_one_after_another(self):
        self.make_rule(step=1, group_id=self.group_manager.id)
        self.make_rule(step=1, department_id=self.engineering.id)
        self.make_rule(step=2, user_id=self.manager_2.id)
        rows = self.ask()
        manager, engineering, last = rows
        self.assertEqual(rows.mapped("is_turn"), [True, True, False])
        with self.refused(UserError, "not to be decided yet: first comes"):
            last.with_user(self.manager_2).action_approve()
        engineering.with_user(self.engineer).action_approve()
        self.assertEqual(last.is_turn, False)
        manager.with_user(self.manager).action_approve()
        self.assertEqual(last.is_turn, True)
        self.assertEqual(self.granted, [])
        self.assertEqual(self.state(), "pending")
        last.with_user(self.manager_2).action_approve()
        self.assertEqual(self.granted, [("override", self.occupancy.ids)])
        self.assertEqual(self.state(), "approved")

    def test_several_persons_of_one_rule_are_different_ones(self):
        self.make_rule(required_count=2)
        first, second = self.ask()
        self.assertEqual((first.is_turn, second.is_turn), (True, False))
        first.with_user(self.manager).action_approve()
        self.assertEqual(second.is_turn, True)
        with self.refused(UserError, "You have already decided"):
            second.with_user(self.manager).action_approve()
        self.assertEqual(self.state(), "pending")
        second.with_user(self.manager_2).action_approve()
        self.assertEqual(self.state(), "approved")

    def test_one_person_decides_once_unless_the_rule_allows_it(self):
        self.make_rule(step=1)
        later = self.make_rule(step=2)
        rows = self.ask()
        rows[0].with_user(self.manager).action_approve()
        with self.refused(UserError, "You have already decided"):
            rows[1].with_user(self.manager).action_approve()
        rows[1].with_user(self.manager_2).action_reject("No.")
        later.same_person = True
        rows = self.ask()[2:]
        rows[0].with_user(self.manager).action_approve()
        rows[1].with_user(self.manager).action_approve()
        self.assertEqual(self.state(), "approved")

    def test_who_is_needed_later_is_not_used_up_before(self):
        self.make_rule(step=1)
        self.make_rule(step=2, user_id=self.manager.id)
        rows = self.ask()
        with self.refused(UserError, "You are needed for"):
            rows[0].with_user(self.manager).action_approve()
        rows[0].with_user(self.manager_2).action_approve()
        rows[1].with_user(self.manager).action_approve()
        self.assertEqual(self.state(), "approved")

    def test_rejection_needs_a_reason_closes_the_round_and_can_be_asked_again(self):
        self.make_rule(step=1)
        self.make_rule(step=2, department_id=self.engineering.id)
        rows = self.ask()
        with self.refused(UserError, "Say why you reject"):
            rows[0].with_user(self.manager).action_reject("")
        rows[0].with_user(self.manager).action_reject("The lease is not signed.")
        self.assertEqual(rows.mapped("verdict"), ["rejected", "void"])
        self.assertEqual(rows[1].void_reason, "rejected by Max Manager")
        self.assertEqual(self.state(), "rejected")
        with self.refused(UserError, "rejected.*The lease is not signed"):
            self.occupancy.action_activate()
        again = self.ask(reason="Signed now.")
        self.assertEqual(again.mapped("round_no"), [1, 1, 2, 2])
        self.assertEqual(again.mapped("verdict"), ["rejected", "void", "pending", "pending"])
        self.assertEqual(again[0].opinion, "The lease is not signed.")
        again[2].with_user(self.manager).action_approve()
        again[3].with_user(self.engineer).action_approve()
        self.assertEqual(self.state(), "approved")

    def test_asking_twice_is_refused(self):
        self.make_rule()
        rows = self.ask()
        with self.refused(UserError, "already asked for by Dora Desk"):
            self.ask(reason="Please!")
        self.assertEqual(self.rows(), rows)
        self.assertEqual(rows.verdict, "pending")
        rows.with_user(self.manager).action_approve()
        with self.refused(UserError, "already approved"):
            self.ask()

    def test_kept_yes_is_not_asked_again_for_the_same_version(self):
        self.make_rule("check", step=1, department_id=self.engineering.id)
        self.make_rule("check", step=1, group_id=self.group_manager.id)
        self.occupancy.with_user(self.desk)._request_approval("check")
        first, second = self.rows(gate="check")
        first.with_user(self.engineer).action_approve("All in order.")
        second.with_user(self.manager).action_reject("Keys are missing.")
        self.occupancy.with_user(self.desk)._request_approval("check")
        kept, asked = self.rows(gate="check")[2:]
        self.assertEqual((kept.verdict, asked.verdict), ("approved", "pending"))
        self.assertEqual(kept.carried_from_id, first)
        self.assertEqual(kept.user_id, self.engineer)
        asked.with_user(self.manager).action_reject("Still missing.")
        self.occupancy.persons = 5
        self.occupancy.with_user(self.desk)._request_approval("check")
        last = self.rows(gate="check")[4:]
        self.assertEqual(last.mapped("verdict"), ["pending", "pending"])

    def test_rules_changed_meanwhile_leave_what_was_asked(self):
        rule = self.make_rule()
        row = self.ask()
        rule.write({"group_id": False, "department_id": self.engineering.id, "step": 3})
        self.make_rule(step=2)
        self.assertEqual((row.group_id, row.step), (self.group_manager, 1))
        with self.refused(UserError, "You are not among them"):
            row.with_user(self.engineer).action_approve()
        row.with_user(self.manager).action_approve()
        self.occupancy.action_activate()
        self.assertEqual(self.occupancy.state, "active")

    def test_opinion_and_paper_can_be_demanded(self):
        self.make_rule(opinion_required=True, paper_required=True)
        row = self.ask().with_user(self.manager)
        with self.refused(UserError, "needs your opinion"):
            row.action_approve()
        with self.refused(UserError, "needs a paper"):
            row.action_approve("Fine.")
        scan = (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create({"name": "scan.txt", "raw": b"signed"})
        )
        row.action_approve("Fine.", scan.ids)
        self.assertEqual(row.verdict, "approved")
        self.assertEqual(row.attachment_ids.raw, b"signed")
        self.assertNotEqual(row.attachment_ids, scan)
        with self.refused(UserError, "stay as they were when it was decided"):
            row.attachment_ids.with_user(self.manager).write({"raw": b"forged"})

    def test_papers_of_others_cannot_be_taken(self):
        self.make_rule()
        row = self.ask()
        secret = self.env["ir.attachment"].create(
            {"name": "secret.txt", "raw": b"x", "res_model": "res.users", "res_id": 0}
        )
        with self.assertRaises(AccessError):
            row.with_user(self.manager).action_approve("ok", secret.ids)
        self.assertEqual(row.verdict, "pending")

    def test_decision_window_approves_and_rejects(self):
        self.make_rule(step=1)
        self.make_rule(step=2, department_id=self.engineering.id)
        rows = self.ask()
        action = self.occupancy.with_user(self.manager).action_decide_approval()
        wizard = (
            self.env["property.approval.decision"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"opinion": "Yes"})
        )
        self.assertEqual(wizard.reason, "The truck waits.")
        self.assertEqual(wizard.action_approve()["type"], "ir.actions.act_window_close")
        self.assertEqual((rows[0].verdict, rows[0].opinion), ("approved", "Yes"))
        wizard = (
            self.env["property.approval.decision"]
            .with_user(self.engineer)
            .create({"approval_ids": rows[1].ids, "opinion": "No"})
        )
        wizard.action_reject()
        self.assertEqual(rows[1].verdict, "rejected")

    def test_withdrawn_by_who_asked_or_a_manager_only(self):
        self.make_rule(user_id=self.manager_2.id)
        row = self.ask()
        with self.refused(UserError, "asked for by Dora Desk, who can withdraw"):
            row.with_user(self.engineer).action_withdraw()
        row.with_user(self.desk).action_withdraw("Paper found.")
        self.assertEqual((row.verdict, row.former_verdict), ("void", "pending"))
        self.assertIn("Paper found.", row.void_reason)
        self.assertEqual(self.state(), "none")
        with self.refused(UserError, "is void"):
            row.with_user(self.manager_2).action_approve()


@tagged("post_install", "-at_install", "property", "property_approval")
class TestApprovalVersion(ApprovalCase):
    def test_change_of_what_was_judged_voids_and_tells_the_record(self):
        self.make_rule()
        row = self.ask()
        row.with_user(self.manager).action_approve()
        self.occupancy.override_reason = "Another one."
        self.assertEqual((row.verdict, row.former_verdict), ("void", "approved"))
        self.assertEqual(row.user_id, self.manager)
        self.assertEqual(row.void_reason, "the record has changed")
        self.assertEqual(self.invalidated, [(["override"], self.occupancy.ids)])
        with self.refused(UserError, "What was approved has changed since"):
            self.occupancy.action_activate()

    def test_other_changes_leave_it(self):
        self.make_rule()
        row = self.ask()
        row.with_user(self.manager).action_approve()
        self.occupancy.write({"persons": 7, "partner_id": self.tenant.id})
        self.assertEqual(row.verdict, "approved")
        self.assertEqual(self.invalidated, [])

    def test_change_and_passage_in_one_write_is_refused(self):
        self.make_rule()
        self.ask().with_user(self.manager).action_approve()
        with self.refused(UserError, "needs approval first"):
            self.occupancy.write({"override_reason": "Another one.", "state": "active"})

    def test_changed_line_is_found_when_deciding(self):
        self.make_rule("check")
        contact = self.env["property.occupancy.contact"].create(
            {"occupancy_id": self.occupancy.id, "partner_id": self.owner.id}
        )
        self.occupancy.with_user(self.desk)._request_approval("check")
        row = self.rows(gate="check")
        contact.role = "finance"
        notice = row.with_user(self.manager).action_approve()
        self.assertIn("has changed since Dora Desk asked", notice["params"]["message"])
        old, new = self.rows(gate="check")
        self.assertEqual((old.verdict, new.verdict), ("void", "pending"))
        self.assertEqual(old.user_id.ids, [])
        self.assertEqual((new.requested_by, new.round_no), (self.desk, 2))
        self.assertNotEqual(old.version, new.version)
        self.assertIs(new.with_user(self.manager).action_approve(), True)
        self.assertEqual(self.state("check"), "approved")

    def test_changed_line_is_found_when_passing(self):
        self.missing = []
        self.occupancy.write({"state": "active", "date_end": "2030-01-31"})
        self.make_rule("check")
        contact = self.env["property.occupancy.contact"].create(
            {"occupancy_id": self.occupancy.id, "partner_id": self.owner.id}
        )
        self.occupancy.with_user(self.desk)._request_approval("check")
        self.rows(gate="check").with_user(self.manager).action_approve()
        self.assertEqual(self.state("check"), "approved")
        contact.role = "finance"
        self.assertEqual(self.state("check"), "none")
        with self.refused(UserError, "What was approved has changed since"):
            self.occupancy.action_give_notice()

    def test_changed_record_that_no_rule_covers_any_more_is_told(self):
        rule = self.make_rule(estate_ids=self.estate.ids)
        row = self.ask()
        rule.action_suspend()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE property_occupancy SET override_reason = 'other' WHERE id = %s",
            [self.occupancy.id],
        )
        self.occupancy.invalidate_recordset()
        notice = row.with_user(self.manager).action_approve()
        self.assertIn("it must be asked for again: No rule", notice["params"]["message"])
        self.assertEqual(row.verdict, "void")
        self.assertEqual(self.invalidated, [(["override"], self.occupancy.ids)])
        self.assertEqual(len(self.rows()), 1)

    def test_version_does_not_depend_on_reader_or_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.estate.with_context(lang="zh_CN").name = "花园"
        occupancy = self.occupancy
        self.assertEqual(
            occupancy._approval_version("check"),
            occupancy.with_user(self.desk)
            .with_context(lang="zh_CN", tz="Asia/Tokyo")
            ._approval_version("check"),
        )


@tagged("post_install", "-at_install", "property", "property_approval")
class TestApprovalPersons(ApprovalCase):
    def test_nobody_decides_his_own_request(self):
        self.make_rule()
        row = self.ask(user=self.manager)
        with self.refused(UserError, "You asked for .* yourself"):
            row.with_user(self.manager).action_approve()
        self.assertEqual(row.verdict, "pending")

    def test_nor_with_a_second_login_of_the_same_person(self):
        self.manager_2.partner_id = self.manager.partner_id
        self.make_rule(department_id=self.make_department("Two", self.manager_2 | self.engineer).id)
        row = self.ask(user=self.manager)
        with self.refused(UserError, "You asked for .* yourself"):
            row.with_user(self.manager_2).action_approve()

    def test_asking_when_only_oneself_could_decide_names_who_can_help(self):
        self.make_rule(user_id=self.manager.id)
        with self.refused(UserError, "Nobody but you.*Mia Manager"):
            self.ask(user=self.manager)
        self.assertEqual(len(self.rows()), 0)

    def test_asking_an_empty_department_names_who_can_help(self):
        self.make_rule(department_id=self.make_department("Empty").id)
        with self.refused(UserError, "Empty has no members here.*Max Manager"):
            self.ask()

    def test_asking_for_more_persons_than_there_are_is_refused(self):
        self.make_rule(department_id=self.engineering.id, required_count=2)
        with self.refused(UserError, "more different persons than there are in Test Eng"):
            self.ask()

    def test_person_named_on_the_record_decides(self):
        self.make_rule(user_field="create_uid")
        self.env.cr.execute(
            "UPDATE property_occupancy SET create_uid = %s WHERE id = %s",
            [self.engineer.id, self.occupancy.id],
        )
        self.occupancy.invalidate_recordset()
        row = self.ask()
        self.assertEqual(row.asked_user_id, self.engineer)
        row.with_user(self.engineer).action_approve()
        self.assertEqual(row.verdict, "approved")

    def test_deputy_decides_on_the_days_of_the_absence_only(self):
        self.make_rule(department_id=self.engineering.id)
        row = self.ask()
        today = self.estate._today()
        absence = self.env["property.approval.deputy"].create(
            {
                "user_id": self.engineer.id,
                "deputy_id": self.manager.id,
                "date_from": fields.Date.add(today, days=1),
                "date_to": fields.Date.add(today, days=2),
            }
        )
        for first, last in ((1, 2), (-2, -1)):
            absence.date_from = fields.Date.add(today, days=min(first, 0) * 5)
            absence.date_to = fields.Date.add(today, days=last)
            absence.date_from = fields.Date.add(today, days=first)
            with self.refused(UserError, "do not stand in for any"):
                row.with_user(self.manager).action_approve()
            self.assertEqual(self.waiting(self.manager), row.browse())
        absence.date_from = absence.date_to = today
        self.assertEqual(self.waiting(self.manager), row)
        row.with_user(self.manager).action_approve()
        self.assertEqual((row.user_id, row.on_behalf_of_id), (self.manager, self.engineer))
        self.assertIn("on behalf of Eve Engineer", self.occupancy.message_ids[0].body)

    def test_deputy_of_the_requester_gets_no_say_from_him(self):
        department = self.make_department("Pair", self.manager_2 | self.engineer)
        self.make_rule(department_id=department.id)
        self.make_deputy(self.manager_2, self.manager)
        row = self.ask(user=self.manager_2)
        with self.refused(UserError, "do not stand in for any"):
            row.with_user(self.manager).action_approve()

    def test_deputy_adds_no_second_say_of_who_has_decided(self):
        department = self.make_department("Pair", self.manager_2 | self.engineer)
        self.make_rule(department_id=department.id, required_count=2)
        self.make_deputy(self.engineer, self.manager)
        rows = self.ask()
        rows[0].with_user(self.engineer).action_approve()
        with self.refused(UserError, "do not stand in for any"):
            rows[1].with_user(self.manager).action_approve()

    def test_deputy_who_does_not_see_the_estate_decides_nothing(self):
        self.make_rule(department_id=self.engineering.id)
        self.make_deputy(self.engineer, self.stranger)
        row = self.ask()
        with self.assertRaises(AccessError):
            row.with_user(self.stranger).action_approve()
        self.assertEqual(self.waiting(self.stranger), row.browse())

    def test_everybody_sets_up_the_own_absence_and_managers_all_but_for_themselves(self):
        deputies = self.env["property.approval.deputy"]
        values = {"user_id": self.engineer.id, "deputy_id": self.manager.id}
        own = deputies.with_user(self.engineer).create(values)
        self.assertEqual(own.user_id, self.engineer)
        with self.assertRaises(AccessError):
            deputies.with_user(self.desk).create(values)
        with self.assertRaises(AccessError):
            own.with_user(self.desk).write({"deputy_id": self.desk.id})
        with self.refused(UserError, "cannot name yourself deputy"):
            deputies.with_user(self.manager).create(values)
        made = deputies.with_user(self.manager_2).create(values)
        self.assertEqual(made.deputy_id, self.manager)

    def make_deputy(self, absent, deputy):
        return self.env["property.approval.deputy"].create(
            {"user_id": absent.id, "deputy_id": deputy.id, "date_from": "2020-01-01"}
        )

    def waiting(self, user):
        return self.env["property.approval"].with_user(user).search([("waits_for_me", "=", True)])


@tagged("post_install", "-at_install", "property", "property_approval")
class TestApprovalToDos(ApprovalCase):
    def test_deciders_get_a_to_do_that_goes_with_the_decision(self):
        self.make_rule(step=1)
        self.make_rule(step=2, department_id=self.engineering.id)
        rows = self.ask()
        activities = self.occupancy.activity_ids
        self.assertEqual(activities.user_id, self.manager | self.manager_2)
        self.assertEqual(activities.pm_approval_id, rows[0])
        rows[0].with_user(self.manager).action_approve()
        activities = self.occupancy.activity_ids
        self.assertEqual(activities.user_id, self.engineer)
        rows[1].with_user(self.engineer).action_reject("No.")
        self.assertEqual(len(self.occupancy.activity_ids), 0)

    def test_to_dos_of_the_others_go_with_a_rejection_and_with_a_change(self):
        self.make_rule()
        self.make_rule(department_id=self.engineering.id)
        rows = self.ask()
        self.assertEqual(
            self.occupancy.activity_ids.user_id, self.manager | self.manager_2 | self.engineer
        )
        rows[0].with_user(self.manager).action_reject("No.")
        self.assertEqual(len(self.occupancy.activity_ids), 0)
        self.ask()
        self.assertEqual(len(self.occupancy.activity_ids), 3)
        self.occupancy.override_reason = "Another one."
        self.assertEqual(len(self.occupancy.activity_ids), 0)

    def test_number_of_to_dos_is_limited_and_the_head_comes_first(self):
        self.engineering.write(
            {
                "head_id": self.manager_2.id,
                "member_ids": [(0, 0, {"user_id": self.manager.id})],
            }
        )
        self.make_rule(department_id=self.engineering.id, notify_limit=1)
        self.ask()
        self.assertEqual(self.occupancy.activity_ids.user_id, self.manager_2)

    def test_to_do_is_due_and_escalated_by_the_days_of_the_rule(self):
        self.make_rule(
            department_id=self.engineering.id,
            reminder_days=3,
            escalation_days=5,
            escalation_user_id=self.manager.id,
        )
        self.ask()
        today = self.estate._today()
        self.assertEqual(self.occupancy.activity_ids.date_deadline, fields.Date.add(today, days=3))
        approvals, now = self.env["property.approval"], fields.Datetime.now()
        approvals._escalate(fields.Datetime.add(now, days=4))
        self.assertEqual(self.occupancy.activity_ids.user_id, self.engineer)
        for __ in range(2):
            approvals._escalate(fields.Datetime.add(now, days=5, minutes=1))
            self.assertEqual(len(self.occupancy.activity_ids), 2)
        self.assertEqual(self.occupancy.activity_ids.user_id, self.engineer | self.manager)

    def test_summary_on_the_record_says_who_has_to_decide(self):
        self.make_rule()
        occupancy = self.occupancy
        self.assertEqual(occupancy.approval_state, "none")
        self.ask()
        self.assertEqual(occupancy.approval_state, "pending")
        self.assertEqual(occupancy.approval_waiting, "Customer Service Manager")
        self.assertEqual(occupancy.with_user(self.manager).can_approve, True)
        self.assertEqual(occupancy.with_user(self.desk).can_approve, False)
        for user, expected in ((self.manager, occupancy), (self.desk, occupancy.browse())):
            found = occupancy.with_user(user).search([("can_approve", "=", True)])
            self.assertEqual(found, expected)
        with self.refused(UserError, "Now to decide: Customer Service Manager"):
            occupancy.with_user(self.desk).action_decide_approval()
        occupancy.approval_ids.with_user(self.manager).action_approve()
        self.assertEqual(occupancy.approval_state, "approved")
        self.assertEqual(occupancy.with_user(self.manager).can_approve, False)
