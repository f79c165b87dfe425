from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .common_meters import MeterCase


class TestMeter(MeterCase):
    def test_number_is_unique_by_company_and_commodity(self):
        self.make_meter("W-101", self.unit_2, commodity="electricity")
        company = self.make_company()
        other = self.make_estate("OT", company_id=company.id, calendar_id=False)
        self.make_meter("W-101", estate_id=other.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_meter("W-101", self.unit_2)

    def test_place_follows_the_unit(self):
        self.assertEqual(self.meter.estate_id, self.estate)
        self.assertEqual(self.meter.building_id, self.building)
        self.assertEqual(self.meter.uom_name, "m³")

    def test_parents_are_of_one_estate_and_commodity_and_make_no_circle(self):
        main = self.make_meter("MAIN")
        zone = self.make_meter("ZONE", parent_id=main.id)
        self.meter.parent_id = zone
        self.assertEqual((main.level, zone.level, self.meter.level), (1, 2, 3))
        with self.assertRaisesRegex(UserError, "Recursion|above themselves"):
            main.parent_id = self.meter
        power = self.make_meter("E-1", self.unit, commodity="electricity")
        with self.assertRaisesRegex(ValidationError, "E-1 cannot hang below ZONE"):
            power.parent_id = zone
        elsewhere = self.make_meter("FAR", estate_id=self.make_estate("FA").id)
        with self.assertRaisesRegex(ValidationError, "FAR cannot hang below ZONE"):
            elsewhere.parent_id = zone

    def test_what_was_read_stays_what_it_is(self):
        for values in ({"commodity": "gas"}, {"registers": "peak_shoulder_valley"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "has readings"):
                self.meter.write(values)
        self.meter.write({"commodity": "water_cold", "location": "Riser"})
        with self.assertRaisesRegex(ValidationError, "does not fit a dial of 2 digits"):
            self.meter.digits = 2
        with self.assertRaisesRegex(UserError, "stays on record"):
            self.meter.unlink()
        self.make_meter("NEW", self.unit_2).unlink()

    def test_removed_meter_is_removed(self):
        self.meter.date_removed = "2024-06-30"
        self.assertEqual(self.meter.state, "removed")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.meter.date_removed = "2022-12-31"
            self.meter.flush_recordset()

    def test_open_readings_follow_a_meter_entered_in_the_wrong_unit(self):
        billed = self.make_reading(self.meter, "2024-01-31", 110)
        billed._mark_billed()
        waiting = self.make_reading(self.meter, "2024-02-29", 120)
        self.meter.unit_id = self.unit_2
        self.assertEqual((billed.unit_id, waiting.unit_id), (self.unit, self.unit_2))

    def test_missing_readings_of_a_month(self):
        self.make_reading(self.meter, "2024-01-31", 110)
        self.make_meter("GONE", self.unit_2, date_removed="2023-12-31")
        self.make_meter("LATER", self.unit_2, date_installed="2024-02-01")
        power = self.make_meter(
            "E-3", self.unit_3, commodity="electricity", registers="peak_shoulder_valley"
        )
        self.make_reading(power, "2024-01-31", 5, register="shoulder")
        fresh = self.make_meter("FRESH", self.unit_3, date_installed="2024-01-20")
        self.make_reading(fresh, "2024-01-20", 0, kind="installation")
        missing = self.env["property.meter"]._get_missing_readings(
            self.estate, self.day("2024-01-01"), self.day("2024-01-31")
        )
        self.assertEqual(missing, {power: ["peak", "valley"]})

    def test_last_reading_of_a_meter_with_registers_is_their_sum(self):
        power = self.make_meter(
            "E-3", self.unit_3, commodity="electricity", registers="peak_shoulder_valley"
        )
        for register, index in (("peak", 5), ("shoulder", 6), ("valley", 7)):
            self.make_reading(power, "2024-01-31", index, register=register)
            self.make_reading(power, "2024-02-29", index + 10, register=register)
        self.assertEqual(
            (str(power.last_date), power.last_index, power.last_usage), ("2024-02-29", 48, 30)
        )

    def test_who_may_set_up_meters(self):
        for role in ("manager", "billing_supervisor"):
            user = self.make_user(role, self.estate, login=f"setup_{role}")
            self.meter.with_user(user).location = role
        for role in ("collector", "steward", "engineer", "accountant", "controller"):
            user = self.make_user(role, self.estate, login=f"read_{role}")
            self.assertEqual(self.meter.with_user(user).name, "W-101")
            with self.assertRaises(AccessError):
                self.meter.with_user(user).location = role
        user = self.make_user("security", self.estate)
        with self.assertRaises(AccessError):
            self.meter.with_user(user).read(["name"])

    def test_meters_of_other_estates_and_companies_stay_unseen(self):
        other = self.make_meter("OTHER", estate_id=self.make_estate("OT").id)
        company = self.make_company()
        foreign = self.make_meter(
            "FOREIGN", estate_id=self.make_estate("FO", company_id=company.id, calendar_id=False).id
        )
        user = self.make_user("billing_supervisor", self.estate)
        found = self.env["property.meter"].with_user(user).search([])
        self.assertEqual(found & (self.meter | other | foreign), self.meter)
        boss = self.make_user("manager", estate_all=True)
        found = self.env["property.meter"].with_user(boss).search([])
        self.assertEqual(found & (self.meter | other | foreign), self.meter | other)
        with self.assertRaises(AccessError):
            other.with_user(user).read(["name"])
