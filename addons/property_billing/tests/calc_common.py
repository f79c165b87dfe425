"""What the tests of the rules share: settings of Hypothesis and strategies."""

import os
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ..calc.periods import Period

ALL = os.environ.get("PROPERTY_TEST_ALL") == "1"

# The same examples every time, unless everything is tested: a run that fails can be
# run again, and only the long run looks for new examples.
properties = settings(
    max_examples=2000 if ALL else 100,
    derandomize=not ALL,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

FIRST_DAY = date(2023, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(start: str, end: str) -> Period:
    return Period(day(start), day(end))


def decimals(low="0", high="10000", places=2):
    return st.decimals(
        Decimal(low),
        Decimal(high),
        allow_nan=False,
        allow_infinity=False,
        places=places,
    )


def dates(days: int = 1500):
    return st.integers(0, days - 1).map(lambda n: FIRST_DAY + timedelta(days=n))


@st.composite
def periods(draw, longest: int = 400):
    start = draw(dates())
    return Period(start, start + timedelta(days=draw(st.integers(0, longest - 1))))
