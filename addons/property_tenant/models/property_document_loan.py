from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..calc.approval import APPROVED, Gate
from ..calc.dossier import pages_differ
from ..calc.signature import Role

LOAN_STATES = [
    ("draft", "New"),
    ("asked", "Waiting for Approval"),
    ("ready", "May Be Taken"),
    ("out", "Out"),
    ("checking", "Return to Be Checked"),
    ("returned", "Returned"),
    ("lost", "Lost"),
    ("cancelled", "Cancelled"),
]

#: the borrower answers for the paper
HELD_STATES = ("out", "checking")

#: where each state may lead; everything else is refused on write
TRANSITIONS = {
    "draft": {"asked", "ready", "cancelled"},
    "asked": {"ready", "draft", "cancelled"},
    "ready": {"out", "draft", "cancelled"},
    "out": {"checking", "lost"},
    "checking": {"returned", "out", "lost"},
    "returned": set(),
    "lost": set(),
    "cancelled": set(),
}

KEEPERS = "property_tenant.group_archivist"


class PropertyDocumentLoan(models.Model):
    """A paper is borrowed for a purpose until a day, and counted when it comes back.

    Nobody writes loans by hand; the methods check who may do what. A paper is never
    out twice: the database refuses it.
    """

    _name = "property.document.loan"
    _description = "Document Loan"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "property.numbered.mixin",
        "property.approval.mixin",
        "property.signature.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "document_id.number", "borrower_id.name"]
    _check_company_auto = True
    _mail_post_access = "read"
    _required_constraints = ("_number_uniq", "_out_once", "_two_check")
    _number_series = "DL"

    document_id = fields.Many2one(
        "property.document", required=True, readonly=True, index=True, ondelete="restrict"
    )
    type_id = fields.Many2one(related="document_id.type_id", string="Type")
    occupancy_id = fields.Many2one(
        related="document_id.occupancy_id", store=True, index="btree_not_null", precompute=True
    )
    unit_id = fields.Many2one(related="document_id.unit_id")
    estate_id = fields.Many2one(
        related="document_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    borrower_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    department_id = fields.Many2one(
        "property.department",
        string="Borrower's Department",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    department_head_id = fields.Many2one(
        "res.users",
        string="Head of the Department",
        readonly=True,
        ondelete="restrict",
        help="Decides whether the paper may be copied or taken out of the office.",
    )
    same_department = fields.Boolean(
        string="Keeps the Papers",
        readonly=True,
        help="The borrower works for the department that keeps the paper, or in the archive.",
    )
    use = fields.Selection(
        [
            ("look", "To Look at in the Office"),
            ("copy", "To Copy"),
            ("take_out", "To Take out of the Office"),
        ],
        required=True,
        readonly=True,
        default="look",
    )
    purpose = fields.Char(required=True, readonly=True)
    days = fields.Integer(readonly=True, help="For how many days it is asked for.")
    is_long = fields.Boolean(
        string="Longer than Usual", readonly=True, help="Longer than the settings allow by itself."
    )
    date_due = fields.Date(string="To Be Returned", required=True, readonly=True, tracking=True)
    date_out = fields.Datetime(string="Handed out at", readonly=True, copy=False)
    handed_out_by_id = fields.Many2one(
        "res.users", string="Handed out by", readonly=True, copy=False, ondelete="restrict"
    )
    date_in = fields.Datetime(string="Returned at", readonly=True, copy=False)
    pages_out = fields.Integer(string="Pages Taken", readonly=True, copy=False, aggregator=None)
    pages_in = fields.Integer(string="Pages Returned", readonly=True, copy=False, aggregator=None)
    returned_by_id = fields.Many2one(
        "res.users",
        string="Counted by the Borrower",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    checked_by_id = fields.Many2one(
        "res.users", string="Counted by the Archive", readonly=True, copy=False, ondelete="restrict"
    )
    state = fields.Selection(
        LOAN_STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_held = fields.Boolean(
        string="Held", compute="_compute_is_held", store=True, index=True, precompute=True
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")
    is_keeper = fields.Boolean(compute="_compute_is_mine")
    incident_ids = fields.One2many("property.document.incident", "loan_id", string="Incidents")

    _out_once = models.UniqueIndex(
        "(document_id) WHERE state IN ('out', 'checking')",
        "The paper is out already. It can be lent again when it is back.",
    )
    _two_check = models.Constraint(
        "CHECK (state <> 'returned' OR (returned_by_id IS NOT NULL AND checked_by_id IS NOT NULL"
        " AND returned_by_id <> checked_by_id))",
        "Two different people count the pages when a paper is returned.",
    )
    _pages_not_negative = models.Constraint(
        "CHECK (pages_out >= 0 AND pages_in >= 0)", "Numbers of pages cannot be negative."
    )

    # --- what is derived ---------------------------------------------------

    @api.depends("state")
    def _compute_is_held(self):
        for loan in self:
            loan.is_held = loan.state in HELD_STATES

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        for loan in self:
            loan.is_overdue = loan.state == "out" and loan.date_due < loan.estate_id._today()

    def _search_is_overdue(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = fields.Date.context_today(self)
        late = self.search([("state", "=", "out"), ("date_due", "<=", today)])
        domain = fields.Domain("id", "in", late.filtered("is_overdue").ids)
        return domain if (True in value) == (operator == "in") else ~domain

    @api.depends_context("uid")
    def _compute_is_mine(self):
        for loan in self:
            loan.is_mine = loan.borrower_id == self.env.user
            loan.is_keeper = loan._may_keep()

    @api.depends("number", "document_id")
    def _compute_display_name(self):
        for loan in self:
            loan.display_name = " ".join(
                filter(None, (loan.number, loan.document_id.sudo().display_name))
            )

    # --- asking --------------------------------------------------------------

    def _approval_gates(self):
        return super()._approval_gates() | {
            "lend": Gate(
                self.env._("Lending"),
                guards={"state": ("ready", "out")},
                invalidated_by=("document_id", "borrower_id", "use", "days"),
            )
        }

    def _approval_figures(self):
        return super()._approval_figures() | {"days": self.days}

    def _approval_granted(self, gate):
        if gate == "lend":
            self.filtered(lambda loan: loan.state in ("draft", "asked")).write({"state": "ready"})
        return super()._approval_granted(gate)

    def _approval_rejected(self, gate, opinion):
        if gate == "lend":
            self.filtered(lambda loan: loan.state in ("asked", "ready")).write({"state": "draft"})
        return super()._approval_rejected(gate, opinion)

    def _approval_invalidated(self, gates):
        if "lend" in gates:
            self.filtered(lambda loan: loan.state in ("asked", "ready")).write({"state": "draft"})
        return super()._approval_invalidated(gates)

    @api.model
    def _borrow(self, documents, use, purpose, date_due):
        """Ask for the papers, in the name of the user; returns the loans.

        The caller checked that the user may read the documents and borrow.
        """
        vals_list = [self._prepare_loan(document, use, purpose, date_due) for document in documents]
        # nobody writes loans by hand: what may be asked for was checked just before
        loans = self.sudo().create(vals_list)
        # the guard of approvals names who asked: the user himself
        for loan in loans:
            asked = loan._request_approval("lend", purpose)
            if asked and loan.state == "draft":
                loan.write({"state": "asked"})
        return loans.sudo(False)

    @api.model
    def _prepare_loan(self, document, use, purpose, date_due):
        user, estate = self.env.user, document.estate_id
        purpose = (purpose or "").strip()
        if not purpose:
            raise UserError(self.env._("Say what %s is needed for.", document.display_name))
        if document.state != "filed" or document.form == "file":
            raise UserError(
                self.env._(
                    "%s is not a paper that is filed and in force, so it cannot be borrowed.",
                    document.display_name,
                )
            )
        if document.borrower_id:
            raise UserError(
                self.env._(
                    "%(document)s is held by %(borrower)s until %(day)s. Ask for it when it is"
                    " back.",
                    document=document.display_name,
                    borrower=document.borrower_id.name,
                    day=document.loan_due,
                )
            )
        today = estate._today()
        if not date_due or date_due < today:
            raise UserError(
                self.env._(
                    "%s must be returned on a day to come. Correct the day.",
                    document.display_name,
                )
            )
        days = max((date_due - today).days, 1)
        keeping = document.type_id._get_department(document.company_id)
        department = self.env["property.department"]._get_of(user, estate, keeping)
        return {
            "document_id": document.id,
            "borrower_id": user.id,
            "department_id": department.id,
            "department_head_id": self._get_head(department | keeping, estate, user).id,
            "same_department": user.has_group(KEEPERS)
            or bool(department and department == keeping),
            "use": use,
            "purpose": purpose,
            "days": days,
            "is_long": days > document.company_id.pm_loan_days,
            "date_due": date_due,
        }

    @api.model
    def _get_head(self, departments, estate, user):
        """Head who decides what ``user`` asks for: never himself; else a manager of the estate."""
        heads = departments.head_id.sudo().filtered("active") - user
        if not heads:
            # only who may decide is asked; nothing else of the group is shown
            managers = self.env.ref("property_tenant.group_manager").sudo().all_user_ids
            heads = managers.filtered(
                lambda other: other != user and other.active and other._sees_estate(estate)
            )
        return heads[:1]

    # --- states ------------------------------------------------------------

    def write(self, vals):
        if "state" in vals:
            labels = dict(self._fields["state"]._description_selection(self.env))
            for loan in self:
                if vals["state"] not in TRANSITIONS[loan.state] | {loan.state}:
                    raise UserError(
                        self.env._(
                            "The loan %(loan)s is %(old)s and cannot become %(new)s.",
                            loan=loan.display_name,
                            old=labels[loan.state],
                            new=labels.get(vals["state"], vals["state"]),
                        )
                    )
        return super().write(vals)

    def _may_keep(self):
        """Whether the user hands out and takes back for the archive."""
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group(KEEPERS):
            return True
        keeping = self.document_id.sudo().type_id._get_department(self.company_id)
        return bool(keeping) and user in keeping._get_users(self.estate_id)

    def _check_mine(self):
        for loan in self:
            loan.check_access("read")
            if not (loan.borrower_id == self.env.user or loan._may_keep()):
                raise AccessError(
                    self.env._(
                        "%(loan)s is for %(borrower)s. Only this person and the archive can do"
                        " that.",
                        loan=loan.display_name,
                        borrower=loan.borrower_id.name,
                    )
                )

    def _check_keeper(self):
        for loan in self:
            loan.check_access("read")
            if not loan._may_keep():
                raise AccessError(
                    self.env._(
                        "Only the archive, or the department that keeps %s, can do that.",
                        loan.document_id.sudo().display_name,
                    )
                )

    def action_ask(self):
        """Ask again after a rejection."""
        self._check_mine()
        for loan in self.filtered(lambda loan: loan.state == "draft"):
            asked = loan.sudo()._request_approval("lend", loan.purpose)
            if asked and loan.state == "draft":
                loan.sudo().write({"state": "asked"})

    def action_hand_out(self, pages=None):
        """The paper leaves its place: signed out by a colleague, handed over to others."""
        self._check_keeper()
        for loan in self:
            pages_out = loan.document_id.sudo().pages if pages is None else int(pages)
            if loan.state != "ready":
                raise UserError(loan._get_not_ready_text())
            loan._check_in_place()
            # the user was checked; what is written follows from what he did
            loan.sudo().write(
                {
                    "state": "out",
                    "date_out": fields.Datetime.now(),
                    "handed_out_by_id": self.env.uid,
                    "pages_out": max(pages_out, 0),
                }
            )

    def _check_in_place(self):
        """The paper may have been lost, replaced or made void since the loan was allowed."""
        # who hands out may not be allowed to read the paper
        document = self.document_id.sudo()
        if document.state != "filed":
            states = dict(document._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(document)s is %(state)s now and cannot be handed out. Cancel the loan"
                    " %(loan)s.",
                    document=document.display_name,
                    state=states[document.state],
                    loan=self.number,
                )
            )

    def _get_not_ready_text(self):
        if self.approval_state == APPROVED or self.state != "asked":
            labels = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(loan)s is %(state)s and cannot be handed out.",
                loan=self.display_name,
                state=labels[self.state],
            )
        return self.env._(
            "%(loan)s still waits for approval: %(who)s.",
            loan=self.display_name,
            who=self.approval_waiting or self.env._("nobody"),
        )

    def action_return(self, pages):
        """Count the pages that come back: once by the borrower, once by the archive.

        The loan ends when two different people have counted the same; pages that are
        missing open an incident.
        """
        self._check_mine()
        for loan in self:
            loan._return(int(pages or 0))

    def _return(self, pages):
        self.ensure_one()
        user = self.env.user
        if self.state not in HELD_STATES:
            raise UserError(
                self.env._("%s is not out, so it cannot be returned.", self.display_name)
            )
        if pages < 0:
            raise UserError(self.env._("Numbers of pages cannot be negative."))
        vals = {"pages_in": pages, "state": "checking"}
        # where the borrower is not there, two of the archive count
        second = self.checked_by_id and self.checked_by_id != user and not self.returned_by_id
        counter = "returned_by_id" if user == self.borrower_id or second else "checked_by_id"
        vals[counter] = user.id
        other = self.returned_by_id if counter == "checked_by_id" else self.checked_by_id
        if other and self.pages_in != pages:
            raise UserError(
                self.env._(
                    "%(name)s counted %(before)s pages of %(loan)s, and you %(now)s. Count"
                    " together and enter the same number.",
                    name=other.name,
                    before=self.pages_in,
                    loan=self.display_name,
                    now=pages,
                )
            )
        # the user was checked by the caller
        loan = self.sudo()
        loan.write(vals)
        if loan.returned_by_id and loan.checked_by_id:
            loan.write({"state": "returned", "date_in": fields.Datetime.now()})
            missing = pages_differ(loan.pages_out, pages)
            if missing:
                loan._open_incident(
                    "pages",
                    self.env._("%s pages did not come back.", missing),
                )

    def action_cancel(self):
        """The paper is not needed any more; it was not taken."""
        self._check_mine()
        waiting = self.filtered(lambda loan: loan.state in ("draft", "asked", "ready"))
        for loan in self - waiting:
            raise UserError(
                self.env._(
                    "%s was handed out and cannot be cancelled. Return it.", loan.display_name
                )
            )
        waiting.sudo()._approval_void(["lend"], self.env._("the loan was cancelled"))
        waiting.sudo().write({"state": "cancelled"})

    def action_extend(self, date_due, reason):
        """A manager lets the borrower keep the paper until another day."""
        self.check_access("read")
        if not self.env.user.has_group("property_tenant.group_manager"):
            raise AccessError(
                self.env._("Only a manager can let somebody keep a paper for longer.")
            )
        date_due, reason = fields.Date.to_date(date_due), (reason or "").strip()
        for loan in self:
            if loan.borrower_id == self.env.user:
                raise AccessError(
                    self.env._("%s is your own loan. Ask another manager.", loan.display_name)
                )
            if loan.state != "out" or not date_due or date_due <= loan.date_due or not reason:
                raise UserError(
                    self.env._(
                        "%(loan)s is to be returned on %(day)s. Give a later day, and say why.",
                        loan=loan.display_name,
                        day=loan.date_due,
                    )
                )
            loan.sudo()._message_log(body=self.env._("May be kept longer: %s", reason))
        self.sudo().write({"date_due": date_due})

    # --- signatures on the screen ------------------------------------------------

    def _signature_roles(self):
        return super()._signature_roles() | {
            "borrower": Role(self.env._("Borrower"), name=self.borrower_id.name),
            "archive": Role(self.env._("Archive"), staff=True),
        }

    def _signature_version_values(self):
        return [self.document_id.id, self.borrower_id.id, str(self.date_out), self.pages_out]

    def _signature_check_access(self):
        # nobody writes loans by hand; both sides take signatures
        self._check_mine()

    # --- trouble -------------------------------------------------------------

    def action_report(self, kind, description):
        """Report that the paper was lost, damaged or seen by somebody who may not."""
        self._check_mine()
        description = (description or "").strip()
        if kind not in ("lost", "damaged", "leaked") or not description:
            raise UserError(self.env._("Say what happened to the paper."))
        incidents = self.env["property.document.incident"]
        for loan in self:
            if loan.state not in HELD_STATES:
                raise UserError(
                    self.env._(
                        "%s is not out. Report what happened under Incidents.", loan.display_name
                    )
                )
            # the user was checked; the incident names the borrower
            incidents |= loan.sudo()._open_incident(kind, description)
            if kind == "lost":
                loan.sudo().write({"state": "lost"})
                loan.document_id.sudo().write({"state": "lost"})
        return incidents.sudo(False)

    def _open_incident(self, kind, description):
        """An incident with the borrower as the person answerable; one of a kind per loan."""
        self.ensure_one()
        existing = self.incident_ids.filtered(lambda incident: incident.kind == kind)
        return existing or self.env["property.document.incident"].create(
            {
                "loan_id": self.id,
                "document_id": self.document_id.id,
                "kind": kind,
                "answerable_id": self.borrower_id.id,
                "description": description,
            }
        )

    @api.model
    def _run_daily(self, estate, today):
        """What was not returned in time opens an incident; the borrower is reminded."""
        late = self.search(
            [("estate_id", "=", estate.id), ("state", "=", "out"), ("date_due", "<", today)]
        )
        kind = self.env.ref("property_tenant.activity_type_papers")
        for loan in late:
            loan._open_incident(
                "overdue",
                self.env._("It was to be returned on %s.", loan.date_due),
            )
            if not loan.activity_ids.filtered(lambda todo: todo.activity_type_id == kind):
                loan.activity_schedule(
                    "property_tenant.activity_type_papers",
                    date_deadline=loan.date_due + timedelta(days=1),
                    summary=self.with_context(lang=loan.borrower_id.lang).env._("Return the paper"),
                    user_id=loan.borrower_id.id,
                )
        back = self.search(
            [
                ("estate_id", "=", estate.id),
                ("state", "in", ("returned", "lost")),
                ("activity_ids.activity_type_id", "=", kind.id),
            ]
        )
        back.activity_unlink(["property_tenant.activity_type_papers"])
        return late

    # --- windows -------------------------------------------------------------

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

    def action_open_return(self):
        """Open the window in which the pages are counted."""
        self.ensure_one()
        return self._open_window("property.document.return", self.env._("Return"))

    def action_open_report(self):
        """Open the window in which a loss or damage is reported."""
        self.ensure_one()
        return self._open_window("property.document.report", self.env._("Report"))

    def action_open_extend(self):
        """Open the window in which a manager gives more time."""
        self.ensure_one()
        return self._open_window("property.document.extend", self.env._("Give More Time"))
