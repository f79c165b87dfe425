from odoo import api, fields, models

#: who may sign an inspection; other addons add theirs
PARTIES = [
    ("inspector", "Inspector"),
    ("supervisor", "Supervisor"),
    ("steward", "Building Steward"),
    ("front_desk", "Customer Service"),
    ("security", "Security"),
    ("occupant", "Occupant"),
    ("owner", "Owner"),
    ("developer", "Developer"),
    ("contractor", "Contractor"),
]

#: those who sign with their own login, and the roles that may
STAFF = {
    "inspector": (),
    "supervisor": (
        "property_tenant.group_supervisor",
        "property_tenant.group_engineering_supervisor",
    ),
    "steward": ("property_tenant.group_steward",),
    "front_desk": ("property_tenant.group_front_desk",),
    "security": ("property_tenant.group_security",),
}


class PropertyInspectionSigner(models.Model):
    """A party who signs the inspections of a template."""

    _name = "property.inspection.signer"
    _description = "Party who Signs an Inspection"
    _order = "template_id, sequence, id"
    _rec_name = "party"

    template_id = fields.Many2one(
        "property.inspection.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    estate_id = fields.Many2one(related="template_id.estate_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    party = fields.Selection(PARTIES, required=True, default="inspector")
    is_required = fields.Boolean(string="Must Sign", default=True)

    _party_once = models.Constraint(
        "UNIQUE (template_id, party)", "This party signs the inspection already."
    )

    @api.depends("party")
    def _compute_display_name(self):
        labels = dict(self._fields["party"]._description_selection(self.env))
        for signer in self:
            signer.display_name = labels.get(signer.party, "")
