from ast import literal_eval
from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.property_tenant.models.property_occupancy import OCCUPANCY_STATES, TRANSITIONS

from .common import PropertyBuilders, PropertyCase

STATES = [state for state, _label in OCCUPANCY_STATES]

#: status of a unit with one occupancy in each state, by who holds it
STATUS_BY_STATE = {
    #            tenant       using owner  other owner
    "reserved": ("reserved", "reserved", "vacant"),
    "moving_in": ("handover", "handover", "vacant"),
    "active": ("occupied", "occupied", "vacant"),
    "notice": ("occupied", "occupied", "vacant"),
    "clearing": ("clearance", "clearance", "vacant"),
    "ended": ("vacant", "vacant", "vacant"),
    "cancelled": ("vacant", "vacant", "vacant"),
}


@tagged("post_install", "-at_install")
class TestUnit(PropertyCase):
    def test_status_follows_from_one_occupancy(self):
        number = 0
        for state, expected in STATUS_BY_STATE.items():
            for (kind, self_use), status in zip(
                (("tenant", False), ("owner", True), ("owner", False)), expected, strict=True
            ):
                number += 1
                unit = self.make_unit(self.building, f"T-{number}")
                self.make_occupancy(
                    unit,
                    self.tenant,
                    kind=kind,
                    self_use=self_use,
                    state=state,
                    date_end="2030-01-01",
                )
                with self.subTest(state=state, kind=kind, self_use=self_use):
                    self.assertEqual(unit.status, status)
                    holds = state in ("moving_in", "active", "notice", "clearing")
                    self.assertEqual(bool(unit.tenant_id), holds and kind == "tenant")
                    self.assertEqual(bool(unit.owner_id), holds and kind == "owner")

    def test_the_table_names_every_state(self):
        self.assertEqual(list(STATUS_BY_STATE), STATES)

    def test_status_with_owner_and_tenant(self):
        for number, (owner, self_use, tenant, status) in enumerate(
            (
                ("active", False, "active", "occupied"),
                ("active", True, "active", "occupied"),
                ("active", False, "reserved", "reserved"),
                ("active", True, "reserved", "occupied"),
                ("active", False, "moving_in", "handover"),
                ("active", True, "moving_in", "occupied"),
                ("active", False, "clearing", "clearance"),
                ("active", True, "ended", "occupied"),
                ("active", False, "ended", "vacant"),
                ("clearing", True, "active", "clearance"),
            )
        ):
            unit = self.make_unit(self.building, f"P-{number}")
            self.make_occupancy(
                unit,
                self.owner,
                kind="owner",
                self_use=self_use,
                state=owner,
                date_end="2030-01-01",
            )
            self.make_occupancy(unit, self.tenant, state=tenant, date_end="2030-01-01")
            with self.subTest(owner=owner, self_use=self_use, tenant=tenant):
                self.assertEqual(unit.status, status)

    def test_status_follows_every_step_and_deletion(self):
        lease = self.make_occupancy(self.unit, self.tenant)
        self.assertEqual(self.unit.status, "reserved")
        lease.action_start_move_in()
        self.assertEqual((self.unit.status, self.unit.tenant_id), ("handover", self.tenant))
        lease.action_activate()
        self.assertEqual(self.unit.status, "occupied")
        lease.write({"date_end": "2030-01-01", **self.noticed})
        lease.action_give_notice()
        lease.action_start_clearance()
        self.assertEqual(self.unit.status, "clearance")
        lease.action_end()
        self.assertEqual((self.unit.status, self.unit.tenant_id.id), ("vacant", False))
        again = self.make_occupancy(self.unit, self.tenant, date_start="2031-01-01")
        self.assertEqual(self.unit.status, "reserved")
        again.unlink()
        self.assertEqual(self.unit.status, "vacant")

    def test_a_unit_stays_in_its_estate(self):
        other = self.make_building(self.make_estate("SV"), "B")
        with self.refused("belongs to the estate Estate HP"):
            self.unit.building_id = other
        same = self.make_building(self.estate, "C")
        self.unit.building_id = same
        self.assertEqual(self.unit.building_id, same)

    @mute_logger("odoo.sql_db")
    def test_a_code_is_unique_in_its_estate_and_free_in_another(self):
        other = self.make_building(self.make_estate("SV"), "B")
        self.assertEqual(self.make_unit(other, "A-101").estate_id.code, "SV")
        with self.assertRaises(errors.UniqueViolation):
            self.make_unit(self.make_building(self.estate, "C"), "A-101")

    def test_the_name_is_the_code_unless_it_has_one(self):
        self.assertEqual(self.unit.display_name, "A-101")
        self.unit.name = "Show Flat"
        self.assertEqual(self.unit.display_name, "A-101 Show Flat")


