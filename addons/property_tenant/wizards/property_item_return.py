from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PropertyItemReturn(models.TransientModel):
    """The window in which the desk takes things back: how many, in which condition."""

    _name = "property.item.return"
    _description = "Take Back"

    line_ids = fields.One2many("property.item.return.line", "return_id", string="Things")
    holder = fields.Char(string="Held by", readonly=True)

    @api.model
    def _open(self, loans):
        window = self.create(
            {
                "holder": ", ".join(dict.fromkeys(name for name in loans.mapped("holder") if name)),
                "line_ids": [
                    Command.create({"loan_id": loan.id, "quantity": loan.quantity_open})
                    for loan in loans
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Back"),
            "res_model": self._name,
            "res_id": window.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_take_back(self):
        """Put back in the box what came back; what is broken is reported."""
        self.ensure_one()
        lines = self.line_ids.filtered("quantity")
        if not lines:
            raise UserError(self.env._("Fill in how many come back."))
        # whoever may write the loans may take them back
        lines.loan_id.check_access("write")
        good = lines.filtered(lambda line: line.condition == "good")
        for note, rows in good.grouped(lambda line: line.note or "").items():
            self.env["property.item.loan"]._take_back(
                {line.loan_id: line.quantity for line in rows}, note
            )
        broken = (lines - good)._report_damage()
        if len(broken) == 1:
            return {
                "type": "ir.actions.act_window",
                "res_model": "property.item.incident",
                "res_id": broken.id,
                "view_mode": "form",
            }
        slip = lines.loan_id.slip_id
        if not broken and len(slip) == 1:
            role = f"holder_back_{slip.return_count}"
            return slip.with_context(signature_role=role).action_sign()
        return {"type": "ir.actions.act_window_close"}
