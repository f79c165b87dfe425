"""When what was lent must come back, and what a count of the box says."""

import re
from datetime import timedelta

SAME_DAY, DAYS, OCCUPANCY, NONE = "same_day", "days", "occupancy", "none"


def due_date(rule, days, day_out, occupancy_end=None):
    """The last day of a loan, or None when it has none (yet).

    ``day_out`` is the local day of the loan; with the rule *occupancy* the loan
    lasts as long as the occupancy, whose last day may not be known yet.
    """
    if rule == SAME_DAY:
        return day_out
    if rule == DAYS:
        return day_out + timedelta(days=max(days, 0))
    if rule == OCCUPANCY:
        return occupancy_end
    return None


def is_overdue(date_due, today):
    """Whether a loan should have come back before ``today``. Its last day is still in time."""
    return bool(date_due) and date_due < today


def open_quantity(lent, returned, lost):
    """What the holder still has."""
    return lent - returned - lost


def loan_state(lent, returned, lost):
    """State of a loan that is out, by what came back: out, returned or lost."""
    if open_quantity(lent, returned, lost) > 0:
        return "out"
    return "lost" if lost and not returned else "returned"


def item_state(condition, in_box, out):
    """State of an item: what is broken, lost or given up first, then where it is."""
    if condition != "good":
        return condition
    if in_box > 0:
        return "available"
    return "lent" if out > 0 else "empty"


def count_due(last, every_days, today):
    """Whether a count is due again; never counted is due."""
    if every_days <= 0:
        return False
    return last is None or last + timedelta(days=every_days) <= today


def number_key(text):
    """Order of codes as people read them: A-2 before A-10."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in re.split(r"([0-9]+)", text or "")
        if part
    ]


def without_defaults(context, names):
    """``context`` without the defaults of the fields ``names``, which follow from others."""
    dropped = {f"default_{name}" for name in names}
    return {key: value for key, value in context.items() if key not in dropped}
