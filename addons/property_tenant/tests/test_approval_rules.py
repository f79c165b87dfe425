from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.property_tenant.calc.approval import Gate

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install", "property", "property_approval")
class TestApprovalRules(ApprovalCase):
    def matching(self, occupancy=None, gate="check"):
        occupancy = occupancy or self.occupancy
        return self.env["property.approval.rule"]._get_matching(occupancy, gate)[occupancy.id]

    def test_case_by_amount(self):
        small = self.make_rule("check", amount_to=2000)
        large = self.make_rule("check", amount_from=2000)
        for persons, expected in ((0, small), (1, small), (2, small), (3, large), (50, large)):
            self.occupancy.persons = persons
            self.assertEqual(self.matching(), expected)

    def test_case_by_figure_of_the_record(self):
        rule = self.make_rule("check", figure="area", figure_from=100, figure_to=150)
        unknown = self.make_rule("check", figure="days", figure_from=1)
        for area, expected in (
            (100, rule.browse()),
            (100.5, rule),
            (150, rule),
            (151, rule.browse()),
        ):
            self.unit.area_gross = area
            self.assertEqual(self.matching(), expected)
        self.assertNotIn(unknown, self.matching())

    def test_case_by_estate_company_and_conditions(self):
        other = self.make_estate("OT")
        here = self.make_rule("check", estate_ids=self.estate.ids)
        self.make_rule("check", estate_ids=other.ids)
        self.make_rule("check", company_id=self.make_company().id)
        tenants = self.make_rule("check", domain="[('kind', '=', 'tenant')]")
        self.make_rule("check", domain="[('unit_id.floor', '>', 1)]")
        self.make_rule("check", active=False)
        self.make_rule("override")
        self.assertEqual(self.matching(), here | tenants)

    def test_department_of_another_company_is_not_asked(self):
        company = self.make_company()
        foreign = self.make_department("Foreign", company_id=company.id)
        rule = self.make_rule("check", department_id=foreign.id)
        self.assertEqual(rule.company_id, company)
        self.assertEqual(len(self.matching()), 0)

    def test_rule_says_in_words_what_it_does(self):
        rule = self.make_rule(
            "check",
            estate_ids=self.estate.ids,
            department_id=self.engineering.id,
            amount_from=100000,
            step=2,
            domain="[('kind', '=', 'tenant')]",
        )
        self.assertRegex(
            rule.summary,
            r"^For Occupancy: Check, in Estate HP, amount over .*100,000.00.*, in the special case"
            r" below, the department Test Engineering decides in step 2\.$",
        )
        both = self.make_rule("check", required_count=2)
        self.assertEqual(
            both.summary,
            "For Occupancy: Check, the role Customer Service Manager (2 persons)"
            " decides in step 1.",
        )

    def test_exactly_one_decides(self):
        values = {
            "model_id": self.env["ir.model"]._get_id("property.occupancy"),
            "gate": "override",
        }
        rules = self.env["property.approval.rule"]
        for who in (
            {},
            {"group_id": self.group_manager.id, "user_id": self.manager.id},
            {"department_id": self.engineering.id, "user_field": "create_uid"},
        ):
            with self.refused(ValidationError, "who decides: one department"):
                rules.create(values | who)
        for who, kind in (
            ({"group_id": self.group_manager.id}, "role"),
            ({"user_id": self.manager.id}, "person"),
            ({"department_id": self.engineering.id}, "department"),
            ({"user_field": "create_uid"}, "field"),
        ):
            self.assertEqual(rules.create(values | who).decider, kind)

    def test_rule_without_a_name_is_named_by_what_it_does(self):
        rule = self.make_rule(department_id=self.engineering.id)
        self.assertEqual(rule.name, "Occupancy: Override – the department Test Engineering")
        self.assertEqual(self.make_rule(name="Mine").display_name, "Mine")

    def test_nonsense_is_refused_with_the_name_of_the_rule(self):
        for values, message in (
            ({"gate": "nowhere"}, "no gate called nowhere"),
            ({"domain": "[('no_such_field', '=', 1)]"}, "special case of rule Bad"),
            ({"domain": "[('state', '=', uid)]"}, "fixed values"),
            ({"domain": "__import__('os').getcwd()"}, "fixed values"),
            ({"amount_from": 5, "amount_to": 5}, "leave nothing between"),
            ({"user_id": self.manager.id, "required_count": 2}, "cannot ask for 2"),
        ):
            with self.subTest(values=values), self.refused(ValidationError, message):
                self.make_rule(**{"gate": "override", "name": "Bad", **values})

    def test_numbers_below_one_are_refused_by_the_database(self):
        for values in ({"step": 0}, {"required_count": 0}, {"escalation_days": -1}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as caught,
                self.env.cr.savepoint(),
            ):
                self.make_rule(**values)
            self.assertEqual(type(caught.exception).__name__, "CheckViolation")

    def test_conditions_do_not_reveal_what_the_author_may_not_read(self):
        rules = self.env["property.approval.rule"].with_user(self.manager)
        with self.refused(ValidationError, "special case"):
            rules.create(
                {
                    "model_id": self.env["ir.model"]._get_id("property.occupancy"),
                    "gate": "override",
                    "estate_ids": self.estate.ids,
                    "user_id": self.manager.id,
                    "domain": "[('message_ids.tracking_value_ids.new_value_char', '=', 'x')]",
                }
            )

    def test_staff_read_rules_and_managers_set_them_for_their_estates(self):
        rule = self.make_rule(estate_ids=self.estate.ids)
        everywhere = self.make_rule()
        values = {"gate_id": rule.gate_id.id, "user_id": self.manager_2.id}
        self.assertEqual(rule.with_user(self.engineer).name, rule.name)
        for act in (
            lambda: rule.with_user(self.engineer).write({"step": 2}),
            lambda: rule.with_user(self.engineer).action_suspend(),
            lambda: rule.with_user(self.desk).unlink(),
            lambda: rule.with_user(self.desk).create(values),
            lambda: everywhere.with_user(self.manager).write({"step": 2}),
            lambda: everywhere.with_user(self.manager).unlink(),
            lambda: everywhere.with_user(self.manager).create(values),
        ):
            with self.assertRaises(AccessError):
                act()
        rule.with_user(self.manager).write({"step": 2})
        self.assertEqual(rule.step, 2)
        with self.refused(ValidationError, "beyond your own estates"):
            rule.with_user(self.manager).write({"estate_ids": [(5,)]})
        director = self.make_user("general_manager", estate_all=True, login="director")
        made = rule.with_user(director).create(values)
        self.assertEqual(made.model, "property.occupancy")
        made.with_user(director).unlink()
        self.assertEqual(made.exists(), made.browse())

    def test_used_rule_stays_on_record(self):
        rule = self.make_rule()
        self.ask()
        with self.refused(UserError, "stays on record. Put it out of force"):
            rule.unlink()

    def test_form_makes_a_draft_that_is_put_in_force(self):
        self.manager.estate_all = True
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_approval_rule_action"
        )
        self.assertIn("'default_active': False", action["context"])
        rules = self.env["property.approval.rule"].with_user(self.manager)
        form = Form(rules.with_context(default_active=False))
        form.name = "Two managers"
        form.gate_id = self.env["property.approval.gate"]._get("property.occupancy", "override")
        form.decider = "role"
        form.group_id = self.group_manager
        form.decider = "person"
        form.user_id = self.manager_2
        rule = form.save()
        self.assertEqual(
            (rule.active, rule.model, rule.gate, rule.group_id.ids),
            (False, "property.occupancy", "override", []),
        )
        self.assertEqual(len(self.matching(gate="override")), 0)
        rule.action_put_in_force()
        self.assertEqual(self.matching(gate="override"), rule)
        rule.action_suspend()
        self.assertEqual(len(self.matching(gate="override")), 0)

    def test_shipped_rule_lets_a_manager_decide_on_an_override(self):
        rule = self.env.ref("property_tenant.approval_rule_override")
        rule.action_put_in_force()
        self.ask().with_user(self.manager).action_approve()
        self.assertEqual(self.state(), "approved")

    def test_guard_on_a_computed_field_is_refused(self):
        occupancy = self.env["property.occupancy"]
        for guarded in ("estate_id", "display_name", "company_id"):
            with self.refused(TypeError, "not an ordinary field"):
                occupancy._approval_check_declaration("bad", Gate("Bad", {guarded: (1,)}))
        with self.refused(TypeError, "has no field"):
            occupancy._approval_check_declaration("bad", Gate("Bad", {}, ("nothing.at",)))


