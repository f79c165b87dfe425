"""Every role opens every screen that its menus offer, and sees nothing wrong there.

The other tours play processes; this one passes everything else. What two roles see alike is
looked at closely once (all views, the first record with its pages, an empty form); by the others
it is opened. One browser per role, all its menus in one go.

In ``./test`` two roles open their menus in Chinese; with ``--all`` every role does, and what can
be seen at all is looked at closely in each language at each width.
"""

import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.property_tenant.tests.common import ROLES

from .common import SuiteMixin
from .rows import RowMaker
from .tours_common import ALL, VARIANTS, TourCase, in_every_variant

#: who walks in ``./test``
FEW = ("front_desk", "billing_supervisor")


class ChineseRows(RowMaker):
    """Rows to look at: what stands in them is not mistaken for a word nobody translated."""

    def text_of(self, Model):
        return f"样例 {self.code}"


@tagged("post_install", "-at_install")
@in_every_variant
class TestWalk(SuiteMixin, TourCase):
    staff = {role: f"员工{number:02d}" for number, role in enumerate(ROLES, 1)}
    patience = 600

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_month()
        cls.post_month()
        cls.make_rows()

    @classmethod
    def make_rows(cls):
        """Something to open on every screen."""
        maker = ChineseRows(cls.env, cls.estate)
        for record in (cls.building, cls.unit, cls.owner, cls.meter):
            maker.remember(record)
        maker.remember(cls.env["property.occupancy"].search([("unit_id", "=", cls.unit.id)]))
        windows = cls.env["ir.actions.act_window"].search([])
        for model in sorted(set(windows.mapped("res_model")) & set(cls.our_models())):
            Model = cls.env[model]
            if Model._auto and not Model._transient and not Model.search_count([], limit=1):
                with mute_logger("odoo.sql_db"), cls.env.cr.savepoint():
                    maker.make(model)
        cls.env.invalidate_all()

    def process_walk(self):
        """No error, no word in another language, no page wider than the screen."""
        seen, passed, wrong = set(), 0, []
        for role in self.people if ALL else FEW:
            user = self.people[role]
            menus = []
            for menu in self.visible(user).filtered(self.is_ours):
                sight = self.sight(user, menu)
                close = ALL and sight not in seen
                # the same again says nothing new in the other languages
                if close or self.variant == VARIANTS[0]:
                    menus.append({"id": menu.id, "name": menu.complete_name, "close": close})
                seen.add(sight)
            passed += len(menus)
            if menus:
                try:
                    self.play("property_tour_walk", role, "", menus=menus)
                except self.failureException as failure:
                    # the other roles walk on
                    wrong.append(f"{role}: {failure}")
        self.assertEqual(wrong, [], "\n\n".join(wrong))
        self.assertGreater(passed, 50)

    def is_ours(self, menu):
        """Odoo's own screens are Odoo's business."""
        name = menu.get_external_id()[menu.id]
        return bool(menu.action) and name.split(".")[0] in self.our_addons()

    def visible(self, user):
        """What the user finds: nothing hangs below a menu that is not shown."""
        Menu = self.env["ir.ui.menu"]
        shown = Menu.with_user(user)._visible_menu_ids()

        def is_reached(menu):
            return menu.id in shown and (not menu.parent_id or is_reached(menu.parent_id))

        return Menu.browse(sorted(shown)).filtered(is_reached)

    def sight(self, user, menu):
        """What the person sees of the screen behind a menu; the same for many."""
        action = menu.action
        if action._name != "ir.actions.act_window":
            return action._name, action.id
        views = [*action.views, (action.search_view_id.id, "search")]
        shown = self.env[action.res_model].with_user(user).get_views(views)["views"]
        return action._name, action.id, json.dumps({kind: shown[kind]["arch"] for kind in shown})
