from .common import BillingCase


class TestBillQueries(BillingCase):
    """Preparing bills takes as many queries for one as for hundreds."""

    def test_further_bills_take_no_further_query(self):
        tariff = self.make_tariff("Water", "water_cold", [(0, 2.0)])
        self.make_fee_rule(self.make_fee_item("Water"), "metered", tariff_id=tariff.id)
        self.make_fee_rule(self.fee, "area", rate=2.5)
        for number, unit in enumerate((self.unit, self.unit_2, self.unit_3)):
            meter = self.make_meter(f"W-{number}", unit)
            self.make_reading(meter, "2023-12-31", 100, kind="installation")
            self.make_reading(meter, "2024-01-31", 110)
        self.owner.pm_bill_per_unit = True
        run = self.make_run(2024, 1)
        run.action_compute()
        self.env.invalidate_all()
        first, *others = run._group_charges(run._get_open_charges()).items()
        self.assertEqual(len(others), 2)
        run._prepare_move(*first)
        with self.assertQueryCount(0):
            bills = [run._prepare_move(*bill) for bill in others]
        self.assertEqual([len(bill["invoice_line_ids"]) for bill in bills], [2, 2])
