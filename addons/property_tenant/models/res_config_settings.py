from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pm_require_identity = fields.Boolean(related="company_id.pm_require_identity", readonly=False)
    pm_confirm_limit = fields.Integer(related="company_id.pm_confirm_limit", readonly=False)
