"""Keys and cards at the front desk in the browser: out, lost, back, and the box handed over."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestItemTours(TourCase):
    staff = {"front_desk": "周前台", "security": "吴保安", "supervisor": "孙主管"}

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
        desk = {"unit_id": cls.unit.id, "custodian_id": cls.people["front_desk"].id}
        cls.keys, cls.card = cls.env["property.item"].create(
            [
                {"kind_id": kinds[0].id, "quantity": 3, **desk},
                {"kind_id": kinds[1].id, "serial": "MJ-001", **desk},
            ]
        )

    def process_keys(self):
        """Everything of the unit is signed for; a card is lost; the keys come back, signed for."""
        slips = "action-property_tenant.property_item_slip_action"
        self.play("property_tour_hand_out", "front_desk", slips)
        slip = self.env["property.item.slip"].search([("occupancy_id", "=", self.held.id)])
        self.assertEqual((slip.state, slip.signature_state), ("out", "complete"))
        self.assertEqual((self.keys.quantity_out, self.card.state), (3, "lent"))
        self.play("property_tour_report_loss", "front_desk", slips)
        incident = self.card.loan_ids.incident_ids
        self.assertEqual((incident.state, incident.remedy), ("decided", "replace"))
        self.assertEqual((self.card.state, slip.state), ("lost", "out"))
        self.play("property_tour_take_back", "front_desk", slips)
        self.assertEqual((slip.state, self.keys.quantity), ("closed", 3))
        self.assertEqual(
            slip.signature_ids.mapped("role"), ["holder", "desk", "holder_back_1", "desk_back_1"]
        )
        self.assertEqual(slip.signature_state, "complete")

    def process_handover(self):
        """The box goes to another custodian; a key is missing, and the supervisor decides."""
        loan = self.env["property.item.loan"].create(
            {"item_id": self.card.id, "occupancy_id": self.held.id, "state": "out"}
        )
        counts = "action-property_tenant.property_item_count_action"
        self.play("property_tour_hand_over_box", "front_desk", counts)
        count = self.env["property.item.count"].search([("estate_id", "=", self.estate.id)])
        self.assertEqual((count.state, count.difference_count), ("waiting", 1))
        self.assertEqual(count.lent_ids, loan)
        self.assertEqual(self.keys.quantity, 3)
        approvals = "action-property_tenant.property_approval_waiting_action"
        self.play("property_tour_hand_over_decide", "supervisor", approvals, count=count.number)
        self.assertEqual((count.state, self.keys.quantity), ("done", 2))
        self.assertEqual((self.keys | self.card).custodian_id, self.people["security"])
