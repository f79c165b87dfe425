from odoo import api, fields, models


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

    @api.model
    def default_get(self, fields):
        """A new party reads the language of the customers of its estate or company.

        Not the database's: that is the one in which Odoo was installed.
        """
        values = super().default_get(fields)
        context = self.env.context
        if "lang" in fields and "default_lang" not in context and not context.get("pm_staff"):
            language = self._get_customer_lang(values)
            if language:
                values["lang"] = language
        return values

    @api.model
    def _get_customer_lang(self, values):
        """Language of a new party with these default values, or False.

        Screens on which a party is made for an estate say so: ``pm_estate_id`` in the context.
        """
        if values.get("parent_id"):
            return self.browse(values["parent_id"]).lang
        Estate = self.env["property.estate"]
        estate_id = self.env.context.get("pm_estate_id")
        if estate_id and Estate.has_access("read"):
            # whoever names an estate of others learns nothing of it
            estate = Estate.search([("id", "=", estate_id)])
            if estate:
                return estate._get_customer_lang()
        return self.env.company._get_customer_lang()

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
