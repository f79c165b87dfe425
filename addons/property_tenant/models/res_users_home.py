from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_work_lists(self):
        """Which role begins with which list: pairs of group and action, the first that fits.

        A home action of the user's own goes before. Other addons put theirs in.
        """
        occupancies = "property_tenant.property_occupancy_action"
        waiting = "property_tenant.property_approval_waiting_action"
        return [
            ("property_tenant.group_general_manager", waiting),
            ("property_tenant.group_manager", waiting),
            ("property_tenant.group_controller", "property_tenant.property_unit_report_action"),
            ("property_tenant.group_front_desk", occupancies),
            ("property_tenant.group_archivist", "property_tenant.property_dossier_paper_action"),
            ("property_tenant.group_sales", occupancies),
            ("property_tenant.group_user", "property_tenant.property_unit_action"),
        ]

    def _get_work_list(self):
        """The action with which this person begins; empty for those without a role."""
        self.ensure_one()
        for group, action in self._get_work_lists():
            if self.has_group(group):
                return self.env.ref(action)
        return self.env["ir.actions.act_window"]
