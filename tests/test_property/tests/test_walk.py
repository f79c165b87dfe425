"""Every role opens every screen that its menus offer, and sees nothing wrong there.

The other tours play processes; this one opens everything else that two roles find, one browser
per role, all its menus in one go.
"""

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.property_tenant.tests.common import ROLES

from .common import SuiteMixin
from .rows import RowMaker
from .tours_common import VARIANTS, TourCase

#: who walks
FEW = ("front_desk", "billing_supervisor")


class ChineseRows(RowMaker):
    """Rows to look at: what stands in them is not mistaken for a word nobody translated."""

    def text_of(self, Model):
        return f"样例 {self.code}"


@tagged("post_install", "-at_install")
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

    def test_walk(self):
        """No error, and no word in another language."""
        self.appear(VARIANTS[0])
        for role in FEW:
            menus = [
                {"id": menu.id, "name": menu.complete_name, "close": False}
                for menu in self.visible(self.people[role]).filtered(self.is_ours)
            ]
            self.assertGreater(len(menus), 20, role)
            self.play("property_tour_walk", role, "", menus=menus)

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
