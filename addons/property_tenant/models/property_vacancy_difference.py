from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PropertyVacancyDifference(models.Model):
    """A department knows otherwise than the list: to be cleared up by somebody."""

    _name = "property.vacancy.difference"
    _description = "Difference about a Vacant Unit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "check_id desc, unit_id, id"
    _rec_name = "unit_id"
    _check_company_auto = True

    check_id = fields.Many2one(
        "property.vacancy.check", required=True, index=True, ondelete="restrict"
    )
    estate_id = fields.Many2one(related="check_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="check_id.company_id", store=True, index=True)
    unit_id = fields.Many2one(
        "property.unit",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('estate_id', '=', estate_id)]",
    )
    department_id = fields.Many2one("property.department", required=True, ondelete="restrict")
    says = fields.Selection(
        [
            ("used", "In Use"),
            ("vacant", "Is Vacant"),
            ("other", "Something Else"),
        ],
        string="The Department Says",
        required=True,
        default="used",
    )
    note = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Cleared up by",
        domain=[("share", "=", False)],
        tracking=True,
        ondelete="restrict",
        help="Who corrects the occupancies.",
    )
    state = fields.Selection(
        [("open", "To Be Corrected"), ("corrected", "Corrected"), ("wrong", "The List Was Right")],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
        index=True,
    )
    outcome = fields.Char(tracking=True)

    _once = models.Constraint(
        "UNIQUE (check_id, unit_id, department_id)",
        "The department has already noted a difference about this unit.",
    )

    @api.constrains("unit_id", "check_id")
    def _check_unit(self):
        for row in self:
            if row.unit_id.estate_id != row.estate_id:
                raise ValidationError(
                    self.env._(
                        "Unit %(unit)s does not belong to %(estate)s.",
                        unit=row.unit_id.display_name,
                        estate=row.estate_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("state", "open") != "open" for vals in vals_list):
            raise UserError(self.env._("A difference begins as one to be corrected."))
        rows = super().create(vals_list)
        for row in rows:
            row.check_id._check_asked()
            if not self.env.su and row.department_id not in row.check_id._get_own_departments():
                raise UserError(
                    self.env._(
                        "%(department)s is not asked, or you do not work for it.",
                        department=row.department_id.name,
                    )
                )
            user = row.user_id or row.check_id.create_uid
            # who notes a difference gives a to-do to who made the list, who may do it
            row.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._(
                    "%(unit)s: %(department)s knows otherwise",
                    unit=row.unit_id.code,
                    department=row.department_id.name,
                ),
                note=row.note,
            )
        return rows

    def write(self, vals):
        if self and vals.keys() & {"state", "check_id", "unit_id", "department_id", "says"}:
            raise UserError(
                self.env._("What a department has said stays. Say what came of it instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for row in self:
            raise UserError(
                self.env._("The difference about %s stays on record.", row.unit_id.display_name)
            )

    def action_corrected(self):
        """The occupancies are put right."""
        return self._close("corrected")

    def action_wrong(self):
        """The list was right after all."""
        return self._close("wrong")

    def _close(self, state):
        self.check_access("write")
        super().write({"state": state})
        self.activity_ids.action_done()
        return True
