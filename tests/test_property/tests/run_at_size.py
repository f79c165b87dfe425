"""A billing run of an estate at size, in databases of its own, step by step or at once."""

import os

from odoo.tests import BaseCase

from ..estate_at_size import APPROVER, SUPERVISORS
from .agents import Agent, OwnDatabases

LONG = bool(os.environ.get("PROPERTY_TEST_ALL"))
SIZE, PART = (500, 50) if LONG else (60, 15)
RUN = "property.billing.run"

#: bill by bill what a payer sees; the number apart, because it follows the order of posting
BILLS = """
    SELECT partner.name, move.move_type, move.state, move.date, move.invoice_date,
           move.invoice_date_due, move.amount_untaxed, move.amount_tax, move.amount_total,
           (SELECT JSON_AGG(JSON_BUILD_ARRAY(
                       line.display_type, line.account_id, line.quantity, line.price_unit,
                       line.price_subtotal, line.price_total, line.balance, line.date_maturity,
                       CASE WHEN line.display_type = 'product' THEN line.name END,
                       charge.id IS NOT NULL)
                   ORDER BY line.display_type, line.sequence, line.balance, line.account_id)::text
              FROM account_move_line line
              LEFT JOIN property_charge charge ON charge.move_line_id = line.id
             WHERE line.move_id = move.id)
      FROM account_move move JOIN res_partner partner ON partner.id = move.partner_id
     ORDER BY 1, 9, 10"""
CHARGES = """
    SELECT unit.code, rule.name ->> 'en_US', charge.kind, charge.state, charge.period_start,
           charge.period_end, charge.quantity, charge.amount, partner.name,
           (SELECT ARRAY_AGG(reading.date || ' ' || usage.quantity ORDER BY reading.date)
              FROM property_charge_usage usage
              JOIN property_meter_reading reading ON reading.id = usage.reading_id
             WHERE usage.charge_id = charge.id),
           (SELECT ARRAY_AGG(counter.opening || ' ' || counter.quantity)
              FROM property_tariff_counter counter WHERE counter.charge_id = charge.id)
      FROM property_charge charge
      JOIN property_unit unit ON unit.id = charge.unit_id
      JOIN property_fee_rule rule ON rule.id = charge.fee_rule_id
      JOIN res_partner partner ON partner.id = charge.partner_id
     ORDER BY 1, 2, 5"""
ISSUES = """
    SELECT issue.stage, issue.kind, unit.code, issue.message
      FROM property_billing_issue issue JOIN property_unit unit ON unit.id = issue.unit_id
     ORDER BY 1, 2, 3, 4"""
READINGS = """
    SELECT meter.name, reading.date, reading.state, reading.index_value, reading.usage
      FROM property_meter_reading reading
      JOIN property_meter meter ON meter.id = reading.meter_id
     ORDER BY 1, 2, reading.id"""


class RunAtSize(OwnDatabases, BaseCase):
    """``source`` has the estate and a run to be computed, ``approved`` the run to be posted,
    ``posted`` that which is, and ``outcome`` what comes out when nothing goes wrong."""

    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.make_database("source")
        desk = Agent(cls.source, cls.addClassCleanup)
        desk.order("build", size=SIZE, shared=25, flaws=True)
        with cls.inside(cls.source) as cursor:
            cursor.execute("UPDATE res_company SET pm_batch_size = %s, pm_inline_units = 0", [PART])
        desk.stop()
        cls.approved = cls.make_database("approved", cls.source)
        desk = Agent(cls.approved, cls.addClassCleanup)
        cls.compute_cost = cls.compute(desk)
        cls.ask_approval(desk)
        desk.stop()
        cls.posted = cls.make_database("posted", cls.approved)
        desk = Agent(cls.posted, cls.addClassCleanup)
        cls.post_cost = cls.post(desk)
        desk.stop()
        cls.outcome = cls.read_outcome(cls.posted)

    # --- steps --------------------------------------------------------------

    def desk(self, database):
        return Agent(database, self.addCleanup)

    @classmethod
    def press(cls, desk, button, login=SUPERVISORS[0], **options):
        return desk.order("call", model=RUN, method=button, login=login, **options)

    @classmethod
    def compute(cls, desk):
        cls.press(desk, "action_compute")
        return desk.order("work")

    @classmethod
    def ask_approval(cls, desk):
        cls.press(desk, "action_request_approval")
        desk.order("approve", login=APPROVER)

    @classmethod
    def post(cls, desk):
        cls.press(desk, "action_post")
        return desk.order("work")

    # --- what came out --------------------------------------------------------

    @classmethod
    def read_outcome(cls, database):
        return {
            "run": cls.rows(database, "SELECT state, computation FROM property_billing_run"),
            "bills": cls.rows(database, BILLS),
            "charges": cls.rows(database, CHARGES),
            "issues": cls.rows(database, ISSUES),
            "readings": cls.rows(database, READINGS),
        }

    def numbers(self, database):
        """Running numbers of the bills."""
        rows = self.rows(
            database, "SELECT sequence_number, name FROM account_move ORDER BY sequence_number"
        )
        self.assertEqual(len({name for _number, name in rows}), len(rows))
        return [number for number, _name in rows]

    def run_state(self, database):
        [(state,)] = self.rows(database, "SELECT state FROM property_billing_run")
        return state

    def assert_as_undisturbed(self, database):
        """Same bills, charges and issues as without disturbance; numbers without gaps."""
        outcome = self.read_outcome(database)
        for part, rows in self.outcome.items():
            self.assertEqual(outcome[part], rows, part)
        self.assertEqual(self.numbers(database), list(range(1, len(outcome["bills"]) + 1)))
        self.assert_sound(database)

    def assert_sound(self, database):
        """The auditor finds nothing, and no job is left or has failed."""
        self.assertEqual(self.audit(database, settled=False), [])
        left = self.rows(
            database,
            "SELECT state, func_string, exc_message FROM queue_job"
            " WHERE state NOT IN ('done', 'cancelled')"
            " AND exc_name IS DISTINCT FROM 'JobFoundDead'",
        )
        self.assertEqual(left, [])
