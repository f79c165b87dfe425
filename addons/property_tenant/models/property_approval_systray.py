from odoo import api, fields, models

#: rows shown in the list at the top of the screen; the others are behind “All”
SHOWN = 10


class PropertyApproval(models.Model):
    """What waits for the current user, for the counter at the top of the screen."""

    _inherit = "property.approval"

    @api.model
    def get_waiting(self):
        """How many approvals wait for the reader, how many are late, and the first of them."""
        if not self.has_access("read"):
            return {"count": 0, "late": 0, "rows": []}
        rows = self.search([("waits_for_me", "=", True)], order="date_due, id")
        today = fields.Date.context_today(self)
        return {
            "count": len(rows),
            "late": len(rows.filtered(lambda row: row.date_due and row.date_due < today)),
            "rows": [
                {
                    "id": row.id,
                    "record": row.res_name or "",
                    "gate": row.gate_name,
                    # the name of a colleague
                    "asked_by": row.sudo().requested_by.name,
                    "late": bool(row.date_due and row.date_due < today),
                }
                for row in rows[:SHOWN]
            ],
        }
