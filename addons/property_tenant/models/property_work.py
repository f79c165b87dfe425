"""Long work that a person has started: told in parts, done in the background, seen by who waits.

Whoever has something long to do calls ``_start`` with the records, the name of
a method of theirs, and the parts::

    work = self.env["property.work"]._start(
        self,
        "_print_part",
        calc.work.split(letters.ids, 50),
        name=self.env._("Payment notices of %s", self.name),
        end="_print_end",
        inline=len(letters) <= 20,
    )
    return work._get_action()

    def _print_part(self, items, part):
        # one transaction of its own, with the rights of who started the work
        ...
        part._keep_file("1.pdf", content)

    def _print_end(self, work):
        work._set_result(file=("all.pdf", merged), message=...)

Every part is a background job and a transaction. A killed worker leaves its
part as it was; it is done again by the next job. Cancelling stops between two
parts, ``Continue`` does what is left. A method that raises a ``UserError``
fails its part with that sentence, the other parts are done all the same.

Work that has jobs of its own (the import) reports with ``_report_start``,
``_report`` and ``_report_end``; its records say how it is stopped and gone on
with: ``_work_cancel()``, ``_work_continue()``.

Nobody has the right to write these records: the methods here do, after they
have looked at who calls.
"""

import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from odoo.addons.queue_job.exception import RetryableJobError

from ..calc.work import CANCELLED, DONE, FAILED, LIVE, RUNNING, WAITING, lanes_needed, percent

#: seconds until a job looks again whether a part or the work is free
PATIENCE = 5
#: parts of the context of who started the work that its jobs keep
CONTEXT = ("lang", "tz", "allowed_company_ids")
#: nobody but the program needs these, and they may name what others must not know
TECHNICAL = "base.group_system"


