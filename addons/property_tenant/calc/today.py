"""What stands on the screen “Today”: plain declarations, made by each block for its own records."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time

#: when something is to be done, in the order of the screen
SECTIONS = ("now", "soon", "watch")


@dataclass(frozen=True)
class Line:
    """Something to do, counted: records of ``model`` within ``domain``.

    ``key``      unique among all lines, e.g. ``occupancy_move_in``
    ``label``    what people read, already translated
    ``action``   xml id of the window that lists the records; it is narrowed to ``domain``
    ``groups``   roles whose work it is, as in a view: ``"addon.group_a,addon.group_b"``; empty: all
    ``late``     further conditions under which a record is late, or empty
    ``section``  now: today; soon: these days; watch: to keep an eye on
    ``sequence`` order within the section
    ``icon``     Font Awesome, without ``fa-``
    ``context``  of the window; the filters that it has by itself are left out
    ``building`` field that names the building: stewards begin with their own buildings
    """

    key: str
    label: str
    model: str
    domain: list
    action: str
    groups: str = ""
    late: list = field(default_factory=list)
    section: str = "now"
    sequence: int = 50
    icon: str = "check-square-o"
    context: dict = field(default_factory=dict)
    building: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure of the dashboard; ``value`` is already written out in the reader's language."""

    key: str
    label: str
    value: str
    detail: str = ""
    action: str = ""
    domain: list = field(default_factory=list)
    alarming: bool = False


@dataclass(frozen=True)
class Graph:
    """A graph of the dashboard: records of ``model`` in groups, summed up.

    ``groupby``  one or two groupings: bars, and what each bar is made of
    ``measure``  an aggregate such as ``__count`` or ``amount_open:sum``
    ``kind``     bar or doughnut
    ``action``   window that a click on a bar opens, narrowed to its records
    """

    key: str
    title: str
    model: str
    domain: list
    groupby: tuple
    action: str
    measure: str = "__count"
    kind: str = "bar"
    groups: str = ""
    limit: int = 12


def day_begins(day, zone):
    """When ``day`` begins by the clock of ``zone`` (a tzinfo), as a naive datetime in UTC."""
    midnight = datetime.combine(day, time.min)
    # pytz knows the offset of a moment only by localize
    local = zone.localize(midnight) if hasattr(zone, "localize") else midnight.replace(tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)


def in_order(lines):
    """``lines`` by section, sequence and key; of several with one key the last declared."""
    return sorted(
        {line.key: line for line in lines}.values(),
        key=lambda line: (SECTIONS.index(line.section), line.sequence, line.key),
    )


def crosstab(groups, limit):
    """Bars of a graph from groups of one or two keys.

    :param groups: (keys, value, domain) per group; keys are (raw, label) pairs
    :return: labels of the bars, and rows (label, values, domains), values in the order of the bars
    """
    bars, series, cells = {}, {}, {}
    for keys, value, domain in groups:
        bar, part = keys[0], keys[1] if len(keys) > 1 else ("", "")
        bars.setdefault(bar[0], bar[1])
        series.setdefault(part[0], part[1])
        cells[bar[0], part[0]] = (value, domain)
    shown = list(bars)[:limit]
    rows = [
        {
            "label": label,
            "key": key or "",
            "values": [cells.get((bar, key), (0, None))[0] or 0 for bar in shown],
            "domains": [cells.get((bar, key), (0, None))[1] for bar in shown],
        }
        for key, label in series.items()
    ]
    return [bars[bar] for bar in shown], rows
