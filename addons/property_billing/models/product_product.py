from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    pm_fee_rule_ids = fields.One2many(
        "property.fee.rule",
        "product_id",
        string="Fee Rules",
        groups="property_tenant.group_user",
    )
    pm_fee_rule_count = fields.Integer(
        string="Number of Fee Rules",
        compute="_compute_pm_fee_rule_count",
        groups="property_tenant.group_user",
    )

    def _compute_pm_fee_rule_count(self):
        counts = dict(
            self.env["property.fee.rule"]._read_group(
                [("product_id", "in", self.ids)], ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.pm_fee_rule_count = counts.get(product, 0)

    def action_view_pm_fee_rules(self):
        """Open the fee rules by which the fee item is charged."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_fee_rule_action"
        )
        action["domain"] = [("product_id", "in", self.ids)]
        action["context"] = {"default_product_id": self.id} if len(self) == 1 else {}
        return action
