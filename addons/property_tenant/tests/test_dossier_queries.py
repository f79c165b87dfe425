"""Dossiers ask the database as often for a hundred as for ten."""

from odoo.tests import tagged

from .dossier_common import DossierCase

FEW, MANY = 10, 100
#: what a hundred may ask more than ten, for caches that fill on the way
ALLOWED = 4


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestDossierQueries(DossierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        units = cls.env["property.unit"].create(
            [{"code": f"Q{n:03}", "building_id": cls.building.id} for n in range(MANY)]
        )
        cls.many = cls.env["property.occupancy"].create(
            [
                {"unit_id": unit.id, "partner_id": cls.tenant.id, "date_start": "2024-01-01"}
                for unit in units
            ]
        )

    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def assert_flat(self, work):
        work(self.many[:FEW])
        few, many = (self.queries(lambda size=size: work(self.many[:size])) for size in (FEW, MANY))
        self.assertLessEqual(many, few + ALLOWED)

    def test_finding_what_is_missing(self):
        self.assert_flat(self.env["property.dossier.paper"]._refresh)

    def test_completeness(self):
        self.assert_flat(lambda rows: rows.mapped("dossier_missing"))

    def test_filing(self):
        def file(occupancies):
            self.env["property.document"].create(
                [{"type_id": self.passport.id, "occupancy_id": row.id} for row in occupancies]
            )

        self.assert_flat(file)

    def test_who_holds_the_papers(self):
        documents = self.env["property.document"].create(
            [{"type_id": self.passport.id, "occupancy_id": row.id} for row in self.many]
        )
        self.assert_flat(lambda rows: documents[: len(rows)].mapped("borrower_id"))
