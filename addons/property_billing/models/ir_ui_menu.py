from odoo import api, models
from odoo.fields import Command

#: menus of Odoo that accountants see and that end in a refusal: who may open them
REFUSED = {"account_payment.payment_method_menu": "base.group_system"}


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _hide_refused_menus(self):
        """Leave Odoo's menus to those who may read what is behind them."""
        for xmlid, group in REFUSED.items():
            menu = self.env.ref(xmlid, raise_if_not_found=False)
            if menu:
                menu.group_ids = [Command.link(self.env.ref(group).id)]
