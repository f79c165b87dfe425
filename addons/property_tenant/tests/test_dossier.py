"""What a dossier must contain, what it lacks, who chases it."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .dossier_common import DossierCase


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestDossier(DossierCase):
    def test_new_occupancy_lists_what_it_needs(self):
        person = self.make_occupancy(self.unit_2, self.owner, "owner", state="active")
        self.assertEqual(person.paper_ids.type_id, self.lease, "a licence is asked of companies")
        self.assertEqual(self.occupancy.paper_ids.type_id, self.lease | self.licence)
        self.assertEqual(self.occupancy.dossier_rate, 0)
        self.assertEqual(self.occupancy.dossier_missing_count, 2)
        self.assertEqual(self.occupancy.dossier_missing, "Lease, Licence")

    def test_filing_completes_the_dossier(self):
        self.make_document(self.lease)
        self.assertEqual(self.occupancy.dossier_rate, 50)
        self.make_document(self.licence, date_expiry=self.days(200))
        self.assertTrue(self.occupancy.is_dossier_complete)
        self.assertIn(
            self.occupancy,
            self.env["property.occupancy"].search([("is_dossier_complete", "=", True)]),
        )

    def test_void_paper_is_missing_again(self):
        document = self.make_document(self.lease)
        document.action_void("Of another unit")
        self.assertEqual(self.paper(self.lease).state, "missing")

    def test_papers_expire(self):
        document = self.make_document(self.licence, date_expiry=self.days(10))
        self.assertEqual(self.paper(self.licence).state, "expiring")
        self.assertEqual(self.paper(self.licence).document_id, document)
        document.date_expiry = self.days(-1)
        self.assertEqual(self.paper(self.licence).state, "expired")
        self.assertEqual(self.occupancy.dossier_rate, 0)

    def test_several_units_have_one_dossier(self):
        further = self.make_occupancy(
            self.unit_2, self.tenant, lead_id=self.occupancy.id, state="active"
        )
        self.assertFalse(further.paper_ids)
        self.make_document(self.lease, occupancy_id=further.id)
        self.assertEqual(self.paper(self.lease).state, "filed")
        self.assertEqual(further.dossier_rate, 50)
        self.assertEqual(further.document_count, 1)

    def test_special_case_and_usage(self):
        self.make_type("big", required=True, required_domain="[('persons', '>', 50)]")
        parking = self.make_type("parking_x", required=True, required_usage="parking")
        self.assertNotIn(parking, self.occupancy.paper_ids.type_id)
        self.occupancy.persons = 60
        self.assertIn("big", self.occupancy.paper_ids.type_id.mapped("name"))

    def test_special_case_must_be_conditions(self):
        for rubbish in ("persons > 5", "[('no_such_field', '=', 1)]", "__import__('os')"):
            with self.subTest(rubbish=rubbish), self.refused("special case", ValidationError):
                self.lease.required_domain = rubbish

    def test_ended_occupancy_is_not_chased(self):
        self.end_occupancy()
        self.assertFalse(self.occupancy.paper_ids)
        self.assertEqual(self.occupancy.dossier_rate, 100)

    def test_promise_is_kept_or_broken(self):
        paper = self.paper(self.lease).with_user(self.desk)
        paper.action_promise(self.days(3), "Boss is travelling")
        self.assertEqual(paper.state, "promised")
        self.assertEqual(paper.promised_to_id, self.desk)
        self.assertNotIn(paper, self.occupancy._get_missing_papers())
        self.env["property.dossier.paper"]._refresh(self.occupancy)
        self.make_document(self.lease)
        self.assertEqual(paper.state, "filed")
        self.assertFalse(paper.date_promised)

    def test_promise_for_a_day_that_passed_is_refused(self):
        with self.refused("has passed"):
            self.paper(self.lease).with_user(self.desk).action_promise(self.days(-1))

    def test_engineer_takes_no_promise(self):
        with self.assertRaises(AccessError):
            self.paper(self.lease).with_user(self.engineer).action_promise(self.days(1))

    def test_broken_promise_makes_a_to_do_until_the_paper_comes(self):
        paper = self.paper(self.lease)
        paper.with_user(self.desk).action_promise(self.days(1))
        paper.date_promised = self.days(-1)
        papers = self.env["property.dossier.paper"]
        papers._run_daily(self.estate, self.today)
        self.assertEqual(paper.state, "overdue")
        todo = self.occupancy.activity_ids
        self.assertEqual(todo.user_id, self.desk)
        self.assertIn("Lease", todo.note)
        papers._run_daily(self.estate, self.today)
        self.assertEqual(len(self.occupancy.activity_ids), 1, "not reminded twice in a week")
        self.make_document(self.lease)
        self.make_document(self.licence, date_expiry=self.days(200))
        self.assertFalse(self.occupancy.activity_ids)

    def test_missing_paper_is_chased_by_the_head_of_the_department(self):
        self.env["property.dossier.paper"]._chase(self.estate, self.today)
        self.assertEqual(self.occupancy.activity_ids.user_id, self.manager)

    def test_party_is_reminded_by_mail_where_that_is_set(self):
        self.env.company.pm_paper_mail = True
        self.tenant.email = "tenant@example.com"
        paper = self.paper(self.lease)
        paper._promise(self.days(1))
        paper.date_promised = self.days(-1)
        self.env["property.dossier.paper"]._run_daily(self.estate, self.today)
        mail = self.env["mail.mail"].search([("model", "=", "property.occupancy")])
        self.assertEqual(len(mail), 1)
        self.assertIn("Lease", mail.body_html)

    def test_receiving_files_and_promises_at_once(self):
        action = self.occupancy.with_user(self.desk).action_open_receive()
        window = (
            self.env["property.document.receive"]
            .with_user(self.desk)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(window.line_ids.type_id, self.lease | self.licence)
        lease, licence = (
            window.line_ids.filtered(lambda line, kind=kind: line.type_id == kind)
            for kind in (self.lease, self.licence)
        )
        lease.write(
            {
                "received": True,
                "pages": 12,
                "attachment_ids": [Command.set(self.make_file(self.desk).ids)],
            }
        )
        licence.write({"date_promised": self.days(5), "note": "At the bank"})
        window.action_confirm()
        document = self.occupancy.document_ids
        self.assertEqual(document.pages, 12)
        self.assertEqual(document.attachment_ids.res_id, document.id)
        self.assertEqual(self.paper(self.licence).state, "promised")
        self.assertEqual(self.paper(self.licence).promise_note, "At the bank")

    def test_receiving_nothing_is_refused(self):
        action = self.occupancy.with_user(self.desk).action_open_receive()
        window = (
            self.env["property.document.receive"]
            .with_user(self.desk)
            .with_context(**action["context"])
            .create({})
        )
        with self.refused("Tick the papers"):
            window.action_confirm()

    def test_front_desk_takes_in_what_it_may_not_see(self):
        self.passport.required = True
        action = self.paper(self.passport).with_user(self.desk).action_open_receive()
        window = (
            self.env["property.document.receive"]
            .with_user(self.desk)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(window.line_ids.type_id, self.passport)
        window.line_ids.attachment_ids = self.make_file(self.desk)
        window.action_confirm()
        document = self.occupancy.document_ids
        self.assertEqual(document.type_id, self.passport)
        with self.assertRaises(AccessError):
            document.with_user(self.desk).read(["name"])
        self.assertEqual(self.paper(self.passport).state, "filed", "that it is there is known")

    def test_numbers_have_no_gaps(self):
        first = self.make_document()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.make_document(self.contract, occupancy_id=self.occupancy.id)
        second, third = self.env["property.document"].create(
            [{"type_id": self.passport.id, "occupancy_id": self.occupancy.id}] * 2
        )
        year = self.today.year
        self.assertEqual(
            [row.number for row in (first, second, third)],
            [f"HP-D{year}-0000{number}" for number in (1, 2, 3)],
        )
        with self.refused("keeps its number"):
            first.number = "HP-D99999"

    def test_paper_stays_on_record(self):
        document = self.make_document()
        with self.refused("stays on record"):
            document.unlink()
        with self.refused("stays in its dossier"):
            document.occupancy_id = self.make_occupancy(self.unit_2, self.tenant)
        with self.refused("Say why"):
            document.action_void(" ")
        document.action_void("Twice")
        with self.refused("cannot become"):
            document.state = "filed"

    def test_new_version_replaces_the_old(self):
        old = self.make_document(self.licence, date_expiry=self.days(-1))
        new = self.make_document(self.licence, date_expiry=self.days(400), replaces_id=old.id)
        self.assertEqual((old.state, new.version), ("replaced", 2))
        self.assertEqual(self.paper(self.licence).document_id, new)
        with self.assertRaises(UserError):
            self.make_document(self.lease, replaces_id=new.id)

    def test_contract_belongs_to_the_estate(self):
        contract = self.make_document(self.contract, estate_id=self.estate.id)
        self.assertFalse(contract.dossier_id)
        with self.refused("contract of the estate"):
            self.make_document(
                self.contract, estate_id=self.estate.id, occupancy_id=self.occupancy.id
            )
        with self.refused("Say to whose dossier"):
            self.env["property.document"].create(
                {"type_id": self.lease.id, "estate_id": self.estate.id}
            )

    def test_changed_requirement_reaches_all_dossiers(self):
        self.passport.required = True
        self.assertEqual(self.paper(self.passport).state, "missing")
        self.passport.required = False
        self.assertFalse(self.paper(self.passport))

    def test_type_in_use_is_archived_not_deleted(self):
        self.make_document()
        with self.refused("Archive it"):
            self.lease.unlink()
