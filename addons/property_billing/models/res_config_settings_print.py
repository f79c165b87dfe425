from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pm_print_size = fields.Integer(related="company_id.pm_print_size", readonly=False)
