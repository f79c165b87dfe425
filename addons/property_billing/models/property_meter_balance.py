from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import formatLang

from ..calc.balance import MeterNode, balance
from ..calc.money import plain, round_amount, to_decimal
from ..calc.periods import billing_periods, month_period, previous_period
from .property_meter import COMMODITIES

#: months that a usage is compared with to find who is at fault
HISTORY_MONTHS = 12


class PropertyMeterBalance(models.Model):
    """A parent meter against the sum of those below it, for one month.

    Computed rows, kept so that years of readings stay quick to look at; they are
    made anew whenever readings of their month may have changed.
    """

    _name = "property.meter.balance"
    _description = "Meter Balance"
    _order = "period_start desc, commodity, level, meter_id"
    _rec_name = "meter_id"
    _check_company_auto = True

    meter_id = fields.Many2one(
        "property.meter", string="Parent Meter", required=True, index=True, ondelete="cascade"
    )
    estate_id = fields.Many2one("property.estate", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    commodity = fields.Selection(COMMODITIES, required=True)
    uom_name = fields.Char(related="meter_id.uom_name")
    level = fields.Integer(aggregator=None)
    period_start = fields.Date(string="First Day", required=True, index=True)
    period_end = fields.Date(string="Last Day", required=True)
    month = fields.Char(compute="_compute_month")
    # summed over parents, what flows through several would count several times
    usage = fields.Float(digits=(18, 3), aggregator=None)
    children_usage = fields.Float(string="Usage Below", digits=(18, 3), aggregator=None)
    loss = fields.Float(digits=(18, 3), help="Usage of the meter minus the usage below it.")
    loss_percent = fields.Float(
        string="Loss (%)", digits=(8, 2), aggregator="avg", help="Of the usage of the meter."
    )
    percent_before = fields.Float(
        string="Loss Before (%)", digits=(8, 2), aggregator="avg", help="In the month before."
    )
    trend = fields.Float(
        string="Trend (points)",
        digits=(8, 2),
        aggregator="avg",
        help="Percentage points more (or less) than in the month before.",
    )
    has_percent = fields.Boolean(help="Whether the loss can be told in percent.")
    cost = fields.Monetary(help="The loss at the cost of a unit.")
    is_read = fields.Boolean(string="Meter Read", help="Whether the parent meter was read.")
    complete = fields.Boolean(help="The meter and all below it were read in the month.")
    child_count = fields.Integer(string="Meters Below", aggregator=None)
    missing_ids = fields.Many2many("property.meter", string="Meters without Reading")
    missing_count = fields.Integer(string="Meters Not Read")
    suspect_id = fields.Many2one(
        "property.meter", string="Most Likely at Fault", index="btree_not_null", ondelete="set null"
    )
    suspects = fields.Json()
    suspect_text = fields.Text(string="Likely at Fault", compute="_compute_suspect_text")

    _meter_month_uniq = models.Constraint(
        "UNIQUE (meter_id, period_start)", "A meter has one balance a month."
    )

    @api.depends("period_start")
    def _compute_month(self):
        for row in self:
            row.month = str(row.period_start or "")[:7]

    @api.depends("meter_id", "month")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.meter_id.name} {row.month}"

    @api.depends("suspects")
    @api.depends_context("lang")
    def _compute_suspect_text(self):
        reasons = {
            "stopped": self.env._("stands still"),
            "removed": self.env._("removed"),
            "missing": self.env._("not read"),
            "deviates": self.env._("other than usual"),
        }
        keys = {found["meter"] for row in self for found in row.suspects or ()}
        names = {meter.id: meter.name for meter in self.env["property.meter"].browse(keys).exists()}
        for row in self:
            lines = []
            for found in row.suspects or ():
                text = f"{names.get(found['meter'], '?')}: {reasons[found['reason']]}"
                if found["usage"] is not None and found["expected"] is not None:
                    text += self.env._(
                        " (%(usage)s, usually %(expected)s)",
                        usage=found["usage"],
                        expected=found["expected"],
                    )
                lines.append(text)
            row.suspect_text = "\n".join(lines)

    # --- computing ----------------------------------------------------------

    @api.model
    def _compute_for(self, estate, period_start, period_end):
        """Make the rows of an estate anew for every month with a day in the period.

        The number of queries does not depend on that of meters or readings.

        :return: the rows of these months
        """
        months = list(billing_periods(period_start, period_end, "month"))
        if not months:
            return self.browse()
        Meter = self.env["property.meter"].with_context(active_test=False)
        meters = Meter.search([("estate_id", "=", estate.id)])
        first = months[0]
        for _month in range(HISTORY_MONTHS):
            first = previous_period(first, "month")
        usage = self.env["property.meter"]._get_usage_by_month(meters, first.start, months[-1].end)
        tree = MeterTree(meters, usage)
        stored = self.search(
            [
                ("estate_id", "=", estate.id),
                ("period_start", ">=", previous_period(months[0], "month").start),
                ("period_start", "<=", months[-1].start),
            ]
        )
        by_key = {(row.meter_id.id, row.period_start): row for row in stored}
        percents = {
            (row.meter_id.id, row.period_start): row.loss_percent
            for row in stored
            if row.has_percent
        }
        vals_list, kept = [], self.browse()
        for month in months:
            for vals in self._month_values(estate, tree, month, percents):
                row = by_key.get((vals["meter_id"], month.start))
                if row:
                    row.write(vals)
                    kept |= row
                else:
                    vals_list.append(vals)
        recomputed = stored.filtered(lambda row: row.period_start >= months[0].start)
        (recomputed - kept).unlink()
        return kept | self.create(vals_list)

    def _month_values(self, estate, tree, month, percents):
        """Values of the rows of one month; ``percents`` collects the losses."""
        digits = estate.company_id.currency_id.decimal_places
        before = previous_period(month, "month")
        for commodity in tree.commodities:
            nodes = tree.nodes(commodity, month)
            for row in balance(nodes, digits=digits).rows:
                if row.usage is None and len(row.missing) == len(row.children):
                    continue  # nothing was read yet
                vals = {
                    "meter_id": row.key,
                    "estate_id": estate.id,
                    "commodity": commodity,
                    "level": row.depth + 1,
                    "period_start": month.start,
                    "period_end": month.end,
                    "usage": float(row.usage or 0),
                    "children_usage": float(row.children_usage),
                    "loss": float(row.loss or 0),
                    "loss_percent": float(row.percent or 0),
                    "has_percent": row.percent is not None,
                    "is_read": row.usage is not None,
                    "complete": row.complete,
                    "child_count": len(row.children),
                    "missing_ids": [fields.Command.set(row.missing)],
                    "missing_count": len(row.missing),
                    "cost": tree.cost(row.key, row.loss, digits),
                    "suspect_id": row.suspects[0].key if row.suspects else False,
                    "suspects": [_suspect_values(found) for found in row.suspects] or False,
                }
                last = percents.get((row.key, before.start))
                has_trend = last is not None and row.percent is not None
                vals["percent_before"] = last or 0.0
                vals["trend"] = vals["loss_percent"] - last if has_trend else 0.0
                if row.percent is not None:
                    percents[row.key, month.start] = vals["loss_percent"]
                yield vals

    @api.model
    def _refresh_recent(self, estate):
        """Rows of this month and the one before, for the daily work."""
        today = estate._today()
        month = month_period(today.year, today.month)
        self._compute_for(estate, previous_period(month, "month").start, month.end)

    def _figure(self, number):
        """A figure as the report prints it: decimals only where there are some."""
        decimals = f"{number:.3f}".rstrip("0").partition(".")[2]
        return formatLang(self.env, number, digits=len(decimals))

    def _by_estate_and_month(self):
        """Sheets of the printed report, the tree from the top down in each."""
        labels = dict(self._fields["commodity"]._description_selection(self.env))
        sheets = []
        for (estate, _month, commodity), rows in self.grouped(
            lambda row: (row.estate_id, row.period_start, row.commodity)
        ).items():
            sheets.append(
                {
                    "estate": estate,
                    "commodity": labels[commodity],
                    "month": rows[0].month,
                    "rows": rows.sorted(lambda row: row.meter_id.parent_path or ""),
                }
            )
        return sheets

    # --- buttons ------------------------------------------------------------

    def action_view_readings(self):
        """Open the readings that the balance is made of, the meter's own included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_reading_action"
        )
        meters = self.meter_id | self.meter_id.child_ids | self.meter_id.child_ids.replaces_id
        action["domain"] = [
            ("meter_id", "in", (meters | self.meter_id.replaces_id).ids),
            ("date", ">=", self.period_start),
            ("date", "<=", self.period_end),
        ]
        action["context"] = {}
        return action

    def action_view_below(self):
        """Open the balances of the meters below in the same month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_balance_action"
        )
        action["domain"] = [
            ("meter_id", "child_of", self.meter_id.id),
            ("meter_id", "!=", self.meter_id.id),
            ("period_start", "=", self.period_start),
        ]
        action["context"] = {}
        return action


