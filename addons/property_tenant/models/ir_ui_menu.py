from odoo import api, models
from odoo.fields import Command

#: menus of Odoo that staff see and cannot use: for whom they are
NOT_FOR_STAFF = {
    # ends in a refusal
    "account_payment.payment_method_menu": "base.group_system",
    # nothing there can be done by them
    "base.menu_management": "base.group_system",
}


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _hide_useless_menus(self):
        """Leave Odoo's menus to those who can do something there."""
        for xmlid, group in NOT_FOR_STAFF.items():
            menu = self.env.ref(xmlid, raise_if_not_found=False)
            if menu:
                menu.group_ids = [Command.link(self.env.ref(group).id)]
