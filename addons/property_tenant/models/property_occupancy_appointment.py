from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

APPOINTMENT_STATES = [
    ("offered", "Offered"),
    ("agreed", "Agreed"),
    ("replaced", "Another Date"),
    ("kept", "Kept"),
    ("missed", "Did Not Come"),
]


class PropertyOccupancyAppointment(models.Model):
    """When and where a party comes to move in, and what it brings.

    A date that does not suit is replaced by another one and stays on record.
    """

    _name = "property.occupancy.appointment"
    _description = "Move-In Appointment"
    _inherit = ["property.constraint.check", "property.logged.mixin"]
    _order = "date desc, id desc"
    _rec_name = "occupancy_id"
    _check_company_auto = True
    _required_constraints = ("_one_open",)

    occupancy_id = fields.Many2one(
        "property.occupancy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="occupancy_id.partner_id", string="Party")
    unit_id = fields.Many2one(related="occupancy_id.unit_id", store=True, index=True)
    building_id = fields.Many2one(related="occupancy_id.building_id", store=True)
    estate_id = fields.Many2one(related="occupancy_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="occupancy_id.company_id", store=True, index=True)
    date = fields.Datetime(string="Comes on", required=True, index=True)
    # the calendar searches by it
    date_stop = fields.Datetime(compute="_compute_date_stop", store=True)
    place = fields.Char(required=True, help="Where the party is received.")
    bring = fields.Text(string="What to Bring")
    state = fields.Selection(
        APPOINTMENT_STATES, required=True, readonly=True, default="offered", index=True
    )
    reason = fields.Char(string="Why Another Date", readonly=True)
    wish = fields.Char(
        string="The Party Asks for",
        readonly=True,
        help="The date does not suit; said by the party in the portal.",
    )
    answered_by_id = fields.Many2one(
        "res.partner", string="Answered by", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Offered by",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    _one_open = models.UniqueIndex(
        "(occupancy_id) WHERE state IN ('offered', 'agreed')",
        "A date is already offered for this move-in. Offer another one instead of it.",
    )

    @api.depends("date")
    def _compute_date_stop(self):
        for appointment in self:
            appointment.date_stop = appointment.date and appointment.date + timedelta(hours=1)

    @api.depends("occupancy_id.unit_id.code", "occupancy_id.partner_id.name")
    def _compute_display_name(self):
        for appointment in self:
            appointment.display_name = appointment.occupancy_id.display_name

    def write(self, vals):
        if {"occupancy_id", "date", "place", "bring"} & vals.keys():
            for appointment in self.filtered(lambda row: row.state not in ("offered", "agreed")):
                raise UserError(
                    self.env._(
                        "The appointment of %(occupancy)s on %(date)s is over and stays on record.",
                        occupancy=appointment.display_name,
                        date=appointment._get_local_text(),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for appointment in self:
            raise UserError(
                self.env._(
                    "The appointment of %(occupancy)s stays on record. Offer another date instead.",
                    occupancy=appointment.display_name,
                )
            )

    def _answer(self, wish=""):
        """The party agrees in the portal, or says which date would suit; whose it is was checked.

        Another date is offered by the staff, who are told.
        """
        self.ensure_one()
        if self.state != "offered":
            raise UserError(
                self.env._(
                    "The date of %(occupancy)s is settled already. Please call us to change it.",
                    occupancy=self.display_name,
                )
            )
        wish = (wish or "").strip()[:500]
        partner = self.env.user.partner_id
        # the party has no right on appointments; the page has found this one to be its own
        system = self.sudo()
        if not wish:
            system.write({"state": "agreed", "wish": False, "answered_by_id": partner.id})
            return
        system.write({"wish": wish, "answered_by_id": partner.id})
        system.occupancy_id.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=system.user_id.id,
            summary=self.env._("Another date to move in is asked for"),
            note=wish,
        )

    def action_agree(self):
        """The party comes at this time."""
        self._go("agreed", ("offered",))

    def action_miss(self):
        """The party did not come."""
        self._go("missed", ("offered", "agreed"))

    def action_other_date(self):
        """Offer another date instead of this one."""
        self.ensure_one()
        return self.occupancy_id.action_offer_appointment()

    def action_open_occupancy(self):
        """Open the occupancy that moves in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.occupancy",
            "res_id": self.occupancy_id.id,
            "view_mode": "form",
        }

    def _go(self, state, before):
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for appointment in self:
            if appointment.state not in before:
                raise UserError(
                    self.env._(
                        "The appointment of %(occupancy)s is %(state)s already.",
                        occupancy=appointment.display_name,
                        state=labels[appointment.state],
                    )
                )
        self.write({"state": state})

    def _keep(self):
        """The party has moved in: what was agreed was kept."""
        self.filtered(lambda row: row.state in ("offered", "agreed")).write({"state": "kept"})

    def _replace(self, reason):
        """Another date is offered instead."""
        self.filtered(lambda row: row.state in ("offered", "agreed")).write(
            {"state": "replaced", "reason": reason}
        )

    def _get_local_text(self):
        """Date and hour by the clock of the estate, as papers and messages say them."""
        self.ensure_one()
        return self.date and self.estate_id._get_local_text(self.date)
