from odoo import models


class ResUsers(models.Model):
    """What the employee holds; the number comes from the user's own contact."""

    _inherit = "res.users"

    def action_view_estate_items(self):
        """Open what the employees hold."""
        return self.partner_id.action_view_estate_items()
