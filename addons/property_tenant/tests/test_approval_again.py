from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestAskedAgain(ApprovalCase):
    """Managers choose in the rule what must be reviewed again after a change."""

    def fields(self, *names):
        return self.env["property.approval.field"]._get("property.occupancy", names)

    def approved(self, rule):
        row = self.ask("check")
        row.with_user(self.manager).action_approve()
        self.assertEqual(self.state("check"), "approved")
        return row

    def ask(self, gate):
        self.occupancy.with_user(self.desk)._request_approval(gate)
        return self.rows(gate=gate)[-1]

    def test_a_rule_begins_with_what_is_usual(self):
        rule = self.make_rule("check")
        self.assertEqual(
            set(rule.reopen_field_ids.mapped("field_name")),
            {"date_end", "contact_ids", "persons", "estate_id"},
        )
        self.assertFalse(self.ask("check").reopened_by)

    def test_what_is_added_asks_again(self):
        rule = self.make_rule("check")
        rule.reopen_field_ids += self.fields("contract_number")
        self.approved(rule)
        self.occupancy.with_user(self.desk).contract_number = "L-2"
        self.assertEqual(self.state("check"), "none")
        self.assertEqual(self.rows(gate="check").verdict, "void")
        self.assertEqual(self.invalidated, [(["check"], self.occupancy.ids)])

    def test_what_is_taken_out_does_not(self):
        rule = self.make_rule("check")
        rule.reopen_field_ids -= self.fields("persons")
        self.approved(rule)
        self.occupancy.persons = 7
        self.assertEqual(self.state("check"), "approved")
        self.occupancy.date_end = "2031-01-31"
        self.assertEqual(self.state("check"), "none")

    def test_lines_are_judged_with_what_is_in_them(self):
        contact = self.env["property.occupancy.contact"].create(
            {"occupancy_id": self.occupancy.id, "partner_id": self.owner.id}
        )
        rule = self.make_rule("check")
        rule.reopen_field_ids = self.fields("contact_ids")
        self.approved(rule)
        contact.role = "finance"
        self.assertEqual(self.state("check"), "none")

    def test_nothing_chosen_is_what_is_usual(self):
        rule = self.make_rule("check")
        rule.reopen_field_ids = False
        self.approved(rule)
        self.occupancy.persons = 7
        self.assertEqual(self.state("check"), "none")

    def test_of_several_rules_all_choices_count(self):
        one, two = self.make_rule("check"), self.make_rule("check", step=2)
        one.reopen_field_ids = self.fields("contract_number")
        two.reopen_field_ids = self.fields("persons")
        self.assertEqual(self.ask("check").reopened_by, ["persons", "contract_number"])

    def test_a_request_keeps_what_held_when_it_was_made(self):
        rule = self.make_rule("check")
        self.approved(rule)
        rule.reopen_field_ids = self.fields("contract_number")
        self.assertEqual(self.state("check"), "approved")
        self.occupancy.contract_number = "L-2"
        self.assertEqual(self.state("check"), "approved")
        self.occupancy.persons = 7
        self.assertEqual(self.state("check"), "none")

    def test_a_context_does_not_change_what_is_judged(self):
        self.approved(self.make_rule("check"))
        blind = self.occupancy.with_context(approval_paths=["contract_number"])
        blind.persons = 7
        self.assertEqual(blind._approval_gate_state("check"), "none")

    def test_a_change_is_found_when_somebody_decides(self):
        rule = self.make_rule("check")
        rule.reopen_field_ids = self.fields("contract_number")
        row = self.ask("check")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE property_occupancy SET contract_number = 'L-3' WHERE id = %s",
            [self.occupancy.id],
        )
        self.occupancy.invalidate_recordset()
        notice = row.with_user(self.manager).action_approve()
        self.assertIn("has changed since", notice["params"]["message"])

    def test_a_manager_chooses_in_the_form(self):
        gate = self.env["property.approval.gate"]._get("property.occupancy", "override")
        manager = self.manager
        manager.estate_all = True
        with Form(self.env["property.approval.rule"].with_user(manager)) as form:
            form.gate_id = gate
            form.group_id = self.group_manager
            self.assertTrue(form.reopen_field_ids)
            form.reopen_field_ids.add(self.fields("persons"))
        self.assertIn("persons", form.record.reopen_field_ids.mapped("field_name"))

    def test_fields_of_other_records_are_refused(self):
        rule = self.make_rule("check")
        other = self.env["property.approval.field"]._get("property.item.count", ["line_ids"])
        with self.assertRaisesRegex(ValidationError, "not part of what rule"):
            rule.reopen_field_ids += other

    def test_names_are_those_that_people_read(self):
        known = self.env["property.approval.field"]
        self.env["res.lang"]._activate_lang("zh_CN")
        self.assertEqual(self.fields("persons").name, "Number of Persons")
        found = known.name_search("Number of Pers", [("model", "=", "property.occupancy")])
        self.assertEqual([row[0] for row in found], self.fields("persons").ids)

    def test_what_the_yes_is_for_cannot_be_chosen(self):
        known = self.env["property.approval.field"]
        for model in self.env["property.approval.gate"]._get_models():
            names = known._get_names(model)
            for gate in self.env[model]._approval_gates().values():
                self.assertFalse(names & set(gate.guards), model)
                self.assertLessEqual(gate.own_fields, names, model)
            self.assertFalse([name for name in names if name.startswith("message_")])

    def test_others_set_nothing(self):
        rule = self.make_rule("check")
        with self.assertRaises(UserError):
            rule.with_user(self.desk).reopen_field_ids = False
