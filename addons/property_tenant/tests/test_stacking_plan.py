from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import PropertyBuilders, PropertyCase


@tagged("post_install", "-at_install")
class TestStackingPlan(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_estate = cls.make_estate("SV")
        cls.other_building = cls.make_building(cls.other_estate, "B")
        cls.make_unit(cls.other_building, "B-101")
        cls.reader = cls.make_user("user", cls.estate)

    def plan(self, user=None, **arguments):
        return (
            self.env["property.building"]
            .with_user(user or self.reader)
            .get_stacking_plan(**arguments)
        )

    def test_units_of_the_chosen_building_stand_highest_floor_first(self):
        plan = self.plan(building_id=self.building.id)
        self.assertEqual([unit["code"] for unit in plan["units"]], ["A-201", "A-101", "A-102"])
        self.assertEqual(plan["building"]["name"], "Building A")

    def test_a_let_unit_brings_its_occupant_and_area(self):
        self.make_occupancy(self.unit, self.tenant, state="active")
        plan = self.plan(building_id=self.building.id)
        unit = next(row for row in plan["units"] if row["code"] == "A-101")
        self.assertEqual(unit["status"], "occupied")
        self.assertEqual(unit["tenant_id"], (self.tenant.id, "Tenant Trading Ltd"))
        self.assertEqual(unit["area_gross"], 100.0)

    def test_buildings_of_other_estates_are_neither_offered_nor_shown(self):
        plan = self.plan(building_id=self.other_building.id)
        self.assertEqual([row["id"] for row in plan["buildings"]], self.building.ids)
        self.assertFalse(plan["building"])
        self.assertEqual(plan["units"], [])

    def test_without_choice_the_first_building_of_the_estate_is_shown(self):
        everyone = self.make_user("steward", estate_all=True)
        plan = self.plan(everyone, estate_id=self.other_estate.id)
        self.assertEqual(plan["building"]["id"], self.other_building.id)
        self.assertEqual([unit["code"] for unit in plan["units"]], ["B-101"])

    def test_whoever_has_no_role_is_refused(self):
        outsider = new_test_user(self.env, login="test_outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.plan(outsider)

    def test_the_number_of_queries_does_not_grow_with_the_units(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.plan(building_id=self.building.id)
            return self.env.cr.sql_log_count - before

        self.plan(building_id=self.building.id)
        few = queries()
        for number in range(60):
            unit = self.make_unit(self.building, f"N-{number}", floor=number)
            self.make_occupancy(unit, self.make_partner(f"Party {number}"), state="active")
        self.env.flush_all()
        self.assertLessEqual(queries(), few + 2)


@tagged("post_install", "-at_install")
class TestStackingPlanInBrowser(PropertyBuilders, HttpCase):
    def test_stacking_plan_shows_filters_and_opens_units(self):
        estate = self.make_estate("STK", name="Stacking Estate")
        building = self.make_building(estate, "ST", name="Stacking Tower")
        let = self.make_unit(building, "S301", floor=3, area_gross=120, sequence=1)
        self.make_unit(building, "S302", floor=3, area_gross=60, sequence=2)
        self.make_unit(building, "S201", floor=2, area_gross=180)
        self.make_unit(building, "P01", floor=-1, floor_name="B1", usage="parking", area_gross=12)
        self.make_occupancy(let, self.make_partner("Stacking Tenant"), state="active")
        sold = self.env["property.unit"].search([("code", "=", "S201")])
        self.make_occupancy(
            sold, self.make_partner("Stacking Owner"), kind="owner", self_use=True, state="active"
        )
        self.make_user("user", estate, login="stacking_reader", password="stacking_reader")
        action = self.env.ref("property_tenant.property_stacking_plan_action")
        self.start_tour(
            f"/odoo/action-{action.id}", "property_tenant_stacking_plan", login="stacking_reader"
        )
