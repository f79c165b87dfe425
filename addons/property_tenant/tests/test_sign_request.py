import base64

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import PropertyBuilders, PropertyCase

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5Er"
    "kJggg=="
)


class SignBuilders(PropertyBuilders):
    def make_sign(self, occupancy, user=None, **values):
        signs = self.env["property.sign.request"]
        return (signs.with_user(user) if user else signs).create(
            {
                "occupancy_id": occupancy.id,
                "licence": base64.b64encode(b"%PDF-1.4"),
                **values,
            }
        )

    def hang(self, sign):
        sign.action_order()
        sign.action_install()
        sign._sign("occupant", "Ms Wang", PIXEL)
        sign.action_accept()


@tagged("post_install", "-at_install")
class TestSignRequest(SignBuilders, PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.desk = cls.make_user("front_desk", cls.estate)

    def test_from_request_to_acceptance(self):
        sign = self.make_sign(self.occupancy, self.desk)
        self.assertEqual(sign.text, "Tenant Trading Ltd")
        sign.action_order()
        with self.refused("Press Installed first"):
            sign._sign("occupant", "Ms Wang", PIXEL)
        sign.action_install()
        with self.refused("not signed yet by: Occupant"):
            sign.action_accept()
        sign._sign("occupant", "Ms Wang", PIXEL)
        sign.action_accept()
        self.assertEqual((sign.state, sign.date_accepted), ("accepted", self.estate._today()))
        with self.refused("cannot become"):
            sign.action_cancel()

    def test_a_refused_signature_accepts_nothing(self):
        sign = self.make_sign(self.occupancy, self.desk)
        sign.action_order()
        sign.action_install()
        sign._sign("occupant", "Ms Wang", False, "The name is misspelt")
        with self.refused("refused to sign for the sign"):
            sign.action_accept()
        self.assertEqual(sign.state, "installed")
        sign.action_make_again()
        sign.action_install()
        with self.refused("not signed yet by: Occupant"):
            sign.action_accept()
        sign._sign("occupant", "Ms Wang", PIXEL)
        sign.action_accept()
        self.assertEqual(sign.state, "accepted")

    def test_what_is_made_again_is_signed_again(self):
        sign = self.make_sign(self.occupancy, self.desk)
        sign.action_order()
        sign.action_install()
        sign._sign("occupant", "Ms Wang", PIXEL)
        sign.action_make_again()
        self.assertEqual(sign.signature_state, "none")

    def test_an_accepted_sign_stays_as_it_was_signed_for(self):
        sign = self.make_sign(self.occupancy, self.desk)
        self.hang(sign)
        for vals in (
            {"text": "Another Name"},
            {"fee": 5},
            {"licence": base64.b64encode(b"other")},
            {"occupancy_id": self.occupancy.id},
        ):
            with self.refused("closed and stays"):
                sign.write(vals)
        file = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", sign._name),
                    ("res_id", "=", sign.id),
                    ("res_field", "!=", False),
                ]
            )
        )
        with self.refused("closed and stays"):
            file.with_user(self.desk).write({"raw": b"other"})
        self.assertEqual(base64.b64decode(sign.licence), b"%PDF-1.4")

    def test_the_fee_is_proposed_by_the_settings(self):
        self.env.company.pm_sign_fee = 250
        self.assertEqual(self.make_sign(self.occupancy, self.desk).fee, 250)
        self.assertEqual(self.make_sign(self.occupancy, self.desk, kind="repair").fee, 0)
        self.assertEqual(self.make_sign(self.occupancy, self.desk, fee=80).fee, 80)

    def test_a_companys_sign_needs_its_licence(self):
        sign = self.make_sign(self.occupancy, self.desk, licence=False)
        with self.refused("licence copy of Tenant Trading Ltd"):
            sign.action_order()
        person = self.make_occupancy(self.unit_2, self.make_partner("Ms Li"), state="active")
        private = self.make_sign(person, self.desk, licence=False)
        private.action_order()
        self.assertEqual(private.state, "ordered")

    def test_a_new_sign_replaces_the_old(self):
        first = self.make_sign(self.occupancy)
        self.hang(first)
        second = self.make_sign(self.occupancy, text="TT Holding")
        self.hang(second)
        self.assertEqual((first.state, second.state), ("removed", "accepted"))
        self.assertEqual(self.building._get_directory(), [("1", [("A-101", "TT Holding", "")])])

    def test_the_directory_lists_who_may_be_listed(self):
        person = self.make_occupancy(self.unit_3, self.make_partner("Ms Li"), state="active")
        self.make_occupancy(self.unit_2, self.tenant, lead_id=self.occupancy.id, state="active")
        listed = [("1", [("A-101, A-102", "Tenant Trading Ltd", "")])]
        self.assertEqual(self.building._get_directory(), listed)
        self.building.directory_scope = "all"
        self.assertEqual(self.building._get_directory(), [("2", [("A-201", "Ms Li", "")]), *listed])
        self.building.directory_scope = "none"
        self.assertEqual(self.building._get_directory(), [])
        self.assertTrue(person)

    def test_the_paper_is_made(self):
        sign = self.make_sign(self.occupancy)
        for report in ("report_sign_request", "report_sign_register"):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                f"property_tenant.{report}", sign.ids
            )
            self.assertIn("Tenant Trading Ltd", html.decode())
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "property_tenant.report_building_directory", self.building.ids
        )
        self.assertIn("A-101", html.decode())

    def test_engineers_order_no_signs(self):
        engineer = self.make_user("engineer", self.estate)
        with self.assertRaises(AccessError):
            self.make_sign(self.occupancy).with_user(engineer).action_order()


@tagged("post_install", "-at_install")
class TestDirectoryPage(SignBuilders, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estate = cls.make_estate()
        cls.building = cls.make_building(cls.estate)
        cls.unit = cls.make_unit(cls.building, "A-101", floor=1)
        cls.tenant = cls.make_partner("Tenant Trading Ltd", is_company=True, phone="021 5555 1234")
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")

    def test_the_screen_shows_names_and_rooms_only(self):
        self.building.directory_on_screen = True
        url = self.building.directory_url.removeprefix(self.building.get_base_url())
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Tenant Trading Ltd", page.text)
        self.assertIn("A-101", page.text)
        self.assertNotIn("5555", page.text)

    def test_switched_off_or_guessed_there_is_no_page(self):
        self.building.directory_on_screen = True
        url = self.building.directory_url.removeprefix(self.building.get_base_url())
        self.building.directory_on_screen = False
        guesses = (url, url[:-1] + "_", "/property/directory/1", "/property/directory/" + "A" * 32)
        for guess in guesses:
            page = self.url_open(guess)
            self.assertEqual(page.status_code, 404, guess)
            self.assertNotIn("Tenant Trading", page.text)

    def test_the_token_is_for_supervisors(self):
        self.building.directory_on_screen = True
        desk = self.make_user("front_desk", self.estate)
        with self.assertRaises(AccessError):
            self.building.with_user(desk).read(["directory_token"])
        self.assertTrue(base64.urlsafe_b64decode(self.building.directory_token))
