"""The whole dossier as one file: cover, contents, page numbers; logged, own papers only."""

import io
import zipfile

from openpyxl import load_workbook
from PIL import Image
from reportlab.pdfgen import canvas

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from ..calc.dossier_file import image_page, number_sheet, plain_cell, safe_name
from .dossier_common import DossierCase
from .items_common import DRAWN


def make_pdf(*texts):
    output = io.BytesIO()
    sheet = canvas.Canvas(output)
    for text in texts:
        sheet.drawString(100, 400, text)
        sheet.showPage()
    sheet.save()
    return output.getvalue()


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestDossierExport(DossierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "force_report_rendering": True})
        cls.make_document(
            cls.lease,
            attachment_ids=[
                Command.set(
                    cls.make_file(name="lease.pdf", raw=make_pdf("first page", "second page")).ids
                )
            ],
        )
        cls.make_document(
            cls.licence,
            date_expiry=cls.days(100),
            attachment_ids=[
                Command.set(
                    (cls.make_file() | cls.make_file(name="notes.txt", raw=b"plain notes")).ids
                )
            ],
        )
        cls.secret = cls.make_document(
            cls.passport,
            attachment_ids=[
                Command.set(cls.make_file(name="secret.pdf", raw=make_pdf("secret page")).ids)
            ],
        )

    def export(self, user, kind="pdf", purpose="Law suit"):
        occupancy = self.occupancy.with_user(user).with_context(force_report_rendering=True)
        exports = occupancy.env["property.dossier.export"]
        action = exports._export(occupancy, kind, purpose)
        log = self.env["property.dossier.export"].search([], limit=1)
        file = self.env["property.work.file"].sudo().search([], order="id desc", limit=1)
        return action, log, file

    def test_one_pdf_with_cover_contents_and_page_numbers(self):
        action, log, file = self.export(self.archivist)
        self.assertEqual(action["type"], "ir.actions.act_url")
        pages = PdfReader(io.BytesIO(file._get_content()), strict=False).pages
        texts = [page.extract_text() for page in pages]
        self.assertEqual(len(pages), 6)
        self.assertIn("Occupant Dossier", texts[0])
        self.assertIn("Law suit", texts[0])
        self.assertIn("Contents of the Dossier", texts[1])
        self.assertIn("notes.txt", texts[1], "what is no page is listed")
        self.assertIn("first page", texts[2])
        self.assertIn("3 / 6", texts[2])
        self.assertEqual((log.user_id, log.pages, log.is_done), (self.archivist, 6, True))
        self.assertEqual(log.purpose, "Law suit")

    def test_zip_has_the_files_and_an_index(self):
        __, __, file = self.export(self.archivist, "zip")
        archive = zipfile.ZipFile(io.BytesIO(file._get_content()))
        names = archive.namelist()
        self.assertEqual(len(names), 5)
        sheet = load_workbook(io.BytesIO(archive.read("index.xlsx"))).active
        listed = {name for row in sheet.iter_rows(min_row=2) for name in row[9].value.split(", ")}
        self.assertEqual(listed, set(names) - {"index.xlsx"})

    def fill_with_prints(self):
        """An issued form that is not filed, a signed inspection, keys handed out."""
        form = self.env["property.form"].create(
            {"name": "Welcome Letter", "body": "<p>Dear {{party}}</p>", "sign_party": False}
        )
        issue = self.env["property.form.issue"]._issue(self.occupancy, form)
        template = self.env["property.inspection.template"].create(
            {
                "name": "Handover Round",
                "kind": "handover",
                "point_ids": [Command.create({"section": "Door", "name": "Lock"})],
                "signer_ids": [Command.create({"party": "occupant", "is_required": True})],
            }
        )
        inspection = self.env["property.inspection"].create(
            {
                "template_id": template.id,
                "estate_id": self.estate.id,
                "unit_id": self.unit.id,
                "occupancy_id": self.occupancy.id,
            }
        )
        inspection.action_start()
        inspection.line_ids.write({"result": "ok"})
        inspection.action_finish()
        for role in inspection._signature_missing():
            inspection._sign(role, "Tom Tenant", DRAWN)
        kind = self.env["property.item.kind"].create({"name": "Key", "category": "key"})
        key = self.env["property.item"].create(
            {"kind_id": kind.id, "estate_id": self.estate.id, "quantity": 3}
        )
        slip = self.env["property.item.slip"].create(
            {
                "estate_id": self.estate.id,
                "occupancy_id": self.occupancy.id,
                "loan_ids": [Command.create({"item_id": key.id, "quantity": 2})],
            }
        )
        slip.action_hand_out()
        return issue, inspection, slip

    def test_what_the_blocks_print_is_in_the_dossier(self):
        issue, inspection, slip = self.fill_with_prints()
        __, log, file = self.export(self.archivist)
        pages = PdfReader(io.BytesIO(file._get_content()), strict=False).pages
        texts = [page.extract_text() for page in pages]
        self.assertEqual(log.document_count, 6)
        for record, words in (
            (issue, "Dear"),
            (inspection, "Handover Round"),
            (slip, "Key Receipt"),
        ):
            with self.subTest(words):
                self.assertIn(record.number, texts[1])
                self.assertTrue([text for text in texts[2:] if words in text])
        self.assertIn("Move-In Papers", texts[1])
        __, __, file = self.export(self.archivist, "zip")
        names = zipfile.ZipFile(io.BytesIO(file._get_content())).namelist()
        self.assertTrue([name for name in names if name.startswith(slip.number)])

    def test_contents_are_in_time_order_under_their_kind(self):
        letter = self.make_type("letter_x", name="Letter", category="correspondence")
        self.make_document(letter, date_received="2010-01-01")
        self.make_document(self.passport, date_received="2012-01-01")
        entries = self.env["property.dossier.export"]._get_whole(self.occupancy)
        kinds = [entry["category"] for entry in entries]
        self.assertEqual(kinds, sorted(kinds, key=["move_in", "correspondence"].index))
        days = [entry["date"] for entry in entries if entry["category"] == "move_in"]
        self.assertEqual(days, sorted(days))
        self.assertEqual(len([entry for entry in entries if entry["heading"]]), 2)

    def test_filed_form_is_not_printed_again(self):
        form = self.env["property.form"].create(
            {"name": "Agreement", "body": "<p>x</p>", "document_type_id": self.lease.id}
        )
        issue = self.env["property.form.issue"]._issue(self.occupancy, form)
        issue._sign("party", "Tom Tenant", DRAWN)
        self.assertTrue(issue.document_id)
        entries = self.env["property.dossier.export"]._get_whole(self.occupancy)
        self.assertFalse([entry for entry in entries if entry.get("print")])

    def test_paper_for_others_is_left_out(self):
        # a lawyer sees private data, other roles' papers not
        self.passport.group_ids = self.env.ref("property_tenant.group_accountant")
        lawyer = self.make_user("legal", self.estate)
        __, log, file = self.export(lawyer)
        text = "".join(
            page.extract_text()
            for page in PdfReader(io.BytesIO(file._get_content()), strict=False).pages
        )
        self.assertNotIn("secret page", text)
        self.assertEqual(log.document_count, 2)

    def test_who_may_not_is_refused_and_without_purpose_nobody(self):
        for user in (self.desk, self.engineer, self.controller):
            with self.assertRaises(AccessError):
                self.export(user)
        with self.refused("Say what"):
            self.export(self.archivist, purpose="  ")

    def test_log_is_not_changed(self):
        __, log, __ = self.export(self.archivist, "zip")
        with self.assertRaises(UserError):
            log.with_user(self.archivist).purpose = "Other"
        for change in (lambda: log.write({"purpose": "Other"}), log.unlink):
            with self.assertRaises(UserError):
                change()

    def test_file_is_for_who_asked_only(self):
        __, __, file = self.export(self.archivist, "zip")
        self.assertTrue(file.with_user(self.archivist).name)
        with self.assertRaises(AccessError):
            file.with_user(self.officer).read(["content"])

    def test_broken_scan_does_not_stop_the_dossier(self):
        kind = self.make_type("broken_x")
        self.make_document(
            kind,
            attachment_ids=[
                Command.set(self.make_file(name="broken.pdf", raw=b"%PDF-1.4 rubbish").ids)
            ],
        )
        __, __, file = self.export(self.archivist)
        pages = PdfReader(io.BytesIO(file._get_content()), strict=False).pages
        self.assertIn("broken.pdf", pages[1].extract_text())

    def test_large_dossier_is_made_in_the_background(self):
        self.env.company.pm_export_inline = 0
        action, log, __ = self.export(self.archivist)
        self.assertEqual(action["tag"], "display_notification")
        self.assertFalse(log.is_done)
        work = self.env["property.work"].search([], limit=1)
        self.assertEqual(work.user_id, self.archivist)

    def test_forms_are_printed(self):
        loan = self.env["property.document.loan"]._borrow(
            self.env["property.document"].search([("type_id", "=", self.lease.id)]),
            "look",
            "Call",
            self.days(1),
        )
        entry = self.env["property.dossier.entry"].create(
            {"estate_id": self.estate.id, "visitor": "Mr Auditor", "purpose": "Audit"}
        )
        report = self.env["ir.actions.report"]
        for name, record, title in (
            ("report_document_register", self.secret, "Document Register"),
            ("report_document_loan", loan, "Document Loan Slip"),
            ("report_dossier_entry", entry, "Archive and Control Room Entry Log"),
            ("report_dossier", self.occupancy, "Contents of the Dossier"),
        ):
            with self.subTest(name=name):
                html, __ = report._render_qweb_html(f"property_tenant.{name}", record.ids)
                self.assertIn(title, html.decode())
                self.assertIn(
                    record.number if "number" in record._fields else "A-101", html.decode()
                )

    def test_forms_are_printed_in_chinese_with_their_data(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.tenant.lang = "zh_CN"
        document = self.env["property.document"].search([("type_id", "=", self.lease.id)])
        loan = self.env["property.document.loan"]._borrow(document, "look", "核对", self.days(1))
        entry = self.env["property.dossier.entry"].create(
            {"estate_id": self.estate.id, "visitor": "王审计", "purpose": "审计"}
        )
        report = self.env["ir.actions.report"].with_context(lang="zh_CN")
        for name, record, words in (
            ("report_document_register", document, ("文件登记表", document.number, "A-101")),
            ("report_document_loan", loan, ("档案借阅登记表", loan.number, "核对")),
            ("report_dossier_entry", entry, ("出入登记表", entry.number, "王审计")),
            ("report_dossier", self.occupancy, ("业户档案", "业户档案目录", document.number)),
            ("report_occupancy_department_notice", self.occupancy, ("内部联络单", "A-101")),
        ):
            with self.subTest(name=name):
                report_name = f"property_tenant.{name}"
                html, __ = report._render_qweb_html(report_name, record.ids)
                pdf, kind = report._render_qweb_pdf(report_name, record.ids)
                self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))
                for word in words:
                    self.assertIn(word, html.decode())


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestDossierFile(DossierCase):
    def test_images_of_every_kind_become_a_page(self):
        for mode, size in (("RGB", (3000, 100)), ("RGBA", (20, 30)), ("P", (5, 5)), ("1", (9, 2))):
            with self.subTest(mode=mode):
                content = io.BytesIO()
                Image.new(mode, size).save(content, "PNG")
                pages = PdfReader(io.BytesIO(image_page(content.getvalue()))).pages
                self.assertEqual(len(pages), 1)

    def test_number_is_laid_over_turned_pages(self):
        for turned in (0, 90, 180, 270, 45):
            page = PdfReader(io.BytesIO(number_sheet(500, 700, turned, "3 / 9"))).pages[0]
            self.assertIn("3 / 9", page.extract_text())

    def test_names_and_cells_are_harmless(self):
        self.assertEqual(safe_name("../A:B|C"), "_A_B_C")
        self.assertEqual(safe_name("  "), "dossier")
        self.assertEqual(plain_cell("=1+1"), "'=1+1")
        self.assertEqual(plain_cell(7), 7)
