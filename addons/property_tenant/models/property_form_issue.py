"""An issued paper: numbered, its text frozen, signed on the screen, void with a reason.

Nobody has the right to create, write or delete rows: papers are issued from the
occupancy, signed through the window, and voided with a reason.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..calc.signature import Role

ISSUE_STATES = [("issued", "Issued"), ("signed", "Signed"), ("void", "Void")]


class PropertyFormIssue(models.Model):
    _name = "property.form.issue"
    _description = "Issued Paper"
    _inherit = ["property.numbered.mixin", "property.signature.mixin"]
    _order = "date_issued desc, number desc, id desc"
    _rec_names_search = ["number", "title", "partner_id.name", "unit_id.code"]
    _check_company_auto = True
    _required_constraints = ("_number_uniq", "_one_in_force")
    _number_series = "FM"
    #: the text says its number: it is drawn before the paper is made
    _number_on_create = False

    number = fields.Char(index="trigram")
    form_id = fields.Many2one(
        "property.form", required=True, readonly=True, index=True, ondelete="restrict"
    )
    form_version = fields.Integer(string="Version", readonly=True)
    occupancy_id = fields.Many2one(
        "property.occupancy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Party", readonly=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(related="occupancy_id.unit_id", store=True, index=True)
    estate_id = fields.Many2one(related="occupancy_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="occupancy_id.company_id", store=True, index=True)
    lang = fields.Char(string="Language", readonly=True)
    title = fields.Char(required=True, readonly=True)
    body = fields.Html(string="Text", readonly=True)
    date_issued = fields.Date(string="Issued on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Issued by", readonly=True, ondelete="restrict")
    state = fields.Selection(
        ISSUE_STATES, required=True, readonly=True, default="issued", index=True
    )
    date_signed = fields.Datetime(string="Signed on", readonly=True)
    document_id = fields.Many2one(
        "property.document",
        string="Filed as",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    void_reason = fields.Char(string="Void because", readonly=True)
    is_signed = fields.Boolean(
        string="Has to Be Signed", compute="_compute_is_signed", help="Somebody signs the paper."
    )

    _one_in_force = models.UniqueIndex(
        "(occupancy_id, form_id) WHERE state <> 'void'",
        "The paper is issued already. Void it first.",
    )
    _void_explained = models.Constraint(
        "CHECK (state <> 'void' OR void_reason IS NOT NULL)",
        "Say why the paper is void; it stays on record.",
    )

    @api.depends("number", "title")
    def _compute_display_name(self):
        for issue in self:
            issue.display_name = f"{issue.number} {issue.title}"

    @api.depends("form_id")
    def _compute_is_signed(self):
        for issue in self:
            issue.is_signed = bool(issue._signature_roles())

    # --- issuing ----------------------------------------------------------------

    @api.model
    def _issue(self, occupancy, forms):
        """Issue ``forms`` for ``occupancy``; only for methods that have checked who may.

        A notice nobody signs is issued anew as often as wanted: the former one
        becomes void. A paper that is signed has to be made void first.
        """
        current = self.search(
            [
                ("occupancy_id", "=", occupancy.id),
                ("form_id", "in", forms.ids),
                ("state", "!=", "void"),
            ]
        )
        for issue in current.filtered("is_signed"):
            raise UserError(
                self.env._(
                    "%(paper)s is issued for %(occupancy)s already. Sign that one, or void it with"
                    " a reason first.",
                    paper=issue.display_name,
                    occupancy=occupancy.display_name,
                )
            )
        current._void(self.env._("issued anew"))
        current.flush_recordset()
        numbers = self._draw_numbers(occupancy.estate_id, len(forms))
        # nobody has the right to create papers; who may issue was checked
        issues = self.sudo().create(
            [
                self._prepare_issue(occupancy, form, number)
                for form, number in zip(forms, numbers, strict=True)
            ]
        )
        for issue, number in zip(issues, numbers, strict=True):
            issue._keep_number(number)
        return issues.with_env(self.env)

    @api.model
    def _prepare_issue(self, occupancy, form, number=""):
        """Values of the paper; without number as it would be, to be looked at."""
        lang = occupancy._get_form_lang()
        # any of the staff may issue for a party whose data only some may read
        title, body = form.with_context(lang=lang)._fill(occupancy.sudo(), number)
        return {
            "form_id": form.id,
            "form_version": form.version,
            "occupancy_id": occupancy.id,
            "partner_id": occupancy.partner_id.id,
            "lang": lang,
            "title": title,
            "body": body,
            "date_issued": occupancy.estate_id._today(),
            "user_id": self.env.uid,
        }

    # --- signing --------------------------------------------------------------

    def _signature_roles(self):
        self.ensure_one()
        # the form says who signs; everybody may know that
        form = self.form_id.sudo()
        roles = {}
        if form.sign_company:
            roles["company"] = Role(self.company_id.name, staff=True)
        if form.sign_party:
            label = (
                self.env._("Owner") if self.occupancy_id.kind == "owner" else self.env._("Tenant")
            )
            roles["party"] = Role(label, name=self.partner_id.name or "")
        if form.sign_developer:
            roles["developer"] = Role(self.env._("Developer"))
        return roles

    def _signature_version_values(self):
        return [self.number, self.title, str(self.body or "")]

    def _signature_partner(self, role):
        return self.partner_id if role == "party" else super()._signature_partner(role)

    def _signature_check_access(self):
        """Whoever works on the occupancy lets its papers be signed."""
        self.check_access("read")
        self.occupancy_id.check_access("write")

    def _signature_check(self, role):
        if self.state == "void":
            raise UserError(
                self.env._(
                    "%(paper)s is void and cannot be signed. Issue it anew.",
                    paper=self.display_name,
                )
            )
        return super()._signature_check(role)

    def _signature_given(self, role):
        result = super()._signature_given(role)
        refused = self._signature_rows().filtered("is_refused")
        if self.state == "issued" and not self._signature_missing() and not refused:
            # the state follows from the signatures, which the mixin has checked
            self.sudo().write({"state": "signed", "date_signed": fields.Datetime.now()})
            self._file()
            self.occupancy_id._stamp_proven_steps()
        return result

    def _file(self):
        """Put the signed paper into the dossier, where the form says as what."""
        for issue in self.filtered(lambda row: row.form_id.sudo().document_type_id):
            # the paper is a document of the dossier by the rule of the form, whoever signs last
            system = issue.sudo()
            report = self.env["ir.actions.report"].sudo()
            content, kind = report._render_qweb_pdf("property_tenant.report_form_issue", system.ids)
            document = system.env["property.document"].create(
                {
                    "type_id": system.form_id.document_type_id.id,
                    "name": system.title,
                    "occupancy_id": system.occupancy_id.id,
                    "date_document": system.date_issued,
                    "date_received": system.estate_id._today(),
                    "note": system.number,
                    "attachment_ids": [
                        Command.create(
                            {
                                "name": f"{system.number}.{kind}",
                                "raw": content,
                                "res_model": "property.document",
                            }
                        )
                    ],
                }
            )
            system.document_id = document

    # --- voiding ----------------------------------------------------------------

    def action_open_void(self):
        """Ask why the papers are to be void."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void"),
            "res_model": "property.form.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_issue_ids": self.ids},
        }

    def action_void(self, reason=None):
        """Make the papers void, with a reason that stays on record."""
        self.check_access("read")
        self.occupancy_id.check_access("write")
        reason = reason.strip() if isinstance(reason, str) else ""
        for issue in self:
            if issue.state == "void":
                raise UserError(self.env._("%(paper)s is void already.", paper=issue.display_name))
            if not reason:
                raise UserError(
                    self.env._(
                        "Say why %(paper)s is void; it stays on record.", paper=issue.display_name
                    )
                )
        self._void(reason)

    def _void(self, reason):
        # nobody has the right to write papers; the callers have checked
        papers = self.sudo()
        papers.write({"state": "void", "void_reason": reason})
        # what the dossier keeps of a void paper is not in force either
        filed = papers.document_id.filtered(lambda document: document.state == "filed")
        filed.write({"state": "void", "void_reason": reason})
        # what was proven by the paper is not any more
        papers.occupancy_id._stamp_proven_steps()

    def _erase_text(self):
        """What the papers say of people is erased with their dossier; that they were issued
        and signed stays. Called with the rights of the system."""
        for issue in self:
            # the paper is what was signed, but for the text: that is not a change to be signed anew
            issue.write({"title": issue.form_id.name, "body": False})

    # --- printing and mailing -----------------------------------------------------

    def _in_unit_order(self):
        rank = {unit: at for at, unit in enumerate(self.unit_id._in_unit_order())}
        return self.sorted(lambda row: (rank.get(row.unit_id, -1), row.number))

    def action_send(self):
        """Mail the papers to the party: a look at the message first, with the PDF enclosed."""
        self.check_access("read")
        occupancy = self.occupancy_id
        if len(occupancy) != 1:
            raise UserError(
                self.env._(
                    "Choose papers of one occupancy. To mail many, choose the occupancies and press"
                    " Print Papers."
                )
            )
        occupancy.check_access("write")
        for issue in self.filtered(lambda row: row.state == "void"):
            raise UserError(
                self.env._(
                    "%(paper)s is void. Issue it anew, and mail that one.", paper=issue.display_name
                )
            )
        return occupancy._compose_paper_mail(
            [
                {
                    "template": "property_tenant.report_form_issue_page",
                    "lang": issue.lang,
                    "doc": issue.with_context(lang=issue.lang),
                }
                for issue in self._in_unit_order()
            ]
        )

    def _get_url(self):
        """Where the paper opens for staff who scan its code."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/papers/{self.id}"
