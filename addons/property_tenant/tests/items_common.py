from odoo.fields import Command

from .common import PropertyCase

#: a picture of one white pixel
DRAWN = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQD"
    b"wAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


class ItemsCase(PropertyCase):
    """Keys of a unit, a card and umbrellas; a desk, a supervisor and an occupancy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.make_user("front_desk", cls.estate, name="Dora Desk")
        cls.supervisor = cls.make_user("supervisor", cls.estate, name="Susan Supervisor")
        cls.held = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.key_kind = cls.make_kind("Key", category="key", lend_outsider=True, price=50)
        cls.card_kind = cls.make_kind(
            "Card", category="card", counting="serial", lend_outsider=True, price=30
        )
        cls.umbrella_kind = cls.make_kind("Umbrella", due_occupant="days", due_days=2)
        cls.keys = cls.make_item(cls.key_kind, unit_id=cls.unit.id, quantity=5)
        cls.card = cls.make_item(cls.card_kind, serial="C-001", unit_id=cls.unit.id)
        cls.umbrellas = cls.make_item(cls.umbrella_kind, quantity=10)

    @classmethod
    def make_kind(cls, name, **values):
        return cls.env["property.item.kind"].create({"name": name, **values})

    @classmethod
    def make_item(cls, kind, **values):
        values.setdefault("estate_id", cls.estate.id)
        return cls.env["property.item"].create({"kind_id": kind.id, **values})

    @classmethod
    def make_slip(cls, *things, user=None, **values):
        """``things`` are items or (item, quantity)."""
        pairs = [thing if isinstance(thing, tuple) else (thing, 1) for thing in things]
        if not {"holder_kind", "occupancy_id"} & values.keys():
            values["occupancy_id"] = cls.held.id
        return (
            cls.env["property.item.slip"]
            .with_user(user or cls.desk)
            .create(
                {
                    "estate_id": cls.estate.id,
                    "loan_ids": [
                        Command.create({"item_id": item.id, "quantity": quantity})
                        for item, quantity in pairs
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def lend(cls, *things, **values):
        slip = cls.make_slip(*things, **values)
        slip.action_hand_out()
        return slip

    @classmethod
    def take_back(cls, loans, quantity=None, condition="good", note=""):
        action = loans.action_take_back()
        window = loans.env["property.item.return"].browse(action["res_id"])
        for line in window.line_ids:
            line.write({"condition": condition, "note": note})
            if quantity is not None:
                line.quantity = quantity
        return window.action_take_back()

    @classmethod
    def report(cls, loan, kind="lost", reason="Left in a taxi.", **values):
        incident = (
            cls.env["property.item.incident"]
            .with_user(values.pop("user", None) or cls.desk)
            .create({"loan_id": loan.id, "kind": kind, "reason": reason, **values})
        )
        incident.action_report()
        return incident

    @classmethod
    def explain(cls, incident):
        """The holder signs why it happened."""
        incident._sign("holder", "Tina Tenant", DRAWN)
        return incident

    def assertLedger(self, item, in_box, out):
        self.assertEqual((item.quantity, item.quantity_out), (in_box, out))
        self.assertFalse(self.env["property.item.movement"]._find_wrong_sums(item))
