from odoo import api, fields, models


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    meter_ids = fields.One2many("property.meter", "unit_id", string="Meters")
    meter_count = fields.Integer(compute="_compute_meter_count")

    @api.depends("meter_ids")
    def _compute_meter_count(self):
        counts = dict(
            self.env["property.meter"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.meter_count = counts.get(unit, 0)

    def action_view_meters(self):
        """Open the meters of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_action"
        )
        action["domain"] = [("unit_id", "in", self.ids)]
        action["context"] = {"default_unit_id": self.id}
        return action
