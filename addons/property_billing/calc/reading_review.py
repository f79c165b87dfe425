"""Readings of many meters looked at together: links, findings, and what follows.

What an accepted reading says reaches further than its own row: the next one hangs on
it, estimates before it are settled, and where a bill went out on other figures a
correction is due. All of that is found out here in one walk over the readings in
date order, meters below before meters above; the caller fetches and stores.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .history import HistoryEntry
from .money import quantize
from .periods import ONE_DAY, Period
from .reading_chain import INDEX_DECIMALS, Chain, ChainRow, Link
from .reading_checks import Finding, MeterFacts, NewReading, check_reading
from .reading_rules import BLOCK, CONFIRM, DEFAULT_RULES, NOTE, ReadingRule
from .reading_use import was_used
from .usage import NoHistory, PastUsage, dial_range, estimate_usage

DRAFT, FLAGGED, ACCEPTED, BILLED = "draft", "flagged", "accepted", "billed"
KEPT = (ACCEPTED, BILLED)
SERIOUS = (BLOCK, CONFIRM)


@dataclass(frozen=True, slots=True)
class ReviewMeter:
    """What the walk must know of a meter.

    :param depth: 1 for a meter with none above it
    :param stretches: first and last days on which its unit was used; None for a
        common area or where that is not known
    :param today: local day of its estate
    :param replaces: the meter whose past is this one's past too
    """

    key: Hashable
    depth: int = 1
    digits: int = 0
    decimals: int = INDEX_DECIMALS
    multiplier: Decimal = Decimal(1)
    commodity: str | None = None
    unit_usage: str | None = None
    stretches: Sequence[tuple[date, date | None]] | None = None
    installed: date | None = None
    removed: date | None = None
    parent: Hashable | None = None
    replaces: Hashable | None = None
    today: date | None = None
    rules: Sequence[ReadingRule] = DEFAULT_RULES


@dataclass(slots=True)
class ReviewRow:
    """A reading as it is stored; the walk changes its copy as it goes.

    Keys are numbers that grow in the order of entry. ``origin`` is the first entry
    that a correction goes back to, the row's own key otherwise.
    """

    key: int
    meter: Hashable
    register: str
    date: date
    index: Decimal
    moment: object = 0
    multiplier: Decimal = Decimal(1)
    kind: str = "regular"
    source: str | None = None
    estimated: bool = False
    state: str = DRAFT
    severity: str | None = None
    codes: frozenset = frozenset()
    previous: int | None = None
    index_previous: Decimal | None = None
    date_from: date | None = None
    usage: Decimal = Decimal(0)
    rolled_over: bool = False
    correction_of: int | None = None
    origin: int | None = None

    @property
    def trusted(self) -> bool:
        """Whether the next reading may hang on this one."""
        if self.state in KEPT:
            return True
        return self.severity != BLOCK and self.correction_of is None

    @property
    def order(self):
        # A correction that is not accepted yet is judged by what came before the
        # reading that it wants to replace.
        pending = self.correction_of is not None and self.state not in KEPT
        return (self.date, self.moment, self.origin or self.key, not pending, self.key)

    def as_chain_row(self) -> ChainRow:
        return ChainRow(self.key, self.date, self.index, self.multiplier, self.estimated)

    def past(self) -> HistoryEntry | None:
        """As history; None for a first reading and a second one of a day."""
        if self.previous is None or not self.date_from or self.date_from > self.date:
            return None
        days = (self.date - self.date_from).days + 1
        return HistoryEntry(self.date, self.usage, days, self.estimated)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is found out about a reading; to be stored."""

    previous: int | None
    index_previous: Decimal | None
    date_from: date
    usage: Decimal
    rolled_over: bool
    state: str
    severity: str | None
    multiplier: Decimal
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """An estimate that a true reading settles, or (``billed``) a billed reading that
    shall say something else than it did, which a correction replaces."""

    key: int
    index: Decimal
    previous: int | None
    index_previous: Decimal | None
    date_from: date
    usage: Decimal
    rolled_over: bool
    billed: bool
    cause: int | None


@dataclass(slots=True)
class Review:
    """Result of the walk.

    ``refused`` are readings that cannot be accepted: the index is below the last one
    and the digits of the dial are not known.
    """

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)
    replaced: dict[int, int] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)


