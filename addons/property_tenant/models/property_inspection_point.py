from odoo import api, fields, models
from odoo.exceptions import ValidationError

PHOTOS = [
    ("no", "Not Needed"),
    ("defect", "Of a Defect"),
    ("always", "Always"),
]

#: what an inspection copies from its template, beside the texts
COPIED_FIELDS = (
    "sequence",
    "photo",
    "with_number",
    "has_minimum",
    "minimum",
    "has_maximum",
    "maximum",
    "points",
)

#: texts are copied in all languages
COPIED_TEXTS = ("section", "name", "instruction", "normal", "uom")


class PropertyInspectionPointMixin(models.AbstractModel):
    """What is looked at: the same on the template and on the inspection's own copy."""

    _name = "property.inspection.point.mixin"
    _description = "Point to Look at"

    sequence = fields.Integer(default=10)
    section = fields.Char(translate=True)
    name = fields.Char(string="Point", required=True, translate=True)
    instruction = fields.Text(string="How to Look", translate=True)
    normal = fields.Char(string="What Is Normal", translate=True)
    photo = fields.Selection(PHOTOS, required=True, default="no")
    with_number = fields.Boolean(string="Number Asked for")
    uom = fields.Char(string="Unit of Measure", translate=True)
    has_minimum = fields.Boolean(string="At Least")
    minimum = fields.Float(digits=(16, 3), aggregator=None)
    has_maximum = fields.Boolean(string="At Most")
    maximum = fields.Float(digits=(16, 3), aggregator=None)
    points = fields.Integer(string="Score", help="Points for ok; 0: not scored.")


class PropertyInspectionPoint(models.Model):
    _name = "property.inspection.point"
    _description = "Point of an Inspection Template"
    _inherit = ["property.inspection.point.mixin"]
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "property.inspection.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    estate_id = fields.Many2one(related="template_id.estate_id", store=True, index=True)
    warranty_part_id = fields.Many2one(
        "property.warranty.part",
        string="Warranty of",
        ondelete="set null",
        help="A defect found here, while this part of the unit is under warranty, is the"
        " developer's to mend.",
    )
    stop_id = fields.Many2one(
        "property.inspection.stop",
        string="Only at",
        index="btree_not_null",
        ondelete="set null",
        domain="[('template_id', '=', template_id)]",
        help="Empty: in every place of the route.",
    )

    _points_not_negative = models.Constraint(
        "CHECK (points >= 0)", "The score of a point cannot be negative."
    )

    @api.constrains("has_minimum", "minimum", "has_maximum", "maximum")
    def _check_limits(self):
        for point in self:
            if point.has_minimum and point.has_maximum and point.minimum > point.maximum:
                raise ValidationError(
                    self.env._(
                        "%(point)s: at least %(low)s and at most %(high)s cannot both hold. Correct"
                        " one of the limits.",
                        point=point.name,
                        low=point.minimum,
                        high=point.maximum,
                    )
                )
