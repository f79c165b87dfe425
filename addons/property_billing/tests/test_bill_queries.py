from unittest.mock import patch

from .common import BillingCase


class TestBillQueries(BillingCase):
    """Bills take as many queries for one as for hundreds."""

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

    def test_bills_share_the_list_of_what_is_read_together(self):
        run, bills = self.make_bills(5)
        self.assertEqual(len(run.charge_ids), 10)
        # a list each took a gigabyte for 5,000 bills of five charges
        lists = {id(charges._prefetch_ids) for _key, charges in bills}
        self.assertEqual(len(lists), 1)

    def make_bills(self, size):
        """Charges of a run with ``size`` bills of two lines, ready to be posted."""
        estate = self.make_estate(code=f"Q{size}", journal_id=self.journal.id)
        for name in ("Care", "Lift"):
            tax = self.env["account.tax"].create(
                {"name": f"{name} {size}", "amount": 6.0, "type_tax_use": "sale"}
            )
            self.make_fee_rule(
                self.make_fee_item(name, tax), "area", rate=2.5, estate_ids=estate.ids
            )
        building = self.make_building(estate)
        for number in range(size):
            unit = self.make_unit(building, f"Q-{number}", area_gross=50 + number)
            owner = self.make_partner(f"Owner {number} of {size}")
            self.make_occupancy(unit, owner, "owner", "2020-01-01", state="active")
        run = self.make_run(2024, 1, estates=estate).sudo()
        run.action_compute()
        run.charge_ids.state = "ready"
        return run, list(run._group_charges(run._get_open_charges()).items())

    def count(self, size):
        """Queries for making and posting bills, and how often a line was written."""
        run, bills = self.make_bills(size)
        self.assertEqual([len(charges) for _key, charges in bills], [2] * size)
        self.env.flush_all()
        self.env.invalidate_all()
        Line = self.env.registry["account.move.line"]
        with patch.object(Line, "write", autospec=True, side_effect=Line.write) as write:
            before = self.cr.sql_log_count
            run._make_bills(bills)
            self.env.flush_all()
            queries = self.cr.sql_log_count - before
        self.assertEqual(set(run.move_ids.mapped("state")), {"posted"})
        return queries, write.call_count

    def test_posting_takes_as_many_queries_for_a_hundred_bills_as_for_ten(self):
        self.count(1)
        few, writes_of_few = self.count(10)
        many, writes_of_many = self.count(100)
        # what is written or read for many goes in parts of at most a few hundred rows
        self.assertLess(many - few, 30)
        # only the line that is owed is written after it was created, with its reference
        self.assertLessEqual(writes_of_many - writes_of_few, 90)
