from odoo import api, models


class PropertyVisit(models.Model):
    """Loads the demo of visits, signs, parking spaces and warnings."""

    _inherit = "property.visit"

    @api.model
    def _load_demo(self):
        # needed once, when demo data is loaded
        from ..demo import customers  # noqa: PLC0415

        if self.env.ref("property_tenant.demo_estate_hq", raise_if_not_found=False):
            customers.load(self.env(context={**self.env.context, "tracking_disable": True}))
