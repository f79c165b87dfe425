from odoo import api, models


class PropertyEstate(models.Model):
    _inherit = "property.estate"

    def _run_daily(self, today):
        result = super()._run_daily(today)
        self.env["property.inspection.plan"]._generate_for(self, today)
        return result

    @api.model
    def _load_demo(self):
        # needed once, when demo data is loaded
        from ..demo import inspections  # noqa: PLC0415

        result = super()._load_demo()
        inspections.load(self.env(context={**self.env.context, "tracking_disable": True}))
        return result
