from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common_meters import MeterCase


class TestMeterExchange(MeterCase):
    def exchange(self, meter=None, env=None, **values):
        return (env or self.env)["property.meter.exchange"].create(
            {
                "meter_id": (meter or self.meter).id,
                "date": "2024-04-15",
                "old_index": 136,
                "new_name": "W-101-B",
                "new_index": 3,
                **values,
            }
        )

    def test_exchange_is_one_event(self):
        self.read_months([110, 120, 130])
        main = self.make_meter("MAIN")
        self.meter.write({"parent_id": main.id, "route_sequence": 7, "location": "Riser"})
        below = self.make_meter("BELOW", self.unit, parent_id=self.meter.id)
        collector = self.make_user("collector", self.estate)
        action = self.exchange(
            env=self.env(user=collector), new_digits=5, new_multiplier=2
        ).action_exchange()
        new = self.env["property.meter"].browse(action["res_id"])
        self.assertEqual(
            (new.name, new.unit_id, new.parent_id, new.route_sequence, new.location, new.digits),
            ("W-101-B", self.unit, main, 7, "Riser", 5),
        )
        self.assertEqual(
            (below.parent_id, new.replaces_id, self.meter.replaced_by_id), (new, self.meter, new)
        )
        self.assertEqual(
            (self.meter.state, str(self.meter.date_removed)), ("removed", "2024-04-15")
        )
        self.assertEqual(new.multiplier, 2)
        self.make_reading(new, "2024-04-30", 8)
        april = self.Reading._get_billable(
            self.estate, self.day("2024-04-01"), self.day("2024-04-30")
        )
        self.assertEqual(
            [(row.kind, row.usage, str(row.date_from)) for row in april.sorted("id")],
            [
                ("removal", 6, "2024-04-01"),
                ("installation", 0, "2024-04-15"),
                ("regular", 10, "2024-04-16"),
            ],
        )
        self.assertEqual(sum(april.mapped("usage")), 16)

    def test_all_registers_are_exchanged_together(self):
        power = self.make_meter(
            "E-3", self.unit_3, commodity="electricity", registers="peak_shoulder_valley"
        )
        for register in ("peak", "shoulder", "valley"):
            self.make_reading(power, "2024-03-31", 10, register=register)
        form = Form(self.env["property.meter.exchange"].with_context(default_meter_id=power.id))
        form.date = "2024-04-15"
        form.new_name = "E-3-B"
        for position, old_index in enumerate((11, 12, 13)):
            with form.line_ids.edit(position) as line:
                line.old_index = old_index
        action = form.save().action_exchange()
        new = self.env["property.meter"].browse(action["res_id"])
        self.assertEqual(new.reading_count, 3)
        removal = self.Reading.search([("meter_id", "=", power.id), ("kind", "=", "removal")])
        self.assertEqual(sorted(removal.mapped("usage")), [1, 2, 3])

    def test_refused_exchange_leaves_everything(self):
        self.read_months([110, 120, 130])
        with self.assertRaisesRegex(UserError, "Say why it is right"), self.cr.savepoint():
            self.exchange(old_index=900).action_exchange()
        self.env.invalidate_all()
        self.assertEqual((self.meter.state, self.meter.replaced_by_id.id), ("installed", False))
        self.exchange(old_index=900, reason="Burst pipe.").action_exchange()
        removal = self.Reading.search([("meter_id", "=", self.meter.id), ("kind", "=", "removal")])
        self.assertEqual((removal.reason, removal.usage), ("Burst pipe.", 770))
        with self.assertRaisesRegex(UserError, "already removed on"):
            self.exchange(new_name="X").action_exchange()

    def test_who_reads_nothing_exchanges_nothing(self):
        for role in ("accountant", "controller"):
            user = self.make_user(role, self.estate)
            with self.assertRaises(AccessError):
                self.exchange(env=self.env(user=user))
        stranger = self.make_user("collector", self.make_estate("OT"))
        with self.assertRaises(AccessError):
            self.exchange(env=self.env(user=stranger)).action_exchange()
