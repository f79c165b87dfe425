from odoo import api, fields, models


class PropertyOccupancyAppointmentOffer(models.TransientModel):
    """Offers a date to move in, or another one instead of the one that does not suit."""

    _name = "property.occupancy.appointment.offer"
    _description = "Offer a Date"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    former_id = fields.Many2one(
        "property.occupancy.appointment", string="Former Appointment", compute="_compute_former_id"
    )
    former_text = fields.Char(string="Instead of", compute="_compute_former_id")
    reason = fields.Char(string="Why Another Date")
    date = fields.Datetime(
        string="Comes on",
        required=True,
        compute="_compute_offer",
        store=True,
        readonly=False,
        precompute=True,
    )
    place = fields.Char(
        required=True, compute="_compute_offer", store=True, readonly=False, precompute=True
    )
    bring = fields.Text(
        string="What to Bring",
        compute="_compute_offer",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("occupancy_id")
    def _compute_former_id(self):
        for wizard in self:
            current = wizard.occupancy_id.appointment_ids.filtered(
                lambda row: row.state in ("offered", "agreed")
            )
            wizard.former_id = current[:1]
            wizard.former_text = current[:1].date and current[:1]._get_local_text()

    @api.depends("occupancy_id")
    def _compute_offer(self):
        for wizard in self:
            wizard.update(wizard.occupancy_id._get_appointment_offer())

    def action_offer(self):
        """Offer the date; the occupancy checks who may."""
        self.ensure_one()
        self.occupancy_id.check_access("write")
        self.occupancy_id._offer_appointment(self.date, self.place, self.bring, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_offer_and_send(self):
        """Offer the date, and look at the notice that tells the party."""
        self.action_offer()
        return self.occupancy_id.action_open_print()
