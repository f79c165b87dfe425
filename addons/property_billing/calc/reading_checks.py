"""What is odd about one reading, before anybody is billed for it.

Each check looks at one thing and returns the figures that a message needs; texts are
the caller's. "Far from its own history" compares usage per day with the median of the
meter's own past, the same season first, and with its spread: the median distance from
the median, which one wild month does not move.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .history import HistoryEntry, median_and_spread, seasonal
from .money import quantize, to_decimal
from .reading_rules import (
    BLOCK,
    CODES,
    CONFIRM,
    DEFAULT_LIMITS,
    DEFAULT_RULES,
    NOTE,
    ReadingRule,
    rule_for,
)
from .usage import UsageError, dial_range, usage_between, wrapped_usage

_SEVERITY_ORDER = {BLOCK: 0, CONFIRM: 1, NOTE: 2}


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """What is known of the meter on the day of the reading.

    :param digits: digits of the dial before the decimal point, 0 if unknown
    :param occupied: whether somebody uses the unit; None for common areas
    :param children_usage: sum of the usage of the meters below it since its last
        reading, None where there are none or it is not known yet
    """

    digits: int = 0
    multiplier: Decimal = Decimal(1)
    commodity: str | None = None
    unit_usage: str | None = None
    occupied: bool | None = None
    installed: date | None = None
    removed: date | None = None
    has_children: bool = False
    children_usage: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewReading:
    """The reading to be checked (of one register).

    :param index: what the dial shows; None if the meter was not read
    :param previous_index: index of the reading before it, None for a first one
    :param previous_multiplier: multiplier with which that one was taken, None if none
    :param usage: usage as delivered, where the source gives usage beside an index
    :param same_register: (day, kind) of the readings already there
    """

    date: date
    index: Decimal | None
    previous_index: Decimal | None = None
    previous_date: date | None = None
    source: str | None = None
    kind: str = "regular"
    previous_multiplier: Decimal | None = None
    usage: Decimal | None = None
    same_register: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd: ``figures`` are what a message about it needs, by name."""

    code: str
    severity: str
    figures: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """One reading with everything the checks look at."""

    meter: MeterFacts
    reading: NewReading
    history: tuple[HistoryEntry, ...]
    today: date
    usage: Decimal | None
    wrapped: Decimal | None

    @property
    def days(self) -> int | None:
        """Days since the last reading, None without one or if it is not earlier."""
        if self.reading.previous_date is None:
            return None
        since = (self.reading.date - self.reading.previous_date).days
        return since if since > 0 else None


def _missing(case: _Case, rule: ReadingRule) -> dict | None:
    reading = case.reading
    if reading.index is not None or reading.usage is not None:
        return None
    return {"date": reading.date}


def _out_of_dial(case: _Case, rule: ReadingRule) -> dict | None:
    index, digits = case.reading.index, case.meter.digits
    if index is None or (index >= 0 and not (digits and index >= dial_range(digits))):
        return None
    return {"index": index, "digits": digits}


def _negative_usage(case: _Case, rule: ReadingRule) -> dict | None:
    usage = case.reading.usage
    return {"usage": usage} if usage is not None and usage < 0 else None


def _rollover_limit(case: _Case, rule: ReadingRule) -> Decimal:
    """Largest usage that is believed to be a rollover, in units."""
    largest = max((entry.per_day for entry in case.history), default=Decimal(0))
    if largest > 0 and case.days:
        return largest * case.days * rule.limit("history_factor")
    turn = dial_range(case.meter.digits, case.meter.multiplier)
    return turn * rule.limit("dial_share")


def _rollover(case: _Case, rule: ReadingRule) -> dict | None:
    if case.wrapped is None or case.wrapped > _rollover_limit(case, rule):
        return None
    return {
        "index": case.reading.index,
        "previous_index": case.reading.previous_index,
        "usage": case.wrapped,
    }


def _lower_than_last(case: _Case, rule: ReadingRule) -> dict | None:
    reading = case.reading
    if None in (reading.index, reading.previous_index):
        return None
    if reading.index >= reading.previous_index:
        return None
    return {
        "index": reading.index,
        "previous_index": reading.previous_index,
        "wrapped_usage": case.wrapped,
    }


