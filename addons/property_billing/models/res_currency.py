from odoo import models

from ..calc.words import amount_in_words


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _get_amount_in_words(self, amount):
        """In the language of the context; Chinese capitals for the renminbi only."""
        self.ensure_one()
        # units of currencies are translated, but go with English numbers here
        currency = self.with_context(lang="en_US")
        lang = self.env.lang if currency.name == "CNY" else "en_US"
        return amount_in_words(
            amount,
            lang,
            (currency.currency_unit_label or currency.name).lower(),
            (currency.currency_subunit_label or "").lower(),
        )
