from odoo import fields, models
from odoo.tools import SQL

#: months before this one that the report reaches back
MONTHS = 36


class PropertyOccupancyHistory(models.Model):
    """How many units and how much area were used at the end of each month.

    Used means: a tenant, or an owner who uses it himself, held the unit on the
    last day of the month (of this month: today).
    """

    _name = "property.occupancy.history"
    _description = "Occupancy over Time"
    _auto = False
    _order = "month desc, estate_id, building_id"
    _rec_name = "month"

    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    estate_id = fields.Many2one("property.estate", readonly=True)
    building_id = fields.Many2one("property.building", readonly=True)
    usage = fields.Selection(
        lambda self: self.env["property.unit"]._fields["usage"]._description_selection(self.env),
        string="Use",
        readonly=True,
    )
    unit_count = fields.Integer(string="Units", readonly=True)
    used_count = fields.Integer(string="Occupied Units", readonly=True)
    vacant_count = fields.Integer(string="Vacant Units", readonly=True)
    area = fields.Float(string="Area (m²)", readonly=True, digits="Property Area")
    area_used = fields.Float(string="Occupied Area (m²)", readonly=True, digits="Property Area")
    area_vacant = fields.Float(string="Vacant Area (m²)", readonly=True, digits="Property Area")

    @property
    def _table_query(self):
        return SQL(
            """
            WITH month AS (
                SELECT month::date AS first,
                       LEAST((month + INTERVAL '1 month - 1 day')::date, CURRENT_DATE) AS last
                  FROM generate_series(
                           date_trunc('month', CURRENT_DATE) - %s * INTERVAL '1 month',
                           date_trunc('month', CURRENT_DATE), INTERVAL '1 month') AS month
            ), total AS (
                SELECT company_id, estate_id, building_id, usage,
                       COUNT(*) AS units, COALESCE(SUM(area_gross), 0) AS area
                  FROM property_unit
                 WHERE active AND usage <> 'common'
                 GROUP BY company_id, estate_id, building_id, usage
            ), used AS (
                SELECT month.first, unit.building_id, unit.usage,
                       COUNT(*) AS units, COALESCE(SUM(unit.area_gross), 0) AS area
                  FROM (SELECT DISTINCT month.first, hold.unit_id
                          FROM month
                          JOIN property_occupancy hold
                            ON hold.date_start <= month.last
                           AND (hold.date_end IS NULL OR hold.date_end >= month.last)
                         WHERE hold.state <> 'cancelled'
                           AND (hold.kind = 'tenant' OR hold.self_use)) AS month
                  JOIN property_unit unit ON unit.id = month.unit_id
                 WHERE unit.active
                 GROUP BY month.first, unit.building_id, unit.usage
            )
            SELECT ROW_NUMBER() OVER (
                       ORDER BY month.first, total.building_id, total.usage) AS id,
                   month.first AS month,
                   total.company_id, total.estate_id, total.building_id, total.usage,
                   total.units AS unit_count,
                   COALESCE(used.units, 0) AS used_count,
                   total.units - COALESCE(used.units, 0) AS vacant_count,
                   total.area AS area,
                   COALESCE(used.area, 0) AS area_used,
                   total.area - COALESCE(used.area, 0) AS area_vacant
              FROM total
             CROSS JOIN month
              LEFT JOIN used ON used.first = month.first
                            AND used.building_id = total.building_id
                            AND used.usage = total.usage
            """,
            MONTHS,
        )
