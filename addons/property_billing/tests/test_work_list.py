from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.property_tenant.tests.common import ROLES, PropertyBuilders

from .common import BillingCase

#: lines that each role has on its screen, beside those of everybody
HAS = {
    "steward": {"reading_round", "reading_flagged", "letter_deliver"},
    "engineer": {"reading_round", "reading_flagged"},
    "engineering_supervisor": {"reading_round", "reading_flagged"},
    "collector": {"reading_round", "letter_deliver", "bill_overdue", "bill_due"},
    "cashier": {"bill_overdue", "bill_due"},
    "billing_supervisor": {"run_open", "run_deliver", "round_check", "bill_overdue"},
    "accountant": {"bill_overdue"},
    "legal": {"bill_legal"},
}


@tagged("post_install", "-at_install")
class TestWorkList(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_fee_rule(cls.fee, "area", rate=2.0)
        # the paper is tested elsewhere; here it would only take time
        cls.classPatch(cls.env.registry["property.billing.run"], "_print_missing", lambda run: None)

    def lines(self, user):
        told = self.env["property.today"].with_user(user).get_today()
        found = {line["key"]: line for section in told["sections"] for line in section["lines"]}
        return found, {line["key"] for line in told["nothing"]}

    def test_every_role_finds_its_work_of_billing(self):
        for role in ROLES:
            user = self.make_user(role, self.estate, login=f"list_{role}")
            found, nothing = self.lines(user)
            self.assertLessEqual(HAS.get(role, set()), found.keys() | nothing, role)
            if role == "security":
                self.assertFalse({"bill_overdue", "run_open"} & (found.keys() | nothing))

    def test_bills_and_notices_are_counted(self):
        collector = self.make_user("collector", self.estate, login="list_collects")
        self.post_run(self.make_run(2024, 1)).action_deliver()
        found, _nothing = self.lines(collector)
        self.assertEqual(found["letter_deliver"]["count"], 2)
        self.assertEqual(found["bill_overdue"]["count"], 2)
        for key in ("letter_deliver", "bill_overdue"):
            line = found[key]
            domain = line["window"]["domain"]
            records = self.env[line["model"]].with_user(collector).search(domain)
            self.assertEqual(len(records), 2, key)

    def test_the_manager_sees_what_is_open(self):
        manager = self.make_user("manager", self.estate, login="list_manager")
        bills = self.post_run(self.make_run(2024, 1)).move_ids
        board = self.env["property.today"].with_user(manager).get_dashboard()
        figures = {figure["key"]: figure for figure in board["figures"]}
        self.assertTrue(figures["arrears"]["alarming"])
        self.assertIn("2", figures["arrears"]["detail"])
        [graph] = [graph for graph in board["graphs"] if graph["key"] == "overdue_building"]
        total = sum(sum(row["values"]) for row in graph["rows"])
        self.assertAlmostEqual(total, sum(bills.mapped("amount_residual")))
        self.assertLess(max(bills.mapped("invoice_date_due")), fields.Date.today())


@tagged("post_install", "-at_install")
class TestWorkListOverHttp(PropertyBuilders, HttpCase):
    def home(self, login):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/web/session/get_session_info")["home_action_id"]

    def test_the_client_is_told_and_an_own_choice_goes_before(self):
        user = self.make_user("collector", estate_all=True, login="collector_home")
        today = self.env.ref("property_tenant.property_today_action")
        self.assertEqual(self.home("collector_home"), today.id)
        own = self.env.ref("property_tenant.property_unit_action")
        user.action_id = own.id
        self.assertEqual(self.home("collector_home"), own.id)