@tagged("post_install", "-at_install", "property", "property_approval")
class TestApprovalTry(ApprovalCase):
    def test_trying_shows_who_would_decide_and_changes_nothing(self):
        first = self.make_rule(name="Engineers", step=1, department_id=self.engineering.id)
        self.make_rule(name="Large", step=2, amount_from=50000)
        draft = self.make_rule(name="Draft", step=3, active=False, user_id=self.manager_2.id)
        before = self.count_everything()
        wizard = Form(self.env["property.approval.try"].with_user(self.manager))
        wizard.gate_id = first.gate_id
        wizard.record_ref = f"property.occupancy,{self.occupancy.id}"
        saved = wizard.save()
        self.assertEqual(
            [(line.step, line.name, line.applies, line.names) for line in saved.line_ids],
            [
                (1, "Engineers", True, "Eve Engineer"),
                (2, "Large", False, "Max Manager, Mia Manager"),
            ],
        )
        self.assertEqual(saved.line_ids[1].reason, "The amount is 1000.0.")
        self.assertEqual(
            saved.conclusion, "Step 1: the department Test Engineering. Today: Eve Engineer."
        )
        saved.rule_id = draft
        self.assertEqual(saved.conclusion, "Step 3: Mia Manager. Today: Mia Manager.")
        self.assertEqual(self.count_everything(), before)
        self.assertEqual(draft.active, False)

    def count_everything(self):
        return [
            self.env["property.approval"].search_count([]),
            self.env["mail.activity"].search_count([]),
            self.env["mail.message"].search_count([("model", "=", "property.occupancy")]),
        ]

    def test_records_out_of_sight_cannot_be_tried(self):
        rule = self.make_rule()
        with self.assertRaises(AccessError):
            self.env["property.approval.try"].with_user(self.stranger).create(
                {
                    "gate_id": rule.gate_id.id,
                    "record_ref": f"property.occupancy,{self.occupancy.id}",
                }
            ).read(["conclusion"])
        with self.assertRaises(AccessError):
            self.env["property.approval.try"].with_user(self.desk).create(
                {"gate_id": rule.gate_id.id}
            )

    def test_button_of_a_rule_opens_the_try_with_it(self):
        rule = self.make_rule(active=False)
        action = rule.with_user(self.manager).action_try()
        wizard = Form(
            self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"])
        )
        self.assertEqual(wizard.rule_id, rule)
        self.assertEqual(wizard.record_ref, f"property.occupancy,{self.occupancy.id}")
        self.assertEqual(len(wizard.line_ids), 1)


