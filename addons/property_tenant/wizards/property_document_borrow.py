from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Date


class PropertyDocumentBorrow(models.TransientModel):
    """Asks what papers are needed for, and until when."""

    _name = "property.document.borrow"
    _description = "Borrow Papers"

    document_ids = fields.Many2many("property.document", string="Papers", required=True)
    use = fields.Selection(
        selection=lambda self: (
            self.env["property.document.loan"]._fields["use"]._description_selection(self.env)
        ),
        required=True,
        default="look",
    )
    purpose = fields.Char(required=True)
    date_due = fields.Date(string="To Be Returned", required=True)
    hint = fields.Char(compute="_compute_hint")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "property.document":
            documents = self.env["property.document"].browse(self.env.context.get("active_ids"))
            values["document_ids"] = [Command.set(documents.ids)]
        company = self.env.company
        values.setdefault(
            "date_due", Date.context_today(self) + timedelta(days=company.pm_loan_days)
        )
        return values

    @api.depends("date_due", "use")
    def _compute_hint(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            days = wizard.env.company.pm_loan_days
            if wizard.date_due and (wizard.date_due - today).days > days:
                wizard.hint = self.env._("More than %s days need a manager's approval.", days)
            elif wizard.use != "look":
                wizard.hint = self.env._("The head of your department has to approve that.")
            else:
                wizard.hint = False

    def action_borrow(self):
        """Ask for the papers; what needs no approval may be taken at once."""
        self.ensure_one()
        self.document_ids.check_access("read")
        loans = self.env["property.document.loan"]._borrow(
            self.document_ids, self.use, self.purpose, self.date_due
        )
        mine = loans.filtered(lambda loan: loan.state == "ready" and loan._may_keep())
        if mine:
            # colleagues of the department sign the papers out themselves
            mine.action_hand_out()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_document_loan_action"
        )
        if len(loans) == 1:
            return {**action, "views": [(False, "form")], "res_id": loans.id}
        return {**action, "domain": [("id", "in", loans.ids)], "context": {}}
