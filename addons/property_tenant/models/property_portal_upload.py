"""A paper that an occupant sends in: it counts only when somebody of the staff has taken it in."""

import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools.mimetypes import guess_mimetype

UPLOAD_STATES = [("waiting", "To Be Checked"), ("accepted", "Filed"), ("refused", "Refused")]

#: what a file really is, by its first bytes: ending, type
KNOWN_TYPES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
}

MEGABYTE = 1024 * 1024


class PropertyPortalUpload(models.Model):
    _name = "property.portal.upload"
    _description = "Paper Sent In"
    _inherit = ["property.portal.request"]
    _order = "id desc"
    _rec_names_search = ["type_id.name", "partner_id.name", "unit_id.code"]
    _check_company_auto = True
    _required_constraints = ("_one_waiting",)

    occupancy_id = fields.Many2one(
        "property.occupancy",
        string="Dossier",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    type_id = fields.Many2one(
        "property.document.type",
        string="Paper",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        related="occupancy_id.unit_id", store=True, index="btree_not_null", precompute=True
    )
    estate_id = fields.Many2one(
        related="occupancy_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="occupancy_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Sent by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    file = fields.Binary(
        readonly=True, attachment=True, help="Kept here until the paper is filed or refused."
    )
    file_name = fields.Char(required=True, readonly=True)
    file_size = fields.Integer(string="Size (Bytes)", readonly=True, aggregator=None)
    mimetype = fields.Char(string="Kind of File", readonly=True)
    date_expiry = fields.Date(string="Valid until", readonly=True)
    note = fields.Char(string="What the Sender Says", readonly=True)
    state = fields.Selection(
        UPLOAD_STATES, required=True, readonly=True, default="waiting", index=True
    )
    reason = fields.Char(string="Refused because", readonly=True)
    document_id = fields.Many2one(
        "property.document",
        string="Filed as",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    checked_by_id = fields.Many2one(
        "res.users", string="Checked by", readonly=True, ondelete="restrict"
    )
    checked_at = fields.Datetime(string="Checked on", readonly=True)

    _one_waiting = models.UniqueIndex(
        "(occupancy_id, type_id) WHERE state = 'waiting'",
        "This paper was sent in already and is being checked.",
    )
    _refused_explained = models.Constraint(
        "CHECK (state <> 'refused' OR reason IS NOT NULL)",
        "Say why the paper is refused; the sender reads it.",
    )

    @api.depends("type_id.name", "unit_id.code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for upload in self:
            upload.display_name = " · ".join(
                filter(None, (upload.unit_id.code, upload.type_id.name))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for upload in self:
            raise UserError(self.env._("%s was sent in and stays on record.", upload.display_name))

    # --- sending in -------------------------------------------------------------

    @api.model
    def _send_in(self, paper, name, content, date_expiry=False, note=""):
        """Keep what an occupant sends in for ``paper``; the page has found it to be his own.

        :param content: the bytes of the file
        """
        paper.ensure_one()
        company = paper.company_id
        self._check_file(company, name, content)
        self._check_rate(company)
        uploads = self.sudo()
        if uploads.search_count(
            [
                ("occupancy_id", "=", paper.occupancy_id.id),
                ("type_id", "=", paper.type_id.id),
                ("state", "=", "waiting"),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "%s was sent in already. It is being checked; please wait for the answer.",
                    paper.type_id.name,
                )
            )
        today = paper.estate_id._today()
        if date_expiry and date_expiry < today:
            raise UserError(
                self.env._(
                    "%(paper)s was valid until %(day)s only. Please send one that is still valid.",
                    paper=paper.type_id.name,
                    day=date_expiry,
                )
            )
        # nobody has the right to create rows; the page has checked whose the dossier is
        upload = uploads.create(
            {
                "occupancy_id": paper.occupancy_id.id,
                "type_id": paper.type_id.id,
                "partner_id": self.env.user.partner_id.id,
                "file": base64.b64encode(content),
                "file_name": clean_name(name),
                "file_size": len(content),
                "mimetype": guess_mimetype(content),
                "date_expiry": date_expiry,
                "note": (note or "").strip()[:500] or False,
            }
        )
        paper.occupancy_id._message_log(
            body=self.env._("%s was sent in through the portal.", paper.type_id.name)
        )
        return upload

    @api.model
    def _check_file(self, company, name, content):
        """Refuse what is no picture or PDF, or too large, whatever its name says."""
        if not content:
            raise UserError(self.env._("Choose the file to send first."))
        if len(content) > company.pm_portal_upload_megabytes * MEGABYTE:
            raise UserError(
                self.env._(
                    "%(file)s is larger than %(size)s MB. Please send a smaller scan.",
                    file=clean_name(name),
                    size=company.pm_portal_upload_megabytes,
                )
            )
        allowed = company._get_portal_upload_types()
        if KNOWN_TYPES.get(guess_mimetype(content)) not in allowed:
            raise UserError(
                self.env._(
                    "%(file)s cannot be taken: please send a file of the kind %(kinds)s.",
                    file=clean_name(name),
                    kinds=", ".join(allowed).upper(),
                )
            )

    @api.model
    def _check_rate(self, company):
        """Refuse more files in a day than the company takes from one person."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        partner = self.env.user.partner_id
        sent = self.sudo().search_count(
            [("partner_id", "=", partner.id), ("create_date", ">=", since)]
        )
        if sent >= company.pm_portal_uploads_per_day:
            raise UserError(
                self.env._(
                    "You sent %s files within a day. Please go on tomorrow, or bring the papers to"
                    " the front desk.",
                    sent,
                )
            )

    # --- checking ---------------------------------------------------------------

    def _check_decider(self):
        if not self.env["property.document"].has_access("create"):
            raise AccessError(
                self.env._(
                    "Your role does not take in papers. Ask the front desk or the archivist."
                )
            )

    def _get_settled(self, vals):
        # the file goes: the dossier has it now, or it was not to be kept
        return {
            **vals,
            "file": False,
            "checked_by_id": self.env.uid,
            "checked_at": fields.Datetime.now(),
        }

    def action_accept(self):
        """File what was sent in: from now on it counts."""
        self._check_may_decide()
        # the file itself, not its size
        for upload in self.with_context(bin_size=False):
            document = self.env["property.document"].create(
                {
                    "type_id": upload.type_id.id,
                    "occupancy_id": upload.occupancy_id.id,
                    "date_received": upload.estate_id._today(),
                    "date_expiry": upload.date_expiry,
                    "note": upload.note,
                    "attachment_ids": [
                        Command.create(
                            {
                                "name": upload.file_name,
                                "datas": upload.file,
                                "res_model": "property.document",
                            }
                        )
                    ],
                }
            )
            upload._settle({"state": "accepted", "document_id": document.id})

    def action_open_document(self):
        """Open the paper as it was filed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.document",
            "res_id": self.document_id.id,
            "view_mode": "form",
        }


def clean_name(name):
    """The name of a file without folders and control characters."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in last if char.isprintable())[-120:] or "file"
