from odoo import fields, models


class ResCompany(models.Model):
    """Limits of long work."""

    _inherit = "res.company"

    pm_work_keep_days = fields.Integer(
        "Days to Keep Results",
        default=14,
        required=True,
        help="Then files that were made in the background are forgotten: they are copies.",
    )

    pm_paper_inline = fields.Integer(
        "Papers Printed at Once",
        default=20,
        required=True,
        help="More papers are printed or mailed in the background.",
    )
    pm_paper_part = fields.Integer(
        "Papers per Part",
        default=40,
        required=True,
        help="Papers made into PDF in one go in the background; 20 to 50 is right.",
    )

    _pm_paper_limits_positive = models.Constraint(
        "CHECK (pm_paper_part > 0 AND pm_paper_inline >= 0)",
        "A part of printing needs at least one paper, and the number printed at once cannot be"
        " negative.",
    )
    _pm_work_limits_positive = models.Constraint(
        "CHECK (pm_work_keep_days > 0)", "Results of long work must be kept for at least one day."
    )
