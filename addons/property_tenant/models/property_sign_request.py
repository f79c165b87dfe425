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
    "installed": {"accepted", "ordered", "removed"},
    "accepted": {"removed"},
    "removed": set(),
    "cancelled": set(),
}

#: states in which nothing changes any more
CLOSED_STATES = ("accepted", "removed", "cancelled")

#: what a closed request keeps as it was
KEPT = {
    "occupancy_id",
    "text",
    "text_other",
    "kind",
    "licence",
    "licence_name",
    "fee",
    "maker_id",
    "date_requested",
}


class PropertySignRequest(models.Model):
    """The occupant's name on the directory sign: request, order, installation, acceptance."""

    _name = "property.sign.request"
    _description = "Directory Sign Request"
    _inherit = [
        "property.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "property.signature.mixin",
        "property.numbered.mixin",
        "property.charge.source.mixin",
    ]
    _order = "date_requested desc, id desc"
    _rec_names_search = ["number", "unit_id.code", "text"]
    _check_company_auto = True
    _number_series = "S"
    _transitions = SIGN_TRANSITIONS
    _system_fields = frozenset(
        {"date_ordered", "date_installed", "date_accepted", "date_removed", "charge_note"}
    )

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
    fee = fields.Monetary(
        compute="_compute_fee",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="What the occupant pays when the sign is accepted. Proposed as in the settings; a"
        " repair costs nothing unless you fill it in.",
    )
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

    @api.depends("occupancy_id", "kind")
    def _compute_fee(self):
        for request in self:
            # what a sign costs is no secret to whoever records the request
            company = request.company_id.sudo()
            request.fee = 0.0 if request.kind == "repair" else company.pm_sign_fee

    @api.depends("number", "text")
    def _compute_display_name(self):
        for request in self:
            request.display_name = " · ".join(filter(None, (request.number, request.text)))

    # --- states -----------------------------------------------------------

    def write(self, vals):
        self._refuse_kept(vals)
        return super().write(vals)

    def _refuse_kept(self, vals):
        """What hangs, or hung, stays on record as it was signed for."""
        for request in self.filtered(lambda request: request.state in CLOSED_STATES):
            if KEPT & vals.keys():
                raise UserError(request._explain_kept())

    def _explain_kept(self):
        self.ensure_one()
        return self.env._(
            "The sign %(sign)s is closed and stays as it was signed for. Record another request for"
            " what changes.",
            sign=self.display_name,
        )

    def _why_file_stays(self, file):
        if file.res_field and self.state in CLOSED_STATES:
            return self._explain_kept()
        return super()._why_file_stays(file)

    def _check_move(self, state):
        result = super()._check_move(state)
        for request in self:
            if state == "ordered" and request.partner_id.is_company and not request.licence:
                raise UserError(
                    self.env._(
                        "Attach the licence copy of %(party)s before the sign %(sign)s is ordered.",
                        party=request.partner_id.display_name,
                        sign=request.display_name,
                    )
                )
            if state == "accepted":
                request._check_accepted()
        return result

    def _check_accepted(self):
        """A sign is accepted by a signature that was drawn, not by one that was refused."""
        self._signature_check_complete()
        for row in self._signature_rows().filtered("is_refused"):
            raise UserError(
                self.env._(
                    "%(who)s refused to sign for the sign %(sign)s: %(reason)s. Press Make Again,"
                    " or Taken Down if it is not to stay.",
                    who=row.name,
                    sign=self.display_name,
                    reason=row.reason,
                )
            )

    def _enter(self, state, date_field):
        self.check_access("write")
        for request in self:
            request._move(state, {date_field: request.estate_id._today()})

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
            request._charge()

    def _charge(self):
        """Let the occupant pay the fee; called when the sign is accepted."""
        self.ensure_one()
        if self.currency_id.is_zero(self.fee):
            return
        partner = self.occupancy_id._get_payer()
        localized = self.with_context(lang=partner.lang or self.env.lang)
        labels = dict(localized._fields["kind"]._description_selection(localized.env))
        description = localized.env._(
            "Directory sign, %(kind)s: %(text)s (%(number)s)",
            kind=labels[self.kind],
            text=self.text,
            number=self.number,
        )
        self._request_charge(partner, self.unit_id, self.occupancy_id, self.fee, description)

    def _note_charge(self, text):
        # a note of the system about what was decided
        self.sudo()._store({"charge_note": text})

    def action_make_again(self):
        """The installed sign was not accepted: the maker makes it again."""
        self._enter("ordered", "date_ordered")
        self._signature_rows()._void(self.env._("the sign is made again"))

    def action_remove(self):
        """The sign was taken down."""
        self._enter("removed", "date_removed")

    def action_cancel(self):
        """The sign is not made."""
        self.check_access("write")
        self._move("cancelled")

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
