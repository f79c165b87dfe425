from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo import fields, models
from odoo.fields import Command

from ..calc.money import distribute, plain, round_amount, to_decimal, to_fraction
from ..calc.periods import ONE_DAY, Period, overlap
from ..calc.proration import Holder, ProrationError, chargeable_parts, payer_stretches
from ..calc.reading_rules import NOTE
from ..calc.tariff import Consumption, YearKey, price_usage
from ..calc.tariff_terms import NegativeUsage, TariffError

EXPLANATION_SCHEMA = 1
#: decimals of a share of usage, more only where the meter's multiplier makes more
USAGE_DIGITS = 4


def share_usage(total, weights):
    """Split usage so that the parts add up to it, exactly."""
    decimals = -to_decimal(total).normalize().as_tuple().exponent
    return distribute(total, weights, max(USAGE_DIGITS, decimals))


@dataclass
class Fee:
    """A fee rule, one whole period of it, and what is known of its units."""

    run: object
    rule: object
    whole: Period
    units: object
    holders: dict = field(default_factory=dict)
    charged: dict = field(default_factory=dict)
    #: (unit, tariff, year) → (first day, quantity) of usage that this run adds to counters
    deltas: dict = field(default_factory=dict)
    #: counters of other payers within the period, per unit: what is billed again for one of
    #: them goes on where theirs stopped
    inside: dict = field(default_factory=dict)
    #: usage rows that charges in force have of each reading
    taken: dict = field(default_factory=dict)


