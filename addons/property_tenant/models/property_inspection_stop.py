from odoo import api, fields, models


class PropertyInspectionStop(models.Model):
    """A place of a route, in the order in which it is walked."""

    _name = "property.inspection.stop"
    _description = "Place of a Route"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "property.inspection.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    unit_id = fields.Many2one("property.unit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    estate_id = fields.Many2one(related="unit_id.estate_id", store=True, index=True)
    note = fields.Char(string="Where Exactly", translate=True)

    @api.depends("unit_id.display_name")
    def _compute_display_name(self):
        for stop in self:
            stop.display_name = stop.unit_id.display_name or ""
