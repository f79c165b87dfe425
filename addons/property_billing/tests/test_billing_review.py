from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form

from .common import BillingCase


class TestBillingReview(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_fee_rule(cls.fee, "area", rate=2.5)
        cls.collector = cls.make_user("collector", cls.estate)

    def changes(self, run, user=None):
        rows = self.env["property.billing.change"].with_user(user or self.env.user)
        return [
            (row.unit_id.code, row.product_id.name, row.amount_previous, row.amount, row.change)
            for row in rows.search([("run_id", "=", run.id)])
        ]

    def read_as_shown(self, record, view):
        """All that a form shows of a record, as its user reads it."""
        arch = etree.fromstring(record.get_view(self.env.ref(view).id, "form")["arch"])
        lines = arch.find(".//field[@name='invoice_line_ids']")
        inside = {node.get("name") for node in lines.iter("field")} - {"invoice_line_ids"}
        names = {node.get("name") for node in arch.iter("field")} - inside
        record.invoice_line_ids.read(sorted(inside))
        return record.read(sorted(names))[0]

    # --- changes ------------------------------------------------------------

    def test_biggest_change_comes_first_and_what_is_gone_is_shown(self):
        lift = self.make_fee_item("Lift Fee")
        lift_rule = self.make_fee_rule(lift, "fixed", rate=40, unit_ids=self.unit_3.ids)
        self.post_run(self.make_run(2024, 1))
        lift_rule.active = False
        self.unit.area_gross = 90.0
        run = self.make_run(2024, 2)
        run.action_compute()
        self.assertEqual(
            self.changes(run),
            [
                ("A-201", "Lift Fee", 40.0, 0.0, -40.0),
                ("A-101", "Management Fee", 250.0, 225.0, -25.0),
                ("A-102", "Management Fee", 138.75, 138.75, 0.0),
                ("A-201", "Management Fee", 200.0, 200.0, 0.0),
            ],
        )

    def test_without_an_earlier_run_everything_is_new(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        self.assertEqual({row[2] for row in self.changes(run)}, {0.0})

    def test_changes_of_other_estates_are_not_seen(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        stranger = self.make_user("collector", self.make_estate("SV"), login="stranger")
        self.assertEqual(len(self.changes(run, self.collector)), 3)
        self.assertEqual(self.changes(run, stranger), [])

    def test_a_change_opens_the_charges_of_both_periods(self):
        self.post_run(self.make_run(2024, 1))
        run = self.make_run(2024, 2)
        run.action_compute()
        row = self.env["property.billing.change"].search(
            [("run_id", "=", run.id), ("unit_id", "=", self.unit.id)]
        )
        charges = self.env["property.charge"].search(row.action_view_charges()["domain"])
        self.assertEqual(
            charges.mapped("period_start"), [self.day("2024-02-01"), self.day("2024-01-01")]
        )

    # --- units without charge -----------------------------------------------

    def test_each_unit_without_charge_says_why(self):
        self.rule.building_ids = self.building
        second = self.make_building(self.estate, "B")
        stray = self.make_unit(self.building, "A-301", floor=3)
        shed = self.make_unit(second, "B-101")
        hall = self.make_unit(self.building, "HALL", usage="common")
        yearly = self.make_unit(second, "B-102")
        self.make_occupancy(yearly, self.owner, "owner", "2020-01-01", state="active")
        self.make_fee_rule(
            self.make_fee_item("Insurance"), "fixed", rate=5, period="year", unit_ids=yearly.ids
        )
        run = self.make_run(2024, 1)
        run.action_compute()
        action = run.action_view_uncharged()
        units = self.env["property.unit"].with_context(**action["context"]).search(action["domain"])
        reasons = {unit.code: unit.no_charge_reason for unit in units}
        self.assertEqual(set(reasons), {stray.code, shed.code, yearly.code})
        self.assertEqual(run.uncharged_count, 3)
        self.assertIn("nobody to bill", reasons[stray.code])
        self.assertEqual(reasons[shed.code], "No fee rule is for this unit.")
        self.assertEqual(reasons[yearly.code], "None of its fees is due in this period.")
        self.assertNotIn(hall.code, reasons)

    def test_a_unit_charged_elsewhere_names_the_other_run(self):
        first = self.post_run(self.make_run(2024, 1))
        again = self.make_run(2024, 1)
        again.action_compute()
        self.assertEqual(
            set(again._explain_uncharged(self.unit | self.unit_2).values()),
            {f"Charged by the billing run {first.name}."},
        )

    # --- what is still to collect -------------------------------------------

    def test_run_counts_what_is_still_to_be_collected(self):
        first = self.make_meter("W-1", self.unit)
        self.make_meter("W-2", self.unit_2)
        self.make_reading(first, "2023-12-31", 100)
        odd = self.make_reading(first, "2024-01-31", 90, accept=False)
        run = self.make_run(2024, 1)
        self.assertEqual(odd.state, "flagged")
        self.assertEqual(
            (run.reading_open_count, run.reading_block_count, run.meter_missing_count), (1, 1, 1)
        )
        opened = self.env["property.meter"].search(run.action_view_missing_meters()["domain"])
        self.assertEqual(opened.mapped("name"), ["W-2"])

    # --- bills --------------------------------------------------------------

    def test_collector_opens_a_bill_and_its_explanations(self):
        run = self.post_run(self.make_run(2024, 1))
        bill = run.move_ids.filtered(lambda move: move.partner_id == self.tenant)
        bill = bill.with_user(self.collector)
        action = bill.action_open_bill()
        self.assertEqual(
            action["views"],
            [(self.env.ref("property_billing.account_move_bill_view_form").id, "form")],
        )
        shown = self.read_as_shown(bill, "property_billing.account_move_bill_view_form")
        self.assertEqual(shown["amount_total"], 250.0)
        self.assertEqual(len(shown["invoice_line_ids"]), 1)
        self.assertEqual(bill.pm_charge_count, 1)
        explained = bill.invoice_line_ids.action_explain_charge()
        self.assertEqual(
            explained["res_id"], run.charge_ids.filtered(lambda c: c.unit_id == self.unit).id
        )

    def test_accountant_opens_a_bill_in_the_form_of_the_accounts(self):
        run = self.post_run(self.make_run(2024, 1))
        accountant = self.make_user("accountant", self.estate)
        action = run.move_ids[0].with_user(accountant).action_open_bill()
        self.assertEqual(action["views"], [(self.env.ref("account.view_move_form").id, "form")])

    def test_bills_of_other_estates_are_not_opened(self):
        run = self.post_run(self.make_run(2024, 1))
        stranger = self.make_user("collector", self.make_estate("SV"), login="stranger")
        with self.assertRaises(AccessError):
            run.move_ids[0].with_user(stranger).read(["amount_total"])

    # --- fee items and rules --------------------------------------------------

    def test_supervisor_sets_up_a_fee_and_collectors_do_not(self):
        supervisor = self.make_user("billing_supervisor", self.estate, login="setter")
        values = {"name": "Gate Card", "type": "service", "taxes_id": [Command.clear()]}
        item = self.env["product.product"].with_user(supervisor).create(values)
        with Form(self.env["property.fee.rule"].with_user(supervisor)) as form:
            form.name = "Gate Cards"
            form.product_id = item
            form.method = "fixed"
            form.rate = 30
            self.assertEqual(form.unit_count, 3)
            form.unit_ids.add(self.unit)
            self.assertEqual(form.unit_count, 1)
        self.assertEqual(item.pm_fee_rule_count, 1)
        with self.assertRaises(AccessError):
            self.env["product.product"].with_user(self.collector).create(values)

    def test_example_shows_what_a_usage_costs(self):
        tariff = self.make_tariff(
            "Stepped", "water_cold", [(0, 5), (180, 7)], standing=3.0, tier_basis="calendar_year"
        )
        with Form(tariff) as form:
            form.example_quantity = 200
            self.assertEqual(form.example_amount, 1043.0)
            self.assertIn("180 × 5 + 20 × 7 + 3.00", form.example_text)
        self.assertEqual(tariff.price_summary, "5 / over 180: 7")
