from odoo import fields, models

from ..calc.masking import Secret, mask_account


def clean_account(number):
    """A bank account without the spaces and dashes with which people write it."""
    return "".join(char for char in (number or "") if char not in " -\u3000")


class PropertyOccupancy(models.Model):
    """The bank account from which the party pays, and its consent to debits."""

    _name = "property.occupancy"
    _inherit = ["property.occupancy", "property.private.mixin"]
    _private_fields = {
        "bank_account_private": Secret(
            masked="bank_account_masked",
            entry="bank_account",
            mask=mask_account,
            clean=clean_account,
            fingerprint=clean_account,
        )
    }

    bank_name = fields.Char(string="Bank")
    bank_holder = fields.Char(string="Account Holder")
    bank_account_private = fields.Char(groups="property_tenant.group_private_data", copy=False)
    bank_account_masked = fields.Char(
        string="Masked Bank Account", compute="_compute_private_masked", store=True
    )
    bank_account = fields.Char(
        compute="_compute_private_entry",
        readonly=False,
        help="Shown masked. Type the whole number to change it.",
    )
    debit_mandate = fields.Char(copy=False, help="Number of the mandate.")
    debit_mandate_date = fields.Date(string="Mandate Signed on", copy=False)
