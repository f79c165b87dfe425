from odoo import api, fields, models


class PropertyApprovalDecision(models.TransientModel):
    """Asks for the opinion and the papers that go with a yes or a no."""

    _name = "property.approval.decision"
    _description = "Decide on Approvals"

    approval_ids = fields.Many2many("property.approval", string="Approvals", required=True)
    reason = fields.Text(compute="_compute_demands")
    opinion_required = fields.Boolean(compute="_compute_demands")
    paper_required = fields.Boolean(compute="_compute_demands")
    opinion = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Papers")

    @api.depends("approval_ids")
    def _compute_demands(self):
        for wizard in self:
            rows = wizard.approval_ids
            wizard.reason = "\n".join(dict.fromkeys(row.reason for row in rows if row.reason))
            wizard.opinion_required = any(rows.mapped("opinion_required"))
            wizard.paper_required = any(rows.mapped("paper_required"))

    def action_approve(self):
        """Approve with the opinion; the approvals check who may."""
        self.ensure_one()
        return self._close_with(
            self.approval_ids.action_approve(self.opinion, self.attachment_ids.ids)
        )

    def action_reject(self):
        """Reject with the opinion as reason; the approvals check who may."""
        self.ensure_one()
        return self._close_with(
            self.approval_ids.action_reject(self.opinion, self.attachment_ids.ids)
        )

    def _close_with(self, result):
        return result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"}
