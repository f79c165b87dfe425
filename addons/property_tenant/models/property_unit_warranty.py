from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ..calc.warranty import is_covered, warranty_end


class PropertyUnit(models.Model):
    """Until when which part of the unit is under warranty."""

    _inherit = "property.unit"

    warranty_start = fields.Date(
        string="Handed Over by the Developer",
        tracking=True,
        copy=False,
        help="Warranties count from this day. Set when the first owner takes over.",
    )
    warranty_text = fields.Html(string="Warranty", compute="_compute_warranty_text")

    @api.depends("warranty_start", "usage")
    @api.depends_context("lang")
    def _compute_warranty_text(self):
        for unit in self:
            rows = [
                Markup("<tr class='%s'><td>%s</td><td>%s</td></tr>")
                % ("" if covered else "text-muted", part.name, format_date(self.env, until))
                for part, until, covered in unit._get_warranties()
            ]
            unit.warranty_text = rows and (
                Markup("<table class='table table-sm'><tbody>%s</tbody></table>")
                % Markup("").join(rows)
            )

    def _begin_warranty(self, day):
        """Warranties begin on ``day``, unless they have begun before."""
        fresh = self.filtered(lambda unit: not unit.warranty_start)
        # whoever completes a move-in need not be allowed to change units
        fresh.sudo().write({"warranty_start": day})

    def _get_warranty(self, part, date=None):
        """(last day under warranty, whether ``date`` is covered) of a part of the unit.

        :param part: a ``property.warranty.part``
        :param date: local date; today by default
        """
        self.ensure_one()
        date = date or self.estate_id._today()
        months = part.months if part._applies_to(self) else 0
        start = self.warranty_start
        return warranty_end(start, months), is_covered(start, months, date)

    def _get_warranties(self, date=None):
        """(part, last day, whether covered) of every part that has a warranty, in order."""
        self.ensure_one()
        if not self.warranty_start:
            return []
        # the list of warranties is for all who see the unit
        parts = self.env["property.warranty.part"].search([])
        return [(part, *self._get_warranty(part, date)) for part in parts if part._applies_to(self)]
