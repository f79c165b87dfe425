from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_holdings(self, users):
        """What the ``users`` hold and must give back before they are transferred or leave.

        A list of values of ``property.holding.line``; other blocks add what they lend.
        Searched with the rights of who asks.
        """
        loans = self.env["property.document.loan"].search(
            [("borrower_id", "in", users.ids), ("is_held", "=", True)], order="date_due, id"
        )
        return [
            {
                "user_id": loan.borrower_id.id,
                "kind": self.env._("Paper"),
                "name": loan.document_id.sudo().display_name,
                "place": loan.document_id.sudo().occupancy_id.display_name,
                "since": loan.date_out,
                "date_due": loan.date_due,
                "is_overdue": loan.is_overdue,
                "res_model": loan._name,
                "res_id": loan.id,
            }
            for loan in loans
        ]
