from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pm_batch_size = fields.Integer(
        string="Bills per Part", default=200, help="Bills, or units, done in one transaction."
    )
    pm_inline_units = fields.Integer(
        string="Done at Once up to",
        default=100,
        help="Runs with more units or bills are done in parts in the background.",
    )
    pm_credit_limit = fields.Monetary(
        string="Carry Credits Forward up to",
        default=0.0,
        help="Credits up to this amount go on the next bill instead of a credit note.",
    )
    pm_sign_product_id = fields.Many2one(
        "product.product",
        string="Fee Item of Directory Signs",
        check_company=True,
        ondelete="restrict",
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        help="What the bill calls the fee of a directory sign.",
    )

    _pm_batch_size_positive = models.Constraint(
        "CHECK (pm_batch_size > 0)", "A part needs at least one bill."
    )
    _pm_inline_units_not_negative = models.Constraint(
        "CHECK (pm_inline_units >= 0)", "The number done at once cannot be negative."
    )
    _pm_credit_limit_not_negative = models.Constraint(
        "CHECK (pm_credit_limit >= 0)", "The limit for credits cannot be negative."
    )
