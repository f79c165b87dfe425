from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class PropertyOccupancy(models.Model):
    """What the party holds; nobody leaves with a key."""

    _inherit = "property.occupancy"

    item_loan_ids = fields.One2many("property.item.loan", "occupancy_id", string="Things Lent")
    item_out_count = fields.Integer(string="Things Held", compute="_compute_item_out_count")

    def _compute_item_out_count(self):
        counts = dict(
            self.env["property.item.loan"]._read_group(
                [("occupancy_id", "in", self.ids), ("state", "=", "out")],
                ["occupancy_id"],
                ["quantity_open:sum"],
            )
        )
        for occupancy in self:
            occupancy.item_out_count = counts.get(occupancy._origin, 0)

    def _get_outstanding_items(self):
        """Loans for the occupancies that did not come back; clearance asks for them."""
        # nobody leaves with a key, whoever closes the occupancy
        return (
            self.env["property.item.loan"]
            .sudo()
            .search(Domain("slip_id.occupancy_id", "in", self.ids) & Domain("state", "=", "out"))
        )

    def _check_may_hold_items(self):
        """Refuse to hand out anything for what is over; whoever ends it meanwhile has to wait.

        The row is written, not only locked: who ends the occupancy by what was true
        before the loan must fail and look again, and so must we in the other order.
        """
        if not self:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE property_occupancy SET write_date = write_date WHERE id IN %s",
                tuple(sorted(self.ids)),
            )
        )
        self.invalidate_recordset(["state"])
        for occupancy in self:
            if occupancy.state in ("ended", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(occupancy)s is over: nothing is handed out for it any more.",
                        occupancy=occupancy.display_name,
                    )
                )

    def _get_clearance_obstacles(self):
        obstacles = super()._get_clearance_obstacles()
        if loans := self._get_outstanding_items():
            what = self.env._("not given back: %s", ", ".join(loans.item_id.mapped("display_name")))
            obstacles.append(("items", what, self.env._("the front desk")))
        return obstacles

    def _check_entered_state(self, before):
        result = super()._check_entered_state(before)
        given_up = self.filtered(
            lambda occupancy: (
                occupancy.state == "cancelled" and before.get(occupancy) not in ("cancelled", None)
            )
        )
        outstanding = given_up and given_up._get_outstanding_items()
        by_occupancy = outstanding and outstanding.grouped(lambda loan: loan.slip_id.occupancy_id)
        for occupancy, loans in by_occupancy.items() if by_occupancy else ():
            raise UserError(
                self.env._(
                    "%(occupancy)s still holds: %(items)s. Take that back, or report it as lost,"
                    " first.",
                    occupancy=occupancy.display_name,
                    items=", ".join(loans.item_id.mapped("display_name")),
                )
            )
        return result

    def action_view_item_loans(self):
        """Open what the party holds or held."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_item_loan_all_action"
        )
        action["domain"] = [("occupancy_id", "in", self.ids)]
        action["context"] = {"search_default_out": 1}
        return action

    def action_hand_out_items(self):
        """Open a new slip with everything that is in the box for the unit."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Out"),
            "res_model": "property.item.slip",
            "view_mode": "form",
            "context": {
                "default_holder_kind": "occupant",
                "default_occupancy_id": self.id,
                "lend_unit_items": True,
            },
        }
