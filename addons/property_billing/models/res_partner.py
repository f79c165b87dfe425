from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    pm_bill_per_unit = fields.Boolean(
        string="One Bill per Unit",
        help="This payer gets a bill for each unit instead of one for all.",
    )

    def action_view_pm_charges(self):
        """Open what the payer is and was charged."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_charge_action"
        )
        action["domain"] = [("partner_id", "child_of", self.ids)]
        return action
