from odoo import api, fields, models

CONTACT_ROLES = [
    ("co_owner", "Co-Owner"),
    ("administration", "Administration"),
    ("finance", "Finance"),
    ("emergency", "Emergency"),
    ("agent", "Agent"),
    ("legal_representative", "Legal Representative"),
    ("resident", "Resident"),
]


class PropertyOccupancyContact(models.Model):
    """A person to reach for an occupancy, with the role they have in it.

    The partner holds the business number that everybody may see; the private
    number stands here, in full for those whose work needs it.
    """

    _name = "property.occupancy.contact"
    _description = "Occupancy Contact"
    _inherit = ["property.logged.mixin"]
    _order = "occupancy_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    occupancy_id = fields.Many2one(
        "property.occupancy", required=True, index=True, ondelete="cascade"
    )
    estate_id = fields.Many2one(related="occupancy_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="occupancy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection(CONTACT_ROLES, required=True, default="administration")
    portal_access = fields.Boolean(
        copy=False, help="The person sees this occupancy's bills and papers in the portal."
    )

    _role_uniq = models.Constraint(
        "UNIQUE (occupancy_id, partner_id, role)",
        "This person already has this role in the occupancy.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts._check_may_give_portal()
        contacts._refresh_papers()
        return contacts

    def write(self, vals):
        if "portal_access" in vals:
            self.occupancy_id._check_may_give_portal()
        result = super().write(vals)
        if {"partner_id", "occupancy_id"} & vals.keys():
            # who takes the place of a person with access would have it, too
            self._check_may_give_portal()
        if {"role", "occupancy_id"} & vals.keys():
            self._refresh_papers()
        return result

    def unlink(self):
        occupancies = self.occupancy_id
        result = super().unlink()
        occupancies._refresh_papers()
        return result

    def _check_may_give_portal(self):
        if given := self.filtered("portal_access"):
            given.occupancy_id._check_may_give_portal()

    def _refresh_papers(self):
        self.occupancy_id._refresh_papers()

    @api.depends("partner_id", "role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for contact in self:
            contact.display_name = f"{contact.partner_id.name or ''} ({roles.get(contact.role)})"
