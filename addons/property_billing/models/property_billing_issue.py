from odoo import fields, models

ISSUE_KINDS = [
    ("no_payer", "Nobody to Bill"),
    ("no_quantity", "No Area"),
    ("missing_reading", "Reading Missing"),
    ("open_reading", "Reading Not Accepted"),
    ("handover", "Handover Without Reading"),
    ("tariff", "Tariff Without Price"),
    ("negative_usage", "Negative Usage"),
    ("no_account", "Fee Item Without Account"),
    ("changed", "Changed Since Computed"),
    ("closed_period", "Accounting Period Closed"),
    ("rounding", "Tax Rounding"),
    ("carried_forward", "Credit Carried Forward"),
    ("error", "Other"),
]


class PropertyBillingIssue(models.Model):
    """What a run could not bill, or what somebody should look at, and why."""

    _name = "property.billing.issue"
    _description = "Billing Issue"
    _order = "run_id, level, kind, unit_id"
    _rec_name = "message"

    run_id = fields.Many2one("property.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    estate_id = fields.Many2one("property.estate", index=True)
    stage = fields.Selection(
        [("compute", "Computing"), ("post", "Posting")], required=True, default="compute"
    )
    kind = fields.Selection(ISSUE_KINDS, required=True, default="error")
    level = fields.Selection(
        [("1_error", "Not Billed"), ("2_warning", "Look At"), ("3_info", "Note")],
        required=True,
        default="1_error",
    )
    unit_id = fields.Many2one("property.unit", index="btree_not_null", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", ondelete="cascade")
    fee_rule_id = fields.Many2one("property.fee.rule", ondelete="cascade")
    product_id = fields.Many2one("product.product", string="Fee Item", ondelete="cascade")
    meter_id = fields.Many2one("property.meter", ondelete="cascade")
    message = fields.Char(required=True)

    def action_open_source(self):
        """Open what has to be mended: the meter, the fee item or the unit."""
        self.ensure_one()
        record = self.meter_id
        if not record and self.kind == "no_account":
            record = self.product_id
        record = record or self.unit_id or self.partner_id or self.run_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
