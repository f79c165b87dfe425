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

    _pm_work_limits_positive = models.Constraint(
        "CHECK (pm_work_keep_days > 0)", "Results of long work must be kept for at least one day."
    )
