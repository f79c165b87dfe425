from odoo import api, fields, models


class PropertyDocumentReturn(models.TransientModel):
    """Asks how many pages came back."""

    _name = "property.document.return"
    _description = "Return a Paper"

    loan_id = fields.Many2one("property.document.loan", required=True, ondelete="cascade")
    pages_out = fields.Integer(related="loan_id.pages_out")
    counted = fields.Char(compute="_compute_counted")
    pages = fields.Integer(string="Pages Counted", required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        loan = self.env["property.document.loan"].browse(self.env.context.get("active_id"))
        values["loan_id"] = loan.id
        values.setdefault("pages", loan.pages_in if loan.state == "checking" else loan.pages_out)
        return values

    @api.depends("loan_id")
    def _compute_counted(self):
        for wizard in self:
            loan = wizard.loan_id
            other = loan.returned_by_id or loan.checked_by_id
            wizard.counted = (
                self.env._("%(name)s counted %(pages)s.", name=other.name, pages=loan.pages_in)
                if other
                else False
            )

    def action_return(self):
        """Note what was counted; the loan checks who may."""
        self.ensure_one()
        self.loan_id.action_return(self.pages)
        return {"type": "ir.actions.act_window_close"}
