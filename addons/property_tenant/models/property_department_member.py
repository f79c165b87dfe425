from odoo import fields, models


class PropertyDepartmentMember(models.Model):
    """A person working for a department, in one estate or in all."""

    _name = "property.department.member"
    _description = "Department Member"
    _rec_name = "user_id"
    _check_company_auto = True

    department_id = fields.Many2one(
        "property.department", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="department_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade", domain=[("share", "=", False)]
    )
    estate_id = fields.Many2one(
        "property.estate",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        help="Empty: in all estates the person sees.",
    )

    _member_uniq = models.UniqueIndex(
        "(department_id, user_id, COALESCE(estate_id, 0))",
        "This person is already a member of the department for this estate.",
    )