class PropertyWork(models.Model):
    _name = "property.work"
    _description = "Long Work"
    _inherit = ["property.constraint.check"]
    _order = "id desc"
    _required_constraints = ("_live_once",)

    name = fields.Char(string="Task", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Started by", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    estate_id = fields.Many2one(
        "property.estate", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    state = fields.Selection(
        [
            (WAITING, "Waiting"),
            (RUNNING, "Running"),
            (DONE, "Done"),
            (CANCELLED, "Cancelled"),
            (FAILED, "Failed"),
        ],
        required=True,
        readonly=True,
        default=WAITING,
        index=True,
    )
    total = fields.Integer(readonly=True, aggregator=None)
    done = fields.Integer(compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Part that is done, in percent.")
    reported = fields.Integer(
        readonly=True, aggregator=None, help="What work with jobs of its own has said is done."
    )
    has_own_jobs = fields.Boolean(readonly=True)
    is_inline = fields.Boolean(readonly=True, help="Done at once, without background jobs.")
    is_mine = fields.Boolean(compute="_compute_rights")
    can_steer = fields.Boolean(compute="_compute_rights")
    date_begun = fields.Datetime(string="Begun on", readonly=True)
    date_done = fields.Datetime(string="Ended on", readonly=True)
    message = fields.Text(string="Result", readonly=True)
    error = fields.Text(string="Problem", readonly=True)
    has_result = fields.Boolean(compute="_compute_has_result")
    part_ids = fields.One2many("property.work.part", "work_id", readonly=True)
    file_ids = fields.One2many("property.work.file", "work_id", readonly=True)

    # how it is done
    res_model = fields.Char(string="Record Kind Code", required=True, readonly=True, index=True)
    res_id = fields.Many2oneReference(
        string="Record Number", model_field="res_model", readonly=True
    )
    record_ids = fields.Json(groups=TECHNICAL, prefetch=False)
    method = fields.Char(groups=TECHNICAL)
    end_method = fields.Char(groups=TECHNICAL)
    arguments = fields.Json(groups=TECHNICAL, prefetch=False)
    context = fields.Json(groups=TECHNICAL, prefetch=False)
    action = fields.Json(groups=TECHNICAL, prefetch=False)
    lanes = fields.Integer(groups=TECHNICAL, default=1)
    channel = fields.Char(groups=TECHNICAL)
    key = fields.Char(groups=TECHNICAL)

    _live_once = models.UniqueIndex(
        "(key) WHERE state IN ('waiting', 'running')",
        "This is already being done in the background. Look at “My Long Work”.",
    )

    # --- derived ----------------------------------------------------------

    @api.depends("part_ids.state", "total", "reported", "state")
    def _compute_progress(self):
        sums = dict(
            # how far it is may be known to whoever sees the work
            self.env["property.work.part"]
            .sudo()
            ._read_group(
                [("work_id", "in", self.ids), ("state", "=", DONE)], ["work_id"], ["size:sum"]
            )
        )
        sums = {work.id: count for work, count in sums.items()}
        for work in self:
            work.done = work.reported if work.has_own_jobs else sums.get(work._origin.id, 0)
            work.progress = 100.0 if work.state == DONE else percent(work.done, work.total)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_rights(self):
        manager = self._is_manager()
        for work in self:
            work.is_mine = work.user_id == self.env.user
            work.can_steer = work.is_mine or manager

    @api.depends("state", "file_ids")
    @api.depends_context("uid")
    def _compute_has_result(self):
        # the files and the action are those of who started the work
        for work in self:
            told = work.sudo()
            found = told.action or told.file_ids.filtered("is_result")
            work.has_result = bool(work.state == DONE and work.user_id == self.env.user and found)

    @api.model
    def _is_manager(self):
        user = self.env.user
        return user.has_group("property_tenant.group_manager") or user.has_group(
            "property_tenant.group_general_manager"
        )

    # --- starting ---------------------------------------------------------

    @api.model
    def _start(
        self,
        records,
        method,
        parts,
        *,
        name,
        end=None,
        arguments=None,
        estate=None,
        inline=False,
        lanes=1,
        channel="property_work",
    ):
        """Have ``records.method(items, part, **arguments)`` called for each list of ``parts``.

        :param parts: lists of ids or other plain values, each done in one transaction
        :param name: what the person who waits reads
        :param end: method of ``records`` called with the work when all parts are done
        :param arguments: plain values, given to each call of ``method``
        :param inline: do it now, in this transaction: for little work. Errors are raised.
        :param lanes: how many parts may be done side by side
        :param channel: channel of the queue below the root
        :return: the work; that which is already being done when it was started before
        """
        key = self._make_key(records, method, arguments)
        if live := self._find_live(key):
            if not live._filter_with_jobs():
                # its workers have died: whoever asks again sets it going again
                live.sudo()._enqueue()
            return live
        parts = [list(items) for items in parts]
        work = self._make_record(
            records,
            {
                "name": name,
                "total": sum(map(len, parts)),
                "method": method,
                "end_method": end,
                "arguments": arguments or {},
                "is_inline": inline,
                "lanes": lanes_needed(lanes, len(parts)),
                "channel": f"root.{channel}",
                "key": key,
            },
            estate,
        )
        # nobody has the right to write these records, see above
        work.sudo().part_ids.create(
            [
                {"work_id": work.id, "sequence": number, "items": items, "size": len(items)}
                for number, items in enumerate(parts, start=1)
            ]
        )
        work.invalidate_recordset()
        if inline:
            work._do_now()
        else:
            work._enqueue()
        return work

    @api.model
    def _make_record(self, records, values, estate=None):
        """The record of a work that the current user starts on ``records``."""
        if estate is None:
            estate = self.env["property.estate"]
            if "estate_id" in records._fields and len(records.estate_id) == 1:
                estate = records.estate_id
        company = estate.company_id or self.env.company
        if not estate and "company_id" in records._fields and len(records.company_id) == 1:
            company = records.company_id
        context = {name: self.env.context[name] for name in CONTEXT if name in self.env.context}
        context.setdefault("allowed_company_ids", self.env.companies.ids)
        # nobody has the right to write these records, see above
        work = self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_id": company.id,
                "estate_id": estate.id,
                "res_model": records._name,
                "res_id": records[:1].id,
                "record_ids": records.ids,
                "context": context,
                **values,
            }
        )
        return work.with_env(self.env)

    @api.model
    def _make_key(self, records, method, arguments=None):
        """The same work on the same records is done once at a time."""
        told = json.dumps([records._name, sorted(records.ids), method, arguments or {}])
        return hashlib.sha256(told.encode()).hexdigest()

    @api.model
    def _find_live(self, key):
        # whether it is being done must be known, whoever has started it
        return (
            self.sudo()
            .search([("key", "=", key), ("state", "in", LIVE)], limit=1)
            .with_env(self.env)
        )

    def _get_action(self):
        """What the client does after the start: open the result, or say that it takes a while."""
        self.ensure_one()
        # a colleague may have started the same before: that it is being done may be said
        work = self.sudo()
        text = self.env._(
            "This is done in the background. You will be told when it is ready; how far it is"
            " stands in “My Long Work”."
        )
        if work.user_id != self.env.user:
            text = self.env._("%s has started this already; it is being done.", work.user_id.name)
        elif work.state == DONE:
            return self._open_result()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": work.name,
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # --- doing ------------------------------------------------------------

    def _as_starter(self):
        """The work with the rights, language and companies of who started it."""
        self.ensure_one()
        return self.with_user(self.user_id).with_context(**(self.sudo().context or {}))

    def _get_records(self):
        """The records the work is about, with the rights of the environment."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.sudo().record_ids or [])

    def _do_now(self):
        self._begin()
        for part in self.sudo().part_ids.with_env(self.env):
            part._call()
        self._call_end()
        self._finish(DONE)

    def _enqueue(self):
        """Have the work begun by a job of its own: later jobs need not write on the work,
        so that nobody who cancels waits for them, nor they for each other."""
        self.ensure_one()
        work = self._as_starter()
        work.with_delay(
            channel=work.sudo().channel, identity_key=work._job_key(0), description=work.name
        )._job_begin()

    def _job_begin(self):
        """Job: one row of jobs per lane; each job leaves the next part to another."""
        if self.state not in LIVE:
            return self.env._("The work was cancelled or has ended.")
        self._begin()
        for lane in range(1, self.sudo().lanes + 1):
            self._enqueue_step(lane)
        return None

    def _enqueue_step(self, lane):
        work = self._as_starter()
        work.with_delay(
            channel=work.sudo().channel,
            identity_key=work._job_key(lane),
            description=work.name,
        )._job_step(lane)

    def _job_key(self, lane):
        return f"property.work:{self.id}:{lane}"

    def _job_step(self, lane):
        """Job: do the next part, or end the work when there is none."""
        if self.state not in LIVE:
            return self.env._("The work was cancelled or has ended.")
        part = self.env["property.work.part"]._take(self)
        if part:
            part._do()
            self._enqueue_step(lane)
            return None
        # nobody has the right to these rows, see above
        if any(part.state == WAITING for part in self.sudo().part_ids):
            raise RetryableJobError(
                self.env._("The last parts are being done by other jobs."),
                seconds=PATIENCE,
                ignore_retry=True,
            )
        self._end()
        return None

    def _begin(self):
        if self.state == WAITING:
            self.sudo().write({"state": RUNNING, "date_begun": fields.Datetime.now()})

    def _end(self):
        """All parts are done or have failed: put the result together, tell who waits."""
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise RetryableJobError(
                self.env._("The work is being changed by somebody."),
                seconds=PATIENCE,
                ignore_retry=True,
            )
        failed = self.sudo().part_ids.filtered(lambda part: part.state == FAILED)
        if failed:
            return self._finish(FAILED, error=self._describe_failure(failed))
        try:
            with self.env.cr.savepoint():
                self._call_end()
        except UserError as error:
            return self._finish(FAILED, error=str(error))
        return self._finish(DONE)

    def _call_end(self):
        # the name was given by the program that has started the work, not by a user
        end = self.sudo().end_method
        if end:
            getattr(self._get_records(), end)(self)

    def _describe_failure(self, failed):
        reasons = "\n".join(dict.fromkeys(part.error for part in failed if part.error))
        return self.env._(
            "%(count)s of %(total)s could not be done:\n%(reasons)s",
            count=sum(failed.mapped("size")),
            total=self.total,
            reasons=reasons,
        )

    def _finish(self, state, **values):
        """The work is over: keep how it ended, and tell who has started it."""
        self.ensure_one()
        self.sudo().write({"state": state, "date_done": fields.Datetime.now(), **values})
        if not self.is_inline:
            self._tell()

    def _on_job_failed(self, **failure):
        """A job has failed for good; the traceback stands in it, for the administrator."""
        if self.state in LIVE:
            self._finish(FAILED, error=self._get_stopped_sentence())

    def _get_stopped_sentence(self):
        return self.env._(
            "The work has ended with an error. What was done until then is kept. Press Continue to"
            " try the rest again, or ask your administrator to look at the failed job."
        )

    # --- results ----------------------------------------------------------

    def _set_result(self, file=None, action=None, message=None):
        """What who has started the work gets: a file (name, content), or a window to open.

        To be called by the ``end`` method.
        """
        self.ensure_one()
        if file:
            self.env["property.work.file"]._keep(self, *file, is_result=True)
        values = {
            name: value for name, value in (("action", action), ("message", message)) if value
        }
        if values:
            self.sudo().write(values)

    def _set_merged_pdf(self, name, message=None):
        """The PDFs that the parts have kept, as one in their order, are the result."""
        self.ensure_one()
        files = self.sudo().file_ids.filtered(lambda file: not file.is_result)
        content = merge_pdf([file._get_content() for file in files.sorted("part_sequence")])
        # copies of what is in the result
        files.unlink()
        self._set_result(file=(name, content), message=message)

    def _open_result(self):
        self.ensure_one()
        if action := self.sudo().action:
            return action
        file = self.sudo().file_ids.filtered("is_result")[-1:]
        if not file:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/property.work.file/{file.id}/content?download=true",
            "target": "download",
        }

    # --- what the user presses --------------------------------------------

    def action_open_result(self):
        """Open or download what has come of the work; for who has started it."""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise UserError(
                self.env._(
                    "The result of %(work)s is for %(name)s, who has started it.",
                    work=self.name,
                    name=self.user_id.name,
                )
            )
        if not self.has_result:
            raise UserError(
                self.env._(
                    "%(work)s has no result to open (any more). Start it again.", work=self.name
                )
            )
        return self._open_result()

    def action_cancel(self):
        """Stop after the part that is being done just now."""
        for work in self:
            work._check_may_steer()
            if work.state not in LIVE:
                raise UserError(
                    self.env._(
                        "%(work)s has ended; there is nothing to cancel. Reload the page.",
                        work=work.name,
                    )
                )
            if work.has_own_jobs:
                work._get_records()._work_cancel()
            else:
                work._finish(CANCELLED, error=self.env._("Cancelled by %s", self.env.user.name))
        return True

    def action_continue(self):
        """Do what is left of work that was cancelled or has failed."""
        for work in self:
            work._check_may_steer()
            if work.state not in (CANCELLED, FAILED):
                raise UserError(
                    self.env._(
                        "%(work)s was neither cancelled nor has it failed. Reload the page.",
                        work=work.name,
                    )
                )
            if work.has_own_jobs:
                work._get_records()._work_continue()
                continue
            work._check_not_again()
            # nobody has the right to write these records, see above
            parts = work.sudo().part_ids.filtered(lambda part: part.state == FAILED)
            parts.write({"state": WAITING, "error": False})
            work.sudo().write({"state": WAITING, "error": False, "date_done": False})
            work._enqueue()
        return True

    def action_open_record(self):
        """Open the record that the work is about."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _check_may_steer(self):
        self.check_access("read")
        if not self.can_steer:
            raise UserError(
                self.env._(
                    "%(work)s was started by %(name)s, who can stop it or go on with it; so can a"
                    " manager.",
                    work=self.name,
                    name=self.user_id.name,
                )
            )

    def _check_not_again(self):
        live = self._find_live(self.sudo().key)
        if live:
            raise UserError(
                self.env._(
                    "%(work)s was started again meanwhile and is being done.", work=self.name
                )
            )

    # --- work with jobs of its own ------------------------------------------

    @api.model
    def _report_start(self, record, method, *, name, total=0):
        """``record`` begins long work with jobs of its own, or goes on with it."""
        key = self._make_key(record, method)
        # nobody has the right to write these records, see above
        old = self.sudo().search([("key", "=", key), ("state", "!=", DONE)], limit=1)
        values = {"name": name, "total": total, "reported": 0, "state": RUNNING}
        values |= {"date_begun": fields.Datetime.now(), "date_done": False, "error": False}
        if old:
            old.write(values)
            return old.with_env(self.env)
        return self._make_record(record, values | {"key": key, "has_own_jobs": True})

    @api.model
    def _report(self, record, done, total):
        """So much of the work of ``record`` is done."""
        work = self._get_reported(record)
        if work:
            work.sudo().write({"reported": done, "total": total})

    @api.model
    def _report_end(self, record, state, *, message=False, error=False):
        """The work of ``record`` is over; who has started it is told."""
        work = self._get_reported(record)
        if not work:
            return
        values = {"message": message, "error": error}
        if state == DONE:
            values["action"] = work.action_open_record()
        work._finish(state, **values)

    @api.model
    def _get_reported(self, record):
        # nobody has the right to write these records, see above
        return (
            self.sudo()
            .search(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("has_own_jobs", "=", True),
                    ("state", "in", LIVE),
                ],
                limit=1,
            )
            .with_env(self.env)
        )
