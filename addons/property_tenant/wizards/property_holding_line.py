from odoo import fields, models


class PropertyHoldingLine(models.TransientModel):
    """One thing that an employee holds."""

    _name = "property.holding.line"
    _description = "Held by an Employee"
    _order = "user_id, date_due, id"

    holding_id = fields.Many2one("property.holding", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Employee", readonly=True)
    kind = fields.Char(readonly=True)
    name = fields.Char(string="What", readonly=True)
    place = fields.Char(string="Of", readonly=True)
    since = fields.Datetime(readonly=True)
    date_due = fields.Date(string="To Be Returned", readonly=True)
    is_overdue = fields.Boolean(string="Overdue", readonly=True)
    res_model = fields.Char(string="Record Kind Code", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record Number", model_field="res_model", readonly=True
    )

    def action_open_record(self):
        """Open what is held; its own access rules hold."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
