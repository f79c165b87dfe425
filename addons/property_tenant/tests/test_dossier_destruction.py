"""Papers are destroyed after their period, on a list that two people sign."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .dossier_common import DossierCase
from .items_common import DRAWN


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestDestruction(DossierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.make_document(
            cls.lease,
            name="Lease of Tenant Trading",
            attachment_ids=[Command.set(cls.make_file().ids)],
        )
        cls.file = cls.document.attachment_ids

    def setUp(self):
        super().setUp()
        self.occupancy.date_start = "2014-01-01"

    def make_list(self):
        self.end_occupancy()
        row = (
            self.env["property.dossier.destruction"]
            .with_user(self.archivist)
            .create({"estate_id": self.estate.id})
        )
        row.action_collect()
        return row

    def sign(self, row, *users):
        row.action_ask()
        for user in users:
            row.with_user(user).approval_ids.filtered("waits_for_me").action_approve("Yes")
            row.invalidate_recordset()

    def test_period_counts_from_the_end_of_the_occupancy(self):
        self.assertFalse(self.document.date_destroy)
        self.end_occupancy("2015-12-31")
        self.assertEqual(str(self.document.date_destroy), "2021-01-01")
        self.lease.retention_months = 0
        self.assertFalse(self.document.date_destroy)

    def test_further_unit_of_the_dossier_keeps_the_paper(self):
        self.make_occupancy(self.unit_2, self.tenant, lead_id=self.occupancy.id, state="active")
        self.end_occupancy()
        self.assertFalse(self.document.date_destroy)

    def test_two_sign_then_files_and_names_are_erased_and_the_row_stays(self):
        row = self.make_list()
        self.assertEqual(row.document_ids, self.document)
        self.sign(row, self.supervisor, self.boss)
        self.assertEqual(row.state, "approved")
        row.action_destroy()
        self.assertEqual((row.state, self.document.state), ("done", "destroyed"))
        self.assertFalse(self.file.exists())
        self.assertFalse(self.document.name)
        self.assertTrue(self.document.number)
        self.assertEqual(row.destroyed_by_id, self.archivist)
        self.assertEqual(row.first_signer_id | row.second_signer_id, self.supervisor | self.boss)
        with self.refused("was destroyed"):
            self.document.note = "again"

    def test_one_signature_does_not_suffice(self):
        row = self.make_list()
        self.sign(row, self.supervisor)
        with self.refused("not signed"):
            row.action_destroy()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            row.sudo().write({"state": "approved"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.document.write({"state": "destroyed", "destruction_id": row.id})

    def test_one_person_does_not_sign_twice(self):
        both = self.make_user("supervisor,general_manager", self.estate, login="both")
        row = self.make_list()
        self.sign(row, both)
        self.assertFalse(row.with_user(both).approval_ids.filtered("waits_for_me"))

    def test_rules_that_ask_one_person_are_refused(self):
        self.env.ref("property_tenant.approval_rule_destroy_general_manager").active = False
        row = self.make_list()
        row.action_ask()
        mine = row.with_user(self.supervisor).approval_ids.filtered("waits_for_me")
        with self.refused("Two different people"):
            mine.action_approve("Yes")

    def test_changed_list_must_be_signed_again(self):
        row = self.make_list()
        self.sign(row, self.supervisor, self.boss)
        row.document_ids = [Command.clear()]
        self.assertEqual(row.state, "draft")
        self.assertFalse(row.first_signer_id)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_one_signer_for_both(self):
        row = self.make_list()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            row.sudo().write({"first_signer_id": self.boss.id, "second_signer_id": self.boss.id})
            self.env.flush_all()

    def test_paper_that_must_be_kept_is_not_listed(self):
        self.document.hold_reason = "Law suit"
        with self.refused("due for destruction"):
            self.make_list()

    def test_paper_whose_period_runs_is_refused(self):
        row = self.make_list()
        self.lease.retention_months = 1200
        with self.refused("must be kept until"):
            row.document_ids = [Command.set(self.document.ids)]
        self.lease.retention_months = 60

    def test_only_the_archive_makes_lists(self):
        with self.assertRaises(AccessError):
            self.env["property.dossier.destruction"].with_user(self.officer).create(
                {"estate_id": self.estate.id}
            )

    def test_personal_data_goes_with_the_last_paper(self):
        contact = self.env["property.occupancy.contact"].create(
            {
                "occupancy_id": self.occupancy.id,
                "partner_id": self.owner.id,
                "role": "emergency",
                "phone_number": "13812345678",
            }
        )
        row = self.make_list()
        self.sign(row, self.supervisor, self.boss)
        row.action_destroy()
        self.assertFalse(contact.sudo().phone_private)

    def test_account_warnings_and_what_was_said_go_too(self):
        party = self.occupancy.partner_id
        self.occupancy.write(
            {"bank_name": "ICBC", "bank_account": "6222020200112233445", "debit_mandate": "M-1"}
        )
        self.env["property.warning"].create({"partner_id": party.id, "text": "Dog bites"})
        party.estate_forwarding = "10 Other Road"
        visit = self.env["property.visit"].create(
            {"occupancy_id": self.occupancy.id, "asked": "The lift is slow."}
        )
        visit.action_done()
        row = self.make_list()
        self.sign(row, self.supervisor, self.boss)
        row.action_destroy()
        held = self.occupancy.sudo()
        self.assertFalse(held.bank_account_private or held.bank_name or held.debit_mandate)
        self.assertFalse(party.estate_warning_ids or party.estate_forwarding)
        self.assertFalse(visit.asked)
        self.assertEqual(visit.state, "done", "that there was a visit stays")

    def test_signers_and_steps_are_not_typed_in(self):
        row = self.make_list()
        self.sign(row, self.supervisor, self.boss)
        for vals in (
            {"first_signer_id": self.archivist.id},
            {"second_signer_id": self.archivist.id},
            {"destroyed_by_id": self.boss.id},
            {"date_done": "2020-01-01 00:00:00"},
            {"state": "done"},
            {"state": "draft"},
        ):
            with self.subTest(vals), self.refused("not typed in"):
                row.write(vals)
        self.assertEqual((row.state, self.document.state), ("approved", "filed"))

    def test_texts_of_issued_papers_and_signatures_are_erased(self):
        form = self.env["property.form"].create(
            {"name": "Undertaking", "body": "<p>{{party}} undertakes</p>", "sign_company": True}
        )
        issue = self.env["property.form.issue"]._issue(self.occupancy, form)
        issue._sign("party", "Tom Tenant", DRAWN)
        issue.with_user(self.supervisor)._sign("company", self.supervisor.name, DRAWN)
        self.assertEqual(issue.state, "signed")
        self.assertIn(self.tenant.name, issue.body)
        row = self.make_list()
        self.sign(row, self.supervisor, self.boss)
        row.action_destroy()
        self.env.invalidate_all()
        self.assertFalse(issue.body)
        self.assertEqual((issue.state, issue.title), ("signed", "Undertaking"))
        signed = issue._signature_rows()
        rows = signed.grouped("role")
        self.assertEqual(len(rows), 2)
        self.assertFalse(any(signed.mapped("signature")))
        self.assertNotIn("Tom", rows["party"].name)
        self.assertFalse(rows["party"].partner_id)
        self.assertEqual(rows["company"].name, self.supervisor.name)
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "property.signature"),
                ("res_id", "in", issue._signature_rows().ids),
            ]
        )
        self.assertFalse(files)

    def test_signatures_of_other_dossiers_stay(self):
        form = self.env["property.form"].create({"name": "Undertaking", "body": "<p>x</p>"})
        other = self.make_occupancy(self.unit_3, self.owner, "owner", state="active")
        issue = self.env["property.form.issue"]._issue(other, form)
        issue._sign("party", "Olivia Owner", DRAWN)
        row = self.make_list()
        self.sign(row, self.supervisor, self.boss)
        row.action_destroy()
        self.assertTrue(issue.body)
        self.assertTrue(issue._signature_rows().signature)
