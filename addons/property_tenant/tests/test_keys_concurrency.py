from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from .common import PropertyBuilders


@tagged("post_install", "-at_install", "property", "property_items")
class TestKeysAtTheEnd(TransactionCase):
    """Keys go out in one real transaction while the other decides about the occupancy."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (PropertyBuilders,), {"env": env})
            self.estate = build.make_estate("2KC1").id
            building = build.make_building(env["property.estate"].browse(self.estate))
            units = build.make_unit(building, "2-1") | build.make_unit(building, "2-2")
            party = build.make_partner("At Once Ltd")
            # an owner who does not use the unit leaves without a checklist
            leaving = build.make_occupancy(
                units[0], party, "owner", state="clearing", date_end="2025-01-01"
            )
            coming = build.make_occupancy(units[1], party)
            kind = env["property.item.kind"].create({"name": "At Once Key", "category": "key"})
            template = env["property.occupancy.step.template"].create(
                {
                    "name": "At Once Papers",
                    "estate_ids": [Command.set([self.estate])],
                    "group_id": env.ref("property_tenant.group_front_desk").id,
                    "needed_for_keys": True,
                }
            )
            others = env["property.occupancy.step.template"].search([("id", "!=", template.id)])
            others.active = False
            coming.action_start_move_in()
            others.active = True
            coming.step_ids._stamp("done", "", env.user)
            slips = env["property.item.slip"]
            for unit, occupancy in zip(units, (leaving, coming), strict=True):
                item = env["property.item"].create(
                    {"kind_id": kind.id, "unit_id": unit.id, "quantity": 1}
                )
                slips |= slips.create(
                    {
                        "occupancy_id": occupancy.id,
                        "loan_ids": [Command.create({"item_id": item.id})],
                    }
                )
            self.slips, self.occupancies = slips.ids, (leaving | coming).ids
            self.made = [units, building, party, kind]
            self.template = template.id
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for table in (
                "property_item_movement",
                "property_item_loan",
                "property_item_slip",
                "property_item",
                "property_occupancy_step",
                "property_counter",
            ):
                cr.execute(
                    SQL("DELETE FROM %s WHERE estate_id = %s", SQL.identifier(table), self.estate)
                )
            cr.execute(
                SQL("DELETE FROM property_occupancy WHERE id IN %s", tuple(self.occupancies))
            )
            env["property.occupancy.step.template"].browse(self.template).unlink()
            for records in self.made:
                records.with_env(env).unlink()
            env["property.estate"].browse(self.estate).unlink()

    def transaction(self):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        # the snapshot is taken here; who waits for a lock must fail, not hang
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        cursor.execute("SELECT 1")
        return api.Environment(cursor, SUPERUSER_ID, {})

    def race(self, number, first_call, second_call):
        """The second, which has seen the state before, comes after the first committed."""
        first, second = self.transaction(), self.transaction()
        for env in (first, second):
            slip = env["property.item.slip"].browse(self.slips[number])
            self.assertEqual(slip.state, "draft")
            self.assertEqual(slip.occupancy_id._get_keys_obstacle(), "")
        first_call(first)
        first.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            second_call(second)
        second.cr.rollback()
        # what Odoo does on this error: it repeats the call
        with self.assertRaises(UserError) as refusal:
            second_call(second)
        second.cr.rollback()
        return str(refusal.exception)

    def hand_out(self, number):
        return lambda env: env["property.item.slip"].browse(self.slips[number]).action_hand_out()

    def end(self, env):
        env["property.occupancy"].browse(self.occupancies[0]).action_end()

    def take_step_back(self, env):
        env["property.occupancy"].browse(self.occupancies[1]).step_ids._reopen("A copy.")

    @mute_logger("odoo.sql_db")
    def test_nobody_ends_while_a_key_goes_out(self):
        self.assertIn("not given back", self.race(0, self.hand_out(0), self.end))

    @mute_logger("odoo.sql_db")
    def test_no_key_goes_out_for_who_ends(self):
        self.assertIn("is over", self.race(0, self.end, self.hand_out(0)))

    @mute_logger("odoo.sql_db")
    def test_no_key_goes_out_while_its_step_is_taken_back(self):
        refusal = self.race(1, self.take_step_back, self.hand_out(1))
        self.assertIn("At Once Papers", refusal)
