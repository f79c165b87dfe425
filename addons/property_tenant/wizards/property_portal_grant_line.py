from odoo import api, fields, models


class PropertyPortalGrantLine(models.TransientModel):
    _name = "property.portal.grant.line"
    _description = "Person Who May Use the Portal"

    grant_id = fields.Many2one("property.portal.grant", required=True, ondelete="cascade")
    contact_id = fields.Many2one(
        "property.occupancy.contact", readonly=True, help="Empty: the party itself."
    )
    partner_id = fields.Many2one("res.partner", string="Person", readonly=True)
    role = fields.Char(readonly=True)
    email = fields.Char(string="E-Mail")
    is_given = fields.Boolean(string="Uses the Portal")
    login_at = fields.Datetime(string="Last Seen", compute="_compute_login")
    has_login = fields.Boolean(string="Has a Login", compute="_compute_login")

    @api.depends("partner_id")
    def _compute_login(self):
        for line in self:
            # whether the person has a login, and used it, is all that is shown
            users = line.partner_id.sudo().user_ids
            line.has_login = bool(users)
            line.login_at = max(filter(None, users.mapped("login_date")), default=False)
