"""The few steps of a long random sequence that a contradiction comes from."""


def shrink(steps, fails):
    """As many of ``steps`` left out as can be while ``fails(steps)`` stays true.

    Larger parts are tried first, then smaller ones, down to single steps.
    """
    size = max(1, len(steps) // 2)
    while True:
        start, fewer = 0, False
        while start < len(steps):
            kept = steps[:start] + steps[start + size :]
            if fails(kept):
                steps, fewer = kept, True
            else:
                start += size
        if size == 1 and not fewer:
            return steps
        size = max(1, size // 2)
