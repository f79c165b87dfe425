from odoo import fields, models
from odoo.exceptions import LockError, UserError

from odoo.addons.queue_job.exception import RetryableJobError

#: seconds until a job looks again whether the rows it needs are free
PATIENCE = 5

BATCH_STATES = [
    ("pending", "Not Begun"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


class PropertyBillingBatch(models.Model):
    """A part of a run that is done in one transaction, by one background job.

    The row is the lock: who holds it does the work, whoever comes later finds
    it done. A worker that dies leaves the batch as it was.
    """

    _name = "property.billing.batch"
    _description = "Billing Batch"
    _order = "run_id, stage, generation, sequence"
    _rec_name = "sequence"

    run_id = fields.Many2one("property.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    stage = fields.Selection(
        [("compute", "Computing"), ("post", "Posting")], required=True, index=True
    )
    generation = fields.Integer(
        required=True, help="The computation of the run that the batch belongs to."
    )
    sequence = fields.Integer(required=True)
    size = fields.Integer(help="Units to compute, or bills to post.")
    state = fields.Selection(BATCH_STATES, required=True, default="pending", index=True)
    error = fields.Text(readonly=True)
    journal_id = fields.Many2one("account.journal", ondelete="restrict")
    unit_ids = fields.Many2many("property.unit", string="Units")
    charge_ids = fields.One2many("property.charge", "batch_id", string="Charges")
    date_done = fields.Datetime(readonly=True)

    _sequence_uniq = models.Constraint(
        "UNIQUE (run_id, stage, generation, sequence)",
        "The run already has a batch with this number.",
    )

    def _enqueue(self):
        """One background job per batch; posting on a journal is one after the other."""
        for batch in self:
            if batch.stage == "post":
                channel = f"root.property_post.{batch.journal_id.id}"
            else:
                channel = "root.property_compute"
            batch.with_delay(
                channel=channel,
                identity_key=batch._job_key(),
                description=self.env._(
                    "%(run)s: part %(number)s", run=batch.run_id.name, number=batch.sequence
                ),
            )._run()

    def _job_key(self):
        return f"property.billing.batch:{self.id}"

    def _has_jobs(self):
        """Whether background jobs for any of these parts are waiting or running."""
        if not self:
            return False
        # jobs belong to the queue's managers; only whether there is one is asked
        jobs = self.env["queue.job"].sudo()
        return bool(
            jobs.search_count(
                [
                    ("identity_key", "in", [batch._job_key() for batch in self]),
                    ("state", "in", ("wait_dependencies", "pending", "enqueued", "started")),
                ],
                limit=1,
            )
        )

    def _run(self):
        """Do the batch, unless it is done; then see whether it was the last."""
        self.ensure_one()
        self._hold(self)
        self.invalidate_recordset()
        if self.state not in ("pending", "failed"):
            return self.env._("Nothing to do: the part is already done or was cancelled.")
        run = self.run_id
        if self.stage == "compute":
            if run.state not in ("collect", "computed") or run.computation != self.generation:
                self.state = "cancelled"
                return self.env._("The run has moved on; the part is not needed any more.")
            error = run._compute_units(self.unit_ids)
        else:
            if run.state != "posting":
                self.state = "cancelled"
                return self.env._("The run is not being posted; the part is not done.")
            error = run._post_batch(self)
        self.write(
            {
                "state": "failed" if error else "done",
                "error": error,
                "date_done": fields.Datetime.now(),
            }
        )
        return error or self.env._("Done.")

    def _hold(self, records):
        """Lock what the part works on.

        A worker that was killed holds its rows until PostgreSQL has noticed: a job
        comes back later, a person is told so.
        """
        try:
            records.lock_for_update()
        except LockError as error:
            message = self.env._(
                "Part %(number)s of %(run)s is being worked on by somebody else. Wait a moment,"
                " then reload the page.",
                number=self.sequence,
                run=self.run_id.name,
            )
            if self.env.context.get("job_uuid"):
                raise RetryableJobError(message, seconds=PATIENCE, ignore_retry=True) from error
            raise UserError(message) from error

    def action_retry(self):
        """Try a failed part again."""
        self.run_id._check_may_run()
        for batch in self:
            if batch.state != "failed":
                raise UserError(
                    self.env._(
                        "Part %(number)s of %(run)s did not fail.",
                        number=batch.sequence,
                        run=batch.run_id.name,
                    )
                )
        self.run_id._resume()
