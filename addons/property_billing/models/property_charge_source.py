"""What other records charge becomes an event charge, which lands on the next bill."""

from odoo import fields, models
from odoo.exceptions import UserError

#: key of the charge that takes back a billed one
CREDIT = "credit"


class PropertyChargeSourceMixin(models.AbstractModel):
    _inherit = "property.charge.source.mixin"

    charge_ids = fields.One2many("property.charge", string="Charges", compute="_compute_charge_ids")
    charge_count = fields.Integer(compute="_compute_charge_ids")

    def _compute_charge_ids(self):
        charges = self.env["property.charge"]
        found = charges.browse()
        if self.ids and charges.has_access("read"):
            found = charges.search(
                [("source_model", "=", self._name), ("source_id", "in", self.ids)], order="id"
            )
        by_record = found.grouped("source_id")
        for record in self:
            record.charge_ids = by_record.get(record._origin.id, charges)
            record.charge_count = len(record.charge_ids)

    def _charge_product(self):
        """The fee item by which the record is charged; to be said by each model."""
        return self.env["product.product"]

    def _charge_values(self, partner, unit, occupancy, amount, description, key):
        values = super()._charge_values(partner, unit, occupancy, amount, description, key)
        return values | {
            "kind": "event",
            "state": "ready",
            "product_id": self._charge_product().id,
        }

    def _request_charge(self, partner, unit, occupancy, amount, description, key="price"):
        if not unit:
            # bills are about units: whoever holds none pays at the cash desk
            return super()._request_charge(partner, unit, occupancy, amount, description, key)
        if not self._charge_product():
            raise UserError(self._charge_no_product())
        charges = self._get_own_charges().filtered(
            lambda charge: charge.source_key == key and charge.state != "void"
        )
        if charges:
            raise UserError(self.env._("%s is charged already.", self.display_name))
        values = self._charge_values(partner, unit, occupancy, amount, description, key)
        # charges are made by methods only; the record has checked who decides this
        self.env["property.charge"].sudo().create(values)
        self._note_charge(
            self.env._(
                "On the next bill of %(partner)s for %(unit)s.",
                partner=partner.display_name,
                unit=unit.display_name,
            )
        )
        return True

    def _charge_no_product(self):
        return self.env._("No fee item is chosen by which %s could be charged.", self.display_name)

    def _get_own_charges(self):
        """All charges made for the record, for the system's own reasoning."""
        # who decides on the record need not see charges
        return (
            self.env["property.charge"]
            .sudo()
            .search([("source_model", "=", self._name), ("source_id", "=", self.id)])
        )

    def _cancel_charge(self, reason, key="price"):
        charges = self._get_own_charges().filtered(
            lambda charge: charge.source_key == key and charge.state != "void"
        )
        for charge in charges:
            if charge.state == "billed":
                self._credit_charge(charge, reason, key)
                continue
            run = charge.run_id
            if run.state in ("to_approve", "approved", "posting"):
                raise UserError(
                    self.env._(
                        "%(record)s is on the billing run %(run)s, which is about to be posted."
                        " Post it first, or take it back to review.",
                        record=self.display_name,
                        run=run.display_name,
                    )
                )
            charge._void(reason)
        if not charges:
            super()._cancel_charge(reason, key)
            return
        self._note_charge(
            self.env._("Taken back on the next bill.")
            if charges.filtered(lambda charge: charge.state == "billed")
            else self.env._("Not charged: %(reason)s", reason=reason)
        )

    def _credit_charge(self, charge, reason, key):
        """What is on a bill already is taken back on the next one."""
        values = self._charge_values(
            charge.partner_id,
            charge.unit_id,
            charge.occupancy_id,
            -charge.amount,
            self.env._("Taken back: %(what)s", what=charge.description or self.display_name),
            f"{key}:{CREDIT}:{charge.id}",
        )
        values["product_id"] = charge.product_id.id
        # as in _request_charge
        self.env["property.charge"].sudo().create(values)

    def action_view_charges(self):
        """Open what the record costs, or the one charge it has."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_charge_action"
        )
        action["domain"] = [("source_model", "=", self._name), ("source_id", "=", self.id)]
        action["context"] = {}
        if len(self.charge_ids) == 1:
            action |= {"view_mode": "form", "views": [(False, "form")], "domain": []}
            action["res_id"] = self.charge_ids.id
        return action
