from odoo import api, fields, models


class PropertyVacancyCheckLine(models.Model):
    """A unit of the list of vacant units, as it was when the departments were asked."""

    _name = "property.vacancy.check.line"
    _description = "Vacant Unit on the List"
    _order = "check_id, id"
    _rec_name = "unit_id"

    check_id = fields.Many2one(
        "property.vacancy.check", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one("property.unit", required=True, index=True, ondelete="restrict")
    estate_id = fields.Many2one(related="check_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="check_id.company_id", store=True, index=True)
    since = fields.Date(string="Vacant since")
    area_gross = fields.Float(related="unit_id.area_gross")
    owner_id = fields.Many2one(related="unit_id.owner_id")
    difference = fields.Char(compute="_compute_difference")

    _unit_once = models.Constraint(
        "UNIQUE (check_id, unit_id)", "The unit is on this list already."
    )

    @api.depends("check_id.difference_ids.note", "check_id.difference_ids.unit_id")
    def _compute_difference(self):
        for line in self:
            rows = line.check_id.difference_ids.filtered(
                lambda row, line=line: row.unit_id == line.unit_id
            )
            line.difference = "; ".join(
                f"{row.department_id.name}: {row.note or ''}" for row in rows
            )
