from odoo import api, fields, models


class PropertyOccupancyStay(models.TransientModel):
    """Moves the last day of an occupancy, and the first day of whoever follows."""

    _name = "property.occupancy.stay"
    _description = "Stay Longer"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    former_end = fields.Date(related="occupancy_id.date_end", string="Last Day so Far")
    date_end = fields.Date(string="New Last Day", help="Empty: without an end.")
    successor_id = fields.Many2one(related="occupancy_id.successor_id")
    successor_start = fields.Date(compute="_compute_successor_start", string="Successor From")

    @api.depends("date_end", "occupancy_id")
    def _compute_successor_start(self):
        for wizard in self:
            successor = wizard.successor_id
            start = successor.date_start
            if successor and wizard.date_end and start <= wizard.date_end:
                start = fields.Date.add(wizard.date_end, days=1)
            wizard.successor_start = start

    def action_stay(self):
        """Move the days; the occupancy checks who may and who is in the way."""
        self.ensure_one()
        occupancy = self.occupancy_id
        occupancy.check_access("write")
        occupancy._get_together(("active", "notice"))._stay(self.date_end)
        return {"type": "ir.actions.act_window_close"}
