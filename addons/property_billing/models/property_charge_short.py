from odoo import models


class PropertyCharge(models.Model):
    """The explanation of a charge in a few lines, for paper."""

    _inherit = "property.charge"

    def _get_short_explanation(self):
        """Lines of text in the language of the context."""
        self.ensure_one()
        values = self.with_context(explain_on_paper=True)._prepare_explanation()
        lines = [values["formula"]]
        lines += [self._shorten_reading(row, values["uom"]) for row in values["readings"]]
        lines.append("; ".join(self._shorten_tiers(values)))
        lines += [
            f"{row['period']}: {row['old_usage']} → {row['new_usage']},"
            f" {row['old_total']} → {row['new_total']}"
            for row in values["corrections"]
        ]
        return [line for line in lines if line]

    def _explain_photos(self):
        if self.env.context.get("explain_on_paper"):
            return {}
        return super()._explain_photos()

    def _explain_tariff(self, data):
        # the few lines do not name it
        if self.env.context.get("explain_on_paper"):
            return ""
        return super()._explain_tariff(data)

    def _shorten_reading(self, row, uom):
        used = f"{row['index_previous']} → {row['index']}"
        if row["multiplier"] not in ("", "1"):
            used = f"({used}) × {row['multiplier']}"
        text = self.env._(
            "Meter %(meter)s: %(used)s, usage %(usage)s",
            meter=" ".join(filter(None, (row["meter"], row["register"]))),
            used=used,
            usage=" ".join(filter(None, (row["usage"], uom))),
        )
        return " · ".join([text, *row["notes"]])

    def _shorten_tiers(self, values):
        rows = values["tiers"]
        for row in rows:
            text = f"{row['quantity']} × {row['price']}"
            if len(rows) > 1:
                what = " ".join(filter(None, (row["tier"], row["register"])))
                text = f"{what}: {text} = {row['amount']}"
            yield text
        for label, amount in values["extras"]:
            yield f"{label}: {amount}"
