"""The engineer's day in the browser: a round of vacant units, a defect from found to accepted."""

from odoo.fields import Command
from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestInspectionTours(TourCase):
    staff = {"engineer": "马工程师", "engineering_supervisor": "孙主管"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env["property.inspection.template"].create(
            {
                "name": "空置房巡查",
                "kind": "vacant",
                "layout": "vacant",
                "estate_id": cls.estate.id,
                "point_ids": [
                    Command.create({"sequence": number, "name": name})
                    for number, name in enumerate(("门锁", "窗户", "清洁"))
                ],
                "signer_ids": [Command.create({"party": "inspector"})],
            }
        )
        cls.plan = cls.env["property.inspection.plan"].create(
            {
                "template_id": template.id,
                "estate_id": cls.estate.id,
                "date_from": cls.estate._today(),
                "times": "23:59",
                "user_id": cls.people["engineer"].id,
                "days_ahead": 0,
            }
        )
        [cls.round] = cls.plan._generate(cls.estate._today())

    def process_engineers_day(self):
        """All but a window is in order; it is mended, and looked at again by who found it."""
        self.play(
            "property_tour_vacant_round",
            "engineer",
            "action-property_tenant.property_inspection_today_action",
        )
        self.assertEqual(self.round.state, "signed")
        self.assertEqual(len(self.round.line_ids.filtered(lambda row: row.result == "ok")), 8)
        defect = self.round.defect_ids
        self.assertEqual((defect.name, defect.description), ("窗户", "玻璃破裂"))
        self.assertEqual(defect.unit_id, self.unit_2)
        defects = "action-property_tenant.property_defect_action"
        self.play("property_tour_mend", "engineering_supervisor", defects)
        self.assertEqual((defect.state, defect.mended_note), ("mended", "已更换玻璃"))
        self.play(
            "property_tour_check",
            "engineer",
            "action-property_tenant.property_defect_check_action",
        )
        self.assertEqual(defect.state, "accepted")
        self.assertEqual(defect.checked_by_id, self.people["engineer"])
