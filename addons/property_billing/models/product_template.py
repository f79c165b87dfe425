from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    pm_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Bills",
        company_dependent=True,
        domain=[("type", "=", "sale")],
        help="Bills of this fee item go here instead of the estate's journal.",
    )
    pm_payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms of Bills",
        company_dependent=True,
        help="Bills of this fee item are due by these terms instead of the estate's.",
    )
