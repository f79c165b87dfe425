"""One contestant of the benchmark, in a process and on a database of its own.

``contestant.py DATABASE WHAT`` prints what it measured as one line of json.
"""

import json
import os
import resource
import sys
import time
from datetime import date
from pathlib import Path

from odoo import SUPERUSER_ID, api, sql_db
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

DAY, DUE = "2024-01-31", "2024-02-15"
#: kept in the database between the processes: the amounts that all put on their bills
AMOUNTS = "property_bench.amounts"
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
}


class Contestant:
    def __init__(self, database):
        self.database, self.registry = database, Registry(database)
        self.seconds = {}

    def transaction(self):
        return self.registry.cursor()

    def clock(self, name):
        return Clock(self.database, self.seconds, name)

    # --- the same for all -----------------------------------------------------

    def prepare(self, size):
        """The estate, and a contract per owner with the amounts that the run would bill."""
        from odoo.addons.test_property.estate_at_size import EstateAtSize

        with self.transaction() as cr:
            estate = EstateAtSize(api.Environment(cr, SUPERUSER_ID, {}), int(size)).build()
            estate.company.write({"pm_inline_units": 10**6})
        with self.transaction() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            run = env["property.billing.run"].search([])
            run.action_compute()
            bills = {}
            for charge in run.charge_ids.sorted("id"):
                bills.setdefault(charge.partner_id.id, []).append(
                    (charge.product_id.id, charge._get_line_text(), charge.amount)
                )
            cr.rollback()
        with self.transaction() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env.company.write({"pm_inline_units": 0})
            env["ir.config_parameter"].set_param(AMOUNTS, json.dumps(bills))
            self.make_contracts(env(context=QUIET), bills)
        return len(bills)

    def make_contracts(self, env, bills):
        journal = self.journal(env)
        env["contract.contract"].create(
            [
                {
                    "name": f"Contract {partner}",
                    "partner_id": partner,
                    "journal_id": journal.id,
                    "line_recurrence": True,
                    "contract_line_ids": [
                        Command.create(
                            {
                                "product_id": product,
                                "name": text,
                                "quantity": 1,
                                "price_unit": price,
                                "date_start": DAY,
                                "recurring_next_date": DAY,
                                "recurring_rule_type": "monthly",
                                "recurring_invoicing_type": "pre-paid",
                            }
                        )
                        for product, text, price in lines
                    ],
                }
                for partner, lines in bills.items()
            ]
        )

    def journal(self, env):
        return env["property.estate"].search([]).journal_id

    def bills(self, env):
        return json.loads(env["ir.config_parameter"].get_param(AMOUNTS))

    # --- the contestants ------------------------------------------------------

    def run(self):
        """The billing run: pressed by people, done by the queue in parts of 200."""
        from odoo.addons.test_property.another_process import Desk
        from odoo.addons.test_property.estate_at_size import APPROVER, SUPERVISORS

        desk = Desk(self.database)
        press = {"model": "property.billing.run", "login": SUPERVISORS[0]}
        with self.clock("compute"):
            desk.call(method="action_compute", **press)
            desk.work()
        desk.call(method="action_request_approval", **press)
        desk.approve(APPROVER)
        with self.clock("bill"):
            desk.call(method="action_post", **press)
            desk.work()

    def core(self, context=None):
        """Odoo's own: create in one batch and post."""
        with self.transaction() as cr:
            env = api.Environment(cr, SUPERUSER_ID, context or {})
            journal, bills = self.journal(env), self.bills(env)
            with self.clock("bill"):
                moves = env["account.move"].create(
                    [
                        {
                            "move_type": "out_invoice",
                            "partner_id": int(partner),
                            "journal_id": journal.id,
                            "invoice_date": DAY,
                            "date": DAY,
                            "invoice_date_due": DUE,
                            "invoice_payment_term_id": False,
                            "invoice_line_ids": [
                                Command.create(
                                    {
                                        "product_id": product,
                                        "name": text,
                                        "quantity": 1,
                                        "price_unit": price,
                                    }
                                )
                                for product, text, price in lines
                            ],
                        }
                        for partner, lines in bills.items()
                    ]
                )
                self.post(env, moves)
                # the time to commit counts
                cr.commit()  # pylint: disable=invalid-commit

    def core_quiet(self):
        """The same without chatter."""
        self.core(QUIET)

    def contract(self):
        """OCA's contract, as its cron does it, and post."""
        with self.transaction() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            contracts = env["contract.contract"].search([])
            with self.clock("bill"):
                self.post(env, contracts._recurring_create_invoice(date.fromisoformat(DAY)))
                # the time to commit counts
                cr.commit()  # pylint: disable=invalid-commit

    def post(self, env, moves):
        # the run tells PostgreSQL how the tables have grown; without this the others, on a
        # young database, are several times slower
        env["property.billing.run"]._refresh_statistics(len(moves.line_ids))
        moves._post(soft=False)

    # --- what came out --------------------------------------------------------

    def result(self):
        with self.transaction() as cr:
            cr.execute(
                """SELECT COUNT(*), SUM(amount_total)::text,
                          (SELECT COUNT(*) FROM account_move_line line
                            WHERE line.display_type = 'product'
                              AND EXISTS (SELECT FROM account_move_line_account_tax_rel
                                           WHERE account_move_line_id = line.id))
                     FROM account_move WHERE state = 'posted'"""
            )
            count, total, lines = cr.fetchone()
        return {
            "seconds": self.seconds,
            "bills": count,
            "total": total,
            "lines": lines,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


class Clock:
    """Seconds by the clock, and seconds of processor: the latter hardly depend on what else
    the machine has to do."""

    def __init__(self, database, seconds, name):
        self.database, self.seconds, self.name = database, seconds, name

    def __enter__(self):
        self.start, self.processor = time.monotonic(), self.used()

    def __exit__(self, *_error):
        self.seconds[self.name] = time.monotonic() - self.start
        self.seconds[f"{self.name}_processor"] = self.used() - self.processor

    def used(self):
        """Processor seconds of this process and of PostgreSQL's processes that work for it.

        Where PostgreSQL runs on another machine, of this process alone.
        """
        ticks = 0
        with sql_db.db_connect(self.database).cursor() as cr:
            cr.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name = %s",
                [self.database, f"odoo-{os.getpid()}"],
            )
            for (pid,) in cr.fetchall():
                path = Path("/proc", str(pid), "stat")
                if path.exists():
                    ticks += sum(map(int, path.read_text().rpartition(")")[2].split()[11:13]))
        return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def main(database, what, *args):
    config.parse_config(
        ["-d", database, "--no-http", "--max-cron-threads=0", "--log-level=warn"],
        setup_logging=True,
    )
    server.load_server_wide_modules()
    contestant = Contestant(database)
    getattr(contestant, what)(*args)
    sys.stdout.write(json.dumps(contestant.result()) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
