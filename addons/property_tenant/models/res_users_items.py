from odoo import api, models


class ResUsers(models.Model):
    """What the employee holds; the number comes from the user's own contact."""

    _inherit = "res.users"

    @api.model
    def _get_holdings(self, users):
        loans = self.env["property.item.loan"].search(
            [("user_id", "in", users.ids), ("state", "=", "out")], order="date_due, id"
        )
        return super()._get_holdings(users) + [
            {
                "user_id": loan.user_id.id,
                "kind": loan.kind_id.name,
                "name": loan.item_id.display_name,
                "place": loan.estate_id.display_name,
                "since": loan.date_out,
                "date_due": loan.date_due,
                "is_overdue": loan.is_overdue,
                "res_model": loan._name,
                "res_id": loan.id,
            }
            for loan in loans
        ]

    def action_view_estate_items(self):
        """Open what the employees hold."""
        return self.partner_id.action_view_estate_items()
