"""Main meters against the sum below them: where water or electricity gets lost.

The loss of a meter is its usage minus that of the meters directly below it. A usage
that is not known is never taken for zero without saying so: it is listed with the
row, and the row says that it is incomplete.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from .money import quantize, round_amount, to_decimal

STOPPED = "stopped"
REMOVED = "removed"
MISSING = "missing"
DEVIATES = "deviates"


class BalanceError(ValueError):
    """A set of meters that is no tree."""


class MeterCycle(BalanceError):
    """A meter is below itself; ``keys`` are the meters of the circle."""

    def __init__(self, keys: Sequence[Hashable]):
        super().__init__("meters below each other: " + ", ".join(map(str, keys)))
        self.keys = tuple(keys)


@dataclass(frozen=True, slots=True)
class MeterNode:
    """A meter in the tree.

    :param parent: key of the meter above, None at the top
    :param usage: usage of the period in the meter's unit, None if not known
    :param history: usage of earlier periods of about the same length
    :param removed: taken out before or in the period
    """

    key: Hashable
    parent: Hashable | None = None
    usage: Decimal | None = None
    history: tuple[Decimal, ...] = ()
    removed: bool = False

    def __post_init__(self):
        if self.usage is not None:
            object.__setattr__(self, "usage", to_decimal(self.usage))
        object.__setattr__(self, "history", tuple(to_decimal(past) for past in self.history))


@dataclass(frozen=True, slots=True)
class Suspect:
    """A meter that may be at fault.

    ``expected`` is the median of its history (None without), ``deviation`` usage
    minus expected; ``explains``: the deviation goes the way that the loss goes (a
    child reads too little, or the parent itself too much; the reverse for a gain).
    """

    key: Hashable
    reason: str
    usage: Decimal | None
    expected: Decimal | None
    deviation: Decimal | None
    explains: bool


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A meter that has others below it.

    ``loss`` is usage minus ``children_usage`` (None without own usage; negative when
    the children show more), ``percent`` of its usage with two decimals (None when
    that is not above zero), ``cost`` the loss at the price, rounded. ``complete`` is
    False when ``missing`` names children without usage: then the loss is too high.
    """

    key: Hashable
    depth: int
    usage: Decimal | None
    children: tuple[Hashable, ...]
    children_usage: Decimal
    missing: tuple[Hashable, ...]
    loss: Decimal | None
    percent: Decimal | None
    cost: Decimal | None
    suspects: tuple[Suspect, ...]

    @property
    def complete(self) -> bool:
        """Whether its usage and that of every meter directly below it is known."""
        return self.usage is not None and not self.missing


@dataclass(frozen=True, slots=True)
class Balance:
    """All rows from the top down, and totals of the whole.

    ``supplied`` is the usage of the meters at the top, ``consumed`` that of the
    meters with none below (one that is both counts in both), ``loss`` the difference,
    ``percent`` of the supply with two decimals; ``missing`` are all meters without
    usage, ``orphans`` those whose parent is not among the meters (counted as top).
    """

    rows: tuple[BalanceRow, ...]
    supplied: Decimal
    consumed: Decimal
    loss: Decimal
    percent: Decimal | None
    cost: Decimal | None
    missing: tuple[Hashable, ...]
    orphans: tuple[Hashable, ...]

    @property
    def complete(self) -> bool:
        """Whether the totals rest on known usage only."""
        return not self.missing


def loss_percent(loss, usage) -> Decimal | None:
    """Return the loss in percent of ``usage`` with two decimals, half-up; None when
    the usage is not above zero."""
    if loss is None or usage is None or usage <= 0:
        return None
    return quantize(Fraction(loss) / Fraction(usage) * 100, 2)


def _cost(loss, price, digits) -> Decimal | None:
    if loss is None or price is None:
        return None
    return round_amount(Fraction(loss) * Fraction(to_decimal(price)), digits)


def _walk(nodes: Mapping, children: Mapping, tops: Iterable) -> dict[Hashable, int]:
    """Depth of every meter, parents before children.

    :raise MeterCycle: when some meters cannot be reached from the top
    """
    depths: dict[Hashable, int] = {}
    waiting = [(key, 0) for key in reversed(list(tops))]
    while waiting:
        key, depth = waiting.pop()
        depths[key] = depth
        waiting.extend((child, depth + 1) for child in reversed(children[key]))
    lost = next((key for key in nodes if key not in depths), None)
    if lost is None:
        return depths
    path = [lost]
    while nodes[path[-1]].parent not in path:
        path.append(nodes[path[-1]].parent)
    raise MeterCycle(path[path.index(nodes[path[-1]].parent) :])