class PropertyChargeBuilder(models.AbstractModel):
    """Turns fee rules, holders and readings into charges.

    Reads everything in a number of queries that does not depend on the number
    of units; the arithmetic stands in ``calc``.
    """

    _name = "property.charge.builder"
    _description = "Charge Builder"

    def _build(self, run, units):
        """Values of the charges and of the issues of ``units`` in ``run``."""
        charges, issues = [], []
        period = Period(run.period_start, run.period_end)
        # corrections of earlier periods come first: they move the counters
        # that this period goes on from
        deltas = self._build_corrections(run, units, charges, issues)
        occupancies = self._get_occupancies(units)
        for rule in run._get_fee_rules():
            caught = rule._match_units(units)
            if not caught:
                continue
            for whole in rule._get_due_periods(period):
                fee = Fee(run, rule, whole, caught, deltas=deltas)
                fee.holders = self._get_holders(caught, occupancies)
                fee.charged = self._get_charged(rule, caught, whole)
                build = getattr(self, f"_build_{rule.method}")
                build(fee, charges, issues)
        return charges, issues

    # --- what is known ----------------------------------------------------

    def _get_occupancies(self, units):
        return (
            self.env["property.occupancy"]
            .search_fetch(
                [("unit_id", "in", units.ids), ("state", "!=", "cancelled")],
                ["unit_id", "kind", "date_start", "date_end", "self_use", "partner_id", "payer_id"],
            )
            .grouped("unit_id")
        )

    def _get_holders(self, units, occupancies):
        return {
            unit: [
                Holder(
                    key=occupancy.id,
                    kind=occupancy.kind,
                    start=occupancy.date_start,
                    end=occupancy.date_end or None,
                    self_use=occupancy.self_use,
                )
                for occupancy in occupancies.get(unit, ())
            ]
            for unit in units
        }

    def _get_charged(self, rule, units, whole):
        """Days of ``whole`` that are charged already, per unit."""
        charged = defaultdict(list)
        for charge in self.env["property.charge"].search_fetch(
            [
                ("fee_rule_id", "=", rule.id),
                ("unit_id", "in", units.ids),
                ("kind", "=", "regular"),
                ("state", "!=", "void"),
                ("period_start", "<=", whole.end),
                ("period_end", ">=", whole.start),
            ],
            ["unit_id", "period_start", "period_end"],
        ):
            charged[charge.unit_id].append(Period(charge.period_start, charge.period_end))
        return charged

    def _get_stretches(self, fee, unit, quantity, issues):
        """Days and payers of the unit in the fee's period; problems are listed."""
        try:
            stretches = payer_stretches(
                fee.whole,
                fee.holders[unit],
                fee.rule.payer,
                quantities=[(date.min, to_decimal(quantity))],
                valid_from=fee.rule.date_from,
                valid_to=fee.rule.date_to or None,
                rent_free=fee.charged.get(unit, ()),
            )
        except ProrationError as error:
            issues.append(self._issue(fee, unit, "error", str(error)))
            return []
        unpaid = [stretch for stretch in stretches if stretch.payer is None]
        if unpaid:
            issues.append(
                self._issue(
                    fee,
                    unit,
                    "no_payer",
                    self.env._(
                        "Unit %(unit)s has nobody to bill for %(fee)s from %(start)s until"
                        " %(end)s. Enter its owner.",
                        unit=unit.display_name,
                        fee=fee.rule.name,
                        start=unpaid[0].period.start,
                        end=unpaid[-1].period.end,
                    ),
                )
            )
        return [stretch for stretch in stretches if stretch.payer is not None]

    # --- charges ----------------------------------------------------------

    def _issue(self, fee, unit, kind, message, level="1_error", **values):
        return {
            "estate_id": unit.estate_id.id,
            "unit_id": unit.id,
            "fee_rule_id": fee.rule.id,
            "product_id": fee.rule.product_id.id,
            "kind": kind,
            "level": level,
            "message": message,
            **values,
        }

    def _charge(self, fee, unit, stretch, amount, explanation, **values):
        occupancy = self.env["property.occupancy"].browse(stretch.payer)
        return {
            "run_id": fee.run.id,
            "kind": "regular",
            "state": "draft",
            "fee_rule_id": fee.rule.id,
            "product_id": fee.rule.product_id.id,
            "unit_id": unit.id,
            "occupancy_id": occupancy.id,
            "partner_id": occupancy._get_payer().id,
            "period_start": stretch.period.start,
            "period_end": stretch.period.end,
            "amount": float(amount),
            "explanation": {
                "schema_version": EXPLANATION_SCHEMA,
                "method": fee.rule.method,
                "unit": unit.code,
                "date_from": stretch.period.start.isoformat(),
                "date_to": stretch.period.end.isoformat(),
                "days": stretch.days,
                "days_of_period": fee.whole.days,
                "amount": str(amount),
                **explanation,
            },
            **values,
        }

    def _build_rated(self, fee, unit, quantity, explanation, charges, issues, **values):
        """Charges of rate × quantity, prorated by days."""
        digits = fee.rule.currency_id.decimal_places
        for stretch in self._get_stretches(fee, unit, quantity, issues):
            exact = stretch.amount(to_decimal(fee.rule.rate), fee.whole)
            charges.append(
                self._charge(
                    fee,
                    unit,
                    stretch,
                    round_amount(exact, digits),
                    {
                        "rate": plain(to_decimal(fee.rule.rate)),
                        "quantity": plain(stretch.quantity),
                        **explanation,
                    },
                    quantity=float(stretch.quantity),
                    **values,
                )
            )

    def _build_area(self, fee, charges, issues):
        basis = fee.rule.area_basis
        for unit in fee.units:
            area = unit.area_net if basis == "net" else unit.area_gross
            if not area:
                issues.append(
                    self._issue(
                        fee,
                        unit,
                        "no_quantity",
                        self.env._(
                            "Unit %(unit)s has no area, so %(fee)s cannot be charged."
                            " Enter the area.",
                            unit=unit.display_name,
                            fee=fee.rule.name,
                        ),
                    )
                )
                continue
            self._build_rated(
                fee, unit, area, {"area_basis": basis}, charges, issues, uom_name="m²"
            )

    def _build_fixed(self, fee, charges, issues):
        for unit in fee.units:
            self._build_rated(fee, unit, 1, {}, charges, issues)

    # --- metered ----------------------------------------------------------

    def _build_metered(self, fee, charges, issues):
        """Usage of the accepted readings that no charge of this fee holds yet."""
        fee.taken, readings = self._get_unbilled_readings(fee)
        self._list_missing(fee, issues)
        for earlier, again in self._get_taken_back(fee, readings):
            self._build_readings(earlier, again.grouped("unit_id"), charges, issues)
            readings -= again
        self._build_readings(fee, readings.grouped("unit_id"), charges, issues)

    def _get_taken_back(self, fee, readings):
        """Usage of earlier periods whose bill was taken back; see the builder of it.

        Returns pairs of the fee in the earlier period and the readings, in date order.
        """
        return []

    def _build_readings(self, fee, readings, charges, issues):
        if not readings:
            return
        units = self.env["property.unit"].browse([unit.id for unit in readings])
        positions = self.env["property.tariff.counter"]._get_positions(
            fee.rule.tariff_id, units, fee.whole.start
        )
        fee.inside = self.env["property.tariff.counter"]._get_rows_between(
            fee.rule.tariff_id, units.filtered(fee.charged.get), fee.whole.start, fee.whole.end
        )
        terms = fee.rule.tariff_id._get_terms()[fee.rule.tariff_id.id]
        for unit, of_unit in readings.items():
            self._build_unit_metered(fee, unit, of_unit, terms, positions, charges, issues)

    def _get_unbilled_readings(self, fee):
        """Usage rows in force by reading, and accepted readings that they do not exhaust.

        Late readings of earlier periods are among them, and those of which only the
        share of one payer was taken back: nothing is forgotten.
        """
        readings = self.env["property.meter.reading"].search_fetch(
            [
                ("unit_id", "in", fee.units.ids),
                ("commodity", "=", fee.rule.commodity),
                ("state", "in", ("accepted", "billed")),
                ("date", "<=", fee.whole.end),
                ("date", ">=", fee.rule.date_from),
                ("previous_id", "!=", False),
                ("correction_of_id", "=", False),
                ("meter_id.payer", "!=", "estate"),
            ],
            [
                "meter_id",
                "unit_id",
                "date",
                "date_from",
                "usage",
                "register",
                "index_value",
                "index_previous",
                "multiplier",
                "rolled_over",
                "estimated",
            ],
            order="unit_id, date, meter_id, id",
        )
        taken = (
            self.env["property.charge.usage"]
            .search_fetch(
                [
                    ("reading_id", "in", readings.ids),
                    ("fee_rule_id", "=", fee.rule.id),
                    ("kind", "=", "regular"),
                    ("is_void", "=", False),
                ],
                ["reading_id", "date_from", "date_to", "quantity"],
            )
            .grouped("reading_id")
        )
        return taken, readings.filtered(
            lambda reading: reading not in taken or self._get_free_days(reading, taken[reading])
        )

    def _get_free_days(self, reading, taken):
        """Days of the reading's usage that no usage row of ``taken`` covers."""
        return chargeable_parts(
            self._get_days(reading),
            rent_free=[Period(row.date_from, row.date_to) for row in taken],
        )

    def _get_days(self, reading):
        """The days that the usage of the reading is for."""
        return Period(min(reading.date_from, reading.date), reading.date)

    def _list_missing(self, fee, issues):
        estates = fee.units.estate_id
        missing = self.env["property.meter"]._get_missing_readings(
            estates, fee.whole.start, fee.whole.end
        )
        caught = set(fee.units.ids)
        needed = self.env["property.meter"].union(
            *(
                meter
                for meter in missing
                if meter.commodity == fee.rule.commodity
                and meter.payer != "estate"
                and meter.unit_id.id in caught
            )
        )
        for meter, severity in needed._get_unread_severity().items():
            issues.append(
                self._issue(
                    fee,
                    meter.unit_id,
                    "missing_reading",
                    self.env._(
                        "Meter %(meter)s of unit %(unit)s has no reading for the period."
                        " Read or estimate it.",
                        meter=meter.display_name,
                        unit=meter.unit_id.display_name,
                    ),
                    level="3_info" if severity == NOTE else "1_error",
                    meter_id=meter.id,
                )
            )

    def _build_unit_metered(self, fee, unit, readings, terms, positions, charges, issues):
        stretches = self._get_stretches(fee, unit, 1, issues)
        if not stretches:
            return
        shares = self._share_usage(fee, stretches, readings)
        counters = {
            YearKey(basis, start): to_decimal(quantity)
            for (unit_id, basis, start), quantity in positions.items()
            if unit_id == unit.id
        }
        for (unit_id, tariff_id, key), more in fee.deltas.items():
            if (unit_id, tariff_id) == (unit.id, fee.rule.tariff_id.id):
                counters[key] = to_fraction(counters.get(key, 0)) + sum(
                    (quantity for day, quantity in more if day < fee.whole.start), Fraction(0)
                )
        began = {holder.key: holder.start for holder in fee.holders[unit]}
        others = list(fee.inside.get(unit, ()))
        for stretch, rows in zip(stretches, shares, strict=True):
            if not rows:
                continue
            while others and others[0].date_from < stretch.period.start:
                other = others.pop(0)
                key = YearKey(other.basis, other.year_start)
                counters[key] = to_fraction(counters.get(key, 0)) + to_fraction(
                    to_decimal(other.quantity)
                )
            by_register = defaultdict(Decimal)
            for row in rows:
                by_register[row["reading"].register or ""] += row["quantity"]
            try:
                price = price_usage(
                    Consumption(
                        stretch.period,
                        dict(by_register),
                        fee.whole,
                        contract_start=began[stretch.payer],
                    ),
                    terms,
                    counters,
                    digits=fee.rule.currency_id.decimal_places,
                )
            except NegativeUsage as error:
                issues.append(self._issue(fee, unit, "negative_usage", str(error)))
                return
            except TariffError as error:
                issues.append(
                    self._issue(
                        fee,
                        unit,
                        "tariff",
                        self.env._(
                            "Tariff %(tariff)s: %(error)s. Complete its versions.",
                            tariff=fee.rule.tariff_id.name,
                            error=error,
                        ),
                    )
                )
                return
            counters.update(price.counter_close)
            if fee.whole.end < fee.run.period_start:
                for key, closing in price.counter_close.items():
                    fee.deltas[unit.id, fee.rule.tariff_id.id, key].append(
                        (stretch.period.start, closing - price.counter_open[key])
                    )
            charges.append(self._metered_charge(fee, unit, stretch, rows, price))

    def _share_usage(self, fee, stretches, readings):
        """Rows of usage per stretch: a reading between two payers is split by days.

        What was used before the first stretch or after the last belongs to it. Of a
        reading that is billed in part the rest is shared over the days left.
        """
        shares = [[] for _stretch in stretches]
        starts = [date.min, *(stretch.period.start for stretch in stretches[1:])]
        ends = [*(start - ONE_DAY for start in starts[1:]), date.max]
        for reading in readings:
            taken = fee.taken.get(reading, ())
            parts = [
                (number, part)
                for number, (start, end) in enumerate(zip(starts, ends, strict=True))
                for free in self._get_free_days(reading, taken)
                if (part := overlap(free, Period(start, end)))
            ]
            left = to_decimal(reading.usage) - sum(to_decimal(row.quantity) for row in taken)
            quantities = share_usage(left, [part.days for _number, part in parts])
            for (number, part), quantity in zip(parts, quantities, strict=True):
                shares[number].append(
                    {
                        "reading": reading,
                        "quantity": quantity,
                        "date_from": part.start,
                        "date_to": part.end,
                        "days": part.days,
                        "days_of_reading": self._get_days(reading).days,
                    }
                )
        return shares

    def _metered_charge(self, fee, unit, stretch, rows, price):
        usage = price.consumption.total
        versions = {line.version for line in price.lines}
        return self._charge(
            fee,
            unit,
            stretch,
            price.total,
            {
                "tariff": fee.rule.tariff_id.name,
                "tariff_id": fee.rule.tariff_id.id,
                "price": price.to_explanation(),
                "usage": [self._explain_usage(row) for row in rows],
            },
            quantity=float(usage),
            uom_name=rows[0]["reading"].meter_id.uom_name,
            tariff_version_ids=[Command.set(sorted(versions))],
            usage_ids=[
                Command.create(
                    {
                        "reading_id": row["reading"].id,
                        "register": row["reading"].register or False,
                        "date_from": row["date_from"],
                        "date_to": row["date_to"],
                        "quantity": float(row["quantity"]),
                    }
                )
                for row in rows
            ],
            counter_ids=[
                Command.create(
                    {
                        "tariff_id": fee.rule.tariff_id.id,
                        "basis": key.basis,
                        "year_start": key.start,
                        "date_from": stretch.period.start,
                        "opening": float(price.counter_open[key]),
                        "quantity": float(closing - price.counter_open[key]),
                    }
                )
                for key, closing in price.counter_close.items()
            ],
        )

    def _explain_usage(self, row):
        reading = row["reading"]
        return {
            "reading_id": reading.id,
            "meter_id": reading.meter_id.id,
            "meter": reading.meter_id.name,
            "register": reading.register or "",
            "date_from": fields.Date.to_string(row["date_from"]),
            "date_to": fields.Date.to_string(row["date_to"]),
            "index_previous": plain(to_decimal(reading.index_previous)),
            "index": plain(to_decimal(reading.index_value)),
            "multiplier": plain(to_decimal(reading.multiplier)),
            "usage": plain(to_decimal(reading.usage)),
            "quantity": plain(row["quantity"]),
            "days": row["days"],
            "days_of_reading": row["days_of_reading"],
            "rolled_over": bool(reading.rolled_over),
            "estimated": bool(reading.estimated),
        }

    # --- corrections ------------------------------------------------------

    def _build_corrections(self, run, units, charges, issues):
        """Corrections of what was billed before; see the correcting builder.

        Returns what they add to the yearly counters: (first day, quantity) per (unit,
        tariff, year).
        """
        return defaultdict(list)
