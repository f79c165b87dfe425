from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .property_billing_run import OPEN_STATES


class PropertyBillingRun(models.Model):
    """Computing the charges of a run. Before posting it is always safe to do again."""

    _inherit = "property.billing.run"

    def action_compute(self):
        """Compute the charges of the run anew.

        Small runs at once, larger ones in parts in the background.
        """
        self._check_may_run()
        for run in self:
            run._lock("collect", "computed")
            run._check_collected()
            run._discard_charges()
            run._store(
                {
                    "computation": run.computation + 1,
                    "computed_at": fields.Datetime.now(),
                    "computed_terms": run._get_terms_mark(),
                }
            )
            units = run._get_units()
            run._take_waiting_charges()
            run._list_rounding()
            run._start(run._make_compute_batches(units))

    def _check_collected(self):
        """Refuse to compute while readings are blocked, or an earlier run is open.

        Yearly tiers are consumed in the order of the periods, so an earlier
        period comes first.
        """
        self.ensure_one()
        blocks = self.env["property.meter.reading"]._get_open_blocks(
            self.estate_ids, self.period_start, self.period_end
        )
        if blocks:
            raise UserError(
                self.env._(
                    "%(count)s readings of the period are blocked, first that of meter %(meter)s on"
                    " %(date)s. Re-read, estimate or confirm them, then compute %(run)s.",
                    count=len(blocks),
                    meter=blocks[0].meter_id.display_name,
                    date=blocks[0].date,
                    run=self.name,
                )
            )
        earlier = self.search(
            [
                ("id", "!=", self.id),
                ("estate_ids", "in", self.estate_ids.ids),
                ("state", "in", OPEN_STATES),
                ("period_end", "<", self.period_start),
                ("computation", ">", 0),
            ],
            order="period_end",
            limit=1,
        )
        if earlier:
            raise UserError(
                self.env._(
                    "The billing run %(earlier)s comes first and is not posted."
                    " Post or cancel it, then compute %(run)s.",
                    earlier=earlier.name,
                    run=self.name,
                )
            )
        self._check_unread()

    def _get_units(self):
        """Units of the run's estates; archived ones too, their last days may be due."""
        return self.env["property.unit"].search(
            [("estate_id", "in", self.estate_ids.ids), ("active", "in", (True, False))]
        )

    def _get_fee_rules(self):
        """Fee rules valid in the period, in the order in which they are computed."""
        self.ensure_one()
        return self.env["property.fee.rule"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<=", self.period_end),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self.period_start),
                "|",
                ("estate_ids", "=", False),
                ("estate_ids", "in", self.estate_ids.ids),
            ]
        )

    def _discard_charges(self):
        """Forget what was computed and is not billed; what waited goes on waiting."""
        # charges, issues and totals are made by the run only: nobody has the
        # right to edit them by hand, and the actions have checked the user
        for run in self.sudo():
            charges = run.charge_ids.filtered(lambda charge: charge.state in ("draft", "ready"))
            own = charges.filtered(lambda charge: charge.kind in ("regular", "correction"))
            own.unlink()
            (charges - own).write({"run_id": False, "batch_id": False})
            run.issue_ids.unlink()
            run.total_ids.unlink()
            run.batch_ids.filtered(lambda batch: batch.state == "pending").write(
                {"state": "cancelled"}
            )

    def _list_rounding(self):
        """Say so when taxes are not rounded line by line: charges are."""
        self.ensure_one()
        company = self.company_id
        if company.tax_calculation_rounding_method == "round_per_line":
            return
        # as in _discard_charges: the run writes its issues, its user may not
        self.sudo().env["property.billing.issue"].create(
            {
                "run_id": self.id,
                "kind": "rounding",
                "level": "2_warning",
                "message": self.env._(
                    "%(company)s rounds taxes bill by bill, so a bill can differ by a cent from"
                    " the sum of its lines. A manager chooses Round per Line in the settings.",
                    company=company.display_name,
                ),
            }
        )

    def _take_waiting_charges(self):
        """Put on the run what waits for the next bill: events, credits carried forward."""
        # as in _discard_charges: the run writes its charges, its user may not
        waiting = (
            self.sudo()
            .env["property.charge"]
            .search(
                [
                    ("estate_id", "in", self.estate_ids.ids),
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "ready"),
                    ("run_id", "=", False),
                    "|",
                    ("period_end", "=", False),
                    ("period_end", "<=", self.period_end),
                ]
            )
        )
        waiting.write({"run_id": self.id})

    def _compute_units(self, units):
        """Compute the charges of ``units``; returns nothing, issues are listed."""
        self.ensure_one()
        # charges, usage and counters are made by the run only: nobody has the
        # right to create them by hand, and the run has checked its user
        builder = self.sudo().env["property.charge.builder"]
        charges, issues = builder._build(self.sudo(), units.sudo())
        self.sudo().env["property.charge"].create(charges)
        self.sudo().env["property.billing.issue"].create(
            [{"run_id": self.id, "stage": "compute", **issue} for issue in issues]
        )
        return None

    def _make_compute_batches(self, units):
        size = self.company_id.pm_batch_size
        ids = units.ids
        # parts are the run's own rows; its user was checked by the action
        return (
            self.sudo()
            .env["property.billing.batch"]
            .create(
                [
                    {
                        "run_id": self.id,
                        "stage": "compute",
                        "generation": self.computation,
                        "sequence": number,
                        "size": len(ids[start : start + size]),
                        "unit_ids": [fields.Command.set(ids[start : start + size])],
                    }
                    for number, start in enumerate(range(0, len(ids), size), 1)
                ]
            )
        )

    def _enqueue_watch(self):
        """A small job that sees whether all parts are done."""
        self.with_delay(
            channel="root.property_compute",
            priority=20,
            eta=5,
            identity_key=f"property.billing.run.watch:{self.id}",
            description=self.env._("%(run)s: are all parts done?", run=self.name),
        )._watch()

    def _start(self, batches):
        """Do small work at once, larger work in the background."""
        self.ensure_one()
        if sum(batches.mapped("size")) > self.company_id.pm_inline_units:
            batches._enqueue()
            self._enqueue_watch()
            return
        for batch in batches:
            batch._run()
        self._watch()

    def _resume(self):
        """Do every part again that is not done."""
        for run in self:
            # parts are the run's own rows, written by its actions only
            open_batches = run.sudo().batch_ids.filtered(
                lambda batch, run=run: (
                    batch.generation == run.computation and batch.state in ("pending", "failed")
                )
            )
            open_batches.write({"state": "pending", "error": False})
            run._start(open_batches)

    def action_resume(self):
        """Go on with work that was interrupted; what is done is not done again."""
        self._check_may_run()
        for run in self:
            if run.state not in ("collect", "computed", "posting"):
                raise UserError(self.env._("Nothing of %(run)s is under way.", run=run.name))
            run._resume()

    def _watch(self):
        """Take the run to its next state when all parts are done."""
        self.ensure_one()
        # parts under way refer to the row; a person may hold it
        if not self.try_lock_for_update(allow_referencing=True):
            self._enqueue_watch_again()
            return self.env._("Somebody works on the run; looking again later.")
        self.invalidate_recordset()
        stage = "post" if self.state == "posting" else "compute"
        # parts are the run's own rows, in sight or not
        batches = self.sudo().batch_ids.filtered(
            lambda batch: batch.stage == stage and batch.generation == self.computation
        )
        pending = batches.filtered(lambda batch: batch.state == "pending")
        if pending._has_jobs():
            self._enqueue_watch_again()
            return self.env._("Parts are still under way.")
        if pending:
            self.message_post(
                body=self.env._(
                    "The work was interrupted with %(count)s parts left. Press Resume to go on;"
                    " what is done is not done again.",
                    count=len(pending),
                )
            )
            return self.env._("Interrupted.")
        if stage == "compute" and self.state in ("collect", "computed"):
            self._finish_computation()
        elif self.state == "posting":
            self._finish_posting()
        return self.env._("All parts are done.")

    def _enqueue_watch_again(self):
        """Look again later. The identity key would drop a twin of this very job."""
        self.with_delay(channel="root.property_compute", priority=20, eta=10)._watch()

    def _finish_computation(self):
        self.ensure_one()
        self._compute_totals()
        if self.state == "collect":
            self._store({"state": "computed"})
        self.message_post(
            body=self.env._(
                "Computed: %(charges)s charges for %(units)s units, %(issues)s issues.",
                charges=self.charge_count,
                units=self.unit_count,
                issues=self.issue_count,
            )
        )

    def _compute_totals(self):
        """Totals per fee item beside the last run of the same estates."""
        self.ensure_one()
        previous = self.search(
            [
                ("id", "!=", self.id),
                ("estate_ids", "in", self.estate_ids.ids),
                ("state", "in", ("posted", "delivered", "closed")),
                ("period_end", "<", self.period_start),
            ],
            order="period_end desc",
            limit=1,
        )

        def figures(run):
            return {
                product: row
                for product, *row in self.env["property.charge"]._read_group(
                    [("run_id", "=", run.id), ("state", "!=", "void")],
                    ["product_id"],
                    ["__count", "unit_id:count_distinct", "quantity:sum", "amount:sum"],
                )
            }

        now, before = figures(self), figures(previous) if previous else {}
        products = sorted(now.keys() | before.keys(), key=lambda product: product.name or "")
        # totals are made by the run only: nobody has the right to edit them by hand
        totals = self.sudo().env["property.billing.run.total"]
        self.sudo().total_ids.unlink()
        totals.create(
            [
                {
                    "run_id": self.id,
                    "sequence": number,
                    "product_id": product.id,
                    "charge_count": now.get(product, [0, 0, 0, 0])[0],
                    "unit_count": now.get(product, [0, 0, 0, 0])[1],
                    "quantity": now.get(product, [0, 0, 0, 0])[2],
                    "amount": now.get(product, [0, 0, 0, 0])[3],
                    "amount_previous": before.get(product, [0, 0, 0, 0])[3],
                }
                for number, product in enumerate(products)
            ]
        )

    def _get_stale_charges(self, batch=None):
        """Charges whose readings were changed, reopened or corrected since, or whose unit
        is held by somebody else now.

        Those of the whole run, or of one batch.
        """
        self.ensure_one()
        of_batch = SQL("AND charge.batch_id = %s", batch.id) if batch else SQL()
        self.env["property.charge"].flush_model()
        self.env["property.charge.usage"].flush_model()
        self.env["property.meter.reading"].flush_model()
        return self.env["property.charge"].browse(sorted(self._get_stale_ids(of_batch)))

    def _get_stale_ids(self, of_batch):
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT usage.charge_id
                     FROM property_charge_usage usage
                     JOIN property_charge charge ON charge.id = usage.charge_id
                     JOIN property_meter_reading reading ON reading.id = usage.reading_id
                    WHERE charge.run_id = %(run)s %(of_batch)s
                      AND charge.kind IN ('regular', 'correction')
                      AND charge.state IN ('draft', 'ready')
                      AND (reading.state NOT IN ('accepted', 'billed')
                           OR (SELECT SUM(part.quantity)
                                 FROM property_charge_usage part
                                WHERE part.reading_id = usage.reading_id
                                  AND part.fee_rule_id = usage.fee_rule_id
                                  AND part.kind = usage.kind
                                  AND part.is_void IS NOT TRUE) <> reading.usage_billable)""",
                run=self.id,
                of_batch=of_batch,
            )
        )
        return {charge_id for (charge_id,) in rows}
