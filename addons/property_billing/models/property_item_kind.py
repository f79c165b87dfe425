from odoo import fields, models


class PropertyItemKind(models.Model):
    """By which fee item a lost or broken thing is charged."""

    _inherit = "property.item.kind"

    charge_product_id = fields.Many2one(
        "product.product",
        string="Fee Item",
        company_dependent=True,
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        tracking=True,
        help="What the bill calls the price of a lost or broken piece.",
    )
