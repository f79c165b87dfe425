from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pm_dossier_department_id = fields.Many2one(
        "property.department",
        string="Department that Keeps the Dossiers",
        help="Its people sign papers out by themselves and chase what is missing, unless the"
        " document type names another department.",
    )
    pm_loan_days = fields.Integer(
        string="Papers Are Lent for (Days)",
        default=1,
        help="A longer loan needs a manager's approval.",
    )
    pm_paper_chase_days = fields.Integer(
        string="Remind of Missing Papers every (Days)",
        default=7,
        help="How often the department, and the party, are reminded of a paper that is overdue.",
    )
    pm_paper_mail = fields.Boolean(
        string="Remind the Party by E-Mail",
        help="The party gets an e-mail, too, when a promised paper is overdue or one expires.",
    )
    pm_export_inline = fields.Integer(
        string="Papers Exported at Once",
        default=40,
        help="A larger dossier is put together in the background; you are told when it is ready.",
    )
    _pm_dossier_limits = models.Constraint(
        "CHECK (pm_loan_days > 0 AND pm_paper_chase_days > 0 AND pm_export_inline >= 0)",
        "Papers are lent for, and reminded of after, at least one day.",
    )
