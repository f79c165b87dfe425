import base64
from datetime import timedelta

from odoo import api, fields, models


class PropertyWorkFile(models.Model):
    """A file that long work has made: for who has started it, and for some days only.

    Not an attachment of the work: managers see the work of others, not the
    papers that others were allowed to take out.
    """

    _name = "property.work.file"
    _description = "File of Long Work"
    _order = "work_id, part_sequence, id"

    work_id = fields.Many2one(
        "property.work", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="work_id.user_id", store=True, index=True, precompute=True)
    part_sequence = fields.Integer(readonly=True, aggregator=None)
    name = fields.Char(required=True, readonly=True)
    content = fields.Binary(attachment=True, readonly=True)
    is_result = fields.Boolean(readonly=True)

    @api.model
    def _keep(self, work, name, content, part=None, is_result=False):
        """Keep ``content`` (bytes) under ``name``; to be called by the methods of the work."""
        # nobody has the right to write files here: the work of its own user does
        return (
            self.sudo()
            .create(
                {
                    "work_id": work.id,
                    "part_sequence": part.sequence if part else 0,
                    "name": name,
                    "content": base64.b64encode(content),
                    "is_result": is_result,
                }
            )
            .with_env(self.env)
        )

    def _get_content(self):
        """The file as bytes."""
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).content or b"")

    @api.autovacuum
    def _gc_files(self):
        """Forget the files: they are copies, and may hold personal data."""
        for company in self.env["res.company"].with_context(active_test=False).search([]):
            limit = fields.Datetime.now() - timedelta(days=company.pm_work_keep_days)
            self.search(
                [("work_id.company_id", "=", company.id), ("create_date", "<", limit)], limit=1000
            ).unlink()
