from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.signature import Role

SIGN_STATES = [
    ("requested", "Requested"),
    ("ordered", "Ordered"),
    ("installed", "Installed"),
    ("accepted", "Accepted by Occupant"),
    ("removed", "Taken Down"),
    ("cancelled", "Cancelled"),
]

#: where each state may lead
SIGN_TRANSITIONS = {
    "requested": {"ordered", "cancelled"},
    "ordered": {"installed", "cancelled"},
    "installed": {"accepted", "ordered"},
    "accepted": {"removed"},
    "removed": set(),
    "cancelled": set(),
}


class PropertySignRequest(models.Model):
    """The occupant's name on the directory sign: request, order, installation, acceptance."""

    _name = "property.sign.request"
    _description = "Directory Sign Request"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "property.signature.mixin",
        "property.numbered.mixin",
    ]
    _order = "date_requested desc, id desc"
    _rec_names_search = ["number", "unit_id.code", "text"]
    _check_company_auto = True
    _number_series = "S"

    occupancy_id = fields.Many2one(
        "property.occupancy",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('state', 'in', ('reserved', 'moving_in', 'active', 'notice'))]",
    )
    unit_id = fields.Many2one(
        related="occupancy_id.unit_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        related="occupancy_id.building_id", store=True, index=True, precompute=True
    )
    estate_id = fields.Many2one(
        related="occupancy_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="occupancy_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        related="occupancy_id.partner_id", store=True, index=True, precompute=True
    )
    text = fields.Char(
        string="Text of the Sign",
        compute="_compute_text",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    text_other = fields.Char(string="Text in the Other Language", tracking=True)
    kind = fields.Selection(
        [("new", "New Sign"), ("change", "Change"), ("repair", "Repair")],
        required=True,
        default="new",
    )
    licence = fields.Binary(
        string="Licence Copy", attachment=True, help="A company's sign needs its licence."
    )
    licence_name = fields.Char(string="File Name")
    fee = fields.Monetary(help="What the occupant pays for the sign.", tracking=True)
    maker_id = fields.Many2one("res.partner", string="Sign Maker", tracking=True)
    date_requested = fields.Date(
        string="Requested on", required=True, default=fields.Date.context_today
    )
    date_wanted = fields.Date(string="Wanted by")
    date_ordered = fields.Date(string="Ordered on", readonly=True, copy=False)
    date_installed = fields.Date(string="Installed on", readonly=True, copy=False)
    date_accepted = fields.Date(string="Accepted on", readonly=True, copy=False)
    date_removed = fields.Date(string="Taken Down on", readonly=True, copy=False)
    state = fields.Selection(
        SIGN_STATES,
        required=True,
        default="requested",
        tracking=True,
        index=True,
        copy=False,
        group_expand=True,
    )

    _fee_not_negative = models.Constraint("CHECK (fee >= 0)", "The fee cannot be negative.")
    _one_standing = models.UniqueIndex(
        "(occupancy_id) WHERE state = 'accepted'",
        "The occupant already has a sign. Take it down before another is accepted.",
    )

    @api.depends("partner_id")
    def _compute_text(self):
        for request in self:
            request.text = request.text or request.partner_id.name

    @api.depends("number", "text")
    def _compute_display_name(self):
        for request in self:
            request.display_name = " · ".join(filter(None, (request.number, request.text)))

    # --- states -----------------------------------------------------------

    def write(self, vals):
        if "state" in vals:
            self._check_transition(vals["state"])
        return super().write(vals)

    def _check_transition(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            if request.state != state and state not in SIGN_TRANSITIONS[request.state]:
                raise UserError(
                    self.env._(
                        "The sign %(sign)s is %(old)s and cannot become %(new)s.",
                        sign=request.display_name,
                        old=labels[request.state],
                        new=labels.get(state, state),
                    )
                )
            if state == "ordered" and request.partner_id.is_company and not request.licence:
                raise UserError(
                    self.env._(
                        "Attach the licence copy of %(party)s before the sign %(sign)s is ordered.",
                        party=request.partner_id.display_name,
                        sign=request.display_name,
                    )
                )
            if state == "accepted":
                request._signature_check_complete()

    def _enter(self, state, date_field):
        for request in self:
            request.write({"state": state, date_field: request.estate_id._today()})

    def action_order(self):
        """The maker has the order."""
        self._enter("ordered", "date_ordered")

    def action_install(self):
        """The sign hangs."""
        self._enter("installed", "date_installed")

    def action_accept(self):
        """The occupant has accepted the sign, by signature; an earlier one is replaced."""
        for request in self:
            earlier = self.search(
                [
                    ("occupancy_id", "=", request.occupancy_id.id),
                    ("state", "=", "accepted"),
                    ("id", "!=", request.id),
                ]
            )
            earlier._enter("removed", "date_removed")
            # the database compares row by row
            earlier.flush_recordset(["state"])
            request._enter("accepted", "date_accepted")

    def action_make_again(self):
        """The installed sign was not accepted: the maker makes it again."""
        self._enter("ordered", "date_ordered")

    def action_remove(self):
        """The sign was taken down."""
        self._enter("removed", "date_removed")

    def action_cancel(self):
        """The sign is not made."""
        self.write({"state": "cancelled"})

    # --- signatures -------------------------------------------------------

    def _signature_roles(self):
        return {
            "occupant": Role(self.env._("Occupant"), name=self.partner_id.name or ""),
        }

    def _signature_version_values(self):
        return [self.text, self.text_other, self.occupancy_id.id]

    def _signature_partner(self, role):
        return self.partner_id

    def _signature_check(self, role):
        if self.state != "installed":
            raise UserError(
                self.env._(
                    "The sign %(sign)s is signed for when it hangs. Press Installed first.",
                    sign=self.display_name,
                )
            )
