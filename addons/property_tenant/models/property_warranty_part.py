from odoo import fields, models


class PropertyWarrantyPart(models.Model):
    """A part of the building and how long the developer answers for it."""

    _name = "property.warranty.part"
    _description = "Warranty"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(string="Part", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    months = fields.Integer(required=True, default=24, help="Counted from the handover.")
    usage = fields.Selection(
        selection=lambda self: self.env["property.unit"]._fields["usage"].selection,
        string="Only Units Used as",
        help="Empty: for all units.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for the estates of all companies."
    )
    estate_ids = fields.Many2many(
        "property.estate", string="Only in Estates", help="Empty: in all estates."
    )

    _months_positive = models.Constraint(
        "CHECK (months > 0)", "A warranty lasts one month at least."
    )

    def _applies_to(self, unit):
        self.ensure_one()
        return (
            self.company_id in (unit.company_id, self.env["res.company"])
            and (not self.estate_ids or unit.estate_id in self.estate_ids)
            and self.usage in (False, unit.usage)
        )
