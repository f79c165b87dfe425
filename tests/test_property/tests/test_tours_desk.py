"""The front desk in the browser: looking up, revealing, moving in."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestDeskTours(TourCase):
    staff = {"officer": "周客服", "manager": "钱经理"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.pm_require_identity = True
        cls.held = cls.make_occupancy(cls.unit, cls.owner, "owner", self_use=True, state="active")
        cls.env["property.occupancy.contact"].create(
            {
                "occupancy_id": cls.held.id,
                "partner_id": cls.make_partner("林阿姨").id,
                "role": "emergency",
                "phone_number": "13812345678",
            }
        )
        cls.paper = cls.env["res.partner.id_number"].create(
            {
                "partner_id": cls.owner.id,
                "category_id": cls.env.ref("property_tenant.id_category_resident_id").id,
                "number": "11010519491231002X",
            }
        )

    def process_look_up(self):
        """Plan, unit, occupancy, masked contact; a number is revealed for a purpose, on record."""
        self.play(
            "property_tour_look_up",
            "officer",
            "action-property_tenant.property_stacking_plan_action",
        )
        looks = self.env["property.reveal.log"].search([("res_id", "=", self.paper.id)])
        self.assertEqual(looks.mapped("purpose"), ["核对租约"])
        self.assertEqual(looks.user_id, self.people["officer"])

    def process_move_in(self):
        """A party without paper moves in, because the manager says yes to the reason."""
        occupancies = "action-property_tenant.property_occupancy_action"
        self.play("property_tour_move_in", "officer", occupancies)
        occupancy = self.env["property.occupancy"].search([("unit_id", "=", self.unit_3.id)])
        self.assertEqual(occupancy.partner_id.name, "陈志强")
        self.assertEqual(occupancy.state, "moving_in")
        self.play(
            "property_tour_move_in_decide",
            "manager",
            "action-property_tenant.property_approval_waiting_action",
        )
        self.assertEqual(occupancy.approval_ids.mapped("opinion"), ["同意"])
        self.play("property_tour_move_in_complete", "officer", occupancies, party="陈志强")
        self.assertEqual(occupancy.state, "active")
        self.assertEqual(self.unit_3.status, "occupied")
