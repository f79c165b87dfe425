from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestParkingRequest(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.space = cls.make_unit(cls.building, "P-01", usage="parking", area_gross=12)
        cls.desk = cls.make_user("front_desk", cls.estate)
        cls.supervisor = cls.make_user("supervisor", cls.estate)

    def make_request(self, **values):
        return (
            self.env["property.parking.request"]
            .with_user(self.desk)
            .create(
                {
                    "occupancy_id": self.occupancy.id,
                    "unit_id": self.space.id,
                    "date_from": "2024-03-01",
                    "vehicle_number": "沪A·12345",
                    **values,
                }
            )
        )

    def approve(self, request):
        rows = self.env["property.approval"].search(
            [
                ("res_model", "=", request._name),
                ("res_id", "=", request.id),
                ("verdict", "=", "pending"),
            ]
        )
        rows.with_user(self.supervisor).action_approve("Fine.")

    def test_an_approved_space_is_held(self):
        request = self.make_request()
        self.assertEqual(self.space.status, "vacant")
        request.action_request()
        self.assertEqual(request.state, "waiting")
        self.assertEqual(self.space.status, "vacant")
        self.approve(request)
        self.assertEqual(request.state, "approved")
        hold = request.parking_occupancy_id
        self.assertEqual(
            (hold.unit_id, hold.partner_id, hold.kind, hold.state),
            (self.space, self.tenant, "tenant", "active"),
        )
        self.assertEqual(self.space.status, "occupied")

    def test_a_coming_space_begins_on_its_day_without_handover(self):
        request = self.make_request(date_from="2099-03-01")
        request.action_request()
        self.approve(request)
        hold = request.parking_occupancy_id
        self.assertEqual(hold.state, "reserved")
        self.env["property.occupancy"]._move_states(self.estate, hold.date_start)
        self.assertEqual(hold.state, "active")

    def test_extension_and_cancellation(self):
        request = self.make_request(date_to="2099-03-31")
        request.action_request()
        self.approve(request)
        hold = request.parking_occupancy_id
        longer = self.make_request(kind="extension", date_to="2099-12-31")
        longer.action_request()
        self.assertEqual(str(hold.date_end), "2099-03-31")
        self.approve(longer)
        self.assertEqual(str(hold.date_end), "2099-12-31")
        back = self.make_request(kind="cancellation", date_to="2099-06-30")
        back.action_request()
        self.approve(back)
        self.assertEqual(str(hold.date_end), "2099-06-30")

    def test_nothing_to_extend(self):
        request = self.make_request(kind="extension", date_to="2099-12-31")
        with self.refused("does not hold the space"):
            request.action_request()
        self.assertEqual(request.state, "draft")

    def test_a_space_is_not_let_twice(self):
        first = self.make_request()
        first.action_request()
        self.approve(first)
        other = self.make_occupancy(self.unit_2, self.make_partner("Second"), state="active")
        second = self.make_request(occupancy_id=other.id, date_from="2024-05-01")
        second.action_request()
        with self.refused("already held by"):
            self.approve(second)
        self.assertEqual(second.state, "waiting")

    def test_no_approval_no_space(self):
        request = self.make_request()
        for way in (request._move, lambda state: request.write({"state": state})):
            with self.refused("needs approval" if way == request._move else "its buttons"):
                way("approved")
        request.action_request()
        with self.refused("waits for approval"):
            request._move("approved")
        self.assertFalse(request.parking_occupancy_id)

    def test_who_asks_does_not_decide(self):
        request = self.make_request().with_user(self.supervisor)
        request.action_request()
        with self.refused("somebody else"):
            self.approve(request)

    def test_a_change_asks_again(self):
        request = self.make_request()
        request.action_request()
        request.date_to = "2099-01-01"
        self.assertEqual(request.state, "draft")
        request.action_request()
        self.approve(request)
        with self.refused("stays as it is"):
            request.date_to = "2099-01-02"

    def test_rejected_and_asked_again(self):
        request = self.make_request()
        request.action_request()
        rows = self.env["property.approval"].search([("res_model", "=", request._name)])
        rows.with_user(self.supervisor).action_reject("Full.")
        self.assertEqual(request.state, "rejected")
        request.action_reset()
        request.action_request()
        self.approve(request)
        self.assertEqual(request.state, "approved")

    def test_only_parking_spaces_of_the_estate(self):
        with self.refused("is no parking space"):
            self.make_request(unit_id=self.unit_2.id)
        other = self.make_building(self.make_estate("ZZ"), "Z")
        space = self.make_unit(other, "Z-P1", usage="parking")
        with self.refused("different estates"):
            self.make_request(unit_id=space.id)

    def test_engineers_do_not_ask(self):
        engineer = self.make_user("engineer", self.estate)
        with self.assertRaises(AccessError):
            self.make_request().with_user(engineer).action_request()
