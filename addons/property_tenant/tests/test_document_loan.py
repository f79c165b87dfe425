"""Papers are borrowed, counted when they come back, and never lent twice."""

from psycopg2 import Error as PsycopgError
from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from .common import PropertyBuilders
from .dossier_common import DossierCase


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestDocumentLoan(DossierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.make_document(cls.lease, pages=12)

    def borrow(self, user, use="look", days=1, document=None):
        loans = self.env["property.document.loan"].with_user(user)
        return loans._borrow(
            (document or self.document).with_user(user), use, "Court hearing", self.days(days)
        )

    def decide(self, loan, user, yes=True):
        row = loan.with_user(user).approval_ids.filtered("waits_for_me")[:1]
        self.assertTrue(row, f"nothing waits for {user.login}")
        row.action_approve("Fine") if yes else row.action_reject("No")

    def out(self, user=None, **values):
        loan = self.borrow(user or self.officer, **values)
        loan.with_user(self.archivist).action_hand_out()
        return loan

    def test_colleague_signs_out_by_himself(self):
        loan = self.borrow(self.officer)
        self.assertEqual(loan.state, "ready")
        self.assertTrue(loan.same_department)
        loan.with_user(self.officer).action_hand_out()
        self.assertEqual((loan.state, loan.pages_out), ("out", 12))
        self.assertEqual(self.document.borrower_id, self.officer)

    def test_other_department_needs_the_archivist(self):
        loan = self.borrow(self.engineer)
        self.assertEqual(loan.state, "asked")
        with self.assertRaises(AccessError):
            loan.with_user(self.engineer).action_hand_out()
        with self.refused("waits for approval"):
            loan.with_user(self.archivist).action_hand_out()
        self.decide(loan, self.archivist)
        self.assertEqual(loan.state, "ready")
        with self.assertRaises(AccessError):
            loan.with_user(self.engineer).action_hand_out()
        loan.with_user(self.archivist).action_hand_out()
        self.assertEqual(loan.state, "out")

    def test_copying_needs_the_head_of_the_department(self):
        loan = self.borrow(self.officer, use="copy")
        self.assertEqual(loan.department_head_id, self.manager)
        self.decide(loan, self.manager)
        self.assertEqual(loan.state, "ready")

    def test_head_does_not_decide_his_own_loan(self):
        self.make_user("manager", self.estate, login="other_manager")
        loan = self.borrow(self.manager, use="take_out")
        self.assertNotEqual(loan.department_head_id, self.manager)
        self.assertEqual(loan.state, "asked")

    def test_longer_than_a_day_needs_a_manager(self):
        loan = self.borrow(self.officer, days=3)
        self.assertEqual(loan.state, "asked")
        self.assertIn("longer than usual", loan.sudo().approval_ids.rule_name)
        self.env.company.pm_loan_days = 5
        other = self.make_document(self.passport)
        self.assertEqual(self.borrow(self.officer, days=3, document=other).state, "ready")

    def test_rejected_loan_is_not_handed_out(self):
        loan = self.borrow(self.engineer)
        self.decide(loan, self.archivist, yes=False)
        self.assertEqual(loan.state, "draft")
        with self.assertRaises(UserError):
            loan.with_user(self.archivist).action_hand_out()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            loan.sudo().write({"state": "ready"})

    def test_loan_is_not_written_by_hand(self):
        loan = self.borrow(self.engineer)
        for user in (self.engineer, self.archivist, self.manager):
            with self.assertRaises(AccessError):
                loan.with_user(user).write({"state": "ready"})
            with self.assertRaises(AccessError):
                loan.with_user(user).create({"document_id": self.document.id})

    def test_controller_borrows_nothing(self):
        with self.assertRaises(AccessError):
            self.env["property.document.borrow"].with_user(self.controller).create(
                {"purpose": "x", "document_ids": self.document.ids, "date_due": self.days(1)}
            )

    def test_borrow_window_signs_out_at_once_for_a_colleague(self):
        window = (
            self.env["property.document.borrow"]
            .with_user(self.officer)
            .with_context(active_model="property.document", active_ids=self.document.ids)
            .create({"purpose": "Call with the party"})
        )
        window.action_borrow()
        self.assertEqual(self.document.borrower_id, self.officer)
        self.assertEqual(self.document.loan_due, self.days(1))

    def test_paper_that_is_out_is_not_lent_again(self):
        self.out()
        with self.refused("is held by"):
            self.borrow(self.engineer)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_to_lend_twice(self):
        first, second = self.borrow(self.officer), self.borrow(self.archivist)
        first.with_user(self.archivist).action_hand_out()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            second.with_user(self.archivist).action_hand_out()
            self.env.flush_all()

    def test_both_sides_count_the_pages(self):
        loan = self.out()
        loan.with_user(self.officer).action_return(12)
        self.assertEqual(loan.state, "checking")
        with self.refused("Count together"):
            loan.with_user(self.archivist).action_return(11)
        loan.with_user(self.archivist).action_return(12)
        self.assertEqual(loan.state, "returned")
        self.assertFalse(loan.incident_ids)
        self.assertFalse(self.document.borrower_id)

    def test_one_person_does_not_count_for_both(self):
        loan = self.out(self.archivist)
        loan.with_user(self.archivist).action_return(12)
        loan.with_user(self.archivist).action_return(12)
        self.assertEqual(loan.state, "checking")
        loan.with_user(self.officer).action_return(12)
        self.assertEqual(loan.state, "returned")

    def test_missing_pages_open_an_incident(self):
        loan = self.out()
        loan.with_user(self.officer).action_return(10)
        loan.with_user(self.archivist).action_return(10)
        self.assertEqual(loan.incident_ids.kind, "pages")
        self.assertEqual(loan.incident_ids.answerable_id, self.officer)

    def test_overdue_opens_one_incident_and_reminds(self):
        loan = self.out()
        loan.sudo().date_due = self.days(-1)
        loans = self.env["property.document.loan"]
        self.assertIn(loan, loans.search([("is_overdue", "=", True)]))
        loans._run_daily(self.estate, self.today)
        loans._run_daily(self.estate, self.today)
        self.assertEqual(loan.incident_ids.mapped("kind"), ["overdue"])
        self.assertEqual(loan.activity_ids.user_id, self.officer)

    def test_lost_paper_is_missing_in_the_dossier_until_found(self):
        loan = self.out()
        loan.with_user(self.officer).action_report("lost", "Left in a taxi")
        self.assertEqual((loan.state, self.document.state), ("lost", "lost"))
        self.assertEqual(self.paper(self.lease).state, "missing")
        incident = loan.incident_ids.with_user(self.archivist)
        incident.remedy = "Ask the party for a copy"
        incident.action_decide()
        incident.action_found()
        self.assertEqual(self.document.state, "filed")

    def test_answerable_person_does_not_decide(self):
        loan = self.out(self.archivist)
        loan.with_user(self.archivist).action_report("damaged", "Coffee")
        incident = loan.incident_ids.with_user(self.archivist)
        loan.incident_ids.sudo().remedy = "Nothing"
        with self.refused("answer for"):
            incident.action_decide()

    def test_answerable_person_writes_no_decision(self):
        both = self.make_user("archivist", self.estate, login="answers")
        incident = (
            self.env["property.document.incident"]
            .with_user(self.archivist)
            .create(
                {
                    "document_id": self.document.id,
                    "answerable_id": both.id,
                    "description": "It fell into the sink.",
                }
            )
        )
        own = incident.with_user(both)
        for vals in ({"remedy": "Nothing"}, {"answerable_id": self.officer.id}):
            with self.subTest(vals), self.refused("Let somebody else decide"):
                own.write(vals)
        for user in (both, self.archivist):
            for vals in ({"state": "decided"}, {"decided_by_id": self.boss.id}):
                with self.subTest(vals, user=user.login), self.refused("with its buttons"):
                    incident.with_user(user).write(vals)
        incident.remedy = "Dry it"
        incident.action_decide()
        self.assertEqual((incident.state, incident.decided_by_id), ("decided", self.archivist))
        for step in ("action_close", "action_reopen"):
            with self.subTest(step), self.refused("Let somebody else decide"):
                getattr(own, step)()
        incident.action_close()
        self.assertEqual(incident.state, "closed")

    def test_incident_is_not_reported_as_decided(self):
        with self.refused("before it is decided"):
            self.env["property.document.incident"].with_user(self.archivist).create(
                {
                    "document_id": self.document.id,
                    "answerable_id": self.officer.id,
                    "description": "Lost",
                    "decided_by_id": self.archivist.id,
                }
            )

    def test_paper_that_is_not_in_its_place_is_not_handed_out(self):
        loan = self.borrow(self.officer)
        self.document.write({"state": "lost"})
        with self.refused("is Lost now"):
            loan.with_user(self.archivist).action_hand_out()
        self.assertEqual(loan.state, "ready")

    def test_manager_gives_more_time(self):
        loan = self.out()
        with self.assertRaises(AccessError):
            loan.with_user(self.officer).action_extend(self.days(5), "Hearing moved")
        loan.with_user(self.manager).action_extend(self.days(5), "Hearing moved")
        self.assertEqual(loan.date_due, self.days(5))
        self.assertEqual(loan.state, "out")

    def test_stranger_does_not_return_or_cancel(self):
        loan = self.borrow(self.officer)
        with self.assertRaises(AccessError):
            loan.with_user(self.engineer).action_cancel()
        loan.with_user(self.officer).action_cancel()
        self.assertEqual(loan.state, "cancelled")

    def test_report_lists_what_an_employee_holds(self):
        self.out()
        report = self.env["property.holding"].with_user(self.archivist).create({})
        self.assertEqual(report.line_ids.user_id, self.officer)
        report.user_id = self.engineer
        self.assertTrue(report.is_free)

    def test_held_paper_is_neither_void_nor_replaced(self):
        self.out()
        with self.refused("has to be returned"):
            self.document.action_void("Wrong")

    def test_paper_kept_as_a_file_is_not_lent(self):
        file_only = self.make_document(self.passport, form="file")
        with self.refused("cannot be borrowed"):
            self.borrow(self.officer, document=file_only)


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestLendingAtOnce(TransactionCase):
    """Two real transactions hand out one paper; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            build = type("Build", (PropertyBuilders,), {"env": env})
            estate = build.make_estate("2LD")
            building = build.make_building(estate)
            unit = build.make_unit(building, "2-9")
            party = build.make_partner("At Once Lending Ltd")
            occupancy = build.make_occupancy(unit, party)
            kind = env["property.document.type"].create({"name": "2LD", "code": "2LD"})
            document = env["property.document"].create(
                {"type_id": kind.id, "occupancy_id": occupancy.id}
            )
            loans = env["property.document.loan"]
            today = estate._today()
            rule = env["property.approval.rule"].search([("model", "=", loans._name)])
            rule.active = False
            pair = loans._borrow(document, "look", "One", today)
            pair |= loans._borrow(document, "look", "Two", today)
            # the gate is asked again when the paper goes out
            self.rules = rule
            self.loans, self.document = pair.ids, document.id
            self.rest = [occupancy, unit, building, estate, party, kind]
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.rules.with_env(env).active = True
            # numbered things are never deleted: only what this test has committed
            cr.execute(SQL("DELETE FROM property_document_loan WHERE id IN %s", tuple(self.loans)))
            cr.execute(SQL("DELETE FROM property_document WHERE id = %s", self.document))
            cr.execute(SQL("DELETE FROM property_counter WHERE estate_id = %s", self.rest[3].id))
            for records in self.rest:
                records.with_env(env).unlink()

    def transaction(self):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        # the snapshot is taken here; who waits for a lock must fail, not hang
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        cursor.execute("SELECT 1")
        return api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    @mute_logger("odoo.sql_db")
    def test_one_of_two_transactions_hands_the_paper_out(self):
        first, second = self.transaction(), self.transaction()
        for env in (first, second):
            loan = env["property.document.loan"].browse(self.loans[env is second])
            self.assertEqual(loan.state, "ready")
        first["property.document.loan"].browse(self.loans[0]).action_hand_out()
        first.cr.commit()
        with self.assertRaises(PsycopgError):
            second["property.document.loan"].browse(self.loans[1]).action_hand_out()
            second.flush_all()
        second.cr.rollback()
        out = self.transaction()["property.document.loan"].search(
            [("document_id", "=", self.document), ("is_held", "=", True)]
        )
        self.assertEqual(out.ids, [self.loans[0]])
