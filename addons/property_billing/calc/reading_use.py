"""Whether a unit was used in the days that a usage is for."""

from collections.abc import Iterable
from datetime import date

from .periods import ONE_DAY, Period


def was_used(stretches: Iterable[tuple[date, date | None]], period: Period) -> bool | None:
    """Whether somebody used the unit in ``period``.

    :param stretches: first and last day of each use, in any order, overlapping or
        not; no last day means until further notice
    :return: True if on every day, False if on none, None if on some: then neither
        usage nor its absence is remarkable
    """
    free_from, used = period.start, False
    for start, end in sorted(stretches, key=lambda stretch: stretch[0]):
        end = end or period.end
        if end < period.start or start > period.end:
            continue
        used = True
        if start <= free_from <= end:
            free_from = end + ONE_DAY
    if not used:
        return False
    return True if free_from > period.end else None
