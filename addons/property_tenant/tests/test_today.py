from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytz

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged
from odoo.tests.common import freeze_time

from ..calc.today import Line, crosstab, day_begins, in_order
from .common import ROLES, PropertyCase


@tagged("post_install", "-at_install")
class TestToday(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["property.today"])
        cls.sales = cls.make_user("sales", cls.estate, login="today_sales")
        cls.desk = cls.make_user("front_desk", cls.estate, login="today_desk")
        cls.manager = cls.make_user("manager", cls.estate, login="today_manager")
        cls.occupancy = cls.make_occupancy(
            cls.unit, cls.tenant, date_start=cls.today + timedelta(days=3)
        )

    def lines(self, user):
        told = self.env["property.today"].with_user(user).get_today()
        found = {line["key"]: line for section in told["sections"] for line in section["lines"]}
        return found, {line["key"] for line in told["nothing"]}

    def test_work_is_counted_and_what_is_late_stands_out(self):
        found, _nothing = self.lines(self.sales)
        line = found["occupancy_move_in"]
        self.assertEqual((line["count"], line["late"]), (1, 0))
        self.make_occupancy(self.unit_2, self.tenant, date_start=self.today - timedelta(days=1))
        found, _nothing = self.lines(self.sales)
        line = found["occupancy_move_in"]
        self.assertEqual((line["count"], line["late"]), (2, 1))

    def test_the_window_lists_what_was_counted(self):
        for user in (self.sales, self.manager):
            found, _nothing = self.lines(user)
            for line in found.values():
                domain = line["window"]["domain"]
                records = self.env[line["model"]].with_user(user).search(domain)
                self.assertEqual(len(records), line["count"], line["key"])

    def test_every_line_and_graph_has_a_window_that_its_reader_may_open(self):
        today = self.env["property.today"]
        windows = [(line.model, line.action) for line in today._get_lines()]
        windows += [(graph.model, graph.action) for graph in today._get_graphs()]
        for model, xmlid in windows:
            action = self.env.ref(xmlid)
            self.assertEqual(action.res_model, model, xmlid)

    def test_no_two_declarations_have_one_key(self):
        today = self.env["property.today"].with_user(self.manager)
        for declared in (today._get_lines(), today._get_figures(), today._get_graphs()):
            keys = [each.key for each in declared]
            self.assertEqual([key for key in keys if keys.count(key) > 1], [])

    def test_what_there_is_nothing_of_stands_apart(self):
        found, nothing = self.lines(self.sales)
        self.assertIn("lease_expiring", nothing)
        self.assertNotIn("lease_expiring", found)

    def test_each_role_has_its_own_lines(self):
        found, nothing = self.lines(self.desk)
        self.assertIn("occupancy_move_in", found)
        self.assertNotIn("unit_vacant", found.keys() | nothing)
        found, nothing = self.lines(self.sales)
        self.assertIn("unit_vacant", found.keys() | nothing)

    def test_every_role_has_a_screen_and_it_is_the_home(self):
        action = self.env.ref("property_tenant.property_today_action")
        for role in ROLES:
            user = self.make_user(role, self.estate, login=f"today_{role}_home")
            found, nothing = self.lines(user)
            self.assertTrue(found.keys() | nothing, role)
            self.assertEqual(user._get_work_list(), action)
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            reached = {menu["action_id"] for menu in menus.values() if "action_id" in menu}
            self.assertIn(action.id, reached, role)
        self.assertFalse(self.env.ref("base.public_user")._get_work_list())

    def test_only_the_own_estates_are_counted(self):
        other = self.make_building(self.make_estate("LP"))
        self.make_occupancy(
            self.make_unit(other, "B-1"), self.tenant, date_start=self.today - timedelta(days=1)
        )
        found, _nothing = self.lines(self.sales)
        self.assertEqual(found["occupancy_move_in"]["count"], 1)
        self.assertEqual(found["occupancy_move_in"]["late"], 0)

    def test_a_steward_begins_with_the_own_buildings(self):
        steward = self.make_user("steward", self.estate, login="today_steward")
        own = self.make_building(self.estate, "B")
        found, _nothing = self.lines(steward)
        self.assertIn("occupancy_move_in", found)
        own.steward_ids = steward
        found, nothing = self.lines(steward)
        self.assertIn("occupancy_move_in", nothing)

    def test_approvals_that_wait_are_the_first_line(self):
        self.env.company.pm_require_identity = True
        self.occupancy.state = "moving_in"
        self.occupancy.with_user(self.desk).action_request_override("The paper comes on Monday.")
        found, _nothing = self.lines(self.manager)
        self.assertEqual(next(iter(found)), "approval_waiting")
        self.assertEqual(found["approval_waiting"]["count"], 1)
        found, _nothing = self.lines(self.desk)
        self.assertEqual(found["approval_asked"]["count"], 1)

    def test_portal_users_have_no_today(self):
        with self.assertRaises(AccessError):
            self.env["property.today"].with_user(self.env.ref("base.public_user")).get_today()

    # --- dashboard ------------------------------------------------------------

    def dashboard(self, user):
        told = self.env["property.today"].with_user(user).get_dashboard()
        return (
            {figure["key"]: figure for figure in told["figures"]},
            {graph["key"]: graph for graph in told["graphs"]},
        )

    def test_managers_and_controllers_see_figures_and_graphs(self):
        self.make_occupancy(self.unit_2, self.tenant, state="active")
        for role in ("manager", "general_manager", "controller"):
            user = self.make_user(role, self.estate, login=f"today_{role}_board")
            figures, graphs = self.dashboard(user)
            self.assertEqual(figures["unit_occupied"]["value"], "33.3 %")
            self.assertEqual(figures["unit_vacant"]["value"], "1")
            graph = graphs["unit_status"]
            self.assertEqual(graph["labels"], [self.estate.display_name])
            self.assertEqual(sum(sum(row["values"]) for row in graph["rows"]), 3)

    def test_a_part_of_a_graph_leads_to_its_records(self):
        _figures, graphs = self.dashboard(self.manager)
        for row in graphs["unit_status"]["rows"]:
            for value, domain in zip(row["values"], row["domains"], strict=True):
                units = self.env["property.unit"].with_user(self.manager).search(domain)
                self.assertEqual(len(units), value)

    def test_others_do_not_get_the_dashboard(self):
        with self.refused("for managers and controllers", AccessError):
            self.dashboard(self.desk)
        self.assertFalse(
            self.env["property.today"].with_user(self.desk).get_today()["has_dashboard"]
        )

    # --- size -----------------------------------------------------------------

    def count_queries(self, user):
        today = self.env["property.today"].with_user(user)
        today.get_today()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        today.get_today()
        if today._has_dashboard():
            today.get_dashboard()
        return self.env.cr.sql_log_count - before

    def fill(self, start, stop):
        units = self.env["property.unit"].create(
            [
                {"code": f"T-{n:03}", "building_id": self.building.id, "area_gross": n}
                for n in range(start, stop)
            ]
        )
        for unit in units:
            self.make_occupancy(unit, self.tenant, date_start=self.today, state="moving_in")
        self.env.company.pm_require_identity = True
        for unit in units:
            occupancy = self.env["property.occupancy"].search([("unit_id", "=", unit.id)])
            occupancy.with_user(self.desk).action_request_override("The paper comes on Monday.")

    def test_the_number_of_queries_does_not_depend_on_the_work(self):
        self.fill(0, 10)
        few = self.count_queries(self.manager)
        self.fill(10, 100)
        many = self.count_queries(self.manager)
        self.assertLessEqual(many, few + 3)
        self.assertLessEqual(many, 90)

    # --- rules -------------------------------------------------------------------

    def test_lines_are_ordered_by_section_and_sequence(self):
        lines = [
            Line(key, key, "res.users", [], "x", section=section, sequence=sequence)
            for key, section, sequence in (
                ("c", "watch", 1),
                ("b", "now", 20),
                ("a", "soon", 1),
                ("d", "now", 30),
                ("d", "now", 3),
            )
        ]
        self.assertEqual([line.key for line in in_order(lines)], ["d", "b", "a", "c"])

    def test_groups_become_bars_with_their_parts(self):
        labels, rows = crosstab(
            [
                (((1, "A"), ("v", "Vacant")), 2, ["a"]),
                (((1, "A"), ("o", "Let")), 3, ["b"]),
                (((2, "B"), ("o", "Let")), 4, ["c"]),
                (((3, "C"), ("o", "Let")), 5, ["d"]),
            ],
            2,
        )
        self.assertEqual(labels, ["A", "B"])
        self.assertEqual([row["values"] for row in rows], [[2, 0], [3, 4]])
        self.assertEqual([row["domains"] for row in rows], [[["a"], None], [["b"], ["c"]]])


