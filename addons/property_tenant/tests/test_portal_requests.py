"""Signing, corrections and lists in the portal."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .portal_common import SCRIBBLE, PortalCase

FEW, MANY = 10, 100
#: what a page of a hundred rows may ask more than one of ten, for the pager and caches
ALLOWED = 4


@tagged("post_install", "-at_install")
class TestPortalSigning(PortalCase):
    def setUp(self):
        super().setUp()
        self.log_in(self.user)
        self.issue = self.env["property.form.issue"].browse(self.make_forms(self.lease))
        self.url = f"/my/sign/form/{self.issue.id}"

    def sign(self, url=None):
        return self.json(f"{url or self.url}/submit", {"signature": SCRIBBLE, "name": "Somebody"})

    def signatures(self):
        return self.env["property.signature"].search(
            [("res_model", "=", "property.form.issue"), ("res_id", "=", self.issue.id)]
        )

    def test_a_paper_is_read_and_signed_once(self):
        self.assertIn("Covenant", self.get("/my/sign").text)
        page = self.get(self.url).text
        self.assertIn("We keep the house rules", page)
        self.assertIn("portal.signature_form", page)
        self.assertEqual(self.sign()["result"]["redirect_url"], "/my/sign?done=signed")
        signature = self.signatures()
        self.assertEqual(self.issue.state, "signed")
        # in the own name, whatever the form says; with time and address
        self.assertEqual(signature.name, "Anna Own")
        self.assertEqual(signature.user_id, self.user)
        self.assertEqual(signature.partner_id, self.party)
        self.assertTrue(signature.ip_address)
        self.assertIn("error", self.sign()["result"])
        self.assertEqual(self.signatures(), signature)
        self.assertNotIn("Covenant", self.get("/my/sign").text)
        self.assertNotIn("portal.signature_form", self.get(self.url).text)

    def test_an_empty_signature_is_refused(self):
        for drawn in ("", "no picture", False):
            answer = self.json(f"{self.url}/submit", {"signature": drawn})
            self.assertIn("Draw the signature", answer["result"]["error"])
        self.assertFalse(self.signatures())

    def test_who_does_not_act_for_the_party_reads_only(self):
        contact = self.env["property.occupancy.contact"].create(
            {
                "occupancy_id": self.lease.id,
                "partner_id": self.make_partner("Fay").id,
                "role": "finance",
                "portal_access": True,
            }
        )
        self.log_in(self.make_portal_user(contact.partner_id, "portal_fay"))
        self.assertNotIn("portal.signature_form", self.get(self.url).text)
        self.assertIn("is signed by the party", self.sign()["result"]["error"])
        self.assertFalse(self.signatures())
        contact.role = "agent"
        self.assertIn("redirect_url", self.sign()["result"])
        self.assertEqual(self.signatures().name, "Fay")

    def test_void_papers_are_gone(self):
        self.issue._void("issued anew")
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertIn("error", self.sign())

    def test_the_place_of_the_staff_is_not_signed_by_the_party(self):
        self.issue.form_id.write({"sign_party": False, "sign_company": True})
        self.assertIn("error", self.sign()["result"])
        self.assertFalse(self.signatures())

    def test_keys_are_signed_for(self):
        kind = self.env["property.item.kind"].create({"name": "Door key", "category": "key"})
        item = self.env["property.item"].create(
            {"kind_id": kind.id, "estate_id": self.estate.id, "unit_id": self.unit.id}
        )
        slip = self.env["property.item.slip"].create(
            {
                "estate_id": self.estate.id,
                "holder_kind": "occupant",
                "occupancy_id": self.lease.id,
                "loan_ids": [(0, 0, {"item_id": item.id})],
            }
        )
        url = f"/my/sign/slip/{slip.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        slip.action_hand_out()
        self.assertIn("Door key", self.get("/my/things").text)
        self.assertIn("Door key", self.get(url).text)
        self.assertIn("redirect_url", self.sign(url)["result"])
        self.assertNotIn("holder", slip._signature_missing())


@tagged("post_install", "-at_install")
class TestPortalCorrections(PortalCase):
    def setUp(self):
        super().setUp()
        self.log_in(self.user)
        self.url = f"/my/data/{self.lease.id}/person/{self.party.id}"

    def ask(self, **data):
        values = {"name": self.party.name, "phone": "", "email": self.party.email, **data}
        return self.post(self.url, values, page="/my/data")

    def corrections(self):
        return self.env["property.contact.correction"].search([])

    def test_a_correction_changes_nothing_until_it_is_accepted(self):
        self.ask(phone="010 1234 5678", email="new@example.com")
        rows = self.corrections().sorted("kind")
        self.assertEqual(rows.mapped("kind"), ["email", "phone"])
        self.assertEqual(rows[0].old_value, "anna@example.com")
        self.assertFalse(self.party.phone)
        with self.assertRaises(AccessError):
            rows.with_user(self.desk).action_accept()
        rows.with_user(self.officer).action_accept()
        self.assertEqual(self.party.email, "new@example.com")
        self.assertEqual(self.party.phone, "010 1234 5678")
        self.assertEqual(rows.decided_by_id, self.officer)
        with self.refused("is Accepted already"):
            rows.with_user(self.officer)._refuse("Too late")

    def test_a_refusal_is_read_by_who_asked(self):
        self.ask(name="Anna Owner")
        self.corrections().with_user(self.officer)._refuse("Please show your card")
        self.assertIn("Please show your card", self.get("/my/data").text)
        self.assertEqual(self.party.name, "Anna Own")

    def test_bad_input_gets_a_sentence(self):
        self.assertIn("Nothing is different", self.ask().text)
        self.assertIn("is not an e-mail address", self.ask(email="at home").text)
        self.assertIn("fill in the name", self.ask(name=" ").text)
        self.assertFalse(self.corrections())
        self.ask(phone="1")
        self.assertIn("asked for already", self.ask(phone="2").text)
        self.assertEqual(self.corrections().new_value, "1")

    def test_what_changed_in_the_meantime_is_not_overwritten(self):
        self.ask(phone="1")
        self.party.phone = "2"
        with self.refused("was changed to 2"):
            self.corrections().with_user(self.officer).action_accept()
        self.assertEqual(self.party.phone, "2")

    def test_private_numbers_stand_masked(self):
        self.lease.bank_account = "6222021234567890123"
        contact = self.env["property.occupancy.contact"].create(
            {
                "occupancy_id": self.lease.id,
                "partner_id": self.make_partner("Gus").id,
                "phone_private": "13812345678",
            }
        )
        page = self.get("/my/data").text
        self.assertIn("Gus", page)
        self.assertIn(contact.phone_masked, page)
        self.assertIn(self.lease.bank_account_masked, page)
        self.assertNotIn("13812345678", page)
        self.assertNotIn("6222021234567890123", page)

    def test_what_was_sent_is_erased_with_the_dossier(self):
        self.ask(phone="1")
        lease = self.make_occupancy(
            self.make_unit(self.building, "D-1"), self.party, state="active", date_end="2024-06-30"
        )
        # nothing is filed in this dossier any more
        self.corrections().sudo().occupancy_id = lease
        lease.write({"state": "clearing"})
        lease.write({"state": "ended"})
        lease.sudo()._erase_personal_data()
        self.assertFalse(self.corrections().new_value)
        # nobody is asked to decide about what is not there any more
        self.assertEqual(self.corrections().state, "refused")


@tagged("post_install", "-at_install")
class TestPortalQueries(PortalCase):
    """Pages ask the database as often for many rows as for few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        units = cls.env["property.unit"].create(
            [{"code": f"Q-{n:03}", "building_id": cls.building.id} for n in range(MANY)]
        )
        parties = [cls.party] * MANY
        cls.many = cls.env["property.occupancy"].create(
            [
                {"unit_id": unit.id, "partner_id": party.id, "date_start": "2024-01-01"}
                for unit, party in zip(units, parties, strict=True)
            ]
        )
        cls.env["property.document"].create(
            [{"type_id": cls.own_paper.type_id.id, "occupancy_id": lease.id} for lease in cls.many]
        )
        form = cls.make_form()
        for lease in cls.many:
            cls.env["property.form.issue"]._issue(lease, form)

    def queries(self, url, size):
        """How many queries a page takes when ``size`` occupancies are the user's."""
        self.many.portal_party = False
        self.many[:size].portal_party = True
        self.env.flush_all()
        self.env.invalidate_all()
        self.url_open(url)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(self.url_open(url).status_code, 200)
        return self.env.cr.sql_log_count - before

    def test_lists_ask_no_more_for_many_rows(self):
        self.log_in(self.user)
        # pages of twenty; signing shows all that waits
        for url in ("/my/units", "/my/papers", "/my/things", "/my/data", "/my/sign"):
            with self.subTest(url=url):
                few = self.queries(url, FEW)
                self.assertLessEqual(self.queries(url, MANY), few + ALLOWED)
