from .common import BillingCase


class TestMeteredTerms(BillingCase):
    """Terms of tariffs and meters that few have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls.make_fee_item("Water")

    def test_contract_years_begin_with_the_contract_of_the_payer(self):
        tariff = self.make_tariff(
            "Water", "water_cold", [(0, 5.0), (100, 7.0)], tier_basis="contract_year"
        )
        self.make_fee_rule(self.water, "metered", tariff_id=tariff.id)
        self.tenant.estate_occupancy_ids.date_start = "2023-02-15"
        meter = self.make_meter("W-101", self.unit)
        self.make_reading(meter, "2023-12-31", 0, kind="installation")
        self.make_reading(meter, "2024-01-31", 90)
        january = self.post_run(self.make_run(2024, 1)).charge_ids
        self.assertEqual(january.counter_ids.year_start, self.day("2023-02-15"))
        self.make_reading(meter, "2024-02-29", 119)
        february = self.post_run(self.make_run(2024, 2)).charge_ids
        # 14 days to the anniversary: 10 of 14 at 5, 4 at 7; 15 days of a new year at 5
        self.assertEqual((january.amount, february.amount), (450.0, 153.0))
        january.usage_ids.reading_id.action_correct(95, "Misread.")
        self.make_reading(meter, "2024-03-31", 119)
        march = self.post_run(self.make_run(2024, 3))
        correction = march.charge_ids.filtered(lambda charge: charge.kind == "correction")
        # January 475 instead of 450; February 133.17 instead of 153: 24 in all, 11.586 of
        # them in the old year, of which 5 at 5
        self.assertEqual(correction.amount, 5.17)

    def test_usage_with_many_decimals_is_billed_in_full(self):
        tariff = self.make_tariff("Pulses", "water_cold", [(0, 1000.0)])
        self.make_fee_rule(self.water, "metered", tariff_id=tariff.id)
        meter = self.make_meter("P-101", self.unit, decimals=3, multiplier=0.015)
        self.make_reading(meter, "2023-12-31", 1000, kind="installation")
        reading = self.make_reading(meter, "2024-01-31", 1000.123)
        self.tenant.estate_occupancy_ids.write(
            {"date_end": "2024-01-10", "state": "notice", **self.noticed}
        )
        run = self.post_run(self.make_run(2024, 1))
        self.assertEqual(reading.usage, 0.001845)
        self.assertEqual(round(sum(run.charge_ids.usage_ids.mapped("quantity")), 9), 0.001845)
        self.assertEqual(sorted(run.charge_ids.mapped("amount")), [0.6, 1.25])
