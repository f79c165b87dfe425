from odoo import api, models


class PropertyDepartment(models.Model):
    _inherit = "property.department"

    @api.model
    def _get_of(self, user, estate, first=None):
        """The department for which ``user`` works in ``estate``; ``first`` when it is one of them.

        Members and heads go before those who belong to it by their role.
        """
        departments = self.search([("company_id", "=", estate.company_id.id)])
        mine = departments.filtered(lambda department: user in department._get_users(estate))
        if first and first in mine:
            return first
        named = mine.filtered(
            lambda department: user == department.head_id or user in department.member_ids.user_id
        )
        return (named or mine)[:1]
