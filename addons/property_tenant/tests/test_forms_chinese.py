"""Papers of inspections, signs and visits: Chinese, under their titles, with their data."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .inspection_common import PIXEL, InspectionCase


@tagged("post_install", "-at_install")
class TestFormsInChinese(InspectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env = cls.env(context={**cls.env.context, "lang": "zh_CN"})
        for name in ("estate", "unit", "unit_2", "tenant", "engineer", "template", "building"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))
        cls.engineer.name = "马工程师"
        cls.tenant.write({"name": "海湾贸易有限公司", "lang": "zh_CN"})
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.Inspection = cls.env["property.inspection"].with_user(cls.engineer)

    def assert_paper(self, report, records, title, *told, absent=()):
        """The paper has the title as its heading and says what it should."""
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            f"property_tenant.{report}", records.ids
        )
        html = html.decode()
        self.assertIn(title, html2plaintext(html[html.index("<h2") : html.index("</h2>")]))
        for text in told:
            self.assertIn(text, html)
        for text in absent:
            self.assertNotIn(text, html)

    def test_handover_inspection(self):
        inspection = self.sign(self.finish(self.begin(occupancy_id=self.occupancy.id)))
        self.assert_paper(
            "report_inspection",
            inspection,
            "入住验房单",
            inspection.number,
            "海湾贸易有限公司",
            "马工程师",
            "Pressure",
            "0.5",
            "业户",
            absent=("Inspector", "Remarks"),
        )

    def test_unit_equipment_check(self):
        template = self.make_template("设备核对", kind="equipment")
        inspection = self.finish(self.begin(template), Glass="defect")
        self.assert_paper(
            "report_inspection",
            inspection,
            "单元设备核对表",
            inspection.number,
            "A-101",
            "Glass is broken",
            "MPa",
            absent=("Equipment Check",),
        )

    def test_round_of_vacant_units(self):
        template = self.make_template(
            "空置房巡查",
            kind="vacant",
            layout="vacant",
            points=[{"name": "门锁"}, {"name": "窗户"}],
        )
        inspection = self.begin(template, unit_id=False, estate_id=self.estate.id)
        self.assert_paper(
            "report_inspection",
            inspection,
            "空置房检查记录表",
            inspection.number,
            "A-102",
            "A-201",
            "门锁",
            "窗户",
        )

    def test_inspection_sheet(self):
        template = self.make_template("卫生检查", kind="hygiene")
        inspection = self.finish(self.begin(template))
        self.assert_paper(
            "report_inspection", inspection, "检查记录表", inspection.number, "卫生检查", "A-101"
        )

    def test_defect_report(self):
        inspection = self.finish(self.begin(occupancy_id=self.occupancy.id), Glass="defect")
        defect = inspection.defect_ids
        for report, records in (
            ("report_inspection_defects", inspection),
            ("report_defect", defect),
        ):
            self.assert_paper(
                report,
                records,
                "遗漏缺陷工程申报表",
                defect.number,
                "Glass is broken",
                "海湾贸易有限公司",
            )

    def test_unit_handover(self):
        self.assert_paper(
            "report_occupancy_unit_handover",
            self.occupancy,
            "楼宇交接书",
            "海湾贸易有限公司",
            "A-101",
        )

    def make_sign(self):
        sign = self.env["property.sign.request"].create(
            {
                "occupancy_id": self.occupancy.id,
                "text_other": "Bay Trading",
                "licence": PIXEL,
                "fee": 300,
                "maker_id": self.make_partner("金牌广告").id,
            }
        )
        sign.action_order()
        sign.action_install()
        sign._sign("occupant", "王女士", PIXEL)
        return sign

    def test_sign_request(self):
        sign = self.make_sign()
        self.assert_paper(
            "report_sign_request",
            sign,
            "水牌制作申请表",
            sign.number,
            "海湾贸易有限公司",
            "Bay Trading",
            "金牌广告",
            "300.00",
            "王女士",
            "业户",
            absent=("Licence", "Installed on"),
        )

    def test_sign_register(self):
        sign = self.make_sign()
        self.assert_paper(
            "report_sign_register",
            sign,
            "制作水牌登记表",
            sign.number,
            "海湾贸易有限公司",
            "A-101",
            "300.00",
            absent=("Requested on", "Status"),
        )

    def test_visit_record(self):
        visit = self.env["property.visit"].create(
            {
                "occupancy_id": self.occupancy.id,
                "asked": "空调什么时候检修？",
                "answered": "本周五上午。",
                # by the clock of the estate it is half past ten
                "date_done": "2024-03-01 02:30:00",
                "promise_ids": [Command.create({"text": "周五前检修空调"})],
            }
        )
        visit.action_done()
        self.assert_paper(
            "report_visit",
            visit,
            "拜访客户登记记录表",
            visit.number,
            "海湾贸易有限公司",
            "空调什么时候检修？",
            "本周五上午。",
            "周五前检修空调",
            "10:30",
            absent=("Promise", "Visitor"),
        )
