from odoo.tests import tagged

from .import_common import ImportCase

HEADER = ["Estate Code", "Kind", "Number", "Unit", "Label", "Place", "Quantity"]


@tagged("post_install", "-at_install")
class TestImportItems(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = cls.env["property.item.kind"]
        cls.keys = kinds.create({"name": "Cellar Key", "category": "key", "counting": "quantity"})
        cls.cards = kinds.create({"name": "Pool Card", "category": "card", "counting": "serial"})

    def items(self, kind):
        return self.env["property.item"].search([("kind_id", "=", kind.id)], order="serial, id")

    def test_things_by_quantity_and_by_number_arrive(self):
        record = self.run_import(
            "item",
            [
                HEADER,
                ["HP", "cellar key", None, "A-101", "front", "Box 1", 5],
                ["HP", "Pool Card", "C-0001", "A-101", None, None, None],
                ["HP", "Pool Card", "C-0002", None, None, "Drawer", 1],
            ],
            user=self.officer,
        )
        self.assertEqual(self.counts(record), (3, 0, 0, 0))
        self.assertRecordValues(
            self.items(self.keys),
            [{"unit_id": self.unit.id, "name": "front", "location": "Box 1", "quantity": 5}],
        )
        self.assertEqual(self.items(self.cards).mapped("quantity"), [1, 1])
        self.assertEqual(self.items(self.keys).movement_ids.mapped("kind"), ["initial"])

    def test_the_same_file_again_changes_nothing(self):
        rows = [
            HEADER,
            ["HP", "Cellar Key", None, "A-101", "front", "Box 1", 5],
            ["HP", "Pool Card", "C-0001", "A-101", None, None, None],
        ]
        self.run_import("item", rows, user=self.officer)
        self.assertEqual(
            self.counts(self.run_import("item", rows, user=self.officer)), (0, 0, 2, 0)
        )
        rows[1][5] = "Box 2"
        self.assertEqual(
            self.counts(self.run_import("item", rows, user=self.officer)), (0, 1, 1, 0)
        )
        self.assertEqual(self.items(self.keys).location, "Box 2")

    def test_bad_rows_say_why(self):
        self.run_import(
            "item", [HEADER, ["HP", "Cellar Key", None, None, None, None, 5]], user=self.officer
        )
        record = self.check(
            "item",
            [
                HEADER,
                ["HP", "Magic Wand", None, None, None, None, 1],
                ["HP", "Pool Card", None, None, None, None, 1],
                ["HP", "Pool Card", "C-1", None, None, None, 2],
                ["HP", "Pool Card", "C-2", "X-999", None, None, 1],
                ["HP", "Cellar Key", None, None, None, None, 7],
                ["HP", "Cellar Key", None, "A-101", None, None, -1],
                ["HP", "Pool Card", "C-3", None, None, None, 1],
                ["HP", "Pool Card", "C-3", None, None, None, 1],
            ],
            user=self.officer,
        )
        reasons = self.reasons(record)
        for number, sentence in {
            2: "no kind of thing called Magic Wand",
            3: "told apart by numbers",
            4: "2 times",
            5: "has no unit X-999",
            6: "on record with 5 pieces, not 7",
            7: "-1 times",
            9: "already names the same record",
        }.items():
            self.assertIn(sentence, reasons[number], number)
        self.assertEqual(set(reasons), {2, 3, 4, 5, 6, 7, 9})
        self.assertFalse(self.items(self.cards))
