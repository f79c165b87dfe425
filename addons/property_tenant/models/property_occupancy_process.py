from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..calc import steps as progress
from ..calc.approval import APPROVED

#: who is in one of these has moved in
MOVED_IN = ("active", "notice", "clearing")

#: which process the state of an occupancy is in
PROCESS_OF_STATE = {
    "reserved": "move_in",
    "moving_in": "move_in",
    "active": "move_in",
    "notice": "move_out",
    "clearing": "move_out",
    "ended": "move_out",
}


class PropertyOccupancy(models.Model):
    """The steps by which a party moves in and out, and what waits for them.

    Several units under one lease are one process: the steps stand on the
    leading occupancy and hold for all. Gates look at the rows in the database:
    keys and the completion of the move-in wait for the steps that are needed
    for them, unless a manager has approved an override that names the step.
    """

    _inherit = "property.occupancy"

    step_ids = fields.One2many("property.occupancy.step", "occupancy_id", string="Own Steps")
    process_step_ids = fields.One2many(
        "property.occupancy.step",
        string="Checklist",
        compute="_compute_process",
        help="What is done by whom; several units under one lease have one checklist.",
    )
    process_lead_id = fields.Many2one(
        "property.occupancy", string="Checklist Stands on", compute="_compute_process"
    )
    step_done = fields.Integer(string="Steps Done", compute="_compute_process")
    step_count = fields.Integer(string="Steps", compute="_compute_process")
    step_percent = fields.Integer(string="Done (%)", compute="_compute_process")
    next_step_id = fields.Many2one("property.occupancy.step", compute="_compute_process")
    keys_obstacle = fields.Char(string="Keys Wait for", compute="_compute_keys_obstacle")

    # --- proofs -------------------------------------------------------------

    @api.model
    def _get_step_proofs(self):
        """Steps that are seen from records: {proof: name of the method that looks}.

        The method is called on the occupancies that carry checklists, with the
        rights of the system, and returns {id of the occupancy: what is
        missing, translated; "" or no entry: nothing; None: the records know
        nothing of it, so that the department signs by hand}. It must look at
        all units of the lease (``_get_lease()``) and take a number of queries
        that does not depend on how many they are. What came after the step was
        settled (``_get_settled_dates``), as the bill of the next month, must
        not count. Other addons add theirs to super()'s.
        """
        return {"told": "_prove_told"}

    @api.model
    def _get_unsure_proofs(self):
        """Those of the proofs whose method may answer None."""
        return set()

    @api.model
    def _get_proof_openings(self):
        """How to look at what proves a step: {proof: name of a method of one occupancy that
        returns an action}."""
        return {}

    def _get_settled_dates(self, proof):
        """{id: when the step with ``proof`` was settled}, of those where it was."""
        steps = self.step_ids.filtered(lambda step: step.proof == proof and step.done_at)
        return {step.occupancy_id.id: step.done_at for step in steps}

    def _prove_told(self):
        missing = self.env._("the departments have not been told")
        return {
            occupancy.id: "" if occupancy.departments_told_at else missing for occupancy in self
        }

    # --- one process for several units --------------------------------------

    def _get_processes(self):
        """{id: the occupancy on which the checklist of this one stands}."""
        with_steps = self.env["property.occupancy.step"]._read_group(
            [("occupancy_id", "in", (self._origin | self._origin.lead_id).ids)], ["occupancy_id"]
        )
        having = {occupancy.id for (occupancy,) in with_steps}
        found = {}
        for occupancy in self:
            lead = occupancy.lead_id
            origin = occupancy._origin
            led = lead and origin.id not in having and lead._origin.id in having
            found[origin.id] = lead._origin if led else origin
        return found

    def _get_process(self):
        self.ensure_one()
        return self._get_processes()[self._origin.id]

    def _get_lease(self):
        """The occupancies whose process this is: itself and the led ones without their own."""
        members = self.member_ids.filtered(lambda member: not member.step_ids)
        # read together with the other leases that are looked at
        return (self | members).with_prefetch([*self._prefetch_ids, *members._ids])

    @api.depends("state", "lead_id", "step_ids.state", "lead_id.step_ids.state")
    def _compute_process(self):
        processes = self._get_processes()
        leads = self.browse({lead.id for lead in processes.values()})
        steps = leads.step_ids
        open_steps = steps._get_open()
        by_lead = defaultdict(dict)
        for step in steps:
            by_lead[step.occupancy_id.id, step.process][step.id] = step
        for occupancy in self:
            lead = processes[occupancy._origin.id]
            process = PROCESS_OF_STATE.get(occupancy.state, "move_in")
            own = by_lead.get((lead.id, process), {})
            states = [
                progress.Step(step.id, step.sequence, _state_now(step, open_steps))
                for step in own.values()
            ]
            occupancy.process_lead_id = lead if lead != occupancy._origin else False
            occupancy.process_step_ids = lead.step_ids
            done, count = progress.progress(states)
            occupancy.step_done, occupancy.step_count = done, count
            occupancy.step_percent = progress.percent(done, count)
            under_way = occupancy.state not in ("ended", "cancelled")
            occupancy.next_step_id = under_way and progress.next_step(states)

    def _get_next_steps(self):
        """{id of the occupancy with the checklist: id of the step to be done next}."""
        found = {}
        open_steps = self.step_ids._get_open()
        for occupancy in self:
            process = PROCESS_OF_STATE.get(occupancy.state)
            found[occupancy.id] = progress.next_step(
                progress.Step(step.id, step.sequence, _state_now(step, open_steps))
                for step in occupancy.step_ids
                if step.process == process
            )
        return found

    # --- opening and settling -------------------------------------------------

    def _open_steps(self, process):
        """Put the steps of ``process`` on the checklists of the records, once.

        A unit of a lease whose leader goes through the process as well needs
        none of its own.
        """
        states = {"move_in": ("reserved", "moving_in"), "move_out": ("notice", "clearing")}
        leads = self.browse()
        for occupancy in self:
            lead = occupancy.lead_id
            leads |= lead if lead and lead.state in states[process] else occupancy
        Step = self.env["property.occupancy.step"]
        existing = {
            occupancy
            for (occupancy,) in Step.sudo()._read_group(
                [("occupancy_id", "in", leads.ids), ("process", "=", process)], ["occupancy_id"]
            )
        }
        leads = leads.filtered(lambda lead: lead.sudo() not in existing)
        if not leads:
            return
        templates = self.env["property.occupancy.step.template"].sudo()
        applicable = templates._get_applicable(leads.sudo(), process)
        # nobody has the right to create steps: they follow from the templates
        Step.sudo().create(
            [
                template._prepare_step(lead)
                for lead, found in applicable.items()
                for template in found
            ]
        )
        leads.invalidate_recordset(["step_ids"])

    def _stamp_proven_steps(self):
        """Keep the day on which the records proved a step; open what they do not prove any more.

        Called where something happened that may be a proof or the end of one,
        and every night; what a gate asks for is looked at anew each time.
        """
        automatic = self._get_step_proofs()
        steps = self.sudo().step_ids.filtered(lambda step: step.proof in automatic)
        missing = steps._get_open()
        proven = steps.filtered(lambda step: step.state == progress.OPEN and step not in missing)
        proven._stamp(progress.DONE)
        for step, reason in missing.items():
            if step.state != progress.OPEN:
                step._reopen(reason)

    def _meet(self):
        """Let two transactions that decide about the same occupancy meet: keys go out while it
        ends, or while a step is taken back. The later of them finds the row changed and is
        tried anew, with what the other one did before its eyes."""
        rows = (self | self.lead_id)._origin.ids
        if rows:
            self.env.cr.execute(
                SQL(
                    """UPDATE property_occupancy SET write_date = write_date WHERE id IN (
                           SELECT id FROM property_occupancy WHERE id IN %s
                            ORDER BY id FOR NO KEY UPDATE)""",
                    tuple(rows),
                )
            )

    def _log_step(self, step, reopened=False, reason=""):
        """A line in the history of the occupancy for what was signed or taken back."""
        self.ensure_one()
        if reopened:
            text = self.env._("Step taken back: %(step)s. %(note)s", step=step.name, note=reason)
        elif step.state == progress.NOT_NEEDED:
            text = self.env._("Step not needed: %(step)s. %(note)s", step=step.name, note=step.note)
        else:
            text = self.env._("Step done: %(step)s. %(note)s", step=step.name, note=step.note or "")
        # whoever signs a step need not be allowed to write the occupancy
        self.sudo()._message_log(body=text.strip(), author_id=self.env.user.partner_id.id)

    def _check_entered_state(self, before):
        result = super()._check_entered_state(before)
        entered = self.filtered(
            lambda occupancy: occupancy in before and occupancy.state != before[occupancy]
        )
        entered.filtered(lambda occ: occ.state == "moving_in")._open_steps("move_in")
        # an owner who never used the unit has nothing to move out of
        using = entered.filtered(lambda occ: occ.kind == "tenant" or occ.self_use)
        using.filtered(lambda occ: occ.state == "clearing")._open_steps("move_out")
        return result

    @api.model_create_multi
    def create(self, vals_list):
        entering = any(vals.get("state") in MOVED_IN for vals in vals_list)
        with self._approval_all_or_nothing(entering):
            occupancies = super().create(vals_list)
            occupancies.filtered(
                lambda occ: occ.state in MOVED_IN and not occ._may_begin_as_active()
            )._check_move_in_opened()
        return occupancies

    def _check_move_in_opened(self):
        """Nobody gets past the checklist by leaving out the state in which it is opened."""
        for occupancy in self._filter_unopened()[:1]:
            raise UserError(
                self.env._(
                    "%(occupancy)s has not moved in by the checklist. Enter it as reserved and"
                    " press Open Move-In first.",
                    occupancy=occupancy.display_name,
                )
            )

    def _filter_unopened(self):
        """Those that have steps to go through before they are active, and have not begun."""
        using = self.filtered(lambda occ: occ.kind == "tenant" or occ.self_use)
        bare = using.filtered(lambda occ: not occ._has_opened_steps())
        templates = self.env["property.occupancy.step.template"].sudo()
        applicable = templates._get_applicable(bare.sudo(), "move_in") if bare else {}
        return bare.filtered(lambda occ: any(applicable[occ.sudo()].mapped("needed_to_finish")))

    def _has_opened_steps(self):
        """Whether a checklist of its own, or that of a lease that moves in now, is gone through."""
        lead = self._get_process()
        mine = lead == self or lead.state in ("reserved", "moving_in")
        return mine and "move_in" in lead.step_ids.mapped("process")

    def _may_begin_as_active(self):
        """Whether the user may enter the occupancy as one that was moved in to long ago."""
        self.ensure_one()
        return self._may_enter_as_active() or (
            self.env.user.has_group("property_tenant.group_officer")
            and self.date_start < self.estate_id._today()
        )

    def write(self, vals):
        if vals.get("state") == "active":
            self.filtered(lambda occ: occ.state == "reserved")._check_move_in_opened()
        result = super().write(vals)
        if "lead_id" in vals:
            # out of the lease, the unit needs a checklist of its own
            for state, process in (("moving_in", "move_in"), ("clearing", "move_out")):
                alone = self.filtered(lambda occ, state=state: occ.state == state)
                alone.filtered(lambda occ: not occ._get_process().step_ids)._open_steps(process)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_without_settled_steps(self):
        settled = self.step_ids.filtered(lambda step: step.state != progress.OPEN)
        for occupancy in settled.occupancy_id:
            raise UserError(
                self.env._(
                    "Steps of %(occupancy)s were signed and stay on record. Cancel it instead.",
                    occupancy=occupancy.display_name,
                )
            )

    def _has_begun(self):
        # what was signed, was signed for this party
        return super()._has_begun() or any(step.state != progress.OPEN for step in self.step_ids)

    # --- gates ----------------------------------------------------------------

    def _get_missing_for_activation(self):
        missing = super()._get_missing_for_activation()
        return missing + self._get_missing_steps("move_in", "needed_to_finish")

    def _get_missing_for_keys(self):
        """What is missing before keys may be handed out, like ``_get_missing_for_activation``."""
        self.ensure_one()
        if self.state == "reserved":
            return [
                (
                    "move_in",
                    self.env._("the move-in of %(occupancy)s", occupancy=self.display_name),
                    self.env._("Customer Service opens it"),
                )
            ]
        return self._get_missing_steps("move_in", "needed_for_keys")

    def _get_missing_steps(self, process, needed):
        """Open steps of the process that are ``needed`` (name of the field), without those that
        an override of the leading occupancy covers."""
        self.ensure_one()
        lead = self._get_process()
        steps = lead.step_ids.filtered(lambda step: step.process == process and step[needed])
        missing = steps._get_missing()
        if lead != self:
            covered = lead._get_covered_codes().get(lead.id, set())
            missing = [item for item in missing if item[0] not in covered]
        return missing

    def _get_covered_codes(self):
        """{id: codes of what may be missing, by an approved override}."""
        asked = self.filtered("override_missing")
        states = asked._approval_gate_states("override") if asked else {}
        return {
            occupancy.id: set(occupancy.override_missing or [])
            for occupancy in asked
            if states[occupancy.id] == APPROVED
        }

    def _get_keys_obstacle(self):
        """Why no keys or cards may be handed out for the occupancy, as a sentence, or "".

        To be asked by whatever hands them out; an approved override that names
        what is missing takes it away.
        """
        self.ensure_one()
        if self.state in ("ended", "cancelled"):
            return self.env._(
                "%(occupancy)s is over: nothing is handed out for it any more.",
                occupancy=self.display_name,
            )
        missing = self._get_missing_for_keys()
        if missing:
            covered = self._get_covered_codes().get(self.id, set())
            missing = [item for item in missing if item[0] not in covered]
        if not missing:
            return ""
        return self.env._(
            "No keys for %(occupancy)s yet; missing: %(missing)s. Supply that, or let a manager"
            " override it with a reason.",
            occupancy=self.display_name,
            missing=self._get_missing_text(missing),
        )

    def _check_keys_obstacle(self):
        """Refuse to hand out keys before everything is there that they wait for."""
        for occupancy in self:
            if obstacle := occupancy._get_keys_obstacle():
                raise UserError(obstacle)

    @api.depends("state", "lead_id", "override_missing", "approval_state")
    def _compute_keys_obstacle(self):
        for occupancy in self:
            coming = occupancy._origin.state == "moving_in"
            occupancy.keys_obstacle = coming and occupancy._origin._get_keys_obstacle()

    def _get_missing_for_override(self):
        missing = super()._get_missing_for_override()
        known = {code for code, __, __ in missing}
        if self.state not in ("reserved", "moving_in", "active"):
            return missing
        return missing + [item for item in self._get_missing_for_keys() if item[0] not in known]

    def _get_clearance_obstacles(self):
        obstacles = super()._get_clearance_obstacles()
        return obstacles + self._get_missing_steps("move_out", "needed_to_finish")


def _state_now(step, open_steps):
    """State of a step as the records say: open although unsigned only if something is missing."""
    return (
        progress.OPEN
        if step in open_steps
        else (step.state if step.state != progress.OPEN else progress.DONE)
    )
