from odoo import api, fields, models
from odoo.exceptions import UserError

from .property_item_count import SAVING, SAVING_KEY


class PropertyItemCountLine(models.Model):
    """A thing in a count: what the ledger says, what is in the box."""

    _name = "property.item.count.line"
    _description = "Thing Counted"
    _order = "count_id, id"
    _rec_name = "item_id"
    _check_company_auto = True

    count_id = fields.Many2one("property.item.count", required=True, index=True, ondelete="cascade")
    estate_id = fields.Many2one(
        related="count_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="count_id.company_id", store=True, index=True, precompute=True
    )
    item_id = fields.Many2one(
        "property.item",
        string="Thing",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    location = fields.Char(related="item_id.location")
    quantity_ledger = fields.Integer(string="In the Ledger", readonly=True)
    quantity_counted = fields.Integer(string="Counted")
    is_counted = fields.Boolean(
        string="Done", compute="_compute_is_counted", store=True, readonly=False, precompute=True
    )
    difference = fields.Integer(
        string="Discrepancy", compute="_compute_difference", store=True, precompute=True
    )
    reason = fields.Char(help="What is known about the difference.")
    state = fields.Selection(related="count_id.state", string="State of the Count")

    _once = models.Constraint("UNIQUE (count_id, item_id)", "This thing is already in the count.")
    _not_negative = models.Constraint(
        "CHECK (quantity_counted >= 0)", "What is counted cannot be negative."
    )

    @api.depends("quantity_counted")
    def _compute_is_counted(self):
        for line in self:
            # a typed figure is a counted one; none is typed as 0 and ticked
            line.is_counted = line.is_counted or bool(line.quantity_counted)

    @api.depends("quantity_ledger", "quantity_counted", "is_counted")
    def _compute_difference(self):
        for line in self:
            line.difference = line.quantity_counted - line.quantity_ledger if line.is_counted else 0

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._("The things of a count are those of the box. Press Start Counting.")
            )
        return super().create(vals_list)

    def write(self, vals):
        for line in self:
            if line.item_id.is_serial and vals.get("quantity_counted", 0) > 1:
                raise UserError(
                    self.env._(
                        "%s has a number of its own and is there once.", line.item_id.display_name
                    )
                )
        if self and not self.env.su:
            if {"quantity_ledger", "item_id", "count_id"} & vals.keys():
                raise UserError(self.env._("What the ledger says is not typed in."))
            for count in self.count_id:
                if count.state != "counting":
                    raise UserError(self.env._("%s is not being counted.", count.display_name))
        result = super().write(vals)
        # what was signed is the figures
        if self.env.context.get(SAVING_KEY) is not SAVING:
            self.count_id._signature_void_changed()
        return result
