from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PropertyCase

FACING = {"name": "a1b2c3", "string": "View", "type": "char"}


@tagged("post_install", "-at_install")
class TestUnitProperties(PropertyCase):
    """Managers of an estate add what they want to know of its units, without code."""

    def test_managers_define_them_per_estate_and_everybody_reads_them(self):
        manager = self.make_user("manager", self.estate)
        unit = self.unit.with_user(manager)
        unit.custom_properties = [{**FACING, "value": "Garden", "definition_changed": True}]
        self.assertEqual(
            [row["string"] for row in self.estate.unit_properties_definition], ["View"]
        )
        second = self.unit_2.with_user(manager)
        self.assertEqual([row["string"] for row in second.read()[0]["custom_properties"]], ["View"])
        second.custom_properties = {"a1b2c3": "Street"}
        reader = self.env["property.unit"].with_user(self.make_user("front_desk", self.estate))
        self.assertEqual(reader.search([("custom_properties.a1b2c3", "=", "Street")]), self.unit_2)
        elsewhere = self.make_unit(self.make_building(self.make_estate("H2")), "B-1")
        self.assertEqual(elsewhere.read()[0]["custom_properties"], [])

    def test_nobody_else_defines_or_changes_them(self):
        self.estate.unit_properties_definition = [FACING]
        officer = self.make_user("officer", self.estate)
        with self.assertRaises(AccessError):
            self.unit.with_user(officer).custom_properties = {"a1b2c3": "Garden"}
        with self.assertRaises(AccessError):
            self.estate.with_user(officer).unit_properties_definition = []
