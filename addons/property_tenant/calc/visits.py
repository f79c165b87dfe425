"""Spreading visits over the days of a plan."""

from datetime import timedelta


def days_between(first, last):
    """The days from ``first`` to ``last``, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def spread(count, days):
    """A day for each of ``count`` visits, in order and as evenly as can be over ``days``.

    Two days never differ by more than one visit.

    :raise ValueError: there is no day
    """
    if count and not days:
        raise ValueError("no day to visit on")
    return [days[number * len(days) // count] for number in range(count)]


def coverage(done, planned):
    """Percent of ``planned`` visits that are ``done``; nothing planned is fully covered."""
    return 100.0 * done / planned if planned else 100.0