class MeterTree:
    """The meters of an estate as they stood in a month.

    An exchanged meter and the one in its place are one node: what hangs below the
    new one hung below the old one before.
    """

    def __init__(self, meters, usage):
        self.names = {meter.id: meter for meter in meters}
        self.commodities = sorted(set(meters.mapped("commodity")))
        self._usage = usage
        self._parent = {meter.id: meter.parent_id.id for meter in meters}
        self._replaces = {meter.id: meter.replaces_id.id for meter in meters}
        self._replaced = set(self._replaces.values()) - {False}

    def nodes(self, commodity, month):
        """Nodes for ``calc.balance`` of one commodity and month."""
        in_use = {
            key
            for key, meter in self.names.items()
            if meter.commodity == commodity
            and (not meter.date_installed or meter.date_installed <= month.end)
            and (not meter.date_removed or meter.date_removed >= month.start)
            and (meter.active or meter.date_removed)
        }
        folded = {self._replaces[key] for key in in_use if self._replaces[key] in in_use}
        for key in sorted(in_use - folded):
            meter = self.names[key]
            removed = bool(meter.date_removed and meter.date_removed <= month.end)
            yield MeterNode(
                key,
                self._standing(self._parent[key], in_use, folded),
                self._usage_of(key, month.start),
                self._history(key, month),
                removed and key not in self._replaced,
            )

    def _standing(self, key, in_use, folded):
        """The meter that stood in the place of ``key`` then."""
        while key and key not in in_use and self._replaces.get(key):
            key = self._replaces[key]
        while key in folded:
            key = next(new for new, old in self._replaces.items() if old == key)
        return key or None

    def _usage_of(self, key, month_start):
        known = [
            self._usage[part, month_start]
            for part in self._place(key)
            if self._usage.get((part, month_start)) is not None
        ]
        return sum(map(_exact, known), Decimal(0)) if known else None

    def _history(self, key, month):
        values = []
        for _month in range(HISTORY_MONTHS):
            month = previous_period(month, "month")
            value = self._usage_of(key, month.start)
            if value is not None:
                values.append(value)
        return tuple(values)

    def _place(self, key):
        """The meter and those that it replaced."""
        while key:
            yield key
            key = self._replaces.get(key)

    def cost(self, key, loss, digits):
        """The loss at the price of the meter, or of the next one above that has one."""
        while key and not self.names[key].cost_price:
            key = self._parent.get(key)
        if loss is None or not key:
            return 0.0
        price = Fraction(to_decimal(self.names[key].cost_price))
        return float(round_amount(Fraction(loss) * price, digits))


def _exact(usage):
    """Sums of usages come as floats; six decimals are kept."""
    return round(to_decimal(usage), 6)


def _suspect_values(found):
    def text(number):
        return None if number is None else plain(number)

    return {
        "meter": found.key,
        "reason": found.reason,
        "usage": text(found.usage),
        "expected": text(found.expected),
        "deviation": text(found.deviation),
        "explains": found.explains,
    }
