from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestMoveInFees(BillingCase):
    """Whether a party has paid is seen from the accounts; nobody ticks it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.pm_require_identity = False
        templates = cls.env["property.occupancy.step.template"]
        templates.search([]).active = False
        finance = cls.env["property.department"].create(
            {"name": "Test Finance", "head_id": cls.approver.id}
        )
        cls.fees, cls.settled = templates.create(
            [
                {
                    "name": name,
                    "process": process,
                    "proof": proof,
                    "department_id": finance.id,
                    "needed_for_keys": process == "move_in",
                }
                for name, process, proof in (
                    ("First fees", "move_in", "fees"),
                    ("All paid", "move_out", "settled"),
                )
            ]
        )
        cls.make_fee_rule(cls.fee, rate=2.0, payer="occupant")
        cls.lease = cls.make_occupancy(cls.unit_2, cls.tenant, date_start="2024-01-01")
        cls.lease.action_start_move_in()
        cls.step = cls.lease.step_ids

    def bill(self, year=2024, month=1):
        run = self.make_run(year, month)
        run.action_compute()
        return run

    def post(self, run):
        run.action_request_approval()
        self.approve(run)
        run.action_post()
        self.env.invalidate_all()
        return (
            self.env["property.charge"]
            .search([("run_id", "=", run.id), ("occupancy_id", "=", self.lease.id)])
            .move_id
        )

    def pay(self, bills):
        wizard = self.env["account.payment.register"]
        for bill in bills:
            wizard.with_context(active_model="account.move", active_ids=bill.ids).create(
                {}
            )._create_payments()
        self.env.invalidate_all()

    def test_keys_wait_until_the_first_bill_is_paid(self):
        self.assertIn("no fee has been billed yet", self.lease._get_keys_obstacle())
        run = self.bill()
        self.env.invalidate_all()
        self.assertIn("not billed yet: Management Fee", self.step.obstacle)
        bill = self.post(run)
        self.assertIn(bill.name, self.step.obstacle)
        self.assertIn("311.00", self.step.obstacle)
        with self.refused(bill.name):
            self.lease.action_activate()
        self.pay(bill)
        self.assertEqual((self.step.status, self.lease._get_keys_obstacle()), ("done", ""))
        self.lease.action_activate()
        self.assertEqual((self.step.state, self.lease.state), ("done", "active"))

    def test_nobody_signs_that_money_came(self):
        with self.refused("Nobody signs the step First fees"):
            self.step.with_user(self.approver).action_done("They promised.")
        self.assertEqual(self.step.state, "open")

    def test_a_bill_that_is_open_again_keeps_keys_back_again(self):
        bill = self.post(self.bill())
        self.pay(bill)
        self.assertEqual(self.lease._get_keys_obstacle(), "")
        bill.line_ids.remove_move_reconcile()
        self.env.invalidate_all()
        self.assertIn(bill.name, self.lease._get_keys_obstacle())

    def test_a_bill_taken_back_opens_the_step_again(self):
        bill = self.post(self.bill())
        self.pay(bill)
        self.lease._stamp_proven_steps()
        self.assertEqual((self.step.state, self.lease._get_keys_obstacle()), ("done", ""))
        bill._reverse_moves(cancel=True)
        self.env.invalidate_all()
        self.assertEqual(self.step.status, "open")
        self.assertIn("no fee has been billed yet", self.lease._get_keys_obstacle())
        self.lease._stamp_proven_steps()
        self.assertEqual(self.step.state, "open")

    def test_the_bill_of_a_later_month_is_not_among_the_first_fees(self):
        self.pay(self.post(self.bill()))
        self.lease._stamp_proven_steps()
        self.step.sudo().done_at = "2024-01-31 10:00:00"
        later = self.post(self.bill(2024, 2))
        self.env.invalidate_all()
        self.assertNotEqual(later.payment_state, "paid")
        self.assertEqual((self.step.status, self.lease._get_keys_obstacle()), ("done", ""))

    def test_what_proves_the_fees_is_opened(self):
        run = self.bill()
        action = self.step.action_open_evidence()
        charges = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(charges.occupancy_id, self.lease)
        self.assertEqual(charges.run_id, run)

    def test_nobody_leaves_with_open_bills(self):
        bill = self.post(self.bill())
        self.pay(bill)
        self.lease.action_activate()
        second = self.post(self.bill(2024, 2))
        self.lease._give_notice(self.estate._today(), "letter", self.estate._today())
        self.lease.action_start_clearance()
        with self.refused(second.name):
            self.lease.action_end()
        self.pay(second)
        self.lease.action_end()
        self.assertEqual(self.lease.state, "ended")

    def test_fees_of_many_cost_the_same_queries(self):
        units = self.env["property.unit"].create(
            [
                {"code": f"F-{n}", "building_id": self.building.id, "area_gross": 10}
                for n in range(60)
            ]
        )
        leases = self.env["property.occupancy"].create(
            [
                {"unit_id": unit.id, "partner_id": self.tenant.id, "date_start": "2024-01-01"}
                for unit in units
            ]
        )
        leases.action_start_move_in()
        self.bill()

        def cost(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertIn("not billed yet", set(records.mapped("step_ids.obstacle")).pop())
            return self.env.cr.sql_log_count - before

        cost(leases[:1])
        self.assertLessEqual(cost(leases), cost(leases[:10]) + 3)
