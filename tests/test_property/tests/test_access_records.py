"""Whose rows are seen by whom: other estates, other companies, through every way in."""

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.property_tenant.tests.common import PropertyBuilders

from .common import OPEN_BEYOND_ESTATE, SuiteMixin
from .rows import assign, make_place


class AccessCase(SuiteMixin, PropertyBuilders, TransactionCase):
    maxDiff = None
    """Rows of every model in the own estate, in another one and in another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_2 = cls.make_company()
        cls.own = make_place(cls, "OWN")
        cls.other = make_place(cls, "OTHER")
        cls.foreign = make_place(cls, "FOREIGN", cls.company_2)
        cls.users = cls.make_role_users("records")

    def setUp(self):
        super().setUp()
        for maker in (self.own, self.other, self.foreign):
            # rows made in a test are gone after it
            self.patch(maker, "made", dict(maker.made))

    def lasting_models(self, field):
        return [
            model
            for model in self.our_models(transient=False) + ["account.move"]
            if model in self.env
            and self.env[model]._auto
            and field in self.env[model]._fields
            and self.env[model]._fields[field].store
            # rows about records of any kind need a kind
            and getattr(self.env[model], "_get_about_models", lambda: True)()
        ]

    def make_rows(self, maker, models):
        rows = {}
        for model in models:
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    rows[model] = maker.make(model)
            except Exception as error:
                self.fail(
                    f"No row of {model} can be made: {error} Say in tests/rows.py of"
                    " test_property how (VALUES or BUILDERS)."
                )
        self.env.invalidate_all()
        return rows

    def rpc(self, user, model, method, *args, **kwargs):
        return call_kw(self.env(user=user)[model], method, list(args), kwargs)

    def refused(self, user, model, method, *args, **kwargs):
        """Whether the call ends in a refusal."""
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                self.rpc(user, model, method, *args, **kwargs)
        except (AccessError, UserError):
            return True
        return False

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def find_leaks(self, role, user, model, row_id):
        """Ways in which ``user`` gets at a row that is not for him."""
        self.env.invalidate_all()
        Model = self.env[model].with_user(user)
        only = [("id", "=", row_id)]
        always = {"active_test": False}
        ways = {
            "search": self.rpc(user, model, "search", only, context=always),
            "search_count": self.rpc(user, model, "search_count", only, context=always),
            "search_read": self.rpc(user, model, "search_read", only, ["id"], context=always),
            "name_search": [
                row
                for row in self.rpc(user, model, "name_search", "", only, context=always)
                if row[0] == row_id
            ],
            "group": sum(
                group["__count"]
                for group in self.rpc(
                    user, model, "formatted_read_group", only, [], ["__count"], context=always
                )
            ),
            "read": not self.refused(user, model, "read", [row_id], ["write_date"]),
            "web_read": not self.refused(
                user, model, "web_read", [row_id], {"display_name": {}, "write_date": {}}
            ),
            "export": not self.refused(user, model, "export_data", [row_id], ["id", "write_date"]),
        }
        for operation in ("write", "create", "unlink"):
            if Model.has_access(operation):
                ways[operation] = Model.browse(row_id).has_access(operation)
        return [way for way, found in ways.items() if found]

    def assert_out_of_reach(self, rows):
        """No reader of their models gets at any of ``rows``."""
        leaks = {}
        for model, row_id in rows.items():
            for role, user in self.readers(model, self.users).items():
                ways = self.find_leaks(role, user, model, row_id)
                if ways:
                    leaks.setdefault(f"{model} by {', '.join(ways)}", []).append(role)
        self.assertEqual(leaks, {})

    def readers(self, model, users):
        """Who may read the model: of roles with the same rights and rules one each."""
        found = {}
        for role, user in users.items():
            Model = self.env[model].with_user(user)
            if not Model.has_access("read"):
                continue
            Rule = self.env["ir.rule"].with_user(user)
            same = tuple(
                (operation, repr(Rule._compute_domain(model, operation)))
                for operation in ("read", "write", "create", "unlink")
                if Model.has_access(operation)
            )
            found.setdefault(same, (role, user))
        return dict(found.values())


@tagged("post_install", "-at_install")
class TestOtherEstates(AccessCase):
    def test_staff_of_one_estate_cannot_reach_the_rows_of_another(self):
        for user in self.users.values():
            assign(user, self.own.estate)
        models = [
            model for model in self.lasting_models("estate_id") if model not in OPEN_BEYOND_ESTATE
        ]
        rows = self.make_rows(self.other, models)
        self.assert_out_of_reach(rows)

    def test_staff_without_estate_reach_no_row_with_an_estate(self):
        for user in self.users.values():
            assign(user, self.own.estate.browse())
        models = [
            model for model in self.lasting_models("estate_id") if model not in OPEN_BEYOND_ESTATE
        ]
        rows = self.make_rows(self.own, models)
        self.assert_out_of_reach(rows)

    def test_controller_reads_the_rows_of_the_own_estate(self):
        """Otherwise the tests above would pass for rules that hide everything."""
        controller = self.users["controller"]
        assign(controller, self.own.estate)
        rows = self.make_rows(self.own, self.lasting_models("estate_id"))
        hidden = [
            model
            for model, row_id in rows.items()
            if self.env[model].with_user(controller).has_access("read")
            and not self.rpc(
                controller, model, "search", [("id", "=", row_id)], context={"active_test": False}
            )
        ]
        self.assertEqual(hidden, [])


@tagged("post_install", "-at_install")
class TestOtherCompanies(AccessCase):
    def test_staff_of_one_company_cannot_reach_the_rows_of_another(self):
        for user in self.users.values():
            user.estate_all = not user.share
        rows = self.make_rows(self.foreign, self.lasting_models("company_id"))
        self.assert_out_of_reach(rows)
