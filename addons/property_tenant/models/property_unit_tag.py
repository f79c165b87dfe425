from random import randint

from odoo import fields, models


class PropertyUnitTag(models.Model):
    _name = "property.unit.tag"
    _description = "Unit Tag"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: randint(1, 11))

    _name_uniq = models.Constraint("UNIQUE (name)", "There is already a tag with this name.")
