from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PropertyCase

ID_NUMBER = "110101199003078515"
PHONE = "13800138000"
ACCOUNT = "6222020200112233445"
SHEETS = ("registration", "data_card", "emergency", "contacts")


@tagged("post_install", "-at_install")
class TestFullNumbers(PropertyCase):
    """Forms of a person with an identity number, a private phone and a bank account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.make_partner("Wang Jianguo")
        cls.paper = cls.env["res.partner.id_number"].create(
            {
                "partner_id": cls.person.id,
                "category_id": cls.env.ref("property_tenant.id_category_resident_id").id,
                "number": ID_NUMBER,
            }
        )
        cls.occupancy = cls.make_occupancy(cls.unit, cls.person, state="active")
        cls.occupancy.bank_account_private = ACCOUNT
        cls.contact = cls.env["property.occupancy.contact"].create(
            {
                "occupancy_id": cls.occupancy.id,
                "partner_id": cls.make_partner("Emil Emergency").id,
                "role": "emergency",
                "phone_number": PHONE,
            }
        )
        cls.officer = cls.make_user("officer", cls.estate, login="full_officer")
        cls.desk = cls.make_user("front_desk", cls.estate, login="full_desk")
        cls.env.flush_all()

    def print_sheet(self, name, user, **context):
        html, __ = (
            self.env["ir.actions.report"]
            .with_user(user)
            .with_context(**context)
            ._render_qweb_html(f"property_tenant.report_occupancy_{name}", self.occupancy.ids)
        )
        return html.decode()

    def looks(self):
        return self.env["property.reveal.log"].search([("user_id", "!=", self.env.uid)])

    def assertMasked(self, text):
        for number in (ID_NUMBER, PHONE, ACCOUNT):
            self.assertNotIn(number, text)

    def test_numbers_are_masked_on_every_sheet_for_everybody(self):
        for user in (self.officer, self.desk):
            for name in SHEETS:
                with self.subTest(user=user.login, name=name):
                    self.assertMasked(self.print_sheet(name, user))
        self.assertFalse(self.looks())

    def test_who_may_prints_them_in_full_and_each_look_is_on_record(self):
        window = (
            self.env["property.occupancy.print"]
            .with_user(self.officer)
            .create({"occupancy_id": self.occupancy.id, "purpose": " Opening the account "})
        )
        action = window.action_print()
        self.assertEqual(action["context"]["pm_print_purpose"], "Opening the account")
        text = self.print_sheet(
            "registration", self.officer, pm_print_purpose=action["context"]["pm_print_purpose"]
        )
        for number in (ID_NUMBER, PHONE, ACCOUNT):
            self.assertIn(number, text)
        looks = self.looks()
        self.assertEqual(
            set(looks.mapped("res_model")),
            {"res.partner.id_number", "property.occupancy.contact", "property.occupancy"},
        )
        self.assertEqual(set(looks.mapped("purpose")), {"Opening the account"})
        self.assertEqual(looks.user_id, self.officer)
        window.purpose = "  "
        with self.refused("Say what the paper is for"):
            window.action_print()

    def test_who_may_not_gets_masks_whatever_the_context_says(self):
        with self.assertRaises(AccessError):
            self.env["property.occupancy.print"].with_user(self.desk).create(
                {"occupancy_id": self.occupancy.id, "purpose": "Curious"}
            )
        for name in SHEETS:
            self.assertMasked(self.print_sheet(name, self.desk, pm_print_purpose="Curious"))
        self.assertFalse(self.looks())

    def test_what_was_erased_is_not_printed_for_any_purpose(self):
        self.occupancy.write({"bank_account_private": False})
        self.paper.unlink()
        self.contact.phone_private = False
        text = self.print_sheet("registration", self.officer, pm_print_purpose="Check")
        self.assertMasked(text)
        self.assertIn("Wang Jianguo", text)
        self.assertFalse(self.looks())
