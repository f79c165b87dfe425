from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class PropertyOccupancyPrint(models.TransientModel):
    """Prints a form with private numbers in full; the purpose stays on record."""

    _name = "property.occupancy.print"
    _description = "Print with Full Numbers"

    occupancy_id = fields.Many2one(
        "property.occupancy",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    paper = fields.Selection(
        [
            ("registration", "Occupant Registration"),
            ("data_card", "Data Card"),
            ("emergency", "Emergency Contacts"),
            ("contacts", "Tenant's Contacts"),
        ],
        required=True,
        default="registration",
    )
    purpose = fields.Char(required=True, help="Stays on record together with who printed it.")

    def action_print(self):
        """Print; each number is logged as revealed to who prints."""
        self.ensure_one()
        if not self.env.user.has_group("property_tenant.group_private_data"):
            raise AccessError(
                self.env._("Your role does not include seeing private numbers in full.")
            )
        purpose = (self.purpose or "").strip()
        if not purpose:
            raise UserError(self.env._("Say what the paper is for; the purpose stays on record."))
        report = self.env.ref(f"property_tenant.action_report_occupancy_{self.paper}")
        return report.with_context(pm_print_purpose=purpose).report_action(self.occupancy_id)
