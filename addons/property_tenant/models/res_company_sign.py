from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pm_sign_fee = fields.Monetary(
        string="Fee for a Directory Sign",
        help="Proposed on requests for a new sign or a change; 0: nothing is charged.",
    )

    _pm_sign_fee_not_negative = models.Constraint(
        "CHECK (pm_sign_fee >= 0)", "The fee for a sign cannot be negative."
    )
