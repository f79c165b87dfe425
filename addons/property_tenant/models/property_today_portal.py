from odoo import api, models

from ..calc.today import Line


class PropertyToday(models.AbstractModel):
    """What occupants sent through the portal and wait for."""

    _inherit = "property.today"

    @api.model
    def _get_lines(self):
        return super()._get_lines() + [
            Line(
                "portal_upload",
                self.env._("Papers sent in to check"),
                "property.portal.upload",
                [("state", "=", "waiting")],
                "property_tenant.property_portal_upload_action",
                "property_tenant.group_front_desk,property_tenant.group_archivist",
                sequence=28,
                icon="inbox",
            ),
            Line(
                "portal_correction",
                self.env._("Corrections of data to decide"),
                "property.contact.correction",
                [("state", "=", "waiting")],
                "property_tenant.property_contact_correction_action",
                "property_tenant.group_officer",
                sequence=29,
                icon="pencil-square-o",
            ),
            Line(
                "portal_wish",
                self.env._("Other dates asked for"),
                "property.occupancy.appointment",
                [("state", "=", "offered"), ("wish", "!=", False)],
                "property_tenant.property_occupancy_appointment_action",
                "property_tenant.group_front_desk,property_tenant.group_sales",
                sequence=27,
                icon="calendar",
            ),
        ]
