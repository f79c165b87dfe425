"""Whether everybody was billed what the rules say, for every day: never twice, never nothing.

Area, fixed amounts, periods and payers are worked out here a second time, from raw rows and
without the code that bills. Left out are rules with a further condition or tags, which only
the addons can evaluate.
"""

import calendar
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

#: what a rule may be narrowed to, and the table that says so
SCOPES = {
    "estate": "property_estate_property_fee_rule_rel",
    "building": "property_building_property_fee_rule_rel",
    "unit": "property_fee_rule_property_unit_rel",
}

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def span(start, end):
    """The days from ``start`` to ``end``, both included."""
    return {start + timedelta(days=number) for number in range((end - start).days + 1)}


def period_of(day, kind):
    """First and last day of the month, quarter … of ``day``."""
    months = MONTHS[kind]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return (
        date(day.year, first, 1),
        date(day.year, last, calendar.monthrange(day.year, last)[1]),
    )


def cents(value):
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


class CoverageAudit:
    """Compares what posted runs billed with what they were to bill."""

    def __init__(self, rows, settled):
        self.rows, self.settled = rows, settled

    def findings(self):
        yield from self.amounts()
        yield from self.days()
        yield from self.readings()

    # --- amounts ----------------------------------------------------------

    def amounts(self):
        """Area × rate and fixed amounts, by days of the period. Assumes that areas stay."""
        for row in self.rows(
            """SELECT charge.id, charge.period_start, charge.period_end, charge.amount,
                      charge.quantity, rule.method, rule.rate, rule.period,
                      CASE WHEN rule.method = 'fixed' THEN 1
                           WHEN rule.area_basis = 'net' THEN unit.area_net
                           ELSE unit.area_gross END AS measure
                 FROM property_charge charge
                 JOIN property_fee_rule rule ON rule.id = charge.fee_rule_id
                 JOIN property_unit unit ON unit.id = charge.unit_id
                WHERE charge.kind = 'regular' AND charge.state <> 'void'
                  AND rule.method IN ('area', 'fixed')"""
        ):
            start, end = period_of(row["period_start"], row["period"])
            if row["period_end"] > end:
                yield f"charge {row['id']} reaches beyond the period that ends on {end}"
                continue
            days = len(span(row["period_start"], row["period_end"]))
            measure = Fraction(str(row["measure"] or 0))
            exact = measure * Fraction(str(row["rate"])) * Fraction(days, len(span(start, end)))
            if cents(exact) != row["amount"]:
                yield (
                    f"charge {row['id']} is over {row['amount']}, {measure} × {row['rate']} for"
                    f" {days} days come to {cents(exact)}"
                )

    # --- days -------------------------------------------------------------

    def days(self):
        """Every day of a posted run on which somebody holds a unit that a rule is for is
        charged, waits to be billed again, or its unit is on the run's list."""
        charged, taken_back = self.read_days()
        cancelled = {} if self.settled else self.read_cancelled()
        holders = self.read_holders()
        listed = {
            (row["run_id"], row["unit_id"], row["fee_rule_id"])
            for row in self.rows("SELECT run_id, unit_id, fee_rule_id FROM property_billing_issue")
        }
        for run, unit, rule in self.read_due():
            key = (unit, rule["id"])
            if (run["id"], *key) in listed or run["period_start"] in cancelled.get(
                run["estate"], ()
            ):
                continue
            for day in sorted(self.due_days(run, rule) - charged[key]):
                if day in taken_back[key] and not self.settled:
                    continue
                if self.is_held(day, holders[unit], rule["payer"]):
                    yield (
                        f"unit {unit} was not charged the fee {rule['id']} for {day} by the run"
                        f" {run['id']}"
                    )
                    break

    def due_days(self, run, rule):
        """Days of the rule's periods that end in the run's (in advance: begin in it)."""
        result, day = set(), run["period_start"]
        while day <= run["period_end"]:
            start, end = period_of(day, rule["period"])
            due = start if rule["timing"] == "advance" else end
            first, last = max(start, rule["date_from"]), min(end, rule["date_to"] or date.max)
            if run["period_start"] <= due <= run["period_end"] and first <= last:
                result |= span(first, last)
            day = end + timedelta(days=1)
        return result

    def is_held(self, day, holders, payer):
        return any(
            start <= day <= (end or date.max)
            for kind, start, end in holders
            if kind == "owner" or payer != "owner"
        )

    def read_days(self):
        charged, taken_back = defaultdict(set), defaultdict(set)
        for row in self.rows(
            """SELECT unit_id, fee_rule_id, state, period_start, period_end FROM property_charge
                WHERE kind = 'regular'"""
        ):
            target = taken_back if row["state"] == "void" else charged
            target[row["unit_id"], row["fee_rule_id"]] |= span(
                row["period_start"], row["period_end"]
            )
        return charged, taken_back

    def read_cancelled(self):
        """First days of runs that were given up, by estate: they are to be made anew."""
        cancelled = defaultdict(set)
        for row in self.rows(
            """SELECT rel.property_estate_id AS estate, run.period_start
                 FROM property_billing_run run
                 JOIN property_billing_run_property_estate_rel rel
                   ON rel.property_billing_run_id = run.id
                WHERE run.state = 'cancelled'"""
        ):
            cancelled[row["estate"]].add(row["period_start"])
        return cancelled

    def read_holders(self):
        holders = defaultdict(list)
        for row in self.rows(
            """SELECT unit_id, kind, date_start, date_end FROM property_occupancy
                WHERE state <> 'cancelled'"""
        ):
            holders[row["unit_id"]].append((row["kind"], row["date_start"], row["date_end"]))
        return holders

    def read_due(self):
        """(posted run, unit, rule) for fees by area and fixed amount."""
        scopes = {name: self.read_scope(name, table) for name, table in SCOPES.items()}
        rules = self.rows(
            """SELECT rule.id, rule.company_id, rule.period, rule.timing, rule.payer, rule.usage,
                      rule.date_from, rule.date_to
                 FROM property_fee_rule rule
                WHERE rule.active AND rule.method IN ('area', 'fixed')
                  AND COALESCE(rule.unit_domain, '[]') = '[]'
                  AND NOT EXISTS (SELECT FROM property_fee_rule_property_unit_tag_rel tag
                                   WHERE tag.property_fee_rule_id = rule.id)"""
        )
        for pair in self.rows(
            """SELECT run.id, run.company_id, run.period_start, run.period_end,
                      unit.id AS unit, unit.estate_id AS estate, unit.building_id AS building,
                      unit.usage
                 FROM property_billing_run run
                 JOIN property_billing_run_property_estate_rel rel
                   ON rel.property_billing_run_id = run.id
                 JOIN property_unit unit ON unit.estate_id = rel.property_estate_id
                WHERE run.state IN ('posted', 'delivered', 'closed')"""
        ):
            for rule in rules:
                in_scope = all(
                    not scopes[name][rule["id"]] or pair[name] in scopes[name][rule["id"]]
                    for name in scopes
                )
                fits = rule["usage"] == pair["usage"] or (
                    not rule["usage"] and pair["usage"] != "common"
                )
                if in_scope and fits and rule["company_id"] == pair["company_id"]:
                    yield pair, pair["unit"], rule

    def read_scope(self, name, table):
        """Rule → ids of the estates, buildings or units that it is narrowed to."""
        scope = defaultdict(set)
        for row in self.rows(
            f"SELECT property_fee_rule_id AS rule, property_{name}_id AS scope FROM {table}"
        ):
            scope[row["rule"]].add(row["scope"])
        return scope

    # --- readings ---------------------------------------------------------

    def readings(self):
        """In the end no accepted reading of a billed period is left without its bill."""
        if not self.settled:
            return
        for row in self.rows(
            """SELECT reading.id, reading.date, rule.id AS rule
                 FROM property_meter_reading reading
                 JOIN property_meter meter ON meter.id = reading.meter_id
                 JOIN property_fee_rule rule ON rule.commodity = reading.commodity
                  AND rule.method = 'metered' AND rule.company_id = reading.company_id
                  AND rule.active AND rule.date_from <= reading.date
                  AND COALESCE(rule.date_to, 'infinity') >= reading.date
                WHERE reading.state = 'accepted' AND reading.previous_id IS NOT NULL
                  AND reading.unit_id IS NOT NULL AND meter.payer IS DISTINCT FROM 'estate'
                  AND EXISTS (
                      SELECT FROM property_billing_run run
                        JOIN property_billing_run_property_estate_rel rel
                          ON rel.property_billing_run_id = run.id
                         AND rel.property_estate_id = reading.estate_id
                       WHERE run.state IN ('posted', 'delivered', 'closed')
                         AND run.period_end >= reading.date)
                  AND NOT EXISTS (
                      SELECT FROM property_billing_issue issue
                       WHERE issue.unit_id = reading.unit_id AND issue.fee_rule_id = rule.id
                         AND issue.level = '1_error' AND issue.kind <> 'missing_reading')"""
        ):
            yield (
                f"reading {row['id']} of {row['date']} is accepted and never billed by the fee"
                f" {row['rule']}"
            )
