from odoo import models

from ..calc.reading_rules import rule_for


class PropertyMeter(models.Model):
    _inherit = "property.meter"

    def _get_unread_severity(self):
        """How serious it is that these meters were not read: {meter: severity}.

        Meters whose rule says not to look for it are left out.
        """
        rules = {
            company: self.env["property.reading.rule"]._get_rules(company)
            for company in self.company_id
        }
        found = {}
        for meter in self:
            rule = rule_for(
                "missing",
                rules[meter.company_id],
                meter.commodity,
                meter.unit_id.usage or None,
                None,
            )
            if rule:
                found[meter] = rule.severity
        return found

    def _name_some(self, limit):
        """Names of the first ``limit`` meters, in order of their units."""
        meters = self.sorted(lambda meter: (meter.unit_id.code or "", meter.name))
        names = [
            f"{meter.name} ({meter.unit_id.code})" if meter.unit_id else meter.name
            for meter in meters[:limit]
        ]
        return ", ".join(names) + (", …" if len(meters) > limit else "")
