"""What occupants do in the portal, and what comes of it at the desk."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_common import PDF, PNG, PortalCase


@tagged("post_install", "-at_install")
class TestPortalPages(PortalCase):
    def setUp(self):
        super().setUp()
        self.log_in(self.user)

    def test_home_shows_cards_to_occupants_only(self):
        self.assertIn('href="/my/units"', self.get("/my").text)
        outsider = self.make_portal_user(self.make_partner("Supplier"), "portal_supplier")
        self.log_in(outsider)
        page = self.get("/my").text
        self.assertNotIn('href="/my/units"', page)
        self.assertIn('href="/my/security"', page)

    def test_counters_count_the_own_rows(self):
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["property_missing_count", "property_paper_count"]}
        )
        self.assertEqual(answer["property_missing_count"], 1)
        self.assertEqual(answer["property_paper_count"], 1)

    def test_units_and_papers_show_the_own(self):
        units = self.get("/my/units").text
        self.assertIn("A-101", units)
        self.assertNotIn("SECRET", units)
        papers = self.get("/my/papers").text
        self.assertIn("Own paper", papers)
        self.assertIn("Lease copy", papers)
        self.assertNotIn("SECRET", papers)

    def test_a_paper_is_saved(self):
        file = self.own_paper.attachment_ids
        answer = self.get(f"/my/paper/{self.own_paper.id}/{file.id}")
        self.assertEqual(answer.content, PDF)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_appointment_is_agreed(self):
        appointment = self.lease._offer_appointment(
            fields.Datetime.now() + timedelta(days=3), "Desk", "Identity card"
        )
        page = f"/my/unit/{self.lease.id}"
        self.assertIn("Identity card", self.get(page).text)
        self.post(f"{page}/appointment/{appointment.id}", {"answer": "agree"}, page=page)
        self.assertEqual(appointment.state, "agreed")
        self.assertEqual(appointment.answered_by_id, self.party)
        # it is settled: a second answer changes nothing
        self.post(
            f"{page}/appointment/{appointment.id}", {"answer": "other", "wish": "Later"}, page=page
        )
        self.assertFalse(appointment.wish)

    def test_another_date_is_asked_for(self):
        appointment = self.lease.with_user(self.desk)._offer_appointment(
            fields.Datetime.now() + timedelta(days=3), "Desk"
        )
        page = f"/my/unit/{self.lease.id}"
        url = f"{page}/appointment/{appointment.id}"
        self.assertIn("which date", self.post(url, {"answer": "other"}, page=page).text)
        self.post(url, {"answer": "other", "wish": "Friday <b>afternoon</b>"}, page=page)
        self.assertEqual(appointment.state, "offered")
        self.assertEqual(appointment.wish, "Friday <b>afternoon</b>")
        self.assertEqual(self.lease.activity_ids.user_id, self.desk)
        self.assertNotIn("<b>afternoon</b>", self.get(page).text)

    # --- sending papers in ------------------------------------------------------

    def upload(self, content=PDF, name="lease.pdf", paper=None, **data):
        paper = paper or self.missing_paper(self.lease)
        return self.post(
            f"/my/papers/missing/{paper.id}/upload", data, files={"file": (name, content)}
        )

    def uploads(self):
        return self.env["property.portal.upload"].search([("occupancy_id", "=", self.lease.id)])

    def test_a_paper_sent_in_counts_when_the_staff_accept_it(self):
        answer = self.upload(note="Page 3 follows")
        self.assertIn("To Be Checked", answer.text)
        upload = self.uploads()
        self.assertEqual(upload.state, "waiting")
        self.assertEqual(upload.partner_id, self.party)
        self.assertEqual(self.missing_paper(self.lease).state, "missing")
        upload.with_user(self.desk).action_accept()
        self.assertEqual(self.missing_paper(self.lease).state, "filed")
        self.assertEqual(upload.document_id.attachment_ids.raw, PDF)
        self.assertFalse(upload.file)
        with self.refused("is Filed already"):
            upload.with_user(self.desk).action_accept()

    def test_a_refused_paper_is_sent_again(self):
        self.upload()
        upload = self.uploads()
        with self.refused("Say why"):
            upload.with_user(self.desk)._refuse(" ")
        window = (
            self.env["property.portal.refuse"]
            .with_user(self.desk)
            .with_context(**upload.with_user(self.desk).action_open_refuse()["context"])
            .create({"reason": "Not readable"})
        )
        window.action_refuse()
        self.assertIn("Not readable", self.get("/my/papers").text)
        self.upload(PNG, "scan.png")
        self.assertEqual(self.uploads().mapped("state"), ["waiting", "refused"])

    def test_what_is_no_paper_is_refused_with_a_sentence(self):
        for content, name, sentence in (
            (b"", "empty.pdf", "Choose the file"),
            (b"<html><script>alert(1)</script>", "page.pdf", "cannot be taken"),
            (b"MZ\x90\x00\x03", "virus.pdf", "cannot be taken"),
            (PDF + b"0" * 1024 * 1024, "large.pdf", "larger than 1 MB"),
        ):
            with self.subTest(name=name):
                self.company.pm_portal_upload_megabytes = 1
                self.assertIn(sentence, self.upload(content, name).text)
                self.assertFalse(self.uploads())
        self.assertIn("was valid until", self.upload(date_expiry="2020-01-01").text)
        self.assertFalse(self.uploads())

    def test_kinds_of_files_follow_the_setting(self):
        self.company.pm_portal_upload_types = "PDF"
        self.assertIn("cannot be taken", self.upload(PNG, "scan.png").text)
        with self.refused("not exe"):
            self.company.pm_portal_upload_types = "pdf, exe"

    def test_no_more_files_than_the_setting_in_a_day(self):
        self.company.pm_portal_uploads_per_day = 1
        self.upload()
        self.uploads().with_user(self.desk)._refuse("Not readable")
        self.assertIn("You sent 1 files", self.upload().text)
        self.assertEqual(len(self.uploads()), 1)

    def test_the_same_paper_is_not_sent_twice(self):
        self.upload()
        self.assertIn("already", self.upload().text)
        self.assertEqual(len(self.uploads()), 1)

    def test_who_takes_in_no_papers_decides_nothing(self):
        self.upload()
        engineer = self.make_user("engineer", self.estate)
        for method in ("action_accept", "action_open_refuse"):
            with self.assertRaises(AccessError):
                getattr(self.uploads().with_user(engineer), method)()
        self.assertEqual(self.uploads().state, "waiting")

    def test_confidential_papers_sent_in_are_for_who_sees_private_data(self):
        self.kind.confidential = True
        self.upload()
        Upload = self.env["property.portal.upload"]
        self.assertFalse(Upload.with_user(self.desk).search([]))
        self.assertEqual(Upload.with_user(self.officer).search([]), self.uploads())

    def test_a_paper_is_promised(self):
        paper = self.missing_paper(self.lease)
        url = f"/my/papers/missing/{paper.id}/promise"
        self.assertIn("has passed", self.post(url, {"date": "2020-01-01"}).text)
        self.assertIn("choose a day", self.post(url, {"date": "soon"}).text)
        day = fields.Date.today() + timedelta(days=5)
        self.post(url, {"date": str(day)})
        self.assertEqual(paper.state, "promised")
        self.assertEqual(paper.date_promised, day)
        self.assertFalse(paper.promised_to_id)

    @mute_logger("odoo.http")
    def test_a_form_without_the_token_of_the_page_is_refused(self):
        paper = self.missing_paper(self.lease)
        self.url_open(
            f"/my/papers/missing/{paper.id}/upload", {"note": "x"}, files={"file": ("a.pdf", PDF)}
        )
        self.assertFalse(self.uploads())


@tagged("post_install", "-at_install")
class TestPortalGrant(PortalCase):
    def grant(self, lease, **given):
        """Tick people by their names in the window, as the desk does."""
        window = (
            self.env["property.portal.grant"]
            .with_user(self.desk)
            .with_context(default_occupancy_id=lease.id)
            .create({})
        )
        for line in window.line_ids:
            if line.partner_id.name in given:
                line.is_given = given[line.partner_id.name]
        window.action_confirm()

    def test_a_contact_gets_access_and_loses_it(self):
        contact = self.env["property.occupancy.contact"].create(
            {
                "occupancy_id": self.lease.id,
                "partner_id": self.make_partner("Cora", email="cora@example.com").id,
            }
        )
        self.assertNotIn(contact.partner_id, self.lease.portal_partner_ids)
        self.grant(self.lease, Cora=True)
        self.assertIn(contact.partner_id, self.lease.portal_partner_ids)
        user = contact.partner_id.user_ids
        self.assertTrue(user._is_portal())
        self.grant(self.lease, Cora=False)
        self.assertNotIn(contact.partner_id, self.lease.portal_partner_ids)
        portal = self.env["property.portal"].with_user(user)
        self.assertFalse(portal._get_row("property.occupancy", self.lease.id))

    def test_nobody_is_invited_without_an_address(self):
        self.env["property.occupancy.contact"].create(
            {"occupancy_id": self.lease.id, "partner_id": self.make_partner("Dan").id}
        )
        with self.refused("Dan has no valid e-mail"):
            self.grant(self.lease, Dan=True)

    def test_colleagues_of_the_party_see_nothing_unless_named(self):
        firm = self.make_partner("Firm", is_company=True)
        lease = self.make_occupancy(
            self.make_unit(self.building, "D-1"), firm, state="active", portal_party=True
        )
        clerk = self.make_portal_user(self.make_partner("Clerk", parent_id=firm.id), "portal_clerk")
        portal = self.env["property.portal"].with_user(clerk)
        self.assertFalse(portal._find_rows("property.occupancy"))
        contact = self.env["property.occupancy.contact"].create(
            {"occupancy_id": lease.id, "partner_id": clerk.partner_id.id, "portal_access": True}
        )
        self.assertEqual(portal._find_rows("property.occupancy"), lease)
        contact.portal_access = False
        self.assertFalse(portal._find_rows("property.occupancy"))

    def test_access_ends_with_the_occupancy(self):
        portal = self.env["property.portal"].with_user(self.user)
        self.assertEqual(portal._find_rows("property.occupancy"), self.lease)
        self.assertFalse(portal._get_row("property.document", self.past_paper.id))
        self.company.pm_portal_after_end = "papers"
        self.assertEqual(portal._get_row("property.document", self.past_paper.id), self.past_paper)
        self.assertFalse(portal._get_row("property.occupancy", self.past_lease.id))
        with self.refused("is over"):
            self.grant(self.past_lease, **{"Anna Own": True})

    def test_further_units_of_a_lease_are_seen_by_who_sees_the_leading_one(self):
        further = self.make_occupancy(
            self.make_unit(self.building, "A-102"), self.party, lead_id=self.lease.id
        )
        portal = self.env["property.portal"].with_user(self.user)
        self.assertEqual(portal._find_rows("property.occupancy"), self.lease | further)

    def test_only_the_desk_gives_access(self):
        engineer = self.make_user("engineer", self.estate)
        with self.assertRaises(AccessError):
            self.lease.with_user(engineer).action_open_portal()

    def test_sales_give_no_access_whichever_way(self):
        sales = self.make_user("sales", self.estate, login="portal_sales")
        stranger = self.make_partner("Stranger", email="stranger@example.com")
        contact = self.env["property.occupancy.contact"].create(
            {"occupancy_id": self.lease.id, "partner_id": stranger.id, "role": "finance"}
        )
        friend = self.env["property.occupancy.contact"].create(
            {
                "occupancy_id": self.lease.id,
                "partner_id": self.make_partner("Friend").id,
                "portal_access": True,
            }
        )
        contacts = contact.with_user(sales)
        unit = self.make_unit(self.building, "S-1")
        reserved = {
            "unit_id": unit.id,
            "partner_id": stranger.id,
            "kind": "tenant",
            "date_start": "2040-01-01",
        }
        occupancies = self.env["property.occupancy"].with_user(sales)
        row = {"occupancy_id": self.lease.id, "partner_id": stranger.id}
        for attempt in (
            lambda: contacts.write({"portal_access": True}),
            lambda: contacts.create(row | {"role": "agent", "portal_access": True}),
            lambda: contacts.with_context(default_portal_access=True).create(row),
            lambda: friend.with_user(sales).write({"partner_id": stranger.id}),
            lambda: self.lease.with_user(sales).write({"portal_party": True}),
            lambda: self.lease.with_user(sales).write({"portal_partner_ids": stranger.ids}),
            lambda: occupancies.create(reserved | {"portal_party": True}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        made = occupancies.with_context(default_portal_partner_ids=stranger.ids).create(
            reserved | {"portal_past_partner_ids": stranger.ids}
        )
        people = made.sudo().portal_partner_ids | made.sudo().portal_past_partner_ids
        self.assertNotIn(stranger, people | self.lease.portal_partner_ids)
