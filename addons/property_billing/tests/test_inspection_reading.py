from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_tenant.tests.inspection_common import PIXEL

from .common_meters import MeterCase


@tagged("post_install", "-at_install")
class TestInspectionReading(MeterCase):
    """Handover of unit A-102 with a water meter and one for peak, shoulder and valley."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engineer = cls.make_user("engineer", cls.estate, login="reading_engineer")
        cls.desk = cls.make_user("front_desk", cls.estate, login="reading_desk")
        cls.water = cls.make_meter("W-102", cls.unit_2, date_installed="2023-12-31")
        cls.power = cls.make_meter(
            "E-102",
            cls.unit_2,
            commodity="electricity",
            registers="peak_shoulder_valley",
            date_installed="2023-12-31",
        )
        cls.make_reading(cls.water, "2023-12-31", 50, kind="installation")
        cls.template = cls.env["property.inspection.template"].create(
            {
                "name": "Handover",
                "kind": "handover",
                "estate_id": cls.estate.id,
                "point_ids": [Command.create({"name": "Door"})],
                "signer_ids": [
                    Command.create({"party": party})
                    for party in ("occupant", "developer", "inspector")
                ],
            }
        )
        cls.occupancy = cls.make_occupancy(
            cls.unit_2, cls.make_partner("Newcomer Ltd"), date_start="2024-02-01", state="moving_in"
        )

    def begin(self, kind="handover"):
        self.template.kind = kind
        inspection = (
            self.env["property.inspection"]
            .with_user(self.engineer)
            .create({"template_id": self.template.id, "occupancy_id": self.occupancy.id})
        )
        inspection.action_start()
        inspection.line_ids.result = "ok"
        return inspection

    def enter(self, inspection, **indexes):
        for row in inspection.reading_ids:
            key = row.register or "water"
            if key in indexes:
                inspection.enter_reading(str(row.id), {"value": indexes[key]})

    def sign(self, inspection):
        for key in inspection._signature_missing():
            inspection._sign(key, "Somebody", PIXEL)

    def handed_over(self, **indexes):
        inspection = self.begin()
        self.enter(inspection, **{"water": 55, "peak": 1, "shoulder": 2, "valley": 3, **indexes})
        inspection.action_finish()
        return inspection

    def readings(self, kind="move_in"):
        return self.Reading.search([("unit_id", "=", self.unit_2.id), ("kind", "=", kind)])

    def test_the_meters_of_the_unit_are_on_the_sheet(self):
        inspection = self.begin()
        rows = inspection.get_sheet()["readings"]
        self.assertEqual(
            [row["name"] for row in rows], ["E-102 Peak", "E-102 Shoulder", "E-102 Valley", "W-102"]
        )
        self.assertIn("50.000", rows[-1]["last"])
        self.assertEqual(rows[-1]["uom"], "m³")

    def test_other_inspections_read_no_meters(self):
        self.assertFalse(self.begin("hygiene").reading_ids)

    def test_finishing_needs_every_register_or_why_not(self):
        inspection = self.begin()
        self.enter(inspection, water=55, peak=1, shoulder=2)
        with self.refused("E-102 Valley"):
            inspection.action_finish()
        row = inspection.reading_ids.filtered(lambda row: row.register == "valley")
        inspection.enter_reading(str(row.id), {"note": "Display is dark"})
        inspection.action_finish()
        self.assertEqual(inspection.state, "done")

    def test_the_confirmation_of_readings_is_in_the_language_of_the_party(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.occupancy.partner_id.write({"name": "新来贸易有限公司", "lang": "zh_CN"})
        inspection = self.handed_over()
        self.sign(inspection)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "property_billing.report_initial_reading", inspection.ids
        )
        for text in (
            "电表底数确认单",
            "新来贸易有限公司",
            "E-102",
            "W-102",
            "55.000",
            inspection.number,
        ):
            self.assertIn(text, html.decode())
        self.assertNotIn("Confirmation of", html.decode())

    def test_a_photo_of_a_dial_is_not_exchanged_once_it_is_finished(self):
        inspection = self.begin()
        row = inspection.reading_ids[0]
        inspection.enter_reading(str(row.id), {"value": 1, "photo": PIXEL})
        self.enter(inspection, water=55, peak=1, shoulder=2, valley=3)
        inspection.action_finish()
        file = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", row._name),
                    ("res_id", "=", row.id),
                    ("res_field", "=", "photo"),
                ]
            )
        )
        for refused in (
            lambda mine: mine.write({"raw": b"other"}),
            lambda mine: mine.unlink(),
        ):
            with self.refused("is finished"):
                refused(file.with_user(self.engineer))

    def test_an_index_of_zero_is_an_index(self):
        inspection = self.begin()
        row = inspection.reading_ids[0]
        self.assertEqual(inspection.enter_reading(str(row.id), {"value": 0})["value"], "0.000")
        self.assertTrue(row.is_read)
        self.assertEqual(inspection.enter_reading(str(row.id), {"value": False})["value"], "")
        self.assertFalse(row.is_read)

    def test_the_readings_are_made_when_the_last_of_three_has_signed(self):
        inspection = self.handed_over()
        inspection._sign("occupant", "Newcomer", PIXEL)
        inspection._sign("developer", "Developer", PIXEL)
        self.assertFalse(self.readings())
        inspection._sign("inspector", "Engineer", PIXEL)
        made = self.readings()
        self.assertEqual(len(made), 4)
        water = made.filtered(lambda row: row.meter_id == self.water)
        self.assertEqual((water.index_value, water.usage, water.state), (55, 5, "accepted"))
        self.assertEqual(water.reader_id, self.engineer)
        self.assertEqual(water.date, self.estate._today())
        self.assertEqual(inspection.reading_ids.reading_id, made)

    def test_the_last_to_sign_need_not_be_one_who_reads_meters(self):
        self.template.signer_ids = [
            Command.clear(),
            Command.create({"party": "front_desk"}),
        ]
        inspection = self.begin()
        self.enter(inspection, water=55, peak=1, shoulder=2, valley=3)
        inspection.action_finish()
        lead = self.make_user("supervisor", self.estate, login="reading_lead")
        self.assertFalse(self.Reading.with_user(lead).has_access("create"))
        inspection.with_user(lead)._sign("front_desk", "Lead", PIXEL)
        self.assertEqual(len(self.readings()), 4)

    def test_at_move_out_they_are_final_readings(self):
        inspection = self.begin("move_out")
        self.enter(inspection, water=60, peak=1, shoulder=1, valley=1)
        inspection.action_finish()
        self.sign(inspection)
        self.assertEqual(len(self.readings("move_out")), 4)

    def test_an_odd_reading_is_flagged_as_usual(self):
        inspection = self.handed_over(water=40)
        row = inspection.get_sheet()["readings"][-1]
        self.assertIn("Below the last index", row["finding"])
        self.sign(inspection)
        water = self.readings().filtered(lambda row: row.meter_id == self.water)
        self.assertEqual(water.state, "flagged")

    def test_what_the_dial_cannot_show_is_refused_at_once(self):
        inspection = self.begin()
        row = inspection.reading_ids.filtered(lambda row: row.meter_id == self.water)
        self.water.digits = 4
        with self.refused("cannot show", ValidationError):
            inspection.enter_reading(str(row.id), {"value": 123456})

    def test_a_day_read_already_is_said_before_the_signing(self):
        self.make_reading(self.water, self.estate._today(), 54, kind="move_in")
        inspection = self.begin()
        self.enter(inspection, water=55, peak=1, shoulder=2, valley=3)
        with self.refused("already read on that day"):
            inspection.action_finish()
        self.enter(inspection, water=54)
        inspection.action_finish()
        self.sign(inspection)
        self.assertEqual(len(self.readings().filtered(lambda row: row.meter_id == self.water)), 1)

    def test_a_correction_corrects_the_reading(self):
        first = self.handed_over()
        self.sign(first)
        correction = first.browse(first.action_correct()["res_id"])
        self.assertEqual(correction.reading_ids.mapped("index_value"), [1, 2, 3, 55])
        self.enter(correction, water=56)
        correction.action_finish()
        self.sign(correction)
        water = self.readings().filtered(lambda row: row.meter_id == self.water)
        self.assertEqual((len(water), water.index_value, water.usage), (1, 56, 6))
        self.assertIn("reread", water.log_ids.mapped("action"))

    def test_signed_indexes_never_change(self):
        inspection = self.handed_over()
        row = inspection.reading_ids[0]
        with self.assertRaises(UserError):
            row.write({"index_value": 9})
        with self.assertRaises(UserError):
            row.sudo().unlink()
        inspection._sign("occupant", "Newcomer", PIXEL)
        inspection.action_reopen()
        self.assertTrue(inspection.signature_ids.is_void)

    def test_who_may_not_inspect_enters_nothing(self):
        inspection = self.begin()
        row = inspection.reading_ids[0]
        other = self.make_user("engineer", self.estate, login="reading_other")
        cashier = self.make_user("cashier", self.estate, login="reading_cashier")
        for user in (other, cashier):
            with self.assertRaises(AccessError):
                inspection.with_user(user).enter_reading(str(row.id), {"value": 5})
            with self.assertRaises(AccessError):
                row.with_user(user).write({"index_value": 5})
        stranger = self.make_user("engineer", login="reading_stranger")
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["photo"])
