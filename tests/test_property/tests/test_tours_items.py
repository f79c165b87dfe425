"""Keys and cards at the front desk in the browser: handed out, lost, taken back."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestItemTours(TourCase):
    staff = {"front_desk": "周前台"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.held = cls.make_occupancy(cls.unit, cls.owner, "owner", self_use=True, state="active")
        kinds = cls.env["property.item.kind"].create(
            [
                {"name": "门钥匙", "category": "key"},
                {"name": "出入卡", "category": "card", "counting": "serial"},
            ]
        )
        cls.keys, cls.card = cls.env["property.item"].create(
            [
                {"kind_id": kinds[0].id, "unit_id": cls.unit.id, "quantity": 3},
                {"kind_id": kinds[1].id, "unit_id": cls.unit.id, "serial": "MJ-001"},
            ]
        )

    def process_keys(self):
        """Everything of the unit is signed for; a card is lost; the keys come back."""
        slips = "action-property_tenant.property_item_slip_action"
        self.play("property_tour_hand_out", "front_desk", slips)
        slip = self.env["property.item.slip"].search([("occupancy_id", "=", self.held.id)])
        self.assertEqual(slip.signature_state, "complete")
        self.assertEqual((self.keys.quantity_out, self.card.state), (3, "lent"))
        self.play("property_tour_report_loss", "front_desk", slips)
        incident = self.card.loan_ids.incident_ids
        self.assertEqual((incident.state, incident.remedy), ("decided", "replace"))
        self.assertEqual((self.card.state, slip.state), ("lost", "out"))
        self.play("property_tour_take_back", "front_desk", slips)
        self.assertEqual((slip.state, self.keys.quantity), ("closed", 3))
