from odoo import api, fields, models


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    inspection_count = fields.Integer(compute="_compute_inspection_counts")
    open_defect_count = fields.Integer(compute="_compute_inspection_counts")

    @api.depends_context("uid")
    def _compute_inspection_counts(self):
        inspections = dict(
            self.env["property.inspection"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        defects = dict(
            self.env["property.defect"]._read_group(
                [("unit_id", "in", self.ids), ("state", "not in", ("accepted", "cancelled"))],
                ["unit_id"],
                ["__count"],
            )
        )
        for unit in self:
            unit.inspection_count = inspections.get(unit, 0)
            unit.open_defect_count = defects.get(unit, 0)

    def action_view_inspections(self):
        """Open the inspections of the unit."""
        self.ensure_one()
        return self._open_inspected("property_tenant.property_inspection_action")

    def action_view_defects(self):
        """Open the defects of the unit."""
        self.ensure_one()
        return self._open_inspected("property_tenant.property_defect_action")

    def _open_inspected(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("unit_id", "in", self.ids)]
        action["context"] = {"default_unit_id": self.id}
        return action
