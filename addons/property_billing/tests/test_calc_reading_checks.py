from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..calc.money import MoneyError
from ..calc.reading_checks import (
    CHECKS,
    HistoryEntry,
    MeterFacts,
    NewReading,
    check_reading,
    median_and_spread,
    seasonal,
)
from ..calc.reading_rules import (
    CODES,
    DEFAULT_RULES,
    ReadingRule,
    RuleError,
    rule_for,
)
from .calc_common import day, decimals, properties

METER = MeterFacts(digits=5, commodity="water_cold", unit_usage="residential", occupied=True)
READING = NewReading(
    date=day("2024-06-30"),
    index=Decimal(1030),
    previous_index=Decimal(1000),
    previous_date=day("2024-05-31"),
    source="manual",
    previous_multiplier=Decimal(1),
)
TODAY = day("2024-07-01")


def past(*usages, last="2024-05-31"):
    """Usages of 30 days each, the last one ending on ``last``."""
    count = len(usages)
    return [
        HistoryEntry(day(last) - timedelta(days=30 * (count - 1 - n)), Decimal(usage), 30)
        for n, usage in enumerate(usages)
    ]


STEADY = past(29, 31, 30, 32, 28, 30)


class TestCalcReadingChecks(BaseCase):
    def findings(self, meter=None, reading=None, history=STEADY, rules=DEFAULT_RULES):
        return check_reading(
            replace(METER, **(meter or {})),
            replace(READING, **(reading or {})),
            history,
            TODAY,
            rules,
        )

    def codes(self, *args, **values):
        return [found.code for found in self.findings(*args, **values)]

    def test_ordinary_reading_has_no_findings(self):
        self.assertEqual(self.findings(), [])

    def test_each_oddity_is_found_alone(self):
        for code, meter, reading, history in (
            ("lower_than_last", {}, {"index": 999}, STEADY),
            ("rollover", {}, {"index": 10, "previous_index": 99980}, STEADY),
            ("far_from_history", {}, {"index": 1090}, STEADY),
            ("far_from_history", {}, {"index": 1002}, STEADY),
            ("zero_occupied", {}, {"index": 1000}, []),
            ("use_when_vacant", {"occupied": False}, {}, STEADY),
            ("missing", {}, {"index": None}, STEADY),
            (
                "duplicate",
                {},
                {"same_register": ((day("2024-06-30"), "regular"),)},
                STEADY,
            ),
            ("future", {}, {"date": day("2024-07-02")}, STEADY),
            ("before_last", {}, {"date": day("2024-05-30")}, []),
            (
                "before_last",
                {},
                {"same_register": ((day("2024-07-01"), "move_in"),)},
                STEADY,
            ),
            ("after_removal", {"removed": day("2024-06-29")}, {}, STEADY),
            ("before_installation", {"installed": day("2024-07-01")}, {}, STEADY),
            ("multiplier_changed", {}, {"previous_multiplier": 40}, STEADY),
            ("stopped", {"occupied": None}, {"index": 1000}, past(8, 8, 0)),
            ("stopped", {"occupied": None}, {"index": 1000}, past(20, 20, 20, 0, 0, 0, 0)),
            (
                "stopped",
                {"occupied": None, "has_children": True, "children_usage": 0.5},
                {"index": 1000},
                [],
            ),
            (
                "children_exceed_parent",
                {"has_children": True, "children_usage": "30.7"},
                {},
                STEADY,
            ),
            ("negative_usage", {"occupied": None}, {"usage": -1}, []),
            ("out_of_dial", {}, {"index": 100000}, STEADY),
            ("out_of_dial", {}, {"index": -1, "previous_index": None}, STEADY),
        ):
            expected = [code]
            if code == "stopped" and "children_usage" in meter:
                expected.append("children_exceed_parent")
            with self.subTest(code=code, reading=reading):
                self.assertEqual(self.codes(meter, reading, history), expected)

    def test_what_is_just_inside_the_limits_is_not_odd(self):
        for name, meter, reading, history in (
            ("usage at the edge", {}, {"index": 1060}, STEADY),
            ("little at the edge", {}, {"index": 1006}, STEADY),
            ("some units more", {}, {"index": 1012}, past(1, 2, 3, 2)),
            ("a few kWh more", {"commodity": "electricity"}, {"index": 1130}, STEADY),
            ("zero where little is usual", {}, {"index": 1000}, past(4, 5, 4, 3)),
            ("zero again", {}, {"index": 1000}, past(9, 8, 9, 8, 9, 0, 0)),
            ("a unit in a vacant flat", {"occupied": False}, {"index": 1001}, []),
            ("zero in a common area", {"occupied": None}, {"index": 1000}, []),
            (
                "zero over few days",
                {},
                {"index": 1000, "previous_date": day("2024-06-24")},
                [],
            ),
            ("zero twice", {"occupied": None}, {"index": 1000}, past(1, 1, 1)),
            ("never ran", {"occupied": None}, {"index": 1000}, past(0, 0, 0)),
            ("still in a vacant flat", {"occupied": False}, {"index": 1000}, past(30, 30, 0)),
            ("still, as told last time", {"occupied": None}, {"index": 1000}, past(8, 8, 0, 0)),
            ("read today", {}, {"date": TODAY}, STEADY),
            ("on the day of removal", {"removed": day("2024-06-30")}, {}, STEADY),
            ("on the day of installation", {"installed": day("2024-06-30")}, {}, []),
            (
                "move-in after move-out",
                {},
                {
                    "kind": "move_in",
                    "same_register": ((day("2024-06-30"), "move_out"),),
                },
                STEADY,
            ),
            (
                "children nearly as much",
                {"has_children": True, "children_usage": "30.6"},
                {},
                STEADY,
            ),
            ("too little history", {}, {"index": 1900}, past(30, 30)),
            ("first reading", {}, {"previous_index": None, "previous_date": None}, []),
        ):
            with self.subTest(name):
                self.assertEqual(self.codes(meter, reading, history), [])

    def test_figures_are_those_of_the_message(self):
        for reading, history, expected in (
            (
                {"index": 10, "previous_index": 99980},
                STEADY,
                {"index": 10, "previous_index": 99980, "usage": 30},
            ),
            (
                {"index": 999},
                STEADY,
                {"index": 999, "previous_index": 1000, "wrapped_usage": 99999},
            ),
            (
                {"index": 1090},
                STEADY,
                {
                    "usage": 90,
                    "expected": 30,
                    "spread": Decimal("1.483"),
                    "allowed": 30,
                    "direction": "high",
                    "values": 6,
                    "same_season": False,
                },
            ),
        ):
            with self.subTest(reading=reading):
                (found,) = self.findings({}, reading, history)
                self.assertEqual(found.figures, expected)

    def test_rollover_is_believed_only_up_to_the_usual_usage(self):
        # Usual are up to 32 in 30 days: three times that is 96.
        for index, history, code in (
            (75, STEADY, ["rollover", "far_from_history"]),
            (76, STEADY, ["rollover", "far_from_history"]),
            (77, STEADY, ["lower_than_last"]),
            (9980, [], ["rollover"]),
            (9981, [], ["lower_than_last"]),
        ):
            with self.subTest(index=index):
                reading = {"index": index, "previous_index": 99980}
                self.assertEqual(self.codes({}, reading, history), code)
        self.assertEqual(
            self.codes({"digits": 0}, {"index": 10, "previous_index": 99980}),
            ["lower_than_last"],
        )

    def test_multiplier_counts_into_usage(self):
        reading = {"index": "1000.75", "previous_multiplier": 40}
        self.assertEqual(self.codes({"multiplier": 40}, reading), [])

    def test_season_goes_before_the_whole_past(self):
        # Summers 300, the rest of the year 30: 300 in June is usual, 30 is not.
        history = [
            HistoryEntry(day(f"{year}-{month:02}-28"), Decimal(usage), 30)
            for year in (2022, 2023)
            for month, usage in (
                (1, 30),
                (2, 30),
                (3, 30),
                (5, 300),
                (6, 310),
                (7, 290),
            )
        ]
        self.assertEqual(self.codes({}, {"index": 1300}, history), [])
        (found,) = self.findings({}, {"index": 1030}, history)
        self.assertEqual(
            (found.code, found.figures["direction"], found.figures["same_season"]),
            ("far_from_history", "low", True),
        )

    def test_season_runs_over_the_end_of_the_year(self):
        history = past(1, 2, 3, 4, last="2023-12-20")  # September to December
        found, of_season = seasonal(history, day("2024-01-15"), 1, 1)
        self.assertEqual(([entry.usage for entry in found], of_season), ([4], True))
        found, of_season = seasonal(history, day("2024-01-15"), 1, 2)
        self.assertEqual((len(found), of_season), (4, False))

    def test_estimates_and_later_usage_are_no_history(self):
        guessed = [replace(entry, estimated=True) for entry in STEADY]
        later = past(30, 30, 30, 30, last="2025-06-30")
        self.assertEqual(self.codes({}, {"index": 1900}, [*guessed, *later[-2:]]), [])

    def test_one_wild_month_does_not_widen_the_spread(self):
        values = [Decimal(n) for n in (29, 31, 30, 32, 28, 5000)]
        middle, spread = median_and_spread(values)
        self.assertEqual((middle, spread), (Decimal("30.5"), Decimal("2.22390")))

    def test_most_serious_comes_first(self):
        found = self.findings(
            {"removed": day("2024-01-01"), "has_children": True, "children_usage": 99},
            {"previous_multiplier": 2},
        )
        self.assertEqual(
            [(one.code, one.severity) for one in found],
            [
                ("after_removal", "block"),
                ("multiplier_changed", "confirm"),
                ("children_exceed_parent", "note"),
            ],
        )

    def test_rules_set_severity_and_limits(self):
        rules = [
            *DEFAULT_RULES,
            ReadingRule("far_from_history", "note", {"median_share": "5"}),
            ReadingRule("use_when_vacant", "block", unit_usage="residential"),
            ReadingRule("missing", "off", source="portal"),
        ]
        self.assertEqual(self.codes({}, {"index": 1090}, rules=rules), [])
        (found,) = self.findings({}, {"index": 1900}, rules=rules)
        self.assertEqual((found.code, found.severity), ("far_from_history", "note"))
        (found,) = self.findings({"occupied": False}, rules=rules)
        self.assertEqual(found.severity, "block")
        portal = {"index": None, "source": "portal"}
        self.assertEqual(self.codes({}, portal, rules=rules), [])
        self.assertEqual(self.codes({}, {"index": 1900}, rules=[]), [])

    def test_limits_say_from_where_on_zero_is_odd(self):
        few = past(4, 5, 4, 5)
        for code, occupied, history in (
            ("zero_occupied", True, few),
            ("stopped", None, [*few[:-1], replace(few[-1], usage=Decimal(0))]),
        ):
            with self.subTest(code):
                rules = [*DEFAULT_RULES, ReadingRule(code, "confirm", {"quantity": 4})]
                meter, reading = {"occupied": occupied}, {"index": 1000}
                self.assertEqual(self.codes(meter, reading, history), [])
                self.assertEqual(self.codes(meter, reading, history, rules), [code])

    def test_rollover_switched_off_is_lower_than_last(self):
        rules = [*DEFAULT_RULES, ReadingRule("rollover", "off")]
        reading = {"index": 10, "previous_index": 99980}
        self.assertEqual(self.codes({}, reading, rules=rules), ["lower_than_last"])

    def test_most_specific_rule_decides(self):
        general = ReadingRule("missing", "block")
        water = ReadingRule("missing", "note", commodity="water_cold")
        portal = ReadingRule("missing", "confirm", source="portal")
        both = ReadingRule("missing", "off", commodity="gas", source="portal")
        rules = [both, portal, water, general]
        for commodity, source, expected in (
            ("heat", "manual", general),
            ("water_cold", "manual", water),
            ("water_cold", "portal", portal),
            ("gas", "portal", None),
        ):
            with self.subTest(commodity=commodity, source=source):
                self.assertIs(rule_for("missing", rules, commodity, None, source), expected)

    def test_rules_that_name_nothing_known_are_refused(self):
        for make in (
            lambda: ReadingRule("odd", "block"),
            lambda: ReadingRule("missing", "panic"),
            lambda: ReadingRule("missing", "block", {"days": 3}),
            lambda: ReadingRule("zero_occupied", "block", {"day": 3}),
        ):
            with self.subTest(make=make), self.assertRaises(RuleError):
                make()

    def test_index_that_is_no_number_is_refused(self):
        with self.assertRaises(MoneyError):
            self.findings({}, {"index": "12,5"})

    def test_every_code_has_a_check_and_a_default_rule(self):
        self.assertEqual(set(CHECKS), set(CODES))
        general = [rule for rule in DEFAULT_RULES if not rule.commodity]
        self.assertEqual([rule.code for rule in general], list(CODES))

    @properties
    @given(
        st.none() | decimals("-10", "200000", 1),
        st.none() | decimals("0", "99999", 1),
        st.lists(decimals("0", "500", 1), max_size=8),
        st.sampled_from([True, False, None]),
    )
    def test_a_reading_without_block_has_a_usage_that_is_not_negative(
        self, index, previous, usages, occupied
    ):
        found = self.findings(
            {"occupied": occupied},
            {"index": index, "previous_index": previous},
            past(*usages),
        )
        codes = {one.code for one in found}
        self.assertLessEqual(len({"rollover", "lower_than_last"} & codes), 1)
        blocked = any(one.severity == "block" for one in found)
        bad = index is None or not 0 <= index < 100000
        lower = not bad and previous is not None and index < previous
        self.assertEqual(blocked, bad or (lower and "rollover" not in codes))
