from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyFormPreview(models.TransientModel):
    """Shows a form filled in for an occupancy; from an occupancy, issues it as well."""

    _name = "property.form.preview"
    _description = "Preview of a Form"

    form_id = fields.Many2one("property.form", required=True, ondelete="cascade")
    occupancy_id = fields.Many2one(
        "property.occupancy", ondelete="cascade", default=lambda self: self._default_occupancy_id()
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
    )
    body = fields.Html(string="Text", compute="_compute_body")

    def _default_occupancy_id(self):
        return self.env["property.occupancy"].search([("state", "=", "moving_in")], limit=1)

    @api.depends("occupancy_id")
    def _compute_lang(self):
        for wizard in self:
            occupancy = wizard.occupancy_id
            wizard.lang = occupancy._get_form_lang() if occupancy else self.env.lang

    @api.depends("form_id", "occupancy_id", "lang")
    def _compute_body(self):
        for wizard in self:
            form = wizard.form_id.with_context(lang=wizard.lang)
            if form and wizard.occupancy_id:
                wizard.body = form._fill(wizard.occupancy_id)[1]
            else:
                wizard.body = form.body

    def action_issue(self):
        """Issue the paper for the occupancy and open it."""
        self.ensure_one()
        occupancy = self.occupancy_id
        if not occupancy:
            raise UserError(self.env._("Choose the occupancy for which the paper is issued."))
        occupancy.check_access("write")
        issue = self.env["property.form.issue"]._issue(occupancy, self.form_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.form.issue",
            "res_id": issue.id,
            "view_mode": "form",
        }
