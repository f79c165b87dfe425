"""A round of readings in the browser."""

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestReadingTours(TourCase):
    staff = {"steward": "吴管家"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls.make_occupancy(cls.unit, cls.owner, "owner", self_use=True, state="active")
        cls.meters = cls.env["property.meter"].create(
            [
                {
                    "name": f"W-10{position}",
                    "unit_id": cls.unit.id,
                    "digits": 6,
                    "route_sequence": position,
                    "date_installed": today + relativedelta(years=-1),
                }
                for position in range(1, 5)
            ]
        )
        readings = cls.env["property.meter.reading"]._create_rows(
            [
                {
                    "meter_id": meter.id,
                    "date": today + relativedelta(months=-months),
                    "index_value": 110 - 10 * months,
                }
                for months in range(5, 0, -1)
                for meter in cls.meters
            ]
        )
        readings._validate()

    def process_reading_round(self):
        """Typed, found odd, explained or read again, accepted: without touching the mouse."""
        self.play(
            "property_tour_round",
            "steward",
            "action-property_billing.property_reading_round_action",
        )
        read = self.env["property.meter.reading"].search(
            [("meter_id", "in", self.meters.ids), ("date", "=", fields.Date.today())]
        )
        self.assertEqual(
            {reading.meter_id.name: reading.index_value for reading in read},
            {"W-101": 110, "W-102": 900, "W-103": 111, "W-104": 112},
        )
        self.assertEqual(set(read.mapped("state")), {"accepted"})
        self.assertEqual(
            [reading.reason for reading in read if reading.reason], ["业主确认泳池换水"]
        )
        self.assertEqual(read.round_id.state, "done")