def _suspect(node: MeterNode, loss: Decimal, is_parent: bool) -> Suspect | None:
    """What is odd about one meter of a row, None if nothing is."""
    expected = Decimal(median(node.history)) if node.history else None
    deviation = None
    if expected is not None and node.usage is not None:
        deviation = node.usage - expected
    if node.removed:
        reason = REMOVED
    elif node.usage is None:
        reason = MISSING
    elif node.usage == 0 and expected:
        reason = STOPPED
    elif deviation:
        reason = DEVIATES
    else:
        return None
    # A loss is explained by a child that shows too little or a parent that shows too
    # much; without its usage a child is taken to have shown too little.
    if deviation is None:
        explains = loss > 0 and not is_parent
    else:
        toward_loss = deviation if is_parent else -deviation
        explains = loss * toward_loss > 0
    return Suspect(node.key, reason, node.usage, expected, deviation, explains)


def find_suspects(
    parent: MeterNode, children: Iterable[MeterNode], loss: Decimal | None, top: int
) -> tuple[Suspect, ...]:
    """Return the meters most likely at fault for ``loss``, most likely first.

    Those whose deviation explains the loss come first, the largest deviation from
    their own history before smaller ones (a meter without usage counts with what was
    expected of it). A parent that stands still while its children run is always first.
    """
    if not loss:
        return ()
    found = [_suspect(child, loss, False) for child in children]
    found.append(_suspect(parent, loss, True))
    stands_still = parent.usage == 0 and loss < 0
    if stands_still and found[-1] is None:
        found[-1] = Suspect(parent.key, STOPPED, parent.usage, None, None, True)

    def rank(suspect: Suspect):
        size = suspect.expected if suspect.deviation is None else suspect.deviation
        return (
            not (stands_still and suspect.key == parent.key),
            not suspect.explains,
            -abs(size or 0),
            suspect.reason == DEVIATES,
        )

    return tuple(sorted(filter(None, found), key=rank)[:top])


def balance(meters: Iterable[MeterNode], price=None, top: int = 5, digits: int = 2) -> Balance:
    """Compare every parent meter with the sum below it.

    :param meters: meters of one commodity, usage of one period in one unit
    :param price: cost of a unit of loss, None leaves costs out
    :param top: how many suspects per row
    :param digits: decimals of the currency, for the costs
    :raise MeterCycle: meters below each other in a circle
    :raise BalanceError: the same key twice
    """
    nodes: dict[Hashable, MeterNode] = {}
    for node in meters:
        if node.key in nodes:
            raise BalanceError(f"meter {node.key} is there twice")
        nodes[node.key] = node
    children: dict[Hashable, list[Hashable]] = {key: [] for key in nodes}
    tops, orphans = [], []
    for key, node in nodes.items():
        if node.parent in children:
            children[node.parent].append(key)
            continue
        tops.append(key)
        if node.parent is not None:
            orphans.append(key)
    depths = _walk(nodes, children, tops)
    rows = [
        _row(
            nodes[key],
            [nodes[child] for child in children[key]],
            depth,
            price,
            top,
            digits,
        )
        for key, depth in depths.items()
        if children[key]
    ]
    supplied = _known_sum(nodes[key] for key in tops)
    consumed = _known_sum(node for key, node in nodes.items() if not children[key])
    loss = supplied - consumed
    return Balance(
        rows=tuple(rows),
        supplied=supplied,
        consumed=consumed,
        loss=loss,
        percent=loss_percent(loss, supplied),
        cost=_cost(loss, price, digits),
        missing=tuple(key for key, node in nodes.items() if node.usage is None),
        orphans=tuple(orphans),
    )


def _known_sum(nodes: Iterable[MeterNode]) -> Decimal:
    return sum((node.usage for node in nodes if node.usage is not None), Decimal(0))


def _row(node, below, depth, price, top, digits) -> BalanceRow:
    """The balance of one parent meter."""
    children_usage = _known_sum(below)
    loss = None if node.usage is None else node.usage - children_usage
    return BalanceRow(
        key=node.key,
        depth=depth,
        usage=node.usage,
        children=tuple(child.key for child in below),
        children_usage=children_usage,
        missing=tuple(child.key for child in below if child.usage is None),
        loss=loss,
        percent=loss_percent(loss, node.usage),
        cost=_cost(loss, price, digits),
        suspects=find_suspects(node, below, loss, top),
    )
