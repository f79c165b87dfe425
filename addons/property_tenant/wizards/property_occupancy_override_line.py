from odoo import fields, models


class PropertyOccupancyOverrideLine(models.TransientModel):
    """One thing that is missing, and may be overridden."""

    _name = "property.occupancy.override.line"
    _description = "Missing for an Occupancy"
    _order = "id"
    _rec_name = "what"

    window_id = fields.Many2one("property.occupancy.override", ondelete="cascade", index=True)
    code = fields.Char(required=True)
    what = fields.Char(string="Missing", required=True)
    who = fields.Char(string="Can Be Supplied by")
    is_chosen = fields.Boolean(string="Override", default=True)
