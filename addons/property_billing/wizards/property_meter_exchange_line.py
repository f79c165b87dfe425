from odoo import fields, models

from ..models.property_meter import REGISTERS


class PropertyMeterExchangeLine(models.TransientModel):
    """The indexes of one register at an exchange."""

    _name = "property.meter.exchange.line"
    _description = "Register at a Meter Exchange"

    exchange_id = fields.Many2one("property.meter.exchange", required=True, ondelete="cascade")
    register = fields.Selection(REGISTERS, required=True)
    old_index = fields.Float(string="Final Index", digits=(16, 3))
    new_index = fields.Float(string="First Index", digits=(16, 3))
