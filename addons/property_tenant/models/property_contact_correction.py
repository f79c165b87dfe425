"""What an occupant asks to be corrected in its data; customer service decides."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

CORRECTED = [
    ("name", "Name"),
    ("phone", "Phone"),
    ("email", "E-Mail"),
    ("other", "Something Else"),
]

CORRECTION_STATES = [("waiting", "To Be Decided"), ("accepted", "Accepted"), ("refused", "Refused")]

#: so many requests of one person may wait at a time
MOST_WAITING = 20


class PropertyContactCorrection(models.Model):
    _name = "property.contact.correction"
    _description = "Correction of Contact Data"
    _inherit = ["property.portal.request"]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True
    _required_constraints = ("_one_waiting",)

    occupancy_id = fields.Many2one(
        "property.occupancy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        related="occupancy_id.unit_id", store=True, index="btree_not_null", precompute=True
    )
    estate_id = fields.Many2one(
        related="occupancy_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="occupancy_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Whose Data",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    requested_by_id = fields.Many2one(
        "res.partner",
        string="Asked for by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(CORRECTED, string="What", required=True, readonly=True)
    old_value = fields.Char(string="Now", readonly=True)
    new_value = fields.Char(string="Should Be", readonly=True)
    state = fields.Selection(
        CORRECTION_STATES, required=True, readonly=True, default="waiting", index=True
    )
    reason = fields.Char(string="Refused because", readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, ondelete="restrict"
    )
    decided_at = fields.Datetime(string="Decided on", readonly=True)

    _one_waiting = models.UniqueIndex(
        "(partner_id, kind) WHERE state = 'waiting'",
        "This correction is asked for already and waits for the answer.",
    )
    _refused_explained = models.Constraint(
        "CHECK (state <> 'refused' OR reason IS NOT NULL)",
        "Say why the correction is refused; who asked for it reads it.",
    )

    @api.depends("partner_id.name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.partner_id.name or ''} · {labels.get(row.kind, '')}"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for row in self:
            raise UserError(self.env._("The request %s stays on record.", row.display_name))

    # --- asking -----------------------------------------------------------------

    @api.model
    def _ask(self, occupancy, partner, wanted):
        """Ask for ``wanted`` ({kind: value}) where it differs; the page has checked whose it is."""
        rows = []
        requester = self.env.user.partner_id
        for kind, value in wanted.items():
            value = " ".join((value or "").split())[:250]
            old = partner[kind] or "" if kind != "other" else ""
            if value == old or (kind == "other" and not value):
                continue
            if kind == "name" and not value:
                raise UserError(self.env._("Please fill in the name."))
            if kind == "email" and value and not email_normalize(value):
                raise UserError(self.env._("%s is not an e-mail address.", value))
            rows.append(
                {
                    "occupancy_id": occupancy.id,
                    "partner_id": partner.id,
                    "requested_by_id": requester.id,
                    "kind": kind,
                    "old_value": old,
                    "new_value": value,
                }
            )
        if not rows:
            raise UserError(self.env._("Nothing is different from what we have. Change it first."))
        # nobody has the right to create rows; the page has checked whose data it is
        system = self.sudo()
        waiting = system.search(
            [("partner_id", "=", partner.id), ("state", "=", "waiting")]
        ).mapped("kind")
        if set(waiting) & {row["kind"] for row in rows}:
            raise UserError(
                self.env._("A correction is asked for already. Please wait for our answer.")
            )
        own = [("requested_by_id", "=", requester.id), ("state", "=", "waiting")]
        if system.search_count(own) + len(rows) > MOST_WAITING:
            raise UserError(self.env._("You have asked for many corrections. Please call us."))
        return system.create(rows)

    # --- deciding ---------------------------------------------------------------

    def _check_decider(self):
        if not self.env.user.has_group("property_tenant.group_officer"):
            raise AccessError(
                self.env._("Corrections of data are decided by customer service. Ask an officer.")
            )

    def _get_settled(self, vals):
        return {**vals, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}

    def action_accept(self):
        """Write the new value."""
        self._check_may_decide()
        for row in self:
            if row.kind != "other":
                now = row.partner_id[row.kind] or ""
                if now != (row.old_value or ""):
                    raise UserError(
                        self.env._(
                            "%(request)s was changed to %(now)s in the meantime. Refuse the"
                            " request, or change the contact by hand.",
                            request=row.display_name,
                            now=now,
                        )
                    )
                row.partner_id[row.kind] = row.new_value or False
            row._settle({"state": "accepted"})
