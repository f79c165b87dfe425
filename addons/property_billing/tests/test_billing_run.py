from odoo.exceptions import UserError

from .common import BillingCase


class TestBillingRun(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_fee_rule(cls.fee, "area", rate=2.5)

    def test_area_fee_is_charged_to_who_holds_the_unit(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        self.assertEqual(run.state, "computed")
        self.assertEqual(
            self.amounts(run.charge_ids), {"A-101": 250.0, "A-102": 138.75, "A-201": 200.0}
        )
        payers = {charge.unit_id.code: charge.partner_id for charge in run.charge_ids}
        self.assertEqual(payers, {"A-101": self.tenant, "A-102": self.owner, "A-201": self.owner})

    def test_computing_again_gives_the_same_charges_once(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        first = self.amounts(run.charge_ids)
        run.action_compute()
        self.assertEqual(self.amounts(run.charge_ids), first)
        self.assertEqual(len(run.charge_ids), 3)
        self.assertEqual(run.computation, 2)

    def test_posting_makes_one_bill_per_payer(self):
        run = self.post_run(self.make_run(2024, 1))
        self.assertEqual(run.state, "posted")
        self.assertEqual(
            {move.partner_id: move.amount_untaxed for move in run.move_ids},
            {self.tenant: 250.0, self.owner: 338.75},
        )
        self.assertEqual(set(run.move_ids.mapped("state")), {"posted"})
        self.assertEqual(set(run.charge_ids.mapped("state")), {"billed"})
        self.assertEqual(set(run.move_ids.mapped("invoice_date_due")), {self.day("2024-02-15")})

    def test_payer_may_want_one_bill_per_unit(self):
        self.owner.pm_bill_per_unit = True
        run = self.post_run(self.make_run(2024, 1))
        bills = run.move_ids.filtered(lambda move: move.partner_id == self.owner)
        self.assertEqual(sorted(bills.mapped("amount_untaxed")), [138.75, 200.0])

    def test_posting_needs_the_approval_of_another(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        run.action_request_approval()
        self.assertEqual(run.state, "to_approve")
        with self.assertRaises(UserError):
            run.action_post()
        with self.assertRaises(UserError):
            run.write({"state": "approved"})
        with self.assertRaises(UserError):
            run.with_context(approved=True).sudo().write({"state": "approved"})
        self.approve(run)
        self.assertEqual(run.state, "approved")

    def test_rejected_run_goes_back_to_review(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        run.action_request_approval()
        run.approval_ids.with_user(self.approver).action_reject("The rate is wrong.")
        self.assertEqual(run.state, "computed")

    def test_second_run_of_the_period_charges_nothing_again(self):
        self.post_run(self.make_run(2024, 1))
        again = self.make_run(2024, 1)
        again.action_compute()
        self.assertFalse(again.charge_ids)

    def test_tenant_moving_out_shares_the_month_by_days(self):
        occupancy = self.tenant.estate_occupancy_ids
        occupancy.write({"date_end": "2024-01-10", "state": "notice", **self.noticed})
        run = self.make_run(2024, 1)
        run.action_compute()
        charges = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)
        self.assertEqual(
            {charge.partner_id: (charge.amount, charge.period_end.day) for charge in charges},
            {self.tenant: (80.65, 10), self.owner: (169.35, 31)},
        )

    def test_unit_without_payer_is_listed_and_the_others_go_on(self):
        stray = self.make_unit(self.building, "A-301", floor=3)
        run = self.make_run(2024, 1)
        run.action_compute()
        self.assertEqual(run.issue_ids.mapped("kind"), ["no_payer"])
        self.assertEqual(run.issue_ids.unit_id, stray)
        self.assertEqual(len(run.charge_ids), 3)

    def test_taxes_rounded_bill_by_bill_are_named_and_a_manager_changes_it(self):
        self.company.sudo().tax_calculation_rounding_method = "round_globally"
        run = self.make_run(2024, 1)
        run.action_compute()
        self.assertEqual(run.issue_ids.mapped("kind"), ["rounding"])
        self.assertIn("Round per Line", run.issue_ids.message)
        settings = self.env["property.settings"].with_user(self.approver).create({})
        settings.tax_calculation_rounding_method = "round_per_line"
        self.assertEqual(self.company.tax_calculation_rounding_method, "round_per_line")
        run.action_compute()
        self.assertFalse(run.issue_ids)

    def test_fee_item_without_account_is_listed_and_the_others_go_on(self):
        self.env.company.account_fiscal_country_id = self.env.company.country_id
        bare = self.make_fee_item("Bare Fee", property_account_income_id=False)
        bare.categ_id = self.env["product.category"].create(
            {"name": "Bare", "property_account_income_categ_id": False}
        )
        self.env.company.income_account_id = False
        self.make_fee_rule(bare, "fixed", rate=10, unit_ids=self.unit_3.ids)
        self.owner.pm_bill_per_unit = True
        run = self.post_run(self.make_run(2024, 1))
        self.assertEqual(run.state, "posted")
        self.assertEqual(run.issue_ids.mapped("kind"), ["no_account"])
        self.assertEqual(run.issue_ids.unit_id, self.unit_3)
        self.assertEqual(sorted(run.move_ids.mapped("amount_untaxed")), [138.75, 250.0])
        bare.property_account_income_id = self.income_account
        run.action_post()
        self.assertEqual(sorted(run.move_ids.mapped("amount_untaxed")), [138.75, 210.0, 250.0])

    def test_closed_period_refuses_and_goes_on_after_reopening(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        run.action_request_approval()
        self.approve(run)
        self.env.company.sale_lock_date = self.day("2024-01-31")
        run.action_post()
        self.assertEqual(run.state, "posting")
        self.assertEqual(run.batch_ids.filtered(lambda b: b.stage == "post").state, "failed")
        self.assertFalse(run.move_ids)
        self.env.company.sale_lock_date = False
        run.action_resume()
        self.assertEqual(run.state, "posted")
        self.assertEqual(len(run.move_ids), 2)

    def test_state_cannot_be_jumped(self):
        run = self.make_run(2024, 1)
        for state in ("to_approve", "approved", "posting", "posted", "delivered", "closed"):
            with self.subTest(state=state), self.assertRaises(UserError):
                run.write({"state": state})

    def test_run_with_bills_cannot_be_deleted_or_moved(self):
        run = self.post_run(self.make_run(2024, 1))
        with self.assertRaises(UserError):
            run.unlink()
        with self.assertRaises(UserError):
            run.period_start = "2024-02-01"
        with self.assertRaises(UserError):
            run.action_cancel()

    def test_a_change_of_payer_after_computing_stops_the_posting(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        run.action_request_approval()
        self.approve(run)
        # recorded late: the tenant left within the month
        self.tenant.estate_occupancy_ids.write(
            {"date_end": "2024-01-20", "state": "notice", **self.noticed}
        )
        with self.assertRaisesRegex(UserError, "A-101"):
            run.action_post()
        run.action_back_to_review()
        run.action_compute()
        of_unit = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)
        self.assertEqual(
            {charge.partner_id: charge.period_end for charge in of_unit},
            {self.tenant: self.day("2024-01-20"), self.owner: self.day("2024-01-31")},
        )
        self.tenant.estate_occupancy_ids.payer_id = self.owner
        self.assertEqual(run._get_stale_charges().partner_id, self.tenant)

    def test_a_run_with_charges_left_is_not_closed(self):
        self.fee.property_account_income_id = False
        self.fee.categ_id = self.env["product.category"].create(
            {"name": "Bare", "property_account_income_categ_id": False}
        )
        self.env.company.income_account_id = False
        run = self.post_run(self.make_run(2024, 1))
        left = run.charge_ids
        self.assertEqual((run.state, set(left.mapped("state"))), ("posted", {"ready"}))
        with self.assertRaisesRegex(UserError, "3 charges"):
            run.action_close()
        self.fee.property_account_income_id = self.income_account
        run.action_post()
        run.action_close()
        self.assertEqual((run.state, set(left.mapped("state"))), ("closed", {"billed"}))

    def post_in_part(self, run):
        """Post one bill of the run, then stop."""
        self.company.write({"pm_inline_units": 0, "pm_batch_size": 1})
        run.action_compute()
        for part in run.batch_ids:
            part.sudo()._run()
        run._watch()
        run.action_request_approval()
        self.approve(run)
        run.action_post()
        run.batch_ids.filtered(lambda part: part.stage == "post")[0].sudo()._run()
        run.action_stop_posting()
        self.company.write({"pm_inline_units": 50, "pm_batch_size": 50})

    def test_what_is_left_of_a_run_is_computed_and_approved_again(self):
        run = self.make_run(2024, 1)
        self.post_in_part(run)
        [billed] = run.charge_ids.filtered(lambda charge: charge.state == "billed")
        left = run.charge_ids - billed
        self.assertEqual((run.state, billed.partner_id, len(left)), ("posted", self.tenant, 2))
        # the owner's units change hands before their bill is posted
        buyer = self.make_partner("Buyer")
        held = self.owner.estate_occupancy_ids.filtered(
            lambda occupancy: occupancy.unit_id == self.unit_2
        )
        held.write({"date_end": "2024-01-15", "state": "notice", **self.noticed})
        self.make_occupancy(self.unit_2, buyer, "owner", "2024-01-16", state="active")
        with self.refused("Go back to review"):
            run.action_post()
        run.action_back_to_review()
        with self.refused("has posted bills"):
            run.action_cancel()
        with self.refused("has posted bills"):
            run.date_invoice = "2024-02-01"
        run.action_compute()
        run.action_request_approval()
        self.assertEqual(run.state, "to_approve")
        self.approve(run)
        run.action_post()
        self.assertEqual((run.state, set(run.charge_ids.mapped("state"))), ("posted", {"billed"}))
        self.assertEqual(
            {
                (charge.unit_id, charge.partner_id): charge.period_end.day
                for charge in run.charge_ids
            },
            {
                (self.unit, self.tenant): 31,
                (self.unit_2, self.owner): 15,
                (self.unit_2, buyer): 31,
                (self.unit_3, self.owner): 31,
            },
        )
        self.assertEqual(billed.move_id.state, "posted")
        with self.refused("are billed"):
            run.action_back_to_review()
        run.action_close()

    def test_a_change_of_terms_after_computing_stops_the_posting(self):
        run = self.make_run(2024, 1)
        changes = {
            "rate": lambda: self.rule.write({"rate": 3.0}),
            "scope": lambda: self.rule.write({"unit_ids": self.unit.ids}),
            "another rule": lambda: self.make_fee_rule(self.fee, "fixed", rate=1.0),
        }
        for name, change in changes.items():
            run.action_compute()
            run.action_request_approval()
            self.approve(run)
            change()
            with self.subTest(name), self.assertRaisesRegex(UserError, "compute again"):
                run.action_post()
            run.action_back_to_review()
        run.action_compute()
        run.action_request_approval()
        self.approve(run)
        run.action_post()
        # 100 m² at 3.00, and 1.00 for every unit
        self.assertEqual(sorted(run.charge_ids.mapped("amount")), [1.0, 1.0, 1.0, 300.0])
