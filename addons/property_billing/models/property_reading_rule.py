from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..calc import reading_rules
from ..calc.money import to_decimal
from .property_meter import COMMODITIES
from .property_meter_reading import SOURCES

FINDINGS = [
    ("missing", "Not Read"),
    ("out_of_dial", "More than the Dial Shows"),
    ("negative_usage", "Negative Usage"),
    ("lower_than_last", "Lower than the Last Index"),
    ("rollover", "Dial Began Again at Zero"),
    ("duplicate", "Read Twice"),
    ("future", "Dated in the Future"),
    ("before_last", "Before the Last Reading"),
    ("before_installation", "Before the Installation"),
    ("after_removal", "After the Removal"),
    ("multiplier_changed", "Multiplier Changed"),
    ("far_from_history", "Far from Its Own Past"),
    ("zero_occupied", "No Usage in a Used Unit"),
    ("use_when_vacant", "Usage in a Vacant Unit"),
    ("stopped", "Meter Stands Still"),
    ("children_exceed_parent", "Meters Below Show More"),
]

LIMITS = {
    "history_factor": "limit_history_factor",
    "dial_share": "limit_dial_share",
    "spread_factor": "limit_spread_factor",
    "median_share": "limit_median_share",
    "low_share": "limit_low_share",
    "quantity": "limit_quantity",
    "season_months": "limit_season_months",
    "season_values": "limit_season_values",
    "values": "limit_values",
    "days": "limit_days",
    "indexes": "limit_indexes",
    "share": "limit_share",
}


class PropertyReadingRule(models.Model):
    """How serious a finding on a reading is, and from where on it is one.

    Of the rules that fit a reading the one that names most decides; see
    ``calc/reading_rules``.
    """

    _name = "property.reading.rule"
    _description = "Rule for Checking Readings"
    _order = "sequence, id"
    _rec_name = "code"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    code = fields.Selection(FINDINGS, string="Finding", required=True, index=True)
    severity = fields.Selection(
        [
            ("block", "Block"),
            ("confirm", "Confirm"),
            ("note", "Note"),
            ("off", "Do Not Look for It"),
        ],
        required=True,
        default="confirm",
        help="Block: only the billing supervisor may accept it, and nothing is billed before."
        " Confirm: somebody must say why it is right. Note: accepted, and shown.",
    )
    commodity = fields.Selection(COMMODITIES, help="Empty: all.")
    unit_usage = fields.Selection(
        selection="_selection_unit_usage", string="Use of the Unit", help="Empty: all."
    )
    source = fields.Selection(SOURCES, help="Where the reading comes from. Empty: anywhere.")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: all companies."
    )
    limit_history_factor = fields.Float(
        string="Times the Largest Usage",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="A new beginning of the dial is believed up to so many times the largest usage per"
        " day of the past.",
    )
    limit_dial_share = fields.Float(
        string="Share of the Dial",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="Without a past, up to this share of a full turn of the dial.",
    )
    limit_spread_factor = fields.Float(
        string="Times the Usual Spread",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="How far from the median, in spreads of the meter's own past.",
    )
    limit_median_share = fields.Float(
        string="Share of the Median",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="Nothing above the median by less than this share of it is remarkable.",
    )
    limit_low_share = fields.Float(
        string="Share below the Median",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="Nothing below the median by less than this share of it is remarkable.",
    )
    limit_quantity = fields.Float(
        string="Units of Usage",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="Nothing within so many units of usage is remarkable. No usage at all is, where so"
        " many units are usual.",
    )
    limit_season_months = fields.Integer(
        string="Months Beside",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="The season: the same month of other years and so many months beside it.",
    )
    limit_season_values = fields.Integer(
        string="Values in the Season",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="With fewer readings in the season the whole past is compared.",
    )
    limit_values = fields.Integer(
        string="Values at Least",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="With fewer readings than this nothing is compared.",
    )
    limit_days = fields.Integer(
        string="Days at Least",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
    )
    limit_indexes = fields.Integer(
        string="Equal Indexes",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="So many equal indexes one after another; found again after as many more.",
    )
    limit_share = fields.Float(
        string="Share of the Usage",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
        help="So much more than the meter above.",
    )

    _rule_uniq = models.UniqueIndex(
        "(code, COALESCE(commodity, ''), COALESCE(unit_usage, ''), COALESCE(source, ''),"
        " COALESCE(company_id, 0)) WHERE active",
        "There is already a rule for this finding and the same meters. Change that one.",
    )

    def _selection_unit_usage(self):
        return self.env["property.unit"]._fields["usage"]._description_selection(self.env)

    @api.depends("code")
    def _compute_limits(self):
        """What a new rule begins with; limits that its finding has not are zero."""
        for rule in self:
            limits = reading_rules.DEFAULT_LIMITS.get(rule.code, {})
            for name, field in LIMITS.items():
                rule[field] = float(limits.get(name, 0))

    @api.depends("code", "commodity", "unit_usage", "source")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            parts = [
                dict(rule._fields[name]._description_selection(self.env)).get(rule[name])
                for name in ("code", "commodity", "unit_usage", "source")
            ]
            rule.display_name = ", ".join(part for part in parts if part)

    @api.constrains(*LIMITS.values())
    def _check_limits(self):
        for rule in self:
            if any(rule[field] < 0 for field in LIMITS.values()):
                raise ValidationError(
                    self.env._(
                        "A limit of the rule %(rule)s is below zero. Enter zero or more.",
                        rule=rule.display_name,
                    )
                )

    @api.model
    def _get_rules(self, company):
        """Rules of a company as ``calc/reading_rules`` takes them; its own come after
        the common ones, because of equals the last decides."""
        # Who enters readings need not read the rules.
        rules = self.sudo().search([("company_id", "in", (False, company.id))])
        ordered = rules.sorted(lambda rule: (bool(rule.company_id), rule.sequence, rule.id))
        return tuple(rule._as_calc() for rule in ordered)

    def _as_calc(self):
        self.ensure_one()
        known = reading_rules.DEFAULT_LIMITS.get(self.code, {})
        return reading_rules.ReadingRule(
            self.code,
            self.severity,
            {name: to_decimal(self[LIMITS[name]]) for name in known},
            self.commodity or None,
            self.unit_usage or None,
            self.source or None,
        )
