"""What the printed forms of things lent say."""

from odoo import models

from ..calc.lending import number_key


def paper_order(item):
    """By unit, kind and number; what belongs to no unit comes last."""
    unit = item.unit_id
    return (
        not unit,
        number_key(unit.code),
        item.kind_id.sequence,
        item.kind_id.name or "",
        number_key(item.serial),
        item.id,
    )


class PropertyItemSlip(models.Model):
    """The key receipt and the loan slip, in the language of who signs them."""

    _inherit = "property.item.slip"

    def _get_form_lang(self):
        """Language of the holder, else of the company, if it is installed."""
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        langs = (self.partner_id.lang, self.company_id.partner_id.lang, self.env.lang)
        return next((lang for lang in langs if lang in installed), "en_US")

    def _get_form_loans(self, category=None):
        """The things on the paper; of one category, or all."""
        self.ensure_one()
        loans = self.loan_ids.filtered(lambda loan: loan.state != "cancelled")
        if category:
            loans = loans.filtered(lambda loan: loan.category == category)
        return loans.sorted(lambda loan: paper_order(loan.item_id))


class PropertyItemCount(models.Model):
    """The sheet on which the box is handed over."""

    _inherit = "property.item.count"

    def _get_form_lang(self):
        """The reader's language: the sheet stays in the house."""
        self.ensure_one()
        return self.env.lang or "en_US"

    def _get_form_lines(self):
        """The things of the box, in the order in which they hang there."""
        self.ensure_one()
        return self.line_ids.sorted(lambda line: paper_order(line.item_id))

    def _get_form_lent(self):
        """What was in somebody's hands."""
        self.ensure_one()
        return self.lent_ids.sorted(lambda loan: paper_order(loan.item_id))
