from odoo import api, fields, models


class PropertyBillingRunTotal(models.Model):
    """What a run charges per fee item, beside the period before it."""

    _name = "property.billing.run.total"
    _description = "Run Total"
    _order = "run_id, sequence, product_id"
    _rec_name = "product_id"

    run_id = fields.Many2one("property.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="run_id.currency_id")
    sequence = fields.Integer()
    product_id = fields.Many2one("product.product", string="Fee Item", ondelete="cascade")
    charge_count = fields.Integer(string="Charges")
    unit_count = fields.Integer(string="Units")
    quantity = fields.Float(digits="Property Usage")
    amount = fields.Monetary()
    amount_previous = fields.Monetary(string="Previous Period")
    change = fields.Monetary(string="Difference", compute="_compute_change")
    change_percent = fields.Float(string="Difference (%)", compute="_compute_change")

    @api.depends("amount", "amount_previous")
    def _compute_change(self):
        for total in self:
            total.change = total.amount - total.amount_previous
            total.change_percent = (
                100.0 * total.change / total.amount_previous if total.amount_previous else 0.0
            )

    def action_view_charges(self):
        """Open the charges behind the figure."""
        self.ensure_one()
        action = self.run_id.action_view_charges()
        action["domain"] = [
            ("run_id", "=", self.run_id.id),
            ("product_id", "=", self.product_id.id),
        ]
        return action
