from odoo import fields, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    pm_self_contained = fields.Boolean(
        string="Carries its own Style",
        help="Nothing is fetched from the server while the page is printed: it is quick,"
        " and looks the same wherever it is made.",
    )

    def _get_layout(self):
        if self.pm_self_contained:
            return self.env.ref("property_tenant.report_page_layout")
        return super()._get_layout()
