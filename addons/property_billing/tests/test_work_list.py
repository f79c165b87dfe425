from odoo.tests import HttpCase, TransactionCase, tagged

from odoo.addons.property_tenant.tests.common import ROLES, PropertyBuilders

#: the list each role begins with
BEGINS_WITH = {
    "user": "property.unit",
    "sales": "property.occupancy",
    "steward": "property.reading.round",
    "front_desk": "property.occupancy",
    "officer": "property.occupancy",
    "supervisor": "property.occupancy",
    "manager": "property.approval",
    "engineer": "property.reading.round",
    "engineering_supervisor": "property.reading.round",
    "security": "property.unit",
    "collector": "property.reading.round",
    "cashier": "property.letter",
    "billing_supervisor": "property.billing.run",
    "accountant": "account.move",
    "archivist": "property.unit",
    "legal": "property.letter",
    "general_manager": "property.approval",
    "controller": "property.unit",
}


@tagged("post_install", "-at_install")
class TestWorkList(PropertyBuilders, TransactionCase):
    def test_every_role_begins_with_a_list_of_its_own_menus(self):
        self.assertEqual(set(BEGINS_WITH), set(ROLES))
        for role, model in BEGINS_WITH.items():
            user = self.make_user(role, estate_all=True)
            action = user._get_work_list()
            self.assertEqual(action.res_model, model, role)
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            reached = {menu["action_id"] for menu in menus.values() if "action_id" in menu}
            self.assertIn(action.id, reached, role)

    def test_people_without_a_role_begin_where_odoo_lets_them(self):
        self.assertFalse(self.env.ref("base.public_user")._get_work_list())


@tagged("post_install", "-at_install")
class TestWorkListOverHttp(PropertyBuilders, HttpCase):
    def home(self, login):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/web/session/get_session_info")["home_action_id"]

    def test_the_client_is_told_and_an_own_choice_goes_before(self):
        user = self.make_user("collector", estate_all=True, login="collector_home")
        rounds = self.env.ref("property_billing.property_reading_round_action")
        self.assertEqual(self.home("collector_home"), rounds.id)
        own = self.env.ref("property_tenant.property_unit_action")
        user.action_id = own.id
        self.assertEqual(self.home("collector_home"), own.id)