@tagged("post_install", "-at_install")
class TestOccupancy(PropertyCase):
    def test_two_of_a_kind_on_one_day_are_refused_by_name(self):
        self.make_occupancy(
            self.unit, self.tenant, date_start="2024-01-01", date_end="2024-06-30", state="active"
        )
        newcomer = self.make_partner("Newcomer Ltd")
        for start, end in (
            ("2024-06-30", False),
            ("2023-12-01", "2024-01-01"),
            ("2024-03-01", "2024-03-01"),
            ("2023-01-01", False),
        ):
            with self.subTest(start=start, end=end), self.assertRaises(ValidationError) as refused:
                self.make_occupancy(self.unit, newcomer, date_start=start, date_end=end)
            for told in ("A-101", "Tenant Trading Ltd", "Newcomer Ltd", "2024-01-01", "2024-06-30"):
                self.assertIn(told, str(refused.exception))

    def test_the_form_refuses_it_too(self):
        self.make_occupancy(self.unit, self.tenant, state="active")
        desk = self.make_user("front_desk", self.estate)
        form = Form(self.env["property.occupancy"].with_user(desk))
        form.partner_id = self.owner
        form.unit_id = self.unit
        form.date_start = "2025-01-01"
        with self.refused("already held by Tenant Trading Ltd", ValidationError):
            form.save()

    def test_the_successor_begins_the_day_after(self):
        self.make_occupancy(
            self.unit, self.tenant, date_start="2024-01-01", date_end="2024-06-30", state="active"
        )
        successor = self.make_occupancy(self.unit, self.owner, date_start="2024-07-01")
        self.assertEqual(successor.state, "reserved")
        first = self.unit.occupancy_ids - successor
        self.assertEqual(first._get_successor(), successor)

    def test_owner_and_tenant_hold_one_unit_together(self):
        self.make_occupancy(self.unit, self.owner, kind="owner", state="active")
        self.make_occupancy(self.unit, self.tenant, state="active")
        self.assertEqual((self.unit.owner_id, self.unit.tenant_id), (self.owner, self.tenant))

    def test_a_cancelled_one_is_in_nobodys_way_and_does_not_come_back(self):
        gone = self.make_occupancy(self.unit, self.tenant, state="cancelled")
        self.assertEqual(self.make_occupancy(self.unit, self.owner).state, "reserved")
        with self.refused("is Cancelled and cannot become Reserved"):
            gone.state = "reserved"

    def test_staying_longer_moves_into_a_successor_only_when_that_moves_too(self):
        lease = self.make_occupancy(
            self.unit, self.tenant, date_end="2024-06-30", state="active", **self.noticed
        )
        lease.action_give_notice()
        self.make_occupancy(self.unit, self.owner, date_start="2024-07-01")
        with self.refused("already held by", ValidationError):
            lease.action_withdraw_notice()
        self.assertEqual((lease.state, lease.date_end), ("notice", date(2024, 6, 30)))

    def test_the_end_is_not_before_the_beginning(self):
        with self.refused("would end on 2023-12-31, before it begins", ValidationError):
            self.make_occupancy(self.unit, self.tenant, date_end="2023-12-31")
        one_day = self.make_occupancy(self.unit, self.tenant, date_end="2024-01-01")
        self.assertEqual(one_day.date_end, one_day.date_start)

    @mute_logger("odoo.sql_db")
    def test_the_database_itself_refuses_wrong_dates_and_overlaps(self):
        lease = self.make_occupancy(self.unit, self.tenant, date_end="2024-06-30")
        self.make_occupancy(self.unit, self.owner, date_start="2024-07-01")
        self.env.flush_all()
        for end, error in (
            ("2023-12-31", errors.CheckViolation),
            ("2024-07-01", errors.ExclusionViolation),
        ):
            with self.subTest(end=end), self.assertRaises(error), self.env.cr.savepoint():
                self.env.cr.execute(
                    SQL("UPDATE property_occupancy SET date_end = %s WHERE id = %s", end, lease.id)
                )

    def test_steps_between_states(self):
        for old in STATES:
            for new in STATES:
                if old == new:
                    continue
                occupancy = self.make_occupancy(
                    self.unit, self.tenant, state=old, date_end="2024-06-30", **self.noticed
                )
                with self.subTest(old=old, new=new):
                    if new in TRANSITIONS[old]:
                        occupancy.write({"state": new})
                        self.assertEqual(occupancy.state, new)
                    else:
                        with self.refused("and cannot become"):
                            occupancy.write({"state": new})
                        self.assertEqual(occupancy.state, old)
                # out of the way of the next
                self.env.cr.execute(
                    SQL("DELETE FROM property_occupancy WHERE id = %s", occupancy.id)
                )
                self.env.invalidate_all()

    def test_what_has_ended_or_was_cancelled_leads_nowhere(self):
        self.assertEqual(TRANSITIONS["ended"], set())
        self.assertEqual(TRANSITIONS["cancelled"], set())
        self.assertNotIn("cancelled", TRANSITIONS["active"])

    def test_notice_and_end_need_the_last_day_by_whatever_way(self):
        lease = self.make_occupancy(self.unit, self.tenant, state="active", **self.noticed)
        for state in ("notice", "ended"):
            with self.subTest(state=state), self.refused("last day"):
                lease.write({"state": state})
            with self.subTest(create=state), self.refused("last day"):
                self.make_occupancy(self.unit_2, self.tenant, state=state)
        lease.write({"date_end": "2024-06-30", "state": "notice"})
        with self.refused("last day"):
            lease.date_end = False
        self.assertEqual(lease.date_end, date(2024, 6, 30))

    def test_what_has_begun_is_not_deleted(self):
        for state in ("moving_in", "active", "notice", "clearing", "ended"):
            lease = self.make_occupancy(
                self.make_unit(self.building, f"D-{state}"),
                self.tenant,
                state=state,
                date_end="2024-06-30",
            )
            with self.subTest(state=state), self.refused("stays on record"):
                lease.unlink()
        reserved = self.make_occupancy(self.unit_2, self.tenant)
        reserved.unlink()
        self.assertFalse(reserved.exists())

    def test_one_lease_over_several_units_has_one_leader(self):
        lead = self.make_occupancy(self.unit, self.tenant)
        further = self.make_occupancy(self.unit_2, self.tenant, lead_id=lead.id)
        self.assertEqual(lead.member_ids, further)
        with self.refused("a leading occupancy is not led", ValidationError):
            self.make_occupancy(self.unit_3, self.tenant, lead_id=further.id)
        with self.refused("not of one estate and kind", ValidationError):
            self.make_occupancy(self.unit_3, self.owner, kind="owner", lead_id=lead.id)

    @mute_logger("odoo.sql_db")
    def test_only_an_owner_uses_his_own_unit(self):
        with self.assertRaises(errors.CheckViolation):
            self.make_occupancy(self.unit, self.tenant, self_use=True)

    def test_bills_go_to_the_payer_else_to_the_party(self):
        lease = self.make_occupancy(self.unit, self.tenant)
        self.assertEqual(lease._get_payer(), self.tenant)
        lease.payer_id = self.owner
        self.assertEqual(lease._get_payer(), self.owner)

    def test_the_guards_of_the_database_are_all_there(self):
        occupancies = self.env["property.occupancy"]
        self.assertEqual(occupancies._missing_constraints(), [])

    def test_a_lost_guard_of_the_database_is_reported(self):
        occupancies = self.env["property.occupancy"]
        for name in ("no_overlap", "dates_in_order"):
            constraint = f"property_occupancy_{name}"
            savepoint = self.env.cr.savepoint()
            with savepoint:
                self.env.cr.execute(
                    SQL(
                        "ALTER TABLE property_occupancy DROP CONSTRAINT %s",
                        SQL.identifier(constraint),
                    )
                )
                with self.subTest(constraint=constraint):
                    self.assertEqual(occupancies._missing_constraints(), [constraint])
                    with self.refused(constraint):
                        occupancies._register_hook()
                savepoint.rollback()
        self.assertEqual(occupancies._missing_constraints(), [])


