from odoo import api, models
from odoo.exceptions import UserError

#: what a file is, and whose
FIXED = {
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "mimetype",
    "type",
    "url",
    "res_model",
    "res_id",
    "res_field",
    "public",
    "access_token",
}

#: where a file is put
PLACE = {"res_model", "res_id", "res_field"}


class IrAttachment(models.Model):
    """Files that a record keeps stay as they are, whichever way they are written.

    The record says which they are, see ``_why_file_stays``. What its own fields write
    runs as the system: the record's ``write`` has decided about that.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        if not self.env.su:
            # a second file of the same field would be taken for the first
            files._refuse_kept(fields_only=True)
        return files

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if FIXED & vals.keys():
            self._refuse_kept()
        result = super().write(vals)
        if PLACE & vals.keys():
            self._refuse_kept(fields_only=True)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_not_filed(self):
        # fields exchange their files as the system; papers stay for everybody
        files = self.sudo().filtered(lambda file: not file.res_field) if self.env.su else self
        files._refuse_kept()

    def _refuse_kept(self, fields_only=False):
        """Refuse for files that their record keeps; ``fields_only``: files that fill a field."""
        # which files are kept must be known even where they cannot be read
        owned = self.sudo().filtered(
            lambda file: (
                file.res_model in self.env and file.res_id and (file.res_field or not fields_only)
            )
        )
        for model, files in owned.grouped("res_model").items():
            # as above
            owners = self.env[model].sudo().browse(files.mapped("res_id")).exists()
            for file in files.filtered(lambda file, ids=set(owners.ids): file.res_id in ids):
                if reason := owners.browse(file.res_id)._why_file_stays(file):
                    raise UserError(reason)
