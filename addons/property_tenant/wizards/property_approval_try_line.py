from odoo import fields, models


class PropertyApprovalTryLine(models.TransientModel):
    """What one rule would mean for the record that is tried."""

    _name = "property.approval.try.line"
    _description = "Result of Trying a Rule"
    _order = "step, id"

    try_id = fields.Many2one("property.approval.try", ondelete="cascade")
    step = fields.Integer()
    name = fields.Char(string="Rule")
    applies = fields.Boolean()
    reason = fields.Char(string="Why Not")
    who = fields.Char(string="Who Decides")
    names = fields.Char(string="Today")
