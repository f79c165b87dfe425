from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..calc.approval import APPROVED, PENDING, Gate
from ..calc.signature import Role

INCIDENT_STATES = [
    ("draft", "Draft"),
    ("reported", "Reported"),
    ("decided", "Decided"),
    ("void", "Withdrawn"),
]

#: follows from what is done with the buttons
OF_SYSTEM = {"state", "date", "date_decided", "decided_by_id", "void_reason", "charge_note"}

#: what was reported and signed stays
FROZEN = {"loan_id", "item_id", "kind", "quantity", "reason"}

#: what was decided stays
DECIDED = {"remedy", "amount", "remedy_note"}


class PropertyItemIncident(models.Model):
    """A thing was lost or broken: reported at once, explained, remedied."""

    _name = "property.item.incident"
    _description = "Loss or Damage"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "property.numbered.mixin",
        "property.approval.mixin",
        "property.signature.mixin",
        "property.charge.source.mixin",
    ]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "holder", "item_id.serial"]
    _check_company_auto = True
    _number_series = "KI"
    _number_on_create = False

    loan_id = fields.Many2one(
        "property.item.loan",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('state', '=', 'out')]",
        help="Empty: it was in the box.",
    )
    item_id = fields.Many2one(
        "property.item",
        string="Thing",
        compute="_compute_item_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    kind_id = fields.Many2one(related="item_id.kind_id", string="Kind of Thing", store=True)
    estate_id = fields.Many2one(
        related="item_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="item_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    occupancy_id = fields.Many2one(
        related="loan_id.occupancy_id", store=True, index="btree_not_null"
    )
    unit_id = fields.Many2one(related="loan_id.unit_id", store=True, index="btree_not_null")
    partner_id = fields.Many2one(
        related="loan_id.partner_id", string="Person", store=True, index="btree_not_null"
    )
    holder = fields.Char(related="loan_id.holder", string="Held by", store=True)
    kind = fields.Selection(
        [("lost", "Lost"), ("damaged", "Damaged")],
        string="What Happened",
        required=True,
        default="lost",
        tracking=True,
    )
    quantity = fields.Integer(required=True, default=1)
    reason = fields.Text(
        string="Why", required=True, help="What the holder says about it; signed by the holder."
    )
    date = fields.Datetime(string="Reported on", readonly=True, copy=False)
    remedy = fields.Selection(
        [
            ("replace", "Replaced by the Holder"),
            ("charge", "Charged to the Holder"),
            ("waive", "Waived"),
        ],
        tracking=True,
        copy=False,
    )
    remedy_note = fields.Char(string="Note on the Remedy", copy=False)
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="What the party pays; less than the replacement price needs approval.",
    )
    price = fields.Monetary(string="Replacement Price", compute="_compute_price")
    state = fields.Selection(
        INCIDENT_STATES, required=True, default="draft", readonly=True, copy=False, tracking=True
    )
    date_decided = fields.Datetime(string="Decided on", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    void_reason = fields.Char(string="Withdrawn because", readonly=True, copy=False)
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    is_asked = fields.Boolean(compute="_compute_is_asked")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "At least one piece is lost or broken."
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "The amount cannot be negative."
    )
    _decided_has_remedy = models.Constraint(
        "CHECK (state <> 'decided' OR remedy IS NOT NULL)", "Choose the remedy first."
    )

    @api.depends("loan_id")
    def _compute_item_id(self):
        for incident in self:
            incident.item_id = incident.loan_id.item_id or incident.item_id

    @api.depends("item_id", "quantity")
    def _compute_amount(self):
        for incident in self:
            if incident.state in (False, "draft"):
                incident.amount = incident.item_id.kind_id.price * incident.quantity

    @api.depends("item_id.kind_id.price", "quantity")
    def _compute_price(self):
        for incident in self:
            incident.price = incident.item_id.kind_id.price * incident.quantity

    @api.depends("remedy", "amount", "price")
    def _compute_needs_approval(self):
        for incident in self:
            incident.needs_approval = incident.remedy == "waive" or (
                incident.remedy == "charge"
                and incident.company_id.currency_id.compare_amounts(incident.amount, incident.price)
                < 0
            )

    @api.depends("approval_state")
    def _compute_is_asked(self):
        states = self._origin._approval_gate_states("waive")
        for incident in self:
            incident.is_asked = states.get(incident._origin.id) == PENDING

    @api.depends("number", "item_id.display_name")
    def _compute_display_name(self):
        for incident in self:
            label = incident.number or self.env._("New Report")
            incident.display_name = f"{label} {incident.item_id.display_name or ''}".strip()

    # --- integrity --------------------------------------------------------------

    @api.constrains("loan_id", "item_id", "quantity")
    def _check_loan(self):
        for incident in self:
            if incident.loan_id and incident.loan_id.item_id != incident.item_id:
                raise ValidationError(
                    self.env._(
                        "%(loan)s is not a loan of %(item)s.",
                        loan=incident.loan_id.display_name,
                        item=incident.item_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        fresh = dict.fromkeys(OF_SYSTEM, False) | {"state": "draft"}
        return super().create([{**vals, **fresh} for vals in vals_list])

    def write(self, vals):
        if self and not self.env.su:
            if OF_SYSTEM & vals.keys():
                raise UserError(
                    self.env._(
                        "%s is reported and decided with the buttons of its form.",
                        self[0].display_name,
                    )
                )
            for incident in self:
                incident._check_change(vals)
        return super().write(vals)

    def _check_change(self, vals):
        if FROZEN & vals.keys() and self.state != "draft":
            raise UserError(
                self.env._(
                    "%s was reported and stays as it was signed. A supervisor can withdraw it.",
                    self.display_name,
                )
            )
        if DECIDED & vals.keys() and self.state in ("decided", "void"):
            raise UserError(
                self.env._(
                    "%s is decided. A supervisor can withdraw the report.", self.display_name
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for incident in self:
            if incident.state != "draft":
                raise UserError(
                    self.env._("%s was reported and stays on record.", incident.display_name)
                )

    # --- approval -----------------------------------------------------------------

    def _approval_gates(self):
        return super()._approval_gates() | {
            "waive": Gate(
                self.env._("Waiver"),
                guards={"state": ("decided",)},
                invalidated_by=("remedy", "amount", "kind", "quantity", "reason", "item_id"),
                required=True,
            )
        }

    def _approval_needed(self, gate, before):
        needed = super()._approval_needed(gate, before)
        return needed.filtered("needs_approval") if gate == "waive" else needed

    def _approval_amount(self):
        """What the house gives up."""
        if self.remedy == "charge":
            return self.price - self.amount
        return self.price

    def _approval_granted(self, gate):
        if gate == "waive":
            self.filtered(lambda incident: incident.state == "reported")._decide()
        return super()._approval_granted(gate)

    # --- signature ------------------------------------------------------------------

    def _signature_roles(self):
        name = self.loan_id.slip_id.holder_name or self.partner_id.name or ""
        roles = {}
        if self.loan_id:
            roles["holder"] = Role(self.env._("Holder"), name=name)
        roles["desk"] = Role(self.env._("Taken Down by"), staff=True)
        return roles

    def _signature_version_values(self):
        return [self.item_id.id, self.loan_id.id, self.kind, self.quantity, self.reason or ""]

    def _signature_partner(self, role):
        return self.partner_id if role == "holder" else super()._signature_partner(role)

    def _signature_check(self, role):
        result = super()._signature_check(role)
        if self.state == "draft":
            raise UserError(
                self.env._("%s is not reported yet. Press Report first.", self.display_name)
            )
        return result

    # --- what happens -----------------------------------------------------------------

    def action_report(self):
        """The loss or damage is on record: the ledger notes it, the loan is settled."""
        self.check_access("write")
        for incident in self:
            if incident.state != "draft":
                raise UserError(self.env._("%s was reported already.", incident.display_name))
            incident._check_quantity()
        # number and state are written by this method only, which has checked the user
        system = self.sudo()
        system.write({"state": "reported", "date": fields.Datetime.now()})
        system._give_numbers()
        for incident in self:
            incident._book()
        self.loan_id.slip_id._close_if_complete()
        return self.action_sign() if len(self) == 1 else True

    def _check_quantity(self):
        if self.loan_id:
            self.loan_id._check_open(self.quantity)
        else:
            self.item_id._check_lendable(self.quantity)

    def _book(self):
        """Write in the ledger what was reported."""
        self.ensure_one()
        loan, item, quantity = self.loan_id, self.item_id, self.quantity
        self.env["property.item.movement"]._post(
            [
                {
                    "item_id": item.id,
                    "kind": self.kind,
                    "quantity": 0 if loan else -quantity,
                    "quantity_out": -quantity if loan else 0,
                    "loan_id": loan.id,
                    "incident_id": self.id,
                    "reason": self.reason,
                }
            ]
        )
        if item.is_serial:
            # the condition follows from the report
            item.sudo().condition = self.kind
        if loan:
            column = "quantity_lost" if self.kind == "lost" else "quantity_returned"
            loan._settle({column: loan[column] + quantity})

    def action_decide(self):
        """Decide on the remedy; giving up money waits for an approval."""
        self.check_access("write")
        waiting = self.browse()
        for incident in self:
            incident._check_decidable()
            if incident.needs_approval:
                waiting |= incident
        (self - waiting)._decide()
        for incident in waiting:
            if incident._approval_gate_state("waive") == APPROVED:
                incident._decide()
            else:
                incident._request_approval("waive", incident.remedy_note)

    def _check_decidable(self):
        self.ensure_one()
        if self.state != "reported":
            raise UserError(self.env._("%s is not waiting for a remedy.", self.display_name))
        if not self.remedy:
            raise UserError(self.env._("Choose the remedy of %s first.", self.display_name))
        if "holder" in self._signature_missing():
            raise UserError(
                self.env._(
                    "%(incident)s: %(holder)s has not signed yet why it happened. Press Sign first;"
                    " if signing is refused, note the reason there.",
                    incident=self.display_name,
                    holder=self.holder or self.env._("Holder"),
                )
            )
        if self.remedy == "charge":
            if not self.partner_id:
                raise UserError(
                    self.env._(
                        "%s was lost by nobody who could pay. Choose another remedy.",
                        self.display_name,
                    )
                )
            if self.currency_id.is_zero(self.amount):
                raise UserError(
                    self.env._(
                        "Fill in what %s costs, or choose another remedy.", self.display_name
                    )
                )

    def _decide(self):
        """Put the decision in force; for methods that have checked who decides."""
        if not self:
            return
        # state and charge follow from the decision; the gate is checked in write()
        self.sudo().write(
            {
                "state": "decided",
                "date_decided": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        for incident in self:
            if incident.remedy == "charge":
                incident._charge()

    def _charge(self):
        self.ensure_one()
        occupancy = self.occupancy_id
        partner = occupancy._get_payer() if occupancy else self.partner_id
        lang = partner.lang or self.env.lang
        localized = self.with_context(lang=lang)
        labels = dict(localized._fields["kind"]._description_selection(localized.env))
        description = localized.env._(
            "%(item)s, %(what)s (%(number)s)",
            item=localized.item_id.display_name,
            what=labels[self.kind],
            number=self.number,
        )
        unit = occupancy.unit_id or self.unit_id
        self._request_charge(partner, unit, occupancy, self.amount, description)

    def action_open_void(self):
        """Open the window that withdraws the report."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw Report"),
            "res_model": "property.item.incident.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_incident_id": self.id},
        }

    def action_void(self, reason=None):
        """Withdraw the report: the thing turned up, or nothing was lost.

        The holder has it again; what was charged is taken back.
        """
        self.check_access("write")
        if not self.env.user.has_group("property_tenant.group_supervisor"):
            raise UserError(self.env._("Only a supervisor withdraws a report. Ask one to do it."))
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the report is withdrawn; it stays on record."))
        for incident in self:
            if incident.state not in ("reported", "decided"):
                raise UserError(self.env._("%s is not in force.", incident.display_name))
            incident._unbook(reason)
            if incident.state == "decided" and incident.remedy == "charge":
                incident._cancel_charge(reason)
        self._approval_void(["waive"], self.env._("the report was withdrawn"))
        # the state follows from the buttons; the role of the user was checked
        self.sudo().write({"state": "void", "void_reason": reason})

    def _unbook(self, reason):
        """Take back in the ledger what was reported."""
        self.ensure_one()
        loan, item, quantity = self.loan_id, self.item_id, self.quantity
        if item.is_serial and item.condition != self.kind:
            raise UserError(
                self.env._(
                    "%(item)s is not %(what)s any more, so the report cannot be withdrawn.",
                    item=item.display_name,
                    what=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
                )
            )
        self.env["property.item.movement"]._post(
            [
                {
                    "item_id": item.id,
                    "kind": "found",
                    "quantity": 0 if loan else quantity,
                    "quantity_out": quantity if loan else 0,
                    "loan_id": loan.id,
                    "incident_id": self.id,
                    "reason": reason,
                }
            ]
        )
        if item.is_serial:
            # the condition follows from the report
            item.sudo().condition = "good"
        if loan:
            column = "quantity_lost" if self.kind == "lost" else "quantity_returned"
            loan._settle({column: loan[column] - quantity})
            loan.slip_id._reopen()

    def action_view_loan(self):
        """Open the slip on which the thing was lent."""
        self.ensure_one()
        self.check_access("read")
        if not self.loan_id:
            raise UserError(
                self.env._("%s is about something that was in the box.", self.display_name)
            )
        return self.loan_id.action_open_slip()
