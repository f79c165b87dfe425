from odoo import api, fields, models


class PropertyTariffTier(models.Model):
    """From a quantity on, a unit of usage costs a price."""

    _name = "property.tariff.tier"
    _description = "Tariff Tier"
    _order = "version_id, register, quantity_from"
    _rec_name = "quantity_from"
    _inherit = ["property.constraint.check"]
    _required_constraints = ("_start_uniq", "_not_negative")

    version_id = fields.Many2one(
        "property.tariff.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True)
    register = fields.Selection(
        [("peak", "Peak"), ("shoulder", "Shoulder"), ("valley", "Valley")],
        help="Empty: for all registers.",
    )
    quantity_from = fields.Float(string="From Quantity", digits="Property Usage", required=True)
    price = fields.Float(string="Price per Unit", digits="Property Price", required=True)

    _start_uniq = models.UniqueIndex(
        "(version_id, COALESCE(register, ''), quantity_from)",
        "Two tiers of one register begin at the same quantity.",
    )
    _not_negative = models.Constraint(
        "CHECK (quantity_from >= 0 AND price >= 0)",
        "A tier cannot begin below zero or have a negative price.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        versions = self.env["property.tariff.version"].browse(
            {vals["version_id"] for vals in vals_list if vals.get("version_id")}
        )
        versions._check_not_used()
        return super().create(vals_list)

    def write(self, vals):
        target = self.version_id.browse(vals.get("version_id") or ())
        (self.version_id | target)._check_not_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_used(self):
        self.version_id._check_not_used()
