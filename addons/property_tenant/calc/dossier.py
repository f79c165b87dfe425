"""Rules of dossiers that need no database: what is missing, until when papers are kept or lent."""

from dataclasses import dataclass
from datetime import timedelta

from .warranty import add_months

FILED = "filed"
EXPIRING = "expiring"
PROMISED = "promised"
MISSING = "missing"
EXPIRED = "expired"
OVERDUE = "overdue"

#: the most urgent first
PAPER_STATES = (OVERDUE, EXPIRED, MISSING, PROMISED, EXPIRING, FILED)

#: the dossier has a valid paper
THERE = (FILED, EXPIRING)

#: somebody has to do something about it
CHASED = (OVERDUE, EXPIRED)


@dataclass(frozen=True)
class Requirement:
    """Of whom a document type is asked; an empty condition holds for everybody."""

    kind: str = ""
    party: str = ""
    usage: str = ""

    def asks(self, kind, is_company, usages):
        """Whether it is asked of a party of ``kind`` that holds units of ``usages``."""
        return (
            (not self.kind or self.kind == kind)
            and (not self.party or (self.party == "company") == bool(is_company))
            and (not self.usage or self.usage in usages)
        )


def paper_state(filed, expiry, warn_days, promised, today):
    """State of one paper of a dossier.

    :param filed: there is a document in force
    :param expiry: last day on which it is valid, or None
    :param warn_days: how many days before that day somebody should be told
    :param promised: day by which the party promised a (new) paper, or None
    """
    expired = bool(filed and expiry and expiry < today)
    if filed and not expired:
        if expiry and expiry <= today + timedelta(days=warn_days):
            return EXPIRING
        return FILED
    if promised:
        return OVERDUE if promised < today else PROMISED
    return EXPIRED if expired else MISSING


def destroy_from(ends, months):
    """First day on which a paper may be destroyed, or None: not yet known, or kept for ever.

    :param ends: last days of all occupancies of the dossier; None where one goes on
    :param months: how long the paper is kept after the last of them; 0: for ever
    """
    ends = list(ends)
    if not months or not ends or any(day is None for day in ends):
        return None
    return add_months(max(ends), months) + timedelta(days=1)


def may_be_chased(last, every, today):
    """Whether a reminder may go out again: ``every`` days after the ``last`` one."""
    return not last or last + timedelta(days=every) <= today


def pages_differ(pages_out, pages_in):
    """Pages that are missing on return; 0 when nothing is missing or nobody counted."""
    return max((pages_out or 0) - (pages_in or 0), 0)
