from odoo import models


class PropertyChargeBuilder(models.AbstractModel):
    """Readings that nobody has accepted yet are not billed: they are listed."""

    _inherit = "property.charge.builder"

    def _list_missing(self, fee, issues):
        result = super()._list_missing(fee, issues)
        readings = self.env["property.meter.reading"].search(
            [
                ("unit_id", "in", fee.units.ids),
                ("commodity", "=", fee.rule.commodity),
                ("state", "in", ("draft", "flagged")),
                ("date", "<=", fee.whole.end),
                ("date", ">=", fee.rule.date_from),
                ("meter_id.payer", "!=", "estate"),
            ],
            order="unit_id, date, id",
        )
        for reading in readings:
            issues.append(
                self._issue(
                    fee,
                    reading.unit_id,
                    "open_reading",
                    self.env._(
                        "The reading %(reading)s of unit %(unit)s is not accepted, so %(fee)s is"
                        " not charged for it. Accept it or read again, then compute again.",
                        reading=reading.display_name,
                        unit=reading.unit_id.display_name,
                        fee=fee.rule.name,
                    ),
                    meter_id=reading.meter_id.id,
                )
            )
        return result
