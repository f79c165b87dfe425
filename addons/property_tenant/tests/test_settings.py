from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ROLES, PropertyCase


@tagged("post_install", "-at_install")
class TestSettings(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("manager", estate_all=True)
        cls.company = cls.env.company

    def settings(self, user, **context):
        """The window that ``user`` opens by the menu."""
        Settings = self.env["property.settings"].with_user(user).with_context(**context)
        return Settings.browse(Settings.action_open()["res_id"])

    def test_a_manager_changes_the_limits_of_the_company(self):
        self.assertFalse(self.manager.has_group("base.group_system"))
        with Form(self.settings(self.manager)) as form:
            self.assertEqual(form.pm_confirm_limit, self.company.pm_confirm_limit)
            form.pm_confirm_limit = 7
            form.pm_require_identity = True
        self.assertEqual(
            (self.company.pm_confirm_limit, self.company.pm_require_identity), (7, True)
        )

    def test_the_window_shows_what_is_set_now(self):
        window = self.settings(self.manager)
        self.company.pm_import_keep_days = 33
        self.assertEqual(window.pm_import_keep_days, 33)

    def test_every_setting_is_on_the_form(self):
        """A limit without a field on the form could be changed by nobody."""
        names = set(self.env["property.settings"]._setting_names())
        arch = self.env["property.settings"].get_view(view_type="form")["models"]
        self.assertEqual(names - set(arch["property.settings"]), set())
        self.assertLess({"pm_confirm_limit", "pm_import_keep_days"}, names)

    def test_the_menu_opens_for_managers_alone(self):
        for role in ROLES:
            user = self.manager if role == "manager" else self.make_user(role, estate_all=True)
            menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            seen = self.env.ref("property_tenant.menu_property_settings").id in menus
            self.assertEqual(seen, role == "manager", role)
            if role != "manager":
                with self.assertRaises(AccessError, msg=role):
                    self.env["property.settings"].with_user(user).action_open()

    def test_another_company_is_out_of_reach(self):
        other = self.make_company()
        before = other.pm_confirm_limit
        Settings = self.env["property.settings"].with_user(self.manager)
        window = Settings.create({"company_id": other.id, "pm_confirm_limit": 99})
        self.assertEqual(window.company_id, self.company)
        window.write({"company_id": other.id, "pm_confirm_limit": 98})
        self.assertEqual(
            (window.company_id, other.pm_confirm_limit, self.company.pm_confirm_limit),
            (self.company, before, 98),
        )

    def test_a_window_of_a_company_that_is_not_chosen_any_more_changes_nothing(self):
        other = self.make_company()
        self.manager.company_ids += other
        window = self.settings(self.manager, allowed_company_ids=other.ids)
        self.assertEqual(window.company_id, other)
        with self.assertRaises(AccessError):
            window.with_context(allowed_company_ids=self.company.ids).pm_confirm_limit = 99
        self.assertEqual(other.pm_confirm_limit, 5)

    def test_the_window_of_a_colleague_stays_shut(self):
        window = self.settings(self.manager)
        colleague = self.make_user("manager", estate_all=True, login="second_manager")
        with self.assertRaises(AccessError):
            window.with_user(colleague).pm_confirm_limit = 99

    def test_who_sees_some_estates_only_leaves_the_limits_of_all(self):
        self.make_estate("H2")
        some = self.make_user("manager", self.estate, login="one_estate")
        window = self.settings(some)
        self.assertEqual(window.pm_confirm_limit, self.company.pm_confirm_limit)
        with self.refused("Ask a manager who sees all estates", AccessError):
            window.pm_confirm_limit = 99
        some.estate_ids = self.env["property.estate"].search([])
        window.pm_confirm_limit = 6
        self.assertEqual(self.company.pm_confirm_limit, 6)

    @mute_logger("odoo.sql_db")
    def test_an_absurd_limit_is_refused(self):
        window = self.settings(self.manager)
        for name in ("pm_import_max_rows", "pm_import_keep_days"):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                window[name] = 0
                self.env.flush_all()
