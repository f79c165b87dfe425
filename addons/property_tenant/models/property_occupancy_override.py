from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.approval import APPROVED, PENDING, Gate

LEAVING = ("active", "notice", "clearing")


class PropertyOccupancy(models.Model):
    """An occupancy goes on although something is missing: only with a reason that
    a manager approved and that stays on record.

    The override names what may be missing (``override_missing``): it holds for
    that and for nothing else, when keys are handed out, when the occupancy
    becomes active and when it ends.
    """

    _name = "property.occupancy"
    _inherit = ["property.occupancy", "property.approval.mixin"]

    override_reason = fields.Text(
        readonly=True,
        copy=False,
        tracking=True,
        help="Why the occupancy may go on although something is missing.",
    )
    override_missing = fields.Json(
        readonly=True, copy=False, help="What the override was asked for: it covers nothing else."
    )

    activation_missing = fields.Text(
        string="Missing for Activation",
        compute="_compute_activation_missing",
        help="One matter in each line.",
    )
    is_activation_barred = fields.Boolean(
        compute="_compute_activation_missing",
        help="Something is missing that is needed before the occupancy can be active.",
    )

    @api.depends("state", "partner_id", "unit_id", "override_missing", "approval_state")
    def _compute_activation_missing(self):
        coming = self.filtered(lambda occupancy: occupancy.state in ("reserved", "moving_in"))
        states = coming._origin._approval_gate_states("override")
        for occupancy in self:
            missing = occupancy._get_missing_for_activation() if occupancy in coming else []
            if states.get(occupancy._origin.id) == APPROVED:
                missing = occupancy._get_uncovered(missing)
            occupancy.activation_missing = occupancy._get_missing_lines(missing)
            occupancy.is_activation_barred = bool(missing)

    def _approval_gates(self):
        return super()._approval_gates() | {
            "override": Gate(
                self.env._("Override"),
                guards={"state": ("active", "notice", "clearing", "ended")},
                invalidated_by=("override_reason", "override_missing", "partner_id", "unit_id"),
                required=True,
            )
        }

    def _get_missing_for_activation(self):
        """What the occupancy lacks before it can be active.

        A list of (code, what is missing, who can supply it), the last two
        translated; other files and addons add theirs to the list of super().
        It must not depend on the state: it is asked before and after the step.
        """
        self.ensure_one()
        return []

    def _get_clearance_obstacles(self):
        """What is still open before the occupancy can end, like ``_get_missing_for_activation``:
        things lent, readings, bills, whatever other files and addons add to super()'s list."""
        self.ensure_one()
        return []

    def _get_missing_for_override(self):
        """Everything that an override can be asked for, now."""
        self.ensure_one()
        if self.state in LEAVING:
            return self._get_clearance_obstacles()
        return self._get_missing_for_activation()

    def _get_missing_at_gate(self):
        """What is missing for the state that the occupancy has just got."""
        self.ensure_one()
        if self.state == "ended":
            return self._get_clearance_obstacles()
        return self._get_missing_for_activation()

    def _approval_needed(self, gate, before):
        needed = super()._approval_needed(gate, before)
        if gate != "override":
            return needed
        # who moved in long ago is entered as active, by an import or by a manager
        entered = {None} if not self._may_enter_as_active() else set()
        # a withdrawn notice does not move anybody in
        coming = {"reserved", "moving_in"} | entered
        # who is entered as leaving has moved in as well; what is entered as ended is history
        old = {
            "active": coming,
            "notice": entered,
            "clearing": entered,
            "ended": {"moving_in", *LEAVING},
        }
        return needed.filtered(
            lambda occupancy: (
                before.get(occupancy) in old[occupancy.state] and occupancy._get_missing_at_gate()
            )
        )

    def _may_enter_as_active(self):
        return self.env.su or self.env.user.has_group("property_tenant.group_manager")

    def _approval_explain(self, gate):
        if gate != "override":
            return super()._approval_explain(gate)
        names = {
            "occupancy": self.display_name,
            "missing": self._get_missing_text(self._get_missing_at_gate()),
        }
        if self.state == "ended":
            return self.env._(
                "%(occupancy)s cannot end yet; still open: %(missing)s. Settle that, or let a"
                " manager override it with a reason.",
                **names,
            )
        return self.env._(
            "%(occupancy)s cannot become active; missing: %(missing)s. Supply that, or let a"
            " manager override it with a reason.",
            **names,
        )

    def _get_missing_text(self, missing):
        """What is missing as a part of a sentence."""
        return "; ".join(self._get_missing_parts(missing))

    def _get_missing_lines(self, missing):
        """What is missing as lines of a list."""
        return "\n".join(self._get_missing_parts(missing))

    def _get_missing_parts(self, missing):
        return [self.env._("%(what)s (%(who)s)", what=what, who=who) for __, what, who in missing]

    def _get_uncovered(self, missing):
        """Those of ``missing`` that were not missing when the override was asked for."""
        self.ensure_one()
        known = set(self.override_missing or [])
        return [item for item in missing if item[0] not in known]

    def _approval_check_passage(self, gate, before):
        """What is missing now must have been missing when the override was approved."""
        result = super()._approval_check_passage(gate, before)
        entered = self._approval_needed(gate, before) if gate == "override" else self.browse()
        for occupancy in entered:
            further = occupancy._get_uncovered(occupancy._get_missing_at_gate())
            if further and occupancy.state == "ended":
                raise UserError(
                    self.env._(
                        "%(occupancy)s cannot end: the override that was approved does not cover"
                        " %(missing)s. Settle that, or ask for the override again.",
                        occupancy=occupancy.display_name,
                        missing=self._get_missing_text(further),
                    )
                )
            if further:
                raise UserError(
                    self.env._(
                        "%(occupancy)s cannot become active: the override that was approved does"
                        " not cover %(missing)s. Supply that, or ask for the override again.",
                        occupancy=occupancy.display_name,
                        missing=self._get_missing_text(further),
                    )
                )
        return result

    def action_open_override(self):
        """Open the window that asks for the reason of an override."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.occupancy.override",
            "name": self.env._("Ask for Override"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_occupancy_id": self.id},
        }

    def action_request_override(self, reason=None, codes=None):
        """Ask a manager to let the occupancies go on although something is missing.

        :param codes: what may be missing, of what ``_get_missing_for_override`` names; all of it
            by default. What an approved override covers already stays covered.
        """
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why the override is needed; the reason stays on record.")
            )
        for occupancy in self:
            missing = {code for code, __, __ in occupancy._get_missing_for_override()}
            if not missing:
                raise UserError(
                    self.env._(
                        "%(occupancy)s lacks nothing, so no override is needed.",
                        occupancy=occupancy.display_name,
                    )
                )
            asked = missing if codes is None else missing & set(codes)
            if not asked:
                raise UserError(
                    self.env._("Choose what may be missing at %s.", occupancy.display_name)
                )
            state = occupancy._approval_gate_state("override")
            known = set(occupancy.override_missing or [])
            if state not in (PENDING, APPROVED) or not asked <= known:
                kept = known if state == APPROVED else set()
                occupancy.write(
                    {"override_reason": reason, "override_missing": sorted(asked | kept)}
                )
        self._request_approval("override", reason)
