from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..calc.payment_reference import format_reference

LETTER_LEVELS = [
    ("1", "Payment Notice"),
    ("2", "Reminder"),
    ("3", "Final Reminder"),
    ("4", "Lawyer's Letter"),
]

LETTER_STATES = [
    ("draft", "Draft"),
    ("issued", "Issued"),
    ("delivered", "Delivered"),
    ("void", "Void"),
]

DELIVERY_RESULTS = [
    ("handed", "Handed Over"),
    ("signed", "Signed For"),
    ("refused", "Refused"),
    ("not_met", "Nobody Met"),
    ("mailed", "Mailed"),
    ("emailed", "Emailed"),
]

#: with these the letter counts as delivered; after the others one tries again
DELIVERED_RESULTS = ("handed", "signed", "refused", "mailed", "emailed")

#: where each state may lead; everything else is refused on write
TRANSITIONS = {
    "draft": {"issued", "void"},
    "issued": {"delivered", "void"},
    "delivered": {"issued", "void"},
    "void": set(),
}

LIVE_STATES = ("issued", "delivered")

#: what stands on the paper: it stays once the letter is issued
FROZEN_WHEN_ISSUED = {
    "access_token",
    "amount_arrears",
    "amount_due",
    "amount_settled",
    "amount_total",
    "arrears_move_ids",
    "company_id",
    "date_due",
    "date_issued",
    "estate_id",
    "lang",
    "level",
    "move_ids",
    "number",
    "partner_bank_id",
    "partner_id",
    "payment_reference",
    "period_end",
    "period_start",
    "run_id",
    "serial",
    "unit_ids",
    "year",
}

#: the paper itself stays once it is made
FROZEN_WHEN_PRINTED = {"pdf", "pdf_name", "printed_at"}


