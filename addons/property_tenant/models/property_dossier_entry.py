from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.approval import Gate

TRANSITIONS = {
    "draft": {"asked", "approved", "inside", "refused"},
    "asked": {"approved", "inside", "refused", "draft"},
    "approved": {"inside", "draft", "refused"},
    "refused": {"draft"},
    "inside": {"left"},
    "left": set(),
}


class PropertyDossierEntry(models.Model):
    """Somebody enters the archive or the control room: outsiders only when approved."""

    _name = "property.dossier.entry"
    _description = "Entry to Archive or Control Room"
    _inherit = ["mail.thread", "property.dossier.numbered", "property.approval.mixin"]
    _order = "id desc"
    _rec_names_search = ["number", "visitor", "organisation"]
    _check_company_auto = True
    _required_constraints = ("_serial_once", "_left_after_entry")
    _number_letter = "E"

    estate_id = fields.Many2one(
        "property.estate",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_estate(),
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    place = fields.Selection(
        [("archive", "Archive"), ("control_room", "Control Room")],
        required=True,
        default="archive",
        tracking=True,
    )
    outsider = fields.Boolean(
        default=True, tracking=True, help="Not of the staff: needs an approval to enter."
    )
    visitor = fields.Char(string="Name", required=True, tracking=True)
    organisation = fields.Char(help="For whom the visitor comes.")
    persons = fields.Integer(default=1, string="Number of Persons")
    identity_shown = fields.Boolean(
        string="Identity Checked", help="An identity paper was shown; its number is not kept here."
    )
    purpose = fields.Char(required=True, tracking=True)
    accompanied_by_id = fields.Many2one(
        "res.users",
        string="Accompanied by",
        default=lambda self: self.env.user,
        ondelete="restrict",
        domain=[("share", "=", False)],
        tracking=True,
    )
    time_in = fields.Datetime(string="Entered at", readonly=True, copy=False)
    time_out = fields.Datetime(string="Left at", readonly=True, copy=False)
    note = fields.Text(string="Notes")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("asked", "Waiting for Approval"),
            ("approved", "May Enter"),
            ("inside", "Inside"),
            ("left", "Left"),
            ("refused", "Refused"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    _serial_once = models.UniqueIndex(
        "(estate_id, serial)", "The estate already has an entry of this number."
    )
    _left_after_entry = models.Constraint(
        "CHECK (time_out IS NULL OR time_out >= time_in)", "Nobody leaves before entering."
    )
    _persons_positive = models.Constraint("CHECK (persons > 0)", "At least one person enters.")

    @api.model
    def _default_estate(self):
        estates = self.env["property.estate"].search([], limit=2)
        return estates if len(estates) == 1 else estates.browse()

    @api.depends("number", "visitor")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = " ".join(filter(None, (entry.number, entry.visitor)))

    def _approval_gates(self):
        return super()._approval_gates() | {
            "enter": Gate(
                self.env._("Entry of an Outsider"),
                guards={"state": ("approved", "inside")},
                invalidated_by=("visitor", "organisation", "persons", "purpose", "place"),
                required=True,
            )
        }

    def _approval_needed(self, gate, before):
        needed = super()._approval_needed(gate, before)
        return needed.filtered("outsider") if gate == "enter" else needed

    def _approval_granted(self, gate):
        if gate == "enter":
            self.filtered(lambda entry: entry.state == "asked").write({"state": "approved"})
        return super()._approval_granted(gate)

    def _approval_rejected(self, gate, opinion):
        if gate == "enter":
            self.filtered(lambda entry: entry.state == "asked").write({"state": "refused"})
        return super()._approval_rejected(gate, opinion)

    def _approval_invalidated(self, gates):
        if "enter" in gates:
            waiting = self.filtered(lambda entry: entry.state in ("asked", "approved"))
            waiting.write({"state": "draft"})
        return super()._approval_invalidated(gates)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(
                    self.env._("Note who wants to enter first, and let the person in afterwards.")
                )
        return super().create(
            [
                {name: value for name, value in vals.items() if name not in ("time_in", "time_out")}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        for entry in self:
            state = vals.get("state", entry.state)
            if state != entry.state and state not in TRANSITIONS[entry.state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(entry)s is %(old)s and cannot become %(new)s.",
                        entry=entry.display_name,
                        old=labels[entry.state],
                        new=labels.get(state, state),
                    )
                )
            if entry.state in ("inside", "left") and vals.keys() - {
                "note",
                "state",
                "time_out",
                "accompanied_by_id",
                "message_ids",
            }:
                raise UserError(
                    self.env._("%s has entered; the log stays as it is.", entry.display_name)
                )
            if entry.state == "left" and vals.keys() - {"note", "message_ids"}:
                raise UserError(
                    self.env._("%s has left; the log stays as it is.", entry.display_name)
                )
        if vals.keys() & {"time_in", "time_out"}:
            # the clock is the program's: only with the step it belongs to
            now = fields.Datetime.now()
            vals = dict(vals)
            for name, step in (("time_in", "inside"), ("time_out", "left")):
                if name in vals:
                    if vals.get("state") != step:
                        del vals[name]
                    else:
                        vals[name] = now
        return super().write(vals)

    def action_ask(self):
        """Ask that the outsiders may enter."""
        self.check_access("write")
        for entry in self:
            if entry._request_approval("enter", entry.purpose) and entry.state == "draft":
                entry.write({"state": "asked"})

    def action_enter(self):
        """The person enters now."""
        self.check_access("write")
        for entry in self:
            if entry.outsider and not entry.identity_shown:
                raise UserError(
                    self.env._(
                        "Check who %s is and tick that an identity paper was shown.",
                        entry.visitor,
                    )
                )
            if entry.outsider and not entry.accompanied_by_id:
                raise UserError(self.env._("Say who accompanies %s.", entry.visitor))
        self.write({"state": "inside", "time_in": fields.Datetime.now()})

    def action_leave(self):
        """The person leaves now."""
        self.check_access("write")
        self.write({"state": "left", "time_out": fields.Datetime.now()})
