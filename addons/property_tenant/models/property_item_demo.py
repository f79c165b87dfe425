from odoo import api, models


class PropertyItem(models.Model):
    """Loads the demo of things lent."""

    _inherit = "property.item"

    @api.model
    def _load_demo(self):
        from ..demo import items  # noqa: PLC0415  (needed once, when demo data is loaded)

        if not self.env.ref("property_tenant.demo_estate_hq", raise_if_not_found=False):
            return
        items.load(
            self.env(
                context={
                    **self.env.context,
                    "allowed_company_ids": self.env.ref("base.main_company").ids,
                    "tracking_disable": True,
                }
            )
        )
