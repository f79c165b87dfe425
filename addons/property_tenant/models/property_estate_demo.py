from odoo import api, models


class PropertyEstate(models.Model):
    """Loads the demo; other addons add theirs in files of their own."""

    _inherit = "property.estate"

    @api.model
    def _load_demo(self):
        from ..demo import dossiers, estates  # noqa: PLC0415  (needed once, for demo data)

        env = self.env(context={**self.env.context, "tracking_disable": True})
        estates.load(env)
        dossiers.load(env)
