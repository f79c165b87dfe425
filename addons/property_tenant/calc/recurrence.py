"""When something recurring is due: plain dates and times, by the clock of the place."""

import re
from calendar import monthrange
from datetime import datetime, time, timedelta

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


class TimeError(ValueError):
    """A time of day that cannot be read; the argument is the text."""


def parse_times(text):
    """Times of a day as people write them, sorted, each once: ``8:00, 20:00``.

    Separated by comma, semicolon, space, or their Chinese forms.
    """
    times = set()
    for word in re.split(r"[\s,;，；、]+", (text or "").strip()):
        if not word:
            continue
        found = _TIME.fullmatch(word)
        if not found:
            raise TimeError(word)
        times.add(time(int(found[1]), int(found[2])))
    return sorted(times)


def is_due(day, frequency, *, start, every=1, weekdays=(), month_day=1):
    """Whether ``day`` is one of the days.

    ``every`` counts days, weeks (beginning on Monday) or months from ``start``. A ``month_day``
    that the month does not have means its last day.

    :param weekdays: numbers, Monday is 0; empty: every day (daily), or that of start (weekly)
    """
    if day < start:
        return False
    every = max(every, 1)
    if frequency == DAILY:
        return (day - start).days % every == 0 and (not weekdays or day.weekday() in weekdays)
    if frequency == WEEKLY:
        monday = start - timedelta(days=start.weekday())
        week = (day - monday).days // 7
        return week % every == 0 and day.weekday() in (weekdays or (start.weekday(),))
    months = (day.year - start.year) * 12 + day.month - start.month
    last = monthrange(day.year, day.month)[1]
    return months % every == 0 and day.day == min(max(month_day, 1), last)


def slots(first, last, frequency, *, start, end=None, times=(), **rule):
    """Local moments from ``first`` to ``last``, both included, in order.

    :param times: times of the day, sorted; empty: nine o'clock
    """
    if end:
        last = min(last, end)
    day, found = max(first, start), []
    while day <= last:
        if is_due(day, frequency, start=start, **rule):
            found += [datetime.combine(day, moment) for moment in times or (time(9),)]
        day += timedelta(days=1)
    return found


def deadline(slot, all_slots):
    """Local moment from which a slot is late: the next one of its day, or midnight."""
    later = [other for other in all_slots if other > slot and other.date() == slot.date()]
    midnight = datetime.combine(slot.date() + timedelta(days=1), time.min)
    return min(later, default=midnight)
