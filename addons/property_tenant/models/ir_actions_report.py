from odoo import fields, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    pm_self_contained = fields.Boolean(
        string="Carries its own Style",
        help="Nothing is fetched from the server while the page is printed: it is quick,"
        " and looks the same wherever it is made.",
    )
    pm_page_template = fields.Char(
        string="Page",
        help="Template of one paper. Papers of several reports are printed as one file with it.",
    )

    pm_for_staff = fields.Boolean(
        string="For Staff",
        help="In the language of who prints it, not in that of the party that it is about.",
    )

    def _get_layout(self):
        if self.pm_self_contained:
            return self.env.ref("property_tenant.report_page_layout")
        return super()._get_layout()

    def _print_pages(self, pages):
        """One PDF of ``pages`` in their order, on the paper of this report.

        :param pages: list of dicts: ``template`` (xml id of one page, which gets the other
            values as its variables) and ``lang``
        """
        self.ensure_one()
        # the report only says what the paper is like, whoever prints
        report = self.sudo()
        html = self._render_template("property_tenant.report_papers", {"pages": pages})
        bodies, __, header, footer, arguments = report._prepare_html(html)
        return self._run_wkhtmltopdf(
            bodies,
            report_ref=report,
            header=header,
            footer=footer,
            specific_paperformat_args=arguments,
        )
