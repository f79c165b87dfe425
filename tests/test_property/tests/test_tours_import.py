"""An import in the browser."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestImportTours(TourCase):
    staff = {"officer": "周客服"}

    def process_import(self):
        """Dry run with two bad rows, then the good ones are brought in."""
        before = self.env["res.partner"].search([])
        kinds = dict(
            self.env["property.import"].with_context(lang=self.variant.lang)._selection_kind()
        )
        self.play(
            "property_tour_import",
            "officer",
            "action-property_tenant.property_occupancy_action",
            kind=kinds["party"],
        )
        new = self.env["res.partner"].search([]) - before
        self.assertEqual(
            {party.ref: (party.name, party.is_company) for party in new},
            {"P-1": ("马德华", False), "P-4": ("海湾商贸有限公司", True)},
        )
