from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    estate_occupancy_ids = fields.One2many(
        "property.occupancy",
        "partner_id",
        string="Occupancies",
        groups="property_tenant.group_user",
    )
    estate_occupancy_count = fields.Integer(
        compute="_compute_estate_occupancy_count", groups="property_tenant.group_user"
    )

    # who may not read papers could otherwise not read a partner at all
    id_numbers = fields.One2many(groups="property_tenant.group_user")

    def _compute_estate_occupancy_count(self):
        counts = dict(
            self.env["property.occupancy"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.estate_occupancy_count = counts.get(partner, 0)

    def action_view_estate_occupancies(self):
        """Open the units the party holds or held."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_occupancy_action"
        )
        action["domain"] = [("partner_id", "in", self.ids)]
        action["context"] = {"default_partner_id": self.id}
        return action
