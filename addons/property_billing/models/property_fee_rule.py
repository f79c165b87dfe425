from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from odoo.addons.property_tenant.models.property_unit import UNIT_USAGES

from ..calc.periods import Period, billing_periods, period_containing

METHODS = [
    ("area", "Area × Rate"),
    ("fixed", "Fixed Amount"),
    ("metered", "Metered Usage"),
]

#: what bills were computed with
TERM_FIELDS = {
    "area_basis",
    "company_id",
    "method",
    "payer",
    "period",
    "product_id",
    "rate",
    "tariff_id",
    "timing",
}


class PropertyFeeRule(models.Model):
    """Who is charged which fee, and how much."""

    _name = "property.fee.rule"
    _description = "Fee Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        string="Fee Item",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        tracking=True,
    )
    method = fields.Selection(METHODS, required=True, default="area", tracking=True)
    rate = fields.Float(
        digits="Property Price",
        tracking=True,
        help="Amount per m² (area) or in all (fixed), for a whole billing period.",
    )
    area_basis = fields.Selection(
        [("gross", "Gross Area"), ("net", "Net Area")], required=True, default="gross"
    )
    tariff_id = fields.Many2one(
        "property.tariff", ondelete="restrict", check_company=True, tracking=True
    )
    commodity = fields.Selection(related="tariff_id.commodity", store=True)
    payer = fields.Selection(
        [("owner", "Owner"), ("tenant", "Tenant"), ("occupant", "Whoever Occupies")],
        required=True,
        default="occupant",
        tracking=True,
        help="The owner pays for days without a tenant.",
    )
    period = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half_year", "Half-Year"),
            ("year", "Year"),
        ],
        required=True,
        default="month",
        tracking=True,
    )
    timing = fields.Selection(
        [("arrears", "In Arrears"), ("advance", "In Advance")],
        required=True,
        default="arrears",
        tracking=True,
        help="In arrears: billed with the month in which the period ends;"
        " in advance: with the month in which it begins.",
    )
    date_from = fields.Date(
        string="Valid From",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "year"),
        tracking=True,
    )
    date_to = fields.Date(string="Valid Until", tracking=True)
    estate_ids = fields.Many2many(
        "property.estate", string="Estates", check_company=True, help="Empty: all estates."
    )
    building_ids = fields.Many2many(
        "property.building", string="Buildings", check_company=True, help="Empty: all buildings."
    )
    usage = fields.Selection(UNIT_USAGES, string="Use", help="Empty: all units but common areas.")
    tag_ids = fields.Many2many("property.unit.tag", string="Unit Tags", help="Empty: any.")
    unit_ids = fields.Many2many(
        "property.unit", string="Single Units", check_company=True, help="Empty: all units."
    )
    unit_domain = fields.Char(string="Further Condition", default="[]")
    unit_count = fields.Integer(string="Units", compute="_compute_unit_count")

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A fee rule cannot end before it begins.",
    )
    _rate_not_negative = models.Constraint(
        "CHECK (rate >= 0)", "The rate of a fee rule cannot be negative."
    )

    @api.constrains("method", "tariff_id")
    def _check_method(self):
        for rule in self:
            if rule.method == "metered" and not rule.tariff_id:
                raise ValidationError(
                    self.env._(
                        "The fee rule %(rule)s charges metered usage and needs a tariff.",
                        rule=rule.display_name,
                    )
                )

    @api.constrains("unit_domain")
    def _check_unit_domain(self):
        for rule in self:
            try:
                self.env["property.unit"].search_count(rule._get_unit_domain(), limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The further condition of the fee rule %(rule)s cannot be used: %(error)s",
                        rule=rule.display_name,
                        error=error,
                    )
                ) from error

    @api.depends("estate_ids", "building_ids", "usage", "tag_ids", "unit_ids", "unit_domain")
    def _compute_unit_count(self):
        for rule in self:
            rule.unit_count = self.env["property.unit"].search_count(rule._get_unit_domain())

    def write(self, vals):
        self._check_terms_stay(vals)
        return super().write(vals)

    def _check_terms_stay(self, vals):
        """What posted bills were computed with stays as it is: what is taken back is
        billed again by the same terms, and a correction compares with them."""
        changed = self.filtered(
            lambda rule: any(
                rule._fields[name].convert_to_cache(vals[name], rule, validate=False)
                != rule._fields[name].convert_to_cache(rule[name], rule, validate=False)
                for name in TERM_FIELDS & vals.keys()
            )
        )
        if not changed:
            return
        # whether a bill exists is asked for all, also those out of sight
        billed = (
            self.env["property.charge"]
            .sudo()
            .search(
                [("fee_rule_id", "in", changed.ids), ("state", "=", "billed")],
                order="period_end desc",
                limit=1,
            )
        )
        if billed:
            raise UserError(
                self.env._(
                    "Bills until %(end)s were made by the fee rule %(rule)s, so its terms stay."
                    " Let it end with Valid Until, and add a rule that begins the day after.",
                    end=billed.period_end,
                    rule=billed.fee_rule_id.display_name,
                )
            )

    @api.constrains("date_from", "date_to")
    def _check_covers_bills(self):
        """What is billed stays inside: another rule for these days would bill them again."""
        # whether a bill exists is asked for all, also those out of sight
        Charge = self.env["property.charge"].sudo()
        for rule, first, last in Charge._read_group(
            [
                ("fee_rule_id", "in", self.ids),
                ("kind", "=", "regular"),
                ("state", "=", "billed"),
            ],
            ["fee_rule_id"],
            ["period_start:min", "period_end:max"],
        ):
            if first < rule.date_from or (rule.date_to and rule.date_to < last):
                raise ValidationError(
                    self.env._(
                        "The fee rule %(rule)s has billed the days from %(first)s until %(last)s,"
                        " so it is valid on them. Take the bills back first, or choose other days.",
                        rule=rule.display_name,
                        first=first,
                        last=last,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_used(self):
        # whether charges exist is asked for all, also those out of sight
        charge = (
            self.env["property.charge"].sudo().search([("fee_rule_id", "in", self.ids)], limit=1)
        )
        if charge:
            raise UserError(
                self.env._(
                    "The fee rule %(rule)s has charges and stays on record. Let it end with Valid"
                    " Until, or archive it.",
                    rule=charge.fee_rule_id.display_name,
                )
            )

    def _get_unit_domain(self):
        """The units the rule catches, as a domain."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        if self.estate_ids:
            domain &= Domain("estate_id", "in", self.estate_ids.ids)
        if self.building_ids:
            domain &= Domain("building_id", "in", self.building_ids.ids)
        if self.usage:
            domain &= Domain("usage", "=", self.usage)
        else:
            domain &= Domain("usage", "!=", "common")
        if self.tag_ids:
            domain &= Domain("tag_ids", "in", self.tag_ids.ids)
        if self.unit_ids:
            domain &= Domain("id", "in", self.unit_ids.ids)
        if self.unit_domain and self.unit_domain != "[]":
            domain &= Domain(safe_eval(self.unit_domain))
        return domain

    def _match_units(self, units):
        """Those of ``units`` that the rule catches."""
        self.ensure_one()
        return units.filtered_domain(self._get_unit_domain())

    def _get_due_periods(self, period):
        """Whole periods of the rule to be billed with the run period ``period``.

        In arrears those that end in it, in advance those that begin in it.
        """
        self.ensure_one()
        due = [
            whole
            for whole in billing_periods(period.start, period.end, self.period)
            if (whole.end if self.timing == "arrears" else whole.start) in period
        ]
        valid = Period(self.date_from, self.date_to or date.max)
        return [whole for whole in due if whole.start <= valid.end and valid.start <= whole.end]

    def _get_whole_period(self, day):
        """The whole period of the rule that ``day`` falls in."""
        self.ensure_one()
        return period_containing(day, self.period)

    def action_view_units(self):
        """Open the units the rule catches."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_unit_action"
        )
        action["domain"] = list(self._get_unit_domain())
        return action
