from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.property_letter import LIVE_STATES

PAYMENT_JOURNAL_TYPES = ("bank", "cash", "credit")


class PropertyPaymentRegister(models.TransientModel):
    """Takes a payment for the open bills of a letter, the oldest bill first.

    The booking is Odoo's own payment; this dialog is for cashiers, who have no
    right to make entries by hand.
    """

    _name = "property.payment.register"
    _description = "Register Payment"
    _check_company_auto = True

    letter_id = fields.Many2one("property.letter", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="letter_id.partner_id")
    estate_id = fields.Many2one(related="letter_id.estate_id")
    company_id = fields.Many2one(related="letter_id.company_id")
    currency_id = fields.Many2one(related="letter_id.currency_id")
    move_ids = fields.Many2many("account.move", string="Open Bills", compute="_compute_move_ids")
    amount_open = fields.Monetary(string="Open Now", related="letter_id.amount_open")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid by",
        required=True,
        check_company=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('type', 'in', ('bank', 'cash', 'credit')), ('company_id', '=', company_id)]",
        help="Cash, bank account or other means of payment.",
    )
    date = fields.Date(
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    memo = fields.Char(compute="_compute_memo", store=True, readonly=False)

    @api.depends("letter_id")
    def _compute_move_ids(self):
        for wizard in self:
            wizard.move_ids = wizard._get_open_bills()

    @api.depends("letter_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = max(wizard.letter_id.amount_open, 0.0)

    @api.depends("letter_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [
                    ("type", "in", PAYMENT_JOURNAL_TYPES),
                    ("company_id", "=", wizard.company_id.id),
                ],
                limit=1,
            )

    @api.depends("letter_id")
    def _compute_date(self):
        for wizard in self:
            estate = wizard.estate_id
            wizard.date = estate._today() if estate else fields.Date.context_today(self)

    @api.depends("letter_id")
    def _compute_memo(self):
        for wizard in self:
            wizard.memo = wizard.letter_id.payment_reference

    def _get_open_bills(self):
        """Bills of the letter that are not settled, credits among them."""
        letter = self.letter_id
        return (
            (letter.move_ids | letter.arrears_move_ids)
            .filtered(lambda move: move.state == "posted" and move.amount_residual_signed)
            .sorted(lambda move: (move.invoice_date_due or move.date, move.id))
        )

    # --- payment ----------------------------------------------------------

    def action_confirm(self):
        """Book the payment and settle the bills with it."""
        self.ensure_one()
        letter = self.letter_id
        letter._check_role("cashier", "accountant")
        letter.estate_id.check_access("read")
        letter._check_payable()
        bills = self._get_open_bills()
        bills.check_access("read")
        if bills.try_lock_for_update(allow_referencing=True) != bills:
            raise UserError(
                self.env._(
                    "Somebody else is booking a payment for the letter %(letter)s. Wait a"
                    " moment, then look at what is open.",
                    letter=letter.number,
                )
            )
        self.env.invalidate_all()
        self._check_payment()
        # cashiers may not make entries by hand: role, estate, bills, journal, date
        # and amount are checked above
        wizard = self.sudo()
        lines = wizard._get_open_bills().line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        )
        if len(lines.account_id) > 1:
            raise UserError(
                self.env._(
                    "The bills of the letter %(letter)s are booked on several"
                    " receivable accounts. Ask an accountant to register the payment"
                    " bill by bill.",
                    letter=letter.number,
                )
            )
        wizard._book_payment(lines)
        return {"type": "ir.actions.act_window_close"}

    def _check_payment(self):
        letter, currency = self.letter_id, self.currency_id
        if letter.state not in LIVE_STATES or letter.payment_state == "paid":
            letter._check_payable()
        if currency.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(
                self.env._(
                    "A payment for the letter %(letter)s has to be more than zero.",
                    letter=letter.number,
                )
            )
        if currency.compare_amounts(self.amount, letter.amount_open) > 0:
            raise UserError(
                self.env._(
                    "Of the letter %(letter)s %(open)s is open: %(amount)s is too much."
                    " Take what is open, and ask an accountant to book the rest.",
                    letter=letter.number,
                    open=currency.format(letter.amount_open),
                    amount=currency.format(self.amount),
                )
            )
        if self.date > letter.estate_id._today():
            raise UserError(
                self.env._(
                    "The payment for the letter %(letter)s cannot be dated %(date)s,"
                    " which is in the future.",
                    letter=letter.number,
                    date=self.date,
                )
            )
        journal = self.journal_id
        if journal.type not in PAYMENT_JOURNAL_TYPES or journal.company_id != letter.company_id:
            raise UserError(
                self.env._(
                    "%(journal)s is no means of payment of %(company)s. Choose cash, a"
                    " bank account or another means.",
                    journal=journal.display_name,
                    company=letter.company_id.name,
                )
            )
        # lock dates are the company's; cashiers may not read them, only obey
        locks = letter.company_id.sudo()._get_violated_lock_dates(self.date, False, journal.sudo())
        if locks:
            raise UserError(
                self.env._(
                    "The accounting period of %(date)s is closed until %(lock)s. Date"
                    " the payment later, or ask an accountant to reopen it.",
                    date=self.date,
                    lock=max(lock for lock, _name in locks),
                )
            )

    def _book_payment(self, lines):
        """One payment over ``lines``; Odoo settles the earliest due first."""
        payment = self.env["account.payment"].create(
            {
                "date": self.date,
                "amount": self.amount,
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": lines.partner_id[:1].id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "journal_id": self.journal_id.id,
                "destination_account_id": lines.account_id.id,
                "memo": self.memo or self.letter_id.payment_reference,
            }
        )
        payment.action_post()
        booked = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == lines.account_id and not line.reconciled
        )
        (booked | lines).reconcile()
        lines.move_id.matched_payment_ids += payment
        self.letter_id.message_post(
            body=self.env._(
                "Paid on %(date)s: %(amount)s (%(payment)s)",
                date=self.date,
                amount=self.currency_id.format(self.amount),
                payment=payment.name,
            ),
            author_id=self.env.user.partner_id.id,
        )
        return payment
