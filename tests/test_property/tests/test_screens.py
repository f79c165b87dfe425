"""Every role can open every screen that it can reach.

A field that one addon adds to a form of another may read what some of the form's readers
may not read; opening the form is then refused altogether.
"""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rows import assign
from .test_access_records import AccessCase

#: what the client asks for by itself, in the views that show records
SHOWN = ("list", "kanban", "form")
#: shown in lists that do not lead to a form
NEVER_OPENED = {"account.move.line"}
SUBVIEWS = ("list", "kanban")


@tagged("post_install", "-at_install")
class TestScreens(AccessCase):
    def test_every_role_opens_every_screen_it_can_reach(self):
        models = {*self.our_models(), *self.models_with_our_acl(), "account.move"}
        models = sorted(models - NEVER_OPENED)
        lasting = [model for model in models if self.is_lasting(model)]
        rows = self.make_rows(self.own, lasting)
        refused, opened = {}, 0
        for role, user in self.users.items():
            if user.share:
                continue
            assign(user, self.own.estate)
            for model in models:
                if not self.env[model].with_user(user).has_access("read"):
                    continue
                for kind, view_id in self.screens(user, model):
                    opened += 1
                    for what, error in self.open(user, model, kind, view_id, rows.get(model)):
                        refused.setdefault(
                            f"{what} {model} ({kind} {view_id}): {error}", []
                        ).append(role)
        self.assertEqual(refused, {})
        self.assertGreater(opened, 1000)

    def test_every_calendar_can_look_for_its_days(self):
        """The client searches by first and last day; a field that is not stored is refused."""
        looked = 0
        for view in self.env["ir.ui.view"].search([("type", "=", "calendar")]):
            if view.model not in self.our_models():
                continue
            arch = etree.fromstring(view.arch)
            start = arch.get("date_start")
            stop = arch.get("date_stop") or start
            domain = [(start, "<=", "2024-02-01"), (stop, ">=", "2024-01-01")]
            with self.subTest(view=view.xml_id):
                self.env[view.model].search_read(domain, ["display_name"], limit=1)
            looked += 1
        self.assertGreater(looked, 3)

    def is_lasting(self, model):
        return self.env[model]._auto and not self.env[model]._transient

    def screens(self, user, model):
        """(kind, view) of the views by default and of the actions that the user may start."""
        # lists of other addons' models are reached by actions only
        own = model in self.our_models()
        found = {(kind, False) for kind in (SHOWN if own else ("form",))}
        actions = self.env["ir.actions.act_window"].search([("res_model", "=", model)])
        if not own:
            actions = actions.filtered(
                lambda action: action.xml_id.split(".")[0] in self.our_addons()
            )
        for action in actions:
            if not action.group_ids or action.group_ids & user.all_group_ids:
                found |= {(kind, view_id) for view_id, kind in action.views if kind in SHOWN}
        return sorted(found)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def open(self, user, model, kind, view_id, row_id):
        """What is refused when the user opens the view: pairs of what and why."""
        self.env.invalidate_all()
        refused = []

        def call(what, method, *args, **kwargs):
            try:
                with self.env.cr.savepoint():
                    return call_kw(self.env(user=user)[model], method, list(args), kwargs)
            except AccessError as error:
                refused.append((what, " ".join(str(error).split()).split(" This operation")[0]))

        views = call("may not load", "get_views", [(view_id, kind)])
        if not views:
            return refused
        fields = {name: value["fields"] for name, value in views["models"].items()}
        arch = etree.fromstring(views["views"][kind]["arch"])
        specification = self.specification(arch, model, fields)
        if kind != "form":
            call("may not list", "web_search_read", [], specification, limit=40)
        else:
            if row_id and self.env[model].with_user(user).search_count([("id", "=", row_id)]):
                call("may not open", "web_read", [row_id], specification)
            can_create = arch.get("create", "1") in ("1", "true", "True")
            if can_create and self.env[model].with_user(user).has_access("create"):
                call("may not begin", "onchange", [], {}, [], specification)
        return refused

    def specification(self, arch, model, fields):
        """What the client reads for a view, see ``web/static/src/model/relational_model``."""
        found = {}
        for node in arch.xpath(".//field[not(ancestor::field)]"):
            found |= self.specification_of(node, model, fields)
        return found

    def specification_of(self, node, model, fields):
        name = node.get("name")
        info = fields.get(model, {}).get(name)
        if info is None:
            return {}
        if info["type"] in ("many2one", "reference"):
            return {name: {"fields": {"display_name": {}}}}
        if info["type"] in ("one2many", "many2many"):
            inner = {"display_name": {}} if info["type"] == "many2many" else {}
            for kind in SUBVIEWS:
                for view in node.findall(kind):
                    view = etree.fromstring(etree.tostring(view))
                    inner |= self.specification(view, info["relation"], fields)
            return {name: {"fields": inner, "limit": 40}}
        return {name: {}}
