from odoo import api, fields, models
from odoo.exceptions import UserError

COMMODITIES = [
    ("water_cold", "Cold Water"),
    ("water_hot", "Hot Water"),
    ("electricity", "Electricity"),
    ("gas", "Gas"),
    ("heat", "Heat"),
    ("cooling", "Cooling"),
]


class PropertyTariff(models.Model):
    """What a unit of water, electricity … costs, in versions by date."""

    _name = "property.tariff"
    _description = "Tariff"
    _inherit = ["mail.thread"]
    _order = "commodity, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, default=lambda self: self.env.company)
    commodity = fields.Selection(COMMODITIES, required=True, default="water_cold", tracking=True)
    source = fields.Char(help="Where the prices are published, with the date.")
    version_ids = fields.One2many(
        "property.tariff.version", "tariff_id", string="Versions", copy=True
    )
    current_version_id = fields.Many2one(
        "property.tariff.version", compute="_compute_current_version_id"
    )

    @api.depends("version_ids.date_from")
    @api.depends_context("uid")
    def _compute_current_version_id(self):
        today = fields.Date.context_today(self)
        for tariff in self:
            begun = tariff.version_ids.filtered(lambda version: version.date_from <= today)
            tariff.current_version_id = begun.sorted("date_from")[-1:]

    def write(self, vals):
        if {"commodity", "company_id"} & vals.keys():
            self._check_not_used(vals)
        return super().write(vals)

    def _check_not_used(self, vals):
        """What bills were computed with stays; prices change by versions."""
        for tariff in self.version_ids._used_versions().tariff_id:
            company = vals.get("company_id", tariff.company_id.id) or False
            if (
                vals.get("commodity", tariff.commodity) != tariff.commodity
                or company != tariff.company_id.id
            ):
                raise UserError(
                    self.env._(
                        "The tariff %(tariff)s stands behind posted bills: its commodity and"
                        " company stay. Add another tariff instead.",
                        tariff=tariff.display_name,
                    )
                )

    def _get_terms(self):
        """The versions as the calculation reads them, per tariff id."""
        return {
            tariff.id: tuple(version._get_terms() for version in tariff.version_ids)
            for tariff in self
        }
