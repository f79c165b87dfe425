from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import PropertyCase

SHIPPED = ("notice papers agreements inspection readings fees keys told shown").split()


@tagged("post_install", "-at_install")
class TestOccupancyNight(PropertyCase):
    """What begins and ends by itself, with the steps that are shipped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        out = ("out_inspection", "out_readings", "out_items", "out_settled", "out_address")
        for name in (*SHIPPED, *out):
            cls.env.ref(f"property_tenant.step_{name}").active = True
        cls.templates = cls.env["property.occupancy.step.template"]
        cls.supervisor = cls.make_user("supervisor", cls.estate)
        cls.desk = cls.make_user("front_desk", cls.estate)
        cls.space = cls.make_unit(cls.building, "P-01", usage="parking", area_gross=12)
        cls.today = cls.estate._today()
        cls.tomorrow = cls.today + timedelta(days=1)
        cls.hold = cls.make_occupancy(cls.space, cls.tenant, date_start=cls.tomorrow)
        cls.lease = cls.make_occupancy(cls.unit, cls.tenant, date_start=cls.tomorrow)

    def todos(self, occupancy):
        kind = self.env.ref("property_tenant.activity_type_stuck")
        return occupancy.activity_ids.filtered(lambda todo: todo.activity_type_id == kind)

    # --- parking spaces -----------------------------------------------------

    def test_a_parking_space_begins_without_a_checklist_and_the_night_goes_on(self):
        self.estate._run_daily(self.tomorrow)
        self.assertEqual((self.hold.state, self.lease.state), ("active", "moving_in"))
        self.assertFalse(self.hold.step_ids)
        self.assertTrue(self.lease.step_ids)
        self.assertFalse(self.todos(self.hold))

    def test_a_parking_space_ends_without_clearance_unless_a_card_is_out(self):
        self.estate._run_daily(self.tomorrow)
        other = self.make_occupancy(
            self.make_unit(self.building, "P-02", usage="parking"),
            self.tenant,
            state="active",
            date_end=self.tomorrow,
        )
        kind = self.env["property.item.kind"].create({"name": "Lock", "counting": "serial"})
        item = self.env["property.item"].create(
            {"kind_id": kind.id, "unit_id": other.unit_id.id, "serial": "L1"}
        )
        loan = self.env["property.item.loan"].create(
            {"item_id": item.id, "occupancy_id": other.id, "state": "out"}
        )
        self.hold.date_end = self.tomorrow
        self.estate._run_daily(self.tomorrow + timedelta(days=1))
        self.assertEqual((self.hold.state, other.state), ("ended", "clearing"))
        self.assertFalse(other.step_ids)
        self.assertIn("not given back", other.clearance_missing)
        loan._take_back({loan: 1})
        other.with_user(self.desk).action_end()
        self.assertEqual(other.state, "ended")

    def test_a_step_that_names_parking_spaces_is_gone_through(self):
        step = self.templates.create(
            {
                "name": "Lock shown",
                "usage": "parking",
                "group_id": self.env.ref("property_tenant.group_front_desk").id,
            }
        )
        self.assertTrue(self.hold.has_handover)
        with self.refused("press Open Move-In first"):
            self.hold.with_user(self.desk).action_activate()
        self.estate._run_daily(self.tomorrow)
        self.assertEqual(self.hold.state, "moving_in")
        self.assertEqual(self.hold.step_ids.template_id, step)
        self.assertNotIn(step, self.lease.step_ids.template_id)

    def test_a_step_of_another_estate_is_none_of_ours(self):
        self.templates.create(
            {
                "name": "Lock shown",
                "usage": "parking",
                "estate_ids": self.make_estate("LP").ids,
                "group_id": self.env.ref("property_tenant.group_front_desk").id,
            }
        )
        self.assertFalse(self.hold.has_handover)

    def test_a_lease_over_an_office_and_a_space_takes_the_steps_of_both(self):
        step = self.templates.create(
            {
                "name": "Lock shown",
                "usage": "parking",
                "group_id": self.env.ref("property_tenant.group_front_desk").id,
            }
        )
        self.hold.lead_id = self.lease
        self.lease.action_start_move_in()
        self.assertIn(step, self.lease.step_ids.template_id)
        self.assertGreater(len(self.lease.step_ids), 1)

    def test_the_desk_takes_a_space_over_with_one_button(self):
        self.assertFalse(self.hold.has_handover)
        self.hold.with_user(self.desk).action_activate()
        self.assertEqual(self.hold.state, "active")

    # --- nobody keeps the others back ----------------------------------------

    def test_one_that_cannot_go_on_is_told_and_keeps_nobody_back(self):
        stuck = self.make_occupancy(self.unit_2, self.tenant, date_start=self.tomorrow)
        model = self.env.registry["property.occupancy"]
        check = model._check_entered_state
        refuse = [True]

        def _check_entered_state(occupancies, before):
            if refuse and stuck in occupancies and stuck.state == "moving_in":
                raise UserError("The lift is broken.")  # pylint: disable=translation-required
            return check(occupancies, before)

        self.patch(model, "_check_entered_state", _check_entered_state)
        self.estate._run_daily(self.tomorrow)
        self.assertEqual(
            (self.hold.state, self.lease.state, stuck.state), ("active", "moving_in", "reserved")
        )
        todo = self.todos(stuck)
        self.assertIn("The lift is broken.", todo.note)
        self.assertTrue(todo.user_id.has_group("property_tenant.group_user"))
        self.assertTrue(todo.user_id._sees_estate(self.estate))
        self.estate._run_daily(self.tomorrow + timedelta(days=1))
        self.assertEqual(self.todos(stuck), todo, "told once")
        refuse.clear()
        self.estate._run_daily(self.tomorrow + timedelta(days=2))
        self.assertEqual(stuck.state, "moving_in")
        self.assertFalse(self.todos(stuck))

    # --- no way round the checklist ---------------------------------------------

    def test_nobody_is_entered_as_leaving_to_get_past_the_checklist(self):
        values = {
            "unit_id": self.unit_2.id,
            "partner_id": self.owner.id,
            "date_start": "2024-01-01",
            "date_end": "2030-01-01",
            **self.noticed,
        }
        officer = self.make_user("officer", self.estate)
        for state in ("active", "notice", "clearing"):
            with self.subTest(state), self.refused("press Open Move-In first"):
                call_kw(
                    self.env(user=self.desk)["property.occupancy"],
                    "create",
                    [{**values, "state": state}],
                    {},
                )
            with self.subTest(state), self.env.cr.savepoint() as savepoint:
                entered = (
                    self.env["property.occupancy"]
                    .with_user(officer)
                    .create({**values, "state": state})
                )
                self.assertEqual(entered.state, state, "who moved in long ago is entered so")
                savepoint.rollback()

    def test_what_is_missing_is_asked_of_who_is_entered_as_leaving(self):
        model = self.env.registry["property.occupancy"]
        missing = [("paper", "a paper", "the desk")]
        self.patch(model, "_get_missing_for_activation", lambda occupancy: missing)
        self.templates.search([]).active = False
        for state in ("active", "notice", "clearing"):
            with self.subTest(state), self.refused("a paper"):
                self.env["property.occupancy"].with_user(self.desk).create(
                    {
                        "unit_id": self.unit_2.id,
                        "partner_id": self.owner.id,
                        "date_start": "2024-01-01",
                        "date_end": "2030-01-01",
                        "state": state,
                    }
                )

    def test_a_unit_added_to_a_lease_that_has_moved_in_is_not_active_at_once(self):
        old = self.make_occupancy(self.unit_2, self.tenant, state="moving_in")
        old.sudo().step_ids._stamp("done", "", self.supervisor)
        old.action_activate()
        with self.refused("press Open Move-In first"):
            self.env["property.occupancy"].with_user(self.desk).create(
                {
                    "unit_id": self.unit_3.id,
                    "partner_id": self.tenant.id,
                    "date_start": self.today,
                    "lead_id": old.id,
                    "state": "active",
                }
            )

    # --- what an occupancy is about ----------------------------------------------

    def test_unit_party_and_kind_stay_when_the_occupancy_has_begun(self):
        manager = self.make_user("manager", self.estate)
        self.lease.with_user(self.desk).write({"partner_id": self.owner.id})
        self.lease.with_user(self.desk).write({"partner_id": self.tenant.id})
        self.lease.action_start_move_in()
        old = self.make_occupancy(self.unit_2, self.tenant, state="active")
        for occupancy in (self.lease, old):
            for user in (self.desk, manager):
                for vals in (
                    {"unit_id": self.unit_3.id},
                    {"partner_id": self.owner.id},
                    {"kind": "owner"},
                ):
                    with self.refused("Hand Over to Another Party"):
                        call_kw(
                            self.env(user=user)["property.occupancy"],
                            "write",
                            [occupancy.ids, vals],
                            {},
                        )
        old.write({"partner_id": self.tenant.id, "unit_id": self.unit_2.id, "kind": "tenant"})
        with self.assertRaises(AccessError):
            old.with_user(self.make_user("engineer", self.estate)).write({"persons": 2})

    def test_what_was_signed_for_one_party_is_not_taken_over_by_another(self):
        self.lease.action_start_move_in()
        self.lease.write({"state": "reserved"})
        self.lease.partner_id = self.owner
        self.lease.action_start_move_in()
        self.lease.step_ids[:1]._stamp("done", "", self.supervisor)
        self.lease.write({"state": "reserved"})
        with self.refused("entered anew"):
            self.lease.partner_id = self.tenant
