from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.approval import Gate

PARKING_STATES = [
    ("draft", "Draft"),
    ("waiting", "Waiting for Approval"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]

#: where each state may lead
PARKING_TRANSITIONS = {
    "draft": {"waiting", "approved", "cancelled"},
    "waiting": {"approved", "rejected", "draft", "cancelled"},
    "approved": set(),
    "rejected": {"draft", "cancelled"},
    "cancelled": set(),
}

#: what was asked for; changing it asks again
ASKED = ("kind", "unit_id", "occupancy_id", "date_from", "date_to", "vehicle_number")


class PropertyParkingRequest(models.Model):
    """Application for a parking space, its extension or its cancellation.

    When it is approved the space is held by an occupancy of its own, so that
    the database refuses to let it twice, and fees find it like any unit.
    """

    _name = "property.parking.request"
    _description = "Parking Request"
    _inherit = [
        "property.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "property.approval.mixin",
        "property.numbered.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "unit_id.code", "vehicle_number", "partner_id.name"]
    _check_company_auto = True
    _number_series = "P"
    _transitions = PARKING_TRANSITIONS
    _system_fields = frozenset({"parking_occupancy_id"})

    kind = fields.Selection(
        [("new", "New Space"), ("extension", "Extension"), ("cancellation", "Cancellation")],
        required=True,
        default="new",
        tracking=True,
    )
    occupancy_id = fields.Many2one(
        "property.occupancy",
        string="For Occupancy",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', 'in', ('reserved', 'moving_in', 'active', 'notice')),"
        " ('unit_id.usage', '!=', 'parking')]",
        tracking=True,
    )
    estate_id = fields.Many2one(
        related="occupancy_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="occupancy_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="occupancy_id.partner_id", store=True, index=True, precompute=True
    )
    unit_id = fields.Many2one(
        "property.unit",
        string="Parking Space",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('usage', '=', 'parking'), ('estate_id', '=', estate_id)]",
        tracking=True,
    )
    parking_occupancy_id = fields.Many2one(
        "property.occupancy",
        string="Hold on the Space",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    vehicle_number = fields.Char(string="Number Plate", tracking=True)
    vehicle_note = fields.Char(string="Make and Colour")
    date_from = fields.Date(string="From", default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(
        string="Until", tracking=True, help="The last day, included. Empty: until further notice."
    )
    reason = fields.Char()
    state = fields.Selection(
        PARKING_STATES,
        required=True,
        default="draft",
        tracking=True,
        index=True,
        copy=False,
        group_expand=True,
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A parking space cannot be given back before it is taken.",
    )

    @api.depends("number", "unit_id.code", "partner_id.name")
    def _compute_display_name(self):
        for request in self:
            parts = (request.number, request.unit_id.code, request.partner_id.name)
            request.display_name = " · ".join(filter(None, parts))

    @api.constrains("unit_id", "occupancy_id")
    def _check_space(self):
        for request in self:
            if request.unit_id.usage != "parking":
                raise UserError(
                    self.env._(
                        "%(unit)s is no parking space. Choose another.",
                        unit=request.unit_id.display_name,
                    )
                )
            if request.unit_id.estate_id != request.estate_id:
                raise UserError(
                    self.env._(
                        "The parking space %(unit)s and %(occupancy)s are of different estates."
                        " Choose a space of the same estate.",
                        unit=request.unit_id.display_name,
                        occupancy=request.occupancy_id.display_name,
                    )
                )

    # --- approval ---------------------------------------------------------

    def _approval_gates(self):
        return super()._approval_gates() | {
            "decide": Gate(
                self.env._("Parking"),
                guards={"state": ("approved",)},
                invalidated_by=ASKED,
                required=True,
            )
        }

    def _approval_granted(self, gate):
        if gate == "decide":
            for request in self:
                request._apply()
        return super()._approval_granted(gate)

    def _approval_rejected(self, gate, opinion):
        if gate == "decide":
            self._move("rejected")
        return super()._approval_rejected(gate, opinion)

    def _approval_invalidated(self, gates):
        if "decide" in gates:
            self.filtered(lambda request: request.state == "waiting")._move("draft")
        return super()._approval_invalidated(gates)

    def write(self, vals):
        if set(ASKED) & vals.keys():
            for request in self.filtered(lambda request: request.state == "approved"):
                raise UserError(
                    self.env._(
                        "%(request)s is approved and stays as it is. Make another request.",
                        request=request.display_name,
                    )
                )
        return super().write(vals)

    def action_request(self):
        """Ask for the approval of the space, its extension or its cancellation."""
        self.check_access("write")
        for request in self:
            if request.kind != "new" and not request._get_hold():
                raise UserError(
                    self.env._(
                        "%(party)s does not hold the space %(unit)s, so there is nothing to extend"
                        " or cancel. Choose another space.",
                        party=request.partner_id.display_name,
                        unit=request.unit_id.display_name,
                    )
                )
            if request.kind == "new" and not request.date_from:
                raise UserError(
                    self.env._(
                        "Fill in from when %(party)s wants the space %(unit)s.",
                        party=request.partner_id.display_name,
                        unit=request.unit_id.display_name,
                    )
                )
            if request.kind == "cancellation" and not request.date_to:
                raise UserError(
                    self.env._(
                        "Fill in the last day of the space %(unit)s.",
                        unit=request.unit_id.display_name,
                    )
                )
            request._move("waiting")
            request._request_approval("decide", request.reason or "")

    def action_reset(self):
        """Back to the draft: change what is asked for."""
        self.check_access("write")
        self.filtered(lambda request: request.state == "rejected")._move("draft")

    def action_cancel(self):
        """The occupant does without it."""
        self.check_access("write")
        self._approval_void(["decide"], self.env._("the request was cancelled"))
        self._move("cancelled")

    # --- what an approval does --------------------------------------------

    def _get_hold(self):
        """The party's current or coming hold on the space."""
        self.ensure_one()
        return self.env["property.occupancy"].search(
            [
                ("unit_id", "=", self.unit_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("kind", "=", "tenant"),
                ("state", "in", ("reserved", "moving_in", "active", "notice")),
            ],
            order="date_start desc",
            limit=1,
        )

    def _apply(self):
        """Take, extend or give back the space; runs with the rights of the system."""
        self.ensure_one()
        self._move("approved")
        if self.kind == "new":
            hold = self.env["property.occupancy"].create(self._prepare_hold())
            self._store({"parking_occupancy_id": hold.id})
            if hold.date_start <= self.estate_id._today():
                hold._begin()
            return
        hold = self._get_hold()
        if not hold:
            raise UserError(
                self.env._(
                    "%(party)s does not hold the space %(unit)s any more.",
                    party=self.partner_id.display_name,
                    unit=self.unit_id.display_name,
                )
            )
        if self.kind == "cancellation" and self.date_to < hold.date_start:
            hold.write({"state": "cancelled"})
        else:
            hold.write({"date_end": self.date_to})
        self._store({"parking_occupancy_id": hold.id})

    def _prepare_hold(self):
        return {
            "unit_id": self.unit_id.id,
            "partner_id": self.partner_id.id,
            "payer_id": self.occupancy_id.payer_id.id,
            "kind": "tenant",
            "date_start": self.date_from,
            "date_end": self.date_to,
            "contract_number": self.number,
            "persons": 0,
        }
