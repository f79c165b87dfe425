from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from odoo import models
from odoo.fields import Command
from odoo.tools import SQL

from ..calc.money import plain, to_decimal
from ..calc.periods import Period
from ..calc.proration import chargeable_parts
from ..calc.retier import retier
from ..calc.tariff import Consumption, TariffError, YearKey
from .property_charge_builder import EXPLANATION_SCHEMA, share_usage


@dataclass
class Change:
    """Billed usage of one unit and fee that turned out to be wrong."""

    unit: object
    rule: object
    #: (correcting reading, billed charge, register, quantity more or less, its days)
    rows: list = field(default_factory=list)
    #: charges after which the tiers were left as they had been without them
    charges: object = ()


class PropertyChargeBuilder(models.AbstractModel):
    """Corrections of billed readings.

    A late correction of one month changes the tiers of the later ones too: all
    of them are computed anew, and the difference is one signed charge for each
    payer. The bills themselves stay as they are.
    """

    _inherit = "property.charge.builder"

    def _build_corrections(self, run, units, charges, issues):
        deltas = super()._build_corrections(run, units, charges, issues)
        readings = self.env["property.meter.reading"]._get_corrections(
            run.estate_ids, run.period_end
        )
        readings = readings.filtered(lambda reading: reading.unit_id in units)
        readings |= self._get_billed_in_part(units, run.period_end)
        changes = self._get_changes(readings, self._get_replaced(units))
        changed = units.browse({change.unit.id for change in changes})
        waiting = self._get_waiting(changed) if changed else set()
        begun = self._get_begun(changed) if changed else set()
        for change in changes:
            if (change.unit, change.rule) in begun:
                continue
            if (change.unit, change.rule) in waiting:
                issues.append(self._explain_waiting(change))
            else:
                self._build_correction(run, change, charges, issues, deltas)
        return deltas

    def _get_begun(self, units):
        """(unit, fee rule) with a correction that another run has not posted yet, or that
        waits for the next bill: what comes after it is corrected when it is billed."""
        return {
            (charge.unit_id, charge.fee_rule_id)
            for charge in self.env["property.charge"].search_fetch(
                [
                    ("unit_id", "in", units.ids),
                    ("kind", "=", "correction"),
                    ("state", "in", ("draft", "ready")),
                ],
                ["unit_id", "fee_rule_id"],
            )
        }

    def _get_billed_in_part(self, units, date_to):
        """Corrections of which a part is on no bill: one payer's was taken back, or one fee
        had to wait when the other was corrected."""
        Reading = self.env["property.meter.reading"]
        for name in ("property.charge.usage", Reading._name):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT correction.id
                     FROM property_meter_reading correction
                     JOIN property_charge_usage original
                       ON original.reading_id = correction.correction_of_id
                      AND original.is_void IS NOT TRUE
                    WHERE correction.state = 'billed' AND correction.date <= %(date_to)s
                      AND correction.unit_id = ANY(%(units)s)
                      AND correction.usage_billable <> (
                          SELECT COALESCE(SUM(part.quantity), 0)
                            FROM property_charge_usage part
                           WHERE part.reading_id = correction.id
                             AND part.fee_rule_id = original.fee_rule_id
                             AND part.is_void IS NOT TRUE)""",
                date_to=date_to,
                units=units.ids,
            )
        )
        return Reading.browse([reading_id for (reading_id,) in rows])

    def _get_replaced(self, units):
        """Charges that bill something else than those taken back for the same days:
        (unit, fee rule) → charges. See the builder of what is billed again."""
        return {}

    def _get_changes(self, readings, replaced):
        """Corrections per unit and fee, shared over payers as the billed usage was, and
        charges that changed the tiers after them."""
        changes = {
            key: Change(*key, charges=charges) for key, charges in sorted(replaced.items(), key=str)
        }
        billed = self.env["property.charge.usage"].search(
            [
                ("reading_id", "in", readings.correction_of_id.ids),
                ("is_void", "=", False),
                ("base_charge_id.state", "=", "billed"),
            ]
        )
        by_reading = billed.grouped("reading_id")
        in_part = readings.filtered(lambda reading: reading.state == "billed")
        taken = billed.search([("reading_id", "in", in_part.ids), ("is_void", "=", False)]).grouped(
            lambda usage: (usage.reading_id, usage.fee_rule_id)
        )
        for reading in readings:
            if reading.correction_of_id in in_part:
                # what it corrects has to be whole, so that each payer gets a share
                continue
            rows = by_reading.get(reading.correction_of_id, billed.browse())
            for rule, of_rule in rows.grouped("fee_rule_id").items():
                key = (reading.unit_id, rule)
                parts = self._share_correction(reading, of_rule, taken.get((reading, rule), ()))
                if parts:
                    changes.setdefault(key, Change(*key)).rows += parts
        return list(changes.values())

    def _share_correction(self, reading, billed, taken):
        """Rows of a change: what no part of the correction in ``taken`` holds yet, shared
        over the days of the ``billed`` usage that they leave."""
        held = [Period(row.date_from, row.date_to) for row in taken]
        parts = [
            (row, days)
            for row in billed
            for days in chargeable_parts(Period(row.date_from, row.date_to), rent_free=held)
        ]
        if not parts:
            return []
        left = to_decimal(reading.usage_billable) - sum(to_decimal(row.quantity) for row in taken)
        return [
            (reading, row.base_charge_id, row.register or "", quantity, days)
            for (row, days), quantity in zip(
                parts, share_usage(left, [days.days for _row, days in parts]), strict=True
            )
        ]

    def _build_correction(self, run, change, charges, issues, deltas):
        unit, rule = change.unit, change.rule
        changed = self.env["property.charge"].union(
            *(row[1] for row in change.rows), *change.charges
        )
        history = self.env["property.charge"].search(
            [
                ("unit_id", "=", unit.id),
                ("fee_rule_id", "=", rule.id),
                ("kind", "=", "regular"),
                ("state", "=", "billed"),
                ("period_start", ">=", min(changed.mapped("period_start"))),
            ],
            order="period_start",
        )
        used = self._get_billed_usage(history)
        new = {charge: dict(by_register) for charge, by_register in used.items()}
        for _reading, charge, register, quantity, _days in change.rows:
            new[charge][register] = new[charge].get(register, Decimal(0)) + quantity
        positions = self.env["property.tariff.counter"]._get_positions(
            rule.tariff_id, unit, history[0].period_start
        )
        periods = {charge: Period(charge.period_start, charge.period_end) for charge in history}
        wholes = {charge: rule._get_whole_period(charge.period_start) for charge in history}
        try:
            result = retier(
                [
                    Consumption(
                        periods[charge],
                        used[charge],
                        wholes[charge],
                        contract_start=charge.occupancy_id.date_start,
                    )
                    for charge in history
                ],
                {periods[charge]: new[charge] for charge in changed},
                rule.tariff_id._get_terms()[rule.tariff_id.id],
                {
                    YearKey(basis, start): to_decimal(quantity)
                    for (_unit, basis, start), quantity in positions.items()
                },
                digits=rule.currency_id.decimal_places,
                billed=self._get_billed_amounts(history, periods),
            )
        except TariffError as error:
            issues.append(
                {
                    "estate_id": unit.estate_id.id,
                    "unit_id": unit.id,
                    "fee_rule_id": rule.id,
                    "product_id": rule.product_id.id,
                    "kind": "tariff",
                    "message": self.env._(
                        "The correction of unit %(unit)s cannot be computed: %(error)s",
                        unit=unit.display_name,
                        error=error,
                    ),
                }
            )
            return
        of_period = {period: charge for charge, period in periods.items()}
        by_payer = defaultdict(list)
        for row in result.rows:
            by_payer[of_period[row.period].occupancy_id].append((of_period[row.period], row))
        for occupancy, rows in by_payer.items():
            self._add_correction(run, change, occupancy, rows, charges, deltas)

    def _get_billed_usage(self, history):
        """Usage per charge and register as billed, corrections so far included."""
        used = {charge: {} for charge in history}
        for charge, register, quantity in self.env["property.charge.usage"]._read_group(
            [("base_charge_id", "in", history.ids), ("charge_id.state", "=", "billed")],
            ["base_charge_id", "register"],
            ["quantity:sum"],
        ):
            used[charge][register or ""] = to_decimal(quantity)
        return used

    def _get_billed_amounts(self, history, periods):
        """What was billed for each period so far. A correction says itself how much of it
        was for which period; what was credited out of good will is no usage."""
        corrections = self.env["property.charge"].search(
            [
                ("unit_id", "in", history.unit_id.ids),
                ("fee_rule_id", "in", history.fee_rule_id.ids),
                ("kind", "=", "correction"),
                ("state", "=", "billed"),
                ("period_end", ">=", min(history.mapped("period_start"))),
            ]
        )
        billed = {periods[charge]: to_decimal(charge.amount) for charge in history}
        for correction in corrections:
            for row in (correction.explanation or {}).get("correction", ()):
                day = date.fromisoformat(row["date_from"])
                period = next((period for period in billed if day in period), None)
                if period:
                    billed[period] += Decimal(row["difference"])
        return billed

    def _add_correction(self, run, change, occupancy, rows, charges, deltas):
        own = self.env["property.charge"].union(*(charge for charge, _row in rows))
        usage = [row for row in change.rows if row[1] in own]
        amount = sum((row.difference for _charge, row in rows), Decimal(0))
        if not usage and not amount:
            return
        first = usage[0][1] if usage else next(c for c, row in rows if row.difference)
        partner = occupancy._get_payer()
        shown = [row for _charge, row in rows if row.difference or row.old_usage != row.new_usage]
        # corrections that cancel each other out are on record, too
        shown = shown or [row for charge, row in rows if charge == first]
        charges.append(
            {
                "run_id": run.id,
                "kind": "correction",
                "state": "draft",
                "fee_rule_id": change.rule.id,
                "product_id": change.rule.product_id.id,
                "unit_id": change.unit.id,
                "occupancy_id": occupancy.id,
                "partner_id": partner.id,
                "period_start": first.period_start,
                "period_end": max(row.period.end for row in shown),
                "correction_of_id": first.id,
                "correction_revision": first._get_next_revision(),
                "amount": float(amount),
                "quantity": float(sum((row[3] for row in usage), Decimal(0))),
                "uom_name": first.uom_name,
                "explanation": {
                    "schema_version": EXPLANATION_SCHEMA,
                    "method": "correction",
                    "unit": change.unit.code,
                    "date_from": first.period_start.isoformat(),
                    "date_to": max(row.period.end for row in shown).isoformat(),
                    "amount": str(amount),
                    "tariff": change.rule.tariff_id.name,
                    "tariff_id": change.rule.tariff_id.id,
                    "correction": [self._explain_row(row) for row in shown],
                },
                "usage_ids": [self._usage_command(*row) for row in usage],
                "counter_ids": self._counter_commands(change, rows, deltas),
            }
        )

    def _explain_row(self, row):
        return {
            "date_from": row.period.start.isoformat(),
            "date_to": row.period.end.isoformat(),
            "old_usage": plain(row.old_usage),
            "new_usage": plain(row.new_usage),
            "old_total": str(row.old_total),
            "new_total": str(row.new_total),
            "difference": str(row.difference),
            "price": row.new.to_explanation(),
        }

    def _usage_command(self, reading, charge, register, quantity, days):
        return Command.create(
            {
                "reading_id": reading.id,
                "base_charge_id": charge.id,
                "register": register or False,
                "date_from": days.start,
                "date_to": days.end,
                "quantity": float(quantity),
            }
        )

    def _counter_commands(self, change, rows, deltas):
        """What the correction adds to the yearly counters, per period corrected."""
        tariff = change.rule.tariff_id
        commands = []
        for charge, row in rows:
            for key, closing in row.new.counter_close.items():
                before = row.old.counter_close[key] - row.old.counter_open[key]
                more = closing - row.new.counter_open[key] - before
                if not more:
                    continue
                deltas[change.unit.id, tariff.id, key].append((charge.period_start, more))
                commands.append(
                    Command.create(
                        {
                            "tariff_id": tariff.id,
                            "basis": key.basis,
                            "year_start": key.start,
                            "date_from": charge.period_start,
                            "opening": float(row.new.counter_open[key]),
                            "quantity": float(more),
                        }
                    )
                )
        return commands
