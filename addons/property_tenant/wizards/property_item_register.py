from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.property_item_kind import CATEGORIES


class PropertyItemRegister(models.TransientModel):
    """Chooses the days of the register of loans that is printed."""

    _name = "property.item.register"
    _description = "Register of Loans"

    estate_id = fields.Many2one(
        "property.estate",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["property.item.slip"]._get_own_estate(),
    )
    company_id = fields.Many2one(related="estate_id.company_id")
    category = fields.Selection(CATEGORIES, default="key")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(string="Until", required=True, default=fields.Date.context_today)

    @api.depends("estate_id")
    def _compute_display_name(self):
        for register in self:
            register.display_name = (
                f"{register.estate_id.code or ''} {register.date_from} – {register.date_to}"
            )

    def _get_loans(self):
        """The loans handed out on the days, in their order."""
        self.ensure_one()
        start = self.estate_id._utc_at(self.date_from)
        end = self.estate_id._utc_at(self.date_to + timedelta(days=1))
        domain = (
            Domain("estate_id", "=", self.estate_id.id)
            & Domain("date_out", ">=", start)
            & Domain("date_out", "<", end)
        )
        if self.category:
            domain &= Domain("category", "=", self.category)
        return self.env["property.item.loan"].search(domain, order="date_out, id")

    def action_print(self):
        """Print the register."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The last day is before the first. Correct one of them."))
        if not self._get_loans():
            raise UserError(self.env._("Nothing was lent on these days."))
        return self.env.ref("property_tenant.action_report_item_register").report_action(self)
