import pytz

from odoo import models
from odoo.tools import format_date


class PropertyEstate(models.Model):
    _inherit = "property.estate"

    def _get_local_text(self, at):
        """Date and hour of the naive UTC datetime ``at`` by the estate's clock, for readers."""
        self.ensure_one()
        local = pytz.utc.localize(at).astimezone(pytz.timezone(self.tz or "UTC"))
        return f"{format_date(self.env, local.date())} {local:%H:%M}"
