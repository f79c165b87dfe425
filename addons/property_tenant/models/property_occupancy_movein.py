from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

MOVE_IN_SOURCES = [
    ("sales", "Handover Slip from Sales or Leasing"),
    ("developer", "Developer's Confirmation"),
]


class PropertyOccupancy(models.Model):
    """The move-in: what opened it, when the party comes, who is told.

    Several units under one lease move in together: what is done to the leading
    occupancy is done to those that it leads.
    """

    _inherit = "property.occupancy"

    move_in_source = fields.Selection(
        MOVE_IN_SOURCES, string="Opened by", readonly=True, copy=False, tracking=True
    )
    move_in_number = fields.Char(string="Number of the Slip", readonly=True, copy=False)
    move_in_paper_date = fields.Date(string="Date of the Slip", readonly=True, copy=False)
    appointment_ids = fields.One2many(
        "property.occupancy.appointment", "occupancy_id", string="Appointments"
    )
    appointment_id = fields.Many2one(
        "property.occupancy.appointment", compute="_compute_appointment_id"
    )
    appointment_at = fields.Datetime(
        string="Comes on", compute="_compute_appointment_id", help="When the party moves in."
    )
    date_handover = fields.Date(
        string="Handed Over on",
        readonly=True,
        copy=False,
        tracking=True,
        help="The day on which the unit was handed over to the party.",
    )
    departments_told_at = fields.Datetime(string="Departments Told on", readonly=True, copy=False)

    @api.depends("lead_id", "appointment_ids.state", "appointment_ids.date")
    def _compute_appointment_id(self):
        leads = self | self.lead_id
        agreed = self.env["property.occupancy.appointment"].search(
            [("occupancy_id", "in", leads.ids), ("state", "in", ("offered", "agreed", "kept"))]
        )
        latest = {}
        for appointment in agreed.sorted("date"):
            latest[appointment.occupancy_id.id] = appointment
        none = agreed.browse()
        for occupancy in self:
            own = latest.get(occupancy._origin.id)
            occupancy.appointment_id = own or latest.get(occupancy.lead_id._origin.id) or none
            occupancy.appointment_at = occupancy.appointment_id.date

    def _get_together(self, states):
        """The records and the units of the same lease that are in one of ``states``."""
        return self | self.member_ids.filtered(lambda member: member.state in states)

    def action_open_move_in(self):
        """Ask for the paper that opens the move-in, and for the first appointment."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open the Move-In"),
            "res_model": "property.occupancy.opening",
            "view_mode": "form",
            "target": "new",
            "context": {"default_occupancy_id": (self.lead_id or self).id},
        }

    def action_start_move_in(self):
        return super(PropertyOccupancy, self._get_together(("reserved",))).action_start_move_in()

    def action_activate(self):
        together = self._get_together(("moving_in",))
        result = super(PropertyOccupancy, together).action_activate()
        together._stamp_proven_steps()
        return result

    def action_offer_appointment(self):
        """Offer a day and an hour, or another one instead."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Offer Another Date")
            if self.appointment_id
            else self.env._("Offer a Date"),
            "res_model": "property.occupancy.appointment.offer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_occupancy_id": (self.lead_id or self).id},
        }

    def _check_entered_state(self, before):
        result = super()._check_entered_state(before)
        self.filtered(
            lambda occupancy: (
                occupancy.state == "active" and before.get(occupancy) in ("reserved", "moving_in")
            )
        )._take_over()
        moved = self.filtered(
            lambda occupancy: occupancy.state == "active" and before.get(occupancy) == "moving_in"
        )
        if moved:
            moved._tell_departments()
            moved.appointment_ids._keep()
        return result

    def _take_over(self):
        """The units are the parties' from today on; warranties of an owner begin."""
        for occupancy in self.filtered(lambda occupancy: not occupancy.date_handover):
            occupancy.date_handover = occupancy.estate_id._today()
        for occupancy in self.filtered(lambda occupancy: occupancy.kind == "owner"):
            occupancy.unit_id._begin_warranty(occupancy.date_handover)

    # --- telling the departments ----------------------------------------------

    def action_tell_departments(self):
        """Tell every department now that the unit will be occupied."""
        self.check_access("write")
        for occupancy in self:
            if occupancy.state not in ("moving_in", "active"):
                raise UserError(
                    self.env._(
                        "%(occupancy)s does not move in now, so there is nothing to tell.",
                        occupancy=occupancy.display_name,
                    )
                )
        self._tell_departments()
        self._stamp_proven_steps()

    def _tell_departments(self):
        """An activity for each department that is told of move-ins, once per lease."""
        untold = self.filtered(lambda occupancy: not occupancy.departments_told_at)
        if not untold:
            return
        leads = untold.filtered(lambda occ: not occ.lead_id or occ.lead_id not in untold)
        departments = (
            self.env["property.department"]
            # every department of the company is told, also by who does not see it
            .sudo()
            .search([("company_id", "in", untold.company_id.ids), ("told_of_moves", "=", True)])
            .grouped("company_id")
        )
        for occupancy in leads:
            text = occupancy._get_told_text()
            for department in departments.get(occupancy.company_id, []):
                user = department._get_addressee(occupancy.estate_id)
                if user:
                    # whoever is told need not be allowed to write the occupancy
                    occupancy.sudo().activity_schedule(
                        "property_tenant.activity_type_told",
                        user_id=user.id,
                        summary=self.env._("Occupied: %s", occupancy.unit_id.display_name),
                        note=text,
                    )
        untold.write({"departments_told_at": fields.Datetime.now()})

    def _get_told_text(self):
        self.ensure_one()
        units = (self | self.member_ids).unit_id
        return self.env._(
            "%(party)s moves in to %(units)s (%(persons)s persons) from %(date)s. Please put it on"
            " your lists and serve it from now on.",
            party=self.partner_id.display_name,
            units=", ".join(units.mapped("code")),
            persons=sum((self | self.member_ids).mapped("persons")),
            date=format_date(self.env, self.date_handover or self.date_start),
        )
