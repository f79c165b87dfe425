from odoo import fields, models


class PropertyUnit(models.Model):
    """The keys and cards of the unit."""

    _inherit = "property.unit"

    item_ids = fields.One2many("property.item", "unit_id", string="Keys and Cards")
    item_count = fields.Integer(string="Number of Things", compute="_compute_item_count")

    def _compute_item_count(self):
        counts = dict(
            self.env["property.item"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.item_count = counts.get(unit._origin, 0)

    def action_view_items(self):
        """Open the keys and cards of the units."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_item_action"
        )
        action["domain"] = [("unit_id", "in", self.ids)]
        action["context"] = {"default_unit_id": self.id} if len(self) == 1 else {}
        return action
