"""Metered fees recomputed from scratch: what each unit's usage costs, month by month.

The rules stand here a second time, written from the tariff's terms and not from the code
that bills: versions by date, usage spread evenly over the days, tiers that count over the
billing period or over the calendar year, minimum and standing charge by days.
"""

import calendar
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Fraction(1, 100)


def fraction(value):
    return Fraction(str(value or 0))


def to_cents(value):
    """Half-up, as a Decimal with two digits."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def days_between(start, end):
    return (end - start).days + 1


class Tariff:
    """Versions of one tariff in order of their first days."""

    def __init__(self, versions):
        self.versions = sorted(versions, key=lambda version: version["date_from"])

    def version_on(self, day):
        return [version for version in self.versions if version["date_from"] <= day][-1]

    def stretches(self, start, end):
        """(version, first day, last day), cut at new versions and new years."""
        cuts = {start} | {
            version["date_from"] for version in self.versions if start < version["date_from"] <= end
        }
        cuts |= {
            date(year, 1, 1)
            for year in range(start.year + 1, end.year + 1)
            if start < date(year, 1, 1) <= end
        }
        ordered = sorted(cuts)
        ends = [cut - timedelta(days=1) for cut in ordered[1:]] + [end]
        return [
            (self.version_on(first), first, last) for first, last in zip(ordered, ends, strict=True)
        ]


def price_at(version, register, lower):
    """Price of the tier that begins at or below ``lower``."""
    own = [tier for tier in version["tiers"] if tier["register"] == register]
    tiers = own or [tier for tier in version["tiers"] if not tier["register"]]
    fitting = [tier for tier in tiers if tier["quantity_from"] <= lower]
    return max(fitting, key=lambda tier: tier["quantity_from"])["price"]


def cost(version, opening, by_register, width=Fraction(1)):
    """What usage that begins at ``opening`` costs, exact."""
    total = sum(by_register.values())
    bounds = sorted({tier["quantity_from"] for tier in version["tiers"]})
    result = Fraction(0)
    for number, bound in enumerate(bounds):
        low = bound * width
        high = bounds[number + 1] * width if number + 1 < len(bounds) else None
        top = opening + total if high is None else min(opening + total, high)
        inside = top - max(opening, low)
        if inside > 0:
            for register, used in by_register.items():
                result += inside * used / total * price_at(version, register, bound)
    return result


class TierAudit:
    """Compares, per unit, fee and year, what was billed with what the usage costs."""

    def __init__(self, rows, settled):
        self.rows, self.settled = rows, settled

    def findings(self):
        tariffs = self.read_tariffs()
        waiting = set() if self.settled else self.read_waiting()
        billed = self.read_billed()
        rules = {
            row["id"]: row
            for row in self.rows("SELECT id, tariff_id, period FROM property_fee_rule")
        }
        for (unit, rule_id), months in sorted(self.read_usage().items()):
            rule = rules[rule_id]
            if (unit, rule_id) in waiting or rule["period"] != "month":
                continue
            expected = self.expected_by_year(tariffs[rule["tariff_id"]], months)
            for year, amount in expected.items():
                was = billed.get((unit, rule_id, year), Decimal(0))
                if was != amount:
                    yield (
                        f"unit {unit} paid {was} for the fee {rule_id} in {year},"
                        f" its usage costs {amount}"
                    )

    def expected_by_year(self, tariff, months):
        """Amount per year; ``months`` are (first day, last day, usage by register)."""
        counters, result = defaultdict(Fraction), defaultdict(Decimal)
        for start, end, by_register in sorted(months, key=lambda month: month[:2]):
            result[start.year] += self.month_amount(tariff, start, end, by_register, counters)
        return result

    def month_amount(self, tariff, start, end, by_register, counters):
        days = days_between(start, end)
        whole = calendar.monthrange(start.year, start.month)[1]
        stretches = tariff.stretches(start, end)
        period_days = sum(
            days_between(first, last)
            for version, first, last in stretches
            if version["tier_basis"] == "period"
        )
        in_period = used_cost = standing = minimum = Fraction(0)
        for version, first, last in stretches:
            share = Fraction(days_between(first, last), days)
            part = {register: used * share for register, used in by_register.items()}
            if version["tier_basis"] == "period":
                width = Fraction(period_days, whole)
                used_cost += cost(version, in_period, part, width)
                in_period += sum(part.values())
            else:
                used_cost += cost(version, counters[first.year], part)
                counters[first.year] += sum(part.values())
            of_month = Fraction(days_between(first, last), whole)
            standing += version["standing"] * of_month
            minimum += version["minimum"] * of_month
        return to_cents(max(used_cost, minimum) + standing)

    def read_tariffs(self):
        tiers = defaultdict(list)
        for row in self.rows(
            "SELECT version_id, register, quantity_from, price FROM property_tariff_tier"
        ):
            tiers[row["version_id"]].append(
                {
                    "register": row["register"] or "",
                    "quantity_from": fraction(row["quantity_from"]),
                    "price": fraction(row["price"]),
                }
            )
        versions = defaultdict(list)
        for row in self.rows(
            "SELECT id, tariff_id, date_from, tier_basis, minimum, standing"
            " FROM property_tariff_version"
        ):
            versions[row["tariff_id"]].append(
                row
                | {
                    "tiers": tiers[row["id"]],
                    "minimum": fraction(row["minimum"]),
                    "standing": fraction(row["standing"]),
                }
            )
        return {tariff_id: Tariff(rows) for tariff_id, rows in versions.items()}

    def read_usage(self):
        """(unit, rule) → months with the usage that was billed for them, corrections included."""
        months = defaultdict(lambda: defaultdict(dict))
        for row in self.rows(
            """SELECT base.unit_id, base.fee_rule_id, base.period_start, base.period_end,
                      COALESCE(usage.register, '') AS register, SUM(usage.quantity) AS quantity
                 FROM property_charge_usage usage
                 JOIN property_charge charge ON charge.id = usage.charge_id
                 JOIN property_charge base ON base.id = usage.base_charge_id
                WHERE charge.state = 'billed'
                GROUP BY 1, 2, 3, 4, 5"""
        ):
            of_unit = months[row["unit_id"], row["fee_rule_id"]]
            month = (row["period_start"], row["period_end"])
            of_unit[month][row["register"]] = fraction(row["quantity"])
        return {
            key: [(start, end, used) for (start, end), used in of_unit.items()]
            for key, of_unit in months.items()
        }

    def read_billed(self):
        """(unit, rule, year) → amount billed; credit notes in part are no usage."""
        result = defaultdict(Decimal)
        for row in self.rows(
            """SELECT charge.unit_id, charge.fee_rule_id, charge.period_start, charge.amount
                 FROM property_charge charge
                 JOIN property_fee_rule rule ON rule.id = charge.fee_rule_id
                 JOIN account_move move ON move.id = charge.move_id
                WHERE charge.state = 'billed' AND rule.method = 'metered'
                  AND (charge.kind = 'regular' OR move.reversed_entry_id IS NULL)"""
        ):
            result[row["unit_id"], row["fee_rule_id"], row["period_start"].year] += row["amount"]
        return result

    def read_waiting(self):
        """(unit, rule) with usage whose bill, or whose correction, is still to come."""
        return {
            (row["unit_id"], row["rule_id"])
            for row in self.rows(
                """SELECT DISTINCT reading.unit_id, rule.id AS rule_id
                     FROM property_meter_reading reading
                     JOIN property_fee_rule rule ON rule.commodity = reading.commodity
                    WHERE reading.state = 'accepted' AND reading.previous_id IS NOT NULL
                      AND reading.date <= (
                          SELECT MAX(charge.period_end) FROM property_charge charge
                           WHERE charge.unit_id = reading.unit_id
                             AND charge.fee_rule_id = rule.id AND charge.state = 'billed')
                    UNION
                   SELECT void.unit_id, void.fee_rule_id
                     FROM property_charge void
                    WHERE void.state = 'void' AND void.kind IN ('regular', 'correction')
                      AND EXISTS (SELECT FROM property_charge_usage usage
                                   WHERE usage.charge_id = void.id)
                      AND NOT EXISTS (
                          SELECT FROM property_charge again
                           WHERE again.unit_id = void.unit_id
                             AND again.fee_rule_id = void.fee_rule_id
                             AND again.period_start = void.period_start
                             AND again.kind = void.kind
                             AND again.state = 'billed' AND again.id > void.id)
                    UNION
                   SELECT void.unit_id, void.fee_rule_id
                     FROM property_charge void
                     JOIN property_charge again
                       ON again.unit_id = void.unit_id AND again.fee_rule_id = void.fee_rule_id
                      AND again.kind = 'regular' AND again.state = 'billed'
                      AND again.period_start <= void.period_end
                      AND again.period_end >= void.period_start
                    WHERE void.state = 'void' AND void.kind = 'regular'
                    GROUP BY void.id HAVING SUM(again.quantity) <> void.quantity
                    UNION
                   SELECT unit_id, fee_rule_id FROM property_charge
                    WHERE state = 'void' AND kind = 'correction'"""
            )
        }
