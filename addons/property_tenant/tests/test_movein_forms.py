import base64

from psycopg2 import errors

from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .movein_common import MoveInCase

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfD"
    b"wAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestMoveInForms(MoveInCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["property.form"].create(
            {
                "name": "Fire Letter",
                "body": "<p>{{party}} answers for {{unit}} ({{area}} m²). No {{number}}</p>",
                "needed_to_move_in": True,
                "sign_company": True,
            }
        )
        cls.notice = cls.env["property.form"].create(
            {"name": "Notice", "body": "<p>Come to {{place}}</p>", "sign_party": False}
        )
        cls.agreements = cls.make_step("Agreements", cls.service, proof="agreements")

    def setUp(self):
        super().setUp()
        self.lease.with_user(self.desk).action_start_move_in()

    def issue(self, form=None):
        return (
            self.env["property.form.issue"]
            .with_user(self.desk)
            ._issue(self.lease.with_user(self.desk), form or self.form)
        )

    def sign_all(self, issue, user=None):
        for role in issue._signature_missing():
            issue.with_user(user or self.desk)._sign(role, "Tom Tenant", PIXEL)

    def test_a_text_with_unknown_places_is_refused_by_name(self):
        with self.refused("{{rent}}", ValidationError):
            self.form.body = "<p>{{rent}}</p>"
        with self.refused("{{object.env}}", ValidationError):
            self.form.with_user(self.manager).body = "<p>{{object.env}}</p>"

    def test_only_managers_write_texts(self):
        for user in (self.desk, self.sales, self.engineer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.form.with_user(user).body = "<p>x</p>"
        self.form.with_user(self.manager).body = "<p>{{unit}}</p>"
        self.assertEqual(self.form.version, 2)

    def test_scripts_do_not_get_into_a_text(self):
        self.form.with_user(self.manager).body = "<p onclick='x()'>a<script>x()</script></p>"
        self.assertNotIn("script", self.form.body)
        self.assertNotIn("onclick", self.form.body)

    def test_an_issued_paper_is_numbered_filled_and_frozen(self):
        issue = self.issue()
        year = issue.date_issued.year
        self.assertEqual(issue.number, f"HP-FM{year}-00001")
        self.assertIn("Tenant Trading Ltd answers for A-101 (100 m²)", issue.body)
        self.assertIn(issue.number, issue.body)
        self.form.body = "<p>Something else</p>"
        self.assertIn("Tenant Trading Ltd", issue.body)
        self.assertEqual((issue.form_version, self.form.version), (1, 2))
        self.assertEqual(self.issue(self.notice).number, f"HP-FM{year}-00002")

    def test_numbers_have_no_gaps_when_something_fails(self):
        first = self.issue()
        savepoint = self.env.cr.savepoint()
        self.issue(self.notice)
        savepoint.rollback()
        savepoint.close(rollback=False)
        self.env.invalidate_all()
        self.assertEqual(int(self.issue(self.notice).number[-5:]), int(first.number[-5:]) + 1)

    def test_papers_are_not_written_by_whatever_way(self):
        issue = self.issue()
        for user in (self.desk, self.manager):
            papers = self.env(user=user)["property.form.issue"]
            for method, args in (
                ("write", [issue.ids, {"body": "x"}]),
                ("write", [issue.ids, {"state": "signed"}]),
                ("create", [{"number": "X", "title": "X", "form_id": self.form.id}]),
                ("unlink", [issue.ids]),
            ):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    call_kw(papers, method, args, {})
        with self.refused("stays on record"):
            issue.sudo().unlink()

    def test_signing_all_papers_proves_the_agreements(self):
        step = self.step(self.agreements)
        self.assertIn("Fire Letter", step.obstacle)
        self.lease.with_user(self.desk).action_issue_forms()
        self.assertEqual(self.lease.form_issue_ids.form_id, self.form + self.notice)
        issue = self.lease.form_issue_ids.filtered(lambda row: row.form_id == self.form)
        self.sign_all(issue)
        self.assertEqual((issue.state, step.state), ("signed", "done"))
        self.assertTrue(issue.date_signed)

    def test_a_refused_signature_signs_nothing(self):
        issue = self.issue()
        issue.with_user(self.desk)._sign("company", "Dora", PIXEL)
        issue.with_user(self.desk)._sign("party", "Tom", False, "does not agree")
        self.assertEqual(issue.state, "issued")
        self.assertEqual(self.step(self.agreements).status, "open")

    def test_who_may_not_work_on_the_occupancy_takes_no_signature(self):
        issue = self.issue()
        with self.assertRaises(AccessError):
            issue.with_user(self.engineer)._sign("party", "Tom", PIXEL)
        with self.assertRaises(AccessError):
            issue.with_user(self.engineer).action_void("no")

    def test_a_paper_is_void_with_a_reason_and_issued_anew(self):
        issue = self.issue()
        with self.refused("is issued for"):
            self.issue()
        with self.refused("Say why"):
            issue.with_user(self.desk).action_void()
        wizard = self.env["property.form.void"].with_user(self.desk)
        Form(wizard.with_context(default_issue_ids=issue.ids))
        issue.with_user(self.desk).action_void("Wrong name.")
        again = self.issue()
        self.assertEqual((issue.state, again.state), ("void", "issued"))
        with self.refused("is void"):
            issue.with_user(self.desk)._sign("party", "Tom", PIXEL)

    def test_a_notice_is_issued_as_often_as_wanted(self):
        first = self.issue(self.notice)
        second = self.issue(self.notice)
        self.assertEqual((first.state, second.state), ("void", "issued"))

    @mute_logger("odoo.sql_db")
    def test_the_database_holds_one_paper_of_a_form_in_force(self):
        issue = self.issue()
        with self.assertRaises(errors.UniqueViolation), self.env.cr.savepoint():
            issue.sudo().copy({"number": "X-1"})
            self.env.flush_all()

    def test_forms_are_for_their_kind_and_for_who_has_a_parking_space(self):
        parking = self.env["property.form"].create(
            {"name": "Parking", "body": "<p>{{parking}}</p>", "with_parking": True}
        )
        self.notice.kind = "owner"
        found = self.lease._get_forms([])[self.lease.id]
        self.assertEqual(found, self.form)
        space = self.make_unit(self.building, "P-1", usage="parking")
        self.make_occupancy(space, self.tenant)
        self.assertEqual(self.lease._get_forms([])[self.lease.id], self.form + parking)
        self.assertIn("P-1", self.issue(parking).body)

    def test_the_preview_shows_the_filled_text_and_issues_it(self):
        action = self.form.with_user(self.desk).action_preview()
        wizard = Form(
            self.env["property.form.preview"].with_user(self.desk).with_context(**action["context"])
        )
        wizard.occupancy_id = self.lease
        self.assertIn("Tenant Trading Ltd answers", wizard.body)
        window = wizard.save()
        result = window.action_issue()
        issue = self.env["property.form.issue"].browse(result["res_id"])
        self.assertEqual(issue.occupancy_id, self.lease)

    def test_the_paper_prints(self):
        issue = self.issue()
        issue.with_user(self.desk)._sign("party", "Tom", PIXEL)
        html, __ = self.env["ir.actions.report"]._render_qweb_html(
            "property_tenant.report_form_issue", issue.ids
        )
        text = html.decode()
        for told in (issue.number, "Tenant Trading Ltd answers", "Fire Letter"):
            self.assertIn(told, text)
        self.assertIn(base64.b64encode(base64.b64decode(PIXEL)).decode()[:20], text)

    def test_a_shipped_text_is_set_back_in_all_languages(self):
        form = self.env.ref("property_tenant.form_notice").with_user(self.manager)
        texts = form._get_texts()
        form.write({"name": "Come!", "body": "<p>{{unit}}</p>", "sequence": 77})
        form.with_context(lang="zh_CN").write({"name": "来", "body": "<p>来 {{unit}}</p>"})
        version = form.version
        form.action_reset_text()
        self.assertEqual(form._get_texts(), texts)
        self.assertEqual((form.version, form.sequence), (version + 1, 77))
        form.action_reset_text()
        self.assertEqual(form.version, version + 1)

    def test_only_managers_set_texts_back_and_only_shipped_ones(self):
        form = self.env.ref("property_tenant.form_notice")
        with self.assertRaises(AccessError):
            form.with_user(self.desk).action_reset_text()
        with self.refused("Fire Letter was written here"):
            self.form.with_user(self.manager).action_reset_text()

    def test_what_can_be_filled_in_is_said_with_an_example(self):
        text = self.form.with_user(self.manager).places_text
        self.assertIn("{{appointment}}", text)
        self.assertIn("Date and time of the move-in", text)
        self.assertIn("Tenant Trading Ltd", text)

    def test_shipped_texts_know_all_their_places(self):
        forms = self.env["property.form"].with_context(active_test=False)
        shipped = forms.search([]) - self.form - self.notice
        self.assertGreaterEqual(len(shipped), 10)
        shipped._check_places()
        for form in shipped:
            title, body = form._fill(self.lease, "N-1")
            with self.subTest(form=title):
                self.assertNotIn("{{", body)
                self.assertGreater(len(body), 600)

    def test_void_paper_is_not_in_force_in_the_dossier_either(self):
        kind = self.env["property.document.type"].create(
            {"name": "Agreement", "code": "agreement_x"}
        )
        self.form.document_type_id = kind
        issue = self.issue()
        self.sign_all(issue)
        self.assertEqual(issue.document_id.state, "filed")
        issue.with_user(self.desk).action_void("Wrong name")
        self.assertEqual(issue.document_id.state, "void")
        self.assertEqual(issue.document_id.void_reason, "Wrong name")

    def test_numbers_have_no_gap_when_a_paper_cannot_be_made(self):
        year = self.estate._today().year
        first = self.issue(self.notice)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.issue(self.form)
            raise ZeroDivisionError
        self.assertEqual(first.number, f"HP-FM{year}-00001")
        self.assertEqual(self.issue(self.form).number, f"HP-FM{year}-00002")
        with self.refused("keeps its number"):
            first.sudo().number = "HP-FM1"
        with self.refused("stays on record"):
            first.sudo().unlink()
