from odoo import api, models


class PropertyEstate(models.Model):
    """Loads the demo; other addons add theirs in files of their own."""

    _inherit = "property.estate"

    @api.model
    def _load_demo(self):
        from ..demo import dossiers, estates  # noqa: PLC0415  (needed once, for demo data)

        # what the demo copies from templates is there in every language; Odoo would load the
        # translations of the addon after its demo
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        self.env["ir.module.module"]._load_module_terms(["property_tenant"], languages)
        env = self.env(context={**self.env.context, "tracking_disable": True})
        estates.load(env)
        dossiers.load(env)
