"""Who sees papers and their files: by view, ORM and URL."""

import json
from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .dossier_common import PIXEL, DossierCase


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestDossierAccess(DossierCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public_paper = cls.make_document(
            cls.lease, cls.officer, attachment_ids=[Command.set(cls.make_file(cls.officer).ids)]
        )
        cls.secret_paper = cls.make_document(
            cls.passport,
            cls.officer,
            name="Passport of Olivia",
            attachment_ids=[Command.set(cls.make_file(cls.officer, "secret.png").ids)],
        )
        for user in (cls.archivist, cls.desk, cls.engineer):
            user.password = f"{user.login}_pw"
        cls.stranger = cls.make_user(
            "archivist", login="of_other_estate", password="of_other_estate"
        )

    def fetch_file(self, user, file):
        self.authenticate(user.login, f"{user.login}_pw" if user != self.stranger else user.login)
        return self.url_open(f"/web/content/{file.id}?download=true")

    def test_file_is_read_by_who_may_read_the_paper(self):
        for paper, user, allowed in (
            (self.public_paper, self.archivist, True),
            (self.public_paper, self.desk, True),
            (self.public_paper, self.engineer, True),
            (self.public_paper, self.stranger, False),
            (self.secret_paper, self.archivist, True),
            (self.secret_paper, self.desk, False),
            (self.secret_paper, self.engineer, False),
            (self.secret_paper, self.stranger, False),
        ):
            with self.subTest(user=user.login, paper=paper.type_id.name):
                response = self.fetch_file(user, paper.attachment_ids)
                self.assertEqual(response.content == PIXEL, allowed)
                self.assertEqual(PIXEL in response.content, allowed)

    def test_nobody_reads_files_without_logging_in(self):
        response = self.url_open(f"/web/content/{self.public_paper.attachment_ids.id}")
        self.assertNotIn(PIXEL, response.content)

    def test_portal_user_reads_no_file(self):
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal_dossier",
                "password": "portal_dossier",
                "partner_id": self.tenant.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.authenticate(portal.login, portal.login)
        for paper in (self.public_paper, self.secret_paper):
            response = self.url_open(f"/web/content/{paper.attachment_ids.id}")
            self.assertNotIn(PIXEL, response.content)

    def test_confidential_paper_is_hidden_from_others(self):
        documents = self.env["property.document"].with_user(self.desk)
        self.assertNotIn(self.secret_paper, documents.search([]))
        self.assertIn(self.public_paper, documents.search([]))
        self.assertFalse(documents.search([("name", "ilike", "Olivia")]))
        with self.assertRaises(AccessError):
            self.secret_paper.with_user(self.desk).read(["name"])
        self.assertNotIn("Olivia", self.secret_paper.with_user(self.desk).sudo().display_name)

    def test_paper_for_some_roles_only(self):
        legal = self.env.ref("property_tenant.group_legal")
        self.lease.group_ids = legal
        lawyer = self.make_user("legal", self.estate)
        for user, sees in ((lawyer, True), (self.desk, False), (self.archivist, True)):
            with self.subTest(user=user.login):
                found = self.env["property.document"].with_user(user).search([])
                self.assertEqual(self.public_paper in found, sees)

    def test_file_of_another_is_not_taken(self):
        theirs = self.secret_paper.attachment_ids
        with self.assertRaises(AccessError):
            self.make_document(self.lease, self.desk, attachment_ids=[Command.set(theirs.ids)])
        self.assertEqual(theirs.res_id, self.secret_paper.id)
        uploaded = self.make_file(self.officer, "not yet attached.png")
        with self.assertRaises(AccessError):
            self.make_document(self.lease, self.desk, attachment_ids=[Command.link(uploaded.id)])

    def test_file_of_another_is_not_taken_by_the_window_either(self):
        self.passport.required = True
        theirs = self.make_file(self.officer, "of the officer.png")
        action = self.paper(self.passport).with_user(self.desk).action_open_receive()
        window = (
            self.env["property.document.receive"]
            .with_user(self.desk)
            .with_context(**action["context"])
            .create({})
        )
        # whatever the client sends
        window.sudo().line_ids.attachment_ids = theirs
        with suppress(AccessError):
            # refused, or left out where the user cannot even see that there is a file
            window.action_confirm()
        self.assertFalse(theirs.res_id)
        self.assertFalse(self.occupancy.document_ids[-1:].attachment_ids & theirs)

    def test_filed_file_stays_as_it_is(self):
        file = self.public_paper.attachment_ids.with_user(self.officer)
        with self.refused("filed and stay"):
            file.unlink()
        with self.refused("filed and stay"):
            file.raw = b"another"
        with self.refused("filed and stay"):
            file.res_id = self.secret_paper.id
        with self.refused("filed and stay"):
            file.public = True
        with self.refused("filed and stays"):
            self.public_paper.with_user(self.officer).attachment_ids = [Command.clear()]

    def test_nobody_deletes_and_the_controller_writes_nothing(self):
        for user in (self.archivist, self.manager, self.controller):
            with self.assertRaises(AccessError):
                self.public_paper.with_user(user).unlink()
        with self.assertRaises(AccessError):
            self.public_paper.with_user(self.controller).shelf = "B2"
        with self.assertRaises(AccessError):
            self.make_document(self.lease, self.engineer)

    def test_papers_are_not_written_by_hand(self):
        paper = self.paper(self.licence)
        for user in (self.desk, self.archivist, self.manager):
            with self.assertRaises(AccessError):
                paper.with_user(user).write({"state": "filed"})

    def test_portal_gets_own_papers_without_confidential_types(self):
        self.passport.portal_visible = False
        self.assertEqual(self.occupancy._portal_documents(), self.public_paper)

    @mute_logger("odoo.http")
    def test_state_by_rpc_needs_a_reason(self):
        self.authenticate(self.archivist.login, f"{self.archivist.login}_pw")
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {
                    "params": {
                        "model": "property.document",
                        "method": "write",
                        "args": [self.public_paper.ids, {"state": "destroyed"}],
                        "kwargs": {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        self.assertIn("two people signed", response.text, response.text)
        self.assertEqual(self.public_paper.state, "filed")