def _duplicate(case: _Case, rule: ReadingRule) -> dict | None:
    # Move-out and move-in are read on one day: only the same kind is a duplicate.
    reading = case.reading
    if (reading.date, reading.kind) not in reading.same_register:
        return None
    return {"date": reading.date, "kind": reading.kind}


def _future(case: _Case, rule: ReadingRule) -> dict | None:
    if case.reading.date <= case.today:
        return None
    return {"date": case.reading.date, "today": case.today}


def _before_last(case: _Case, rule: ReadingRule) -> dict | None:
    days = [day for day, _kind in case.reading.same_register]
    if case.reading.previous_date:
        days.append(case.reading.previous_date)
    last = max(days, default=None)
    if last is None or case.reading.date >= last:
        return None
    return {"date": case.reading.date, "last_date": last}


def _before_installation(case: _Case, rule: ReadingRule) -> dict | None:
    installed = case.meter.installed
    if installed is None or case.reading.date >= installed:
        return None
    return {"date": case.reading.date, "installed": installed}


def _after_removal(case: _Case, rule: ReadingRule) -> dict | None:
    removed = case.meter.removed
    if removed is None or case.reading.date <= removed:
        return None
    return {"date": case.reading.date, "removed": removed}


def _multiplier_changed(case: _Case, rule: ReadingRule) -> dict | None:
    previous = case.reading.previous_multiplier
    if previous is None or previous == case.meter.multiplier:
        return None
    return {"multiplier": case.meter.multiplier, "previous_multiplier": previous}


def _far_from_history(case: _Case, rule: ReadingRule) -> dict | None:
    if case.usage is None or not case.days:
        return None
    compared, of_season = seasonal(
        case.history,
        case.reading.date,
        int(rule.limit("season_months")),
        int(rule.limit("season_values")),
    )
    if len(compared) < max(1, rule.limit("values")):
        return None
    middle, spread = median_and_spread([entry.per_day for entry in compared])
    # a third of a unit per day is no decimal: what is at the limit must not be beyond it
    expected, spread = quantize(middle * case.days, 6), quantize(spread * case.days, 6)
    distance = case.usage - expected
    if distance > 0:
        allowed = max(
            spread * rule.limit("spread_factor"),
            abs(expected) * rule.limit("median_share"),
            rule.limit("quantity"),
        )
    elif case.meter.occupied is False:
        # Little is what a vacant unit should use.
        return None
    else:
        # Nothing can lie below zero, so spreads do not measure how low is odd.
        allowed = max(abs(expected) * rule.limit("low_share"), rule.limit("quantity"))
    if abs(distance) <= allowed:
        return None
    return {
        "usage": case.usage,
        "expected": quantize(expected, 3),
        "spread": quantize(spread, 3),
        "allowed": quantize(allowed, 3),
        "direction": "high" if distance > 0 else "low",
        "values": len(compared),
        "same_season": of_season,
    }


def _is_usual(case: _Case, history: Sequence[HistoryEntry], rule: ReadingRule) -> bool:
    """Whether so much as the rule's quantity is usual by ``history``, the same season
    first. A history must not be empty."""
    season = DEFAULT_LIMITS["far_from_history"]
    compared, _of_season = seasonal(
        history, case.reading.date, int(season["season_months"]), int(season["season_values"])
    )
    middle, _spread = median_and_spread([entry.per_day for entry in compared])
    return quantize(middle * case.days, 6) >= rule.limit("quantity")


def _zero_occupied(case: _Case, rule: ReadingRule) -> dict | None:
    if case.usage != 0 or case.meter.occupied is not True:
        return None
    if case.days is None or case.days < rule.limit("days"):
        return None
    if not case.history:
        return {"days": case.days}
    # Zero again was asked about the last time; later it is a meter that stands still.
    if case.history[-1].usage == 0 or not _is_usual(case, case.history, rule):
        return None
    return {"days": case.days}


def _use_when_vacant(case: _Case, rule: ReadingRule) -> dict | None:
    if case.usage is None or case.meter.occupied is not False:
        return None
    if case.usage <= rule.limit("quantity"):
        return None
    return {"usage": case.usage}


