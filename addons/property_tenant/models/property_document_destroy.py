from odoo import fields, models


class PropertyDocument(models.Model):
    """What is left of a paper that was destroyed: its row, without what it said."""

    _inherit = "property.document"

    def _destroy(self, destruction):
        """Destroy the papers on the signed list; called with the rights of the system."""
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        messages = self.message_ids
        self.with_context(tracking_disable=True).write(
            {
                "state": "destroyed",
                "destruction_id": destruction.id,
                "date_destroyed": fields.Datetime.now(),
                "name": False,
                "note": False,
                "shelf": False,
                "date_document": False,
            }
        )
        # what was written about the papers may name people
        messages.unlink()
        files.exists().unlink()
