from odoo import api, fields, models
from odoo.exceptions import AccessError

#: in these states the party and its people work with the portal
PORTAL_STATES = ("reserved", "moving_in", "active", "notice", "clearing")

#: who sees an occupancy follows from the access that was given
PORTAL_LISTS = ("portal_partner_ids", "portal_past_partner_ids")

#: contacts who sign for the party; others read only
SIGNING_ROLES = ("co_owner", "agent", "legal_representative")


class PropertyOccupancy(models.Model):
    """Who sees the occupancy in the portal.

    The party and the contacts that were given access see it as long as it lasts. After
    it has ended they see nothing, or the old bills and papers, as the company has set.
    The record rules of the portal read the two stored lists; nothing else decides.
    """

    _inherit = "property.occupancy"

    portal_party = fields.Boolean(
        string="Party Uses the Portal",
        copy=False,
        tracking=True,
        help="The party sees this occupancy's bills and papers in the portal.",
    )
    portal_partner_ids = fields.Many2many(
        "res.partner",
        "property_occupancy_portal_rel",
        "occupancy_id",
        "partner_id",
        string="See It in the Portal",
        compute="_compute_portal_partners",
        store=True,
        copy=False,
    )
    portal_past_partner_ids = fields.Many2many(
        "res.partner",
        "property_occupancy_portal_past_rel",
        "occupancy_id",
        "partner_id",
        string="See Old Papers in the Portal",
        compute="_compute_portal_partners",
        store=True,
        copy=False,
    )
    portal_count = fields.Integer(string="Portal Users", compute="_compute_portal_count")

    @api.model_create_multi
    def create(self, vals_list):
        occupancies = super().create(vals_list)
        # whatever was passed along, by values or by the context
        for name in PORTAL_LISTS:
            self.env.add_to_compute(self._fields[name], occupancies)
        if given := occupancies.filtered("portal_party"):
            given._check_may_give_portal()
        return occupancies

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(PORTAL_LISTS):
            raise AccessError(
                self.env._(
                    "Who sees %s in the portal follows from the access that was given. Use the"
                    " button Portal Access.",
                    self[:1].display_name,
                )
            )
        if "portal_party" in vals:
            self._check_may_give_portal()
        return super().write(vals)

    @api.depends(
        "state",
        "partner_id",
        "portal_party",
        "contact_ids.partner_id",
        "contact_ids.portal_access",
        "lead_id.partner_id",
        "lead_id.portal_party",
        "lead_id.contact_ids.partner_id",
        "lead_id.contact_ids.portal_access",
        "company_id.pm_portal_after_end",
    )
    def _compute_portal_partners(self):
        nobody = self.env["res.partner"]
        for occupancy in self:
            people = nobody
            # who sees the leading occupancy of a lease sees its further units
            for source in occupancy | occupancy.lead_id:
                if source.portal_party and source.partner_id == occupancy.partner_id:
                    people |= source.partner_id
                people |= source.contact_ids.filtered("portal_access").partner_id
            lasting = occupancy.state in PORTAL_STATES
            past = (
                occupancy.state == "ended" and occupancy.company_id.pm_portal_after_end == "papers"
            )
            occupancy.portal_partner_ids = people if lasting else nobody
            occupancy.portal_past_partner_ids = people if past else nobody

    @api.depends("portal_partner_ids", "portal_past_partner_ids")
    def _compute_portal_count(self):
        for occupancy in self:
            # how many people have access is no secret of theirs
            people = occupancy.sudo().portal_partner_ids | occupancy.sudo().portal_past_partner_ids
            occupancy.portal_count = len(people)

    def _may_sign_in_portal(self, partner):
        """Whether ``partner`` signs for the party: it is the party, or named to act for it."""
        self.ensure_one()
        contacts = (self | self.lead_id).contact_ids
        return partner == self.partner_id or bool(
            contacts.filtered(
                lambda contact: contact.partner_id == partner and contact.role in SIGNING_ROLES
            )
        )

    def _check_may_give_portal(self):
        if self.env.su:
            return
        self.check_access("write")
        if not self.env.user.has_group("property_tenant.group_front_desk"):
            raise AccessError(
                self.env._(
                    "Your role does not give access to the portal. Ask the front desk or customer"
                    " service."
                )
            )

    def action_open_portal(self):
        """Open the window that says who uses the portal."""
        self.ensure_one()
        self._check_may_give_portal()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Portal Access"),
            "res_model": "property.portal.grant",
            "view_mode": "form",
            "target": "new",
            "context": {"default_occupancy_id": (self.lead_id or self).id},
        }

    def _erase_personal_data(self):
        emptied = super()._erase_personal_data()
        of_dossiers = [("occupancy_id", "in", (emptied | emptied.member_ids).ids)]
        erased = {"reason": self.env._("the dossier was erased")}
        uploads = self.env["property.portal.upload"].search(of_dossiers)
        uploads.filtered(lambda upload: upload.state == "waiting").write(
            {"state": "refused"} | erased
        )
        uploads.write({"file": False, "file_name": "-", "note": False})
        corrections = self.env["property.contact.correction"].search(of_dossiers)
        corrections.filtered(lambda row: row.state == "waiting").write(
            {"state": "refused"} | erased
        )
        corrections.write({"old_value": False, "new_value": False})
        # what staff wrote to the party is about the party
        for rows in (uploads, corrections):
            rows.filtered("reason").write(erased)
        self.env["property.occupancy.appointment"].search(of_dossiers).write({"wish": False})
        return emptied
