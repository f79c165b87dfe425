from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_work_list(self):
        """The screen with which this person begins; empty for those without a role.

        What stands on it follows from the roles, see ``property.today``. A home action of
        the user's own goes before.
        """
        self.ensure_one()
        if self.has_group("property_tenant.group_user"):
            return self.env.ref("property_tenant.property_today_action")
        return self.env["ir.actions.client"]
