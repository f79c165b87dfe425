from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .test_privacy import NUMBER, PrivacyCase


@tagged("post_install", "-at_install")
class TestEnteringPapers(PrivacyCase):
    def form(self, partner, role="officer"):
        papers = self.env["res.partner.id_number"].with_user(self.as_role(role))
        form = Form(papers)
        form.partner_id = partner
        form.category_id = self.kind
        return form

    def test_a_paper_is_entered_in_its_form(self):
        form = self.form(self.tenant)
        form.number = "440524 18800101 0014"
        paper = form.save()
        self.assertEqual(paper.sudo().name, "440524188001010014")
        self.assertEqual(paper.number, "4405**********0014")

    def test_a_paper_is_entered_on_the_page_of_the_party(self):
        officer = self.as_role("officer")
        with Form(self.tenant.with_user(officer)) as form, form.id_numbers.new() as line:
            line.category_id = self.kind
            line.number = "440524188001010014"
        self.assertEqual(self.tenant.sudo().id_numbers.name, "440524188001010014")

    def test_a_number_that_another_party_has_is_told_with_its_name(self):
        form = self.form(self.tenant)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING"):
            form.number = NUMBER
        result = (
            self.env["res.partner.id_number"]
            .with_user(self.as_role("officer"))
            .onchange(
                {
                    "partner_id": self.tenant.id,
                    "category_id": self.kind.id,
                    "number": f" {NUMBER.lower()}",
                },
                ["number"],
                {"partner_id": {}, "category_id": {}, "number": {}},
            )
        )
        self.assertIn("Olivia Owner", result["warning"]["message"])
        self.assertNotIn(NUMBER, result["warning"]["message"])
        paper = form.save()
        self.assertEqual(paper.duplicate_partner_ids, self.owner)
        self.assertEqual(self.paper.duplicate_partner_ids, self.tenant)

    def test_a_reissued_paper_of_the_same_party_warns_of_nothing(self):
        result = (
            self.env["res.partner.id_number"]
            .with_user(self.as_role("officer"))
            .onchange(
                {"partner_id": self.owner.id, "category_id": self.kind.id, "number": NUMBER},
                ["number"],
                {"partner_id": {}, "category_id": {}, "number": {}},
            )
        )
        self.assertNotIn("warning", result)
        again = self.paper.create(
            {"partner_id": self.owner.id, "category_id": self.kind.id, "number": NUMBER}
        )
        self.assertFalse(again.duplicate_partner_ids)

    def test_a_mistyped_number_is_refused_with_a_helpful_sentence(self):
        officer = self.as_role("officer")
        papers = self.env["res.partner.id_number"].with_user(officer)
        for kind, number, sentence in (
            ("resident_id", "110105194912310021", "does not fit the others"),
            ("resident_id", "11010519491231002", "17 characters instead of 18"),
            ("resident_id", "110105194913310021", "no date of birth"),
            ("resident_id", "990105194912310021", "does not fit the others"),
            ("resident_id", "100105194912310021", "name no province"),
            ("resident_id", "1101051949123100AX", "where there can be none"),
            ("business_licence", "91110000600037341M", "does not fit the others"),
            ("organisation_code", "D2143569-1", "does not fit the others"),
            ("hk_macao_permit", "X12345678", "where there can be none"),
            ("passport", "ABC", "3 characters instead of 5–17"),
        ):
            with self.subTest(number=number), self.assertRaises(ValidationError) as refused:
                papers.create(
                    {
                        "partner_id": self.tenant.id,
                        "category_id": self.env.ref(f"property_tenant.id_category_{kind}").id,
                        "number": number,
                    }
                )
            self.assertIn(sentence, str(refused.exception))
            self.assertIn("Tenant Trading Ltd", str(refused.exception))
            self.assertNotIn(number, str(refused.exception))

    def test_a_context_key_does_not_pass_the_check(self):
        with self.assertRaises(ValidationError):
            self.paper.with_context(id_no_validate=True).write({"number": "110105194912310021"})


