"""Pages of a time line: nothing twice, nothing left out."""

import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..calc.timeline import Place, moment, older


def matches(domain, row):
    """Whether ``row`` is found by a domain in prefix notation."""
    terms = list(domain)

    def take():
        term = terms.pop(0)
        if term == "|":
            left, right = take(), take()
            return left or right
        if term == "&":
            left, right = take(), take()
            return left and right
        name, operator, value = term
        return {
            "<": row[name] < value,
            "<=": row[name] <= value,
            "=": row[name] == value,
        }[operator]

    found = True
    while terms:
        found = take() and found
    return found


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestCalcTimeline(BaseCase):
    def test_place_is_told_and_read(self):
        place = Place(datetime(2026, 3, 1, 12, 30, 5, 17), "visit", 12)
        self.assertEqual(Place.read(place.tell()), place)

    def test_plain_moment_is_a_place(self):
        self.assertEqual(Place.read("2026-03-01 12:30:05"), Place(datetime(2026, 3, 1, 12, 30, 5)))

    def test_rubbish_is_no_place(self):
        for text in ("yesterday", "", "2026-03-01|visit|x", "2026-03-01 00:00:00+02:00"):
            with self.subTest(text), self.assertRaises(ValueError):
                Place.read(text)

    def test_day_goes_on_after_a_moment_of_it(self):
        place = Place(datetime(2026, 3, 1, 12, 30), "visit", 12)
        day = datetime(2026, 3, 1).date()
        self.assertTrue(matches(older(place, "document", "day", True), {"day": day}))

    def test_pages_put_together_are_everything_in_order(self):
        for seed in range(30):
            with self.subTest(seed=seed):
                self.check_pages(random.Random(seed))

    def check_pages(self, chance):
        start = datetime(2026, 3, 1)
        kinds = {"document": True, "letter": True, "state": False, "visit": False}
        rows = {
            kind: [
                {
                    "id": number,
                    "date": (start + timedelta(days=chance.randrange(3))).date()
                    if is_day
                    else start + timedelta(hours=12 * chance.randrange(6)),
                }
                for number in range(1, 13)
            ]
            for kind, is_day in kinds.items()
        }

        def page(place, limit):
            found = []
            for kind, is_day in kinds.items():
                domain = older(place, kind, "date", is_day)
                some = [row for row in rows[kind] if matches(domain, row)]
                some.sort(key=lambda row: (row["date"], row["id"]), reverse=True)
                found += [(moment(row["date"]), kind, row["id"]) for row in some[: limit + 1]]
            return sorted(found, reverse=True)[:limit]

        whole = page(None, 48)
        self.assertEqual(len(whole), 48)
        limit, place, seen = chance.randrange(1, 9), None, []
        while entries := page(place, limit):
            seen += entries
            place = Place(*entries[-1])
        self.assertEqual(seen, whole)
