from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    pm_approval_id = fields.Many2one(
        "property.approval",
        string="Approval",
        index="btree_not_null",
        ondelete="cascade",
        help="The to-do goes away when this approval is decided.",
    )
