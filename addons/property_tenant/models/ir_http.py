from odoo import models


class IrHttp(models.AbstractModel):
    """Everybody of a role begins with the work list of that role."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        # who has no role here has no counter of approvals either
        info["property_staff"] = self.env.user.has_group("property_tenant.group_user")
        if not info.get("home_action_id"):
            info["home_action_id"] = self.env.user._get_work_list().id
        return info
