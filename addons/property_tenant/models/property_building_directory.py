import secrets

from odoo import api, fields, models

#: uses of units whose occupants stand in a directory
LISTED_USAGES = ("office", "shop", "residential")


class PropertyBuilding(models.Model):
    """Who is on which floor, for the sign at the entrance and a screen beside it."""

    _inherit = "property.building"

    directory_scope = fields.Selection(
        [
            ("none", "Nobody"),
            ("company", "Companies Only"),
            ("all", "Companies and Persons"),
        ],
        string="In the Directory",
        required=True,
        default="company",
        help="Whose names the building directory shows to everybody.",
    )
    directory_on_screen = fields.Boolean(
        string="Directory on a Screen",
        help="Show the directory on a page that a screen at the entrance opens without login.",
    )
    directory_token = fields.Char(
        readonly=True, copy=False, groups="property_tenant.group_supervisor"
    )
    directory_url = fields.Char(string="Address for the Screen", compute="_compute_directory_url")

    @api.depends("directory_on_screen")
    def _compute_directory_url(self):
        for building in self:
            # the address is for who sets the screen up; the token alone is not shown
            token = building.sudo().directory_token
            building.directory_url = (
                f"{building.get_base_url()}/property/directory/{token}"
                if building.directory_on_screen and token
                else False
            )

    @api.model_create_multi
    def create(self, vals_list):
        buildings = super().create(vals_list)
        buildings._make_directory_tokens()
        return buildings

    def write(self, vals):
        result = super().write(vals)
        if vals.get("directory_on_screen"):
            self._make_directory_tokens()
        return result

    def _make_directory_tokens(self):
        # written for the system: who may switch the screen on need not read the token
        for building in self.sudo():
            if building.directory_on_screen and not building.directory_token:
                building.directory_token = secrets.token_urlsafe(24)

    def _get_directory(self):
        """Rows of the directory: [(floor label, [(unit codes, name, other name)])], top first.

        Names are those on the accepted signs, else of the parties.
        """
        self.ensure_one()
        # the directory shows what the building's setting allows, whoever looks
        occupancies = self.sudo()._get_listed_occupancies()
        signs = (
            self.env["property.sign.request"]
            .sudo()
            .search([("occupancy_id", "in", occupancies.ids), ("state", "=", "accepted")])
            .grouped("occupancy_id")
        )
        floors = {}
        for occupancy in occupancies:
            unit = occupancy.unit_id
            sign = signs.get(occupancy)
            key = (unit.floor, unit.floor_name or str(unit.floor))
            name = sign.text if sign else occupancy.partner_id.name
            other = (sign.text_other if sign else "") or ""
            floors.setdefault(key, {}).setdefault((name, other), []).append(unit.code)
        return [
            (label, [(", ".join(codes), *names) for names, codes in rows.items()])
            for (_floor, label), rows in sorted(floors.items(), reverse=True)
        ]

    def _get_listed_occupancies(self):
        self.ensure_one()
        if self.directory_scope == "none":
            return self.env["property.occupancy"]
        domain = [
            ("building_id", "=", self.id),
            ("state", "in", ("moving_in", "active", "notice", "clearing")),
            ("unit_id.usage", "in", LISTED_USAGES),
            "|",
            ("kind", "=", "tenant"),
            ("self_use", "=", True),
        ]
        if self.directory_scope == "company":
            domain.append(("partner_id.is_company", "=", True))
        found = self.env["property.occupancy"].search(domain)
        return found.sorted(lambda occupancy: occupancy.unit_id.code)

    @api.model
    def _find_by_directory_token(self, token):
        """The building whose screen page has this address, or none."""
        return self.search(
            [("directory_token", "=", token), ("directory_on_screen", "=", True)], limit=1
        )
