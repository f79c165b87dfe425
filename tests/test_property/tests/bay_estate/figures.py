"""What the year came to, as a text that ./test shows at its end."""

import os
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from statistics import median

from .collector import REREAD
from .plan import YEAR

#: what was published and must be found, whatever else: a month below zero, a bulk meter
#: that stands still above flats in use, irrigation that stops, and jumps
KNOWN = {
    ("E0007", 9): "lower_than_last",
    ("W0183", 10): "stopped",
    ("W0294", 9): "far_from_history",
    ("W0008", 7): "far_from_history",
    ("W0009", 9): "far_from_history",
    ("W0186", 7): "far_from_history",
    ("E0043", 10): "far_from_history",
    ("W0237", 12): "far_from_history",
}
#: a jump that somebody who sees the whole year calls odd: so many times the other months'
#: median and so many units beyond it; a drop to a fifth of it and so many units below
JUMP, DROP = 3, Decimal("0.2")
UNITS = {"water_cold": 15, "electricity": 150}


class Figures:
    def __init__(self, plan):
        self.plan = plan
        self.seconds = Counter()
        self.imported = {}
        self.readings = 0
        self.findings, self.flagged, self.by_month = Counter(), {}, Counter()
        self.decisions = Counter()
        self.slips_found = 0
        self.bills = self.credits = self.lines = self.letters = self.corrections = 0
        self.amounts, self.tax, self.total = Counter(), Decimal(0), Decimal(0)
        self.losses = {}

    def note_flagged(self, month, readings):
        self.readings += len(readings)
        for reading in readings:
            codes = {found["code"] for found in reading.findings or ()}
            self.findings.update(codes)
            if reading.state == "flagged":
                key = (self.plan.dials[reading.meter_id.name].code, month)
                self.flagged[key] = self.flagged.get(key, set()) | codes
                self.by_month[month] += 1

    def note_decisions(self, decisions):
        self.decisions.update(decision.what for decision in decisions)
        self.slips_found += sum(1 for decision in decisions if decision.what == REREAD)

    def note_bills(self, bills, corrections):
        self.bills += len(bills)
        self.credits += sum(1 for bill in bills.values() if bill["total"] < 0)
        self.lines += sum(len(bill["lines"]) for bill in bills.values())
        self.corrections += corrections
        for bill in bills.values():
            for item, _unit, amount in bill["lines"]:
                self.amounts[item] += amount
            self.tax += bill["tax"]
            self.total += bill["total"]

    # --- by hindsight -------------------------------------------------------

    def oddities(self):
        """(meter, month) that who knows the whole year calls odd, and planted mistakes."""
        odd = {
            (self.plan.dials[look.number].code, look.month)
            for look in self.plan.looks
            if look.written not in (None, look.index)
        }
        before = {}
        for look in self.plan.looks:
            if look.index < before.get(look.number, look.index):
                odd.add((self.plan.dials[look.number].code, look.month))
            before[look.number] = look.index
        for code, meter in self.plan.published.items():
            for month, usage in meter.usage.items():
                others = median(used for other, used in meter.usage.items() if other != month)
                least = UNITS[meter.commodity]
                high = usage > JUMP * others and usage - others >= least
                low = usage < DROP * others and others - usage >= least
                if high or low or usage < 0 or self.used_when_vacant(code, month):
                    odd.add((code, month))
        return odd

    def used_when_vacant(self, code, month):
        """Whether more than a unit was used in a home that stood empty."""
        unit = self.plan.units.get(self.plan.places[code][1])
        if not unit or unit.usage == "common" or self.plan.published[code].usage[month] <= 1:
            return False
        day = self.plan.reading_day(code, month)
        since = self.plan.reading_day(code, month - 1)
        return not any(
            hold.unit == unit.code
            and (hold.kind == "tenant" or hold.self_use)
            and hold.start <= day
            and (hold.end is None or hold.end > since)
            for hold in self.plan.holds
        )

    # --- the text -----------------------------------------------------------

    def text(self, months):
        odd = {key for key in self.oddities() if key[1] in months}
        right = len(self.flagged.keys() & odd)
        slips = sum(
            1
            for look in self.plan.looks
            if look.month in months and look.written not in (None, look.index)
        )
        lines = [
            f"Bay estate, {len(months)} months of {YEAR}",
            "  imported: " + ", ".join(f"{count} {what}" for what, count in self.imported.items()),
            f"  readings: {self.readings}; flagged: {len(self.flagged)}"
            f" ({100 * len(self.flagged) / self.readings:.1f} %), by month: "
            + " ".join(str(self.by_month[month]) for month in months),
            "  findings: " + self._list(self.findings),
            f"  odd by hindsight: {len(odd)}, of them flagged: {right};"
            f" flagged for nothing: {len(self.flagged) - right}"
            f" ({100 * (len(self.flagged) - right) / self.readings:.1f} % of the readings);"
            f" readers' slips: {slips}, found: {self.slips_found}",
            "  decided: " + self._list(self.decisions),
            f"  bills: {self.bills} with {self.lines} lines, {self.credits} credit notes,"
            f" {self.corrections} corrections, {self.letters} payment notices",
            *(f"    {amount:>14,.2f}  {item}" for item, amount in sorted(self.amounts.items())),
            f"    {self.total:>14,.2f}  in all, tax {self.tax:,.2f} included",
            *self._loss_lines(months),
            "  seconds: "
            + ", ".join(f"{what} {took:.0f}" for what, took in self.seconds.most_common()),
        ]
        return "\n".join(lines) + "\n"

    @staticmethod
    def _list(counter):
        return ", ".join(f"{count} {what}" for what, count in counter.most_common())

    def _loss_lines(self, months):
        """Main and zone meters by month; the buildings in one line."""
        yield "  loss in m³ (percent of the year):"
        by_meter = defaultdict(dict)
        for (code, month), (usage, _below, loss, _percent) in self.losses.items():
            if month in months:
                by_meter[code][month] = (usage, loss)
        buildings = defaultdict(lambda: (Decimal(0), Decimal(0)))
        for code, row in by_meter.items():
            meter = self.plan.published[code]
            if meter.level in ("L1", "L2"):
                yield self._loss_line(meter.name, row, months)
                continue
            for month, (usage, loss) in row.items():
                both = buildings[month]
                buildings[month] = (both[0] + usage, both[1] + loss)
        yield self._loss_line(f"{len(by_meter)} parents without the zones", buildings, months)

    @staticmethod
    def _loss_line(name, row, months):
        cells = " ".join(f"{row[month][1]:>7.0f}" for month in months)
        usage = sum(used for used, _loss in row.values())
        loss = sum(lost for _used, lost in row.values())
        percent = f"{100 * loss / usage:.1f} %" if usage else "-"
        return f"    {name[:28]:<28} {cells}  ({percent})"


def write(text):
    """To the folder that ./test shows in its summary; elsewhere to the output."""
    folder = os.environ.get("PROPERTY_TEST_FIGURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, "bay-estate.txt").write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
