from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.work import CANCELLED, DONE, FAILED

#: what a batch is before and after the work of each state
STAGES = {"checking": ("new", "checked"), "importing": ("checked", "done")}


class PropertyImport(models.Model):
    """Checking and importing, at once or in the background."""

    _inherit = "property.import"

    is_stalled = fields.Boolean(
        compute="_compute_is_stalled", help="The background work has ended before its time."
    )

    @api.depends("problem", "state")
    def _compute_is_stalled(self):
        for record in self:
            record.is_stalled = bool(record.problem) and record.state in STAGES

    # --- what the user presses --------------------------------------------

    def action_check(self):
        """Dry run: list what would become of every row, change nothing."""
        self._check_turn("draft")
        self._check_ready()
        self._remember_columns()
        if self._is_long_file():
            self._start("checking", "_job_read")
        else:
            self._read_rows()
            self._work_through("checking", "checked")
        return True

    def action_import(self):
        """Import the rows that the check found good."""
        self._check_turn("checked", "stopped")
        self._get_kind()._check_allowed()
        if self._is_short():
            self._work_through("importing", "done")
        else:
            self._start("importing", "_job_step")
        return True

    def action_stop(self):
        """Stop the background work after the batch it is at."""
        self._check_turn("checking", "importing")
        self.env["property.work"]._report_end(
            self, CANCELLED, error=self.env._("Cancelled by %s", self.env.user.name)
        )
        if self.state == "checking":
            return self._back_to_draft()
        self._set_state("stopped", problem=False)
        return True

    def action_resume(self):
        """Go on with background work that has stopped because of an error."""
        self._check_turn("checking", "importing")
        self._start(self.state, "_job_step" if self.batch_ids else "_job_read")
        return True

    def action_change(self):
        """Back to the draft: choose another file, other columns or options."""
        self._check_turn("checked")
        return self._back_to_draft()

    def action_refresh(self):
        """Show how far the background work is."""
        self.check_access("read")
        return True

    def action_view_lines(self):
        """Open the list of the rows, bad ones first."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_import_line_action"
        )
        action["domain"] = [("import_id", "=", self.id)]
        action["context"] = {"search_default_bad": self.count_bad > 0}
        return action

    # --- stages -----------------------------------------------------------

    def _check_turn(self, *states):
        """Refuse without the right to write, or in another state than ``states``."""
        self.ensure_one()
        self.check_access("write")
        # of two who press at once, the second is told so; the background work,
        # whose rows refer to this one, does not stand in the way
        held = self.try_lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        if not held:
            raise UserError(
                self.env._(
                    "Somebody else is working on the import %(import)s just now. Reload the page.",
                    **{"import": self.display_name},
                )
            )
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The import %(import)s is in the state “%(state)s”, in which this cannot be"
                    " done. Reload the page to see it.",
                    state=labels[self.state],
                    **{"import": self.display_name},
                )
            )

    def _set_state(self, state, **values):
        # the state follows from what was done, users cannot write it
        self.sudo().write({"state": state, **values})

    def _back_to_draft(self):
        self.sudo().batch_ids.unlink()
        self._set_state("draft", row_count=0, problem=False)
        return True

    def _is_long_file(self):
        """Whether the file has more rows than are worked on at once."""
        limit = self._limit("import_inline_rows")
        return len(self._first_rows(limit + 1)) > limit

    def _work_through(self, stage, end_state):
        before, _after = STAGES[stage]
        for batch in self.batch_ids.filtered(lambda batch: batch.state == before):
            batch._process(dry_run=stage == "checking")
        self._end_stage(stage, end_state)

    def _end_stage(self, stage, end_state):
        values = {"problem": False}
        if stage == "importing":
            values["date_done"] = fields.Datetime.now()
        self._set_state(end_state, **values)

    # --- background -------------------------------------------------------

    def _start(self, stage, method):
        self._set_state(stage, problem=False)
        self.env["property.work"]._report_start(
            self,
            stage,
            name=f"{self._description_of(stage)}: {self.display_name}",
            total=self.row_count,
        )
        self._enqueue(stage, method)

    def _enqueue(self, stage, method):
        self.ensure_one()
        label = self._description_of(stage)
        delayed = self.with_delay(
            # a second press of a button adds no second row of jobs
            identity_key=f"property.import:{self.id}:{stage}",
            description=f"{label}: {self.display_name}",
        )
        getattr(delayed, method)()

    def _description_of(self, stage):
        return self.env._("Check") if stage == "checking" else self.env._("Import")

    def _job_read(self):
        """Job: read the file into batches, then have them checked."""
        if self.state != "checking":
            return
        try:
            self._read_rows()
        except UserError as error:
            # the file turned out bad behind its first rows: back to the user
            self._set_state("draft", problem=str(error))
            self.env["property.work"]._report_end(
                self, FAILED, error=self.env._("The file cannot be imported: %s", error)
            )
            return
        self._enqueue("checking", "_job_step")

    def _job_step(self):
        """Job: work on the next batch, then leave the one after it to another job."""
        stage = self.state
        if stage not in STAGES:
            # stopped by the user
            return
        before, _after = STAGES[stage]
        waiting = self.batch_ids.filtered(lambda batch: batch.state == before)
        if waiting:
            batch = waiting[0].try_lock_for_update().filtered(lambda batch: batch.state == before)
            if not batch:
                # another job is at it and goes on with the rest
                return
            batch._process(dry_run=stage == "checking")
            rows = sum(waiting[1:].mapped("row_count"))
            self.env["property.work"]._report(self, self.row_count - rows, self.row_count)
        if len(waiting) > 1:
            self._enqueue(stage, "_job_step")
            return
        self._end_stage(stage, "checked" if stage == "checking" else "done")
        self.env["property.work"]._report_end(self, DONE, message=self._summary_text())

    def _on_job_failed(self, **failure):
        """Leave word on the record when a job has failed for good; the traceback
        stands in the job, for the administrator."""
        self.sudo().problem = self.env._(
            "The background work has ended with an error. What was done until then is kept. Press"
            " Continue to try again, or ask your administrator to look at the failed job."
        )
        self.env["property.work"]._report_end(self, FAILED, error=self.problem)

    def _summary_text(self):
        return self.env._(
            "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(bad)s bad rows",
            new=self.count_created,
            changed=self.count_updated,
            unchanged=self.count_unchanged,
            bad=self.count_bad,
        )

    # --- how long work is stopped and gone on with --------------------------

    def _work_cancel(self):
        """Cancelling the long work stops the import."""
        self.action_stop()

    def _work_continue(self):
        """Going on with the long work is going on with the import, where it stands."""
        if self.state == "stopped":
            self.action_import()
        elif self.state == "draft":
            self.action_check()
        else:
            self.action_resume()

    # --- retention --------------------------------------------------------

    @api.autovacuum
    def _gc_contents(self):
        """Forget files and rows of old imports: they hold personal data. The
        record of who imported what, and the counts, stay."""
        old = self.browse()
        for company in self.env["res.company"].with_context(active_test=False).search([]):
            limit = fields.Datetime.subtract(
                fields.Datetime.now(), days=company.pm_import_keep_days
            )
            old += self.search(
                [
                    ("company_id", "=", company.id),
                    ("write_date", "<", limit),
                    ("file", "!=", False),
                    ("state", "not in", list(STAGES)),
                ],
                limit=1000,
            )
        old.batch_ids.write({"rows": False})
        old.line_ids.write({"values": False})
        old.column_ids.write({"sample": False})
        old.write({"file": False})
