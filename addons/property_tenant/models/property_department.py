from odoo import fields, models


class PropertyDepartment(models.Model):
    """Who signs, whom an approval rule names, where work goes."""

    _name = "property.department"
    _description = "Department"
    _inherit = ["property.tracked.mixin"]
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    head_id = fields.Many2one("res.users", domain=[("share", "=", False)])
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        help="Everybody with this role works for the department, in the estates they see.",
    )
    member_ids = fields.One2many("property.department.member", "department_id", string="Members")

    _name_company_uniq = models.Constraint(
        "UNIQUE (name, company_id)",
        "Another department of this company has this name. Choose another name.",
    )

    def _get_users(self, estate=None):
        """Users who may act for the department in ``estate``.

        They are its head, its members there, and whoever has its role.
        A member row without an estate counts for all estates. Whoever cannot
        see the estate is left out.
        """
        self.ensure_one()
        members = self.member_ids.filtered(
            lambda member: not estate or not member.estate_id or member.estate_id == estate
        )
        users = self.head_id | members.user_id
        # the members of a role are not readable by every employee; only the
        # question who may act is answered
        users |= self.sudo().group_id.all_user_ids.filtered(lambda user: not user.share)
        users = users.sudo().filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        if estate:
            users = users.filtered(lambda user: user._sees_estate(estate))
        return users.sudo(False)
