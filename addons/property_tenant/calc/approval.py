"""Rules of approvals that need no database: gates, rounds, steps, limits, days.

A *gate* is a point a document passes only with a yes. Asking opens a *round*
of votes; each vote belongs to a *step*. Votes of one step are given side by
side, a step begins when the one before is complete.
"""

from dataclasses import dataclass, field

PENDING = "pending"
APPROVED = "approved"
REJECTED = "rejected"
VOID = "void"
NONE = "none"


@dataclass(frozen=True)
class Gate:
    """What a model declares about one of its gates.

    ``label``          what people read, already translated
    ``guards``         {field: values}: entering one of the values needs the gate
    ``invalidated_by`` fields, or fields of lines such as ``line_ids.amount``,
                       that make up the version: a change voids the approval
    ``required``       True: without a rule nobody passes; False: without a rule
                       everybody does
    ``keep_approved``  True: asking again after a rejection keeps the yes of
                       those who said it to the same version
    """

    label: str
    guards: dict = field(default_factory=dict)
    invalidated_by: tuple = ()
    required: bool = False
    keep_approved: bool = False

    @property
    def own_fields(self):
        """Fields of the document itself whose change is noticed at once."""
        return {path.split(".", 1)[0] for path in self.invalidated_by}


@dataclass(frozen=True)
class Vote:
    """One asked-for yes or no."""

    round_no: int
    step: int
    verdict: str
    rule: int = 0
    slot: int = 1


def last_round(votes):
    """Votes of the latest round, as a list; empty when nobody was ever asked."""
    votes = list(votes)
    number = max((vote.round_no for vote in votes), default=0)
    return [vote for vote in votes if vote.round_no == number]


def gate_state(votes):
    """State of the gate from all its votes: none, pending, approved or rejected.

    Only the latest round counts. A round with a void vote and no rejection
    says nothing any more: none.
    """
    verdicts = {vote.verdict for vote in last_round(votes)}
    if REJECTED in verdicts:
        return REJECTED
    if not verdicts or VOID in verdicts:
        return NONE
    return PENDING if PENDING in verdicts else APPROVED


def votes_on_turn(votes):
    """Votes that can be given now: first waiting slot of each rule of the first waiting step."""
    waiting = [vote for vote in last_round(votes) if vote.verdict == PENDING]
    step = min((vote.step for vote in waiting), default=None)
    first = {}
    for vote in sorted(waiting, key=lambda vote: vote.slot):
        if vote.step == step:
            first.setdefault(vote.rule, vote)
    return list(first.values())


def within(value, over, up_to):
    """Whether ``value`` is over ``over`` and not more than ``up_to`` (Decimal, one unit).

    A limit of zero is no limit, so that rules "up to 10,000" and "over
    10,000" leave no gap and do not overlap.
    """
    return (not over or value > over) and (not up_to or value <= up_to)


def covers(date_from, date_to, day):
    """Whether ``day`` is in the days ``date_from`` to ``date_to``, both included; no end: ever."""
    return date_from <= day and (not date_to or day <= date_to)


def unfillable(demands):
    """First of ``demands`` that cannot get a person of its own, or None.

    ``demands`` is a list of sets of persons; every demand needs one of its
    set, and no person serves two. (Maximum matching by augmenting paths.)
    """
    taken = {}

    def place(index, seen):
        for person in demands[index]:
            if person in seen:
                continue
            seen.add(person)
            if person not in taken or place(taken[person], seen):
                taken[person] = index
                return True
        return False

    for index in range(len(demands)):
        if not place(index, set()):
            return index
    return None
