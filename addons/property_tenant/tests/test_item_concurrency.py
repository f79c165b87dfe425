from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from .common import PropertyBuilders


@tagged("post_install", "-at_install", "property", "property_items")
class TestTwoDesksAtOnce(TransactionCase):
    """Two real transactions; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (PropertyBuilders,), {"env": env})
            self.estate = build.make_estate("2ID1").id
            building = build.make_building(env["property.estate"].browse(self.estate))
            unit = build.make_unit(building, "2-1")
            party = build.make_partner("At Once Ltd")
            occupancy = build.make_occupancy(unit, party)
            kinds = env["property.item.kind"].create(
                [
                    {"name": "At Once Card", "counting": "serial"},
                    {"name": "At Once Umbrella"},
                ]
            )
            items = env["property.item"].create(
                [
                    {"kind_id": kinds[0].id, "unit_id": unit.id, "serial": "1"},
                    {"kind_id": kinds[1].id, "unit_id": unit.id, "quantity": 1},
                ]
            )
            self.card, self.umbrella = items.ids
            self.slips = (
                env["property.item.slip"]
                .create(
                    [
                        {
                            "occupancy_id": occupancy.id,
                            "loan_ids": [Command.create({"item_id": item.id})],
                        }
                        for item in (items[0], items[0], items[1], items[1])
                    ]
                )
                .ids
            )
            self.made = [occupancy, unit, building, party, kinds]
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for table in ("movement", "loan", "slip"):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE estate_id = %s",
                        SQL.identifier(f"property_item_{table}"),
                        self.estate,
                    )
                )
            cr.execute(SQL("DELETE FROM property_item WHERE estate_id = %s", self.estate))
            cr.execute(SQL("DELETE FROM property_counter WHERE estate_id = %s", self.estate))
            for records in self.made:
                records.with_env(env).unlink()
            env["property.estate"].browse(self.estate).unlink()

    def transaction(self, number):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        # the snapshot is taken here; who waits for a lock must fail, not hang
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        cursor.execute("SELECT 1")
        env = api.Environment(cursor, SUPERUSER_ID, {})
        return env["property.item.slip"].browse(self.slips[number])

    def race(self, one, two):
        """Both hand out what is there once; the second comes after the first committed."""
        first, second = self.transaction(one), self.transaction(two)
        # the second has looked: in its view everything is in the box
        self.assertEqual(second.loan_ids.item_id.quantity, 1)
        first.action_hand_out()
        first.env.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            second.action_hand_out()
        second.env.cr.rollback()
        # what Odoo does on this error: it repeats the call
        with self.assertRaises(UserError):
            second.action_hand_out()
        second.env.cr.rollback()
        self.assertEqual(self.transaction(two).state, "draft")

    @mute_logger("odoo.sql_db")
    def test_card_is_never_in_two_hands(self):
        self.race(0, 1)

    @mute_logger("odoo.sql_db")
    def test_last_umbrella_goes_out_once(self):
        self.race(2, 3)

    @mute_logger("odoo.sql_db")
    def test_nothing_goes_out_for_an_occupancy_that_ends_meanwhile(self):
        first, second = self.transaction(2), self.transaction(3)
        self.assertEqual(second.occupancy_id.state, "reserved")
        first.occupancy_id.action_cancel()
        first.env.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            second.action_hand_out()
        second.env.cr.rollback()
        with self.assertRaises(UserError):
            second.action_hand_out()
        second.env.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_occupancy_does_not_end_while_something_goes_out_for_it(self):
        first, second = self.transaction(2), self.transaction(3)
        self.assertFalse(second.occupancy_id._get_outstanding_items())
        first.action_hand_out()
        first.env.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            second.occupancy_id.action_cancel()
            second.env.flush_all()
        second.env.cr.rollback()
        with self.assertRaises(UserError):
            second.occupancy_id.action_cancel()
        second.env.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_loan_of_a_card(self):
        first, second = self.transaction(0), self.transaction(1)
        first.action_hand_out()
        first.env.cr.commit()
        with self.assertRaises(errors.UniqueViolation):
            second.env.cr.execute(
                SQL("UPDATE property_item_loan SET state = 'out' WHERE slip_id = %s", second.id)
            )
        second.env.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_less_than_nothing_in_the_box(self):
        cursor = self.transaction(0).env.cr
        for column in ("quantity", "quantity_out"):
            with self.assertRaises(errors.CheckViolation):
                cursor.execute(
                    SQL(
                        "UPDATE property_item SET %s = -1 WHERE id = %s",
                        SQL.identifier(column),
                        self.umbrella,
                    )
                )
            cursor.rollback()
        with self.assertRaises(errors.CheckViolation):
            cursor.execute(SQL("UPDATE property_item SET quantity = 2 WHERE id = %s", self.card))
        cursor.rollback()
