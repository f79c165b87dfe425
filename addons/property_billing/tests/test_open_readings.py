from .common import BillingCase


class TestOpenReadings(BillingCase):
    """A reading that nobody has accepted is not billed, and not forgotten either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tariff = cls.make_tariff("Water", "water_cold", [(0, 2.0)])
        cls.make_fee_rule(cls.make_fee_item("Water"), "metered", tariff_id=tariff.id)
        meter = cls.make_meter("W-1", cls.unit)
        cls.make_reading(meter, "2023-12-31", 100, kind="installation")
        cls.reading = cls.make_reading(meter, "2024-01-31", 110)
        cls.reading.action_reopen("Look at it again.")
        cls.reading._store({"state": "flagged"})

    def test_reading_to_check_is_listed_with_its_unit(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        self.assertFalse(run.charge_ids)
        issue = run.issue_ids.filtered(lambda issue: issue.kind == "open_reading")
        self.assertEqual(issue.unit_id, self.unit)
        self.assertEqual(issue.level, "1_error")
        self.assertIn("A-101", issue.message)
        self.assertIn("is not accepted, so Water is not charged for it", issue.message)
        self.assertEqual(
            run._explain_uncharged(self.unit), {self.unit.id: issue.message}, "not: nothing used"
        )

    def test_accepted_reading_is_charged_and_no_longer_listed(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        self.reading.action_accept("Seen on the spot.")
        run.action_compute()
        self.assertFalse(run.issue_ids)
        self.assertEqual(self.amounts(run.charge_ids), {"A-101": 20.0})
