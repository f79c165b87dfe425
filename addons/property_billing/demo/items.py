"""What a lost card costs in the demo."""

from .fees import DemoLoader


class ItemChargeLoader(DemoLoader):
    def load(self):
        """Kinds are charged by a fee item; the card lost in the demo is on the next bill."""
        kinds = self.env["property.item.kind"].search([])
        kinds.with_company(self.company).charge_product_id = self.ref("fee_replacement")
        incident = self.env.ref("property_tenant.demo_item_incident", raise_if_not_found=False)
        if incident and incident.state == "reported":
            incident.with_user(self.user("supervisor")).action_decide()
