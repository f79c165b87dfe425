from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..calc.dossier import CHASED, EXPIRED, EXPIRING, MISSING, OVERDUE, may_be_chased

ACTIVITY = "property_tenant.activity_type_papers"
TEMPLATE = "property_tenant.mail_template_papers"


class PropertyDossierPaper(models.Model):
    """What is missing is chased: a to-do for the department, an e-mail to the party."""

    _inherit = "property.dossier.paper"

    @api.model
    def _run_daily(self, estate, today):
        """Find the states of the day and remind of what is overdue, expires or is missing."""
        occupancies = self.env["property.occupancy"].search(
            [("estate_id", "=", estate.id), ("lead_id", "=", False)]
        )
        self._refresh(occupancies)
        self._chase(estate, today)

    @api.model
    def _chase(self, estate, today):
        """Remind of the papers of ``estate`` whose turn it is; returns them."""
        every = estate.company_id.pm_paper_chase_days
        candidates = self.search(
            Domain("estate_id", "=", estate.id)
            & (
                Domain("state", "in", (*CHASED, EXPIRING))
                | Domain("state", "=", MISSING)
                & Domain("required", "=", True)
                & Domain("occupancy_id.date_start", "<=", fields.Date.subtract(today, days=every))
                & Domain("occupancy_id.state", "!=", "reserved")
            )
        )
        due = candidates.filtered(lambda paper: may_be_chased(paper.last_chased, every, today))
        # one that will expire is told once, before it has
        due = due.filtered(lambda paper: paper.state != EXPIRING or not paper.last_chased)
        due.write({"last_chased": today})
        due._make_reminders(today)
        if estate.company_id.pm_paper_mail:
            due.filtered(lambda paper: paper.state != MISSING)._mail_parties()
        return due

    def _make_reminders(self, today):
        """One to-do per dossier and person; one that is open already is brought up to date."""
        kind = self.env.ref(ACTIVITY)
        by_dossier = self.grouped("occupancy_id")
        open_ones = self.env["mail.activity"].search(
            [
                ("res_model", "=", "property.occupancy"),
                ("res_id", "in", self.occupancy_id.ids),
                ("activity_type_id", "=", kind.id),
            ]
        )
        waiting = {activity.res_id: activity for activity in open_ones}
        vals_list = []
        for dossier, papers in by_dossier.items():
            user = papers._get_chaser()
            note = papers.with_context(lang=user.lang)._get_reminder_note()
            if dossier.id in waiting:
                waiting[dossier.id].write({"note": note, "date_deadline": today})
            elif user:
                vals_list.append(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("property.occupancy"),
                        "res_id": dossier.id,
                        "activity_type_id": kind.id,
                        "summary": self.with_context(lang=user.lang).env._("Papers to chase"),
                        "note": note,
                        "date_deadline": today,
                        "user_id": user.id,
                    }
                )
        quiet = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        quiet.create(vals_list)

    def _get_chaser(self):
        """Who chases the papers of one dossier: who was promised them, else the department."""
        estate = self.estate_id
        users = self.promised_to_id.sudo()
        departments = self.env["property.department"].union(
            *(kind._get_department(self.company_id) for kind in self.type_id)
        )
        for department in departments:
            users |= department.head_id or department._get_users(estate)[:1]
        return users.filtered(lambda user: user.active and user._sees_estate(estate))[:1].sudo(
            False
        )

    def _get_reminder_note(self):
        items = Markup().join(Markup("<li>%s</li>") % paper._get_reminder_line() for paper in self)
        return Markup("<ul>%s</ul>") % items

    def _get_reminder_line(self):
        """What is the matter with the paper, as a line for people."""
        self.ensure_one()
        name = self.type_id.name
        if self.state == OVERDUE:
            return self.env._(
                "%(paper)s: was promised for %(day)s",
                paper=name,
                day=format_date(self.env, self.date_promised),
            )
        if self.state == EXPIRED:
            return self.env._(
                "%(paper)s: expired on %(day)s",
                paper=name,
                day=format_date(self.env, self.date_expiry),
            )
        if self.state == EXPIRING:
            return self.env._(
                "%(paper)s: expires on %(day)s",
                paper=name,
                day=format_date(self.env, self.date_expiry),
            )
        return self.env._("%s: missing", name)

    def _mail_parties(self):
        """An e-mail to each party that has an address, in its language."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        dossiers = self.occupancy_id.filtered(lambda occupancy: occupancy.partner_id.email)
        if template and dossiers:
            template.send_mail_batch(dossiers.ids)

    @api.model
    def _close_reminders(self, dossiers):
        """To-dos about dossiers that lack nothing any more are done."""
        kind = self.env.ref(ACTIVITY, raise_if_not_found=False)
        if not kind or not dossiers:
            return
        # the to-do is somebody else's; what it asked for is done
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "property.occupancy"),
                    ("res_id", "in", dossiers.ids),
                    ("activity_type_id", "=", kind.id),
                ]
            )
        )
        if not activities:
            return
        open_papers = self.sudo().search(
            [
                ("occupancy_id", "in", dossiers.ids),
                ("state", "in", (*CHASED, EXPIRING, MISSING)),
            ]
        )
        waiting = set(
            open_papers.filtered(
                lambda paper: paper.required or paper.state != MISSING
            ).occupancy_id.ids
        )
        done = activities.filtered(lambda activity: activity.res_id not in waiting)
        if done:
            done.action_feedback(feedback=self.env._("The papers are there."))
