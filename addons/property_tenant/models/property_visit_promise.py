from odoo import api, fields, models


class PropertyVisitPromise(models.Model):
    """What was promised to an occupant at a visit, by when, and who keeps it."""

    _name = "property.visit.promise"
    _description = "Promise to an Occupant"
    _order = "date_due, id"
    _rec_name = "text"
    _check_company_auto = True

    visit_id = fields.Many2one("property.visit", required=True, index=True, ondelete="cascade")
    occupancy_id = fields.Many2one(
        related="visit_id.occupancy_id", store=True, index=True, precompute=True
    )
    estate_id = fields.Many2one(
        related="visit_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="visit_id.company_id", store=True, index=True, precompute=True
    )
    text = fields.Char(string="Promise", required=True)
    department_id = fields.Many2one("property.department", check_company=True)
    user_id = fields.Many2one(
        "res.users",
        string="Kept by",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
    )
    date_due = fields.Date(string="Due", required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [("open", "Not Yet Kept"), ("kept", "Kept"), ("withdrawn", "Withdrawn")],
        required=True,
        default="open",
        index=True,
        copy=False,
    )
    date_kept = fields.Date(string="Kept on", readonly=True, copy=False)

    def action_kept(self):
        """The promise was kept today."""
        for promise in self:
            promise.write({"state": "kept", "date_kept": promise.estate_id._today()})

    def action_withdraw(self):
        """The occupant does without it."""
        self.write({"state": "withdrawn"})

    def _make_to_dos(self):
        """Each promise is on the list of who keeps it; other addons make tickets instead."""
        for promise in self.filtered(lambda promise: promise.state == "open"):
            promise.visit_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=promise.date_due,
                summary=promise.text,
                user_id=promise.user_id.id,
            )

    @api.depends("text", "date_due")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = promise.text
