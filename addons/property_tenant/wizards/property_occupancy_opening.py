from odoo import api, fields, models

from ..models.property_occupancy_movein import MOVE_IN_SOURCES


class PropertyOccupancyOpening(models.TransientModel):
    """Opens a move-in: the paper that says so, and the first appointment."""

    _name = "property.occupancy.opening"
    _description = "Open a Move-In"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    unit_names = fields.Char(string="Units", compute="_compute_unit_names")
    source = fields.Selection(MOVE_IN_SOURCES, string="Opened by", required=True, default="sales")
    number = fields.Char(string="Number of the Slip")
    paper_date = fields.Date(string="Date of the Slip", default=fields.Date.context_today)
    date = fields.Datetime(
        string="Comes on", compute="_compute_offer", store=True, readonly=False, precompute=True
    )
    place = fields.Char(compute="_compute_offer", store=True, readonly=False, precompute=True)
    bring = fields.Text(
        string="What to Bring",
        compute="_compute_offer",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("occupancy_id")
    def _compute_unit_names(self):
        for wizard in self:
            occupancies = wizard.occupancy_id | wizard.occupancy_id.member_ids
            wizard.unit_names = ", ".join(occupancies.unit_id.mapped("code"))

    @api.depends("occupancy_id")
    def _compute_offer(self):
        for wizard in self:
            wizard.update(wizard.occupancy_id._get_appointment_offer())

    def action_open(self):
        """Begin the move-in of the whole lease and offer the date."""
        self.ensure_one()
        occupancy = self.occupancy_id
        occupancy.check_access("write")
        together = occupancy._get_together(("reserved",))
        together.write(
            {
                "move_in_source": self.source,
                "move_in_number": self.number,
                "move_in_paper_date": self.paper_date,
            }
        )
        occupancy.action_start_move_in()
        if self.date:
            occupancy._offer_appointment(self.date, self.place, self.bring)
        return {"type": "ir.actions.act_window_close"}
