from odoo import fields, models
from odoo.tools import format_date, formatLang


class ResPartner(models.Model):
    """Whoever opens a party sees what it owes for the estates he works on."""

    _inherit = "res.partner"

    def _get_estate_warnings(self):
        result = super()._get_estate_warnings()
        for partner_id, amounts in self._get_estate_arrears().items():
            for currency, amount, since in amounts:
                result.setdefault(partner_id, []).append(
                    {
                        "level": "2",
                        "kind": self.env._("Arrears"),
                        "text": self.env._(
                            "%(amount)s overdue since %(day)s",
                            amount=formatLang(self.env, amount, currency_obj=currency),
                            day=format_date(self.env, since),
                        ),
                    }
                )
        return result

    def _get_estate_arrears(self):
        """{partner id: [(currency, amount overdue, first due date)]}; one query for all."""
        # staff without accounting are told the sum, for the estates they see and no other
        estates = self.env["property.estate"].with_context(active_test=False).search([])
        bills = self.env["account.move"].sudo()
        rows = bills._read_group(
            [
                ("partner_id", "in", self._origin.ids),
                ("estate_id", "in", estates.ids),
                ("state", "=", "posted"),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<", fields.Date.context_today(self)),
            ],
            ["partner_id", "currency_id"],
            ["amount_residual:sum", "invoice_date_due:min"],
        )
        found = {}
        for partner, currency, amount, since in rows:
            if not currency.is_zero(amount):
                found.setdefault(partner.id, []).append((currency, amount, since))
        return found
