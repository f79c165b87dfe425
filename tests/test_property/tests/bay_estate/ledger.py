"""Every bill and every loss computed a second time, from the published usage, the plan
and the collector's decisions alone. Shares no code with the addons on purpose."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

from .collector import CORRECT, ESTIMATE, MISSING, REREAD
from .plan import month_end
from .terms import FEES

DAY = timedelta(days=1)


def rounded(number, places=2):
    """Half-up, away from zero, from an exact number."""
    number = Fraction(number)
    size = abs(number) * 10**places
    units = int(size) + (1 if size - int(size) >= Fraction(1, 2) else 0)
    return Decimal(units if number >= 0 else -units).scaleb(-places)


def spread(total, weights, places):
    """``total`` over ``weights``; what rounding down leaves goes to the largest rests."""
    units = abs(Fraction(total)) * 10**places
    shares = [units * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in shares]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - shares[place], place))
    for place in order[: int(units - sum(parts))]:
        parts[place] += 1
    return [Decimal(part if total >= 0 else -part).scaleb(-places) for part in parts]


def days_between(start, end):
    return max(0, (end - start).days + 1)


@dataclass
class Row:
    """What stands in the reading book for a dial and a day."""

    number: str
    day: date
    kind: str
    index: Decimal
    guess: bool = False


@dataclass
class Billed:
    """What one payer was billed for one month (or part) of a metered fee."""

    start: date
    end: date
    hold: object
    #: (row, days, quantity)
    parts: list = field(default_factory=list)

    @property
    def usage(self):
        return sum((quantity for _row, _days, quantity in self.parts), Decimal(0))


class Ledger:
    def __init__(self, plan):
        self.plan = plan
        self.book = defaultdict(list)
        self.billed = defaultdict(list)
        #: usage on bills, by id of the row
        self.charged = {}
        self.meters = defaultdict(list)
        for number, dial in plan.dials.items():
            place = plan.places[dial.code][1]
            if place:
                self.meters[place, plan.published[dial.code].commodity].append(number)

    # --- the reading book ---------------------------------------------------

    def enter(self, month, decisions):
        """Put down what was read in a month, and what was decided about it."""
        for look in self.plan.looks:
            if look.month == month and look.written is not None:
                self._insert(Row(look.number, look.day, look.kind, look.written))
        for decision in decisions:
            if decision.what == MISSING:
                row = Row(decision.number, decision.day, decision.kind, Decimal(0), True)
                self._insert(row)
                row.index = self._guess(row)
                continue
            row = self._find(decision)
            if decision.what in (REREAD, CORRECT):
                row.index, row.guess = decision.index, False
            elif decision.what == ESTIMATE:
                row.guess = True
                row.index = self._guess(row)

    def _insert(self, row):
        self.book[row.number].append(row)
        self.book[row.number].sort(key=lambda row: row.day)

    def _find(self, decision):
        return next(
            row
            for row in self.book[decision.number]
            if (row.day, row.kind) == (decision.day, decision.kind)
        )

    def _moved(self, number, start, end):
        if end < start:
            end += self.plan.dials[number].turn
        return end - start

    def usages(self, number):
        """(row, first day, usage, whether guessed) of a dial, first row left out.

        What was used from one true reading to the next is spread over the guesses
        between them by days.
        """
        rows, found, guesses = self.book[number], [], []
        if not rows:
            return found
        dial = self.plan.dials[number]
        times = dial.multiplier
        true = rows[0]
        for row in rows[1:]:
            if row.guess:
                guesses.append(row)
                continue
            moved = self._moved(number, true.index, row.index)
            ends = [true.day, *(guess.day for guess in guesses), row.day]
            weights = [(end - start).days for start, end in zip(ends, ends[1:], strict=False)]
            parts = spread(moved, weights, dial.decimals) if guesses else [moved]
            for each, start, part in zip([*guesses, row], ends, parts, strict=False):
                found.append((each, start + DAY, part * times, False))
            true, guesses = row, []
        last = true
        for guess in guesses:
            part = self._moved(number, last.index, guess.index)
            found.append((guess, last.day + DAY, part * times, True))
            last = guess
        return found

    def _guess(self, row):
        """The index by the median of the usage per day of the dial's own past."""
        dial = self.plan.dials[row.number]
        rates = []
        for number in filter(None, (row.number, dial.replaces)):
            rates += [
                Fraction(usage) / days_between(first, each.day)
                for each, first, usage, guessed in self.usages(number)
                if not guessed and each.day < row.day
            ]
        before = [each for each in self.book[row.number] if each.day < row.day][-1]
        usage = rounded(median(rates) * (row.day - before.day).days, 3)
        shown = rounded(Fraction(usage) / dial.multiplier, dial.decimals)
        return (before.index + shown) % dial.turn

    # --- who pays -----------------------------------------------------------

    def stretches(self, unit, payer, start, end):
        """(first day, last day, hold) of the days of a period that somebody pays."""
        holds = [hold for hold in self.plan.holds if hold.unit == unit]

        def hold_on(day):
            there = {
                hold.kind: hold
                for hold in holds
                if hold.start <= day and (hold.end is None or day <= hold.end)
            }
            return (None if payer == "owner" else there.get("tenant")) or there.get("owner")

        found, day = [], start
        while day <= end:
            hold = hold_on(day)
            if found and found[-1][2] is hold:
                found[-1][1] = day
            else:
                found.append([day, day, hold])
            day += DAY
        return [tuple(part) for part in found if part[2]]

    # --- charges ------------------------------------------------------------

    def charges(self, month):
        """(fee item, unit, hold, amount, whether a correction) of a month's run."""
        first, last = month_end(month).replace(day=1), month_end(month)
        for unit in self.plan.units.values():
            for fee in FEES:
                if not fee.catches(unit) or fee.since > last:
                    continue
                if fee.method == "area":
                    for start, end, hold in self.stretches(unit.code, fee.payer, first, last):
                        share = Fraction(days_between(start, end), last.day)
                        amount = rounded(Fraction(fee.rate) * Fraction(unit.area) * share)
                        yield fee, unit.code, hold, amount, False
                elif self.meters[unit.code, fee.commodity]:
                    yield from self._metered(fee, unit.code, first, last)

    def _metered(self, fee, unit, first, last):
        rows = [
            entry
            for number in self.meters[unit, fee.commodity]
            for entry in self.usages(number)
            if entry[0].day >= fee.since
        ]
        yield from self._corrections(fee, unit, rows)
        new = [entry for entry in rows if id(entry[0]) not in self.charged]
        parts = self.stretches(unit, fee.payer, first, last)
        bills = [Billed(start, end, hold) for start, end, hold in parts]
        if not bills:
            return
        starts = [date.min, *(bill.start for bill in bills[1:])]
        ends = [*(start - DAY for start in starts[1:]), date.max]
        for row, day, usage, _guessed in sorted(new, key=lambda entry: entry[0].day):
            self.charged[id(row)] = usage
            places = [
                (bill, days_between(max(day, start), min(row.day, end)))
                for bill, start, end in zip(bills, starts, ends, strict=True)
            ]
            places = [(bill, days) for bill, days in places if days]
            quantities = spread(usage, [days for _bill, days in places], 4)
            for (bill, days), quantity in zip(places, quantities, strict=True):
                bill.parts.append((row, days, quantity))
        history = self.billed[unit, fee.code]
        for bill in bills:
            if bill.parts:
                history.append(bill)
                yield fee, unit, bill.hold, self._prices(fee, history)[-1], False

    def _corrections(self, fee, unit, rows):
        """Usage on earlier bills that turned out to be another: one amount per payer."""
        history = self.billed[unit, fee.code]
        before, touched = self._prices(fee, history), []
        for row, _day, usage, _guessed in rows:
            if id(row) not in self.charged or self.charged[id(row)] == usage:
                continue
            more = usage - self.charged[id(row)]
            self.charged[id(row)] = usage
            bills = [
                (bill, days) for bill in history for each, days, _q in bill.parts if each is row
            ]
            parts = spread(more, [days for _bill, days in bills], 4)
            for (bill, days), part in zip(bills, parts, strict=True):
                # no days: what a correction adds is never shared again
                bill.parts.append((None, days, part))
                touched.append(bill.hold)
        amounts = defaultdict(Decimal)
        for bill, old, new in zip(history, before, self._prices(fee, history), strict=True):
            amounts[bill.hold] += new - old
        for hold, amount in amounts.items():
            if amount or hold in touched:
                yield fee, unit, hold, amount, True

    @staticmethod
    def _prices(fee, history):
        """What each of the bills costs, tiers by the year or by the month."""
        prices, counter = [], Fraction(0)
        for bill in history:
            usage, cost = Fraction(bill.usage), Fraction(0)
            days = days_between(bill.start, bill.end)
            of_month = Fraction(days, month_end(bill.start.month).day)
            within = Fraction(0)
            for number, terms in enumerate(fee.versions):
                until = fee.versions[number + 1].since - DAY if fee.versions[number + 1 :] else None
                valid = days_between(max(bill.start, terms.since), min(bill.end, until or bill.end))
                if not valid:
                    continue
                part = usage * valid / days
                width = 1 if terms.by_year else of_month
                opening = counter if terms.by_year else within
                cost += terms.cost(opening, opening + part, width)
                cost += Fraction(terms.standing) * of_month * valid / days
                counter, within = counter + part, within + part
            prices.append(rounded(cost))
        return prices

    # --- bills --------------------------------------------------------------

    def bills(self, month):
        """The run's bills: (payer, unit or '') → lines and sums, credits negative."""
        lines = defaultdict(list)
        for fee, unit, hold, amount, corrects in self.charges(month):
            payer = self.plan.parties[hold.payer or hold.party]
            key = (payer.ref, unit if payer.per_unit else "")
            lines[key].append((fee, unit, amount, corrects))
        return {key: self._bill(rows) for key, rows in lines.items()}

    @staticmethod
    def _bill(rows):
        untaxed = taxes = Decimal(0)
        for fee, _unit, amount, _corrects in rows:
            rate = Fraction(fee.tax, 100)
            if fee.included:
                tax = rounded(Fraction(amount) * rate / (1 + rate))
                untaxed += amount - tax
            else:
                tax = rounded(Fraction(amount) * rate)
                untaxed += amount
            taxes += tax
        return {
            "lines": sorted((fee.item, unit, amount) for fee, unit, amount, _corrects in rows),
            "untaxed": untaxed,
            "tax": taxes,
            "total": untaxed + taxes,
        }

    # --- losses -------------------------------------------------------------

    def usage_by_month(self):
        """Usage by (published meter, month), old and new dials together."""
        usage = defaultdict(Decimal)
        for number in list(self.book):
            for row, _day, used, _guessed in self.usages(number):
                usage[self.plan.dials[number].code, row.day.month] += used
        return usage

    def losses(self):
        """(parent meter, month) → (usage, usage below, loss, percent or None)."""
        usage = self.usage_by_month()
        below = defaultdict(list)
        for meter in self.plan.published.values():
            if meter.parent:
                below[meter.parent].append(meter.code)
        losses = {}
        for parent, children in below.items():
            for month in range(1, 13):
                own = usage[parent, month]
                under = sum((usage[child, month] for child in children), Decimal(0))
                percent = rounded(Fraction(own - under) / Fraction(own) * 100) if own > 0 else None
                losses[parent, month] = (own, under, own - under, percent)
        return losses
