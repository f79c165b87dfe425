from odoo import fields, models

from ..calc.masking import Secret, mask_phone
from ..calc.phone import clean_phone, phone_digits


class PropertyOccupancyContact(models.Model):
    """The private phone of a contact: entered by who keeps the contact, seen by few."""

    _name = "property.occupancy.contact"
    _inherit = ["property.occupancy.contact", "property.private.mixin"]
    _private_fields = {
        "phone_private": Secret(
            masked="phone_masked",
            entry="phone_number",
            mask=mask_phone,
            clean=clean_phone,
            fingerprint=phone_digits,
        )
    }

    phone_private = fields.Char(groups="property_tenant.group_private_data", copy=False)
    phone_masked = fields.Char(
        string="Masked Private Phone", compute="_compute_private_masked", store=True
    )
    phone_number = fields.Char(
        string="Private Phone",
        compute="_compute_private_entry",
        readonly=False,
        help="Shown masked. Type the whole number to change it.",
    )
