from odoo import models


class PropertyItemIncident(models.Model):
    """Loss and damage are charged by the fee item of the kind."""

    _inherit = "property.item.incident"

    def _charge_product(self):
        kind = self.item_id.kind_id.with_company(self.company_id)
        return kind.charge_product_id or super()._charge_product()

    def _charge_no_product(self):
        return self.env._(
            "%(record)s cannot be charged: the kind %(kind)s has no fee item. A supervisor chooses"
            " one under Configuration, Kinds of Things Lent.",
            record=self.display_name,
            kind=self.item_id.kind_id.display_name,
        )
