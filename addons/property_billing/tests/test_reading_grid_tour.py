from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.property_tenant.tests.common import PropertyBuilders


@tagged("post_install", "-at_install")
class TestReadingGridTour(PropertyBuilders, HttpCase):
    """A collector enters a round in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estate = cls.make_estate("TOUR")
        unit = cls.make_unit(cls.make_building(cls.estate), "T-1", usage="common")
        cls.meters = cls.env["property.meter"].create(
            [
                {
                    "name": f"TOUR-{position:02}",
                    "unit_id": unit.id,
                    "digits": 6,
                    "route_sequence": position,
                    "date_installed": "2023-01-01",
                }
                for position in range(1, 31)
            ]
        )
        readings = cls.env["property.meter.reading"]._create_rows(
            [
                {"meter_id": meter.id, "date": f"2024-{month:02}-28", "index_value": index}
                for month, index in ((1, 60), (2, 70), (3, 80), (4, 90), (5, 100))
                for meter in cls.meters
            ]
        )
        readings._validate()
        cls.round = cls.env["property.reading.round"].create(
            {"estate_id": cls.estate.id, "date": "2024-06-28"}
        )
        cls.collector = cls.make_user(
            "collector", cls.estate, login="tour_collector", password="tour_collector"
        )

    def enter(self, tour):
        action = self.env.ref("property_billing.property_reading_round_action")
        self.start_tour(f"/odoo/action-{action.id}/{self.round.id}", tour, login="tour_collector")

    def test_thirty_meters_without_touching_the_mouse(self):
        with mute_logger("odoo.http"):  # the index that the dial cannot show
            self.enter("property_billing_reading_grid")
        readings = self.round._get_readings()
        self.assertEqual(set(readings.mapped("state")), {"accepted"})
        self.assertEqual(self.round.state, "done")
        by_meter = {row.meter_id.name: row for row in readings}
        self.assertEqual(
            [by_meter[f"TOUR-{position:02}"].index_value for position in (1, 2, 3, 4, 5, 6, 30)],
            [110, 112, 900, 111, 110, 110, 110],
        )
        self.assertEqual(by_meter["TOUR-03"].reason, "The pool was filled.")
        self.assertEqual(by_meter["TOUR-04"].raw_index, 5)
        self.assertEqual(set(readings.reader_id), {self.round.reader_id})

    def test_phone(self):
        self.browser_size = "375x667"
        self.touch_enabled = True
        self.enter("property_billing_reading_phone")
        readings = self.round._get_readings()
        self.assertEqual(readings.mapped("index_value"), [110, 300])
        self.assertEqual(readings.mapped("reason"), [False, "Seen myself."])
