import base64

from odoo.tests import tagged

from odoo.addons.property_tenant.tests.test_sign_request import PIXEL, SignBuilders

from .common import BillingCase


@tagged("post_install", "-at_install", "property")
class TestSignCharge(BillingCase):
    """The fee of an accepted directory sign is an event charge that lands on the next bill."""

    make_sign = SignBuilders.__dict__["make_sign"]
    hang = SignBuilders.__dict__["hang"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.make_user("front_desk", cls.estate, login="sign_desk")
        cls.held = cls.env["property.occupancy"].search([("partner_id", "=", cls.tenant.id)])
        cls.product = cls.make_fee_item("Directory Sign")
        cls.env.company.write({"pm_sign_fee": 300, "pm_sign_product_id": cls.product.id})

    def test_the_fee_of_an_accepted_sign_is_charged_once(self):
        sign = self.make_sign(self.held, self.desk)
        sign.action_order()
        sign.action_install()
        self.assertFalse(sign.charge_note)
        self.hang_rest(sign)
        charge = sign.sudo().charge_ids
        self.assertEqual(
            (charge.kind, charge.state, charge.amount, charge.product_id),
            ("event", "ready", 300, self.product),
        )
        self.assertEqual((charge.unit_id, charge.occupancy_id), (self.unit, self.held))
        self.assertIn(sign.number, charge.description)
        self.assertIn("On the next bill of", sign.charge_note)
        with self.refused("charged already"):
            sign.sudo()._charge()

    def hang_rest(self, sign):
        sign._sign("occupant", "Ms Wang", PIXEL)
        sign.action_accept()

    def test_a_sign_without_fee_costs_nothing(self):
        sign = self.make_sign(self.held, self.desk, kind="repair")
        self.hang(sign)
        self.assertFalse(sign.sudo().charge_ids)
        self.assertFalse(sign.charge_note)

    def test_without_fee_item_nothing_is_accepted(self):
        self.env.company.pm_sign_product_id = False
        sign = self.make_sign(self.held, self.desk)
        with self.refused("no fee item is chosen for directory signs"):
            self.hang(sign)

    def test_nobody_forges_the_note(self):
        sign = self.make_sign(self.held, self.desk, licence=base64.b64encode(b"%PDF"))
        with self.refused("follows from its buttons"):
            sign.write({"charge_note": "Paid in cash"})