@tagged("post_install", "-at_install", "property", "property_approval")
class TestApprovalVolume(ApprovalCase):
    def make_many(self, count):
        units = self.env["property.unit"].create(
            [{"code": f"V-{n}-{count}", "building_id": self.building.id} for n in range(count)]
        )
        return self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": self.tenant.id,
                    "date_start": "2024-01-01",
                    "state": "moving_in",
                }
                for unit in units
            ]
        )

    def count_queries(self, records):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.with_user(self.desk)._request_approval("override", "Many at once")
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_asking_for_many_costs_no_query_per_record(self):
        self.make_rule(step=1, domain="[('kind', '=', 'tenant')]")
        self.make_rule(step=2, department_id=self.engineering.id)
        few, many = self.make_many(10), self.make_many(100)
        self.count_queries(self.make_many(2))
        ten, hundred = self.count_queries(few), self.count_queries(many)
        self.assertEqual(self.rows(many).mapped("verdict"), ["pending"] * 200)
        self.assertEqual(len(many.activity_ids), 200)
        self.assertLessEqual(hundred - ten, 9, (ten, hundred))
        self.assertLessEqual(ten, 75)

    def test_listing_what_waits_costs_no_query_per_row(self):
        self.make_rule(department_id=self.engineering.id)
        self.env["property.approval.deputy"].create(
            {"user_id": self.engineer.id, "deputy_id": self.manager.id, "date_from": "2020-01-01"}
        )
        few, many = self.make_many(10), self.make_many(100)
        counts = []
        for records in (few, many):
            records.with_user(self.desk)._request_approval("override")
            rows = self.rows(records)
            for user in (self.engineer, self.manager):
                waiting = self.env["property.approval"].with_user(user).search([])
                self.assertLessEqual(rows, waiting)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                found = waiting.search([("id", "in", rows.ids), ("waits_for_me", "=", True)])
                found.read(["res_name", "who", "gate_name", "waits_for_me"])
                records.with_user(user).read(["approval_state", "approval_waiting", "can_approve"])
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(found, rows.with_user(user))
        self.assertLessEqual(max(counts[2:]) - min(counts[:2]), 12, counts)
