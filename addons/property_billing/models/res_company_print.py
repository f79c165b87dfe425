from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pm_print_size = fields.Integer(
        string="Letters per Part",
        default=25,
        help="Letters made into PDF in one go; 20 to 50 is right.",
    )

    _pm_print_size_positive = models.Constraint(
        "CHECK (pm_print_size > 0)", "A part needs at least one letter."
    )
