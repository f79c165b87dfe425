from odoo import fields, models
from odoo.exceptions import UserError


class PropertyItemReturnLine(models.TransientModel):
    """A thing that comes back: how many, in which condition."""

    _name = "property.item.return.line"
    _description = "Thing Taken Back"
    _order = "id"

    return_id = fields.Many2one("property.item.return", required=True, ondelete="cascade")
    loan_id = fields.Many2one(
        "property.item.loan", required=True, readonly=True, ondelete="cascade"
    )
    item_id = fields.Many2one(related="loan_id.item_id")
    quantity_open = fields.Integer(related="loan_id.quantity_open")
    quantity = fields.Integer(string="Comes Back")
    condition = fields.Selection(
        [("good", "Good"), ("damaged", "Damaged")], required=True, default="good"
    )
    note = fields.Char()

    def _report_damage(self):
        """Reports of what came back broken."""
        for line in self:
            if not line.note:
                raise UserError(
                    self.env._("Write down what happened to %s.", line.loan_id.item_id.display_name)
                )
        incidents = self.env["property.item.incident"].create(
            [
                {
                    "loan_id": line.loan_id.id,
                    "kind": "damaged",
                    "quantity": line.quantity,
                    "reason": line.note,
                }
                for line in self
            ]
        )
        for incident in incidents:
            incident.action_report()
        return incidents
