from datetime import timedelta

from odoo import api, fields, models

from ..calc.work import CANCELLED, DONE, FAILED, LIVE

#: minutes after which work that nobody does any more is given up
GIVE_UP_AFTER = 15
#: days after which the record of work that has ended is forgotten
KEEP_DAYS = 180


class PropertyWork(models.Model):
    """Telling who waits, and looking after work that has come to a standstill."""

    _inherit = "property.work"

    def _tell(self):
        """Notify who has started the work: they have gone on to other things meanwhile."""
        self.ensure_one()
        work = self.sudo().with_context(lang=self.user_id.lang)
        title = work._get_notice_title()
        text = (work.error if work.state != DONE else work.message) or ""
        # the bus is of the person's own; everybody else sees nothing of it
        work.user_id._bus_send(
            "property_work",
            {
                "id": work.id,
                "state": work.state,
                "title": title,
                "message": text,
                "has_result": work.with_user(work.user_id).has_result,
            },
        )
        if work.state == CANCELLED and self.env.user == work.user_id:
            return
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=work.user_id.partner_id.ids,
            model=work._name,
            res_id=work.id,
            subject=title,
            body=text or title,
        )

    def _get_notice_title(self):
        titles = {
            DONE: self.env._("Ready: %s", self.name),
            CANCELLED: self.env._("Cancelled: %s", self.name),
            FAILED: self.env._("Not done: %s", self.name),
        }
        return titles[self.state]

    @api.model
    def _cron_watch(self):
        """Give up work that has no job any more: its workers have died too often."""
        limit = fields.Datetime.now() - timedelta(minutes=GIVE_UP_AFTER)
        works = self.search(
            [("state", "in", LIVE), ("has_own_jobs", "=", False), ("write_date", "<", limit)]
        )
        for work in works - works._filter_with_jobs():
            work._finish(FAILED, error=work._get_stopped_sentence())

    def _filter_with_jobs(self):
        """The works that have jobs waiting or running."""
        if not self:
            return self
        keys = {
            work._job_key(lane): work.id
            for work in self
            for lane in range((work.sudo().lanes or 1) + 1)
        }
        # jobs belong to the queue's managers; only whether there are any is asked
        jobs = (
            self.env["queue.job"]
            .sudo()
            .search(
                [
                    ("identity_key", "in", list(keys)),
                    ("state", "in", ("wait_dependencies", "pending", "enqueued", "started")),
                ]
            )
        )
        found = {keys[key] for key in jobs.mapped("identity_key")}
        return self.filtered(lambda work: work.id in found)

    @api.autovacuum
    def _gc_works(self):
        """Forget old work: what it has made is kept elsewhere, under its own rules."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search([("state", "not in", LIVE), ("write_date", "<", limit)], limit=1000)
        old.unlink()
