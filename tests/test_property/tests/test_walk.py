"""Every role opens every screen that its menus offer, and sees nothing wrong there.

The other tours play processes; this one passes everything else: all views of each screen, the
first record with its pages, an empty form. Roles that see the same of a screen pass it once, or
each of them with all tests.
"""

import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.property_tenant.tests.common import ROLES

from .common import SuiteMixin
from .rows import RowMaker
from .tours_common import ALL, TourCase, in_every_variant

#: opens the web client at the address of Odoo itself
HERE = ""


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
        menus = cls.env["ir.ui.menu"].search([]).filtered(cls.is_ours)
        for model in sorted({cls.model_of(menu) for menu in menus} & set(cls.our_models())):
            Model = cls.env[model]
            if Model._auto and not Model._transient and not Model.search_count([], limit=1):
                with mute_logger("odoo.sql_db"), cls.env.cr.savepoint():
                    maker.make(model)
        cls.env.invalidate_all()

    @classmethod
    def is_ours(cls, menu):
        return bool(menu.action) and menu.get_external_id()[menu.id].startswith("property_")

    @classmethod
    def model_of(cls, menu):
        return menu.action._name == "ir.actions.act_window" and menu.action.res_model

    def process_walk(self):
        """No error, no word in another language, no page wider than the screen."""
        seen, passed, wrong = set(), 0, []
        for role, user in self.people.items():
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            menus = []
            for menu in self.env["ir.ui.menu"].browse(sorted(visible)).filtered(self.is_ours):
                sight = self.sight(user, menu)
                if ALL or sight not in seen:
                    menus.append({"id": menu.id, "name": menu.complete_name})
                seen.add(sight)
            self.assertTrue(visible, f"{role} has no menu")
            passed += len(menus)
            try:
                self.play("property_tour_walk", role, HERE, menus=menus)
            except self.failureException as failure:
                # the other roles walk on
                wrong.append(f"{role}: {failure}")
        self.assertEqual(wrong, [], "\n\n".join(wrong))
        self.assertGreater(passed, 50)

    def sight(self, user, menu):
        """What the person sees of the screen behind a menu; the same for many."""
        action = menu.action
        if action._name != "ir.actions.act_window":
            return action._name, action.id
        views = [*action.views, (action.search_view_id.id, "search")]
        shown = self.env[action.res_model].with_user(user).get_views(views)["views"]
        return action._name, action.id, json.dumps({kind: shown[kind]["arch"] for kind in shown})
