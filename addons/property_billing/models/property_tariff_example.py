from odoo import api, fields, models
from odoo.tools import format_amount

from ..calc.money import MoneyError, to_decimal
from ..calc.periods import Period
from ..calc.tariff import Consumption, price_usage
from ..calc.tariff_terms import TariffError


class PropertyTariff(models.Model):
    """An example that shows whoever enters prices what they come to."""

    _inherit = "property.tariff"

    price_summary = fields.Char(string="Prices", compute="_compute_price_summary")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    example_quantity = fields.Float(
        string="Usage in a Month", digits="Property Usage", store=False, default=200.0
    )
    example_amount = fields.Monetary(string="Costs", compute="_compute_example")
    example_text = fields.Char(string="Computed as", compute="_compute_example")

    @api.depends("version_ids.price_summary", "version_ids.date_from")
    def _compute_price_summary(self):
        for tariff in self:
            tariff.price_summary = tariff.current_version_id.price_summary

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for tariff in self:
            tariff.currency_id = (tariff.company_id or self.env.company).currency_id

    @api.depends(
        "example_quantity",
        "version_ids.date_from",
        "version_ids.tier_basis",
        "version_ids.minimum",
        "version_ids.standing",
        "version_ids.tier_ids.quantity_from",
        "version_ids.tier_ids.price",
        "version_ids.tier_ids.register",
    )
    @api.depends_context("lang")
    def _compute_example(self):
        today = fields.Date.context_today(self)
        for tariff in self:
            tariff.example_amount, tariff.example_text = tariff._get_example(today)

    def _get_example(self, today):
        """Amount and words for the example usage, in a period of which nothing was used before."""
        self.ensure_one()
        versions = self.version_ids.filtered(
            lambda version: version.date_from and version.tier_ids
        ).sorted("date_from")
        begun = versions.filtered(lambda version: version.date_from <= today)
        version = (begun or versions)[-1:]
        if not version:
            return 0.0, self.env._("Enter the prices first.")
        # a whole period of one version: what happens in between is shown on bills
        whole = Period(version.date_from, version.date_from)
        register = "" if "" in {tier.register or "" for tier in version.tier_ids} else "peak"
        try:
            price = price_usage(
                Consumption(whole, {register: to_decimal(self.example_quantity)}),
                (version._get_terms(),),
                contract_start=version.date_from,
                digits=self.currency_id.decimal_places,
            )
        except (TariffError, MoneyError) as error:
            return 0.0, self.env._("This cannot be computed: %(error)s", error=error)
        return float(price.total), self._describe_example(price)

    def _describe_example(self, price):
        explanation = price.to_explanation()
        parts = [f"{line['quantity']} × {line['price']}" for line in explanation["lines"]]
        parts += [
            explanation[extra]
            for extra in ("standing", "minimum_top_up")
            if float(explanation[extra])
        ]
        return (
            f"{' + '.join(parts)} = {format_amount(self.env, float(price.total), self.currency_id)}"
        )
