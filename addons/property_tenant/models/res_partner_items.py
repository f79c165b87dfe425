from odoo import fields, models


class ResPartner(models.Model):
    """What the person holds."""

    _inherit = "res.partner"

    estate_item_out_count = fields.Integer(
        string="Things Held",
        compute="_compute_estate_item_out_count",
        groups="property_tenant.group_user",
    )

    def _compute_estate_item_out_count(self):
        counts = dict(
            self.env["property.item.loan"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "out")],
                ["partner_id"],
                ["quantity_open:sum"],
            )
        )
        for partner in self:
            partner.estate_item_out_count = counts.get(partner._origin, 0)

    def action_view_estate_items(self):
        """Open what the persons hold."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_item_loan_all_action"
        )
        action["domain"] = [("partner_id", "in", self.ids)]
        action["context"] = {"search_default_out": 1}
        return action
