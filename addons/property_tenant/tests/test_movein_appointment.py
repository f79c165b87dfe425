from datetime import datetime

from freezegun import freeze_time
from psycopg2 import errors

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .movein_common import MoveInCase


@tagged("post_install", "-at_install")
class TestMoveInAppointment(MoveInCase):
    def open_move_in(self, user=None, **values):
        user = user or self.sales
        action = self.lease.with_user(user).action_open_move_in()
        wizard = Form(
            self.env["property.occupancy.opening"].with_user(user).with_context(**action["context"])
        )
        for name, value in values.items():
            wizard[name] = value
        wizard.save().action_open()

    def test_a_slip_opens_the_move_in_with_a_date(self):
        with freeze_time("2023-12-20 03:00:00"):
            self.open_move_in(number="HS-7", source="developer")
        self.assertEqual(self.lease.state, "moving_in")
        self.assertEqual(self.lease.move_in_source, "developer")
        self.assertEqual(self.lease.move_in_number, "HS-7")
        appointment = self.lease.appointment_id
        self.assertEqual(appointment.date, datetime(2024, 1, 1, 2, 0), "ten o'clock in Shanghai")
        self.assertIn("Business licence", appointment.bring)
        self.assertTrue(self.lease.step_ids)

    def test_without_a_date_the_move_in_opens_all_the_same(self):
        self.open_move_in(date=False)
        self.assertEqual(self.lease.state, "moving_in")
        self.assertFalse(self.lease.appointment_ids)

    def test_another_date_replaces_the_first_with_a_reason(self):
        self.open_move_in()
        first = self.lease.appointment_id
        first.with_user(self.desk).action_agree()
        with self.refused("Say why"):
            self.lease._offer_appointment(datetime(2024, 2, 1, 2), "Desk")
        action = first.with_user(self.desk).action_other_date()
        wizard = Form(
            self.env["property.occupancy.appointment.offer"]
            .with_user(self.desk)
            .with_context(**action["context"])
        )
        wizard.date = datetime(2024, 2, 1, 2)
        wizard.reason = "They travel."
        wizard.save().action_offer()
        self.assertEqual((first.state, first.reason), ("replaced", "They travel."))
        self.assertEqual(self.lease.appointment_at, datetime(2024, 2, 1, 2))
        with self.refused("is over and stays on record"):
            first.date = datetime(2024, 3, 1)
        with self.refused("stays on record"):
            first.unlink()

    @mute_logger("odoo.sql_db")
    def test_the_database_holds_one_open_date_per_move_in(self):
        self.open_move_in()
        with self.assertRaises(errors.UniqueViolation), self.env.cr.savepoint():
            self.lease.appointment_id.copy()
            self.env.flush_all()

    def test_the_date_was_kept_when_the_party_has_moved_in(self):
        self.open_move_in()
        appointment = self.lease.appointment_id
        self.approve_override(self.lease)
        self.lease.with_user(self.desk).action_activate()
        self.assertEqual(appointment.state, "kept")

    def test_who_does_not_lead_move_ins_offers_nothing(self):
        self.open_move_in()
        with self.assertRaises(AccessError):
            self.lease.with_user(self.engineer).action_offer_appointment()
        with self.assertRaises(AccessError):
            self.lease.appointment_id.with_user(self.engineer).action_agree()

    def test_what_to_bring_depends_on_who_comes(self):
        owner = self.make_occupancy(self.unit_2, self.owner, "owner", self_use=True)
        self.assertIn("Sale contract", owner._get_things_to_bring())
        self.assertIn("Identity card (original)", owner._get_things_to_bring())
        self.assertIn("Lease contract", self.lease._get_things_to_bring())


@tagged("post_install", "-at_install")
class TestWarranty(MoveInCase):
    def test_warranties_count_from_the_first_handover_to_an_owner(self):
        part = self.env["property.warranty.part"].create({"name": "Lift", "months": 12})
        owner = self.make_occupancy(self.unit_2, self.owner, "owner", date_start="2024-03-01")
        self.assertEqual(self.unit_2._get_warranty(part), (None, False))
        with freeze_time("2024-03-01 04:00:00"):
            owner.with_user(self.desk).action_activate()
        self.assertEqual(str(self.unit_2.warranty_start), "2024-03-01")
        day = self.unit_2.warranty_start
        self.assertTrue(self.unit_2._get_warranty(part, day)[1])
        self.assertFalse(self.unit_2._get_warranty(part, day.replace(year=2025))[1])
        self.assertIn("Lift", self.unit_2.warranty_text)
        with freeze_time("2026-01-01 04:00:00"):
            buyer = owner._transfer(self.tenant, day.replace(year=2026, month=1))
        self.assertEqual(buyer.state, "active")
        self.assertEqual(self.unit_2.warranty_start, day, "a later owner begins nothing anew")

    def test_a_warranty_of_another_use_does_not_count(self):
        part = self.env["property.warranty.part"].create(
            {"name": "Oven", "months": 12, "usage": "residential"}
        )
        self.unit.warranty_start = "2024-01-01"
        self.assertEqual(self.unit._get_warranty(part), (None, False))
