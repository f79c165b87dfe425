from odoo import api, fields, models
from odoo.exceptions import UserError

UNIT_USAGES = [
    ("office", "Office"),
    ("residential", "Residential"),
    ("shop", "Shop"),
    ("parking", "Parking"),
    ("storage", "Storage"),
    ("common", "Common"),
]

UNIT_STATUSES = [
    ("vacant", "Vacant"),
    ("reserved", "Reserved"),
    ("handover", "Being Handed Over"),
    ("occupied", "Occupied"),
    ("fitout", "In Fit-Out"),
    ("clearance", "In Clearance"),
]


class PropertyUnit(models.Model):
    """What one party can own or use; common areas are units too, so that
    meters and inspections can stand on them."""

    _name = "property.unit"
    _description = "Unit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "estate_id, building_id, floor, sequence, code"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    code = fields.Char(
        required=True, tracking=True, index="trigram", help="Unique in the estate, as on the door."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    building_id = fields.Many2one(
        "property.building", required=True, index=True, ondelete="restrict", tracking=True
    )
    estate_id = fields.Many2one(
        related="building_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="building_id.company_id", store=True, index=True, precompute=True
    )
    floor = fields.Integer(default=1, aggregator=None, help="Storey; below ground is negative.")
    floor_name = fields.Char(
        string="Floor Label", help="What the lift shows, when it is not the number: G, M, 12A."
    )
    usage = fields.Selection(
        UNIT_USAGES, string="Use", required=True, default="office", tracking=True, index=True
    )
    area_gross = fields.Float(
        string="Gross Area (m²)", digits="Property Area", tracking=True, aggregator="sum"
    )
    area_net = fields.Float(string="Net Area (m²)", digits="Property Area", tracking=True)
    orientation = fields.Selection(
        [
            ("n", "North"),
            ("ne", "North-East"),
            ("e", "East"),
            ("se", "South-East"),
            ("s", "South"),
            ("sw", "South-West"),
            ("w", "West"),
            ("nw", "North-West"),
        ]
    )
    tag_ids = fields.Many2many("property.unit.tag", string="Tags")
    occupancy_ids = fields.One2many("property.occupancy", "unit_id")
    occupancy_count = fields.Integer(compute="_compute_occupancy_count")
    status = fields.Selection(
        UNIT_STATUSES,
        compute="_compute_holders",
        store=True,
        index=True,
        tracking=True,
        help="Follows from the occupancies of the unit; nobody types it.",
    )
    owner_id = fields.Many2one(
        "res.partner", compute="_compute_holders", store=True, index="btree_not_null"
    )
    tenant_id = fields.Many2one(
        "res.partner", compute="_compute_holders", store=True, index="btree_not_null"
    )
    notes = fields.Html()
    custom_properties = fields.Properties(
        definition="estate_id.unit_properties_definition",
        copy=True,
        help="What the managers of the estate want to know of each unit beside the rest.",
    )

    _code_estate_uniq = models.Constraint(
        "UNIQUE (code, estate_id)",
        "Another unit of this estate has this code. Choose another code.",
    )
    _areas_not_negative = models.Constraint(
        "CHECK (area_gross >= 0 AND area_net >= 0)",
        "The area of a unit cannot be negative.",
    )

    @api.depends("code")
    def _compute_name(self):
        for unit in self:
            unit.name = unit.name or unit.code

    @api.depends("code", "name")
    def _compute_display_name(self):
        for unit in self:
            unit.display_name = (
                unit.code if unit.name in (False, unit.code) else f"{unit.code} {unit.name}"
            )

    @api.depends("occupancy_ids")
    def _compute_occupancy_count(self):
        counts = dict(
            self.env["property.occupancy"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.occupancy_count = counts.get(unit, 0)

    @api.depends(
        "occupancy_ids.state",
        "occupancy_ids.kind",
        "occupancy_ids.partner_id",
        "occupancy_ids.self_use",
        "occupancy_ids.unit_id",
    )
    def _compute_holders(self):
        """Status and holders from stored states only, never from today's date:
        the daily work of the estate moves the states."""
        for unit in self:
            held = unit.occupancy_ids.filtered(lambda occupancy: occupancy._is_current())
            unit.owner_id = held.filtered(lambda occ: occ.kind == "owner")[:1].partner_id
            unit.tenant_id = held.filtered(lambda occ: occ.kind == "tenant")[:1].partner_id
            unit.status = unit._get_status()

    def _get_status(self):
        """Status of the unit; other addons refine it by overriding.

        Vacant means: no tenant, and no owner who uses it himself.
        """
        self.ensure_one()
        using = self.occupancy_ids.filtered(
            lambda occupancy: occupancy.kind == "tenant" or occupancy.self_use
        )
        states = set(using.mapped("state"))
        if "clearing" in states:
            return "clearance"
        if states & {"active", "notice"}:
            return "occupied"
        if "moving_in" in states:
            return "handover"
        if "reserved" in states:
            return "reserved"
        return "vacant"

    def write(self, vals):
        if "building_id" in vals:
            building = self.env["property.building"].browse(vals["building_id"])
            for unit in self:
                if building.estate_id != unit.estate_id:
                    raise UserError(
                        self.env._(
                            "Unit %(unit)s belongs to the estate %(estate)s and cannot move to"
                            " another estate. Create the unit there and archive this one.",
                            unit=unit.display_name,
                            estate=unit.estate_id.display_name,
                        )
                    )
        return super().write(vals)

    def action_view_occupancies(self):
        """Open the owner and tenant history of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_occupancy_action"
        )
        action["domain"] = [("unit_id", "in", self.ids)]
        action["context"] = {"default_unit_id": self.id}
        return action
