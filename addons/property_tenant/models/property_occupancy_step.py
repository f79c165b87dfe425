"""The checklist of a move-in or move-out.

Nobody has the right to create or write steps: they come from the templates, and
are signed through methods that check who signs what.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..calc.steps import DONE, NOT_NEEDED, OPEN
from .property_occupancy_step_template import PROCESSES

OVER = ("ended", "cancelled")

#: in which states of the occupancy a process runs
UNDER_WAY = {"move_in": ("reserved", "moving_in"), "move_out": ("notice", "clearing")}

STEP_STATES = [(OPEN, "Still to Do"), (DONE, "Done"), (NOT_NEEDED, "Not Needed")]


class PropertyOccupancyStep(models.Model):
    _name = "property.occupancy.step"
    _description = "Step of an Occupancy"
    _inherit = ["property.constraint.check"]
    _order = "occupancy_id, process desc, sequence, id"
    _rec_name = "name"
    _rec_names_search = ["template_id.name", "occupancy_id.unit_id.code"]
    _check_company_auto = True
    _required_constraints = ("_step_once", "_settled_by_somebody")

    occupancy_id = fields.Many2one(
        "property.occupancy", required=True, readonly=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="occupancy_id.unit_id", store=True, index=True)
    partner_id = fields.Many2one(related="occupancy_id.partner_id", string="Party")
    occupancy_state = fields.Selection(related="occupancy_id.state", string="Occupancy State")
    estate_id = fields.Many2one(related="occupancy_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="occupancy_id.company_id", store=True, index=True)
    template_id = fields.Many2one(
        "property.occupancy.step.template",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char(related="template_id.name", string="Step")
    instruction = fields.Text(related="template_id.instruction")
    process = fields.Selection(PROCESSES, required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    department_id = fields.Many2one(
        "property.department", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    group_id = fields.Many2one("res.groups", string="Role", readonly=True, ondelete="restrict")
    signer = fields.Char(
        string="Signed by", compute="_compute_signer", help="The department or role that signs."
    )
    needed_for_keys = fields.Boolean(readonly=True)
    needed_to_finish = fields.Boolean(readonly=True)
    proof = fields.Selection(
        selection=lambda self: self.env["property.occupancy.step.template"]._selection_proof(),
        readonly=True,
    )
    state = fields.Selection(STEP_STATES, required=True, readonly=True, default=OPEN, index=True)
    done_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    done_at = fields.Datetime(string="Done on", readonly=True)
    note = fields.Text(readonly=True)
    is_automatic = fields.Boolean(
        string="Seen from Records",
        compute="_compute_progress",
        help="Nobody signs the step; it is done when the records say so.",
    )
    status = fields.Selection(
        STEP_STATES, string="Progress", compute="_compute_progress", help="As the records say now."
    )
    obstacle = fields.Char(string="Missing", compute="_compute_progress")
    is_next = fields.Boolean(compute="_compute_progress")
    is_overridden = fields.Boolean(string="Overridden", compute="_compute_progress")
    has_evidence = fields.Boolean(compute="_compute_has_evidence")
    is_mine = fields.Boolean(
        string="Mine to Sign", compute="_compute_is_mine", search="_search_is_mine"
    )

    _step_once = models.Constraint(
        "UNIQUE (occupancy_id, template_id)", "The step is on the checklist already."
    )
    _settled_by_somebody = models.Constraint(
        "CHECK (state = 'open' OR done_at IS NOT NULL)", "A step that is settled has its time."
    )
    _not_needed_explained = models.Constraint(
        "CHECK (state <> 'not_needed' OR note IS NOT NULL)",
        "Say why the step is not needed.",
    )

    @api.depends("department_id", "group_id")
    def _compute_signer(self):
        for step in self:
            # names of roles are no secret
            step.signer = step.department_id.name or step.group_id.sudo().name

    @api.depends("template_id.name", "occupancy_id.unit_id.code")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.occupancy_id.unit_id.code or ''} {step.name or ''}".strip()

    # --- what the records say -------------------------------------------------

    @api.depends("state", "proof", "occupancy_id", "occupancy_id.state")
    def _compute_progress(self):
        records = self._origin._ask_records()
        occupancies = self.occupancy_id
        nexts = occupancies._get_next_steps()
        covered = occupancies._get_covered_codes()
        automatic = occupancies._get_step_proofs()
        for step in self:
            missing = records.get(step._origin.id, "")
            step.is_automatic = step.proof in automatic and missing is not None
            step.status = step.state
            if step.state == OPEN:
                step.obstacle = step._get_obstacle(missing) or False
                if not step.obstacle:
                    step.status = DONE
            elif step._is_watched() and missing:
                step.obstacle = missing
                step.status = OPEN
            else:
                # what was settled when the process ran stays so, but is not hushed up
                step.obstacle = missing and self.env._("No longer: %s", missing)
            step.is_next = nexts.get(step.occupancy_id.id) == step.id
            step.is_overridden = step.status == OPEN and step._get_code() in covered.get(
                step.occupancy_id.id, ()
            )

    def _ask_records(self):
        """{id: what the records say is missing, "" where that is nothing, None: they say nothing}.

        Asked of steps that are open, and of those that the records have settled
        themselves while the occupancy is not over.
        """
        proofs = self.env["property.occupancy"]._get_step_proofs()
        asked = self.filtered(
            lambda step: (
                step.proof in proofs
                and (
                    step.state == OPEN
                    or (step._is_of_records() and step.occupancy_id.state not in OVER)
                )
            )
        )
        found = dict.fromkeys(self.ids, "")
        found.update(dict.fromkeys(self.filtered(lambda step: step.state == OPEN).ids))
        for proof, steps in asked.grouped("proof").items():
            # a proof says whether something is there, to all who see the checklist
            occupancies = steps.occupancy_id.sudo()
            answers = getattr(occupancies, proofs[proof])()
            for step in steps:
                answer = answers.get(step.occupancy_id.id, "")
                if answer is not None or step.state == OPEN:
                    found[step.id] = answer if answer is None else answer or ""
        return found

    def _is_of_records(self):
        """Whether the records have settled the step, nobody by hand."""
        return self.state == DONE and not self.done_by

    def _is_watched(self):
        """Whether what the records have settled is open again when they say otherwise."""
        self.ensure_one()
        running = self.occupancy_id.state in UNDER_WAY[self.process]
        return running and self._is_of_records()

    def _get_obstacle(self, missing):
        """``missing`` as the records say it; where they say nothing somebody has to sign."""
        return self.env._("not signed yet") if missing is None else missing

    def _get_obstacles(self):
        """{id: what keeps the step from being done, or ""}, for the steps that are open, or
        that the records have settled and do not prove any more."""
        waiting = self.filtered(lambda step: step.state == OPEN or step._is_watched())
        return {
            step_id: self._get_obstacle(missing)
            for step_id, missing in waiting._ask_records().items()
        }

    def _get_open(self):
        """The steps that are neither signed nor proven now, as {step: what is missing}."""
        obstacles = self._get_obstacles()
        return {step: obstacles[step.id] for step in self if obstacles.get(step.id)}

    def _get_code(self):
        """The code by which an override names the step."""
        self.ensure_one()
        return f"step_{self.template_id.id}"

    def _get_missing(self):
        """Open steps as (code, what is missing, who can supply it)."""
        return [
            (
                step._get_code(),
                self.env._("%(step)s: %(missing)s", step=step.name, missing=missing),
                step.signer,
            )
            for step, missing in self._get_open().items()
        ]

    @api.depends("proof")
    def _compute_has_evidence(self):
        openings = self.env["property.occupancy"]._get_proof_openings()
        for step in self:
            step.has_evidence = step.proof in openings

    # --- who signs --------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("state", "department_id", "group_id")
    def _compute_is_mine(self):
        mine = self._filter_signable(self.env.user)
        for step in self:
            step.is_mine = step.state == OPEN and step in mine and not step.is_automatic

    def _search_is_mine(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        found = self._get_signable_domain(self.env.user) & Domain("state", "=", OPEN)
        occupancies = self.env["property.occupancy"]
        automatic = list(occupancies._get_step_proofs())
        # a step that the records say nothing about is signed by hand
        unsure = self.search(found & Domain("proof", "in", list(occupancies._get_unsure_proofs())))
        by_hand = unsure.filtered(lambda step: not step.is_automatic)
        found &= (
            Domain("proof", "=", False)
            | Domain("proof", "not in", automatic)
            | Domain("id", "in", by_hand.ids)
        )
        return found if (True in value) == (operator == "in") else ~found

    @api.model
    def _get_signable_domain(self, user):
        """Steps that ``user`` may sign, whatever their state."""
        groups = user.sudo().all_group_ids.ids
        # who belongs to which department is no secret
        Department = self.env["property.department"].sudo()
        everywhere = Department.search(
            Domain("head_id", "=", user.id) | Domain("group_id", "in", groups)
        )
        members = self.env["property.department.member"].sudo().search([("user_id", "=", user.id)])
        everywhere |= members.filtered(lambda member: not member.estate_id).department_id
        found = Domain("department_id", "in", everywhere.ids)
        found |= Domain("department_id", "=", False) & Domain("group_id", "in", groups)
        for estate, rows in members.grouped("estate_id").items():
            if estate:
                found |= Domain("estate_id", "=", estate.id) & Domain(
                    "department_id", "in", rows.department_id.ids
                )
        return found

    def _filter_signable(self, user):
        if not self.ids:
            return self.browse()
        # filtered in Python: steps and departments are few and mostly in memory
        return self.filtered_domain(self._get_signable_domain(user))

    def _check_signer(self):
        self.check_access("read")
        for step in self - self._filter_signable(self.env.user):
            raise AccessError(
                self.env._(
                    "The step %(step)s of %(occupancy)s is signed by %(signer)s; nobody signs for"
                    " another department.",
                    step=step.name,
                    occupancy=step.occupancy_id.display_name,
                    signer=step.signer,
                )
            )

    # --- signing ------------------------------------------------------------

    def action_done(self, note=None):
        """Sign the steps as done, in the name of who is logged in."""
        return self._settle(DONE, note)

    def action_not_needed(self, note=None):
        """Note that the steps are not needed here, and why."""
        note = note.strip() if isinstance(note, str) else ""
        for step in self:
            if step.needed_for_keys or step.needed_to_finish:
                raise UserError(
                    self.env._(
                        "The step %(step)s is needed. Where it cannot be done, a manager overrides"
                        " it with a reason on %(occupancy)s.",
                        step=step.name,
                        occupancy=step.occupancy_id.display_name,
                    )
                )
            if not note:
                raise UserError(
                    self.env._("Say why the step %(step)s is not needed.", step=step.name)
                )
        return self._settle(NOT_NEEDED, note)

    def _settle(self, state, note):
        self._check_signer()
        note = note.strip() if isinstance(note, str) else ""
        for step in self:
            step._check_under_way()
            if step.state != OPEN:
                raise UserError(
                    self.env._(
                        "The step %(step)s of %(occupancy)s was settled by %(user)s already.",
                        step=step.name,
                        occupancy=step.occupancy_id.display_name,
                        user=step.done_by.name or self.env._("the records"),
                    )
                )
            if step.is_automatic and state == DONE:
                raise UserError(
                    self.env._(
                        "Nobody signs the step %(step)s: it is done when the records say so."
                        " Missing now: %(missing)s.",
                        step=step.name,
                        missing=step.obstacle or self.env._("nothing"),
                    )
                )
            if step.proof == "keys" and state == DONE:
                step.occupancy_id._check_keys_obstacle()
        self._stamp(state, note, self.env.user)
        for step in self:
            step.occupancy_id._log_step(step)
        self.occupancy_id._stamp_proven_steps()
        return True

    def action_reopen(self, reason=None):
        """Take a signature back, by the same department, as long as the process runs."""
        self._check_signer()
        reason = reason.strip() if isinstance(reason, str) else ""
        for step in self:
            step._check_under_way()
            if step.state == OPEN:
                raise UserError(
                    self.env._("The step %(step)s is open already.", step=step.display_name)
                )
        self._reopen(reason)
        return True

    def _reopen(self, reason):
        """The steps are to be done again, for those who have checked that they are."""
        if not self:
            return
        # whoever hands out keys on the strength of the steps must see it
        self.occupancy_id._meet()
        for step in self:
            step.occupancy_id._log_step(step, reopened=True, reason=reason)
        # nobody has the right to write steps; the callers have checked
        self.sudo().write({"state": OPEN, "done_by": False, "done_at": False, "note": False})

    def _check_under_way(self):
        self.ensure_one()
        # what need not be done before the move-in is completed is done after it
        late = ("active",) if self.process == "move_in" else ()
        if self.occupancy_id.state not in (*UNDER_WAY[self.process], *late):
            raise UserError(
                self.env._(
                    "%(occupancy)s is past this process, so the step %(step)s stays as it is.",
                    occupancy=self.occupancy_id.display_name,
                    step=self.name,
                )
            )

    def _stamp(self, state, note="", user=None):
        """Keep that the steps are settled; ``user``: who signed, none where the records did."""
        # nobody has the right to write steps; the callers have checked
        self.sudo().write(
            {
                "state": state,
                "done_at": fields.Datetime.now(),
                "done_by": user.id if user else False,
                "note": note or False,
            }
        )

    def action_open_sign(self):
        """Open the window to sign with a note, or to note that the step is not needed."""
        self.ensure_one()
        self._check_signer()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "property.occupancy.step.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_step_id": self.id},
        }

    def action_open_evidence(self):
        """Open what proves the step, or is to prove it."""
        self.ensure_one()
        self.check_access("read")
        opening = self.env["property.occupancy"]._get_proof_openings().get(self.proof)
        if not opening:
            raise UserError(
                self.env._(
                    "The step %(step)s is signed by %(signer)s; there is nothing else to look at.",
                    step=self.name,
                    signer=self.signer,
                )
            )
        return getattr(self.occupancy_id, opening)()

    def action_open_occupancy(self):
        """Open the occupancy that the step belongs to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.occupancy",
            "res_id": self.occupancy_id.id,
            "view_mode": "form",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        for step in self.filtered(lambda step: step.state != OPEN):
            raise UserError(
                self.env._(
                    "The step %(step)s of %(occupancy)s was settled and stays on record.",
                    step=step.name,
                    occupancy=step.occupancy_id.display_name,
                )
            )
