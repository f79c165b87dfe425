"""Where a page of a time line ends, and what is older than that.

Entries are ordered by their moment, then by their kind, then by their key (mostly the
number of the record), all descending: so a page ends at one place, and the next one
begins right after it, even where many things happened in the same moment. What is
known by its day only stands at the beginning of that day.
"""

from datetime import datetime, time
from typing import NamedTuple


class Place(NamedTuple):
    """The last entry of a page. Without a kind: everything of the moment was shown."""

    date: datetime
    kind: str = ""
    key: int = 0

    @classmethod
    def read(cls, text):
        """The place that ``text`` tells; ValueError when it tells none."""
        date, kind, key = (f"{text}||".split("|"))[:3]
        date = datetime.fromisoformat(date)
        if date.tzinfo:
            raise ValueError("a moment in UTC is told without a zone")
        return cls(date, kind, int(key or 0))

    def tell(self):
        return f"{self.date.isoformat()}|{self.kind}|{self.key}"


def moment(value):
    """``value``, a day or a moment, as a moment."""
    return value if isinstance(value, datetime) else datetime.combine(value, time.min)


def older(place, kind, date, is_day, key="id"):
    """Domain of the records of a provider that come after ``place``.

    :param kind: kind of the provider
    :param date: name of the field with the day or moment
    :param is_day: whether the field is a day
    :param key: name of the field that orders what happened in the same moment; empty:
        nothing of a kind happens in the same moment
    """
    if place is None:
        return []
    at = place.date.date() if is_day else place.date
    if is_day and place.date.time() != time.min:
        # the day itself began before that moment
        return [(date, "<=", at)]
    if kind < place.kind:
        return [(date, "<=", at)]
    if kind == place.kind and key:
        return ["|", (date, "<", at), "&", (date, "=", at), (key, "<", place.key)]
    return [(date, "<", at)]
