from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.property_tenant.calc.approval import Gate

from ..calc.periods import period_label

RUN_STATES = [
    ("collect", "Collect"),
    ("computed", "Review"),
    ("to_approve", "To Approve"),
    ("approved", "Approved"),
    ("posting", "Posting"),
    ("posted", "Posted"),
    ("delivered", "Delivered"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]

#: where each state may lead; everything else is refused on write
TRANSITIONS = {
    "collect": {"computed", "cancelled"},
    "computed": {"collect", "to_approve", "approved", "cancelled"},
    "to_approve": {"computed", "approved", "cancelled"},
    "approved": {"computed", "posting", "cancelled"},
    "posting": {"posted", "approved"},
    "posted": {"posting", "computed", "delivered", "closed"},
    "delivered": {"posting", "computed", "closed"},
    "closed": set(),
    "cancelled": set(),
}

#: found out by the actions of a run
PROGRESS = {"state", "computation", "computed_at", "computed_terms", "posted_at"}

#: what charges are computed for
FROZEN_WHEN_COMPUTED = {"estate_ids", "period_start", "period_end", "company_id"}

OPEN_STATES = ("collect", "computed", "to_approve", "approved")


class PropertyBillingRun(models.Model):
    """The bills of one or more estates for a period, from readings to delivery."""

    _name = "property.billing.run"
    _description = "Billing Run"
    _inherit = ["mail.thread", "mail.activity.mixin", "property.approval.mixin"]
    _order = "period_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    estate_ids = fields.Many2many(
        "property.estate", string="Estates", required=True, check_company=True, tracking=True
    )
    period_start = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "month"),
    )
    period_end = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: fields.Date.end_of(fields.Date.context_today(self), "month"),
    )
    date_invoice = fields.Date(
        string="Bill Date",
        compute="_compute_date_invoice",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Date of the bills; the due date is counted from it.",
    )
    state = fields.Selection(
        RUN_STATES,
        required=True,
        default="collect",
        tracking=True,
        index=True,
        copy=False,
        group_expand="_group_expand_states",
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user, tracking=True
    )
    computation = fields.Integer(
        readonly=True, copy=False, help="How many times the charges were computed."
    )
    computed_at = fields.Datetime(readonly=True, copy=False)
    charge_ids = fields.One2many("property.charge", "run_id", string="Charges")
    charge_count = fields.Integer(compute="_compute_figures")
    amount_charges = fields.Monetary(string="Total", compute="_compute_figures")
    batch_ids = fields.One2many("property.billing.batch", "run_id", string="Batches")
    issue_ids = fields.One2many("property.billing.issue", "run_id", string="Issues")
    issue_count = fields.Integer(compute="_compute_figures")
    total_ids = fields.One2many("property.billing.run.total", "run_id", string="Totals")
    move_ids = fields.One2many("account.move", "pm_run_id", string="Bills")
    move_count = fields.Integer(compute="_compute_figures")
    unit_count = fields.Integer(compute="_compute_figures", string="Units")
    progress = fields.Float(compute="_compute_progress", help="Share of the work that is done.")
    working = fields.Boolean(compute="_compute_progress")
    posted_at = fields.Datetime(readonly=True, copy=False)

    _period_in_order = models.Constraint(
        "CHECK (period_end >= period_start)", "A period cannot end before it begins."
    )

    # --- computed ---------------------------------------------------------

    @api.depends("estate_ids.code", "period_start", "period_end")
    def _compute_name(self):
        for run in self:
            if run.name and run._origin and run.state != "collect":
                continue
            estates = ", ".join(code for code in run.estate_ids.mapped("code") if code)
            run.name = f"{estates} {run._period_label()}".strip() or "/"

    def _period_label(self):
        if not self.period_start or not self.period_end:
            return ""
        return period_label(self.period_start, self.period_end)

    @api.depends("period_end")
    def _compute_date_invoice(self):
        for run in self:
            run.date_invoice = run.period_end

    def _compute_figures(self):
        charges = {
            run: (count, amount, units)
            for run, count, amount, units in self.env["property.charge"]._read_group(
                [("run_id", "in", self.ids), ("state", "!=", "void")],
                ["run_id"],
                ["__count", "amount:sum", "unit_id:count_distinct"],
            )
        }
        issues = dict(
            self.env["property.billing.issue"]._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["__count"]
            )
        )
        # how many bills there are is no secret to who sees the run; their
        # content is read under the reader's own rights
        moves = dict(
            self.env["account.move"]
            .sudo()
            ._read_group([("pm_run_id", "in", self.ids)], ["pm_run_id"], ["__count"])
        )
        for run in self:
            run.charge_count, run.amount_charges, run.unit_count = charges.get(run, (0, 0.0, 0))
            run.issue_count = issues.get(run, 0)
            run.move_count = moves.get(run.sudo(), 0)

    @api.depends("batch_ids.state")
    def _compute_progress(self):
        for run in self:
            batches = run.batch_ids.filtered(
                lambda batch, run=run: batch.generation == run._generation(batch.stage)
            )
            stage = (
                "post" if run.state in ("posting", "posted", "delivered", "closed") else "compute"
            )
            batches = batches.filtered(lambda batch, stage=stage: batch.stage == stage)
            size = sum(batches.mapped("size"))
            done = sum(batches.filtered(lambda b: b.state == "done").mapped("size"))
            run.progress = 100.0 * done / size if size else 0.0
            run.working = any(batch.state == "pending" for batch in batches)

    @api.model
    def _group_expand_states(self, states, _domain):
        """The states that runs are in, in the order of the work."""
        return [state for state, _label in RUN_STATES if state in states]

    def _generation(self, stage):
        """Batches belong to one computation; older ones stay for the record."""
        self.ensure_one()
        return self.computation

    # --- checks -----------------------------------------------------------

    @api.constrains("estate_ids", "company_id")
    def _check_estates(self):
        for run in self:
            if not run.estate_ids:
                raise ValidationError(
                    self.env._("The billing run %(run)s needs an estate.", run=run.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_progress(
                {name for name in PROGRESS & vals.keys() if vals[name] not in (False, 0, "collect")}
            )
        return super().create(vals_list)

    # _store calls it; pylint: disable=method-required-super
    def write(self, vals):
        self._refuse_progress(PROGRESS & vals.keys())
        return self._store(vals)

    def _refuse_progress(self, names):
        """How far a run is follows from its buttons; nobody writes it."""
        if names and not self.env.su:
            raise UserError(
                self.env._(
                    "How far a billing run is follows from its buttons: %(run)s. Use them; they see"
                    " to charges, bills and approvals, too.",
                    run=", ".join(name for name in self.mapped("name") if name)
                    or self.env._("New"),
                )
            )

    def _store(self, vals):
        """Write what the actions find out, on the ways that lead from state to state.

        The only way past ``write``, and not callable from outside.
        """
        if "state" in vals:
            labels = dict(self._fields["state"]._description_selection(self.env))
            for run in self:
                if vals["state"] != run.state and vals["state"] not in TRANSITIONS[run.state]:
                    raise UserError(
                        self.env._(
                            "The billing run %(run)s is in the state %(old)s and cannot go to"
                            " %(new)s.",
                            run=run.name,
                            old=labels[run.state],
                            new=labels.get(vals["state"], vals["state"]),
                        )
                    )
        self._check_frozen(vals)
        return super().write(vals)

    def _check_frozen(self, vals):
        """What charges were computed for stays, the bill date until bills have it."""
        for run in self:
            if FROZEN_WHEN_COMPUTED & vals.keys() and (run.state != "collect" or run.computation):
                raise UserError(
                    self.env._(
                        "The charges of %(run)s are computed for its estates and period, so these"
                        " stay. Cancel it and make another run.",
                        run=run.name,
                    )
                )
            # whether there are bills is asked for all, also those out of sight
            if "date_invoice" in vals and (run.state not in OPEN_STATES or run.sudo().move_ids):
                raise UserError(
                    self.env._(
                        "The billing run %(run)s has posted bills: the bill date stays as it is.",
                        run=run.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        for run in self:
            # whether there are bills is asked for all, also those out of sight
            if run.state not in ("collect", "cancelled") or run.sudo().move_ids:
                raise UserError(
                    self.env._(
                        "The billing run %(run)s has charges or bills. Cancel it instead.",
                        run=run.name,
                    )
                )

    def _lock(self, *states):
        """Hold the row and make sure that the run is in one of ``states``.

        Two people who press a button at once get one result and one sentence.
        """
        self.ensure_one()
        # parts under way refer to the row: they must not keep a person from stopping them
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Somebody else has just pressed a button of %(run)s, which is still at work."
                    " Reload the page in a moment.",
                    run=self.name,
                )
            )
        self.invalidate_recordset(["state", "computation"])
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The billing run %(run)s is in the state %(state)s: somebody was faster, or"
                    " the step is not due. Reload the page.",
                    run=self.name,
                    state=labels[self.state],
                )
            )

    def _check_may_run(self):
        """Only those who run the billing; the record rules add which estates."""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("property_tenant.group_billing_supervisor")):
            raise UserError(
                self.env._(
                    "Only a billing supervisor runs the billing. Ask one to go on with %(run)s.",
                    run=", ".join(self.mapped("name")),
                )
            )

    # --- approval ---------------------------------------------------------

    def _approval_gates(self):
        return super()._approval_gates() | {
            "post": Gate(
                self.env._("Posting of Bills"),
                guards={"state": ("approved", "posting")},
                invalidated_by=("estate_ids", "period_start", "period_end", "date_invoice"),
            )
        }

    def _approval_amount(self):
        return self.amount_charges

    def _approval_estate(self):
        return self.estate_ids if len(self.estate_ids) == 1 else super()._approval_estate()

    def _approval_estates(self):
        return self.estate_ids

    def _approval_needed(self, gate, before):
        """Going on with a run whose bills were begun needs no second approval."""
        needed = super()._approval_needed(gate, before)
        if gate != "post":
            return needed
        begun = ("posting", "posted", "delivered")
        return needed.filtered(lambda run: before.get(run) not in begun)

    def _approval_version_values(self, gate):
        """What is judged are the charges: any change of them asks again."""
        values = super()._approval_version_values(gate)
        if gate != "post":
            return values
        self.env["property.charge"].flush_model(["run_id", "state", "partner_id", "amount"])
        [row] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*), COALESCE(SUM(amount), 0)::text,
                          MD5(COALESCE(STRING_AGG(
                              id || ':' || partner_id || ':' || amount, ',' ORDER BY id), ''))
                     FROM property_charge
                    WHERE run_id = %s AND state IN ('draft', 'ready', 'billed')""",
                self.id,
            )
        )
        return [values, list(row)]

    def _approval_granted(self, gate):
        result = super()._approval_granted(gate)
        if gate == "post":
            self.filtered(lambda run: run.state == "to_approve")._store({"state": "approved"})
        return result

    def _approval_rejected(self, gate, opinion):
        result = super()._approval_rejected(gate, opinion)
        if gate == "post":
            self.filtered(lambda run: run.state == "to_approve")._store({"state": "computed"})
        return result

    def _approval_invalidated(self, gates):
        result = super()._approval_invalidated(gates)
        if "post" in gates:
            self.filtered(lambda run: run.state in ("to_approve", "approved"))._store(
                {"state": "computed"}
            )
        return result

    # --- transitions ------------------------------------------------------

    def action_request_approval(self):
        """Ask for the approvals that posting needs."""
        self._check_may_run()
        for run in self:
            run._lock("computed")
            if run.working:
                raise UserError(
                    self.env._("The charges of %(run)s are still being computed.", run=run.name)
                )
            if not run.charge_ids:
                raise UserError(
                    self.env._(
                        "The billing run %(run)s has no charges. Compute them first.", run=run.name
                    )
                )
            if run._approval_gate_state("post") == "approved":
                # taken back to review and found right as it was
                run._store({"state": "approved"})
                continue
            run._store({"state": "to_approve"})
            run._request_approval("post")

    def action_back_to_review(self):
        """Take the run back before anything is posted, or with what was left of it: that
        is computed and approved again, the bills stay."""
        self._check_may_run()
        for run in self:
            run._lock("to_approve", "approved", "posted", "delivered")
            if run.state in ("posted", "delivered") and not run._get_open_charges():
                raise UserError(self.env._("All charges of %(run)s are billed.", run=run.name))
            run._store({"state": "computed"})

    def action_deliver(self):
        """The bills are handed out: payment notices are made."""
        self._check_may_run()
        for run in self:
            run._lock("posted", "delivered")
            run._deliver()
            run._store({"state": "delivered"})

    def _deliver(self):
        """Make what is handed to the payers; letters extend it."""
        self.ensure_one()

    def action_close(self):
        """The period is done. What is not billed would never be: its days are taken."""
        self._check_may_run()
        for run in self:
            run._lock("posted", "delivered")
            left = run._get_open_charges()
            if left:
                raise UserError(
                    self.env._(
                        "%(count)s charges of %(run)s are not billed, first %(charge)s. Mend what"
                        " its list of issues says and post again, then close it.",
                        count=len(left),
                        run=run.name,
                        charge=left[0].display_name,
                    )
                )
            run._store({"state": "closed"})

    def action_cancel(self):
        """Give the run up before anything is posted; its draft charges go."""
        self._check_may_run()
        for run in self:
            run._lock(*OPEN_STATES)
            # whether there are bills is asked for all, also those out of sight
            if run.sudo().move_ids:
                raise UserError(
                    self.env._(
                        "The billing run %(run)s has posted bills and stays. Compute what is left"
                        " again and post it, or take its bills back by credit notes.",
                        run=run.name,
                    )
                )
            run._discard_charges()
            run._store({"state": "cancelled"})

    # --- views ------------------------------------------------------------

    def _action_view(self, xmlid, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = list(domain)
        action["context"] = {}
        return action

    def action_view_charges(self):
        """Open the charges of the run."""
        return self._action_view(
            "property_billing.property_charge_action", Domain("run_id", "in", self.ids)
        )

    def action_view_issues(self):
        """Open what stands in the way of the run."""
        return self._action_view(
            "property_billing.property_billing_issue_action", Domain("run_id", "in", self.ids)
        )

    def action_view_moves(self):
        """Open the bills of the run."""
        return self._action_view(
            "property_billing.account_move_bill_action", Domain("pm_run_id", "in", self.ids)
        )
