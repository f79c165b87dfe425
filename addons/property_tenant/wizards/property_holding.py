from odoo import api, fields, models
from odoo.fields import Command


class PropertyHolding(models.TransientModel):
    """What an employee holds: to be returned before a transfer or leaving."""

    _name = "property.holding"
    _description = "Held by Employees"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Employee",
        domain=[("share", "=", False)],
        help="Empty: everybody who holds something.",
    )
    line_ids = fields.One2many("property.holding.line", "holding_id", string="Holds")
    is_free = fields.Boolean(compute="_compute_is_free")

    @api.depends("line_ids")
    def _compute_is_free(self):
        for holding in self:
            holding.is_free = not holding.line_ids

    @api.model_create_multi
    def create(self, vals_list):
        holdings = super().create(vals_list)
        holdings._fill()
        return holdings

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self._fill()
        return result

    @api.onchange("user_id")
    def _onchange_user_id(self):
        self.line_ids = [Command.clear(), *self._get_lines()]

    def _fill(self):
        for holding in self:
            holding.line_ids = [Command.clear(), *holding._get_lines()]

    def _get_lines(self):
        self.ensure_one()
        users = self.user_id
        if not users:
            users = self.env["res.users"].search([("share", "=", False)])
        return [Command.create(values) for values in self.env["res.users"]._get_holdings(users)]

    @api.model
    def action_open(self):
        """Open the report about everybody; one employee is chosen there."""
        self.check_access("create")
        holding = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Held by Employees"),
            "res_model": self._name,
            "res_id": holding.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
