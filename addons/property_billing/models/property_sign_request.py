from odoo import models


class PropertySignRequest(models.Model):
    """The fee of a directory sign is charged by the fee item of the company."""

    _inherit = "property.sign.request"

    def _charge_product(self):
        # which fee item it is follows from the company, whoever accepts the sign
        return self.company_id.sudo().pm_sign_product_id or super()._charge_product()

    def _charge_no_product(self):
        return self.env._(
            "The fee of the sign %(sign)s cannot be charged: no fee item is chosen for directory"
            " signs. A manager chooses one under Configuration, Settings; or set the fee to 0.",
            sign=self.display_name,
        )
