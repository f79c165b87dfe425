from odoo import fields, models


class PropertySettings(models.TransientModel):
    _inherit = "property.settings"

    pm_inline_units = fields.Integer(related="company_id.pm_inline_units", readonly=False)
    pm_batch_size = fields.Integer(related="company_id.pm_batch_size", readonly=False)
    pm_print_size = fields.Integer(related="company_id.pm_print_size", readonly=False)
    pm_credit_limit = fields.Monetary(related="company_id.pm_credit_limit", readonly=False)
    pm_sign_product_id = fields.Many2one(related="company_id.pm_sign_product_id", readonly=False)
    tax_calculation_rounding_method = fields.Selection(
        related="company_id.tax_calculation_rounding_method", readonly=False, string="Tax Rounding"
    )
