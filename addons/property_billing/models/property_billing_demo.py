from odoo import api, models


class PropertyBillingRun(models.Model):
    """Loads the demo of billing."""

    _inherit = "property.billing.run"

    @api.model
    def _load_demo(self):
        # needed once, when demo data is loaded
        from ..demo.fees import FeeLoader  # noqa: PLC0415
        from ..demo.history import HistoryLoader  # noqa: PLC0415
        from ..demo.inspections import InspectionReadingLoader  # noqa: PLC0415
        from ..demo.items import ItemChargeLoader  # noqa: PLC0415
        from ..demo.meters import MeterLoader  # noqa: PLC0415

        if not self.env.ref("property_tenant.demo_estate_hq", raise_if_not_found=False):
            return
        env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": self.env.ref("base.main_company").ids,
                "tracking_disable": True,
            }
        )
        for loader in (
            FeeLoader,
            MeterLoader,
            HistoryLoader,
            InspectionReadingLoader,
            ItemChargeLoader,
        ):
            loader(env).load()
