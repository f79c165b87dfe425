from odoo import api, fields, models
from odoo.fields import Domain

WARNING_KINDS = [
    ("violation", "Open Violation"),
    ("hazard", "Known Hazard"),
    ("dispute", "Dispute"),
    ("vip", "VIP"),
    ("care", "Needs Care"),
    ("other", "Note"),
]


class PropertyWarning(models.Model):
    """What staff must know whenever they open a party: typed by hand.

    What the books know (arrears, open tickets) is not typed: other addons add
    it to ``res.partner._get_estate_warnings``.
    """

    _name = "property.warning"
    _description = "Warning about a Party"
    _inherit = ["property.logged.mixin"]
    _logged_on = "partner_id"
    _order = "partner_id, level desc, id desc"
    _rec_name = "text"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Party", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    estate_id = fields.Many2one(
        "property.estate",
        index="btree_not_null",
        check_company=True,
        help="Shown to the staff of this estate; empty: of all estates.",
    )
    kind = fields.Selection(WARNING_KINDS, required=True, default="other")
    level = fields.Selection(
        [("1", "For Information"), ("2", "Careful"), ("3", "Stop and Ask")],
        required=True,
        default="2",
    )
    text = fields.Char(string="What to Know", required=True)
    date_until = fields.Date(
        string="Until", help="The last day on which it is shown. Empty: until it is archived."
    )
    active = fields.Boolean(default=True)

    @api.model
    def _get_current_domain(self):
        """Warnings that are in force; a day early or late does not matter."""
        today = fields.Date.context_today(self)
        return Domain("date_until", "=", False) | Domain("date_until", ">=", today)
