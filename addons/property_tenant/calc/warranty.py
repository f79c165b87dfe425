"""Until when a part of a building is under warranty."""

import calendar
from datetime import date, timedelta


def add_months(day, months):
    """``day`` that many months later; the last day of a month that is too short."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def warranty_end(handover, months):
    """The last day under warranty; None without handover, or without any warranty."""
    if not handover or months <= 0:
        return None
    return add_months(handover, months) - timedelta(days=1)


def is_covered(handover, months, day):
    """Whether ``day`` is under warranty; before the handover nothing is the owner's yet."""
    end = warranty_end(handover, months)
    return bool(end) and handover <= day <= end
