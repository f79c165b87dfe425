from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pm_require_identity = fields.Boolean(
        string="Identity Paper Needed to Move In",
        default=True,
        help="An occupancy is handed over only when a valid identity paper of the party is kept,"
        " or when a manager overrides that with a reason.",
    )
    pm_confirm_limit = fields.Integer(
        string="Wrong Answers Allowed",
        default=5,
        help="How often in a day somebody may ask whether a private value is right, and be wrong.",
    )

    _pm_confirm_limit_positive = models.Constraint(
        "CHECK (pm_confirm_limit >= 0)", "The number of wrong answers cannot be negative."
    )
