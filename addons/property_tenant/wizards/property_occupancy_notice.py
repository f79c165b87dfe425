from odoo import fields, models
from odoo.exceptions import UserError

from ..models.property_occupancy_notice import NOTICE_WAYS


class PropertyOccupancyNotice(models.TransientModel):
    """Notes that notice was given: how, when, and until which day."""

    _name = "property.occupancy.notice"
    _description = "Give Notice"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    way = fields.Selection(NOTICE_WAYS, string="Notice by", required=True, default="letter")
    notice_date = fields.Date(
        string="Notice Given on", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(
        string="Last Day",
        required=True,
        default=lambda self: self._default_date_end(),
        help="The last day of the occupancy, included.",
    )

    def _default_date_end(self):
        occupancy = self.env["property.occupancy"].browse(
            self.env.context.get("default_occupancy_id")
        )
        return occupancy.date_end

    def action_give(self):
        """Give notice for the whole lease; the occupancy checks."""
        self.ensure_one()
        occupancy = self.occupancy_id
        occupancy.check_access("write")
        if self.notice_date > occupancy.estate_id._today():
            raise UserError(
                self.env._(
                    "Notice of %(occupancy)s cannot have been given on %(date)s, which is yet to"
                    " come.",
                    occupancy=occupancy.display_name,
                    date=self.notice_date,
                )
            )
        occupancy._give_notice(self.date_end, self.way, self.notice_date)
        return {"type": "ir.actions.act_window_close"}
