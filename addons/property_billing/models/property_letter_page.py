from odoo import models

from .property_letter import LIVE_STATES


class PropertyLetter(models.Model):
    """The public page behind the QR code of a letter."""

    _inherit = "property.letter"

    def _find_by_token(self, token):
        """The letter in force that has the link, or none."""
        return self.search([("access_token", "=", token), ("state", "in", LIVE_STATES)], limit=1)

    def _get_payment_page_values(self):
        """What the page shows: plain values, nothing about the payer.

        No record is given to the template, so that it cannot show more.
        """
        self.ensure_one()
        letter = self.with_context(lang=self.lang)
        bank = letter.partner_bank_id
        return {
            "page_lang": self.lang,
            "reference": letter.payment_reference_text,
            "estate": letter.estate_id.name,
            "company": letter.company_id.name,
            "currency": letter.currency_id,
            "amount_open": max(letter.amount_open, 0.0),
            "is_paid": letter.payment_state == "paid",
            "date_due": letter.date_due,
            "bank_name": bank.bank_name,
            "account_holder": bank.acc_holder_name or letter.company_id.name,
            "account_number": bank.acc_number,
        }
