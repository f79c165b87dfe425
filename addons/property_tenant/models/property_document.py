from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..calc.dossier import destroy_from
from .property_document_type import ESTATE_CATEGORIES, FORMS

DOCUMENT_STATES = [
    ("filed", "Filed"),
    ("replaced", "Replaced"),
    ("lost", "Lost"),
    ("void", "Void"),
    ("destroyed", "Destroyed"),
]

#: where each state may lead; everything else is refused on write
TRANSITIONS = {
    "filed": {"replaced", "lost", "void", "destroyed"},
    "replaced": {"void", "destroyed"},
    "lost": {"filed", "replaced", "void", "destroyed"},
    "void": {"destroyed"},
    "destroyed": set(),
}

#: to which dossier a paper belongs stays; one in the wrong dossier is made void
FROZEN = {"occupancy_id", "estate_id", "replaces_id"}

#: a change of these changes what the dossier lacks
PAPER_FIELDS = {"state", "type_id", "date_expiry"}

#: dossiers of this many papers at once need no lines in the history that they were made
QUIET_FROM = 20


class PropertyDocument(models.Model):
    """A paper or file in a dossier, or a contract with a contractor of an estate.

    Numbered without gaps in its estate. It is never deleted: a wrong one is made
    void with a reason, an old one is replaced, and after the retention period it is
    destroyed on a list that two people signed; its row stays.
    """

    _name = "property.document"
    _description = "Document"
    _inherit = ["mail.thread", "mail.activity.mixin", "property.numbered.mixin"]
    _order = "date_received desc, id desc"
    _rec_names_search = ["number", "name", "type_id.name", "partner_id.name"]
    _check_company_auto = True
    _mail_post_access = "read"
    _required_constraints = ("_number_uniq", "_void_has_reason", "_of_occupancy")
    _number_series = "D"

    type_id = fields.Many2one(
        "property.document.type",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    category = fields.Selection(
        related="type_id.category", string="Content", store=True, index=True, precompute=True
    )
    is_confidential = fields.Boolean(
        related="type_id.confidential", string="Confidential", store=True, precompute=True
    )
    name = fields.Char(string="Title", tracking=True, help="Empty: the name of the type.")
    occupancy_id = fields.Many2one(
        "property.occupancy",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: the paper belongs to the estate, such as a contract with a contractor.",
    )
    dossier_id = fields.Many2one(
        "property.occupancy",
        compute="_compute_dossier",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The leading occupancy: one lease over several units has one dossier.",
    )
    unit_id = fields.Many2one(
        related="occupancy_id.unit_id", store=True, index="btree_not_null", precompute=True
    )
    building_id = fields.Many2one(
        related="occupancy_id.building_id", store=True, index="btree_not_null", precompute=True
    )
    estate_id = fields.Many2one(
        "property.estate",
        compute="_compute_estate_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Party",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The party of the occupancy, or the contractor.",
    )
    state = fields.Selection(
        DOCUMENT_STATES,
        required=True,
        default="filed",
        index=True,
        tracking=True,
        copy=False,
        readonly=True,
    )
    form = fields.Selection(
        FORMS,
        string="Kept as",
        compute="_compute_form",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    shelf = fields.Char(string="Shelf Place", tracking=True, help="Where the paper is found.")
    pages = fields.Integer(tracking=True, aggregator="sum")
    date_document = fields.Date(string="Dated", help="The day written on the paper.")
    date_received = fields.Date(
        string="Received on", required=True, default=fields.Date.context_today, tracking=True
    )
    received_by_id = fields.Many2one(
        "res.users",
        string="Received by",
        default=lambda self: self.env.user,
        ondelete="restrict",
        readonly=True,
    )
    date_expiry = fields.Date(string="Valid until", tracking=True, index="btree_not_null")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "property_document_attachment_rel",
        "document_id",
        "attachment_id",
        string="Files",
        copy=False,
    )
    note = fields.Text(string="Notes")
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    replaces_id = fields.Many2one(
        "property.document",
        string="Replaces Paper",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    replaced_by_ids = fields.One2many("property.document", "replaces_id", string="Replaced by")
    void_reason = fields.Char(copy=False, tracking=True, readonly=True)
    hold_reason = fields.Char(
        string="Not to Be Destroyed",
        copy=False,
        tracking=True,
        help="Why the paper must be kept beyond its period, such as a law suit.",
    )
    date_destroy = fields.Date(
        string="To Be Kept until",
        compute="_compute_date_destroy",
        store=True,
        index="btree_not_null",
        help="From the day after on it may be put on a list for destruction. Empty: the occupancy"
        " goes on, or the paper is kept for ever.",
    )
    destruction_id = fields.Many2one(
        "property.dossier.destruction",
        string="Destroyed by List",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    date_destroyed = fields.Datetime(string="Destroyed at", copy=False, readonly=True)
    loan_ids = fields.One2many("property.document.loan", "document_id", string="Loans")
    loan_count = fields.Integer(compute="_compute_loans")
    borrower_id = fields.Many2one(
        "res.users",
        string="Held by",
        compute="_compute_loans",
        search="_search_borrower_id",
        help="Who has borrowed it and not yet returned it.",
    )
    loan_due = fields.Date(string="To Be Returned", compute="_compute_loans")

    _replaced_once = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL AND state <> 'void'",
        "The paper has already been replaced by another.",
    )
    _pages_not_negative = models.Constraint(
        "CHECK (pages >= 0)", "The number of pages cannot be negative."
    )
    _void_has_reason = models.Constraint(
        "CHECK (state <> 'void' OR void_reason IS NOT NULL)",
        "Say why the paper is made void; the reason stays on record.",
    )
    _of_occupancy = models.Constraint(
        "CHECK (occupancy_id IS NOT NULL OR category = 'contractor')",
        "Only contracts with contractors belong to an estate; other papers belong to an occupancy.",
    )
    _destroyed_by_list = models.Constraint(
        "CHECK (state <> 'destroyed' OR destruction_id IS NOT NULL)",
        "Papers are destroyed on a list that two people signed.",
    )

    # --- what is derived ---------------------------------------------------

    @api.depends("number", "type_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for document in self:
            # the title may name a person: it stays with those who may read the paper
            document.display_name = " ".join(
                filter(None, (document.number, document.type_id.sudo().name))
            )

    @api.depends("occupancy_id.lead_id")
    def _compute_dossier(self):
        for document in self:
            document.dossier_id = document.occupancy_id.lead_id or document.occupancy_id

    @api.depends("occupancy_id.estate_id")
    def _compute_estate_id(self):
        for document in self:
            document.estate_id = document.occupancy_id.estate_id or document.estate_id

    @api.depends("occupancy_id.partner_id")
    def _compute_partner_id(self):
        for document in self:
            document.partner_id = document.occupancy_id.partner_id or document.partner_id

    @api.depends("type_id")
    def _compute_form(self):
        for document in self:
            document.form = document.form or document.type_id.form

    @api.depends(
        "state",
        "type_id.retention_months",
        "dossier_id.state",
        "dossier_id.date_end",
        "dossier_id.member_ids.state",
        "dossier_id.member_ids.date_end",
        "date_expiry",
    )
    def _compute_date_destroy(self):
        for document in self:
            if document.state == "destroyed":
                document.date_destroy = False
                continue
            dossier = document.dossier_id
            if dossier:
                held = (dossier | dossier.member_ids).filtered(
                    lambda occupancy: occupancy.state != "cancelled"
                )
                ends = [
                    occupancy.date_end if occupancy.state == "ended" else None for occupancy in held
                ] or [dossier.date_end or dossier.date_start]
            else:
                # a contract with a contractor ends when it expires
                ends = [document.date_expiry or None]
            document.date_destroy = destroy_from(ends, document.type_id.retention_months)

    @api.depends("loan_ids.is_held", "loan_ids.borrower_id", "loan_ids.date_due")
    def _compute_loans(self):
        loans = self.env["property.document.loan"]
        counts = dict(
            loans._read_group([("document_id", "in", self.ids)], ["document_id"], ["__count"])
        )
        current = loans.search([("document_id", "in", self.ids), ("is_held", "=", True)])
        by_document = current.grouped("document_id")
        for document in self:
            loan = by_document.get(document._origin, loans)[:1]
            document.loan_count = counts.get(document._origin, 0)
            document.borrower_id = loan.borrower_id
            document.loan_due = loan.date_due

    def _search_borrower_id(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        held = Domain("is_held", "=", True)
        wanted = [user for user in value if user]
        loans = self.env["property.document.loan"].search(held)
        found = loans.filtered(lambda loan: loan.borrower_id.id in wanted).document_id
        domain = Domain("id", "in", found.ids)
        if False in value:
            domain |= Domain("id", "not in", loans.document_id.ids)
        return domain if operator == "in" else ~domain

    # --- checks ------------------------------------------------------------

    @api.constrains("occupancy_id", "type_id", "estate_id")
    def _check_belongs(self):
        for document in self:
            of_estate = document.type_id.category in ESTATE_CATEGORIES
            if of_estate and document.occupancy_id:
                raise ValidationError(
                    self.env._(
                        "%(type)s is a contract of the estate. Leave out the occupancy"
                        " %(occupancy)s, or choose another type.",
                        type=document.type_id.name,
                        occupancy=document.occupancy_id.display_name,
                    )
                )
            if not of_estate and not document.occupancy_id:
                raise ValidationError(self._get_no_dossier_text(document.type_id))
            if document.occupancy_id and document.estate_id != document.occupancy_id.estate_id:
                raise ValidationError(
                    self.env._(
                        "%(document)s belongs to the dossier of %(occupancy)s, which is in another"
                        " estate than %(estate)s.",
                        document=document.display_name,
                        occupancy=document.occupancy_id.display_name,
                        estate=document.estate_id.display_name,
                    )
                )

    def _get_no_dossier_text(self, kind):
        return self.env._("Say to whose dossier the paper %s belongs.", kind.name)

    @api.constrains("date_document", "date_expiry")
    def _check_dates(self):
        for document in self:
            dated, expiry = document.date_document, document.date_expiry
            if dated and expiry and expiry < dated:
                raise ValidationError(
                    self.env._(
                        "%(document)s would expire on %(expiry)s, before the day %(dated)s that is"
                        " written on it. Correct one of the dates.",
                        document=document.display_name,
                        expiry=expiry,
                        dated=dated,
                    )
                )

    # --- filing ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        kinds = self.env["property.document.type"]
        for vals in vals_list:
            if vals.get("state", "filed") != "filed":
                raise UserError(
                    self.env._("A paper is filed first. Make it void afterwards, with a reason.")
                )
            kind = kinds.browse(vals.get("type_id"))
            if kind and not vals.get("occupancy_id") and kind.category not in ESTATE_CATEGORIES:
                raise ValidationError(self._get_no_dossier_text(kind))
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        if len(vals_list) >= QUIET_FROM:
            quiet["tracking_disable"] = True
        documents = super(PropertyDocument, self.with_context(**quiet)).create(vals_list)
        documents = documents.with_env(self.env)
        documents._claim_files()
        documents.filtered("replaces_id")._replace_older()
        self.env["property.dossier.paper"]._refresh(documents.dossier_id)
        return documents

    def write(self, vals):
        self._check_write(vals)
        files = self.sudo().mapped("attachment_ids") if "attachment_ids" in vals else None
        dossiers = self.dossier_id if PAPER_FIELDS & vals.keys() else self.env["property.occupancy"]
        result = super().write(vals)
        if files is not None:
            self._claim_files()
            self._keep_files(files)
        if dossiers:
            self.env["property.dossier.paper"]._refresh(dossiers)
        return result

    def _check_write(self, vals):
        """Refuse what would change a paper that is not in force, or move it about."""
        for document in self:
            if document.state == "destroyed" and not vals.keys() <= {"message_ids"}:
                raise UserError(
                    self.env._(
                        "%(document)s was destroyed on %(day)s; its row stays as it is.",
                        document=document.display_name,
                        day=document.date_destroyed,
                    )
                )
            for name in FROZEN & vals.keys():
                new = vals[name] or False
                if document[name].id != new:
                    raise UserError(
                        self.env._(
                            "%(document)s stays in its dossier. Make it void with a reason and"
                            " file it where it belongs.",
                            document=document.display_name,
                        )
                    )
            state = vals.get("state", document.state)
            if state != document.state:
                document._check_transition(state, vals)
        if vals.get("state") == "destroyed":
            lists = self.env["property.dossier.destruction"].browse(vals.get("destruction_id"))
            if not lists or not lists._is_signed_for(self):
                raise UserError(
                    self.env._(
                        "%s can be destroyed only on a list that two people signed.",
                        self[:1].display_name,
                    )
                )

    def _check_transition(self, state, vals):
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        if state not in TRANSITIONS[self.state]:
            raise UserError(
                self.env._(
                    "%(document)s is %(old)s and cannot become %(new)s.",
                    document=self.display_name,
                    old=labels[self.state],
                    new=labels.get(state, state),
                )
            )
        if state in ("replaced", "void", "destroyed") and self.borrower_id:
            raise UserError(
                self.env._(
                    "%(document)s is held by %(borrower)s. It has to be returned first.",
                    document=self.display_name,
                    borrower=self.borrower_id.name,
                )
            )
        if state == "void" and not (vals.get("void_reason") or "").strip():
            raise UserError(
                self.env._(
                    "Say why %s is made void; the reason stays on record.", self.display_name
                )
            )

    def _replace_older(self):
        """The papers that were replaced go out of force; who files the new may do that."""
        for document in self:
            older = document.replaces_id
            if older.type_id != document.type_id or older.dossier_id != document.dossier_id:
                raise UserError(
                    self.env._(
                        "%(new)s cannot replace %(old)s: it is of another type or in another"
                        " dossier.",
                        new=document.display_name,
                        old=older.display_name,
                    )
                )
            document._keep_version(older.version + 1)
            older.write({"state": "replaced"})

    def _keep_version(self, version):
        """Past the refusal to change a filed paper: its version follows from the older one."""
        return super().write({"version": version})

    # --- files -------------------------------------------------------------

    def _claim_files(self):
        """The files belong to the paper from now on: who may read it reads them, nobody else.

        Only files that nobody else owns can be attached, so that no number of a file
        gives access to somebody else's.
        """
        # whose the files are must be known even where the user cannot see them
        for document in self.sudo():
            for file in document.attachment_ids:
                if file.res_model == self._name and file.res_id == document.id:
                    continue
                # sudo keeps the user, so that nobody takes files through a wizard either
                mine = self.env.uid in (SUPERUSER_ID, file.create_uid.id)
                if file.res_id or file.type != "binary" or not mine:
                    raise AccessError(
                        self.env._(
                            "The file %(file)s belongs to another record. Upload it again to"
                            " attach it to %(document)s.",
                            file=file.name,
                            document=document.display_name,
                        )
                    )
                file.write(
                    {
                        "res_model": self._name,
                        "res_id": document.id,
                        "res_field": False,
                        "public": False,
                        "access_token": False,
                    }
                )

    def _keep_files(self, before):
        now = self.sudo().mapped("attachment_ids")
        gone = before.exists() - now
        if gone:
            raise UserError(
                self.env._(
                    "The file %(file)s of %(document)s is filed and stays. File a new version, or"
                    " make the paper void with a reason.",
                    file=gone[0].name,
                    document=self[:1].display_name,
                )
            )

    # --- buttons -----------------------------------------------------------

    def action_void(self, reason):
        """Make the papers void; the reason stays on record."""
        self.check_access("write")
        self.write({"state": "void", "void_reason": (reason or "").strip()})

    def action_open_void(self):
        """Open the window that asks why."""
        self.ensure_one()
        return self._open_window("property.document.void", self.env._("Make Void"))

    def action_open_new_version(self):
        """Open the window that takes in the paper that replaces this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("File a New Version"),
            "res_model": "property.document",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_replaces_id": self.id,
                "default_type_id": self.type_id.id,
                "default_occupancy_id": self.occupancy_id.id,
                "default_estate_id": self.estate_id.id,
                "default_form": self.form,
                "default_shelf": self.shelf,
            },
        }

    def action_open_borrow(self):
        """Open the window in which the papers are borrowed."""
        self.check_access("read")
        return self._open_window("property.document.borrow", self.env._("Borrow"))

    def _open_window(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "name": name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "active_id": self[:1].id,
            },
        }

    def action_view_loans(self):
        """Open the loans of the paper."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_document_loan_action"
        )
        action["domain"] = [("document_id", "in", self.ids)]
        action["context"] = {}
        return action
