from odoo import api, fields, models
from odoo.fields import Domain

from ..calc.work import LIVE

#: rows shown in the list at the top of the screen; the others are behind “All”
SHOWN = 8


class PropertyWork(models.Model):
    """What is being done for the current user, for the top of the screen."""

    _inherit = "property.work"

    @api.model
    def get_mine(self):
        """The reader's own work that is under way or ended within a day, and how far it is."""
        if not self.has_access("read"):
            return {"running": 0, "failed": 0, "rows": []}
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        # what was done at once was seen at once
        mine = Domain("user_id", "=", self.env.uid) & Domain("is_inline", "=", False)
        live = Domain("state", "in", LIVE)
        rows = self.search(mine & (live | Domain("date_done", ">=", since)), order="id desc")
        rows = rows.sorted(lambda work: work.state not in LIVE)
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {
            "running": len(rows.filtered_domain(live)),
            "failed": len(rows.filtered_domain(Domain("state", "=", "failed"))),
            "rows": [
                {
                    "id": work.id,
                    "name": work.name,
                    "state": work.state,
                    "label": labels[work.state],
                    "progress": round(work.progress),
                    "has_result": work.has_result,
                }
                for work in rows[:SHOWN]
            ],
        }

    @api.model
    def _make_record(self, records, values, estate=None):
        work = super()._make_record(records, values, estate)
        if not values.get("is_inline"):
            work.user_id._bus_send("property_work_begun", {"id": work.id})
        return work
