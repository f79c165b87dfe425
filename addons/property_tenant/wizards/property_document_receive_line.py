from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.property_document_type import FORMS


class PropertyDocumentReceiveLine(models.TransientModel):
    """One paper that is brought or promised."""

    _name = "property.document.receive.line"
    _description = "Paper That Is Received"

    receive_id = fields.Many2one("property.document.receive", required=True, ondelete="cascade")
    type_id = fields.Many2one(
        "property.document.type",
        string="Paper",
        required=True,
        ondelete="cascade",
        domain=[("category", "!=", "contractor")],
    )
    paper_state = fields.Selection(
        selection=lambda self: (
            self.env["property.dossier.paper"]._fields["state"]._description_selection(self.env)
        ),
        string="State",
        readonly=True,
    )
    instructions = fields.Text(related="type_id.note", string="Instructions")
    received = fields.Boolean(string="Here")
    form = fields.Selection(
        FORMS, string="Kept as", compute="_compute_form", store=True, readonly=False
    )
    pages = fields.Integer()
    expires = fields.Boolean(compute="_compute_form", store=True)
    date_expiry = fields.Date(string="Valid until")
    date_promised = fields.Date(string="Promised for")
    note = fields.Char()
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    @api.depends("type_id")
    def _compute_form(self):
        for line in self:
            line.form = line.form or line.type_id.form
            line.expires = line.type_id.expires

    def _file(self):
        """File the papers; those that expire say until when they are valid."""
        for line in self:
            if line.expires and not line.date_expiry:
                raise UserError(
                    self.env._(
                        "Until when is %s valid? The day is written on the paper.",
                        line.type_id.name,
                    )
                )
        documents = self.env["property.document"]
        current = {
            paper.type_id: paper.document_id
            for paper in self.receive_id.occupancy_id.sudo().paper_ids
            if paper.document_id.state == "filed" and paper.document_id.date_expiry
        }
        ordinary = self.filtered(lambda line: line._may_see())
        documents.create([line._prepare_document(current) for line in ordinary])
        # the front desk takes in papers that it may not look at afterwards; the wizard and
        # the occupancy are its own to work on, and files must have been uploaded by the user
        documents.sudo().create([line._prepare_document(current) for line in self - ordinary])

    def _may_see(self):
        """Whether the user may read papers of the type."""
        self.ensure_one()
        kind, user = self.type_id, self.env.user
        private = not kind.confidential or user.has_group("property_tenant.group_private_data")
        groups = kind.sudo().group_ids
        return private and (not groups or bool(groups & user.sudo().all_group_ids))

    def _prepare_document(self, current):
        self.ensure_one()
        older = current.get(self.type_id)
        return {
            "type_id": self.type_id.id,
            "occupancy_id": self.receive_id.occupancy_id.id,
            "date_received": self.receive_id.date,
            "shelf": self.receive_id.shelf,
            "form": self.form,
            "pages": self.pages,
            "date_expiry": self.date_expiry,
            "note": self.note,
            "attachment_ids": [Command.set(self.attachment_ids.ids)],
            "replaces_id": older.id if older else False,
        }
