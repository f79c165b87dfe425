from threading import Thread

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import BillingBuilders, BillingCase


class TestChargeConstraints(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_fee_rule(cls.fee, "area", rate=2.5)
        cls.occupancy = cls.tenant.estate_occupancy_ids

    def charge(self, **values):
        """A charge as only the system can make it."""
        vals = {
            "kind": "regular",
            "state": "draft",
            "fee_rule_id": self.rule.id,
            "product_id": self.fee.id,
            "unit_id": self.unit.id,
            "occupancy_id": self.occupancy.id,
            "partner_id": self.tenant.id,
            "period_start": "2024-01-01",
            "period_end": "2024-01-31",
            "amount": 10.0,
            **values,
        }
        return self.env["property.charge"].sudo().create(vals)

    def assertRefused(self, error, **values):
        with mute_logger("odoo.sql_db"), self.assertRaises(error), self.env.cr.savepoint():
            self.charge(**values)
            self.env.flush_all()

    def test_days_of_a_fee_are_charged_once_whoever_pays(self):
        self.charge()
        cases = {
            "same days": {},
            "one day in common": {"period_start": "2024-01-31", "period_end": "2024-02-29"},
            "another payer": {"partner_id": self.owner.id, "occupancy_id": False},
        }
        for name, values in cases.items():
            with self.subTest(name):
                self.assertRefused(errors.ExclusionViolation, **values)
        self.charge(period_start="2024-02-01", period_end="2024-02-29")
        self.charge(unit_id=self.unit_2.id, occupancy_id=False)

    def test_void_charge_frees_its_days(self):
        self.charge(state="void")
        self.charge()

    def test_event_is_charged_once(self):
        event = {
            "kind": "event",
            "fee_rule_id": False,
            "source_model": "property.unit",
            "source_id": self.unit.id,
            "source_key": "card",
        }
        self.charge(**event)
        self.assertRefused(errors.UniqueViolation, **event)
        self.charge(**{**event, "source_key": "second card"})

    def test_incomplete_charges_are_refused(self):
        cases = {
            "regular without rule": {"fee_rule_id": False},
            "regular without period": {"period_start": False},
            "period backwards": {"period_end": "2023-12-31"},
            "event without source": {"kind": "event"},
            "correction of nothing": {"kind": "correction"},
            "billed without line": {"state": "billed"},
        }
        for name, values in cases.items():
            with self.subTest(name):
                self.assertRefused(errors.CheckViolation, **values)

    def test_occupancy_of_another_unit_is_refused(self):
        self.assertRefused(ValidationError, unit_id=self.unit_2.id)

    def test_constraints_are_in_the_database(self):
        for model in ("property.charge", "property.charge.usage", "property.tariff.version"):
            with self.subTest(model=model):
                self.assertEqual(self.env[model]._missing_constraints(), [])

    def test_nobody_makes_charges_by_hand(self):
        for user in (self.env.user, self.approver):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.env["property.charge"].with_user(user).create(
                    {
                        "product_id": self.fee.id,
                        "unit_id": self.unit.id,
                        "partner_id": self.tenant.id,
                        "amount": 1.0,
                    }
                )


@tagged("post_install", "-at_install")
class TestTwoRunsAtOnce(TransactionCase):
    """Two real transactions charge the same unit; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (BillingBuilders,), {"env": env})
            estate = build.make_estate("2RUN")
            building = build.make_building(estate)
            unit = build.make_unit(building, "2-1")
            owner = build.make_partner("Two Runs Ltd")
            product = env["product.product"].create(
                {"name": "Two Runs Fee", "type": "service", "taxes_id": [Command.clear()]}
            )
            rule = build.make_fee_rule(product, "area", rate=1.0, estate_ids=estate.ids)
            self.vals = {
                "kind": "regular",
                "fee_rule_id": rule.id,
                "product_id": product.id,
                "unit_id": unit.id,
                "partner_id": owner.id,
                "period_start": "2024-01-01",
                "period_end": "2024-01-31",
                "amount": 100.0,
            }
            self.made = [rule, unit, building, estate, product, owner]
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["property.charge"].search([("unit_id", "=", self.vals["unit_id"])]).unlink()
            for records in self.made:
                records.with_env(env).unlink()

    def charge(self, outcome):
        try:
            with self.env.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["property.charge"].create(dict(self.vals))
                env.flush_all()
        except errors.ExclusionViolation:
            outcome.append("refused")

    @mute_logger("odoo.sql_db")
    def test_second_transaction_waits_and_is_refused(self):
        outcome = []
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["property.charge"].create(dict(self.vals))
            env.flush_all()
            second = Thread(target=self.charge, args=(outcome,))
            second.start()
            second.join(0.5)
            self.assertTrue(second.is_alive(), "the second must wait for the first")
        second.join(20)
        self.assertEqual(outcome, ["refused"])
        with self.env.registry.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*) FROM property_charge WHERE unit_id = %s", [self.vals["unit_id"]]
            )
            self.assertEqual(cr.fetchone(), (1,))