class TestDayBegins(BaseCase):
    def test_by_the_clock_of_the_place(self):
        for zone, day, expected in (
            ("Asia/Shanghai", date(2026, 3, 10), datetime(2026, 3, 9, 16)),
            ("UTC", date(2026, 3, 10), datetime(2026, 3, 10)),
            ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 5)),
            # the clock was put forward on the eighth
            ("America/New_York", date(2026, 3, 9), datetime(2026, 3, 9, 4)),
        ):
            self.assertEqual(day_begins(day, pytz.timezone(zone)), expected)
            self.assertEqual(day_begins(day, ZoneInfo(zone)), expected)


@tagged("post_install", "-at_install")
class TestTodayAtNight(PropertyCase):
    """Shortly before and after midnight in Shanghai, which is 16:00 in UTC."""

    BEFORE = "2026-03-10 15:30:00"  # 23:30 on the tenth
    AFTER = "2026-03-10 16:30:00"  # 00:30 on the eleventh

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.estate"].search([]).tz = "Asia/Shanghai"
        cls.desk = cls.make_user("front_desk", cls.estate, login="night_desk")
        # the reader's own clock is not that of the estate
        cls.desk.tz = False
        cls.lease = cls.make_occupancy(
            cls.unit, cls.tenant, date_start=date(2026, 3, 18), state="moving_in"
        )

    def count(self, key, at, part="count"):
        with freeze_time(at):
            told = self.env["property.today"].with_user(self.desk).get_today()
        lines = [line for section in told["sections"] for line in section["lines"]]
        return {line["key"]: line for line in lines + told["nothing"]}[key][part]

    def visit(self, at):
        return self.env["property.visit"].create(
            {"occupancy_id": self.lease.id, "user_id": self.desk.id, "date_planned": at}
        )

    def test_a_visit_belongs_to_its_local_day(self):
        # 09:00 on the eleventh, and 23:45 on the tenth
        self.visit("2026-03-11 01:00:00")
        self.assertEqual(self.count("visit_mine", self.BEFORE), 0)
        self.assertEqual(self.count("visit_mine", self.AFTER), 1)
        self.visit("2026-03-10 15:45:00")
        self.assertEqual(self.count("visit_mine", self.BEFORE), 1)
        self.assertEqual(self.count("visit_mine", self.AFTER), 2)

    def test_a_visit_early_on_the_next_day_is_not_of_today(self):
        # 00:15 on the twelfth is still the eleventh in UTC
        self.visit("2026-03-11 16:15:00")
        self.assertEqual(self.count("visit_mine", self.AFTER), 0)

    def test_dates_follow_the_same_clock(self):
        # seven days before the eighteenth
        self.assertEqual(self.count("occupancy_move_in", self.BEFORE), 0)
        self.assertEqual(self.count("occupancy_move_in", self.AFTER), 1)

    def test_who_comes_to_move_in_is_late_from_the_next_local_day(self):
        appointment = self.env["property.occupancy.appointment"]
        appointment.create(
            {"occupancy_id": self.lease.id, "date": "2026-03-10 07:00:00", "place": "Desk"}
        )
        self.assertEqual(self.count("appointment_week", self.BEFORE), 1)
        self.assertEqual(self.count("appointment_week", self.BEFORE, "late"), 0)
        self.assertEqual(self.count("appointment_week", self.AFTER, "late"), 1)

    def test_who_comes_after_the_week_does_not_come_this_week(self):
        # 00:30 on the nineteenth, eight days after the eleventh
        self.env["property.occupancy.appointment"].create(
            {"occupancy_id": self.lease.id, "date": "2026-03-18 16:30:00", "place": "Desk"}
        )
        self.assertEqual(self.count("appointment_week", self.AFTER), 0)

    def test_of_several_clocks_the_reader_s_own_is_taken(self):
        today = self.env["property.today"].with_user(self.desk)
        self.assertEqual(today._get_zone(), "Asia/Shanghai")
        other = self.make_estate("LDN")
        other.tz = "Europe/London"
        self.desk.estate_ids = self.estate | other
        self.desk.tz = "Europe/London"
        self.assertEqual(today._get_zone(), "Europe/London")
        self.desk.estate_ids = self.estate
        self.assertEqual(today._get_zone(), "Asia/Shanghai")
