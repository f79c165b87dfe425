from odoo import models


class PropertyFormIssue(models.Model):
    _inherit = "property.form.issue"

    def _signature_portal_role(self):
        signs = self.state == "issued" and self.form_id.sign_party
        return "party" if signs else super()._signature_portal_role()