class Walk:
    """One walk over the readings of some meters.

    :param meters: key → meter: those to be walked, and those whose figures matter to
        them (below them, replaced by them)
    :param rows: stored readings that no accepted correction has replaced
    :param since: readings before this day are taken as they are
    """

    def __init__(self, meters: Mapping, rows: Iterable[ReviewRow], since: date):
        self._meters = meters
        self._since = since
        self._by_register: dict[tuple, list[ReviewRow]] = {}
        for row in rows:
            self._by_register.setdefault((row.meter, row.register), []).append(row)
        for group in self._by_register.values():
            group.sort(key=lambda row: row.order)
        self._children: dict[Hashable, list[Hashable]] = {}
        for meter in meters.values():
            if meter.parent is not None:
                self._children.setdefault(meter.parent, []).append(meter.key)
        self._review = Review()

    def run(
        self,
        walked: Collection[Hashable],
        focus: Collection[int] = (),
        decide: Collection[int] = (),
        confirm: Collection[int] = (),
        accept: Collection[int] = (),
    ) -> Review:
        """Look at the readings of the meters ``walked``.

        :param focus: readings to be checked even if their usage stays as it is
        :param decide: readings to be accepted if nothing serious is found, else
            flagged
        :param confirm: readings to be accepted if nothing blocks them, else flagged
        :param accept: readings to be accepted whatever is found
        """
        self._decide, self._confirm, self._accept = set(decide), set(confirm), set(accept)
        self._focus = set(focus) | self._decide | self._confirm | self._accept
        keys = [key for key in self._by_register if key[0] in walked]
        for key in sorted(keys, key=lambda key: -self._meters[key[0]].depth):
            self._walk_register(self._meters[key[0]], self._by_register[key])
        return self._review

    # --- one register -------------------------------------------------------

    def _walk_register(self, meter: ReviewMeter, rows: list[ReviewRow]) -> None:
        chain = Chain(meter.digits, meter.decimals)
        history = self._history_of_replaced(meter, rows[0].register)
        by_key = {row.key: row for row in rows}
        for row in rows:
            if row.key in self._review.replaced:
                continue
            if row.date >= self._since:
                self._look_at(meter, row, chain, history, by_key)
            if row.trusted:
                chain.append(row.as_chain_row())
                past = row.past()
                if past:
                    history.append(past)

    def _look_at(self, meter, row, chain, history, by_key) -> None:
        if row.state == DRAFT:
            row.multiplier = meter.multiplier
        link = chain.link(row.as_chain_row())
        if row.state == BILLED:
            self._compare_billed(row, link, by_key)
            return
        changed = (link.usage, link.date_from, link.index_previous) != (
            row.usage,
            row.date_from,
            row.index_previous,
        )
        if not changed and row.key not in self._focus and not link.settled:
            if link.previous != row.previous:
                self._keep(row, link, row.state, None)
            return
        findings = self._check(meter, row, link, history)
        severity = max_severity(findings)
        state = self._state_after(row, link, findings, severity)
        self._keep(row, link, state, findings)
        if state == ACCEPTED:
            self._settle(row, link, by_key)
            if row.correction_of is not None:
                self._review.replaced[row.correction_of] = row.key

    def _keep(self, row, link, state, findings) -> None:
        """Store on the walk's own copy what the outcome says; ``findings`` None
        leaves those of before."""
        usage, rolled_over = link.usage, link.rolled_over
        if findings is not None:
            row.codes = frozenset(found.code for found in findings)
            row.severity = max_severity(findings)
        if "lower_than_last" in row.codes and state not in KEPT:
            # Not believed, so no usage is made of it.
            usage, rolled_over = Decimal(0), False
        row.state, row.usage, row.rolled_over = state, usage, rolled_over
        row.previous, row.index_previous = link.previous, link.index_previous
        row.date_from = link.date_from
        self._review.outcomes[row.key] = Outcome(
            previous=row.previous,
            index_previous=row.index_previous,
            date_from=row.date_from,
            usage=usage,
            rolled_over=rolled_over,
            state=state,
            severity=row.severity,
            multiplier=row.multiplier,
            findings=None if findings is None else tuple(findings),
        )

    def _state_after(self, row, link, findings, severity) -> str:
        serious = severity in SERIOUS
        if row.key in self._accept:
            if link.lower:
                self._review.refused.append(row.key)
            return ACCEPTED
        if row.state == ACCEPTED and row.correction_of is not None:
            # It has taken the place of a billed reading, for a reason that was given.
            return ACCEPTED
        if row.key in self._confirm:
            return FLAGGED if severity == BLOCK or link.lower else ACCEPTED
        if row.key in self._decide:
            return FLAGGED if serious else ACCEPTED
        if row.state == FLAGGED and row.key not in self._focus:
            # What was odd about it was the reading before it.
            return FLAGGED if serious else ACCEPTED
        if row.state == ACCEPTED and serious:
            seen_before = {found.code for found in findings} <= row.codes
            return ACCEPTED if seen_before and not link.lower else FLAGGED
        return row.state

    # --- consequences -------------------------------------------------------

    @staticmethod
    def _is_being_corrected(row, by_key) -> bool:
        """Whether a correction waits to be accepted: it will say what is right."""
        return any(other.correction_of == row.key for other in by_key.values())

    def _compare_billed(self, row, link, by_key) -> None:
        """A bill went out on another usage than the accepted readings now say."""
        before = by_key.get(link.previous)
        waits = before and before.state not in KEPT
        if link.lower or waits or self._is_being_corrected(row, by_key):
            return
        self._settle(row, link, by_key)
        if link.usage == row.usage:
            return
        self._review.settled.append(
            Settled(
                key=row.key,
                index=row.index,
                previous=link.previous,
                index_previous=link.index_previous,
                date_from=link.date_from,
                usage=link.usage,
                rolled_over=link.rolled_over,
                billed=True,
                cause=link.previous,
            )
        )

    def _settle(self, row, link: Link, by_key) -> None:
        """The estimates between two true readings get what was really used."""
        before = link.true_index
        for key, index in link.settled:
            estimate = by_key[key]
            moved = index - before
            if moved < 0:
                moved += dial_range(self._meters[estimate.meter].digits)
            usage = moved * estimate.multiplier
            right = (index, usage) == (estimate.index, estimate.usage)
            self._review.settled.append(
                Settled(
                    key=key,
                    index=index,
                    previous=estimate.previous,
                    index_previous=before,
                    date_from=estimate.date_from or estimate.date,
                    usage=usage,
                    rolled_over=index < before,
                    billed=estimate.state == BILLED and not right,
                    cause=row.key,
                )
            )
            before = index

    # --- the checks ---------------------------------------------------------

    def _check(self, meter, row, link: Link, history) -> list[Finding]:
        facts = MeterFacts(
            digits=meter.digits,
            multiplier=row.multiplier,
            commodity=meter.commodity,
            unit_usage=meter.unit_usage,
            occupied=self._occupied(meter, row, link),
            installed=meter.installed,
            removed=meter.removed,
            has_children=bool(self._children.get(meter.key)),
            children_usage=self._children_usage(meter, row, link),
        )
        reading = NewReading(
            date=row.date,
            index=row.index,
            previous_index=link.true_index,
            previous_date=link.true_date,
            source=row.source,
            kind=row.kind,
            previous_multiplier=link.true_multiplier,
            same_register=self._entered_before(row),
        )
        return check_reading(facts, reading, history, meter.today, meter.rules)

    def _entered_before(self, row) -> tuple[tuple[date, str], ...]:
        """Readings that were there when this one was entered. Corrections and
        estimates fill a place in the past on purpose; what is accepted has its place."""
        if row.correction_of is not None or row.source == "estimate" or row.state in KEPT:
            return ()
        return tuple(
            (other.date, other.kind)
            for other in self._by_register[(row.meter, row.register)]
            if other.key < row.key and other.trusted
        )

    def _occupied(self, meter, row, link: Link) -> bool | None:
        if meter.stretches is None or not link.true_date or link.true_date >= row.date:
            return None
        return was_used(meter.stretches, Period(link.true_date + ONE_DAY, row.date))

    def _children_usage(self, meter, row, link: Link) -> Decimal | None:
        """Sum below since the last reading, None unless every meter below was read."""
        children = self._children.get(meter.key)
        if not children or not link.true_date:
            return None
        total = Decimal(0)
        for child in children:
            registers = [(child, row.register)]
            if not row.register and registers[0] not in self._by_register:
                registers = [(child, name) for name in ("peak", "shoulder", "valley")]
            rows = [
                below
                for key in registers
                for below in self._by_register.get(key, ())
                if link.true_date < below.date <= row.date and below.trusted
            ]
            if not rows:
                return None
            total += sum(below.usage for below in rows)
        return total

    def _history_of_replaced(self, meter, register) -> list[HistoryEntry]:
        rows = self._by_register.get((meter.replaces, register), ())
        return [past for past in (row.past() for row in rows if row.trusted) if past]

    # --- estimates ----------------------------------------------------------

    def estimate(self, key: int, meter_key, register: str) -> Decimal:
        """Return the index that the reading ``key`` would have by the meter's own
        past.

        :raise NoHistory: no reading or no true usage before it
        """
        meter = self._meters[meter_key]
        rows = self._by_register[(meter_key, register)]
        place = next(position for position, row in enumerate(rows) if row.key == key)
        before = [row for row in rows[:place] if row.trusted]
        if not before:
            raise NoHistory("there is no reading to estimate from")
        row, last = rows[place], before[-1]
        if last.date >= row.date:
            return last.index
        past = [entry.past() for entry in before]
        past += self._history_of_replaced(meter, register)
        history = [
            PastUsage(Period(_first_day(entry), entry.date), entry.usage, entry.estimated)
            for entry in past
            if entry
        ]
        usage = estimate_usage(
            history, Period(last.date + ONE_DAY, row.date), INDEX_DECIMALS
        ).quantity
        index = last.index + quantize(usage / row.multiplier, meter.decimals)
        turn = dial_range(meter.digits)
        return index - turn if turn and index >= turn else index


def _first_day(entry: HistoryEntry) -> date:
    return date.fromordinal(entry.date.toordinal() - entry.days + 1)


def max_severity(findings: Iterable[Finding]) -> str | None:
    """Return the most serious of block, confirm and note, None without findings."""
    found = {finding.severity for finding in findings}
    return next((name for name in (BLOCK, CONFIRM, NOTE) if name in found), None)
