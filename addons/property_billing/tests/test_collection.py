from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.property_tenant.tests.common import ROLES

from .test_letter import LetterCase

READERS = {
    "collector",
    "billing_supervisor",
    "accountant",
    "manager",
    "general_manager",
    "controller",
}


@tagged("post_install", "-at_install")
class TestCollection(LetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parking = cls.make_fee_item("Parking Fee", cls.company_data["default_tax_sale"])
        cls.make_fee_rule(cls.parking, "fixed", rate=100.0, unit_ids=cls.unit.ids)
        cls.Report = cls.env["property.collection.report"]

    def figures(self, *groupby, domain=()):
        rows = self.Report._read_group(
            [("estate_id", "=", self.estate.id), *domain],
            groupby,
            ["billed:sum", "settled:sum", "amount_open:sum", "rate:avg"],
        )
        return {
            row[0] if len(groupby) == 1 else row[: len(groupby)]: tuple(
                round(value, 2) for value in row[len(groupby) :]
            )
            for row in rows
        }

    def pay(self, moves, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({"amount": amount, "group_payment": True})._create_payments()

    def bill(self, run, partner):
        return run.move_ids.filtered(lambda move: move.partner_id == partner)

    def test_payment_is_shared_over_the_lines_of_the_bill(self):
        run = self.post_run(self.make_run(2024, 1))
        bill = self.bill(run, self.tenant)
        self.assertEqual(bill.amount_total, 315.0)  # 200, and 100 with 15 % tax
        self.pay(bill, 63.0)
        self.assertEqual(
            self.figures("product_id", domain=[("partner_id", "=", self.tenant.id)]),
            {self.fee: (200.0, 40.0, 160.0, 20.0), self.parking: (115.0, 23.0, 92.0, 20.0)},
        )

    def test_rate_of_a_group_is_settled_of_billed(self):
        run = self.post_run(self.make_run(2024, 1))
        self.pay(self.bill(run, self.tenant), 315.0)
        # 315 of 586, not the mean of 100, 100, 0 and 0
        self.assertEqual(self.figures("building_id"), {self.building: (586.0, 315.0, 271.0, 53.75)})
        self.assertEqual(
            self.figures("unit_id"),
            {
                self.unit: (315.0, 315.0, 0.0, 100.0),
                self.unit_2: (111.0, 0.0, 111.0, 0.0),
                self.unit_3: (160.0, 0.0, 160.0, 0.0),
            },
        )

    def test_open_is_what_the_accounts_say(self):
        run = self.post_run(self.make_run(2024, 1))
        self.post_run(self.make_run(2024, 2))
        self.pay(self.bill(run, self.tenant), 100.0)
        self.pay(self.bill(run, self.owner), 33.33)
        moves = self.env["account.move"].search([("estate_id", "=", self.estate.id)])
        [(_key, figures)] = self.figures("estate_id").items()
        self.assertEqual(figures[0], sum(moves.mapped("amount_total_signed")))
        self.assertEqual(figures[2], round(sum(moves.mapped("amount_residual_signed")), 2))
        self.assertEqual(figures[1], 133.33)

    def test_months_are_those_of_the_period_not_of_the_bill(self):
        self.post_run(self.make_run(2024, 1, date_invoice="2024-02-05"))
        self.assertEqual(
            list(self.figures("period_month:month")), [fields.Date.to_date("2024-01-01")]
        )

    def test_credit_notes_count_negative(self):
        run = self.post_run(self.make_run(2024, 1))
        bill = self.bill(run, self.tenant)
        refund = bill._reverse_moves([{"invoice_date": bill.invoice_date}], cancel=True)
        self.assertEqual(refund.state, "posted")
        self.assertEqual(
            self.figures("move_type", domain=[("partner_id", "=", self.tenant.id)]),
            {
                "out_invoice": (315.0, 315.0, 0.0, 100.0),
                "out_refund": (-315.0, -315.0, 0.0, 100.0),
            },
        )
        self.assertEqual(
            self.figures("unit_id", domain=[("unit_id", "=", self.unit.id)]),
            {self.unit: (0.0, 0.0, 0.0, 0.0)},
        )

    def test_drafts_and_bills_of_no_estate_stay_out(self):
        self.post_run(self.make_run(2024, 1))
        before = self.Report.search_count([])
        self.init_invoice("out_invoice", self.owner, amounts=[50.0], post=True)
        draft = self.init_invoice("out_invoice", self.owner, amounts=[50.0])
        draft.estate_id = self.estate
        self.assertEqual(self.Report.search_count([]), before)

    def test_row_opens_its_bill(self):
        run = self.post_run(self.make_run(2024, 1))
        row = self.Report.search([("unit_id", "=", self.unit_3.id)])
        self.assertEqual(
            (row.move_id, row.partner_id, row.product_id, row.run_id),
            (self.bill(run, self.owner), self.owner, self.fee, run),
        )
        action = row.action_view_bill()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", row.move_id.id))

    def test_who_sees_the_report(self):
        self.post_run(self.make_run(2024, 1))
        seen = set()
        for role in ROLES:
            user = self.make_user(role, self.estate, login=f"report_{role}")
            report = self.Report.with_user(user)
            if report.has_access("read") and report.search_count([]):
                seen.add(role)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(report.has_access(operation))
        self.assertEqual(seen, READERS)

    def test_staff_of_other_estates_and_companies_see_nothing(self):
        self.post_run(self.make_run(2024, 1))
        row = self.Report.search([], limit=1)
        other = self.make_user("collector", self.make_estate("LK"))
        self.assertEqual(self.Report.with_user(other).search_count([]), 0)
        with self.assertRaises(AccessError):
            row.with_user(other).action_view_bill()
        company = self.make_company()
        abroad = self.make_user(
            "general_manager",
            estate_all=True,
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
        )
        self.assertEqual(self.Report.with_user(abroad).search_count([]), 0)

    def test_figures_follow_at_once_what_is_paid(self):
        run = self.post_run(self.make_run(2024, 1))
        row = self.Report.search([("unit_id", "=", self.unit.id)], limit=1)
        self.assertEqual(round(row.settled, 2), 0.0)
        self.pay(self.bill(run, self.tenant), 315.0)
        self.env.invalidate_all()
        self.assertEqual(round(row.amount_open, 2), 0.0)
        self.assertEqual(round(row.rate, 2), 100.0)
