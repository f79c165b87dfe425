from odoo import api, models
from odoo.fields import Domain

STACKING_FIELDS = [
    "code",
    "name",
    "floor",
    "floor_name",
    "usage",
    "area_gross",
    "status",
    "owner_id",
    "tenant_id",
]


class PropertyBuilding(models.Model):
    _inherit = "property.building"

    @api.model
    def get_stacking_plan(self, building_id=False, estate_id=False):
        """Everything the stacking plan shows, in one call.

        :param building_id: the building to show; else the first of the estate
            ``estate_id``; else the first the user sees
        :return: dict with ``buildings`` to choose from, the chosen
            ``building`` (or False), its ``units`` and the labels of
            ``statuses`` and ``usages`` in their order
        :raise AccessError: the user may not read buildings or units

        Runs with the rights of the user: searching applies the record rules,
        and a building out of sight counts as not there.
        """
        buildings = self.search_read([], ["name", "code", "estate_id"])
        units = self.env["property.unit"]
        chosen = False
        if building_id:
            chosen = next((row for row in buildings if row["id"] == building_id), False)
        else:
            of_estate = (
                row for row in buildings if not estate_id or row["estate_id"][0] == estate_id
            )
            chosen = next(of_estate, False)
        labels = units.fields_get(["status", "usage"], ["selection"])
        return {
            "buildings": buildings,
            "building": chosen,
            "units": units.search_read(
                Domain("building_id", "=", chosen["id"]) if chosen else Domain.FALSE,
                STACKING_FIELDS,
                order="floor desc, sequence, code",
            ),
            "statuses": labels["status"]["selection"],
            "usages": labels["usage"]["selection"],
        }
