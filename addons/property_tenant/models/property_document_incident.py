from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("overdue", "Not Returned in Time"),
    ("lost", "Lost"),
    ("damaged", "Damaged"),
    ("leaked", "Seen by Somebody Who May Not"),
    ("pages", "Pages Missing"),
]

TRANSITIONS = {"open": {"decided"}, "decided": {"closed", "open"}, "closed": set()}


class PropertyDocumentIncident(models.Model):
    """Something happened to a paper: who answers for it, and what is done about it."""

    _name = "property.document.incident"
    _description = "Document Incident"
    _inherit = ["mail.thread", "mail.activity.mixin", "property.numbered.mixin"]
    _order = "id desc"
    _rec_names_search = ["number", "document_id.number", "answerable_id.name"]
    _check_company_auto = True
    _required_constraints = ("_number_uniq", "_once_per_loan")
    _number_series = "DI"

    document_id = fields.Many2one(
        "property.document", required=True, index=True, ondelete="restrict", check_company=True
    )
    loan_id = fields.Many2one(
        "property.document.loan", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    occupancy_id = fields.Many2one(
        related="document_id.occupancy_id", store=True, index="btree_not_null", precompute=True
    )
    estate_id = fields.Many2one(
        related="document_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(KINDS, required=True, default="lost", tracking=True)
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    answerable_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    description = fields.Text(required=True, tracking=True)
    remedy = fields.Text(tracking=True, help="What was decided: a new paper, a notice, a fine.")
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False, ondelete="restrict"
    )
    state = fields.Selection(
        [("open", "To Be Decided"), ("decided", "Decided"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )

    _once_per_loan = models.UniqueIndex(
        "(loan_id, kind) WHERE loan_id IS NOT NULL",
        "This was already reported for the loan.",
    )

    @api.depends("number", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for incident in self:
            incident.display_name = " ".join(
                filter(None, (incident.number, kinds.get(incident.kind)))
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("state", "open")
            if vals["state"] != "open" or vals.get("decided_by_id"):
                raise UserError(self.env._("An incident is reported before it is decided."))
        return super().create(vals_list)

    def _check_steps(self, vals):
        """The steps are taken with the buttons, and never by the person who answers for it."""
        if self.env.su:
            return
        for incident in self:
            if {"state", "decided_by_id"} & vals.keys():
                raise UserError(
                    self.env._(
                        "What happens with %s is decided with its buttons: Decide, Close, Reopen.",
                        incident.display_name,
                    )
                )
            if {"remedy", "answerable_id"} & vals.keys():
                incident._check_not_answerable()

    def _check_not_answerable(self):
        for incident in self:
            if incident.answerable_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You answer for %s yourself. Let somebody else decide.",
                        incident.display_name,
                    )
                )

    def write(self, vals):
        self._check_steps(vals)
        fixed = {"document_id", "loan_id"} & vals.keys()
        for incident in self:
            if fixed or (incident.state == "closed" and "state" not in vals):
                raise UserError(
                    self.env._(
                        "%s stays as it was reported. Say what else is known in its notes below.",
                        incident.display_name,
                    )
                )
            state = vals.get("state", incident.state)
            if state != incident.state and state not in TRANSITIONS[incident.state]:
                raise UserError(
                    self.env._(
                        "%s is closed or not yet decided; take one step after the other.",
                        incident.display_name,
                    )
                )
        return super().write(vals)

    def action_decide(self):
        """What is to be done has been decided by somebody else than the one answerable."""
        self.check_access("write")
        for incident in self:
            if not (incident.remedy or "").strip():
                raise UserError(
                    self.env._("Write what is to be done about %s.", incident.display_name)
                )
        self._step({"state": "decided", "decided_by_id": self.env.uid})

    def action_close(self):
        """It was done."""
        self._step({"state": "closed"})

    def action_reopen(self):
        """It must be decided anew."""
        self._step({"state": "open", "decided_by_id": False})

    def _step(self, vals):
        self.check_access("write")
        self._check_not_answerable()
        # the user was checked; nobody writes the steps otherwise
        self.sudo().write(vals)

    def action_found(self):
        """The lost paper is back in its place."""
        self.check_access("write")
        for incident in self:
            document = incident.document_id
            if document.state == "lost":
                document.write({"state": "filed"})
                incident.message_post(body=self.env._("The paper was found and is filed again."))
