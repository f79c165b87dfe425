"""Counting working days: plain dates, and a function that says which of them are worked."""

from datetime import timedelta

#: days after which a place counts as one that never works
NEVER = 400


def add_working_days(day, count, worked):
    """The ``count``-th working day after ``day``, which itself does not count.

    A negative ``count`` goes back; zero is ``day`` itself, worked or not. Where
    nothing is worked for more than a year every day counts.

    :param worked: ``worked(first, last)`` gives the days from first to last that are worked
    """
    if not count:
        return day
    step = 1 if count > 0 else -1
    left, idle, at = abs(count), 0, day
    while idle <= NEVER:
        # as many days at once as are likely to do
        length = left * 7 // 5 + 14
        near, far = at + timedelta(days=step), at + timedelta(days=step * length)
        found = sorted(worked(min(near, far), max(near, far)), reverse=step < 0)
        if len(found) >= left:
            return found[left - 1]
        left -= len(found)
        idle = 0 if found else idle + length
        at = far
    return at - timedelta(days=step * idle) + timedelta(days=step * left)
