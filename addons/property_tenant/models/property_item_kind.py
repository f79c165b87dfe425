from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..calc.lending import DAYS, NONE, OCCUPANCY, SAME_DAY

CATEGORIES = [
    ("key", "Keys"),
    ("card", "Cards"),
    ("parking", "Parking"),
    ("equipment", "Equipment"),
    ("pass", "Passes"),
    ("sundry", "Sundries"),
]

DUE_RULES = [
    (SAME_DAY, "The same day"),
    (DAYS, "After some days"),
    (OCCUPANCY, "When the occupancy ends"),
    (NONE, "No date"),
]

HOLDER_KINDS = [
    ("occupant", "Occupant"),
    ("staff", "Staff"),
    ("outsider", "Outsider"),
]


class PropertyItemKind(models.Model):
    """A kind of thing that is lent: door keys, access cards, fire extinguishers…"""

    _name = "property.item.kind"
    _description = "Kind of Thing Lent"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: all companies."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    category = fields.Selection(
        CATEGORIES,
        required=True,
        default="sundry",
        tracking=True,
        help="Keys go out only after the steps of a move-in that come before them.",
    )
    counting = fields.Selection(
        [("serial", "Each by its number"), ("quantity", "By quantity")],
        string="Told Apart",
        required=True,
        default="quantity",
        help="Whether each piece has a number of its own, or equal pieces are counted.",
    )
    lend_occupant = fields.Boolean(string="Lent to Occupants", default=True, tracking=True)
    lend_staff = fields.Boolean(string="Lent to Staff", default=True, tracking=True)
    lend_outsider = fields.Boolean(string="Lent to Outsiders", tracking=True)
    due_occupant = fields.Selection(
        DUE_RULES, string="Due from Occupants", required=True, default=OCCUPANCY, tracking=True
    )
    due_staff = fields.Selection(
        [rule for rule in DUE_RULES if rule[0] != OCCUPANCY],
        string="Due from Staff",
        required=True,
        default=SAME_DAY,
        tracking=True,
    )
    due_outsider = fields.Selection(
        [rule for rule in DUE_RULES if rule[0] != OCCUPANCY],
        string="Due from Outsiders",
        required=True,
        default=SAME_DAY,
        tracking=True,
    )
    due_days = fields.Integer(string="Number of Days", default=7, tracking=True)
    needs_document = fields.Boolean(string="Outsiders Show a Document", default=True, tracking=True)
    needs_approval = fields.Boolean(
        string="Outsiders Need Approval",
        default=True,
        tracking=True,
        help="A supervisor decides before it goes to somebody from outside.",
    )
    deposit = fields.Monetary(tracking=True, help="What the holder leaves for one piece.")
    price = fields.Monetary(
        string="Replacement Price", tracking=True, help="What a lost or broken piece costs."
    )
    department_id = fields.Many2one(
        "property.department", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    custodian_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        index="btree_not_null",
        help="Who answers for the box. Otherwise it is the head of the department.",
    )
    count_days = fields.Integer(
        string="Counted Every (Days)",
        default=30,
        tracking=True,
        help="A count is opened this many days after the last one; 0: never.",
    )
    note = fields.Text(translate=True, help="What the desk has to mind.")
    item_ids = fields.One2many("property.item", "kind_id", string="Things")
    quantity = fields.Integer(string="In the Box", compute="_compute_quantities")
    quantity_out = fields.Integer(string="Lent", compute="_compute_quantities")

    _prices_not_negative = models.Constraint(
        "CHECK (deposit >= 0 AND price >= 0)", "Deposit and price cannot be negative."
    )
    _days_not_negative = models.Constraint(
        "CHECK (due_days >= 0 AND count_days >= 0)", "A number of days cannot be negative."
    )

    @api.constrains("category", "lend_outsider", "needs_document", "needs_approval")
    def _check_outsiders_keys(self):
        for kind in self:
            if (
                kind.category == "key"
                and kind.lend_outsider
                and not (kind.needs_document and kind.needs_approval)
            ):
                raise ValidationError(
                    self.env._(
                        "%s: a key goes to somebody from outside only on a document and with a"
                        " supervisor's approval. Switch both on, or do not lend it to outsiders.",
                        kind.display_name,
                    )
                )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for kind in self:
            kind.currency_id = (kind.company_id or self.env.company).currency_id

    def _compute_quantities(self):
        sums = {
            kind: (quantity, out)
            for kind, quantity, out in self.env["property.item"]._read_group(
                [("kind_id", "in", self.ids)], ["kind_id"], ["quantity:sum", "quantity_out:sum"]
            )
        }
        for kind in self:
            kind.quantity, kind.quantity_out = sums.get(kind._origin, (0, 0))

    def _get_due_rule(self, holder_kind):
        self.ensure_one()
        return self[f"due_{holder_kind}"]

    def _may_go_to(self, holder_kind):
        self.ensure_one()
        return self[f"lend_{holder_kind}"]

    def _get_custodian(self):
        """Who answers for the kind; nobody for none."""
        return self.custodian_id or self.department_id.head_id

    def action_view_items(self):
        """Open the things of this kind."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_item_action"
        )
        action["domain"] = [("kind_id", "in", self.ids)]
        action["context"] = {"default_kind_id": self.id}
        return action
