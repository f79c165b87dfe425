from odoo.fields import Command
from odoo.tests import tagged

from .items_common import DRAWN, ItemsCase

FEW, MANY = 10, 100
#: what a hundred things may ask more than ten, for rows that are written in portions
ALLOWED = 15


@tagged("post_install", "-at_install", "property", "property_items")
class TestHandovers(ItemsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.night = cls.make_user("security", cls.estate, name="Nick Night")

    def handover(self, **values):
        count = (
            self.env["property.item.count"]
            .with_user(self.desk)
            .create(
                {
                    "estate_id": self.estate.id,
                    "purpose": "handover",
                    "custodian_id": self.desk.id,
                    "receiver_id": self.night.id,
                    **values,
                }
            )
        )
        count.action_start()
        return count

    def sign(self, count):
        for role in ("giver", "receiver"):
            count._sign(role, "Dora", DRAWN)

    def test_who_gets_the_box_answers_for_what_is_not_in_it(self):
        lent, broken, lost, retired = (
            self.make_item(self.card_kind, serial=f"H-{n}", custodian_id=self.desk.id)
            for n in range(4)
        )
        others = self.make_item(self.card_kind, serial="O-1", custodian_id=self.supervisor.id)
        unused = self.make_item(self.card_kind, serial="O-2", custodian_id=self.desk.id)
        unused.active = False
        self.keys.custodian_id = self.desk
        loan = self.lend(lent).loan_ids
        self.report(self.lend(broken).loan_ids, "damaged")
        self.report(self.lend(lost).loan_ids, "lost")
        self.env["property.item.stock"].with_user(self.supervisor).create(
            {"item_id": retired.id, "direction": "retire", "reason": "Worn out."}
        ).action_apply()
        count = self.handover()
        self.assertEqual(count.line_ids.item_id, self.keys)
        self.assertEqual(count.lent_ids, loan.with_user(self.desk))
        count.action_count_as_ledger()
        self.sign(count)
        count.action_finish()
        mine = self.keys | lent | broken | lost | retired | unused
        self.assertEqual(mine.custodian_id, self.night)
        self.assertEqual(loan.custodian_id, self.night)
        self.assertEqual(others.custodian_id, self.supervisor)
        self.assertEqual(self.keys.date_counted, self.estate._today())
        self.assertFalse(lent.date_counted)

    def test_handover_of_one_kind_leaves_the_others(self):
        (self.keys | self.card).custodian_id = self.desk
        count = self.handover(kind_ids=[Command.set(self.key_kind.ids)])
        count.action_count_as_ledger()
        self.sign(count)
        count.action_finish()
        self.assertEqual(self.keys.custodian_id, self.night)
        self.assertEqual(self.card.custodian_id, self.desk)

    def test_nobody_signs_off_figures_that_change_in_the_same_call(self):
        self.keys.custodian_id = self.desk
        count = self.handover()
        count.action_count_as_ledger()
        self.sign(count)
        line = count.line_ids
        # the flag with which a count saves its lines is no word that a caller can say
        line.with_context(property_item_count_saving=True).write(
            {"quantity_counted": 4, "reason": "?"}
        )
        self.assertEqual(count.signature_state, "none")
        self.sign(count)
        count.write({"line_ids": [Command.update(line.id, {"quantity_counted": 5})]})
        self.assertEqual(count.signature_state, "none")

    # --- at size ------------------------------------------------------------------------

    def queries(self, method, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        method(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def measure(self, number):
        """Queries of each part of a handover of ``number`` cards, of which one in five is lent."""
        cards = self.env["property.item"].create(
            [
                {
                    "kind_id": self.card_kind.id,
                    "estate_id": self.estate.id,
                    "serial": f"S-{number}-{serial}",
                    "custodian_id": self.desk.id,
                }
                for serial in range(number)
            ]
        )
        boxes = self.env["property.item"].create(
            [
                {
                    "kind_id": self.umbrella_kind.id,
                    "estate_id": self.estate.id,
                    "quantity": 1 + place,
                    "custodian_id": self.desk.id,
                }
                for place in range(number)
            ]
        )
        lent = number // 5
        self.lend(*cards[:lent])
        count = (
            self.env["property.item.count"]
            .with_user(self.desk)
            .create(
                {
                    "estate_id": self.estate.id,
                    "purpose": "handover",
                    "custodian_id": self.desk.id,
                    "receiver_id": self.night.id,
                }
            )
        )
        asked = {"start": self.queries(count.action_start)}
        lines = count.line_ids
        self.assertEqual(len(lines), 2 * number - lent)
        typed = [
            Command.update(line.id, {"quantity_counted": line.quantity_ledger})
            for line in lines
            if line.item_id in boxes
        ]
        asked["type"] = self.queries(count.write, {"line_ids": typed})
        asked["tick"] = self.queries(count.action_count_as_ledger)
        self.assertFalse(count.open_count)
        self.sign(count)
        asked["finish"] = self.queries(count.action_finish)
        self.assertEqual(count.state, "done")
        self.assertEqual((cards | boxes).custodian_id, self.night)
        return asked

    def test_handover_of_a_hundred_asks_as_often_as_of_ten(self):
        self.measure(5)
        few, many = self.measure(FEW), self.measure(MANY)
        for part, asked in many.items():
            with self.subTest(part=part):
                self.assertLessEqual(asked, few[part] + ALLOWED, f"{few} {many}")