@tagged("post_install", "-at_install")
class TestDailyWork(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.estate"].search([("id", "!=", cls.estate.id)]).active = False
        cls.far = cls.make_estate("NY", tz="America/New_York")
        cls.far_unit = cls.make_unit(cls.make_building(cls.far, "N"), "N-1")

    def run_cron(self, at):
        """The hourly job at the UTC time ``at``, in transactions of its own as always."""
        with freeze_time(at), self.enter_registry_test_mode():
            self.env.ref("property_tenant.cron_daily").method_direct_trigger()
        self.env.invalidate_all()

    def test_days_begin_by_the_clock_of_the_estate(self):
        at = datetime(2024, 6, 30, 16, 0)
        self.assertEqual(self.estate._today(at), date(2024, 7, 1))
        self.assertEqual(self.far._today(at), date(2024, 6, 30))
        self.assertEqual(self.estate._utc_at(date(2024, 7, 1)), datetime(2024, 6, 30, 16, 0))
        self.assertEqual(self.far._utc_at(date(2024, 7, 1)), datetime(2024, 7, 1, 4, 0))
        # in winter New York is an hour further away
        self.assertEqual(self.far._utc_at(date(2024, 1, 1)), datetime(2024, 1, 1, 5, 0))

    def test_each_estate_moves_at_its_own_midnight(self):
        here = self.make_occupancy(self.unit, self.tenant, date_start="2024-07-01")
        there = self.make_occupancy(self.far_unit, self.tenant, date_start="2024-07-01")
        self.run_cron("2024-06-30 15:59:00")
        self.assertEqual((here.state, there.state), ("reserved", "reserved"))
        self.run_cron("2024-06-30 16:01:00")
        self.assertEqual((here.state, there.state), ("moving_in", "reserved"))
        self.assertEqual(self.unit.status, "handover")
        self.run_cron("2024-07-01 03:59:00")
        self.assertEqual(there.state, "reserved")
        self.run_cron("2024-07-01 04:01:00")
        self.assertEqual(there.state, "moving_in")
        self.assertEqual(self.far.last_daily_date, date(2024, 7, 1))

    def test_the_last_day_belongs_to_the_occupancy(self):
        leaving = self.make_occupancy(self.unit, self.tenant, date_end="2024-06-30", state="notice")
        sold = self.make_occupancy(
            self.unit_2, self.owner, kind="owner", date_end="2024-06-30", state="active"
        )
        used = self.make_occupancy(
            self.unit_3,
            self.owner,
            kind="owner",
            self_use=True,
            date_end="2024-06-30",
            state="active",
        )
        self.run_cron("2024-06-30 12:00:00")
        self.assertEqual((leaving.state, sold.state, used.state), ("notice", "active", "active"))
        self.run_cron("2024-06-30 16:01:00")
        self.assertEqual((leaving.state, sold.state, used.state), ("clearing", "ended", "clearing"))
        self.assertEqual(self.unit.status, "clearance")

    def test_an_owner_who_does_not_use_the_unit_takes_over_at_once(self):
        buyer = self.make_occupancy(self.unit, self.owner, kind="owner", date_start="2024-07-01")
        user = self.make_occupancy(
            self.unit_2, self.owner, kind="owner", self_use=True, date_start="2024-07-01"
        )
        self.run_cron("2024-07-01 00:00:00")
        self.assertEqual((buyer.state, user.state), ("active", "moving_in"))

    def test_the_work_of_a_day_is_done_once(self):
        self.run_cron("2024-07-01 00:00:00")
        late = self.make_occupancy(self.unit, self.tenant, date_start="2024-07-01")
        self.run_cron("2024-07-01 02:00:00")
        self.assertEqual(late.state, "reserved")
        self.run_cron("2024-07-02 02:00:00")
        self.assertEqual(late.state, "moving_in")

    def test_days_without_the_job_are_made_up_for(self):
        lease = self.make_occupancy(self.unit, self.tenant, date_start="2024-07-01")
        self.run_cron("2024-06-28 00:00:00")
        self.run_cron("2024-07-09 00:00:00")
        self.assertEqual(lease.state, "moving_in")
        self.assertEqual(self.estate.last_daily_date, date(2024, 7, 9))

    def test_an_owner_handover_on_one_day_leaves_no_gap(self):
        self.make_occupancy(
            self.unit, self.owner, kind="owner", date_end="2024-06-30", state="active"
        )
        buyer = self.make_partner("Betty Buyer")
        self.make_occupancy(self.unit, buyer, kind="owner", date_start="2024-07-01")
        self.run_cron("2024-07-01 00:00:00")
        self.assertEqual(self.unit.owner_id, buyer)


@tagged("post_install", "-at_install")
class TestEstatesOfStaff(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_estate("SV")
        cls.other_unit = cls.make_unit(cls.make_building(cls.other, "B"), "B-101")
        cls.company_2 = cls.make_company()
        cls.foreign = cls.make_estate("FC", company_id=cls.company_2.id)
        cls.foreign_unit = cls.make_unit(cls.make_building(cls.foreign, "F"), "F-101")
        for unit in (cls.unit, cls.other_unit, cls.foreign_unit):
            occupancy = cls.make_occupancy(unit, cls.tenant, state="active")
            cls.env["property.occupancy.contact"].create(
                {"occupancy_id": occupancy.id, "partner_id": cls.owner.id}
            )
        cls.all_estates = cls.estate + cls.other + cls.foreign

    def seen(self, user):
        """Codes of the estates whose records the user sees, by model."""
        found = {}
        for model in (
            "property.estate",
            "property.building",
            "property.unit",
            "property.occupancy",
            "property.occupancy.contact",
        ):
            path = "id" if model == "property.estate" else "estate_id"
            records = self.env[model].with_user(user).search([(path, "in", self.all_estates.ids)])
            estates = records if model == "property.estate" else records.sudo().estate_id
            found[model] = sorted(estates.sudo().mapped("code"))
        return found

    def assert_sees(self, user, codes):
        for model, found in self.seen(user).items():
            with self.subTest(model=model):
                self.assertEqual(found, codes)

    def test_staff_without_estates_see_none(self):
        self.assert_sees(self.make_user("user"), [])

    def test_staff_of_one_estate_see_that_one(self):
        self.assert_sees(self.make_user("user", self.estate), ["HP"])

    def test_marked_staff_see_all_estates_of_their_company_only(self):
        self.assert_sees(self.make_user("user", estate_all=True), ["HP", "SV"])

    def test_staff_of_two_companies_see_both_when_both_are_chosen(self):
        user = self.make_user("user", estate_all=True)
        user.company_ids = [Command.link(self.company_2.id)]
        companies = self.env.company + self.company_2
        units = self.env["property.unit"].with_user(user)
        units = units.with_context(allowed_company_ids=companies.ids)
        found = units.search([("estate_id", "in", self.all_estates.ids)])
        self.assertEqual(sorted(found.mapped("estate_id.code")), ["FC", "HP", "SV"])

    def test_an_estate_of_another_company_is_out_of_sight_though_assigned(self):
        self.assert_sees(self.make_user("user", self.estate + self.foreign), ["HP"])

    def test_a_new_assignment_counts_at_once_and_so_does_its_end(self):
        user = self.make_user("user", self.estate)
        self.assert_sees(user, ["HP"])
        self.other.user_ids = [Command.link(user.id)]
        self.assert_sees(user, ["HP", "SV"])
        user.estate_ids = [Command.unlink(self.estate.id)]
        self.assert_sees(user, ["SV"])
        user.estate_all = True
        self.assert_sees(user, ["HP", "SV"])
        user.estate_all = False
        self.assert_sees(user, ["SV"])

    def test_records_out_of_sight_are_neither_read_nor_written(self):
        desk = self.make_user("front_desk", self.estate)
        occupancy = self.other_unit.occupancy_ids.with_user(desk)
        with self.assertRaises(AccessError):
            occupancy.read(["partner_id"])
        with self.assertRaises(AccessError):
            occupancy.write({"persons": 3})
        with self.assertRaises(AccessError):
            self.make_occupancy_as(desk, self.other_unit)
        self.assertEqual(self.make_occupancy_as(desk, self.unit_2).unit_id, self.unit_2)

    def make_occupancy_as(self, user, unit):
        return (
            self.env["property.occupancy"]
            .with_user(user)
            .create(
                {
                    "unit_id": unit.id,
                    "partner_id": self.owner.id,
                    "kind": "owner",
                    "date_start": "2024-01-01",
                }
            )
        )

    def test_a_manager_of_some_estates_opens_a_new_one_and_sees_it(self):
        manager = self.make_user("manager", self.estate)
        created = (
            self.env["property.estate"].with_user(manager).create({"name": "New", "code": "N"})
        )
        self.assertEqual(created.user_ids, manager)
        building = self.env["property.building"].with_user(manager)
        self.assertTrue(building.create({"name": "A", "code": "A", "estate_id": created.id}).id)

    def test_only_those_who_may_set_up_change_units(self):
        for role in ("user", "sales", "front_desk", "officer", "supervisor", "controller"):
            user = self.make_user(role, self.estate)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.unit.with_user(user).write({"area_gross": 1})
        manager = self.make_user("manager", self.estate)
        self.unit.with_user(manager).write({"area_gross": 101})
        self.assertEqual(self.unit.area_gross, 101)

    def test_only_those_who_work_on_occupancies_change_them(self):
        occupancy = self.unit.occupancy_ids
        for role in ("user", "steward", "engineer", "security", "collector", "controller", "legal"):
            user = self.make_user(role, self.estate)
            with self.subTest(role=role), self.assertRaises(AccessError):
                occupancy.with_user(user).write({"persons": 2})
            with self.subTest(role=role), self.assertRaises(AccessError):
                occupancy.with_user(user).action_start_clearance()
        for role in ("sales", "front_desk", "officer", "supervisor", "manager"):
            user = self.make_user(role, self.estate)
            with self.subTest(role=role):
                occupancy.with_user(user).write({"persons": 2})
                self.assertEqual(occupancy.persons, 2)


@tagged("post_install", "-at_install")
class TestTwoMoveInAtOnce(PropertyBuilders, TransactionCase):
    """Two real transactions; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (PropertyBuilders,), {"env": env})
            estate = build.make_estate("2AT1M")
            building = build.make_building(estate)
            units = build.make_unit(building, "2-1") + build.make_unit(building, "2-2")
            parties = build.make_partner("First Ltd") + build.make_partner("Second Ltd")
            self.unit_ids, self.party_ids = units.ids, parties.ids
            self.made = [units, building, estate, parties]
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute(
                SQL("DELETE FROM property_occupancy WHERE unit_id IN %s", tuple(self.unit_ids))
            )
            for records in self.made:
                records.with_env(env).unlink()

    def transaction(self):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        cursor.execute("SELECT 1")  # the snapshot is taken here
        return api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def move_in(self, env, party, date_start, unit=0):
        occupancy = env["property.occupancy"].create(
            {
                "unit_id": self.unit_ids[unit],
                "partner_id": self.party_ids[party],
                "kind": "tenant",
                "date_start": date_start,
            }
        )
        env.flush_all()
        return occupancy

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_the_second_of_two_who_do_not_see_each_other(self):
        first, second = self.transaction(), self.transaction()
        self.move_in(first, 0, "2024-01-01")
        second.cr.execute("SET LOCAL lock_timeout = '200ms'")
        with self.assertRaises(errors.LockNotAvailable):
            self.move_in(second, 1, "2024-06-01")
        second.cr.rollback()
        # a new attempt that began before the first one was committed
        second.cr.execute("SELECT 1")
        first.cr.commit()
        with self.assertRaises(errors.ExclusionViolation):
            self.move_in(second, 1, "2024-06-01")
        second.cr.rollback()
        # and one that sees it is told by name
        second.invalidate_all()
        with self.refused("already held by First Ltd", ValidationError):
            self.move_in(second, 1, "2024-06-01")
        second.cr.rollback()
        third = self.transaction()
        self.assertEqual(
            third["property.occupancy"].search([("unit_id", "in", self.unit_ids)]).partner_id.name,
            "First Ltd",
        )

    def test_two_on_different_units_do_not_wait_for_each_other(self):
        first, second = self.transaction(), self.transaction()
        self.move_in(first, 0, "2024-01-01")
        second.cr.execute("SET LOCAL lock_timeout = '200ms'")
        lease = self.move_in(second, 1, "2024-01-01", unit=1)
        self.assertEqual(lease.unit_id.status, "reserved")
        second.cr.rollback()
        first.cr.rollback()


@tagged("post_install", "-at_install")
class TestStewards(PropertyCase):
    """Stewards begin with their own buildings and see the whole estate."""

    def loads(self, user, action):
        """The search defaults with which the client opens an action."""
        action = self.env.ref(action).with_user(user).sudo()
        context = literal_eval(action._get_action_dict()["context"])
        return {key for key in context if key.startswith("search_default_")}

    def test_lists_begin_with_the_own_buildings(self):
        steward = self.make_user("steward", self.estate)
        officer = self.make_user("officer", self.estate)
        other = self.make_building(self.estate, "B")
        unit_of_other = self.make_unit(other, "B-101")
        units = "property_tenant.property_unit_action"
        self.assertEqual(self.loads(steward, units), set(), "named on no building")
        self.building.steward_ids = steward + officer
        self.assertEqual(self.loads(steward, units), {"search_default_mine"})
        self.assertEqual(self.loads(officer, units), set(), "no steward")
        self.assertEqual(
            self.loads(steward, "property_tenant.property_occupancy_action"),
            {"search_default_not_ended", "search_default_mine"},
        )
        Units = self.env["property.unit"].with_user(steward)
        mine = Units.search([("building_id.steward_ids", "in", steward.ids)])
        self.assertEqual(mine, self.unit + self.unit_2 + self.unit_3)
        self.assertIn(unit_of_other, Units.search([]), "colleagues stand in for each other")

    def test_a_building_of_an_estate_that_is_not_seen_any_more_is_none(self):
        steward = self.make_user("steward", self.estate)
        self.building.steward_ids = steward
        steward.estate_ids = self.make_estate("H2")
        self.assertEqual(self.loads(steward, "property_tenant.property_unit_action"), set())

    def test_the_actions_that_take_part_have_the_filter(self):
        actions = self.env["ir.actions.act_window"].search(
            [("context", "like", "own_buildings_first")]
        )
        self.assertGreaterEqual(len(actions), 3)
        for action in actions:
            view = self.env[action.res_model].get_view(view_type="search")
            self.assertIn('name="mine"', view["arch"], action.name)
