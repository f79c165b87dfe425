"""What one holder gets at one time: one paper, one number, one signature."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..calc.approval import Gate
from ..calc.signature import Role
from .property_item_kind import HOLDER_KINDS

SLIP_STATES = [
    ("draft", "Draft"),
    ("out", "Handed Out"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]

#: who holds what, and why: stays once it was handed out
FROZEN = {
    "estate_id",
    "holder_kind",
    "occupancy_id",
    "partner_id",
    "user_id",
    "holder_name",
    "document",
    "purpose",
}

#: follows from what is done with the buttons
OF_SYSTEM = {"state", "date_out", "issued_by_id", "return_count"}


class PropertyItemSlip(models.Model):
    _name = "property.item.slip"
    _description = "Loan Slip"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "property.numbered.mixin",
        "property.approval.mixin",
        "property.signature.mixin",
    ]
    _order = "date_out desc, id desc"
    _rec_names_search = ["number", "holder"]
    _check_company_auto = True
    _number_series = "KL"
    _number_on_create = False

    estate_id = fields.Many2one(
        "property.estate",
        compute="_compute_estate_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    holder_kind = fields.Selection(
        HOLDER_KINDS, string="Lent to", required=True, default="occupant", tracking=True
    )
    occupancy_id = fields.Many2one(
        "property.occupancy",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('state', 'not in', ('ended', 'cancelled')), ('estate_id', '=?', estate_id)]",
        tracking=True,
    )
    unit_id = fields.Many2one(related="occupancy_id.unit_id", store=True, precompute=True)
    user_id = fields.Many2one(
        "res.users",
        string="Employee",
        domain=[("share", "=", False)],
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'in', allowed_partner_ids)] if holder_kind == 'occupant' else []",
        tracking=True,
    )
    allowed_partner_ids = fields.Many2many("res.partner", compute="_compute_allowed_partner_ids")
    holder_name = fields.Char(string="Name of the Person", tracking=True)
    document = fields.Char(
        string="Document Shown",
        tracking=True,
        help="Which paper was shown, and of which company: not its number.",
    )
    holder = fields.Char(compute="_compute_holder", store=True, precompute=True)
    purpose = fields.Char(tracking=True)
    state = fields.Selection(
        SLIP_STATES, required=True, default="draft", readonly=True, copy=False, tracking=True
    )
    date_out = fields.Datetime(string="Handed Out on", readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", string="Handed Out by", readonly=True, copy=False)
    loan_ids = fields.One2many("property.item.loan", "slip_id", string="Things")
    return_count = fields.Integer(
        string="Returns",
        readonly=True,
        copy=False,
        help="How often something was brought back; each time both sign for it.",
    )
    signature_state = fields.Selection(search="_search_signature_state")
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    open_count = fields.Integer(string="Still Out", compute="_compute_open_count")
    deposit = fields.Monetary(compute="_compute_deposit")
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("occupancy_id")
    def _compute_estate_id(self):
        own = self._get_own_estate()
        for slip in self:
            slip.estate_id = slip.occupancy_id.estate_id or slip.estate_id or own

    @api.model
    def _get_own_estate(self):
        """The estate of who sees only one."""
        estates = self.env["property.estate"].search([], limit=2)
        return estates if len(estates) == 1 else estates.browse()

    @api.depends("holder_kind", "occupancy_id", "user_id")
    def _compute_partner_id(self):
        for slip in self:
            if slip.holder_kind == "staff":
                slip.partner_id = slip.user_id.partner_id
            elif slip.holder_kind == "occupant":
                if slip.partner_id not in slip.allowed_partner_ids._origin:
                    slip.partner_id = slip.occupancy_id.partner_id

    @api.depends("occupancy_id")
    def _compute_allowed_partner_ids(self):
        for slip in self:
            occupancy = slip.occupancy_id
            slip.allowed_partner_ids = occupancy.partner_id | occupancy.contact_ids.partner_id

    @api.depends("holder_kind", "partner_id.name", "holder_name", "occupancy_id.unit_id.code")
    def _compute_holder(self):
        for slip in self:
            name = slip.partner_id.name or ""
            if slip.holder_kind == "outsider":
                name = slip.holder_name or name
            parts = (slip.occupancy_id.unit_id.code, name)
            slip.holder = " ".join(part for part in parts if part)

    @api.depends("number", "holder")
    def _compute_display_name(self):
        for slip in self:
            label = slip.number or self.env._("New Loan Slip")
            slip.display_name = f"{label} {slip.holder or ''}".strip()

    @api.depends("holder_kind", "loan_ids.item_id")
    def _compute_needs_approval(self):
        for slip in self:
            slip.needs_approval = slip.holder_kind == "outsider" and any(
                slip.loan_ids.item_id.kind_id.mapped("needs_approval")
            )

    @api.depends("loan_ids.state")
    def _compute_open_count(self):
        for slip in self:
            slip.open_count = len(slip.loan_ids.filtered(lambda loan: loan.state == "out"))

    @api.depends("loan_ids.quantity", "loan_ids.item_id")
    def _compute_deposit(self):
        for slip in self:
            slip.deposit = sum(
                loan.quantity * loan.item_id.kind_id.deposit for loan in slip.loan_ids
            )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        items = self.env["property.item"].browse(self.env.context.get("lend_item_ids") or [])
        occupancy = self.env["property.occupancy"].browse(values.get("occupancy_id"))
        if self.env.context.get("lend_unit_items") and occupancy:
            items |= self._get_unit_items(occupancy)
        if items and "loan_ids" in fields:
            values["loan_ids"] = [
                Command.create({"item_id": item.id, "quantity": max(item.quantity, 1)})
                for item in items
            ]
            values.setdefault("estate_id", items[:1].estate_id.id)
        return values

    @api.model
    def _get_unit_items(self, occupancy):
        """What is in the box for the unit of ``occupancy`` and may go to an occupant."""
        return self.env["property.item"].search(
            [
                ("unit_id", "=", occupancy.unit_id.id),
                ("state", "=", "available"),
                ("kind_id.lend_occupant", "=", True),
            ]
        )

    # --- integrity ----------------------------------------------------------

    @api.constrains("holder_kind", "occupancy_id", "user_id", "partner_id", "holder_name")
    def _check_holder(self):
        for slip in self:
            if slip.holder_kind == "occupant":
                if not slip.occupancy_id:
                    raise ValidationError(
                        self.env._("Choose the occupancy for which the things are handed out.")
                    )
                if slip.partner_id not in slip.allowed_partner_ids:
                    raise ValidationError(
                        self.env._(
                            "%(person)s is neither the party nor a contact of %(occupancy)s. Enter"
                            " the person under Contacts of the occupancy first.",
                            person=slip.partner_id.display_name or "?",
                            occupancy=slip.occupancy_id.display_name,
                        )
                    )
            elif slip.holder_kind == "staff" and not slip.user_id:
                raise ValidationError(self.env._("Choose the employee who gets the things."))
            elif slip.holder_kind == "outsider" and not (slip.holder_name or slip.partner_id):
                raise ValidationError(self.env._("Fill in the name of who gets the things."))

    @api.constrains("estate_id", "occupancy_id")
    def _check_occupancy_estate(self):
        for slip in self:
            if slip.occupancy_id and slip.occupancy_id.estate_id != slip.estate_id:
                raise ValidationError(
                    self.env._(
                        "%(occupancy)s is not of the estate %(estate)s.",
                        occupancy=slip.occupancy_id.display_name,
                        estate=slip.estate_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        fresh = {"state": "draft", "date_out": False, "issued_by_id": False, "return_count": 0}
        return super().create([{**vals, **fresh} for vals in vals_list])

    def write(self, vals):
        if self and not self.env.su:
            if OF_SYSTEM & vals.keys():
                raise UserError(
                    self.env._(
                        "%s is handed out and taken back with the buttons of its form.",
                        self[0].display_name,
                    )
                )
            if FROZEN & vals.keys():
                for slip in self:
                    if slip.state != "draft":
                        raise UserError(
                            self.env._(
                                "%s was handed out and stays as it was signed. Take the things"
                                " back and hand them out again.",
                                slip.display_name,
                            )
                        )
        return super().write(vals)

    # --- approval -------------------------------------------------------------

    def _approval_gates(self):
        return super()._approval_gates() | {
            "outsider": Gate(
                self.env._("To an Outsider"),
                guards={"state": ("out",)},
                invalidated_by=(
                    "holder_kind",
                    "holder_name",
                    "partner_id",
                    "document",
                    "purpose",
                    "loan_ids.item_id",
                    "loan_ids.quantity",
                    "loan_ids.date_due",
                ),
                required=True,
            )
        }

    def _approval_needed(self, gate, before):
        needed = super()._approval_needed(gate, before)
        if gate != "outsider":
            return needed
        return needed.filtered("needs_approval")

    def _approval_figures(self):
        return super()._approval_figures() | {"quantity": sum(self.loan_ids.mapped("quantity"))}

    def action_request_approval(self):
        """Ask the supervisor whether the outsider may have the things."""
        self.check_access("write")
        for slip in self:
            slip._check_before_handing_out()
        return bool(self._request_approval("outsider", self[:1].purpose))

    # --- signature ------------------------------------------------------------

    def _signature_roles(self):
        name = self.holder_name if self.holder_kind == "outsider" else self.partner_id.name
        name = name or self.holder or ""
        roles = {
            "holder": Role(self.env._("Received by"), name=name),
            "desk": Role(self.env._("Handed Out by"), staff=True),
        }
        for number in range(1, self.return_count + 1):
            which = f" ({number})" if self.return_count > 1 else ""
            roles[f"holder_back_{number}"] = Role(self.env._("Given Back by") + which, name=name)
            roles[f"desk_back_{number}"] = Role(self.env._("Taken Back by") + which, staff=True)
        return roles

    def _search_signature_state(self, operator, value):
        """All places on a slip are required: two, and two more for each return."""
        if operator not in ("in", "not in"):
            return NotImplemented
        signed = SQL(
            """(
                SELECT slip.id
                  FROM property_item_slip slip
             LEFT JOIN property_signature row
                    ON row.res_model = %s AND row.res_id = slip.id AND row.is_void IS NOT TRUE
              GROUP BY slip.id
                HAVING CASE WHEN count(row.id) = 0 THEN 'none'
                            WHEN count(row.id) < 2 + 2 * COALESCE(slip.return_count, 0)
                            THEN 'partly' ELSE 'complete' END IN %s
            )""",
            self._name,
            tuple(str(state) for state in value),
        )
        self.env["property.signature"].flush_model(["res_model", "res_id", "is_void"])
        self.flush_model(["return_count"])
        return Domain("id", operator, signed)

    def _signature_version_values(self):
        return [
            self.holder_kind,
            self.occupancy_id.id,
            self.partner_id.id,
            self.holder_name or "",
            [[loan.item_id.id, loan.quantity] for loan in self.loan_ids.sorted("id")],
        ]

    def _signature_partner(self, role):
        return self.partner_id if role == "holder" else super()._signature_partner(role)

    def _signature_portal_role(self):
        lent = self.holder_kind == "occupant" and self.state == "out"
        return "holder" if lent else super()._signature_portal_role()

    def _signature_check(self, role):
        result = super()._signature_check(role)
        if self.state not in ("out", "closed"):
            raise UserError(
                self.env._("%s is not handed out yet. Press Hand Out first.", self.display_name)
            )
        return result

    # --- handing out ------------------------------------------------------------

    def _check_before_handing_out(self):
        """Refuse with a sentence what may not be handed out to this holder."""
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("%s was handed out already.", self.display_name))
        if not self.loan_ids:
            raise UserError(self.env._("Choose what is handed out first."))
        labels = dict(self._fields["holder_kind"]._description_selection(self.env))
        for loan in self.loan_ids:
            kind = loan.item_id.kind_id
            if not kind._may_go_to(self.holder_kind):
                raise UserError(
                    self.env._(
                        "%(kind)s is not lent to: %(holder)s. A supervisor can change that in the"
                        " kind.",
                        kind=kind.display_name,
                        holder=labels[self.holder_kind],
                    )
                )
            if (
                self.holder_kind == "outsider"
                and kind.needs_document
                and not (self.document or "").strip()
            ):
                raise UserError(
                    self.env._(
                        "%(kind)s goes to somebody from outside only on a document. Fill in which"
                        " one %(holder)s showed.",
                        kind=kind.display_name,
                        holder=self.holder,
                    )
                )
            loan.item_id._check_lendable(loan.quantity)
        self._check_keys_allowed()

    def _check_keys_allowed(self):
        """Keys and cards wait for the steps of a move-in that come before them."""
        keys = self.loan_ids.item_id.filtered(lambda item: item.kind_id.category in ("key", "card"))
        occupancies = self.occupancy_id
        if not keys:
            occupancies._check_may_hold_items()
            return
        if self.holder_kind != "staff":
            # nor do they reach who moves in by another way than for the occupancy
            coming = self.env["property.occupancy"].search(
                Domain("unit_id", "in", keys.unit_id.ids)
                & Domain("state", "in", ("reserved", "moving_in"))
            )
            occupancies |= coming.filtered(
                lambda occupancy: (
                    self.partner_id
                    and self.partner_id in occupancy.partner_id | occupancy.contact_ids.partner_id
                )
            )
        occupancies._check_may_hold_items()
        occupancies._check_keys_obstacle()

    def action_hand_out(self):
        """Give the things away: the ledger notes it, the slip gets its number."""
        self.check_access("write")
        # nothing goes out for who ends, or must not have it any more, at the same time
        self.occupancy_id._meet()
        longer = self.env.su or self.env.user.has_group("property_tenant.group_supervisor")
        for slip in self:
            slip._check_before_handing_out()
            # who approves sees until when, and the gate knows when it changes
            if not longer and not slip.needs_approval:
                slip.loan_ids._check_due()
        with self.env.cr.savepoint():
            # state and number are written by this method only, which has checked the user and
            # everything the kinds ask for; the gate is checked in write() all the same
            system = self.sudo()
            system.write(
                {
                    "state": "out",
                    "date_out": fields.Datetime.now(),
                    "issued_by_id": self.env.uid,
                }
            )
            system._give_numbers()
            system.loan_ids._go_out()
        if len(self) == 1:
            return self.action_sign()
        return True

    def action_add_unit_items(self):
        """Put everything on the slip that is in the box for the unit."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft" or not self.occupancy_id:
            raise UserError(
                self.env._("Choose the occupancy first; then its things can be added at once.")
            )
        further = self._get_unit_items(self.occupancy_id) - self.loan_ids.item_id
        if not further:
            raise UserError(
                self.env._(
                    "Nothing more is in the box for %s. Enter its keys under Things Lent first.",
                    self.occupancy_id.unit_id.display_name,
                )
            )
        self.write(
            {
                "loan_ids": [
                    Command.create({"item_id": item.id, "quantity": item.quantity})
                    for item in further
                ]
            }
        )

    def action_take_back(self):
        """Open the window that takes back what is still out."""
        return self.loan_ids.filtered(lambda loan: loan.state == "out").action_take_back()

    def action_cancel(self):
        """Give up a slip that was not handed out."""
        self.check_access("write")
        for slip in self:
            if slip.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was handed out. Take the things back instead.", slip.display_name
                    )
                )
        # the state follows from the buttons; the right to write was checked
        self.sudo().write({"state": "cancelled"})
        self.sudo().loan_ids.write({"state": "cancelled"})
        self._approval_void(["outsider"], self.env._("the slip was cancelled"))

    def _note_return(self):
        """Something came back: there are places to sign for it."""
        for number, slips in self.grouped("return_count").items():
            # follows from what came back; whoever took it back was checked
            slips.sudo().write({"return_count": number + 1})

    def _forget_overdue(self):
        """What was told as overdue is due later now."""
        done = self.filtered(
            lambda slip: slip.state == "out" and not any(loan.is_overdue for loan in slip.loan_ids)
        )
        # the nightly check made them, for the custodian
        done.sudo().activity_ids.filtered("automated").unlink()

    def _close_if_complete(self):
        """Close the slips of which everything came back or is lost."""
        done = self.filtered(
            lambda slip: (
                slip.state == "out" and not any(loan.state == "out" for loan in slip.loan_ids)
            )
        )
        # follows from what came back; whoever took it back was checked
        done.sudo().write({"state": "closed"})
        done.sudo().activity_ids.filtered("automated").unlink()

    def _reopen(self):
        """A report of a loss was withdrawn: something is out again."""
        self.filtered(lambda slip: slip.state == "closed").sudo().write({"state": "out"})

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for slip in self:
            if slip.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._("%s was handed out and stays on record.", slip.display_name)
                )
