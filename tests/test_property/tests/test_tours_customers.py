"""Customer visits, a parking space and a directory sign in the browser."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestCustomerTours(TourCase):
    staff = {"officer": "周客服", "supervisor": "吴主管", "front_desk": "前台小林"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.held = cls.make_occupancy(cls.unit, cls.owner, "owner", self_use=True, state="active")
        cls.space = cls.make_unit(cls.building, "P-01", usage="parking", floor=-1)

    def process_visit(self):
        """The supervisor plans a visit to everybody; the officer makes one and promises."""
        self.play(
            "property_tour_visit_plan",
            "supervisor",
            "action-property_tenant.property_visit_plan_action",
        )
        visit = self.env["property.visit"].search([("occupancy_id", "=", self.held.id)])
        self.assertEqual((visit.state, visit.plan_id.name), ("planned", "春季拜访"))
        visit.user_id = self.people["officer"]
        self.play("property_tour_visit", "officer", "action-property_tenant.property_visit_action")
        self.assertEqual((visit.state, visit.asked), ("done", "电梯噪声大"))
        self.assertEqual(visit.activity_ids.mapped("summary"), ["检修电梯"])

    def process_parking(self):
        """The front desk asks for a space, the supervisor says yes."""
        requests = "action-property_tenant.property_parking_request_action"
        self.play("property_tour_parking", "front_desk", requests)
        self.assertEqual(self.space.status, "vacant")
        self.play("property_tour_parking_decide", "supervisor", requests)
        self.assertEqual(self.space.tenant_id, self.owner)

    def process_sign(self):
        """A name on the sign: ordered, installed; the occupant signs on the screen."""
        self.play(
            "property_tour_sign",
            "front_desk",
            "action-property_tenant.property_sign_request_action",
        )
        sign = self.env["property.sign.request"].search([])
        self.assertEqual((sign.state, sign.text), ("accepted", "王氏诊所"))
        self.assertEqual(sign.signature_ids.name, "王建国")
