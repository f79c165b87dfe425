from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pm_require_identity = fields.Boolean(
        string="Identity Paper Needed to Move In",
        default=True,
        help="An occupancy is handed over only when a valid identity paper of the party is kept,"
        " or when a manager overrides that with a reason.",
    )
    pm_confirm_limit = fields.Integer(
        string="Wrong Answers Allowed",
        default=5,
        help="How often in a day somebody may ask whether a private value is right, and be wrong.",
    )

    pm_customer_lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language of Customers",
        help="Language of bills, letters and forms for new parties, unless the party or its estate"
        " has another. Empty: the language of the company's country, if it is installed.",
    )

    _pm_confirm_limit_positive = models.Constraint(
        "CHECK (pm_confirm_limit >= 0)", "The number of wrong answers cannot be negative."
    )

    def _get_customer_lang(self):
        """Code of the language in which new parties are written to, or False."""
        # whoever creates a party may know in which language his company writes
        company = self.sudo()
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        if company.pm_customer_lang in installed:
            return company.pm_customer_lang
        country = company.country_id.code
        of_country = [code for code in installed if country and code.endswith(f"_{country}")]
        if len(of_country) == 1:
            return of_country[0]
        return company.partner_id.lang in installed and company.partner_id.lang
