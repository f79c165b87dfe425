from odoo import fields, models
from odoo.exceptions import UserError


class PropertyEstate(models.Model):
    _inherit = "property.estate"

    journal_id = fields.Many2one(
        "account.journal",
        string="Sales Journal",
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        check_company=True,
        help="The bills of the estate are numbered and booked here. One estate, one journal:"
        " posting on a journal is one after the other.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="When bills are due; empty: after the days to pay.",
    )
    days_to_pay = fields.Integer(
        default=15, help="Days from the bill's date to its due date, without payment terms."
    )

    _days_to_pay_not_negative = models.Constraint(
        "CHECK (days_to_pay >= 0)", "The days to pay cannot be negative."
    )

    def _get_journal(self):
        """The journal of the estate's bills, else the company's first for sales."""
        self.ensure_one()
        if self.journal_id:
            return self.journal_id
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.company_id),
                ("type", "=", "sale"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "The estate %(estate)s has no sales journal. Set one on the estate.",
                    estate=self.display_name,
                )
            )
        return journal
