from odoo import fields, models
from odoo.fields import Command
from odoo.tools import SQL

#: bills of a run are made without chatter
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
}


class PropertyBillingRun(models.Model):
    """Making the bills of a part, all at once.

    They are made and posted by Odoo's own ``create`` and ``_post``; what these would ask
    again for each bill or line is asked once for all of them here and in the models that
    look for the key ``pm_bills_of_run`` in the context. It changes no value that is stored
    (``tests/test_bill_values.py``).
    """

    _inherit = "property.billing.run"

    def _make_bills(self, bills):
        for _key, charges in bills:
            self._check_accounts(charges)
        moves = self._create_moves([self._prepare_move(key, charges) for key, charges in bills])
        charges = self.env["property.charge"].union(*(charges for _key, charges in bills))
        self._mark_charges(charges, moves)
        self._refresh_statistics(len(moves.line_ids))
        moves._post(soft=False)
        usage = charges.usage_ids
        usage.reading_id.filtered(lambda reading: reading.state == "accepted")._mark_billed()
        usage._adopt_corrections()

    def _create_moves(self, vals_list):
        distributes = self.env["account.analytic.distribution.model"].search_count([], limit=1)
        Move = self.env["account.move"].with_context(
            **QUIET, pm_bills_of_run=True, pm_no_distribution=not distributes
        )
        self._read_ahead(Move.env["res.partner"].browse({vals["partner_id"] for vals in vals_list}))
        return Move.create(vals_list)

    def _read_ahead(self, partners):
        """Read for all payers at once what Odoo asks of one after the other."""
        partners.with_company(self.company_id).fetch(["property_account_position_id"])
        partners.fetch(["user_ids"])

    def _mark_charges(self, charges, moves):
        for line in moves.invoice_line_ids.filtered("pm_charge_id"):
            line.pm_charge_id.move_line_id = line
        charges.write({"state": "billed"})

    def _prepare_move(self, key, charges):
        """Values of one bill; a negative one is a credit note."""
        total = sum(charges.mapped("amount"))
        refund = self.currency_id.compare_amounts(total, 0) < 0
        sign = -1 if refund else 1
        journal, term, partner, estate, *_apart = key
        vals = {
            "move_type": "out_refund" if refund else "out_invoice",
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "journal_id": journal.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.date_invoice,
            "date": self.date_invoice,
            "invoice_origin": self.name,
            "invoice_user_id": False,
            "estate_id": estate.id,
            "pm_run_id": self.id,
            "pm_batch_id": charges.batch_id.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "sequence": number,
                        "product_id": charge.product_id.id,
                        "name": charge._get_line_text(partner.lang),
                        "pm_charge_id": charge.id,
                        "quantity": 1.0,
                        "price_unit": sign * charge.amount,
                    }
                )
                for number, charge in enumerate(charges, 1)
            ],
        }
        if term:
            vals["invoice_payment_term_id"] = term.id
        else:
            vals["invoice_payment_term_id"] = False
            vals["invoice_date_due"] = fields.Date.add(self.date_invoice, days=estate.days_to_pay)
        return vals

    def _refresh_statistics(self, new_lines):
        """Tell PostgreSQL how large the tables are when a batch outgrows what it knows.

        On a young database it still plans for empty tables: posting a few
        hundred bills then takes minutes instead of seconds.
        """
        tables = ("account_move", "account_move_line", "account_partial_reconcile")
        [(known,)] = self.env.execute_query(
            SQL("SELECT MIN(reltuples) FROM pg_class WHERE oid = 'account_move_line'::regclass")
        )
        if known > 2 * new_lines:
            return
        self.env.flush_all()
        for table in tables:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
