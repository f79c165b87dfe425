"""Closed intervals of days: first and last day both belong to the period.

Proration everywhere in billing is *days present over days of the period*, both
ends counted; whoever leaves on a day pays for it, the next one starts the day
after.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from .money import to_fraction

ONE_DAY = timedelta(days=1)

MONTHS_IN = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}

CALENDAR_YEAR = "calendar_year"
CONTRACT_YEAR = "contract_year"


class PeriodError(ValueError):
    """Days that make no period, or a period used where it does not fit."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``start`` to ``end``, both included.

    :raise PeriodError: an end before the start, or a moment instead of a day
    """

    start: date
    end: date

    def __post_init__(self):
        for day in (self.start, self.end):
            if not isinstance(day, date) or isinstance(day, datetime):
                raise PeriodError(f"{day!r} is not a day")
        if self.end < self.start:
            raise PeriodError(f"{self.end} is before {self.start}")

    @property
    def days(self) -> int:
        """Number of days, both ends counted: 1 for a single day."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def covers(self, other: "Period") -> bool:
        """Whether every day of ``other`` is a day of this period."""
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


def days(period: Period) -> int:
    """Number of days of ``period``, both ends counted."""
    return period.days


def overlap(one: Period, other: Period) -> Period | None:
    """Return the days that two periods have in common, None where there are none."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Period(start, end) if start <= end else None


def month_period(year: int, month: int) -> Period:
    """Return the calendar month.

    :raise PeriodError: for a month outside 1 to 12 or a year outside 1 to 9999
    """
    try:
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    except ValueError as error:
        raise PeriodError(f"there is no month {year}-{month}") from error


def period_containing(day: date, kind: str, first_month: int = 1) -> Period:
    """Return the month, quarter, half-year or year that ``day`` falls in.

    :param kind: a key of :data:`MONTHS_IN`
    :param first_month: month in which the year (and with it quarters and
        half-years) begins; it has no meaning for months
    :raise PeriodError: unknown kind, or a first month outside 1 to 12
    """
    if kind not in MONTHS_IN:
        raise PeriodError(f"unknown kind of period {kind!r}")
    if not 1 <= first_month <= 12:
        raise PeriodError(f"a year cannot begin in month {first_month}")
    length = MONTHS_IN[kind]
    into_period = (day.month - first_month) % 12 % length
    start = _first_of_month(day.year, day.month - into_period)
    return Period(start, _first_of_month(start.year, start.month + length) - ONE_DAY)


def _first_of_month(year: int, month: int) -> date:
    """First day of a month; months below 1 and above 12 run into other years."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def next_period(period: Period, kind: str, first_month: int = 1) -> Period:
    """Return the period of ``kind`` that begins the day after ``period`` ends."""
    return period_containing(period.end + ONE_DAY, kind, first_month)


def previous_period(period: Period, kind: str, first_month: int = 1) -> Period:
    """Return the period of ``kind`` that ends the day before ``period`` begins."""
    return period_containing(period.start - ONE_DAY, kind, first_month)


def billing_periods(start: date, end: date, kind: str, first_month: int = 1) -> Iterator[Period]:
    """Yield every whole billing period that has a day from ``start`` to ``end``.

    The first and the last may reach beyond them: cut them with :func:`overlap` and
    prorate by the whole one.
    """
    if end < start:
        return
    period = period_containing(start, kind, first_month)
    while period.start <= end:
        yield period
        period = next_period(period, kind, first_month)


def day_share(part: Period, whole: Period) -> Fraction:
    """Return days of ``part`` over days of ``whole``.

    :raise PeriodError: when ``part`` has a day outside ``whole``
    """
    if not whole.covers(part):
        raise PeriodError(f"{part} is not inside {whole}")
    return Fraction(part.days, whole.days)


def prorate(amount, part: Period, whole: Period) -> Fraction:
    """Return the share of ``amount`` (for ``whole``) that falls on ``part``.

    Actual days over days of the period, both ends counted. Exact and not rounded:
    the shares of adjoining parts add up to the amount; the charge rounds.

    :raise PeriodError: when ``part`` has a day outside ``whole``
    """
    return to_fraction(amount) * day_share(part, whole)


def period_label(start: date, end: date | None) -> str:
    """Return days as bills name them: a month, several whole months, or from day to day.

    The same in every language; the end may be open.
    """
    if end is None:
        return f"{start} –"
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if not whole:
        return f"{start} – {end}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%Y-%m}"
    return f"{start:%Y-%m} – {end:%Y-%m}"


def split_at(period: Period, dates: Iterable[date]) -> list[Period]:
    """Cut ``period`` into adjoining parts; each date is the first day of a part.

    Dates outside the period or on its first day cut nothing; repeated ones cut once.
    """
    cuts = sorted({day for day in dates if period.start < day <= period.end})
    starts = [period.start, *cuts]
    ends = [*(day - ONE_DAY for day in cuts), period.end]
    return [Period(start, end) for start, end in zip(starts, ends, strict=True)]


def _anniversary(day: date, year: int) -> date:
    """``day`` in another year; 29 February becomes the 28th in a common year."""
    last = monthrange(year, day.month)[1]
    return date(year, day.month, min(day.day, last))


def basis_year(day: date, basis: str, contract_start: date | None = None) -> Period:
    """Return the year over which yearly tiers are counted on ``day``.

    :param basis: ``calendar_year`` (1 January to 31 December) or ``contract_year``
        (anniversary to the day before the next one)
    :param contract_start: any day on which the contract year began; years before it
        follow the same anniversaries
    :raise PeriodError: unknown basis, or a contract year without its start
    """
    if basis == CALENDAR_YEAR:
        return Period(date(day.year, 1, 1), date(day.year, 12, 31))
    if basis != CONTRACT_YEAR:
        raise PeriodError(f"unknown basis of a year {basis!r}")
    if contract_start is None:
        raise PeriodError("a contract year needs the day on which the contract began")
    year = day.year
    if day < _anniversary(contract_start, year):
        year -= 1
    following = _anniversary(contract_start, year + 1)
    return Period(_anniversary(contract_start, year), following - ONE_DAY)


def basis_year_starts(period: Period, basis: str, contract_start: date | None = None) -> list[date]:
    """Return the first days of the basis years that begin inside ``period``, its own
    first day not counted: the days at which the counter of a yearly tier restarts."""
    starts = []
    year = basis_year(period.start, basis, contract_start)
    while year.end < period.end:
        year = basis_year(year.end + ONE_DAY, basis, contract_start)
        starts.append(year.start)
    return starts
