"""How far the steps of a move-in or move-out have come."""

from dataclasses import dataclass

OPEN, DONE, NOT_NEEDED = "open", "done", "not_needed"


@dataclass(frozen=True)
class Step:
    """One step as far as progress is concerned; ``gate``: something waits for it."""

    key: int
    sequence: int
    state: str = OPEN
    gate: bool = False


def progress(steps):
    """(steps settled, steps in all); what is not needed counts as settled."""
    steps = list(steps)
    return sum(step.state != OPEN for step in steps), len(steps)


def next_step(steps):
    """Key of the first open step in order, None when all are settled."""
    waiting = [step for step in steps if step.state == OPEN]
    return min(waiting, key=lambda step: (step.sequence, step.key)).key if waiting else None


def percent(done, total):
    """Whole percent, so that 100 means all and nothing less."""
    return done * 100 // total if total else 0
