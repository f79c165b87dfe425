from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..calc.approval import APPROVED, Gate

TRANSITIONS = {
    "draft": {"asked", "approved", "cancelled"},
    "asked": {"approved", "draft", "cancelled"},
    "approved": {"done", "draft", "cancelled"},
    "done": set(),
    "cancelled": set(),
}


#: who did what, kept by the steps
SIGNED = {"first_signer_id", "second_signer_id", "destroyed_by_id", "date_done"}


class PropertyDossierDestruction(models.Model):
    """Papers whose period is over: a list that two people sign, then they are destroyed.

    Files and personal data are erased; the rows of the papers stay with who, when
    and why.
    """

    _name = "property.dossier.destruction"
    _description = "Destruction List"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "property.numbered.mixin",
        "property.approval.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _required_constraints = ("_number_uniq", "_two_sign", "_signed_before_done")
    _number_series = "DX"

    estate_id = fields.Many2one("property.estate", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    reason = fields.Char(
        required=True,
        default=lambda self: self.env._("The period for which the papers are kept is over."),
        tracking=True,
    )
    method = fields.Selection(
        [("shred", "Shredded"), ("burn", "Burnt"), ("contractor", "By a Contractor")],
        string="How",
        required=True,
        default="shred",
        tracking=True,
    )
    document_ids = fields.Many2many(
        "property.document",
        "property_dossier_destruction_rel",
        "destruction_id",
        "document_id",
        string="Papers",
        copy=False,
    )
    document_count = fields.Integer(compute="_compute_document_count")
    first_signer_id = fields.Many2one(
        "res.users", string="First Signature", readonly=True, copy=False, ondelete="restrict"
    )
    second_signer_id = fields.Many2one(
        "res.users", string="Second Signature", readonly=True, copy=False, ondelete="restrict"
    )
    destroyed_by_id = fields.Many2one(
        "res.users", string="Destroyed by", readonly=True, copy=False, ondelete="restrict"
    )
    date_done = fields.Datetime(string="Destroyed at", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "New"),
            ("asked", "To Be Signed"),
            ("approved", "Signed"),
            ("done", "Destroyed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    _two_sign = models.Constraint(
        "CHECK (first_signer_id <> second_signer_id)",
        "Two different people sign that papers may be destroyed.",
    )
    _signed_before_done = models.Constraint(
        "CHECK (state <> 'done' OR (first_signer_id IS NOT NULL AND second_signer_id IS NOT NULL))",
        "Papers are destroyed when two people have signed.",
    )

    @api.depends("document_ids")
    def _compute_document_count(self):
        for row in self:
            row.document_count = len(row.document_ids)

    @api.constrains("document_ids", "estate_id", "state")
    def _check_documents(self):
        for row in self.filtered(lambda row: row.state in ("draft", "asked")):
            for document in row.document_ids:
                row._check_destroyable(document)

    def _check_destroyable(self, document):
        today = self.estate_id._today()
        names = {"document": document.display_name}
        if document.estate_id != self.estate_id:
            text = self.env._("%(document)s belongs to another estate.", **names)
        elif document.state == "destroyed":
            text = self.env._("%(document)s is destroyed already.", **names)
        elif document.hold_reason:
            text = self.env._(
                "%(document)s must be kept: %(reason)s", reason=document.hold_reason, **names
            )
        elif document.borrower_id:
            text = self.env._(
                "%(document)s is held by %(borrower)s.",
                borrower=document.borrower_id.name,
                **names,
            )
        elif not document.date_destroy or document.date_destroy > today:
            text = self.env._(
                "%(document)s must be kept until %(day)s.",
                day=document.date_destroy or self.env._("further notice"),
                **names,
            )
        else:
            return
        raise UserError(text + " " + self.env._("Take it off the list."))

    # --- signing -----------------------------------------------------------

    def _approval_gates(self):
        return super()._approval_gates() | {
            "destroy": Gate(
                self.env._("Destruction"),
                guards={"state": ("approved", "done")},
                invalidated_by=("document_ids", "method", "reason"),
                required=True,
            )
        }

    def _approval_figures(self):
        return super()._approval_figures() | {"quantity": len(self.document_ids)}

    def _approval_granted(self, gate):
        if gate == "destroy":
            for row in self:
                signers = row._get_signers()
                if len(signers) < 2:
                    raise UserError(
                        self.env._(
                            "Two different people sign the list %s. Set the approval rules so that"
                            " two persons, or two steps, are asked.",
                            row.display_name,
                        )
                    )
                # two people signed; the list says who
                row.sudo().write(
                    {
                        "state": "approved",
                        "first_signer_id": signers[0].id,
                        "second_signer_id": signers[1].id,
                    }
                )
        return super()._approval_granted(gate)

    def _approval_rejected(self, gate, opinion):
        if gate == "destroy":
            self._fall_back()
        return super()._approval_rejected(gate, opinion)

    def _approval_invalidated(self, gates):
        if "destroy" in gates:
            self._fall_back()
        return super()._approval_invalidated(gates)

    def _fall_back(self):
        # whoever says no, or changes the list, takes the signatures back
        back = self.sudo().filtered(lambda row: row.state in ("asked", "approved"))
        back.write({"state": "draft", "first_signer_id": False, "second_signer_id": False})

    def _get_signers(self):
        """Who said yes to the list as it is, each once."""
        self.ensure_one()
        rows = self._approval_rows("destroy", live=True)
        last = max(rows.mapped("round_no"), default=0)
        signed = rows.filtered(lambda row: row.round_no == last and row.verdict == APPROVED)
        return signed.sorted(lambda row: (row.step, row.date, row.id)).user_id

    def _is_signed_for(self, documents):
        """Whether two people signed the list as it is, and the papers are on it."""
        self.ensure_one()
        return (
            self.state == "approved"
            and documents <= self.document_ids
            and self._approval_gate_state("destroy") == APPROVED
            and len(self._get_signers()) >= 2
        )

    # --- steps ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A list is made before it is signed."))
        return super().create(
            [{name: vals[name] for name in vals if name not in SIGNED} for vals in vals_list]
        )

    def write(self, vals):
        # the steps, and who signed, follow from what people did with the buttons
        if self and not self.env.su and ({"state"} | SIGNED) & vals.keys():
            raise UserError(
                self.env._(
                    "Who signs the list %s, and its steps, are not typed in. Ask for signatures,"
                    " sign, destroy or cancel it with its buttons.",
                    self[0].display_name,
                )
            )
        for row in self:
            state = vals.get("state", row.state)
            if state != row.state and state not in TRANSITIONS[row.state]:
                raise UserError(
                    self.env._(
                        "The list %s is not at that step. Take one step after the other.",
                        row.display_name,
                    )
                )
            if row.state in ("done", "cancelled") and vals.keys() - {"message_ids"}:
                raise UserError(
                    self.env._("The list %s is closed and stays as it is.", row.display_name)
                )
        return super().write(vals)

    def action_collect(self):
        """Put all papers of the estate on the list whose period is over."""
        self.check_access("write")
        for row in self:
            row.document_ids = [Command.set(row._get_due_documents().ids)]
            if not row.document_ids:
                raise UserError(
                    self.env._(
                        "No paper of %s is due for destruction: occupancies have to be ended, and"
                        " the period of the document type has to be over.",
                        row.estate_id.display_name,
                    )
                )

    def _get_due_documents(self):
        self.ensure_one()
        documents = self.env["property.document"].search(
            [
                ("estate_id", "=", self.estate_id.id),
                ("date_destroy", "<=", self.estate_id._today()),
                ("state", "!=", "destroyed"),
                ("hold_reason", "in", (False, "")),
            ]
        )
        return documents.filtered(lambda document: not document.borrower_id)

    def action_ask(self):
        """Ask the two people to sign."""
        self.check_access("write")
        for row in self:
            if not row.document_ids:
                raise UserError(self.env._("Put papers on the list %s first.", row.display_name))
            if row._request_approval("destroy", row.reason) and row.state == "draft":
                # the user was checked; the state follows
                row.sudo().write({"state": "asked"})

    def action_cancel(self):
        """The papers are kept."""
        self.check_access("write")
        self._approval_void(["destroy"], self.env._("the list was cancelled"))
        # the user was checked above
        self.sudo().write({"state": "cancelled"})

    def action_destroy(self):
        """The papers have been destroyed: their files and what they say of people are erased."""
        self.check_access("write")
        if not self.env["property.document"].has_access("write"):
            raise AccessError(self.env._("Only the archive destroys papers."))
        for row in self:
            if row.state != "approved":
                raise UserError(
                    self.env._("The list %s is not signed by two people yet.", row.display_name)
                )
            # the list was signed for all its papers, also those that the user may not read
            documents = row.document_ids.sudo()
            for document in documents:
                row.sudo()._check_destroyable(document)
            documents._destroy(row)
            documents.dossier_id._erase_personal_data()
        # the user was checked above
        self.sudo().write(
            {"state": "done", "destroyed_by_id": self.env.uid, "date_done": fields.Datetime.now()}
        )
