"""The archivist in the browser: a paper comes in, is lent, comes back; somebody asks to enter."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestArchiveTours(TourCase):
    staff = {"archivist": "林档案", "officer": "周客服", "supervisor": "李主管"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.document.type"].search([]).active = False
        cls.kind = cls.env["property.document.type"].create(
            {"name": "租赁合同", "code": "9", "required": True}
        )
        cls.kind.with_context(lang="en_US").name = "租赁合同"
        cls.company.pm_dossier_department_id = cls.env["property.department"].create(
            {"name": "客户服务部", "head_id": cls.people["officer"].id}
        )
        cls.held = cls.make_occupancy(cls.unit, cls.owner, "owner", self_use=True, state="active")

    def process_archive(self):
        """A missing paper is filed, signed out, counted by two; an entry is asked for."""
        self.play(
            "property_tour_archive",
            "archivist",
            "action-property_tenant.property_dossier_paper_action",
        )
        document = self.env["property.document"].search([("occupancy_id", "=", self.held.id)])
        self.assertEqual(document.type_id, self.kind)
        self.assertEqual(self.held.dossier_rate, 100)
        loan = document.loan_ids
        self.assertEqual((loan.state, loan.purpose), ("checking", "核对租期"))
        entry = self.env["property.dossier.entry"].search([("visitor", "=", "许审计")])
        self.assertEqual(entry.state, "asked")
        self.play(
            "property_tour_archive_count",
            "officer",
            "action-property_tenant.property_document_loan_action",
        )
        self.assertEqual(loan.state, "returned")
        self.assertNotEqual(loan.returned_by_id, loan.checked_by_id)