def _stopped(case: _Case, rule: ReadingRule) -> dict | None:
    if case.usage != 0:
        return None
    below = case.meter.children_usage
    if case.meter.has_children and below is not None and below > 0:
        return {"equal_indexes": 2, "children_usage": below}
    if case.meter.occupied is False or not case.days:
        return None
    zeros = 0
    for entry in reversed(case.history):
        if entry.usage != 0:
            break
        zeros += 1
    equal = zeros + 2  # this index, and the one before it
    ran = case.history[: len(case.history) - zeros]
    beyond = equal - rule.limit("indexes")
    if not ran or beyond < 0 or beyond % max(1, rule.limit("indexes")):
        return None
    return {"equal_indexes": equal} if _is_usual(case, ran, rule) else None


def _children_exceed_parent(case: _Case, rule: ReadingRule) -> dict | None:
    below = case.meter.children_usage
    if case.usage is None or not case.meter.has_children or below is None:
        return None
    if below <= case.usage * (1 + rule.limit("share")):
        return None
    return {"usage": case.usage, "children_usage": below}


CHECKS: Mapping[str, Callable[[_Case, ReadingRule], dict | None]] = {
    "missing": _missing,
    "out_of_dial": _out_of_dial,
    "negative_usage": _negative_usage,
    "lower_than_last": _lower_than_last,
    "rollover": _rollover,
    "duplicate": _duplicate,
    "future": _future,
    "before_last": _before_last,
    "before_installation": _before_installation,
    "after_removal": _after_removal,
    "multiplier_changed": _multiplier_changed,
    "far_from_history": _far_from_history,
    "zero_occupied": _zero_occupied,
    "use_when_vacant": _use_when_vacant,
    "stopped": _stopped,
    "children_exceed_parent": _children_exceed_parent,
}


def _normalised(meter: MeterFacts, reading: NewReading) -> tuple:
    """Both with decimals where numbers of any kind came in."""

    def decimal(value):
        return None if value is None else to_decimal(value)

    return (
        replace(
            meter,
            multiplier=to_decimal(meter.multiplier),
            children_usage=decimal(meter.children_usage),
        ),
        replace(
            reading,
            index=decimal(reading.index),
            previous_index=decimal(reading.previous_index),
            previous_multiplier=decimal(reading.previous_multiplier),
            usage=decimal(reading.usage),
        ),
    )


def _usage_of(meter: MeterFacts, reading: NewReading) -> tuple:
    """Usage since the last reading, and usage if the dial rolled over; None each
    where it cannot be told. A lower index has only the latter."""
    if reading.usage is not None:
        return reading.usage, None
    last, index = reading.previous_index, reading.index
    if last is None or index is None or index < 0:
        return None, None
    if index < last:
        return None, wrapped_usage(last, index, meter.multiplier, meter.digits)
    try:
        return usage_between(last, index, meter.multiplier, meter.digits).quantity, None
    except UsageError:
        # Beyond the dial: a finding of its own says so.
        return None, None


def check_reading(
    meter: MeterFacts,
    reading: NewReading,
    history: Iterable[HistoryEntry] = (),
    today: date | None = None,
    rules: Sequence[ReadingRule] = DEFAULT_RULES,
) -> list[Finding]:
    """Return what is odd about a reading, the most serious first.

    :param history: past usages of the meter and register, any order; those after the
        reading and estimated ones are not looked at
    :param today: local day of the estate; None does not look for future dates
    :param rules: see :mod:`reading_rules`
    :raise MoneyError: an index, usage or multiplier that is no number
    """
    meter, reading = _normalised(meter, reading)
    past = sorted(
        (
            entry
            for entry in history
            if not entry.estimated and entry.days > 0 and entry.date < reading.date
        ),
        key=lambda entry: entry.date,
    )
    usage, wrapped = _usage_of(meter, reading)
    case = _Case(meter, reading, tuple(past), today or reading.date, usage, wrapped)
    deciding = {
        code: rule_for(code, rules, meter.commodity, meter.unit_usage, reading.source)
        for code in CODES
    }
    if deciding["rollover"] and _rollover(case, deciding["rollover"]):
        # The other checks look at the usage that the rollover means.
        case = replace(case, usage=wrapped)
    findings: dict[str, Finding] = {}
    for code, rule in deciding.items():
        figures = CHECKS[code](case, rule) if rule else None
        if figures is not None:
            findings[code] = Finding(code, rule.severity, figures)
    # One lower index is either a rollover or a mistake, never both.
    if "rollover" in findings:
        findings.pop("lower_than_last", None)
    return sorted(findings.values(), key=lambda found: _SEVERITY_ORDER[found.severity])
