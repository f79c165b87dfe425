"""Which finding on a reading stops it, asks for a reason, or is only noted.

The table is where a new company begins; managers change severity and limits per
commodity, usage of the unit and source of the reading. The most specific active rule
decides; a rule with severity ``off`` switches its finding off for what it names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .money import to_decimal

BLOCK = "block"
CONFIRM = "confirm"
NOTE = "note"
OFF = "off"
SEVERITIES = (BLOCK, CONFIRM, NOTE, OFF)


class RuleError(ValueError):
    """A rule that names an unknown finding, severity or limit."""


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """How serious a finding is, and its limits; None means any.

    Limits not given are those of :data:`DEFAULT_LIMITS`.
    """

    code: str
    severity: str
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    commodity: str | None = None
    unit_usage: str | None = None
    source: str | None = None

    def __post_init__(self):
        if self.code not in CODES:
            raise RuleError(f"unknown finding {self.code!r}")
        if self.severity not in SEVERITIES:
            raise RuleError(f"unknown severity {self.severity!r}")
        known = DEFAULT_LIMITS.get(self.code, {})
        for name in self.limits:
            if name not in known:
                raise RuleError(f"{self.code} has no limit {name!r}")
        object.__setattr__(
            self,
            "limits",
            {name: to_decimal(value) for name, value in self.limits.items()},
        )

    def limit(self, name: str) -> Decimal:
        """Return a limit of the rule, or its default."""
        return self.limits.get(name, DEFAULT_LIMITS[self.code][name])


# Units: factor and share are plain numbers, quantity is in the meter's unit, days,
# months and values are counts.
DEFAULT_LIMITS: Mapping[str, Mapping[str, Decimal]] = {
    # A rollover is believed up to so many times the largest usage per day of the past;
    # without history up to this share of a full turn of the dial.
    "rollover": {"history_factor": Decimal(3), "dial_share": Decimal("0.1")},
    # Flagged when above the median by more than each of: so many spreads, this share of
    # the median, this many units; or below it by more than each of the low share of the
    # median and this many units. Season: the same month and so many beside it.
    "far_from_history": {
        "spread_factor": Decimal(4),
        "median_share": Decimal(1),
        "low_share": Decimal("0.8"),
        "quantity": Decimal(10),
        "season_months": Decimal(1),
        "season_values": Decimal(3),
        "values": Decimal(3),
    },
    # Homes stand empty for weeks: no usage is odd where the past of the meter lets one
    # expect this many units, or where it has none.
    "zero_occupied": {"days": Decimal(7), "quantity": Decimal(5)},
    "use_when_vacant": {"quantity": Decimal(1)},
    # So many equal indexes in a row, this one counted, and again after as many more,
    # where this many units are usual.
    "stopped": {"indexes": Decimal(3), "quantity": Decimal(5)},
    # Children may show so much more than the parent (share of the parent's usage).
    "children_exceed_parent": {"share": Decimal("0.02")},
}

_DEFAULT_SEVERITIES = {
    "missing": BLOCK,
    "out_of_dial": BLOCK,
    "negative_usage": BLOCK,
    "lower_than_last": BLOCK,
    "rollover": CONFIRM,
    "duplicate": BLOCK,
    "future": BLOCK,
    "before_last": BLOCK,
    "before_installation": BLOCK,
    "after_removal": BLOCK,
    "multiplier_changed": CONFIRM,
    "far_from_history": CONFIRM,
    "zero_occupied": CONFIRM,
    "use_when_vacant": CONFIRM,
    "stopped": CONFIRM,
    "children_exceed_parent": NOTE,
}

CODES = tuple(_DEFAULT_SEVERITIES)

DEFAULT_RULES = (
    *(ReadingRule(code, severity) for code, severity in _DEFAULT_SEVERITIES.items()),
    # a kWh is less than a m³
    ReadingRule("far_from_history", CONFIRM, {"quantity": Decimal(100)}, "electricity"),
)


def rule_for(
    code: str,
    rules: Iterable[ReadingRule],
    commodity: str | None,
    unit_usage: str | None,
    source: str | None,
) -> ReadingRule | None:
    """Return the rule that decides on ``code`` here, None if it is not looked for.

    Of the rules that fit, the one that names most; of equals source before unit usage
    before commodity, then the last one.
    """
    best, best_rank = None, None
    for rule in rules:
        if rule.code != code:
            continue
        wanted = (rule.source, rule.unit_usage, rule.commodity)
        given = (source, unit_usage, commodity)
        named = [value is not None for value in wanted]
        if any(
            is_named and want != have
            for is_named, want, have in zip(named, wanted, given, strict=True)
        ):
            continue
        rank = (sum(named), *named)
        if best_rank is None or rank >= best_rank:
            best, best_rank = rule, rank
    return best if best and best.severity != OFF else None
