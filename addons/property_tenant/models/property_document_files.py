from odoo import models


class PropertyDocument(models.Model):
    """Files of a dossier stay as they were filed until the paper is destroyed."""

    _inherit = "property.document"

    def _why_file_stays(self, file):
        if self.state == "destroyed":
            return super()._why_file_stays(file)
        return self.env._(
            "The files of %s are filed and stay as they are. File a new version, or make"
            " the paper void with a reason.",
            self.display_name,
        )
