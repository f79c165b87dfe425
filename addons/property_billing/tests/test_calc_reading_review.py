from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.reading_review import ReviewMeter, ReviewRow, Walk
from ..calc.usage import NoHistory
from .calc_common import properties

START = date(2024, 1, 1)
STATES = ("draft", "flagged", "accepted")


def reading(key, day, index, **values):
    return ReviewRow(key, "m", "", START + timedelta(days=day), Decimal(index), **values)


def walk(rows, meter=None, **sets):
    meter = meter or ReviewMeter("m", digits=6, today=date(2030, 1, 1))
    return Walk({"m": meter}, rows, START).run({"m"}, **sets)


def linked(key, day, index, before, **values):
    """A stored row that hangs on ``before``."""
    return reading(
        key,
        day,
        index,
        previous=before.key,
        index_previous=before.index,
        date_from=before.date + timedelta(days=1),
        usage=Decimal(index) - before.index,
        **values,
    )


class TestCalcReadingReview(BaseCase):
    def test_clean_reading_is_accepted_and_an_odd_one_flagged(self):
        first = reading(1, 0, 100, state="accepted")
        review = walk([first, reading(2, 31, 110), reading(3, 60, 90)], decide={2, 3})
        self.assertEqual(
            {key: out.state for key, out in review.outcomes.items() if key > 1},
            {2: "accepted", 3: "flagged"},
        )
        self.assertEqual(review.outcomes[3].usage, 0)
        self.assertEqual(review.outcomes[2].usage, 10)

    def test_what_stays_as_it_is_is_not_stored_again(self):
        first = reading(1, 0, 100, state="accepted", date_from=START)
        rows = [first, linked(2, 31, 110, first, state="accepted")]
        self.assertEqual(walk(rows).outcomes, {})

    def test_billed_reading_that_hangs_on_a_changed_one_is_to_be_corrected(self):
        first = reading(1, 0, 100, state="billed", date_from=START)
        second = linked(2, 31, 110, first, state="billed")
        third = linked(3, 60, 130, second, state="billed")
        correction = reading(9, 31, 107, correction_of=2, origin=2)
        review = walk([first, second, third, correction], accept={9})
        self.assertEqual(review.replaced, {2: 9})
        self.assertEqual(
            [(found.key, found.usage, found.billed, found.cause) for found in review.settled],
            [(3, 23, True, 9)],
        )
        self.assertEqual((review.outcomes[9].usage, review.outcomes[9].previous), (7, 1))

    def test_correction_that_nobody_accepted_changes_nothing_else(self):
        first = reading(1, 0, 100, state="billed", date_from=START)
        second = linked(2, 31, 110, first, state="billed")
        third = linked(3, 60, 130, second, state="accepted")
        correction = reading(9, 31, 107, correction_of=2, origin=2)
        review = walk([first, second, third, correction], focus={9})
        self.assertEqual(set(review.outcomes), {9})
        self.assertEqual((review.settled, review.replaced), ([], {}))

    def test_lower_index_without_digits_cannot_be_accepted(self):
        meter = ReviewMeter("m", digits=0, today=date(2030, 1, 1))
        rows = [reading(1, 0, 100, state="accepted"), reading(2, 31, 90)]
        self.assertEqual(walk(rows, meter, accept={2}).refused, [2])

    def test_estimate_needs_a_past(self):
        first = reading(1, 0, 100, state="accepted", date_from=START)
        rows = [first, reading(2, 31, 0)]
        meters = {"m": ReviewMeter("m", digits=6)}
        with self.assertRaises(NoHistory):
            Walk(meters, rows, START).estimate(2, "m", "")
        rows = [first, linked(3, 20, 120, first, state="accepted"), reading(2, 31, 0)]
        self.assertEqual(Walk(meters, rows, START).estimate(2, "m", ""), 131)

    def test_meters_below_are_looked_at_before_the_meter_above(self):
        meters = {
            "main": ReviewMeter("main", depth=1, digits=6),
            "m": ReviewMeter("m", depth=2, digits=6, parent="main"),
        }
        rows = [
            ReviewRow(1, "main", "", START, Decimal(0), state="accepted"),
            reading(2, 0, 0, state="accepted"),
            ReviewRow(3, "main", "", START + timedelta(days=30), Decimal(10)),
            reading(4, 30, 50),
        ]
        review = Walk(meters, rows, START).run({"main", "m"}, focus={3, 4})
        codes = [found.code for found in review.outcomes[3].findings]
        self.assertEqual(codes, ["children_exceed_parent"])

    @properties
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 400),
                st.integers(0, 99_999),
                st.sampled_from(STATES),
                st.booleans(),
            ),
            min_size=1,
            max_size=15,
        )
    )
    def test_usage_is_neither_lost_nor_counted_twice(self, entries):
        """The kept readings' usages add up to what the dial moved between the first and
        the last of them, once every estimate before a true reading is settled."""
        rows = [
            reading(
                key,
                day,
                index,
                state=state,
                estimated=estimated,
                source="estimate" if estimated else "manual",
                severity="block" if state == "flagged" else None,
                codes=frozenset({"future"}) if state == "flagged" else frozenset(),
            )
            for key, (day, index, state, estimated) in enumerate(entries, 1)
        ]
        rows.append(reading(99, 401, 5))
        meter = ReviewMeter("m", digits=5, today=date(2030, 1, 1), rules=())
        keys = {row.key for row in rows}
        review = walk(rows, meter, accept=keys)
        settled = {found.key: found for found in review.settled}
        usage = {key: out.usage for key, out in review.outcomes.items()}
        usage.update({key: found.usage for key, found in settled.items()})
        index = {row.key: row.index for row in rows}
        index.update({key: found.index for key, found in settled.items()})
        ordered = sorted(rows, key=lambda row: (row.date, row.key))
        moved = (index[ordered[-1].key] - index[ordered[0].key]) % 100_000
        self.assertEqual((sum(usage.values()) - moved) % 100_000, 0)
        self.assertGreaterEqual(min(usage.values()), 0)
        self.assertEqual({out.state for out in review.outcomes.values()}, {"accepted"})
