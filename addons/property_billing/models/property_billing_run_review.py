from odoo import api, fields, models
from odoo.fields import Domain

from ..calc.periods import Period

#: in these the parts that count are those of posting
POSTING_STATES = ("posting", "posted", "delivered", "closed")


class PropertyBillingRun(models.Model):
    """What a supervisor looks at before asking for the approval."""

    _inherit = "property.billing.run"

    negative_count = fields.Integer(string="Credits", compute="_compute_review")
    open_count = fields.Integer(
        string="Charges Not Billed", compute="_compute_review", help="Of a posted run."
    )
    uncharged_count = fields.Integer(string="Units without Charge", compute="_compute_review")
    failed_count = fields.Integer(string="Parts That Failed", compute="_compute_review")
    batch_count = fields.Integer(string="Parts", compute="_compute_review")
    batch_done_count = fields.Integer(string="Parts Done", compute="_compute_review")
    reading_open_count = fields.Integer(
        string="Readings to Check",
        compute="_compute_collected",
        help="Not accepted by anybody yet.",
    )
    reading_block_count = fields.Integer(
        string="Readings Blocked",
        compute="_compute_collected",
        help="Nothing is computed before these are settled.",
    )
    meter_missing_count = fields.Integer(string="Meters Not Read", compute="_compute_collected")

    def _compute_review(self):
        charged = self._count_charges([("state", "!=", "void")], "unit_id.usage")
        negative = self._count_charges([("state", "!=", "void"), ("amount", "<", 0)])
        waiting = self._count_charges([("state", "in", ("draft", "ready"))])
        units = dict(
            self.env["property.unit"]._read_group(
                [("estate_id", "in", self.estate_ids.ids), ("usage", "!=", "common")],
                ["estate_id"],
                ["__count"],
            )
        )
        for run in self:
            batches = run.batch_ids.filtered(
                lambda batch, run=run: (
                    batch.generation == run.computation
                    and batch.stage == ("post" if run.state in POSTING_STATES else "compute")
                )
            )
            run.batch_count = len(batches)
            run.batch_done_count = len(batches.filtered(lambda batch: batch.state == "done"))
            run.failed_count = len(batches.filtered(lambda batch: batch.state == "failed"))
            run.negative_count = negative.get(run, 0)
            run.open_count = waiting.get(run, 0)
            run.uncharged_count = 0
            if run.computation:
                of_run = sum(units.get(estate, 0) for estate in run.estate_ids)
                run.uncharged_count = of_run - charged.get(run, 0)

    @api.depends("estate_ids", "period_start", "period_end", "state")
    def _compute_collected(self):
        """What is still to be collected; of a run whose charges are approved nothing is."""
        nothing = self.env["property.meter.reading"]
        for run in self:
            collecting = run.state in ("collect", "computed") and run._is_complete()
            readings = run._get_open_readings() if collecting else nothing
            run.reading_open_count = len(readings)
            run.reading_block_count = len(readings.filtered(lambda row: row.severity == "block"))
            run.meter_missing_count = len(run._get_missing_meters()) if collecting else 0

    def _is_complete(self):
        return bool(self.estate_ids and self.period_start and self.period_end)

    def _get_open_readings(self):
        return self.env["property.meter.reading"]._get_open(
            self.estate_ids, self.period_start, self.period_end
        )

    def _get_missing_meters(self):
        missing = self.env["property.meter"]._get_missing_readings(
            self.estate_ids, self.period_start, self.period_end
        )
        return self.env["property.meter"].union(*missing)

    def _count_charges(self, domain, units_with=None):
        """Charges per run; with ``units_with``: charged units that may stand empty of charges."""
        domain = Domain(domain) & Domain("run_id", "in", self.ids)
        count = "__count"
        if units_with:
            domain &= Domain("unit_id.usage", "!=", "common") & Domain("unit_id.active", "=", True)
            count = "unit_id:count_distinct"
        return dict(self.env["property.charge"]._read_group(domain, ["run_id"], [count]))

    # --- why a unit has no charge -------------------------------------------

    def _get_uncharged_domain(self):
        """Units of the run's estates on which it charges nothing; common areas apart."""
        self.ensure_one()
        return [
            ("estate_id", "in", self.estate_ids.ids),
            ("usage", "!=", "common"),
            ("charge_ids", "not any", [("run_id", "=", self.id), ("state", "!=", "void")]),
        ]

    def _explain_uncharged(self, units):
        """Why the run charges nothing on ``units``: {unit id: sentence}."""
        self.ensure_one()
        reasons = {}
        for issue in self.issue_ids.filtered(lambda issue: issue.level != "3_info"):
            if issue.unit_id in units:
                reasons.setdefault(issue.unit_id.id, issue.message)
        left = units.filtered(lambda unit: unit.id not in reasons)
        for unit, run in self._get_charged_elsewhere(left).items():
            reasons[unit.id] = self.env._("Charged by the billing run %(run)s.", run=run.name)
        left = left.filtered(lambda unit: unit.id not in reasons)
        caught, due = self._get_caught(left)
        for unit in left:
            if unit not in caught:
                reasons[unit.id] = self.env._("No fee rule is for this unit.")
            elif unit not in due:
                reasons[unit.id] = self.env._("None of its fees is due in this period.")
            else:
                reasons[unit.id] = self.env._("Nothing was used, so there is nothing to charge.")
        return reasons

    def _get_charged_elsewhere(self, units):
        charges = self.env["property.charge"].search(
            [
                ("unit_id", "in", units.ids),
                ("kind", "=", "regular"),
                ("state", "!=", "void"),
                ("run_id", "!=", self.id),
                ("period_start", "<=", self.period_end),
                ("period_end", ">=", self.period_start),
            ]
        )
        return {charge.unit_id: charge.run_id for charge in charges if charge.run_id}

    def _get_caught(self, units):
        """Those of ``units`` that a fee rule is for, and those with a fee due in the period."""
        caught = due = units.browse()
        period = Period(self.period_start, self.period_end)
        for rule in self._get_fee_rules():
            of_rule = rule._match_units(units)
            caught |= of_rule
            if rule._get_due_periods(period):
                due |= of_rule
        return caught, due

    # --- buttons ------------------------------------------------------------

    def action_view_open_readings(self):
        """Open the readings of the period that nobody has accepted yet."""
        self.ensure_one()
        return self._action_view(
            "property_billing.property_meter_reading_action",
            Domain("id", "in", self._get_open_readings().ids),
        )

    def action_view_missing_meters(self):
        """Open the meters that were not read in the period."""
        self.ensure_one()
        return self._action_view(
            "property_billing.property_meter_action",
            Domain("id", "in", self._get_missing_meters().ids),
        )

    def action_view_changes(self):
        """Open what changed most against the run before."""
        return self._action_view(
            "property_billing.property_billing_change_action", Domain("run_id", "in", self.ids)
        )

    def action_view_negative(self):
        """Open the credits of the run."""
        return self._action_view(
            "property_billing.property_charge_action",
            Domain("run_id", "in", self.ids)
            & Domain("amount", "<", 0)
            & Domain("state", "!=", "void"),
        )

    def action_view_open_charges(self):
        """Open the charges that have no bill yet."""
        return self._action_view(
            "property_billing.property_charge_action",
            Domain("run_id", "in", self.ids) & Domain("state", "in", ("draft", "ready")),
        )

    def action_view_uncharged(self):
        """Open the units without a charge, each with the reason."""
        self.ensure_one()
        action = self._action_view(
            "property_billing.property_unit_uncharged_action", self._get_uncharged_domain()
        )
        action["context"] = {"billing_run_id": self.id}
        return action
