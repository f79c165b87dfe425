from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..calc.lending import item_state, without_defaults

ITEM_STATES = [
    ("available", "In the Box"),
    ("lent", "Lent"),
    ("empty", "None Left"),
    ("damaged", "Damaged"),
    ("lost", "Lost"),
    ("retired", "Out of Use"),
]

#: changed by movements and methods that check, never by hand
OF_LEDGER = ("quantity", "quantity_out", "condition", "date_counted")

#: follows from the kind, the ledger and the estate; nobody types it, not even the system
DERIVED = ("category", "is_serial", "state", "company_id")

#: what a thing is stays, once it was moved
IDENTITY = ("kind_id", "estate_id", "serial")


class PropertyItem(models.Model):
    """A thing that is handed out and must come back.

    One with a number of its own, or a number of equal pieces in one place: the
    five keys of a door, the umbrellas at the desk. What is in the box and what
    is lent are the sums of the movements.
    """

    _name = "property.item"
    _description = "Thing Lent"
    _inherit = ["mail.thread", "property.constraint.check"]
    _order = "estate_id, kind_id, unit_id, serial, id"
    _rec_names_search = ["serial", "name", "unit_id.code", "kind_id.name"]
    _check_company_auto = True
    _required_constraints = (
        "_quantity_not_negative",
        "_out_not_negative",
        "_serial_is_one",
        "_serial_uniq",
    )

    kind_id = fields.Many2one(
        "property.item.kind", required=True, index=True, ondelete="restrict", check_company=True
    )
    category = fields.Selection(related="kind_id.category", store=True, precompute=True)
    is_serial = fields.Boolean(compute="_compute_is_serial", store=True, precompute=True)
    serial = fields.Char(string="Number", index="trigram", tracking=True, copy=False)
    name = fields.Char(string="Label", help="Which one it is: front door, balcony, gate 2.")
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
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('estate_id', '=?', estate_id)]",
        tracking=True,
        help="The unit whose door, mailbox or parking space it opens.",
    )
    location = fields.Char(string="Place", help="Box and hook, drawer, shelf.", tracking=True)
    custodian_id = fields.Many2one(
        "res.users",
        compute="_compute_custodian_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("share", "=", False)],
        index="btree_not_null",
        tracking=True,
    )
    condition = fields.Selection(
        [("good", "Good"), ("damaged", "Damaged"), ("lost", "Lost"), ("retired", "Out of Use")],
        required=True,
        default="good",
        readonly=True,
        copy=False,
        tracking=True,
    )
    quantity = fields.Integer(
        string="In the Box", default=1, copy=False, help="How many are in the box now."
    )
    quantity_out = fields.Integer(string="Lent", default=0, readonly=True, copy=False)
    state = fields.Selection(
        ITEM_STATES, compute="_compute_state", store=True, precompute=True, index=True
    )
    date_counted = fields.Date(string="Last Counted", readonly=True, copy=False)
    holder = fields.Char(string="Held by", compute="_compute_holder")
    active = fields.Boolean(default=True)
    note = fields.Text()
    loan_ids = fields.One2many("property.item.loan", "item_id", string="Loans")
    movement_ids = fields.One2many("property.item.movement", "item_id", string="Movements")
    loan_count = fields.Integer(compute="_compute_loan_count")

    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "More would leave the box than is in it. Count it first."
    )
    _out_not_negative = models.Constraint(
        "CHECK (quantity_out >= 0)", "More would come back than was lent."
    )
    _serial_is_one = models.Constraint(
        "CHECK (is_serial IS NOT TRUE OR quantity + quantity_out <= 1)",
        "A thing with a number of its own is there once.",
    )
    _serial_given = models.Constraint(
        "CHECK (is_serial IS NOT TRUE OR serial IS NOT NULL)",
        "Fill in the number of the thing: this kind is told apart by numbers.",
    )
    _serial_uniq = models.UniqueIndex(
        "(estate_id, kind_id, serial) WHERE serial IS NOT NULL",
        "The estate already has a thing of this kind with this number.",
    )

    @api.depends("kind_id")
    def _compute_is_serial(self):
        for item in self:
            item.is_serial = item.kind_id.counting == "serial"

    @api.depends("unit_id")
    def _compute_estate_id(self):
        for item in self:
            item.estate_id = item.unit_id.estate_id or item.estate_id

    @api.depends("kind_id")
    def _compute_custodian_id(self):
        for item in self:
            item.custodian_id = item.custodian_id or item.kind_id._get_custodian()

    @api.depends("condition", "quantity", "quantity_out")
    def _compute_state(self):
        for item in self:
            item.state = item_state(item.condition, item.quantity, item.quantity_out)

    @api.depends("kind_id.name", "serial", "name", "unit_id.code")
    def _compute_display_name(self):
        for item in self:
            parts = (item.kind_id.name, item.unit_id.code, item.name, item.serial)
            item.display_name = " ".join(part for part in parts if part)

    @api.depends("loan_ids.state", "loan_ids.holder")
    def _compute_holder(self):
        out = self.env["property.item.loan"].search_fetch(
            [("item_id", "in", self.ids), ("state", "=", "out")], ["item_id", "holder"]
        )
        loans = out.grouped("item_id")
        for item in self:
            names = loans.get(item._origin, out.browse()).mapped("holder")
            item.holder = ", ".join(dict.fromkeys(name for name in names if name))

    def _compute_loan_count(self):
        counts = dict(
            self.env["property.item.loan"]._read_group(
                [("item_id", "in", self.ids)], ["item_id"], ["__count"]
            )
        )
        for item in self:
            item.loan_count = counts.get(item, 0)

    @api.constrains("estate_id", "unit_id")
    def _check_unit_estate(self):
        for item in self:
            if item.unit_id and item.unit_id.estate_id != item.estate_id:
                raise ValidationError(
                    self.env._(
                        "%(item)s is of the estate %(estate)s, its unit %(unit)s is not. Choose a"
                        " unit of the estate.",
                        item=item.display_name,
                        estate=item.estate_id.display_name,
                        unit=item.unit_id.display_name,
                    )
                )

    # --- the ledger -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if set(DERIVED) & vals.keys():
                raise UserError(self._get_derived_text(vals.get("serial") or vals.get("name")))
        stock = [vals.get("quantity", 1) for vals in vals_list]
        empty = {"quantity": 0, "quantity_out": 0, "condition": "good", "date_counted": False}
        plain = self.with_env(self.env(context=without_defaults(self.env.context, DERIVED)))
        items = super(PropertyItem, plain).create([{**vals, **empty} for vals in vals_list])
        items = items.with_env(self.env)
        for item, quantity in zip(items, stock, strict=True):
            if quantity < 0 or (item.is_serial and quantity > 1):
                raise ValidationError(
                    self.env._(
                        "%(item)s cannot be in the box %(quantity)s times.",
                        item=item.display_name,
                        quantity=quantity,
                    )
                )
        self.env["property.item.movement"]._post(
            [
                {"item_id": item.id, "kind": "initial", "quantity": quantity}
                for item, quantity in zip(items, stock, strict=True)
                if quantity
            ]
        )
        return items

    def _get_derived_text(self, name):
        return self.env._(
            "%(item)s: its category, its state and whether it has a number of its own follow from"
            " its kind and what goes in and out. Choose another kind instead.",
            item=name or self.env._("New thing"),
        )

    def write(self, vals):
        # what the gate for keys and the database's checks look at
        if self and set(DERIVED) & vals.keys():
            raise UserError(self._get_derived_text(self[0].display_name))
        if self and not self.env.su:
            for name in OF_LEDGER:
                if name in vals and any(item._will_differ(name, vals[name]) for item in self):
                    raise UserError(
                        self.env._(
                            "%(item)s: what is in the box follows from what goes in and out. Use"
                            " Add or Take Out, or a count.",
                            item=self[0].display_name,
                        )
                    )
        for name in IDENTITY:
            for item in self:
                if name in vals and item.loan_count and item._will_differ(name, vals[name]):
                    raise UserError(
                        self.env._(
                            "%(item)s was lent before, so it stays what it is. Take it out of use"
                            " and enter a new one.",
                            item=item.display_name,
                        )
                    )
        return super().write(vals)

    def _will_differ(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    @api.ondelete(at_uninstall=False)
    def _unlink_never_moved(self):
        # loans of other people's estates count, too
        lent = self.sudo().filtered("loan_ids")
        for item in lent:
            raise UserError(
                self.env._(
                    "%(item)s was lent and stays on record. Take it out of use instead.",
                    item=item.display_name,
                )
            )

    def _check_lendable(self, quantity=1):
        """Refuse with a sentence what cannot leave the box."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        if self.condition != "good":
            raise UserError(
                self.env._(
                    "%(item)s cannot be lent: %(state)s.",
                    item=self.display_name,
                    state=states[self.condition],
                )
            )
        if self.quantity < quantity:
            if self.is_serial:
                raise UserError(
                    self.env._(
                        "%(item)s is already lent to %(holder)s. Take it back first.",
                        item=self.display_name,
                        holder=self.holder or "?",
                    )
                )
            raise UserError(
                self.env._(
                    "%(wanted)s × %(item)s are asked for, but only %(quantity)s are in the box.",
                    item=self.display_name,
                    wanted=quantity,
                    quantity=self.quantity,
                )
            )

    def _get_custodian(self):
        self.ensure_one()
        return self.custodian_id or self.kind_id._get_custodian()

    # --- actions ----------------------------------------------------------------

    def action_lend(self):
        """Open a new loan slip with the chosen things."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Out"),
            "res_model": "property.item.slip",
            "view_mode": "form",
            "context": {"lend_item_ids": self.ids},
        }

    def action_view_loans(self):
        """Open the loans of the things."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_item_loan_all_action"
        )
        action["domain"] = [("item_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_stock(self):
        """Open the window that puts pieces in the box or takes them out of use."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add or Take Out"),
            "res_model": "property.item.stock",
            "view_mode": "form",
            "target": "new",
            "context": {"default_item_id": self.id},
        }

    def action_repaired(self):
        """A damaged thing is good again and goes back in the box."""
        self.check_access("write")
        for item in self:
            if item.condition != "damaged":
                raise UserError(self.env._("%(item)s is not damaged.", item=item.display_name))
        # the ledger is written by methods that check only; the right to write was checked
        self.sudo().condition = "good"
        self.env["property.item.movement"]._post(
            [
                {"item_id": item.id, "kind": "repaired", "quantity": 1}
                for item in self
                if item.is_serial
            ]
        )
