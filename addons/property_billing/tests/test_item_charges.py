from odoo.tests import tagged

from odoo.addons.property_tenant.tests.items_common import ItemsCase

from .common import BillingCase


@tagged("post_install", "-at_install", "property", "property_items")
class TestItemCharges(BillingCase):
    """A lost card is an event charge that lands on the next bill."""

    make_kind = ItemsCase.__dict__["make_kind"]
    make_item = ItemsCase.__dict__["make_item"]
    make_slip = ItemsCase.__dict__["make_slip"]
    lend = ItemsCase.__dict__["lend"]
    report = ItemsCase.__dict__["report"]
    explain = ItemsCase.__dict__["explain"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.make_user("front_desk", cls.estate, login="items_desk")
        cls.supervisor = cls.make_user("supervisor", cls.estate, login="items_supervisor")
        cls.held = cls.env["property.occupancy"].search([("partner_id", "=", cls.tenant.id)])
        cls.product = cls.make_fee_item("Replacement of Keys and Cards")
        cls.kind = cls.make_kind("Card", counting="serial", category="card", price=30)
        cls.kind.charge_product_id = cls.product
        cls.cards = [cls.make_item(cls.kind, serial=f"C-{n}") for n in range(3)]

    def lose(self, card=0, **values):
        incident = self.explain(self.report(self.lend(self.cards[card]).loan_ids))
        incident.write({"remedy": "charge", **values})
        incident.action_decide()
        return incident

    def test_lost_card_is_charged_once(self):
        incident = self.lose()
        charge = incident.charge_ids
        self.assertEqual(
            (charge.kind, charge.state, charge.amount, charge.product_id),
            ("event", "ready", 30, self.product),
        )
        self.assertEqual((charge.unit_id, charge.partner_id), (self.unit, self.tenant))
        self.assertEqual(charge.occupancy_id, self.held)
        self.assertIn(incident.number, charge.description)
        self.assertIn("On the next bill of Tenant", incident.charge_note)
        with self.refused("charged already"):
            incident.sudo()._charge()
        self.assertEqual(incident.action_view_charges()["res_id"], charge.id)

    def test_payer_of_the_occupancy_pays(self):
        payer = self.make_partner("Head Office")
        self.held.payer_id = payer
        self.assertEqual(self.lose().charge_ids.partner_id, payer)

    def test_without_fee_item_nothing_is_decided(self):
        self.kind.charge_product_id = False
        with self.refused("has no fee item"):
            self.lose()

    def test_charge_lands_on_the_next_bill(self):
        incident = self.lose()
        run = self.post_run(self.make_run(2026, 1))
        charge = incident.charge_ids
        self.assertEqual((charge.state, charge.run_id), ("billed", run))
        self.assertEqual(charge.move_id.partner_id, self.tenant)
        self.assertIn(incident.number, charge.move_line_id.name)

    def test_withdrawn_report_takes_the_open_charge_away(self):
        incident = self.lose()
        incident.with_user(self.supervisor).action_void("Found.")
        self.assertEqual((incident.charge_ids.state), "void")
        self.assertIn("Found.", incident.charge_note)

    def test_withdrawn_report_is_credited_when_it_was_billed(self):
        incident = self.lose()
        self.post_run(self.make_run(2026, 1))
        incident.with_user(self.supervisor).action_void("Found.")
        billed, credit = incident.charge_ids.sorted("id")
        self.assertEqual((billed.state, credit.state), ("billed", "ready"))
        self.assertEqual(credit.amount, -billed.amount)
        self.assertEqual(credit.product_id, self.product)

    def test_charge_of_a_run_about_to_be_posted_stays(self):
        incident = self.lose()
        run = self.make_run(2026, 1)
        run.action_compute()
        run.sudo().charge_ids.flush_recordset()
        self.env.cr.execute(
            "UPDATE property_billing_run SET state = 'approved' WHERE id = %s", [run.id]
        )
        run.invalidate_recordset(["state"])
        with self.refused("about to be posted"):
            incident.with_user(self.supervisor).action_void("Found.")
        self.assertEqual(incident.state, "decided")
        self.assertEqual(incident.charge_ids.state, "ready")
