"""The controller in the browser."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestControllerTours(TourCase):
    staff = {"controller": "郑稽核", "billing_supervisor": "赵收费", "manager": "钱经理"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_month()
        cls.month = cls.post_month()

    def process_controller(self):
        """Whoever reads all sees no field and no button with which to write."""
        self.play(
            "property_tour_controller",
            "controller",
            "action-property_tenant.property_unit_action",
            run=self.label,
        )
