"""Every printed form of the tenants' addon: its title, its data, in Chinese and in English."""

import io
import re
from functools import partial
from unicodedata import normalize

from lxml import html as lxml_html
from PyPDF2 import PdfFileReader

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.property_billing.tests.common import BillingBuilders
from odoo.addons.property_tenant.tests.inspection_common import PIXEL

from .common import read_table

OCCUPANCY = "property_tenant.report_occupancy_"
#: sheets of the occupancy: name of the report, Chinese and English title
FORMS = (
    ("sales_slip", "客户移交单", "Handover Slip from Sales"),
    ("developer", "开发商确认函", "Developer's Confirmation"),
    ("movein_sheet", "入住手续单", "Move-In Procedure Sheet"),
    ("registration", "业主资料登记表", "Occupant Registration"),
    ("data_card", "入住资料卡", "Data Card"),
    ("emergency", "业主紧急情况联络登记表", "Emergency Contacts"),
    ("contacts", "租户联络人", "Tenant's Contacts"),
    ("unit_handover", "楼宇交接书", "Unit Handover"),
    ("department_notice", "内部联络单", "Notice to Departments"),
)
#: forms whose text the managers edit
PAPERS = (
    ("notice", "入伙通知书", "Move-In Notice"),
    ("instructions", "入住须知", "Move-In Instructions"),
    ("covenant", "管理公约", "Management Covenant"),
    ("service", "物业管理服务委托协议", "Property Service Agreement"),
    ("fire", "消防安全责任书", "Fire-Safety Responsibility Letter"),
    ("parking", "停车场租赁合同", "Parking Agreement"),
    ("user_manual", "用户手册承诺书", "Undertaking: User Manual"),
    ("fitout_manual", "装修手册承诺书", "Undertaking: Fit-Out Manual"),
    ("covenant_undertaking", "业主规约承诺书", "Undertaking: Covenant"),
    ("quality", "质量保证书", "Quality Guarantee"),
    ("building_manual", "大厦使用手册", "Building Manual"),
)
#: forms of other records: what makes the record, report, titles
RECORDS = (
    ("handover", "property_tenant.report_inspection", "入住验房单", "Handover Inspection"),
    ("equipment", "property_tenant.report_inspection", "单元设备核对表", "Equipment Check"),
    ("vacant", "property_tenant.report_inspection", "空置房检查记录表", "Vacant Units"),
    ("inspection", "property_tenant.report_inspection", "检查记录表", "Inspection Sheet"),
    ("handover", "property_billing.report_initial_reading", "电表底数确认单", "Initial Readings"),
    ("handover", "property_tenant.report_inspection_defects", "遗漏缺陷工程申报表", "Defects"),
    ("defect", "property_tenant.report_defect", "遗漏缺陷工程申报表", "Defects"),
    ("keys", "property_tenant.report_key_receipt", "钥匙签收单", "Key Receipt"),
    ("key_box", "property_tenant.report_key_handover", "钥匙交接表", "Key Handover"),
    ("key_register", "property_tenant.report_item_register", "钥匙借用登记表", "Key Loan Register"),
    ("document", "property_tenant.report_document_register", "文件登记表", "Document Register"),
    ("loan", "property_tenant.report_document_loan", "档案借阅登记表", "Loan Slip"),
    ("entry", "property_tenant.report_dossier_entry", "出入登记表", "Entry Log"),
    ("occupancy", "property_tenant.report_dossier", "业户档案", "Dossier"),
    ("visit", "property_tenant.report_visit", "拜访客户登记记录表", "Visit Record"),
    ("sign", "property_tenant.report_sign_request", "水牌制作申请表", "Directory Sign"),
    ("sign", "property_tenant.report_sign_register", "制作水牌登记表", "Directory Signs"),
)

#: as in static/tests/tours/untranslated.js
TOKEN = re.compile(
    r"[^\s\u2e80-\u9fff\u3000-\u303f\uff00-\uffef()\[\]{}<>“”‘’\"'«»·,;:!?|/\\=+*&…–—]+"
)
WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{3,}")


