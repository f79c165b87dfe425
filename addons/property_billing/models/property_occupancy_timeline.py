from babel.dates import format_skeleton

from odoo import models
from odoo.fields import Domain
from odoo.tools import date_utils
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.property_tenant.calc.timeline import moment, older

#: readings of a month are one entry; these are told one by one
SINGLE_KINDS = ("move_in", "move_out", "installation", "removal", "check")


class PropertyOccupancy(models.Model):
    """Bills, letters, payments and readings of an occupancy in its time line."""

    _inherit = "property.occupancy"

    def _get_timeline_providers(self):
        return (
            super()._get_timeline_providers()
            + self._get_timeline_of_money()
            + self._get_timeline_of_readings()
        )

    def _get_billed_moves(self):
        """Query of the bills, and the credit notes, over charges of the occupancies."""
        # which bills are of the occupancies; whoever asks searches them with rights of his own
        charges = self.env["property.charge"].sudo()._search([("occupancy_id", "in", self.ids)])
        return (
            self.env["account.move"]
            .sudo()
            ._search(
                Domain("pm_charge_ids", "in", charges)
                | Domain("reversed_entry_id.pm_charge_ids", "in", charges)
            )
        )

    def _get_timeline_of_money(self):
        billed = self._get_billed_moves()
        bills = Domain("id", "in", billed) & Domain("state", "in", ("posted", "cancel"))
        moves = self.env["account.move"]
        seen = moves._search(bills) if moves.has_access("read") else []
        return [
            {
                "kind": "bill",
                "label": self.env._("Bills"),
                "icon": "fa-money",
                "model": "account.move",
                "domain": bills,
                "date": "invoice_date",
                "title": lambda move: move.name,
                "text": self._get_timeline_bill,
            },
            {
                "kind": "letter",
                "label": self.env._("Letters"),
                "icon": "fa-envelope-o",
                "model": "property.letter",
                "domain": [("move_ids", "in", billed), ("state", "!=", "draft")],
                "date": "date_issued",
                "title": lambda letter: " ".join(
                    filter(None, (self._get_labels(letter, "level"), letter.number))
                ),
                "text": lambda letter: _join(
                    self._get_labels(letter, "state"),
                    letter.currency_id.format(letter.amount_due),
                    letter.void_reason,
                ),
            },
            {
                "kind": "payment",
                "label": self.env._("Payments"),
                "icon": "fa-check",
                "model": "account.move",
                # who reads a bill may know when it was paid and how much; nothing else of the
                # lines of the accounts is shown, and the bill is opened
                "records": self.env["account.move.line"].sudo(),
                "domain": [
                    ("matched_debit_ids.debit_move_id.move_id", "in", seen),
                    ("move_id.move_type", "=", "entry"),
                    ("parent_state", "=", "posted"),
                ],
                "date": "date",
                "title": lambda line: line.move_id.name,
                "text": lambda line: line.company_currency_id.format(-line.balance),
                "opens": lambda line: line.matched_debit_ids.debit_move_id.move_id[:1],
            },
        ]

    def _get_timeline_bill(self, move):
        return _join(
            move.currency_id.format(move.amount_total),
            self._get_labels(move, "state")
            if move.state == "cancel"
            else self._get_labels(move, "payment_state"),
        )

    def _get_timeline_of_readings(self):
        readings = self._get_reading_domain()
        labels = self.env["property.meter.reading"]
        return [
            {
                "kind": "reading",
                "label": self.env._("First and Last Readings"),
                "icon": "fa-tachometer",
                "model": "property.meter.reading",
                "domain": readings & Domain("kind", "in", SINGLE_KINDS),
                "date": "date",
                "title": lambda row: _join(self._get_labels(row, "kind"), row.meter_id.name),
                "text": lambda row: " ".join(
                    filter(None, (_number(row.index_value), row.uom_name))
                ),
            }
        ] + (
            [
                {
                    "kind": "reading_month",
                    "label": self.env._("Monthly Readings"),
                    "icon": "fa-line-chart",
                    "entries": lambda place, limit: self._get_timeline_months(
                        place, limit, readings
                    ),
                }
            ]
            if labels.has_access("read")
            else []
        )

    def _get_reading_domain(self):
        """Readings that hold, of the units while the occupancies lasted."""
        spans = []
        for occupancy in self:
            span = Domain("unit_id", "=", occupancy.unit_id.id)
            days = filter(None, (occupancy.date_start, occupancy.date_handover))
            if first := min(days, default=None):
                span &= Domain("date", ">=", first)
            if occupancy.date_end:
                span &= Domain("date", "<=", occupancy.date_end)
            spans.append(span)
        return (
            Domain.OR(spans)
            & Domain("state", "in", ("accepted", "billed"))
            & Domain("corrected_by_id", "=", False)
        )

    def _get_timeline_months(self, place, limit, readings):
        locale = babel_locale_parse(get_lang(self.env).code)
        regular = readings & Domain("kind", "=", "regular")
        rows = self.env["property.meter.reading"]._read_group(
            regular,
            ["date:month"],
            ["__count", "date:max"],
            having=older(place, "reading_month", "date:max", True, key=""),
            order="date:max desc",
            limit=limit,
        )
        return [
            {
                "date": moment(last),
                "key": 0,
                "day": True,
                "title": self.env._(
                    "Readings of %s", format_skeleton("yMMMM", month, locale=locale)
                ),
                "text": self.env._("%s readings", count),
                "model": "property.meter.reading",
                "id": False,
                "domain": list(
                    regular
                    & Domain("date", ">=", month)
                    & Domain("date", "<=", date_utils.end_of(month, "month"))
                ),
            }
            for month, count, last in rows
        ]


def _join(*parts):
    return " · ".join(filter(None, parts))


def _number(value):
    return f"{value:.3f}".rstrip("0").rstrip(".")
