from odoo import models


class Base(models.AbstractModel):
    """What any record may say about the files that belong to it, and of its exports."""

    _inherit = "base"

    def _why_file_stays(self, file):
        """Why ``file`` of this record cannot be changed or deleted; empty: it can.

        Asked for attachments, so that what a record keeps is not exchanged behind its back.
        Models whose pictures and papers are frozen extend it.

        :param file: an ``ir.attachment``; its ``res_field`` says which field it fills
        :return: a sentence that names the record and the way out
        """
        self.ensure_one()
        return ""

    def export_data(self, fields_to_export):
        """Every export of a list is on record: who, when, how many rows of what."""
        result = super().export_data(fields_to_export)
        if self and not self.env.su:
            self.env["property.reveal.log"]._log_export(self, fields_to_export)
        return result