@tagged("post_install", "-at_install")
class TestIdentityAtMoveIn(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.pm_require_identity = True
        cls.lease = cls.make_occupancy(cls.unit_2, cls.tenant, state="moving_in")
        cls.desk = cls.make_user("front_desk", cls.estate)

    def add_paper(self, **values):
        return self.env["res.partner.id_number"].create(
            {
                "partner_id": self.tenant.id,
                "category_id": self.env.ref("property_tenant.id_category_business_licence").id,
                "number": "91350100M000100Y43",
                **values,
            }
        )

    def test_a_handover_is_not_completed_without_a_paper(self):
        with self.assertRaisesRegex(UserError, "no valid identity paper of Tenant Trading Ltd"):
            self.lease.with_user(self.desk).action_activate()
        self.assertEqual(self.lease.state, "moving_in")
        self.assertIn("identity paper", self.lease.with_user(self.desk).activation_missing)

    def test_with_a_paper_it_is(self):
        self.add_paper()
        self.lease.with_user(self.desk).action_activate()
        self.assertEqual(self.lease.state, "active")

    def test_an_expired_or_archived_paper_does_not_count(self):
        paper = self.add_paper(valid_until="2020-01-01")
        with self.assertRaises(UserError):
            self.lease.action_activate()
        paper.write({"valid_until": "2099-01-01", "active": False})
        with self.assertRaises(UserError):
            self.lease.action_activate()

    def test_a_company_can_do_without(self):
        self.env.company.pm_require_identity = False
        self.lease.with_user(self.desk).action_activate()
        self.assertEqual(self.lease.state, "active")

    def test_occupancies_entered_as_active_are_not_asked(self):
        lease = self.make_occupancy(self.unit_3, self.tenant, state="active")
        self.assertEqual(lease.state, "active")
        lease.write({"state": "notice", "date_end": "2030-01-01", **self.noticed})
        lease.action_withdraw_notice()
        self.assertEqual(lease.state, "active")

    def test_a_manager_can_override_with_a_reason(self):
        manager = self.make_user("manager", self.estate)
        head = self.make_user("manager", self.estate, login="second_manager")
        self.env["property.approval.rule"].search([("gate", "=", "override")]).active = False
        self.env["property.approval.rule"].create(
            {
                "name": "Override by the manager",
                "model_id": self.env["ir.model"]._get_id("property.occupancy"),
                "gate": "override",
                "step": 1,
                "user_id": head.id,
            }
        )
        lease = self.lease.with_user(manager)
        lease.action_request_override("The licence is being renewed")
        rows = self.env["property.approval"].search(
            [("res_model", "=", "property.occupancy"), ("res_id", "=", lease.id)]
        )
        rows.with_user(head).action_approve()
        lease.action_activate()
        self.assertEqual(lease.state, "active")


@tagged("post_install", "-at_install")
class TestReceptionEntersPapers(PrivacyCase):
    """The reception writes down what is shown to it, and sees it masked from then on."""

    NUMBER = "91350100M000100Y43"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.make_user("front_desk", cls.estate, login="reception")
        cls.licence = cls.env.ref("property_tenant.id_category_business_licence")

    def enter(self, user=None):
        return (
            self.env["res.partner.id_number"]
            .with_user(user or self.desk)
            .create(
                {
                    "partner_id": self.tenant.id,
                    "category_id": self.licence.id,
                    "number": self.NUMBER,
                }
            )
        )

    def test_it_enters_a_number_by_the_form_of_the_party(self):
        with Form(self.tenant.with_user(self.desk)) as party, party.id_numbers.new() as paper:
            paper.category_id = self.licence
            paper.number = self.NUMBER
        paper = self.tenant.id_numbers[-1]
        self.assertEqual(paper.name, self.NUMBER)
        self.env.invalidate_all()
        shown = paper.with_user(self.desk).read(["number", "name_masked", "display_name"])[0]
        self.assertNotIn(self.NUMBER, str(shown))
        self.assertIn("*", shown["number"])

    def test_afterwards_it_sees_no_more_than_others(self):
        paper = self.enter()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            paper.read(["name"])
        with self.assertRaises(AccessError):
            paper.action_reveal("Because")
        with self.assertRaises(AccessError):
            paper.search([("name", "=", self.NUMBER)])
        with self.assertRaises(UserError):
            paper.export_data(["number"])

    def test_it_corrects_its_own_number_and_nobody_else_s(self):
        paper = self.enter()
        paper.number = "91350100M000100Y43"
        paper.valid_until = "2099-01-01"
        foreign = self.enter(self.make_user("officer", self.estate, login="officer_2"))
        with self.assertRaisesRegex(AccessError, "was entered by"):
            foreign.with_user(self.desk).number = "110105194912310021"
        foreign.with_user(self.desk).valid_until = "2098-01-01"
        self.assertEqual(foreign.sudo().name, self.NUMBER)

    def test_it_deletes_none(self):
        with self.assertRaises(AccessError):
            self.enter().unlink()

    def test_a_wrong_number_is_refused_as_for_everybody(self):
        with self.assertRaises(ValidationError):
            self.env["res.partner.id_number"].with_user(self.desk).create(
                {"partner_id": self.tenant.id, "category_id": self.licence.id, "number": "12345"}
            )

    def test_with_what_it_entered_it_completes_the_handover(self):
        self.env.company.pm_require_identity = True
        lease = self.make_occupancy(self.unit_2, self.tenant, state="moving_in")
        with self.assertRaises(UserError):
            lease.with_user(self.desk).action_activate()
        self.enter()
        lease.with_user(self.desk).action_activate()
        self.assertEqual(lease.state, "active")

    def test_it_confirms_to_a_caller_without_seeing(self):
        paper = self.enter()
        self.assertTrue(paper.action_confirm(self.NUMBER))
        self.assertFalse(paper.action_confirm("91350100M000100Y44"))
        kinds = self.env["property.reveal.log"].search([("res_id", "=", paper.id)]).mapped("kind")
        self.assertEqual(sorted(kinds), ["confirm", "wrong"])

    def test_others_enter_none(self):
        for role in ("sales", "steward", "collector", "cashier", "security"):
            with self.assertRaises(AccessError, msg=role):
                self.enter(self.make_user(role, self.estate, login=f"entering_{role}"))
