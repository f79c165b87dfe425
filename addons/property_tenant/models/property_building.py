from odoo import api, fields, models


class PropertyBuilding(models.Model):
    """A building of an estate."""

    _name = "property.building"
    _description = "Building"
    _inherit = ["property.tracked.mixin"]
    _order = "estate_id, sequence, code"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short code, unique in the estate.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    estate_id = fields.Many2one(
        "property.estate", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="estate_id.company_id", store=True, index=True)
    steward_ids = fields.Many2many(
        "res.users",
        "property_building_steward_rel",
        "building_id",
        "user_id",
        string="Stewards",
        domain=[("share", "=", False)],
        help="The building stewards who read meters, deliver papers and visit here. Their lists"
        " begin with their own buildings.",
    )
    unit_ids = fields.One2many("property.unit", "building_id")
    unit_count = fields.Integer(compute="_compute_unit_counts")
    vacant_count = fields.Integer(compute="_compute_unit_counts")

    _code_estate_uniq = models.Constraint(
        "UNIQUE (code, estate_id)",
        "Another building of this estate has this code. Choose another code.",
    )

    @api.depends("unit_ids.status", "unit_ids.usage")
    def _compute_unit_counts(self):
        domain = [("building_id", "in", self.ids), ("usage", "!=", "common")]
        counts = {}
        for building, status, count in self.env["property.unit"]._read_group(
            domain, ["building_id", "status"], ["__count"]
        ):
            counts.setdefault(building, {})[status] = count
        for building in self:
            by_status = counts.get(building, {})
            building.unit_count = sum(by_status.values())
            building.vacant_count = by_status.get("vacant", 0)

    @api.model
    def _has_own(self):
        """Whether this person is a steward named on a building."""
        user = self.env.user
        return user.has_group("property_tenant.group_steward") and bool(
            # actions are read by the program, the buildings are the person's
            self.with_user(user).search_count([("steward_ids", "in", user.ids)], limit=1)
        )

    def action_view_units(self):
        """Open the units of the building."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_unit_action"
        )
        action["domain"] = [("building_id", "in", self.ids)]
        action["context"] = {"default_building_id": self.id}
        return action