@tagged("post_install", "-at_install")
class TestFormsTable(BillingBuilders, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "zh_CN"})
        cls.env.user.write({"name": "系统管理员", "lang": "zh_CN"})
        cls.company = cls.env.company
        cls.company.write({"name": "海湾物业管理有限公司", "phone": "0755-8000001"})
        cls.estate = cls.make_estate("HW1", name="海湾花园")
        cls.building = cls.make_building(cls.estate, "1", name="一号楼")
        cls.unit = cls.make_unit(
            cls.building, "1-101", floor=1, usage="residential", area_gross=100.0
        )
        cls.empty = cls.make_unit(cls.building, "1-102", floor=1, usage="residential")
        cls.space = cls.make_unit(cls.building, "P-01", usage="parking")
        cls.party = cls.make_partner("王建国", email="wang1@hw1.cn", phone="139-0000-0001")
        cls.occupancy = cls.make_occupancy(
            cls.unit, cls.party, "tenant", "2024-01-01", contract_number="HT-001"
        )
        cls.make_occupancy(cls.space, cls.party, "tenant", "2024-01-01")
        cls.occupancy._offer_appointment(
            fields.Datetime.add(fields.Datetime.now(), days=7), "一楼大堂", "身份证\n租赁合同"
        )
        cls.occupancy.action_start_move_in()
        cls.env["property.occupancy.contact"].create(
            {
                "occupancy_id": cls.occupancy.id,
                "partner_id": cls.make_partner("李秀英").id,
                "role": "emergency",
            }
        )
        cls.make_user("archivist", cls.estate, name="周档案")
        cls.known = {row["text"].lower() for row in read_table("latin_words.csv")}

    # --- records ----------------------------------------------------------------

    def make_inspection(self, template, **values):
        inspection = self.env["property.inspection"].create(
            {"template_id": self.env.ref(f"property_tenant.inspection_template_{template}").id}
            | values
        )
        inspection.action_start()
        return inspection

    def make_handover(self):
        meter = self.make_meter("E-101", self.unit, commodity="electricity")
        self.make_reading(meter, "2024-01-01", 10, kind="installation")
        inspection = self.make_inspection("handover_residential", occupancy_id=self.occupancy.id)
        for line in inspection.line_ids:
            line.result = "ok"
            if line.with_number:
                line.number = line.minimum or line.maximum or 1.0
        line = inspection.line_ids[0]
        line.write({"result": "defect", "note": "门锁损坏"})
        self.env["property.inspection.photo"].create({"line_id": line.id, "image": PIXEL})
        for row in inspection.reading_ids:
            inspection.enter_reading(str(row.id), {"value": 12})
        inspection.action_finish()
        return inspection

    def make_equipment(self):
        return self.make_inspection("equipment", occupancy_id=self.occupancy.id)

    def make_vacant(self):
        return self.make_inspection("vacant", estate_id=self.estate.id)

    def make_round(self):
        return self.make_inspection("vacant_cleaning", unit_id=self.empty.id)

    make_inspection_sheet = make_round

    def make_defect(self):
        return self.make_handover().defect_ids

    def make_item(self):
        return self.env["property.item"].create(
            {
                "kind_id": self.env.ref("property_tenant.item_kind_door_key").id,
                "estate_id": self.estate.id,
                "unit_id": self.unit.id,
                "quantity": 3,
            }
        )

    def make_keys(self):
        self.env["property.occupancy.step"].search([]).needed_for_keys = False
        slip = self.env["property.item.slip"].create(
            {
                "estate_id": self.estate.id,
                "occupancy_id": self.occupancy.id,
                "loan_ids": [Command.create({"item_id": self.make_item().id, "quantity": 1})],
            }
        )
        slip.loan_ids.is_tested = True
        slip.action_hand_out()
        return slip

    def make_key_box(self):
        self.make_item()
        count = self.env["property.item.count"].create({"estate_id": self.estate.id})
        count.action_start()
        return count

    def make_key_register(self):
        self.make_keys()
        return self.env["property.item.register"].create({"estate_id": self.estate.id})

    def make_document(self):
        return self.env["property.document"].create(
            {
                "type_id": self.env.ref("property_tenant.document_type_covenant").id,
                "occupancy_id": self.occupancy.id,
                "form": "original",
            }
        )

    def make_loan(self):
        day = fields.Date.add(self.estate._today(), days=1)
        return self.env["property.document.loan"]._borrow(
            self.make_document(), "look", "核对租期", day
        )

    def make_entry(self):
        return self.env["property.dossier.entry"].create(
            {"estate_id": self.estate.id, "visitor": "赵审计", "purpose": "审计"}
        )

    def make_visit(self):
        return self.env["property.visit"].create({"occupancy_id": self.occupancy.id})

    def make_sign(self):
        return self.env["property.sign.request"].create(
            {"occupancy_id": self.occupancy.id, "text": "王建国"}
        )

    def make_record(self, what):
        if what == "occupancy":
            return self.occupancy
        if what == "inspection":
            return self.make_round()
        return getattr(self, f"make_{what}")()

    # --- what is looked at --------------------------------------------------------

    def speak(self, lang):
        """Everybody reads ``lang``."""
        self.party.lang = lang
        self.company.partner_id.lang = lang
        self.env.user.lang = lang

    def render(self, report, record, lang):
        reports = self.env["ir.actions.report"].with_context(lang=lang)
        return lxml_html.fromstring(reports._render_qweb_html(report, record.ids)[0])

    def untranslated(self, page):
        """English words that stand on the page."""
        for node in page.xpath("//style|//script|//title"):
            node.getparent().remove(node)
        found = set()
        for text in page.itertext():
            for token in TOKEN.findall(text):
                if re.search(r"[\d@]", token) or token.lower() in self.known:
                    continue
                found.update(word for word in WORD.findall(token) if word.lower() not in self.known)
        return found

    def complain(self, report, make, titles, told):
        """What is wrong with the form in either language, as lines."""
        for lang, title in zip(("zh_CN", "en_US"), titles, strict=True):
            self.speak(lang)
            page = self.render(report, make(), lang)
            headings = [" ".join(node.text_content().split()) for node in page.xpath("//h2")]
            right = title == headings[0] if lang == "zh_CN" else title in headings[0]
            if not right:
                yield f"{report}: {title} is called {headings[0]}"
            text = page.text_content()
            for word in (self.company.name, *told):
                if word not in text:
                    yield f"{title}: {word} is missing"
            if "\ufffd" in text:
                yield f"{title}: a character is broken"
            if lang == "zh_CN" and (words := self.untranslated(page)):
                yield f"{title}: not translated: {sorted(words)}"

    def assertForms(self, rows):
        self.maxDiff = None
        self.assertEqual([line for row in rows for line in self.complain(*row)], [])

    def test_sheets_of_the_occupancy(self):
        told = ("1-101", "王建国", "海湾花园", self.occupancy._get_paper_number())
        self.assertForms(
            (OCCUPANCY + name, lambda: self.occupancy, titles, told) for name, *titles in FORMS
        )

    def test_forms_with_texts_of_the_managers(self):
        papers = self.env["property.form.issue"]

        def issue(form):
            old = papers.search([("form_id", "=", form.id), ("state", "!=", "void")])
            old._void("重新出具")
            old.flush_recordset()
            return papers._issue(self.occupancy, form)

        self.assertForms(
            (
                "property_tenant.report_form_issue",
                partial(issue, self.env.ref(f"property_tenant.form_{name}")),
                titles,
                ("HW1-F", "王建国"),
            )
            for name, *titles in PAPERS
        )

    def test_forms_of_other_records(self):
        def rows():
            for what, report, *titles in RECORDS:
                with self.env.cr.savepoint() as savepoint:
                    record = self.make_record(what)
                    number = record["number"] if "number" in record._fields else ""
                    yield report, lambda row=record: row, titles, [number] if number else []
                    savepoint.rollback()
                self.env.invalidate_all()

        self.assertForms(rows())

    def test_pdfs_of_both_formats_carry_their_chinese_fonts(self):
        self.speak("zh_CN")
        issue = self.env["property.form.issue"]._issue(
            self.occupancy, self.env.ref("property_tenant.form_notice")
        )
        for report, record, title, landscape in (
            ("property_tenant.report_form_issue", issue, "入伙通知书", False),
            ("property_tenant.report_document_register", self.make_document(), "文件登记表", True),
        ):
            with self.subTest(report=report):
                content, kind = (
                    self.env["ir.actions.report"]
                    .with_context(force_report_rendering=True)
                    ._render_qweb_pdf(report, record.ids)
                )
                self.assertEqual(kind, "pdf")
                page = PdfFileReader(io.BytesIO(content)).pages[0]
                self.assertEqual(page.mediabox.width > page.mediabox.height, landscape)
                self.assertIn(title, normalize("NFKC", re.sub(r"\s", "", page.extract_text())))
                fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
                self.assertTrue(fonts)
                for font in fonts:
                    for inner in font.get("/DescendantFonts", [font]):
                        descriptor = inner.get_object()["/FontDescriptor"].get_object()
                        self.assertTrue({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor))
                self.assertTrue(any("CJK" in font["/BaseFont"] for font in fonts))
