"""Rules of long work that need no database: cutting it into parts, how far it is, how it ended."""

WAITING = "waiting"
RUNNING = "running"
DONE = "done"
CANCELLED = "cancelled"
FAILED = "failed"

#: work that is not over
LIVE = (WAITING, RUNNING)


def split(items, size):
    """``items`` as lists of at most ``size``, in their order."""
    items = list(items)
    size = max(int(size), 1)
    return [items[start : start + size] for start in range(0, len(items), size)]


def percent(done, total):
    """How much of ``total`` is done, from 0 to 100; nothing to do counts as nothing done."""
    if total <= 0:
        return 0.0
    return 100.0 * min(max(done, 0), total) / total


def lanes_needed(lanes, parts):
    """How many jobs work side by side: not more than there are parts, at least one."""
    return max(1, min(lanes, parts))
