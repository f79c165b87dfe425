from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from .common import PropertyBuilders


@tagged("post_install", "-at_install", "property", "property_approval")
class TestTwoDecideAtOnce(TransactionCase):
    """Two real transactions; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        self.patch(
            self.env.registry["property.occupancy"],
            "_get_missing_for_activation",
            lambda occupancy: [("identity", "identity paper", "front desk")],
        )
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (PropertyBuilders,), {"env": env})
            estate = build.make_estate("2AT1")
            building = build.make_building(estate)
            unit = build.make_unit(building, "2-1")
            users = env["res.users"].union(
                *(
                    build.make_user("manager", estate, login=f"at_once_{number}")
                    for number in range(3)
                )
            )
            party = build.make_partner("At Once Ltd")
            occupancy = build.make_occupancy(unit, party)
            rules = env["property.approval.rule"].search([("gate", "=", "override")])
            self.forced = rules.ids
            rules.active = False
            rule = env["property.approval.rule"].create(
                {
                    "name": "At once",
                    "model_id": env["ir.model"]._get_id("property.occupancy"),
                    "gate": "override",
                    "group_id": env.ref("property_tenant.group_manager").id,
                    "estate_ids": estate.ids,
                }
            )
            occupancy.with_user(users[0]).action_request_override("Twice")
            self.rows = env["property.approval"].search([("rule_id", "=", rule.id)]).ids
            self.made = [rule, occupancy, unit, building, estate, users, users.partner_id, party]
            self.users = users.ids
            self.occupancy = occupancy.id
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute(
                SQL(
                    "DELETE FROM property_approval WHERE res_model = 'property.occupancy'"
                    " AND res_id = %s",
                    self.occupancy,
                )
            )
            for records in self.made:
                records.with_env(env).unlink()
            env["property.approval.rule"].browse(self.forced).active = True

    def transaction(self, user):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        # the snapshot is taken here; who waits for a lock must fail, not hang
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        cursor.execute("SELECT 1")
        return api.Environment(cursor, self.users[user], {})["property.approval"].browse(self.rows)

    def verdicts(self):
        return self.transaction(0).sudo().mapped("verdict")

    @mute_logger("odoo.sql_db")
    def test_second_waits_for_the_first_and_gets_no_verdict(self):
        first, second = self.transaction(1), self.transaction(2)
        first.action_approve("Yes.")
        with self.assertRaises(errors.LockNotAvailable):
            second.action_reject("No.")
        second.env.cr.rollback()
        first.env.cr.commit()
        # what Odoo does on this error: it repeats the call
        with self.assertRaisesRegex(UserError, "already decided by"):
            second.action_reject("No.")
        self.assertEqual(self.verdicts(), ["approved"])

    @mute_logger("odoo.sql_db")
    def test_second_with_an_older_view_of_the_data_gets_no_verdict(self):
        first, second = self.transaction(1), self.transaction(2)
        self.assertEqual(second.verdict, "pending")
        first.action_approve("Yes.")
        first.env.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            second.action_reject("No.")
        second.env.cr.rollback()
        self.assertEqual(self.verdicts(), ["approved"])

    @mute_logger("odoo.sql_db")
    def test_change_during_the_decision_does_not_slip_through(self):
        first, second = self.transaction(1), self.transaction(2)
        occupancy = second.sudo().env["property.occupancy"].browse(self.occupancy)
        first.action_approve("Yes.")
        first.env.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            occupancy.override_reason = "Something else"
            occupancy.env.flush_all()
        second.env.cr.rollback()
        occupancy.override_reason = "Something else"
        second.env.cr.commit()
        self.assertEqual(self.verdicts(), ["void"])
