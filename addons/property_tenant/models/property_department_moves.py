from odoo import fields, models


class PropertyDepartment(models.Model):
    """Departments are told when a unit becomes occupied."""

    _inherit = "property.department"

    told_of_moves = fields.Boolean(
        string="Told of Move-Ins",
        default=True,
        help="When a unit becomes occupied, this department is told.",
    )

    def _get_addressee(self, estate):
        """Who reads for the department what it is told about ``estate``; empty: nobody can."""
        self.ensure_one()
        head = self.head_id
        if head and head.active and head._sees_estate(estate):
            return head
        return self._get_users(estate)[:1]
