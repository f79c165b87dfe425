from odoo import api, models
from odoo.tools import SQL, Query


class PropertyUnitOrder(models.AbstractModel):
    """For models with very many rows per unit: their lists are grouped by unit quickly.

    To put groups in the order of units, Odoo joins unit, building and estate to every row and
    groups by all that they are ordered by; hundreds of thousands of rows are then sorted by
    ten columns. Here rows are grouped by unit alone, and only the groups are put in order.
    """

    _name = "property.unit.order"
    _description = "Grouping by Unit"

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        groups = self.with_context(pm_order_of_groups=True)
        return super(PropertyUnitOrder, groups)._read_group_orderby(order, groupby_terms, query)

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "unit_id" or not self.env.context.get("pm_order_of_groups"):
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        Unit = self.env["property.unit"].with_context(pm_order_of_groups=False)
        units = Query(self.env, "pm_place", SQL.identifier(Unit._table))
        Unit._order_to_sql(Unit._order, units, alias="pm_place")
        units.add_where(
            SQL(
                "%s = %s",
                SQL.identifier("pm_place", "id"),
                self._field_to_sql(alias, field_name, query),
            )
        )
        # these are the columns that Odoo would group by
        place = SQL("ROW(%s)", SQL(", ").join(units._order_groupby))
        return SQL("(%s) %s %s", units.select(place), direction, nulls)
