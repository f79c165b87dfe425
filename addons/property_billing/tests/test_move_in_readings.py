from datetime import timedelta

from odoo.tests import tagged

from .common_meters import MeterCase


@tagged("post_install", "-at_install")
class TestMoveInReadings(MeterCase):
    """Whether the meters were read is seen from the readings; nobody ticks it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.pm_require_identity = False
        templates = cls.env["property.occupancy.step.template"]
        templates.search([]).active = False
        cls.engineer = cls.make_user("engineer", cls.estate, login="step_engineer")
        engineering = cls.env["property.department"].create(
            {"name": "Test Engineering", "head_id": cls.engineer.id}
        )
        cls.first, cls.final = templates.create(
            [
                {
                    "name": name,
                    "process": process,
                    "proof": proof,
                    "department_id": engineering.id,
                    "needed_for_keys": process == "move_in",
                }
                for name, process, proof in (
                    ("First readings", "move_in", "readings"),
                    ("Final readings", "move_out", "out_readings"),
                )
            ]
        )
        cls.water = cls.make_meter("W-102", cls.unit_2, date_installed="2020-01-01")
        cls.power = cls.make_meter(
            "E-102",
            cls.unit_2,
            commodity="electricity",
            registers="peak_shoulder_valley",
            date_installed="2020-01-01",
        )
        cls.before = cls.make_occupancy(
            cls.unit_2, cls.tenant, date_start="2022-01-01", date_end="2024-01-31", state="ended"
        )
        cls.make_reading(cls.water, "2022-01-01", 5, kind="move_in")
        cls.lease = cls.make_occupancy(
            cls.unit_2, cls.make_partner("Newcomer Ltd"), date_start="2024-02-01"
        )
        cls.lease.action_start_move_in()
        cls.step = cls.lease.step_ids

    def read(self, meter, day, index, kind="move_in", **values):
        return self.make_reading(meter, day, index, kind=kind, **values)

    def read_all(self, day="2024-02-01", kind="move_in", start=100):
        readings = self.read(self.water, day, start, kind)
        for number, register in enumerate(("peak", "shoulder", "valley")):
            readings |= self.read(self.power, day, start + number, kind, register=register)
        return readings

    def test_every_register_of_every_meter_is_read_before_the_keys(self):
        self.assertEqual(self.step.obstacle, "not read yet: E-102 and W-102")
        self.assertIn("First readings", self.lease._get_keys_obstacle())
        with self.refused("Nobody signs the step"):
            self.step.with_user(self.engineer).action_done()
        self.read(self.water, "2024-02-01", 100)
        self.read(self.power, "2024-02-01", 1, register="peak")
        self.read(self.power, "2024-02-01", 1, register="shoulder")
        self.env.invalidate_all()
        self.assertEqual((self.step.state, self.step.obstacle), ("open", "not read yet: E-102"))
        self.read(self.power, "2024-02-01", 1, register="valley")
        self.assertEqual((self.step.state, self.lease._get_keys_obstacle()), ("done", ""))
        action = self.step.action_open_evidence()
        self.assertEqual(len(self.Reading.search(action["domain"])), 4)

    def test_readings_of_the_tenant_before_prove_nothing(self):
        self.lease.date_start = "2024-02-01"
        self.read_all("2024-01-30")
        self.env.invalidate_all()
        self.assertEqual(self.step.status, "open", "the tenant before still lived there")
        self.read_all("2024-01-31", start=200)
        self.env.invalidate_all()
        self.assertEqual(self.step.status, "done")

    def test_regular_readings_prove_nothing(self):
        self.read_all(kind="regular")
        self.env.invalidate_all()
        self.assertEqual(self.step.status, "open")

    def test_a_unit_without_meters_is_signed_by_hand(self):
        unit = self.make_unit(self.building, "A-999")
        lease = self.make_occupancy(unit, self.tenant, date_start="2024-02-01")
        lease.action_start_move_in()
        self.assertFalse(lease.step_ids.is_automatic)
        lease.step_ids.with_user(self.engineer).action_done("No meter here.")
        self.assertEqual(lease.step_ids.state, "done")

    def test_a_corrected_meter_opens_the_step_again(self):
        self.read_all()
        self.assertEqual(self.step.state, "done")
        self.make_meter("G-102", self.unit_2, commodity="gas", date_installed="2020-01-01")
        self.env.invalidate_all()
        self.assertEqual((self.step.status, self.step.obstacle), ("open", "not read yet: G-102"))
        self.lease._stamp_proven_steps()
        self.assertEqual(self.step.state, "open")

    def test_nobody_leaves_before_the_final_readings_are_accepted(self):
        self.read_all()
        self.lease.action_activate()
        today = self.estate._today()
        self.lease._give_notice(today, "letter", today)
        self.lease.action_start_clearance()
        step = self.lease.step_ids.filtered(lambda row: row.template_id == self.final)
        self.assertEqual(step.obstacle, "no accepted reading of: E-102 and W-102")
        with self.refused("Final readings"):
            self.lease.action_end()
        self.read_all(today, "move_out", start=300)
        self.env.invalidate_all()
        self.assertEqual(step.status, "done")
        later = today + timedelta(days=60)
        self.lease.with_context(tracking_disable=True).date_end = later
        self.env.invalidate_all()
        self.assertEqual(step.status, "open", "who stays longer is read again")
        self.lease.date_end = today
        self.lease.action_end()
        self.assertEqual((self.lease.state, step.state), ("ended", "done"))

    def test_readings_of_many_cost_the_same_queries(self):
        units = self.env["property.unit"].create(
            [
                {"code": f"R-{n}", "building_id": self.building.id, "area_gross": 10}
                for n in range(60)
            ]
        )
        for unit in units:
            self.make_meter(f"M-{unit.code}", unit)
        leases = self.env["property.occupancy"].create(
            [
                {"unit_id": unit.id, "partner_id": self.tenant.id, "date_start": "2024-02-01"}
                for unit in units
            ]
        )
        leases.action_start_move_in()

        def cost(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertIn("not read yet", set(records.mapped("step_ids.obstacle")).pop())
            return self.env.cr.sql_log_count - before

        cost(leases[:1])
        self.assertLessEqual(cost(leases), cost(leases[:10]) + 3)
