from odoo import fields, models
from odoo.tools import SQL


class PropertyBillingChange(models.Model):
    """What a unit is charged for a fee item in a run, beside the run before it.

    A fee that was charged before and is missing now is a row, too. Rows are
    made when they are read: they cannot differ from the charges.
    """

    _name = "property.billing.change"
    _description = "Change against Last Period"
    _auto = False
    _order = "change_size desc, id"
    _rec_name = "unit_id"

    run_id = fields.Many2one("property.billing.run", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    estate_id = fields.Many2one("property.estate", readonly=True)
    building_id = fields.Many2one("property.building", readonly=True)
    unit_id = fields.Many2one("property.unit", readonly=True)
    product_id = fields.Many2one("product.product", string="Fee Item", readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_previous = fields.Monetary(string="Previous Period", readonly=True)
    change = fields.Monetary(string="Difference", readonly=True)
    change_size = fields.Monetary(
        string="Size of the Difference", readonly=True, help="The difference without its sign."
    )
    previous_run_id = fields.Many2one("property.billing.run", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT run_id::bigint * 1000000000 + MIN(charge_id) AS id,
                   run_id, company_id, estate_id, building_id, unit_id, product_id,
                   SUM(amount) AS amount,
                   SUM(amount_previous) AS amount_previous,
                   SUM(amount) - SUM(amount_previous) AS change,
                   ABS(SUM(amount) - SUM(amount_previous)) AS change_size,
                   MAX(previous_run_id) AS previous_run_id
              FROM (
                SELECT charge.run_id, charge.id AS charge_id, charge.company_id,
                       charge.estate_id, charge.building_id, charge.unit_id,
                       charge.product_id, charge.amount, 0 AS amount_previous,
                       NULL::integer AS previous_run_id
                  FROM property_charge charge
                 WHERE charge.run_id IS NOT NULL AND charge.state <> 'void'
                UNION ALL
                SELECT run.id, charge.id, charge.company_id, charge.estate_id,
                       charge.building_id, charge.unit_id, charge.product_id, 0,
                       charge.amount, charge.run_id
                  FROM property_billing_run run
                  JOIN property_billing_run_property_estate_rel estate
                    ON estate.property_billing_run_id = run.id
                  JOIN LATERAL (
                    SELECT before.id
                      FROM property_billing_run before
                      JOIN property_billing_run_property_estate_rel same
                        ON same.property_billing_run_id = before.id
                       AND same.property_estate_id = estate.property_estate_id
                     WHERE before.state IN ('posted', 'delivered', 'closed')
                       AND before.period_end < run.period_start
                     ORDER BY before.period_end DESC, before.id DESC
                     LIMIT 1
                  ) previous ON TRUE
                  JOIN property_charge charge
                    ON charge.run_id = previous.id
                   AND charge.estate_id = estate.property_estate_id
                   AND charge.state <> 'void'
              ) row
             GROUP BY run_id, company_id, estate_id, building_id, unit_id, product_id
            """
        )

    def action_view_charges(self):
        """Open the charges of the unit for the fee item, now and before."""
        self.ensure_one()
        action = self.run_id.action_view_charges()
        action["domain"] = [
            ("run_id", "in", [self.run_id.id, self.previous_run_id.id]),
            ("unit_id", "=", self.unit_id.id),
            ("product_id", "=", self.product_id.id),
        ]
        return action