class PropertyLetter(models.Model):
    """A numbered paper that asks a payer for money: one for all the bills.

    Issued letters are never changed or deleted: they are made void, and the next
    one gets the next number. Nobody writes letters by hand; the methods below
    check who may do what.
    """

    _name = "property.letter"
    _description = "Letter"
    _inherit = ["mail.thread", "mail.activity.mixin", "property.constraint.check"]
    _order = "date_issued desc, id"
    _rec_name = "number"
    _rec_names_search = ["number", "payment_reference", "partner_id.name"]
    _mail_post_access = "read"
    _check_company_auto = True
    _required_constraints = ("_serial_once", "_number_once", "_notice_once")

    level = fields.Selection(LETTER_LEVELS, required=True, default="1", index=True, readonly=True)
    number = fields.Char(readonly=True, copy=False, index="trigram")
    year = fields.Integer(readonly=True, copy=False, aggregator=None)
    serial = fields.Integer(readonly=True, copy=False, aggregator=None)
    state = fields.Selection(
        LETTER_STATES,
        required=True,
        default="draft",
        index=True,
        tracking=True,
        readonly=True,
        copy=False,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    lang = fields.Char(string="Language", readonly=True)
    run_id = fields.Many2one(
        "property.billing.run",
        string="Billing Run",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        check_company=True,
    )
    estate_id = fields.Many2one(
        "property.estate",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_ids = fields.Many2many(
        "property.unit",
        string="Units",
        readonly=True,
        context={"active_test": False},
    )
    unit_id = fields.Many2one(
        "property.unit",
        string="First Unit",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="Letters are printed and handed out in the order of the units.",
    )
    building_id = fields.Many2one(
        related="unit_id.building_id",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    move_ids = fields.Many2many(
        "account.move",
        "property_letter_move_rel",
        "letter_id",
        "move_id",
        string="Bills",
        readonly=True,
        copy=False,
    )
    arrears_move_ids = fields.Many2many(
        "account.move",
        "property_letter_arrears_move_rel",
        "letter_id",
        "move_id",
        string="Earlier Bills",
        readonly=True,
        copy=False,
        help="Earlier bills that were open when the letter was issued.",
    )
    period_start = fields.Date(string="From", readonly=True)
    period_end = fields.Date(string="Until", readonly=True)
    date_issued = fields.Date(string="Issued on", readonly=True, copy=False, index=True)
    date_due = fields.Date(string="Due Date", readonly=True, index=True)
    amount_total = fields.Monetary(string="Amount of the Bills", readonly=True, copy=False)
    amount_settled = fields.Monetary(
        string="Already Paid",
        readonly=True,
        copy=False,
        help="What was paid of these bills before the letter was issued.",
    )
    amount_arrears = fields.Monetary(
        string="Open from Earlier Bills",
        readonly=True,
        copy=False,
        help="What was open of earlier bills when the letter was issued.",
    )
    amount_due = fields.Monetary(string="Total to Pay", readonly=True, copy=False)
    amount_open = fields.Monetary(
        string="Open Now",
        compute="_compute_amount_open",
        compute_sudo=True,
        help="What is still to be paid of all bills on the letter.",
    )
    payment_state = fields.Selection(
        [("not_paid", "Not Paid"), ("partial", "Partially Paid"), ("paid", "Paid")],
        string="Payment",
        compute="_compute_amount_open",
        compute_sudo=True,
    )
    payment_reference = fields.Char(readonly=True, copy=False, index=True)
    payment_reference_text = fields.Char(
        string="Reference", compute="_compute_payment_reference_text"
    )
    partner_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Bank Account",
        readonly=True,
        ondelete="restrict",
        help="The company's account the payer is asked to pay to.",
    )
    access_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    pdf = fields.Binary(string="PDF", readonly=True, copy=False, attachment=True)
    pdf_name = fields.Char(readonly=True, copy=False)
    printed_at = fields.Datetime(string="PDF Made at", readonly=True, copy=False)
    date_delivered = fields.Date(string="Delivered on", readonly=True, copy=False, tracking=True)
    delivered_by_id = fields.Many2one(
        "res.users",
        string="Delivered by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    delivery_result = fields.Selection(
        DELIVERY_RESULTS,
        string="Delivery",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    delivery_note = fields.Char(string="Received by", readonly=True, copy=False)
    delivery_proof = fields.Binary(
        string="Signed Slip or Photo", readonly=True, copy=False, attachment=True
    )
    delivery_proof_name = fields.Char(readonly=True, copy=False)
    void_reason = fields.Char(readonly=True, copy=False)

    _serial_once = models.UniqueIndex(
        "(estate_id, level, year, serial) WHERE serial IS NOT NULL",
        "Another letter of this estate has this number.",
    )
    _number_once = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL",
        "Another letter of this company has this number. Give the estate a code of its"
        " own, then try again.",
    )
    _notice_once = models.UniqueIndex(
        "(run_id, partner_id, estate_id)"
        " WHERE level = '1' AND state <> 'void' AND run_id IS NOT NULL",
        "This payer already has a payment notice of this billing run.",
    )
    _token_once = models.UniqueIndex(
        "(access_token) WHERE access_token IS NOT NULL",
        "Another letter has this link.",
    )
    _issued_complete = models.Constraint(
        "CHECK (state IN ('draft', 'void') OR (number IS NOT NULL AND serial IS NOT"
        " NULL AND date_issued IS NOT NULL))",
        "An issued letter needs its number and date.",
    )

    # --- computed ---------------------------------------------------------

    @api.depends("number", "partner_id.name")
    def _compute_display_name(self):
        levels = dict(self._fields["level"]._description_selection(self.env))
        for letter in self:
            letter.display_name = letter.number or " ".join(
                filter(None, (levels.get(letter.level), letter.partner_id.name))
            )

    @api.depends(
        "amount_due",
        "move_ids.amount_residual_signed",
        "arrears_move_ids.amount_residual_signed",
    )
    def _compute_amount_open(self):
        for letter in self:
            moves = letter.move_ids | letter.arrears_move_ids
            open_now = sum(moves.mapped("amount_residual_signed"))
            currency = letter.currency_id or self.env.company.currency_id
            letter.amount_open = currency.round(open_now)
            if currency.compare_amounts(open_now, 0.0) <= 0:
                letter.payment_state = "paid"
            elif currency.compare_amounts(open_now, letter.amount_due) < 0:
                letter.payment_state = "partial"
            else:
                letter.payment_state = "not_paid"

    @api.depends("payment_reference")
    def _compute_payment_reference_text(self):
        for letter in self:
            letter.payment_reference_text = format_reference(letter.payment_reference)

    # --- integrity --------------------------------------------------------

    def write(self, vals):
        if "state" in vals:
            self._check_transition(vals["state"])
        if FROZEN_WHEN_ISSUED & vals.keys():
            for letter in self:
                if letter.state != "draft":
                    raise UserError(
                        self.env._(
                            "The letter %(letter)s is issued and stays as it is. Make"
                            " it void and issue the next one.",
                            letter=letter.display_name,
                        )
                    )
        if FROZEN_WHEN_PRINTED & vals.keys():
            for letter in self:
                if letter.printed_at:
                    raise UserError(letter._explain_printed())
        return super().write(vals)

    def _explain_printed(self):
        self.ensure_one()
        return self.env._(
            "The PDF of the letter %(letter)s is made and stays as it is. Make the letter void and"
            " issue the next one.",
            letter=self.display_name,
        )

    def _why_file_stays(self, file):
        """The PDF and the proof of delivery are what counts in a dispute."""
        if file.res_field == "pdf" and self.printed_at:
            return self._explain_printed()
        if file.res_field == "delivery_proof":
            return self.env._(
                "The proof that the letter %(letter)s was delivered stays as it was noted.",
                letter=self.display_name,
            )
        return super()._why_file_stays(file)

    def _check_transition(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for letter in self:
            if state != letter.state and state not in TRANSITIONS[letter.state]:
                raise UserError(
                    self.env._(
                        "The letter %(letter)s is in the state %(old)s and cannot go to %(new)s.",
                        letter=letter.display_name,
                        old=labels[letter.state],
                        new=labels.get(state, state),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for letter in self:
            if letter.state != "draft" or letter.number:
                raise UserError(
                    self.env._(
                        "The letter %(letter)s has a number and stays on record. Make it"
                        " void instead.",
                        letter=letter.display_name,
                    )
                )

    def _check_role(self, *roles):
        """Refuse whoever has none of the roles, or may not see the letters."""
        self.check_access("read")
        user = self.env.user
        if self.env.su or any(user.has_group(f"property_tenant.group_{role}") for role in roles):
            return
        groups = [self.env.ref(f"property_tenant.group_{role}") for role in roles]
        raise AccessError(
            self.env._(
                "You cannot do this with %(letters)s. It is the work of: %(roles)s.",
                letters=", ".join(self[:5].mapped("display_name")),
                # names of groups are no secret, but not everybody may read them
                roles=", ".join(group.sudo().name for group in groups),
            )
        )

    # --- delivery ---------------------------------------------------------

    def _get_delivery_roles(self):
        """Who hands letters over; other levels add theirs."""
        return ("collector", "steward")

    def action_record_delivery(self):
        """Ask how the letters were delivered."""
        self._check_role(*self._get_delivery_roles())
        self._check_issued()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Delivery"),
            "res_model": "property.letter.delivery",
            "view_mode": "form",
            "target": "new",
            "context": {"default_letter_ids": self.ids},
        }

    def _check_issued(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for letter in self:
            if letter.state != "issued":
                raise UserError(
                    self.env._(
                        "The letter %(letter)s is in the state %(state)s: its delivery"
                        " cannot be recorded. Take it off the selection.",
                        letter=letter.display_name,
                        state=labels[letter.state],
                    )
                )

    def _record_delivery(self, result, date, note=None, proof=None, proof_name=None):
        """Write down how the letters were delivered, or that nobody was met.

        Rights are checked by the caller.
        """
        self._check_issued()
        for letter in self:
            if date < letter.date_issued or date > letter.estate_id._today():
                raise UserError(
                    self.env._(
                        "The letter %(letter)s was issued on %(issued)s: it cannot be"
                        " delivered on %(date)s. Enter a day from then until today.",
                        letter=letter.display_name,
                        issued=letter.date_issued,
                        date=date,
                    )
                )
        values = {
            "delivery_result": result,
            "date_delivered": date if result in DELIVERED_RESULTS else False,
            "delivered_by_id": self.env.uid,
            "delivery_note": note,
        }
        if result in DELIVERED_RESULTS:
            values["state"] = "delivered"
        if proof:
            values |= {"delivery_proof": proof, "delivery_proof_name": proof_name}
        # nobody has the right to write letters; the caller was checked
        self.sudo().write(values)

    def action_undo_delivery(self):
        """Take back a delivery that was recorded by mistake."""
        self._check_role("billing_supervisor")
        for letter in self:
            if letter.state != "delivered":
                raise UserError(
                    self.env._(
                        "The letter %(letter)s is not delivered.",
                        letter=letter.display_name,
                    )
                )
        # nobody has the right to write letters; the role is checked above
        self.sudo().write(
            {
                "state": "issued",
                "delivery_result": False,
                "date_delivered": False,
                "delivered_by_id": False,
                "delivery_note": False,
                "delivery_proof": False,
                "delivery_proof_name": False,
            }
        )

    # --- void -------------------------------------------------------------

    def action_void(self, reason=None):
        """Take the letters out of force; without a reason, ask for one."""
        self._check_role("billing_supervisor")
        if reason is None:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Make Void"),
                "res_model": "property.letter.void",
                "view_mode": "form",
                "target": "new",
                "context": {"default_letter_ids": self.ids},
            }
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the letters are made void: it stays on record."))
        # nobody has the right to write letters; the role is checked above
        self.sudo().write({"state": "void", "void_reason": reason.strip()})
        return True

    # --- views ------------------------------------------------------------

    def action_view_moves(self):
        """Open the bills of the letter, earlier ones included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.account_move_bill_action"
        )
        action["domain"] = [("id", "in", (self.move_ids | self.arrears_move_ids).ids)]
        action["context"] = {}
        return action

    def action_register_payment(self):
        """Open the dialog that takes a payment for the open bills."""
        self.ensure_one()
        self._check_role("cashier", "accountant")
        self._check_payable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register Payment"),
            "res_model": "property.payment.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_letter_id": self.id},
        }

    def _check_payable(self):
        for letter in self:
            if letter.state not in LIVE_STATES:
                raise UserError(
                    self.env._(
                        "The letter %(letter)s is not in force. Take the payment on the"
                        " letter that replaced it.",
                        letter=letter.display_name,
                    )
                )
            if letter.payment_state == "paid":
                raise UserError(
                    self.env._(
                        "The bills of the letter %(letter)s are paid.",
                        letter=letter.display_name,
                    )
                )
