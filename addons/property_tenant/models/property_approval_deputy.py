from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..calc.approval import covers


class PropertyApprovalDeputy(models.Model):
    """Who decides for whom in which days; both days included.

    A deputy of a deputy decides nothing.
    """

    _name = "property.approval.deputy"
    _description = "Deputy"
    _order = "date_from desc, id desc"
    _rec_name = "deputy_id"
    _rec_names_search = ["user_id.name", "deputy_id.name"]

    user_id = fields.Many2one(
        "res.users",
        string="Absent Person",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    deputy_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, index=True
    )
    date_to = fields.Date(
        string="Until", help="The last day, included. Empty: until further notice."
    )
    note = fields.Char(string="Reason")

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An absence cannot end before it begins.",
    )
    _somebody_else = models.Constraint(
        "CHECK (user_id <> deputy_id)", "Nobody is his own deputy. Choose another person."
    )

    @api.constrains("deputy_id")
    def _check_internal(self):
        for absence in self:
            if absence.sudo().deputy_id.share:
                raise ValidationError(
                    self.env._(
                        "%(name)s is not on the staff and cannot decide for %(absent)s."
                        " Choose a colleague.",
                        name=absence.deputy_id.display_name,
                        absent=absence.user_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        absences = super().create(vals_list)
        absences._check_not_self_appointed()
        return absences

    def write(self, vals):
        result = super().write(vals)
        self._check_not_self_appointed()
        return result

    def _check_not_self_appointed(self):
        """A manager must not take over somebody's say by naming himself.

        No constraint: those run with the rights of the system.
        """
        for absence in self:
            if not self.env.su and absence.deputy_id == self.env.user:
                raise ValidationError(
                    self.env._(
                        "You cannot name yourself deputy of %(absent)s. Let %(absent)s or another"
                        " manager do that.",
                        absent=absence.user_id.display_name,
                    )
                )

    @api.depends("user_id", "deputy_id")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = self.env._(
                "%(deputy)s for %(absent)s",
                deputy=absence.deputy_id.name,
                absent=absence.user_id.name,
            )

    @api.model
    def _get_absent(self, deputy, day):
        """Users for whom ``deputy`` decides on ``day``."""
        # who represents whom must be known to decide, whoever set it up
        rows = self.sudo().search([("deputy_id", "=", deputy.id), ("date_from", "<=", day)])
        rows = rows.filtered(lambda row: covers(row.date_from, row.date_to, day))
        return rows.user_id.sudo(False)

    @api.model
    def _get_deputies(self, users, day):
        """Users who decide on ``day`` for any of ``users``."""
        rows = self.sudo().search([("user_id", "in", users.ids), ("date_from", "<=", day)])
        rows = rows.filtered(lambda row: covers(row.date_from, row.date_to, day))
        return rows.deputy_id.sudo(False)
