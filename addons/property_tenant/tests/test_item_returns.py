from odoo.exceptions import UserError
from odoo.tests import tagged

from .items_common import DRAWN, ItemsCase


@tagged("post_install", "-at_install", "property", "property_items")
class TestReturns(ItemsCase):
    """Both sign when things go out, and each time something comes back."""

    def sign(self, slip, *roles):
        for role in roles:
            slip._sign(role, "Tina Tenant", DRAWN)

    def test_each_return_is_signed_by_both(self):
        slip = self.lend((self.keys, 3))
        self.sign(slip, "holder", "desk")
        self.assertEqual(slip.signature_state, "complete")
        action = self.take_back(slip.loan_ids, 2)
        # the window to sign is the next one, in the place of who gave it back
        window = self.env["property.signature.sign"].browse(action["res_id"])
        self.assertEqual(action["res_model"], "property.signature.sign")
        self.assertEqual(
            (window.place_id.role, window.name), ("holder_back_1", slip.partner_id.name)
        )
        self.assertEqual(slip._signature_missing(), ["holder_back_1", "desk_back_1"])
        self.sign(slip, "holder_back_1", "desk_back_1")
        self.assertEqual(slip.signature_state, "complete")
        self.take_back(slip.loan_ids)
        self.assertEqual((slip.state, slip.signature_state), ("closed", "partly"))
        self.assertEqual(slip._signature_missing(), ["holder_back_2", "desk_back_2"])
        self.sign(slip, "holder_back_2", "desk_back_2")
        self.assertEqual(slip.signature_state, "complete")
        self.assertEqual(len(slip.signature_ids.filtered(lambda row: not row.is_void)), 6)
        self.assertLedger(self.keys, 5, 0)

    def test_places_of_a_return_are_not_typed_in(self):
        slip = self.lend(self.keys)
        with self.refused("with the buttons"):
            slip.write({"return_count": 3})
        draft = (
            self.env["property.item.slip"]
            .with_user(self.desk)
            .with_context(default_return_count=2)
            .create({"occupancy_id": self.held.id, "return_count": 2})
        )
        self.assertEqual(draft.return_count, 0)
        with self.assertRaises(UserError):
            self.sign(slip, "holder_back_1")

    def test_slips_that_are_not_signed_are_found(self):
        slips = self.env["property.item.slip"].with_user(self.desk)
        draft = self.make_slip(self.umbrellas)
        nobody, one, both, back = (self.lend(self.umbrellas) for _ in range(4))
        self.sign(one, "holder")
        for slip in (both, back):
            self.sign(slip, "holder", "desk")
        self.take_back(back.loan_ids)
        mine = draft | nobody | one | both | back
        for state, expected in (
            ("none", draft | nobody),
            ("partly", one | back),
            ("complete", both),
        ):
            with self.subTest(state=state):
                found = slips.search([("signature_state", "=", state), ("id", "in", mine.ids)])
                self.assertEqual(found, expected.sorted())
                self.assertEqual(set(found.mapped("signature_state")), {state})
        left = slips.search(
            [
                ("state", "in", ("out", "closed")),
                ("signature_state", "!=", "complete"),
                ("id", "in", mine.ids),
            ]
        )
        self.assertEqual(left, (nobody | one | back).sorted())
