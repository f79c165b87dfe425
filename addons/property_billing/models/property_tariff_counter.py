from odoo import api, fields, models


class PropertyTariffCounter(models.Model):
    """What a charge consumed of a yearly tier.

    The counter of a unit, tariff and year is the sum of these rows over the
    charges in force, so it cannot differ from what was charged. It belongs to
    the unit: exchanging a meter and a new version of the tariff keep it.
    """

    _name = "property.tariff.counter"
    _description = "Yearly Usage Counter"
    _order = "unit_id, tariff_id, year_start, date_from, id"
    _rec_name = "year_start"

    charge_id = fields.Many2one("property.charge", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="charge_id.company_id", store=True, precompute=True)
    estate_id = fields.Many2one(
        related="charge_id.estate_id", store=True, index=True, precompute=True
    )
    unit_id = fields.Many2one(related="charge_id.unit_id", store=True, precompute=True)
    tariff_id = fields.Many2one("property.tariff", required=True, ondelete="restrict")
    basis = fields.Selection(
        [("calendar_year", "Calendar Year"), ("contract_year", "Contract Year")], required=True
    )
    year_start = fields.Date(required=True)
    date_from = fields.Date(required=True)
    opening = fields.Float(digits=(18, 6))
    quantity = fields.Float(digits=(18, 6))
    is_void = fields.Boolean(compute="_compute_is_void", store=True, precompute=True)

    _sum_of_year = models.Index("(unit_id, tariff_id, basis, year_start) WHERE is_void IS NOT TRUE")

    @api.depends("charge_id.state")
    def _compute_is_void(self):
        for counter in self:
            counter.is_void = counter.charge_id.state == "void"

    @api.model
    def _get_positions(self, tariff, units, before):
        """Units consumed per (unit, basis, first day of the year), of usage
        that began before the day ``before``."""
        rows = self._read_group(
            [
                ("tariff_id", "=", tariff.id),
                ("unit_id", "in", units.ids),
                ("is_void", "=", False),
                ("date_from", "<", before),
            ],
            ["unit_id", "basis", "year_start:day"],
            ["quantity:sum"],
        )
        return {(unit.id, basis, day): quantity for unit, basis, day, quantity in rows}

    @api.model
    def _get_rows_between(self, tariff, units, first, last):
        """Rows in force of usage that began from ``first`` to ``last``, by unit in order of
        days."""
        if not units:
            return {}
        return self.search_fetch(
            [
                ("tariff_id", "=", tariff.id),
                ("unit_id", "in", units.ids),
                ("is_void", "=", False),
                ("date_from", ">=", first),
                ("date_from", "<=", last),
            ],
            ["unit_id", "basis", "year_start", "date_from", "quantity"],
            order="date_from, id",
        ).grouped("unit_id")
