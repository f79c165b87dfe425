"""Keys, cards and umbrellas of the demo: lent, overdue, lost, counted."""

import io
import math
from base64 import b64encode
from datetime import datetime, time, timedelta

from PIL import Image, ImageDraw

from odoo.fields import Command
from odoo.tools import SQL

from . import chatter
from .estates import Loader

#: floors of the tower whose keys are in the ledger
FLOORS = range(2, 7)
FIRE_POINTS = 12


def scribble(seed):
    """A signature as a finger draws it; another one for each ``seed``. PNG in base64."""
    picture = Image.new("RGBA", (400, 140), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    points = [
        (
            30 + 3.4 * step,
            70
            + 38 * math.sin(step / (6 + seed % 5))
            + 14 * math.cos(step / (2 + seed % 3))
            - 0.1 * step,
        )
        for step in range(100)
    ]
    pen.line(points, fill="#1f2a44", width=4, joint="curve")
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return b64encode(stream.getvalue())


class ItemLoader(Loader):
    def __init__(self, env):
        super().__init__(env)
        self.desk = self.ref("user_frontdesk")
        self.hq = self.ref("estate_hq")

    def kind(self, name):
        return self.env.ref(f"property_tenant.item_kind_{name}")

    def load_items(self):
        """The keys of the lower floors, cards, the keys of the house, umbrellas."""
        desk = self.desk.id
        units = self.env["property.unit"].search(
            [
                ("estate_id", "=", self.hq.id),
                ("usage", "=", "office"),
                ("floor", "in", list(FLOORS)),
            ],
            order="floor, code",
        )
        common = {"custodian_id": desk, "estate_id": self.hq.id}
        self.make("property.item", self.unit_items(units, common) + self.house_items(common))

    def unit_items(self, units, common):
        rows = []
        for number, unit in enumerate(units, 1):
            code = unit.code.lower()
            own = {**common, "unit_id": unit.id}
            rows += [
                (
                    f"item_key_{code}",
                    {
                        **own,
                        "kind_id": self.kind("door_key").id,
                        "quantity": 5,
                        "location": f"A-{number:02d}",
                    },
                ),
                (
                    f"item_mailbox_{code}",
                    {
                        **own,
                        "kind_id": self.kind("mailbox_key").id,
                        "quantity": 2,
                        "location": f"A-{number:02d}",
                    },
                ),
            ]
        return rows

    def house_items(self, common):
        rows = []
        for number in range(1, 31):
            rows.append(
                (
                    f"item_card_{number:02d}",
                    {
                        **common,
                        "kind_id": self.kind("access_card").id,
                        "serial": f"AC-{number:04d}",
                        "location": "B",
                    },
                )
            )
        for code, place in (("plant", "C-01"), ("roof", "C-02"), ("fire", "C-03")):
            rows.append(
                (
                    f"item_house_{code}",
                    {
                        "kind_id": self.kind("house_key").id,
                        "unit_id": self.ref(f"unit_hq_{code}").id,
                        "custodian_id": self.ref("user_security").id,
                        "serial": f"H-{code.upper()}",
                        "location": place,
                    },
                )
            )
        for number in range(1, FIRE_POINTS + 1):
            rows.append(
                (
                    f"item_extinguisher_{number:02d}",
                    {
                        "kind_id": self.kind("extinguisher").id,
                        "estate_id": self.hq.id,
                        "custodian_id": self.ref("user_security").id,
                        "serial": f"FE-{number:03d}",
                    },
                )
            )
        rows.append(
            (
                "item_umbrellas",
                {
                    **common,
                    "kind_id": self.kind("umbrella").id,
                    "quantity": 24,
                    "location": "大堂 Lobby",
                },
            )
        )
        return rows

    # --- loans ------------------------------------------------------------------

    def lend(self, items, days_ago, signed=True, user=None, **values):
        """A slip handed out ``days_ago`` days ago; ``items`` are (name, quantity)."""
        slips = self.env["property.item.slip"].with_user(user or self.desk)
        slip = slips.create(
            {
                "estate_id": self.hq.id,
                "loan_ids": [
                    Command.create(
                        {
                            "item_id": self.ref(f"item_{name}").id,
                            "quantity": quantity,
                            "is_tested": True,
                        }
                    )
                    for name, quantity in items
                ],
                **values,
            }
        )
        slip.action_hand_out()
        if signed:
            slip._sign("holder", slip.partner_id.name, scribble(slip.id))
            slip._sign("desk", self.env.user.name, scribble(7))
        self.date_back(slip, days_ago)
        return slip

    def date_back(self, slip, days):
        """Only the demo's slips are of another day."""
        if not days:
            return
        at = datetime.combine(self.today - timedelta(days=days), time(2, 15))
        system = slip.sudo()
        system.date_out = at
        for loan in system.loan_ids:
            loan.date_out = at
            if loan.date_due and not loan._ends_with_occupancy():
                loan.date_due -= timedelta(days=days)
        self.env.flush_all()
        for table, names, column in (
            ("property_item_movement", ("loan_id", system.loan_ids.ids), "date"),
            ("property_signature", ("res_id", slip.ids), "date"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s IN %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    at,
                    SQL.identifier(names[0]),
                    tuple(names[1]),
                )
            )
        self.env.invalidate_all()
        chatter.date_back(slip, self.today - timedelta(days=days))

    def load_loans(self):
        """Occupants hold their keys and cards; an engineer has not brought his back."""
        tenants = self.env["property.occupancy"].search(
            [
                ("estate_id", "=", self.hq.id),
                ("kind", "=", "tenant"),
                ("state", "=", "active"),
                ("unit_id.floor", "in", list(FLOORS)),
                ("unit_id.usage", "=", "office"),
            ],
            order="unit_id, id",
        )
        card = 1
        for number, occupancy in enumerate(tenants[:6]):
            code = occupancy.unit_id.code.lower()
            cards = [(f"card_{n:02d}", 1) for n in range(card, card + 2)]
            card += 2
            self.lend(
                [(f"key_{code}", 3), (f"mailbox_{code}", 1), *cards],
                40 - 5 * number,
                holder_kind="occupant",
                occupancy_id=occupancy.id,
                purpose="入伙交接 Move-in",
            )
        self.lend(
            [("house_plant", 1)],
            1,
            holder_kind="staff",
            user_id=self.ref("user_engineer").id,
            purpose="机房巡检 Round of the plant room",
        )
        self.lend(
            [("umbrellas", 2)],
            0,
            signed=False,
            holder_kind="occupant",
            occupancy_id=tenants[0].id,
            purpose="下雨 Rain",
        )
        self.env["property.item.loan"]._check_overdue(self.hq, self.today)
        return tenants

    def load_loss(self):
        """A tenant lost a card; what to do about it is still to be decided."""
        loan = self.env["property.item.loan"].search(
            [("item_id", "=", self.ref("item_card_03").id), ("state", "=", "out")]
        )
        incident = (
            self.env["property.item.incident"]
            .with_user(self.desk)
            .create(
                {
                    "loan_id": loan.id,
                    "kind": "lost",
                    "reason": "员工出差途中遗失。 Lost on a business trip.",
                    "remedy": "charge",
                }
            )
        )
        incident.action_report()
        incident._sign("holder", loan.partner_id.name, scribble(3))
        incident._sign("desk", self.desk.name, scribble(7))
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": "property_tenant.demo_item_incident",
                    "record": incident.with_env(self.env),
                    "noupdate": True,
                }
            ]
        )

    def load_count(self):
        """Two umbrellas fewer than the ledger says wait for the supervisor."""
        count = (
            self.env["property.item.count"]
            .with_user(self.desk)
            .create(
                {
                    "estate_id": self.hq.id,
                    "kind_ids": [Command.set(self.kind("umbrella").ids)],
                    "date": self.today,
                }
            )
        )
        count.action_start()
        line = count.line_ids
        line.write(
            {
                "quantity_counted": line.quantity_ledger - 2,
                "reason": "上周暴雨后未归还。 Not brought back after the storm.",
            }
        )
        count._sign("counter", self.desk.name, scribble(7))
        count.action_finish()


def load(env):
    """Fill the ledger of things lent."""
    loader = ItemLoader(env)
    loader.load_items()
    loader.load_loans()
    loader.load_loss()
    loader.load_count()
