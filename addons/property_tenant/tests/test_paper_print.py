import io
import re
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.pdf import PdfReader, PdfWriter

from odoo.addons.base.models.ir_actions_report import IrActionsReport
from odoo.addons.queue_job.tests.common import trap_jobs

from .movein_common import MoveInCase

SHEET = "property_tenant.action_report_occupancy_movein_sheet"


@tagged("post_install", "-at_install")
class TestPaperPrint(MoveInCase):
    """A notice, an agreement and the procedure sheet for the tenants of three units."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.form"].search([]).active = False
        forms = cls.env["property.form"]
        cls.notice = forms.create(
            {
                "name": "Notice",
                "body": "<p>{{party}}, {{unit}}: come to {{place}}</p>",
                "sign_party": False,
            }
        )
        cls.agreement = forms.create(
            {"name": "Agreement", "body": "<p>{{unit}}</p>", "needed_to_move_in": True}
        )
        cls.sheet = cls.env.ref(SHEET)
        cls.tenant.email = "tenant@example.com"
        cls.third = cls.make_occupancy(
            cls.unit_3, cls.make_partner("Third Ltd", email="third@example.com")
        )
        cls.second = cls.make_occupancy(cls.unit_2, cls.make_partner("Second Ltd"))
        cls.all = cls.third | cls.lease | cls.second
        cls.all.with_user(cls.desk).action_start_move_in()
        cls.company = cls.env.company

    def setUp(self):
        super().setUp()
        self.printed = []

        def run(_report, bodies, **_options):
            # what would be printed, without the time that it takes
            bodies = [str(body) for body in bodies]
            self.printed.append(bodies)
            writer = PdfWriter()
            for __ in bodies:
                writer.add_blank_page(width=210, height=297)
            return _bytes(writer)

        self.startPatcher(patch.object(IrActionsReport, "_run_wkhtmltopdf", run))

    def window(self, occupancies=None, user=None, **values):
        return (
            self.env["property.paper.print"]
            .with_user(user or self.desk)
            .create({"occupancy_ids": (occupancies or self.all).ids, **values})
        )

    def units(self, bodies):
        """Codes of the units on the pages, in their order."""
        return [
            re.search(r"A-\d{3}", re.sub(r"<style.*?</style>", "", body, flags=re.S))[0]
            for body in bodies
        ]

    def work(self):
        return self.env["property.work"].search([], limit=1)

    # --- which papers ----------------------------------------------------------

    def test_the_choice_names_the_papers(self):
        window = self.window()
        self.assertEqual((window.form_ids, window.report_ids), (self.notice, self.sheet))
        with Form(window) as form:
            form.choice = "agreements"
        self.assertEqual(window.form_ids, self.agreement)
        self.assertFalse(window.report_ids)
        window.choice = "registration"
        self.assertFalse(window.form_ids)
        self.assertEqual(len(window.report_ids), 4)

    def test_the_buttons_open_the_window(self):
        action = self.lease.with_user(self.desk).action_open_print()
        form = Form(
            self.env[action["res_model"]].with_user(self.desk).with_context(**action["context"])
        )
        self.assertEqual(form.save().occupancy_ids, self.lease)

    # --- printing --------------------------------------------------------------

    def test_few_are_printed_at_once_in_the_order_of_the_units(self):
        action = self.window().action_print()
        self.assertEqual(action["type"], "ir.actions.act_url")
        [bodies] = self.printed
        self.assertEqual(self.units(bodies), ["A-101"] * 2 + ["A-102"] * 2 + ["A-201"] * 2)
        self.assertIn("Notice", bodies[0])
        self.assertIn("Move-In Procedure Sheet", bodies[1])
        self.assertEqual(self.all.form_issue_ids.form_id, self.notice)

    def test_a_lease_of_several_units_is_printed_once(self):
        self.second.lead_id = self.lease
        self.second.step_ids.unlink()
        self.window(
            self.lease | self.second, choice="own", report_ids=self.sheet.ids
        ).action_print()
        self.assertEqual(len(self.printed[0]), 1)

    def test_many_are_printed_in_parts_as_one_file(self):
        self.company.write({"pm_paper_inline": 0, "pm_paper_part": 2})
        with trap_jobs() as jobs:
            action = self.window().action_print()
            self.assertEqual(action["tag"], "display_notification")
            while jobs.enqueued_jobs:
                jobs.perform_enqueued_jobs()
        work = self.work()
        self.assertEqual((work.state, work.total, work.done), ("done", 3, 3))
        self.assertEqual(
            [self.units(bodies) for bodies in self.printed],
            [["A-101"] * 2, ["A-102"] * 2, ["A-201"] * 2],
        )
        self.assertIn("6 papers", work.message)
        file = work.sudo().file_ids
        self.assertTrue(file.is_result)
        self.assertEqual(_pages(file._get_content()), 6)
        self.assertEqual(
            work.with_user(self.desk).action_open_result()["type"], "ir.actions.act_url"
        )

    def test_printing_is_cancelled_between_parts_and_gone_on_with(self):
        self.company.write({"pm_paper_inline": 0, "pm_paper_part": 2})
        with trap_jobs() as jobs:
            self.window().action_print()
            jobs.perform_enqueued_jobs()
            jobs.perform_enqueued_jobs()
            work = self.work().with_user(self.desk)
            self.assertEqual(work.done, 1)
            work.action_cancel()
            while jobs.enqueued_jobs:
                jobs.perform_enqueued_jobs()
            self.assertEqual((work.state, len(self.printed)), ("cancelled", 1))
            self.assertFalse(work.has_result)
            work.action_continue()
            while jobs.enqueued_jobs:
                jobs.perform_enqueued_jobs()
        self.assertEqual((work.state, len(self.printed)), ("done", 3))
        self.assertEqual(_pages(work.sudo().file_ids._get_content()), 6)

    def test_what_was_issued_is_printed_as_it_is(self):
        first = self.env["property.form.issue"]._issue(self.lease, self.notice)
        self.window(self.lease).action_print()
        self.assertEqual(self.lease.form_issue_ids, first)
        self.assertIn(first.number, self.printed[0][0])

    def test_notices_are_issued_anew_when_asked_agreements_never(self):
        papers = self.env["property.form.issue"]._issue(self.lease, self.notice + self.agreement)
        self.window(
            self.lease, choice="own", form_ids=(self.notice + self.agreement).ids, anew=True
        ).action_print()
        live = self.lease.form_issue_ids.filtered(lambda row: row.state != "void")
        self.assertEqual(live & papers, papers.filtered(lambda row: row.form_id == self.agreement))
        self.assertEqual(len(live), 2)

    def test_forms_that_are_for_others_are_left_out(self):
        self.notice.kind = "owner"
        window = self.window(choice="own", form_ids=self.notice.ids, report_ids=[])
        with self.refused("None of the papers is for"):
            window.action_print()
        with self.refused("None of the papers is for"):
            window.action_preview()
        with self.refused("None of the papers is for"):
            self.window(
                self.lease, choice="own", form_ids=self.notice.ids, report_ids=[]
            ).action_send()

    def test_nothing_chosen_is_refused(self):
        with self.refused("Choose the papers"):
            self.window(choice="own", form_ids=[], report_ids=[]).action_print()

    def test_who_may_not_work_on_the_occupancy_prints_no_forms(self):
        with self.assertRaises(AccessError):
            self.window(user=self.engineer)
        elsewhere = self.make_user("front_desk", self.make_estate("LP"), login="paper_elsewhere")
        window = self.window(self.lease)
        # for them, the occupancy does not exist
        with self.assertRaises(UserError):
            self.window(self.lease, user=elsewhere).action_print()
        with self.assertRaises(UserError):
            window.with_user(elsewhere).action_print()
        self.assertFalse(self.lease.form_issue_ids)

    def test_other_reports_are_not_printed_this_way(self):
        report = self.env.ref("property_tenant.action_report_dossier")
        with self.refused("Choose the papers"):
            self.window(choice="own", form_ids=[], report_ids=report.ids).action_print()

    def test_queries_do_not_grow_with_the_sheets(self):
        units = self.env["property.unit"].create(
            [{"code": f"A-3{n:02}", "building_id": self.building.id} for n in range(20)]
        )
        many = self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": self.make_partner(f"Party {unit.code}").id,
                    "kind": "tenant",
                    "date_start": "2024-01-01",
                }
                for unit in units
            ]
        )
        many.action_start_move_in()

        def queries(occupancies):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            occupancies._make_pdf(
                [
                    page
                    for pages in occupancies._get_paper_pages(
                        self.notice,
                        self.sheet,
                        {occ.id: self.env["property.form.issue"] for occ in occupancies},
                    ).values()
                    for page in pages
                ]
            )
            return self.env.cr.sql_log_count - before

        queries(many[:2])
        few, lot = queries(many[:2]), queries(many)
        self.assertLess(lot - few, 18, "less than one query a sheet")

    def test_sheets_for_staff_are_in_the_language_of_who_prints(self):
        self.tenant.lang = "zh_CN"
        reports = self.sheet | self.env.ref(
            "property_tenant.action_report_occupancy_department_notice"
        )
        pages = self.lease.with_context(lang="en_US")._get_paper_pages(
            self.env["property.form"], reports
        )[self.lease.id]
        self.assertEqual([page["lang"] for page in pages], ["zh_CN", "en_US"])

    # --- looking and mailing ------------------------------------------------------

    def test_a_look_issues_nothing(self):
        window = self.window()
        action = window.action_preview()
        self.assertEqual(action["res_id"], window.id)
        self.assertTrue(window.preview)
        self.assertIn("A-101", window.preview_title)
        self.assertIn("not issued yet", self.printed[0][0])
        self.assertIn("Tenant Trading Ltd", self.printed[0][0])
        self.assertFalse(self.all.form_issue_ids)

    def test_papers_are_mailed_in_the_language_of_the_party_and_logged(self):
        self.lease.with_user(self.desk)._offer_appointment(
            fields.Datetime.add(fields.Datetime.now(), days=5), "Lobby", "Passport"
        )
        self.tenant.lang = "zh_CN"
        self.env.ref("property_tenant.mail_template_papers_enclosed").with_context(
            lang="zh_CN"
        ).subject = "入伙资料 {{ object.unit_id.code }}"
        action = self.window(self.lease).action_send()
        self.assertEqual(action["res_model"], "mail.compose.message")
        composer = Form(
            self.env["mail.compose.message"].with_user(self.desk).with_context(**action["context"])
        ).save()
        self.assertEqual(composer.partner_ids, self.tenant)
        self.assertEqual(composer.attachment_ids.mapped("mimetype"), ["application/pdf"])
        composer._action_send_mail()
        message = self.lease.message_ids[:1]
        self.assertEqual(message.subject, "入伙资料 A-101")
        self.assertEqual(message.attachment_ids.res_model, "property.occupancy")
        for word in ("Lobby", "Passport"):
            self.assertIn(word, message.body)
        self.assertEqual(self.lease.form_issue_ids.form_id, self.notice)

    def test_an_issued_paper_is_mailed(self):
        issue = self.env["property.form.issue"]._issue(self.lease, self.agreement)
        action = issue.with_user(self.desk).action_send()
        self.assertEqual(action["context"]["default_res_ids"], self.lease.ids)
        self.assertIn(issue.number, self.printed[0][0])
        other = self.env["property.form.issue"]._issue(self.second, self.agreement)
        with self.refused("papers of one occupancy"):
            (issue | other).with_user(self.desk).action_send()
        with self.refused("has no e-mail address"):
            other.with_user(self.desk).action_send()
        issue._void("Wrong")
        with self.refused("is void"):
            issue.with_user(self.desk).action_send()
        with self.assertRaises(AccessError):
            other.with_user(self.engineer).action_send()

    def test_many_are_mailed_in_the_background_and_who_has_no_address_is_named(self):
        self.company.write({"pm_paper_inline": 0})
        with trap_jobs() as jobs:
            self.window().action_send()
            while jobs.enqueued_jobs:
                jobs.perform_enqueued_jobs()
        work = self.work()
        self.assertEqual(work.state, "done")
        self.assertIn("2 parties", work.message)
        self.assertIn("A-102", work.message)
        for occupancy in (self.lease, self.third):
            message = occupancy.message_ids[:1]
            self.assertEqual(message.partner_ids, occupancy.partner_id)
            self.assertEqual(len(message.attachment_ids), 1)
        self.assertFalse(self.second.form_issue_ids)

    def test_offering_a_date_leads_to_the_notice(self):
        window = (
            self.env["property.occupancy.appointment.offer"]
            .with_user(self.desk)
            .create({"occupancy_id": self.lease.id, "place": "Lobby"})
        )
        action = window.action_offer_and_send()
        self.assertEqual(action["res_model"], "property.paper.print")
        self.assertEqual(self.lease.appointment_id.place, "Lobby")

    # --- numbers and codes ---------------------------------------------------------

    def test_the_code_leads_to_the_occupancy_and_names_nobody(self):
        url = self.lease._get_paper_url()
        self.assertTrue(url.endswith(f"/odoo/occupancies/{self.lease.id}"))
        self.window(self.lease, choice="own", report_ids=self.sheet.ids).action_print()
        page = self.printed[0][0]
        self.assertIn(self.lease._get_paper_number(), page)
        self.assertEqual(page.count("data:image/png"), 1)


def _bytes(writer):
    with io.BytesIO() as file:
        writer.write(file)
        return file.getvalue()


def _pages(content):
    return len(PdfReader(io.BytesIO(content), strict=False).pages)
