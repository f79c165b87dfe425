"""Signatures on the screen, with loan slips as the paper that is signed."""

from unittest.mock import patch

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..calc.signature import COMPLETE, NOT_SIGNED, PARTLY, Role, missing, signature_state
from .common import PropertyBuilders
from .items_common import DRAWN, ItemsCase


@tagged("post_install", "-at_install", "property", "property_signature")
class TestSignature(ItemsCase):
    def setUp(self):
        super().setUp()
        self.slip = self.lend((self.keys, 2))

    def test_state_follows_from_the_required_places(self):
        roles = {"a": Role("A"), "b": Role("B"), "c": Role("C", required=False)}
        for signed, state, lacking in (
            ((), NOT_SIGNED, ["a", "b"]),
            (("c",), PARTLY, ["a", "b"]),
            (("a",), PARTLY, ["b"]),
            (("a", "b"), COMPLETE, []),
            (("x",), NOT_SIGNED, ["a", "b"]),
        ):
            with self.subTest(signed=signed):
                self.assertEqual(signature_state(roles, signed), state)
                self.assertEqual(missing(roles, signed), lacking)

    def test_holder_and_desk_sign_in_the_window(self):
        self.assertEqual(self.slip.signature_state, "none")
        for name, expected in (("Tina Tenant", "partly"), (False, "complete")):
            action = self.slip.action_sign()
            window = self.env["property.signature.sign"].with_user(self.desk)
            with Form(window.browse(action["res_id"])) as form:
                if name:
                    form.name = name
                form.signature = DRAWN
            form.record.action_sign()
            self.assertEqual(self.slip.signature_state, expected)
        rows = self.slip.signature_ids.sorted("id")
        self.assertEqual(rows.mapped("name"), ["Tina Tenant", "Dora Desk"])
        self.assertEqual(rows.mapped("role"), ["holder", "desk"])
        self.assertEqual(rows[0].partner_id, self.tenant)
        self.assertEqual(rows.user_id, self.desk)
        with self.refused("signed by all already"):
            self.slip.action_sign()

    def test_staff_sign_in_their_own_name(self):
        self.slip._sign("desk", "Somebody Else", DRAWN)
        self.assertEqual(self.slip.signature_ids.name, "Dora Desk")
        self.assertEqual(self.slip.signature_ids.partner_id, self.desk.partner_id)

    def test_place_of_a_role_is_for_who_has_it(self):
        roles = {
            "boss": Role("Manager", staff=True, groups=("property_tenant.group_manager",)),
        }
        with patch.object(
            self.env.registry["property.item.slip"], "_signature_roles", lambda slip: roles
        ):
            with self.refused("You cannot sign"):
                self.slip._sign("boss", "Dora", DRAWN)
            manager = self.make_user("manager", self.estate)
            self.slip.with_user(manager)._sign("boss", "Somebody", DRAWN)
            self.assertEqual(self.slip.signature_ids.name, manager.name)

    def test_unknown_place_name_and_picture_are_refused(self):
        for args, sentence in (
            (("nobody", "Tina", DRAWN), "not signed in this role"),
            (("holder", "  ", DRAWN), "Fill in the name"),
            (("holder", "Tina", False), "Draw the signature"),
            (("holder", "Tina", b"bm90IGEgcGljdHVyZQ=="), "Draw the signature"),
            (("holder", "Tina", "no base64 at all!"), "Draw the signature"),
        ):
            with self.subTest(args=args), self.refused(sentence):
                self.slip._sign(*args)
        self.assertFalse(self.slip.signature_ids)

    def test_nothing_is_signed_before_it_is_handed_out(self):
        with self.refused("not handed out yet"):
            self.make_slip(self.card)._sign("holder", "Tina", DRAWN)

    def test_refusal_is_kept_with_its_reason(self):
        self.slip._sign("holder", "Tina", DRAWN, "One key is missing, she says.")
        row = self.slip.signature_ids
        self.assertTrue(row.is_refused)
        self.assertFalse(row.signature)
        self.assertEqual(row.reason, "One key is missing, she says.")
        self.assertEqual(self.slip._signature_missing(), ["desk"])

    def test_nobody_signs_twice_in_one_place(self):
        self.slip._sign("holder", "Tina", DRAWN)
        with self.refused("already signed as"):
            self.slip._sign("holder", "Tom", DRAWN)

    def test_signature_is_void_after_a_change_and_stays(self):
        self.slip._sign("holder", "Tina", DRAWN)
        self.slip.sudo().loan_ids.quantity = 1
        self.slip.sudo()._signature_void_changed()
        row = self.slip.signature_ids
        self.assertTrue(row.is_void)
        self.assertTrue(row.void_reason)
        self.assertEqual(self.slip.signature_state, "none")
        self.slip._sign("holder", "Tina", DRAWN)
        self.assertEqual(len(self.slip.signature_ids), 2)

    def test_what_is_not_signed_can_change(self):
        self.slip._sign("holder", "Tina", DRAWN)
        self.slip.message_post(body="She called.")
        self.take_back(self.slip.loan_ids, 1)
        self.assertFalse(self.slip.signature_ids.is_void)

    def test_incomplete_signatures_are_named(self):
        self.slip._sign("holder", "Tina", DRAWN)
        with self.refused("is not signed yet by: Handed Out by"):
            self.slip._signature_check_complete()
        self.slip._sign("desk", "Dora", DRAWN)
        self.slip._signature_check_complete()

    def test_signatures_are_never_typed_edited_or_deleted(self):
        self.slip._sign("holder", "Tina", DRAWN)
        row = self.slip.signature_ids
        values = {
            "res_model": "property.item.slip",
            "res_id": self.slip.id,
            "role": "desk",
            "role_name": "Desk",
            "name": "Forged",
            "user_id": self.desk.id,
            "date": "2026-01-01",
            "company_id": self.env.company.id,
        }
        manager = self.make_user("manager", self.estate)
        for user in (self.desk, manager):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    row.with_user(user).create(values)
                with self.assertRaises(UserError):
                    row.with_user(user).write({"name": "Forged"})
                with self.assertRaises(UserError):
                    row.with_user(user).unlink()
        for call in (
            lambda: row.sudo().create(values),
            lambda: row.sudo().write({"name": "Forged"}),
            lambda: row.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                call()
        self.assertEqual(row.name, "Tina")

    def test_who_reads_the_record_reads_its_signatures(self):
        self.slip._sign("holder", "Tina", DRAWN)
        row = self.slip.signature_ids
        other = self.make_user("front_desk", self.make_estate("YY"), login="yy_desk")
        self.assertFalse(row.with_user(other).search([]))
        with self.assertRaises(AccessError):
            row.with_user(other).read(["signature"])
        controller = self.make_user("controller", self.estate)
        self.assertEqual(row.with_user(controller).name, "Tina")
        with self.assertRaises(AccessError):
            self.slip.with_user(controller)._sign("desk", "Dora", DRAWN)
        with self.assertRaises(AccessError):
            self.slip.with_user(controller).action_sign()

    def test_paper_shows_who_signed(self):
        self.slip._sign("holder", "Tina", DRAWN)
        [row] = self.slip._signature_places()
        self.assertEqual([place["name"] for place in row], ["Tina", ""])
        self.assertTrue(row[0]["signature"])


@tagged("post_install", "-at_install", "property", "property_signature")
class TestTwoSignAtOnce(TransactionCase):
    """Two real transactions sign in one place; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (PropertyBuilders,), {"env": env})
            estate = build.make_estate("2SG1")
            building = build.make_building(estate)
            unit = build.make_unit(building, "2-1")
            party = build.make_partner("At Once Ltd")
            occupancy = build.make_occupancy(unit, party)
            kind = env["property.item.kind"].create({"name": "At Once Umbrella"})
            item = env["property.item"].create({"kind_id": kind.id, "unit_id": unit.id})
            slip = env["property.item.slip"].create(
                {
                    "occupancy_id": occupancy.id,
                    "loan_ids": [Command.create({"item_id": item.id})],
                }
            )
            slip.action_hand_out()
            self.estate, self.slip = estate.id, slip.id
            self.made = [occupancy, unit, building, party, kind, estate]
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute(SQL("DELETE FROM property_signature WHERE estate_id = %s", self.estate))
            for table in ("item_movement", "item_loan", "item_slip", "item", "counter"):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE estate_id = %s",
                        SQL.identifier(f"property_{table}"),
                        self.estate,
                    )
                )
            for records in self.made:
                records.with_env(env).unlink()

    def transaction(self):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        cursor.execute("SELECT 1")
        env = api.Environment(cursor, SUPERUSER_ID, {})
        return env["property.item.slip"].browse(self.slip)

    @mute_logger("odoo.sql_db")
    def test_one_place_is_signed_once(self):
        first, second = self.transaction(), self.transaction()
        self.assertEqual(second.signature_state, "none")
        first._sign("holder", "Tina", DRAWN)
        first.env.cr.commit()
        with self.assertRaises(errors.UniqueViolation):
            second._sign("holder", "Tom", DRAWN)
        second.env.cr.rollback()
        self.assertEqual(self.transaction().signature_ids.mapped("name"), ["Tina"])
