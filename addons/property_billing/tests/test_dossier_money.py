"""Bills and letters are part of the exported dossier, for who may read them."""

import io

from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from odoo.addons.property_tenant.tests.test_dossier_export import make_pdf

from .test_letter import LetterCase


@tagged("post_install", "-at_install")
class TestDossierOfMoney(LetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.occupancy = cls.env["property.occupancy"].search(
            [("unit_id", "=", cls.unit.id), ("kind", "=", "tenant")], limit=1
        )

    def entries(self, user):
        exports = self.env["property.dossier.export"].with_user(user)
        return exports._get_whole(self.occupancy.with_user(user))

    def test_who_may_read_them_has_them_in_the_contents(self):
        letter = self.of(self.deliver(), self.tenant)
        numbers = {entry["number"] for entry in self.entries(self.make_user("legal", self.estate))}
        self.assertLessEqual({letter.number, letter.move_ids.name}, numbers)
        self.assertFalse(self.entries(self.make_user("archivist", self.estate)))

    def test_kept_papers_are_pages_of_the_file(self):
        letter = self.of(self.deliver(), self.tenant)
        for record, field in ((letter, "pdf"), (letter.move_ids, "invoice_pdf_report_file")):
            self.env["ir.attachment"].sudo().search(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("res_field", "=", field),
                ]
            ).unlink()
            self.env["ir.attachment"].sudo().create(
                {
                    "name": "paper.pdf",
                    "raw": make_pdf(f"paper {record._name}"),
                    "res_model": record._name,
                    "res_id": record.id,
                    "res_field": field,
                }
            )
        lawyer = self.make_user("legal", self.estate)
        self.occupancy.with_user(lawyer).env["property.dossier.export"].with_context(
            force_report_rendering=True
        )._export(self.occupancy.with_user(lawyer), "pdf", "Law suit")
        file = self.env["property.work.file"].sudo().search([], order="id desc", limit=1)
        pages = PdfReader(io.BytesIO(file._get_content()), strict=False).pages
        text = "".join(page.extract_text() for page in pages)
        self.assertIn("paper property.letter", text)
        self.assertIn("paper account.move", text)
        self.assertIn("Payment Notices", text)
