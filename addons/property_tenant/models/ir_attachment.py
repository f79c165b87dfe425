from odoo import api, models
from odoo.exceptions import UserError

#: what a file is, and whose
FIXED = {"raw", "datas", "db_datas", "store_fname", "res_model", "res_id", "public", "access_token"}

DOCUMENT = "property.document"


class IrAttachment(models.Model):
    """Files of a dossier stay as they were filed until the paper is destroyed."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not self.env.su and FIXED & vals.keys():
            self._refuse_filed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_filed(self):
        self._refuse_filed()

    def _refuse_filed(self):
        """Refuse for files of papers that are not destroyed."""
        # which files belong to papers must be known even where they cannot be read
        filed = self.sudo().filtered(lambda file: file.res_model == DOCUMENT and file.res_id)
        if not filed:
            return
        documents = self.env[DOCUMENT].sudo().browse(filed.mapped("res_id")).exists()
        kept = documents.filtered(lambda document: document.state != "destroyed")
        for document in kept[:1]:
            raise UserError(
                self.env._(
                    "The files of %s are filed and stay as they are. File a new version, or make"
                    " the paper void with a reason.",
                    document.display_name,
                )
            )
