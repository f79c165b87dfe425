from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class PropertyItemStock(models.TransientModel):
    """Puts pieces in the box, or takes them out of use."""

    _name = "property.item.stock"
    _description = "Add or Take Out"

    item_id = fields.Many2one(
        "property.item", string="Thing", required=True, readonly=True, ondelete="cascade"
    )
    is_serial = fields.Boolean(related="item_id.is_serial")
    in_box = fields.Integer(related="item_id.quantity")
    direction = fields.Selection(
        [("add", "Add"), ("retire", "Take Out of Use")],
        required=True,
        default=lambda self: self._get_default_direction(),
    )
    quantity = fields.Integer(required=True, default=1)
    reason = fields.Char(required=True)

    def _get_default_direction(self):
        item = self.env["property.item"].browse(self.env.context.get("default_item_id"))
        return "retire" if item.is_serial and item.quantity else "add"

    def action_apply(self):
        """Note it in the ledger."""
        self.ensure_one()
        item, quantity = self.item_id, self.quantity
        item.check_access("write")
        if quantity < 1:
            raise UserError(self.env._("Fill in how many."))
        retire = self.direction == "retire"
        if retire and not self.env.user.has_group("property_tenant.group_supervisor"):
            raise AccessError(
                self.env._("Only a supervisor takes things out of use. Ask one to do it.")
            )
        if item.is_serial:
            self._apply_to_one(item, retire)
        else:
            self._post(-quantity if retire else quantity)
        return {"type": "ir.actions.act_window_close"}

    def _apply_to_one(self, item, retire):
        """A thing with a number of its own is in use or not."""
        if item.quantity_out:
            raise UserError(
                self.env._(
                    "%(item)s is lent to %(holder)s. Take it back first.",
                    item=item.display_name,
                    holder=item.holder,
                )
            )
        if retire and item.condition == "retired" or not retire and item.quantity:
            raise UserError(self.env._("Nothing changes for %s.", item.display_name))
        # the condition follows from what was decided here, by who may
        item.sudo().condition = "retired" if retire else "good"
        self._post(-item.quantity if retire else 1)

    def _post(self, change):
        if change:
            self.env["property.item.movement"]._post(
                [
                    {
                        "item_id": self.item_id.id,
                        "kind": "retired" if change < 0 else "added",
                        "quantity": change,
                        "reason": self.reason,
                    }
                ]
            )
