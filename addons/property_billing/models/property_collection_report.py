from odoo import api, fields, models
from odoo.tools import SQL, Query


class PropertyCollectionReport(models.Model):
    """What was billed, settled and is open, line by line of the estates' bills.

    A bill is settled as a whole: each line has its share in proportion to the part
    of the bill that is still open. Credit notes count negative.
    """

    _name = "property.collection.report"
    _description = "Collection Rate"
    _auto = False
    _rec_name = "move_id"
    _order = "period_month desc, id desc"

    move_id = fields.Many2one("account.move", string="Bill", readonly=True)
    move_type = fields.Selection(
        [("out_invoice", "Bill"), ("out_refund", "Credit Note")],
        string="Kind",
        readonly=True,
    )
    invoice_date = fields.Date(string="Bill Date", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    period_month = fields.Date(
        string="Month", readonly=True, help="The month in which the period billed begins."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    estate_id = fields.Many2one("property.estate", readonly=True)
    building_id = fields.Many2one("property.building", readonly=True)
    unit_id = fields.Many2one("property.unit", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Payer", readonly=True)
    product_id = fields.Many2one("product.product", string="Fee Item", readonly=True)
    run_id = fields.Many2one("property.billing.run", string="Billing Run", readonly=True)
    billed = fields.Monetary(readonly=True)
    settled = fields.Monetary(readonly=True)
    amount_open = fields.Monetary(string="Still to Pay", readonly=True)
    rate = fields.Float(
        string="Collection Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Settled of billed.",
    )

    _depends = {
        "account.move": [
            "amount_residual",
            "amount_total",
            "company_id",
            "estate_id",
            "invoice_date",
            "invoice_date_due",
            "move_type",
            "partner_id",
            "pm_run_id",
            "state",
        ],
        "account.move.line": [
            "company_id",
            "display_type",
            "move_id",
            "pm_charge_id",
            "price_total",
            "product_id",
        ],
        "property.charge": ["building_id", "period_start", "unit_id"],
        "res.company": ["currency_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT line.id,
                      line.move_id,
                      move.move_type,
                      move.invoice_date,
                      move.invoice_date_due AS date_due,
                      date_trunc('month', COALESCE(charge.period_start,
                                                   move.invoice_date))::date
                          AS period_month,
                      move.company_id,
                      company.currency_id,
                      move.estate_id,
                      charge.building_id,
                      charge.unit_id,
                      move.partner_id,
                      line.product_id,
                      move.pm_run_id AS run_id,
                      amounts.billed,
                      amounts.billed - amounts.billed * share.open AS settled,
                      amounts.billed * share.open AS amount_open,
                      100 * (1 - share.open) AS rate
                 FROM account_move move
                 JOIN account_move_line line ON line.move_id = move.id
                 JOIN res_company company ON company.id = move.company_id
            LEFT JOIN property_charge charge ON charge.id = line.pm_charge_id
           CROSS JOIN LATERAL (
                      SELECT CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                             * line.price_total AS billed) amounts
           CROSS JOIN LATERAL (
                      SELECT COALESCE(move.amount_residual
                                      / NULLIF(move.amount_total, 0), 0) AS open) share
                WHERE move.estate_id IS NOT NULL
                  AND move.state = 'posted'
                  AND move.move_type IN ('out_invoice', 'out_refund')
                  AND line.display_type = 'product'"""
        )

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        """The rate of a group is settled of billed, not the mean of the lines' rates."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%(settled)s) / NULLIF(SUM(%(billed)s), 0)",
            settled=self._field_to_sql(self._table, "settled", query),
            billed=self._field_to_sql(self._table, "billed", query),
        )

    @api.depends("move_id.name", "product_id.name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " ".join(filter(None, (row.move_id.name, row.product_id.name)))

    def action_view_bill(self):
        """Open the bill the line stands on."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
