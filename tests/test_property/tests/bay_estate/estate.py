"""The estate in the software: set up, imported, read and billed by the people whose work
it is, through what they have on their screens."""

import base64
import time
from contextlib import contextmanager
from datetime import date

from odoo.fields import Command
from odoo.tests import Form

from . import files
from .collector import Collector
from .plan import ESTATE, EXCHANGES, YEAR, month_end
from .terms import FEES


class Estate:
    """:param case: a test case with the builders of property_billing"""

    def __init__(self, case, plan, figures):
        self.case, self.plan, self.figures = case, plan, figures
        self.env = case.env
        roles = {
            "manager": "manager",
            "officer": "officer",
            "collector": "collector",
            "supervisor": "billing_supervisor",
            "general": "general_manager,manager",
        }
        self.users = {
            name: case.make_user(role, estate_all=True, login=f"bay_{name}")
            for name, role in roles.items()
        }
        # nobody works in the background of a test: what is larger would wait for ever
        case.env.company.pm_inline_units = 1000
        # as the Chinese chart of accounts has it
        case.env.company.tax_calculation_rounding_method = "round_per_line"
        self.estate = None
        self.collector = None

    @contextmanager
    def timed(self, what):
        start = time.monotonic()
        yield
        self.figures.seconds[what] += time.monotonic() - start

    # --- set up -----------------------------------------------------------

    def build(self):
        """Estate, then units, parties, occupancies and meters from files; fees."""
        self.estate = (
            self.env["property.estate"]
            .with_user(self.users["manager"])
            .create(
                {
                    "name": "Bay Estate 海湾花园",
                    "code": ESTATE,
                    "tz": "Asia/Dubai",
                    "journal_id": self.case.journal.id,
                }
            )
        )
        plan, created = self.plan, self.figures.imported
        created["units"] = self.load("unit", "manager", *files.units(plan), create_missing=True)
        created["parties"] = self.load("party", "officer", *files.parties(plan))
        self._prefer_single_bills()
        created["occupancies"] = self.load("occupancy", "officer", *files.occupancies(plan))
        created["meters"] = self.load("meter", "supervisor", *files.meters(plan))
        self._make_fees()
        self.estate = self.estate.sudo(False).with_env(self.env)
        self.collector = Collector(
            plan, self.env, self.estate, self.users["collector"], self.users["supervisor"]
        )

    def load(self, kind, user, name, content, create_missing=False):
        """Import a file as a user does: dry run, then for good. Returns how many are new."""
        with self.timed(f"import ({kind})"):
            record = (
                self.env["property.import"]
                .with_user(self.users[user])
                .create(
                    {
                        "kind": kind,
                        "file": base64.b64encode(content),
                        "filename": name,
                        "create_missing": create_missing,
                    }
                )
            )
            record.action_check()
            bad = [(line.number, line.reason) for line in record.bad_line_ids]
            self.case.assertEqual((name, record.state, bad), (name, "checked", []))
            record.action_import()
            self.case.assertEqual((name, record.state), (name, "done"))
        return record.count_created

    def _prefer_single_bills(self):
        refs = [party.ref for party in self.plan.parties.values() if party.per_unit]
        # a preference of the party, which no file says
        self.env["res.partner"].search([("ref", "in", refs)]).pm_bill_per_unit = True

    def _make_fees(self):
        """Fee items by the accountants, tariffs and fee rules by the manager."""
        items = {}
        for fee in FEES:
            if fee.item not in items:
                tax = self.env["account.tax"].create(
                    {
                        "name": f"{fee.tax} % {fee.item}",
                        "amount": fee.tax,
                        "type_tax_use": "sale",
                        "price_include_override": (
                            "tax_included" if fee.included else "tax_excluded"
                        ),
                    }
                )
                items[fee.item] = self.case.make_fee_item(fee.item, tax)
            values = {
                "name": f"{fee.item}, {fee.code}",
                "product_id": items[fee.item].id,
                "method": fee.method,
                "usage": fee.usage,
                "payer": fee.payer,
                "estate_ids": [Command.set(self.estate.ids)],
                "date_from": fee.since,
            }
            if fee.tag:
                tag = self.env["property.unit.tag"].search([("name", "=", fee.tag)])
                values["tag_ids"] = [Command.set(tag.ids)]
            if fee.method == "area":
                values["rate"] = float(fee.rate)
            else:
                values["tariff_id"] = self._make_tariff(fee).id
            self.env["property.fee.rule"].with_user(self.users["manager"]).create(values)

    def _make_tariff(self, fee):
        versions = [
            Command.create(
                {
                    "date_from": terms.since,
                    "tier_basis": "calendar_year" if terms.by_year else "period",
                    "standing": float(terms.standing),
                    "tier_ids": [
                        Command.create({"quantity_from": start, "price": float(price)})
                        for start, price in terms.tiers
                    ],
                }
            )
            for terms in fee.versions
        ]
        return (
            self.env["property.tariff"]
            .with_user(self.users["manager"])
            .create(
                {
                    "name": f"{fee.item}, {fee.code}",
                    "commodity": fee.commodity,
                    "version_ids": versions,
                }
            )
        )

    # --- a month ----------------------------------------------------------

    def read_month(self, month):
        """Exchanges, the readers' files, decisions and estimates. Returns the decisions."""
        known = len(self.collector.decisions)
        with self.timed("exchanges"):
            for exchange in EXCHANGES:
                if exchange[1] == month:
                    self._exchange(*exchange)
        for commodity in ("water_cold", "electricity"):
            name, content, rows = files.readings(self.plan, month, commodity)
            if not rows:
                continue
            created = self.load("reading", "collector", name, content)
            self.case.assertEqual((name, created), (name, rows))
            if month == 2:
                again = self.load("reading", "collector", name, content)
                self.case.assertEqual((name, again), (name, 0))
        self.figures.note_flagged(month, self._readings(month))
        with self.timed("decisions"):
            self.collector.decide_all(month)
            self.collector.estimate_forgotten(month)
        decisions = self.collector.decisions[known:]
        self.figures.note_decisions(decisions)
        return decisions

    def _readings(self, month):
        first, last = month_end(month).replace(day=1), month_end(month)
        if not month:
            first, last = date(YEAR - 1, 12, 1), date(YEAR - 1, 12, 31)
        return self.env["property.meter.reading"].search(
            [("estate_id", "=", self.estate.id), ("date", ">=", first), ("date", "<=", last)]
        )

    def _exchange(self, code, _month, day, first, multiplier):
        """In the dialog, as the collector fills it in."""
        meter = self.env["property.meter"].search(
            [("name", "=", code), ("estate_id", "=", self.estate.id)]
        )
        when = date(YEAR, _month, day)
        with Form(
            self.env["property.meter.exchange"]
            .with_user(self.users["collector"])
            .with_context(default_meter_id=meter.id)
        ) as form:
            form.date = when
            form.old_index = float(self.plan.by_look[code, when, "removal"].index)
            form.new_name = f"{code}-2"
            form.new_index = float(first)
            form.new_digits = self.plan.dials[f"{code}-2"].digits
            form.new_decimals = self.plan.dials[f"{code}-2"].decimals
            form.new_multiplier = multiplier
            form.reason = "The dial was worn; its last index was seen by two."
        form.save().action_exchange()

    def bill_month(self, month):
        """The run through its states, each step by who may take it."""
        supervisor = self.users["supervisor"]
        run = (
            self.env["property.billing.run"]
            .with_user(supervisor)
            .create(
                {
                    "estate_ids": [Command.set(self.estate.ids)],
                    "period_start": month_end(month).replace(day=1),
                    "period_end": month_end(month),
                }
            )
        )
        with self.timed("compute"):
            run.action_compute()
        run.action_request_approval()
        self.case.assertEqual(run.state, "to_approve")
        waiting = run.approval_ids.filtered(lambda row: row.verdict == "pending")
        waiting.with_user(self.users["general"]).action_approve("Compared with last month.")
        self.case.assertEqual(run.state, "approved")
        with self.timed("post"):
            run.action_post()
        self.case.assertEqual(run.state, "posted")
        if month == 12:
            with self.timed("deliver"):
                self._deliver(run)
        run.action_close()
        self.case.assertEqual(run.state, "closed")
        return run

    def _deliver(self, run):
        """Payment notices; their PDFs are left to the background."""
        company = self.estate.company_id
        at_once, company.pm_inline_units = company.pm_inline_units, 1
        run.action_deliver()
        company.pm_inline_units = at_once
        self.figures.letters = run.letter_count

    def compare_meters(self):
        """The balance report of the year, in the dialog for it."""
        with self.timed("balance report"):
            self.env["property.balance.compute"].with_user(self.users["supervisor"]).create(
                {
                    "estate_ids": [Command.set(self.estate.ids)],
                    "date_from": date(YEAR, 1, 1),
                    "date_to": date(YEAR, 12, 31),
                }
            ).action_compute()
        return self.env["property.meter.balance"].search([("estate_id", "=", self.estate.id)])
