"""What each role finds in the menus: the reviewed table, and that everything found there opens."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import datetime, dateutil, safe_eval, time

from .common import (
    OUTSIDERS,
    SuiteMixin,
    how_to_regenerate,
    read_table,
    regenerating,
    write_table,
)

TABLE = "menus.csv"
#: stands for every role in the table
EVERYBODY = "everybody"
#: right to see secrets, added to a role
NOT_A_ROLE = {"private_data"}

#: menus of roles that decide, not of those that only read
NOT_FOR_READERS = {
    "property_tenant.menu_property_approval_try": "tries rules, for those who write them",
    "property_tenant.menu_property_import": "writes; the controller sees what was imported",
    "property_billing.menu_billing_import": "the same",
    "property_tenant.menu_property_inspection_today": "what one has to do oneself",
    "property_tenant.menu_property_defect_check": "what one has found oneself",
    "property_tenant.menu_property_settings": "writes",
    "property_billing.menu_billing_settings": "writes",
}


class MenuCase(SuiteMixin, TransactionCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls.make_role_users("menus")
        cls.users = {
            role: user
            for role, user in made.items()
            if role not in OUTSIDERS and role not in NOT_A_ROLE
        }
        every = cls.env["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True})
        menus = every.search([])
        names = menus.get_external_id()
        ours = {f"{addon}." for addon in cls.our_addons()}
        cls.menus = {
            names[menu.id]: menu for menu in menus if names[menu.id].startswith(tuple(ours))
        }

    def visible(self, user):
        """What the user finds: nothing hangs below a menu that is not shown."""
        Menu = self.env["ir.ui.menu"]
        shown = Menu.with_user(user)._visible_menu_ids()

        def is_reached(menu):
            return menu.id in shown and (not menu.parent_id or is_reached(menu.parent_id))

        return Menu.browse(sorted(shown)).filtered(is_reached)

    def in_order(self):
        """Menus with something behind them, as they stand on the screen."""
        found = []

        def walk(menu, path):
            for child in menu.sorted(lambda item: (item.sequence, item.id)):
                key = (*path, child.with_context(lang=None).name)
                if child.action:
                    found.append((child, " / ".join(key)))
                walk(child.child_id, key)

        walk(self.env["ir.ui.menu"].union(*self.menus.values()).filtered(self.is_root), ())
        names = {menu.id: name for name, menu in self.menus.items()}
        return [(names[menu.id], path) for menu, path in found if menu.id in names]

    def is_root(self, menu):
        return not menu.parent_id


@tagged("post_install", "-at_install")
class TestMenuTable(MenuCase):
    def test_every_role_sees_the_reviewed_menus(self):
        seen = {role: set(self.visible(user).ids) for role, user in self.users.items()}
        rows = []
        for name, path in self.in_order():
            roles = [role for role in self.users if self.menus[name].id in seen[role]]
            rows.append(
                (name, path, EVERYBODY if len(roles) == len(self.users) else " ".join(roles))
            )
        if regenerating():
            write_table(TABLE, ["menu", "path", "roles"], rows)
        reviewed = {row["menu"]: row["roles"] for row in read_table(TABLE)}
        now = {name: roles for name, _path, roles in rows}
        wrong = [
            f"{name}: reviewed {reviewed.get(name, 'never')}; now {now.get(name, 'gone')}"
            for name in sorted(now.keys() | reviewed.keys())
            if now.get(name) != reviewed.get(name)
        ]
        self.assertEqual(
            wrong,
            [],
            f"Menus differ from the reviewed table. {how_to_regenerate(TABLE, 'menu_table')}",
        )

    def test_every_menu_says_for_whom_it_is(self):
        """A menu without groups is seen by all, which nobody has decided."""
        lacking = [name for name, menu in self.menus.items() if menu.action and not menu.group_ids]
        self.assertEqual(sorted(lacking), [])

    def test_no_role_is_kept_out_by_the_menu_above(self):
        """Who is named by a menu is not stopped by the groups of those above it."""
        stopped = []
        for name, menu in self.menus.items():
            for role, user in self.users.items():
                groups = user.all_group_ids
                above = menu.parent_id
                while menu.group_ids & groups and above:
                    if above.group_ids and not above.group_ids & groups:
                        stopped.append(f"{name}: {role} may not see {above.complete_name}")
                    above = above.parent_id
        self.assertEqual(stopped, [])

    def test_those_who_read_all_find_all_of_it(self):
        lacking = []
        for role in ("controller", "general_manager"):
            seen = set(self.visible(self.users[role]).ids)
            lacking += [
                f"{role}: {name}"
                for name, menu in self.menus.items()
                if menu.action and menu.id not in seen and name not in NOT_FOR_READERS
            ]
        self.assertEqual(sorted(lacking), [])


@tagged("post_install", "-at_install")
class TestMenuOpens(MenuCase):
    """A menu that a role sees never ends in a refusal; Odoo's own menus are no exception."""

    def test_every_menu_of_every_role_opens(self):
        refused, opened = {}, 0
        for role, user in self.users.items():
            self.env.invalidate_all()
            for menu in self.visible(user).filtered("action"):
                opened += 1
                for what in self.open(user, menu.action):
                    refused.setdefault(f"{menu.complete_name}: {what}", []).append(role)
        self.assertEqual(refused, {})
        self.assertGreater(opened, 400)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def open(self, user, action):
        """What is refused when the user starts the action."""
        self.refused = []
        self.as_user = self.env(user=user, context={"lang": "zh_CN", "tz": "Asia/Shanghai"})
        groups = action.sudo().group_ids if "group_ids" in action._fields else None
        if groups and not groups & user.all_group_ids:
            self.refused.append("the action is for others")
        elif action._name == "ir.actions.server":
            found = self.call("may not start", lambda: action.with_env(self.as_user).run())
            if found and found.get("res_model"):
                self.open_window(found["res_model"], found)
        elif action._name == "ir.actions.act_window":
            self.open_window(action.res_model, action.sudo()._get_action_dict())
        return self.refused

    def call(self, what, function):
        try:
            with self.env.cr.savepoint():
                return function()
        except AccessError as error:
            self.refused.append(f"{what}: {' '.join(str(error).split())[:150]}")

    def evaluate(self, text):
        if not isinstance(text, str):
            return text or {}
        uid = self.as_user.uid
        return safe_eval(
            text or "{}",
            {
                "uid": uid,
                "active_id": False,
                "active_ids": [],
                "active_model": False,
                "allowed_company_ids": self.as_user.companies.ids,
                "context": dict(self.as_user.context),
                "context_today": datetime.date.today,
                "current_date": datetime.date.today().isoformat(),
                "datetime": datetime,
                "relativedelta": dateutil.relativedelta.relativedelta,
                "time": time,
            },
        )

    def open_window(self, model, action):
        context = {**self.as_user.context, **(self.evaluate(action.get("context")) or {})}
        domain = self.evaluate(action.get("domain")) or []
        env = self.as_user(context=context)
        views = [list(view) for view in action.get("views") or []]
        search = action.get("search_view_id") or [False]
        views.append([search[0], "search"])
        found = self.call("may not load", lambda: call_kw(env[model], "get_views", [views], {}))
        if not found:
            return
        arch = {kind: etree.fromstring(view["arch"]) for kind, view in found["views"].items()}
        domain, groupby = self.searched(arch["search"], context, domain)
        fields = list(found["models"][model]["fields"])
        for kind in [kind for _id, kind in views]:
            if kind in ("list", "kanban", "calendar"):
                shown = {node.get("name") for node in arch[kind].iter("field")} & set(fields)
                specification = {name: {} for name in shown}
                self.call(
                    f"may not list as {kind}",
                    lambda spec=specification: call_kw(
                        env[model], "web_search_read", [domain, spec], {"limit": 1}
                    ),
                )
            elif kind == "form" and self.begins(action, arch, env[model]):
                self.call("may not begin", lambda: call_kw(env[model], "default_get", [fields], {}))
        if groupby:
            self.call(
                f"may not group by {groupby}",
                lambda: call_kw(
                    env[model], "formatted_read_group", [domain, groupby, ["__count"]], {"limit": 1}
                ),
            )

    def begins(self, action, arch, model):
        """Whether the window is an empty form, or has a button for one."""
        if action.get("target") == "new" or list(arch) == ["form", "search"]:
            return True
        can = arch["form"].get("create", "1") in ("1", "true", "True")
        return can and model.has_access("create")

    def searched(self, arch, context, domain):
        """The domain and groups of the filters with which the window begins."""
        groupby = []
        for name in [key for key in context if key.startswith("search_default_")]:
            value = context[name]
            for node in arch.xpath(f"//filter[@name='{name.removeprefix('search_default_')}']"):
                if value and node.get("domain"):
                    domain = [*domain, *self.evaluate(node.get("domain"))]
                if value and node.get("context"):
                    more = self.evaluate(node.get("context")).get("group_by") or []
                    groupby += [more] if isinstance(more, str) else more
        return domain, groupby
