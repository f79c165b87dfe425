from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: kinds of files that can be told from their content
UPLOAD_TYPES = ("pdf", "jpg", "png")


class ResCompany(models.Model):
    _inherit = "res.company"

    pm_portal_after_end = fields.Selection(
        [("nothing", "Nothing"), ("papers", "Old Bills and Papers")],
        string="Portal after the End",
        required=True,
        default="nothing",
        help="What a party still sees in the portal when its occupancy has ended.",
    )
    pm_portal_upload_megabytes = fields.Integer(
        string="Size of a File Sent In (MB)",
        default=10,
        help="Larger files are refused in the portal.",
    )
    pm_portal_upload_types = fields.Char(
        string="Kinds of Files Sent In",
        default="pdf, jpg, png",
        help="Of pdf, jpg and png, with commas between them. What a file is shows its content,"
        " not its name.",
    )
    pm_portal_uploads_per_day = fields.Integer(
        string="Files a Day from One Person",
        default=20,
        help="More are refused until the next day.",
    )

    _pm_portal_limits = models.Constraint(
        "CHECK (pm_portal_upload_megabytes > 0 AND pm_portal_uploads_per_day >= 0)",
        "Files sent in may be 1 MB at least, and their number cannot be negative.",
    )

    @api.constrains("pm_portal_upload_types")
    def _check_portal_upload_types(self):
        for company in self:
            unknown = [
                kind for kind in company._get_portal_upload_types() if kind not in UPLOAD_TYPES
            ]
            if unknown or not company._get_portal_upload_types():
                raise ValidationError(
                    self.env._(
                        "Files sent in to %(company)s can be of the kinds pdf, jpg and png, not"
                        " %(kinds)s.",
                        company=company.display_name,
                        kinds=", ".join(unknown) or "-",
                    )
                )

    def _get_portal_upload_types(self):
        """The kinds of files that are taken, in small letters."""
        kinds = (self.pm_portal_upload_types or "").lower().replace(";", ",").split(",")
        return [kind.strip().replace("jpeg", "jpg") for kind in kinds if kind.strip()]
