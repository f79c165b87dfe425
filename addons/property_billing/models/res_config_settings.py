from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pm_batch_size = fields.Integer(related="company_id.pm_batch_size", readonly=False)
    pm_inline_units = fields.Integer(related="company_id.pm_inline_units", readonly=False)
    pm_credit_limit = fields.Monetary(
        related="company_id.pm_credit_limit",
        readonly=False,
    )
