from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..calc.periods import period_label

CHARGE_KINDS = [
    ("regular", "Regular"),
    ("event", "Event"),
    ("late_fee", "Late Fee"),
    ("correction", "Correction"),
    ("settlement", "Settlement"),
]

CHARGE_STATES = [
    ("draft", "Draft"),
    ("ready", "Ready"),
    ("billed", "Billed"),
    ("void", "Void"),
]

#: where each state may lead; a billed charge goes back only by credit note
TRANSITIONS = {
    "draft": {"ready", "void"},
    "ready": {"draft", "billed", "void"},
    "billed": {"void"},
    "void": set(),
}

#: what a bill was made of does not change under it
FROZEN_WHEN_BILLED = {
    "fee_rule_id",
    "product_id",
    "unit_id",
    "occupancy_id",
    "partner_id",
    "estate_id",
    "company_id",
    "kind",
    "period_start",
    "period_end",
    "quantity",
    "amount",
    "explanation",
    "source_model",
    "source_id",
    "source_key",
    "correction_of_id",
    "correction_revision",
    "move_line_id",
    "run_id",
}


class PropertyCharge(models.Model):
    """An amount one party owes for one unit: the only way into a bill.

    The amount is rounded once, here. It is gross where the tax of the fee
    item is included in its price, net otherwise.
    """

    _name = "property.charge"
    _description = "Charge"
    _inherit = ["property.constraint.check", "property.unit.order"]
    _order = "period_start desc, unit_id, fee_rule_id, id"
    _rec_names_search = ["unit_id.code", "partner_id.name"]
    _check_company_auto = True
    _required_constraints = (
        "_regular_once",
        "_source_once",
        "_correction_complete",
        "_correction_once",
        "_billed_has_line",
        "_line_once",
        "_regular_complete",
        "_event_complete",
    )

    fee_rule_id = fields.Many2one(
        "property.fee.rule", index="btree_not_null", ondelete="restrict", check_company=True
    )
    product_id = fields.Many2one(
        "product.product", string="Fee Item", required=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one("property.unit", required=True, index=True, ondelete="restrict")
    building_id = fields.Many2one(
        related="unit_id.building_id", store=True, index=True, precompute=True
    )
    estate_id = fields.Many2one(
        related="unit_id.estate_id", store=True, index=True, precompute=True
    )
    occupancy_id = fields.Many2one(
        "property.occupancy", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True, precompute=True)
    kind = fields.Selection(CHARGE_KINDS, required=True, default="event", index=True)
    state = fields.Selection(CHARGE_STATES, required=True, default="draft", index=True, copy=False)
    period_start = fields.Date(string="From", index=True)
    period_end = fields.Date(string="Until")
    description = fields.Char(help="What the bill says, when no fee rule says it.")
    quantity = fields.Float(digits="Property Usage")
    uom_name = fields.Char(string="Measure")
    amount = fields.Monetary(required=True)
    explanation = fields.Json(string="Explanation Data", prefetch=False, copy=False)
    explanation_html = fields.Html(
        string="Explanation", compute="_compute_explanation_html", sanitize=False
    )
    tariff_version_ids = fields.Many2many("property.tariff.version")
    usage_ids = fields.One2many("property.charge.usage", "charge_id")
    counter_ids = fields.One2many("property.tariff.counter", "charge_id", string="Yearly Counters")
    source_model = fields.Char(copy=False)
    source_id = fields.Integer(copy=False)
    source_key = fields.Char(copy=False)
    correction_of_id = fields.Many2one(
        "property.charge", index="btree_not_null", ondelete="restrict", copy=False
    )
    correction_revision = fields.Integer(copy=False)
    correction_ids = fields.One2many("property.charge", "correction_of_id", string="Corrections")
    run_id = fields.Many2one(
        "property.billing.run", index="btree_not_null", ondelete="restrict", copy=False
    )
    batch_id = fields.Many2one(
        "property.billing.batch", index="btree_not_null", ondelete="set null", copy=False
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Bill Line", ondelete="restrict", copy=False
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", string="Bill", store=True, index="btree_not_null"
    )
    credit_move_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        ondelete="restrict",
        copy=False,
        index="btree_not_null",
    )
    void_reason = fields.Char(copy=False)

    # One unit pays a fee once for a day, whoever pays: owner and tenant never
    # both, so the payer is not part of the key.
    _regular_once = models.Constraint(
        "EXCLUDE USING gist (fee_rule_id WITH =, unit_id WITH =,"
        " daterange(period_start, period_end, '[]') WITH &&)"
        " WHERE (kind = 'regular' AND state <> 'void')",
        "This unit is already charged this fee for these days.",
    )
    _regular_complete = models.Constraint(
        "CHECK (kind <> 'regular' OR (fee_rule_id IS NOT NULL AND period_start IS NOT NULL"
        " AND period_end IS NOT NULL AND period_end >= period_start))",
        "A regular charge needs its fee rule and its period.",
    )
    _event_complete = models.Constraint(
        "CHECK (kind NOT IN ('event', 'late_fee') OR (source_model IS NOT NULL"
        " AND source_id IS NOT NULL AND source_key IS NOT NULL))",
        "A charge for an event needs to say what it is for.",
    )
    _source_once = models.UniqueIndex(
        "(source_model, source_id, source_key)"
        " WHERE kind IN ('event', 'late_fee') AND state <> 'void'",
        "This event is already charged.",
    )
    _correction_complete = models.Constraint(
        "CHECK (kind <> 'correction' OR (correction_of_id IS NOT NULL"
        " AND correction_revision IS NOT NULL))",
        "A correction needs the charge it corrects.",
    )
    _correction_once = models.UniqueIndex(
        "(correction_of_id, correction_revision) WHERE kind = 'correction' AND state <> 'void'",
        "This charge already has this correction.",
    )
    _billed_has_line = models.Constraint(
        "CHECK (state <> 'billed' OR move_line_id IS NOT NULL)",
        "A billed charge needs its line on the bill.",
    )
    _line_once = models.UniqueIndex(
        "(move_line_id) WHERE move_line_id IS NOT NULL",
        "A line of a bill stands for one charge.",
    )
    _ready_of_run = models.Index("(run_id, state)")

    @api.depends("unit_id.code", "product_id.name", "period_start", "period_end")
    def _compute_display_name(self):
        for charge in self:
            parts = [charge.unit_id.code, charge.product_id.name, charge._period_label()]
            charge.display_name = " ".join(part for part in parts if part)

    def _period_label(self):
        self.ensure_one()
        if not self.period_start:
            return ""
        return period_label(self.period_start, self.period_end or None)

    @api.depends("explanation")
    @api.depends_context("lang")
    def _compute_explanation_html(self):
        for charge in self:
            charge.explanation_html = charge._render_explanation()

    def _render_explanation(self):
        """The explanation in the reader's language."""
        self.ensure_one()
        if not self.explanation:
            return False
        return self.env["ir.qweb"]._render(
            "property_billing.charge_explanation",
            {"charge": self, "explained": self._prepare_explanation()},
        )

    # --- integrity --------------------------------------------------------

    @api.constrains("occupancy_id", "unit_id")
    def _check_occupancy_unit(self):
        for charge in self:
            if charge.occupancy_id and charge.occupancy_id.unit_id != charge.unit_id:
                raise ValidationError(
                    self.env._(
                        "The charge %(charge)s is for another unit than its occupancy"
                        " %(occupancy)s.",
                        charge=charge.display_name,
                        occupancy=charge.occupancy_id.display_name,
                    )
                )

    def write(self, vals):
        if "state" in vals:
            for charge in self:
                if vals["state"] != charge.state and (
                    vals["state"] not in TRANSITIONS[charge.state]
                ):
                    raise UserError(
                        self.env._(
                            "The charge %(charge)s of %(party)s cannot go back. Only a credit"
                            " note of its bill frees it.",
                            charge=charge.display_name,
                            party=charge.partner_id.display_name,
                        )
                    )
        if FROZEN_WHEN_BILLED & vals.keys():
            for charge in self:
                if charge.state in ("billed", "void"):
                    raise UserError(
                        self.env._(
                            "The charge %(charge)s is on a bill and stays as it is. Correct it"
                            " by a credit note or a correction.",
                            charge=charge.display_name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        for charge in self:
            if charge.state in ("billed", "void"):
                raise UserError(
                    self.env._(
                        "The charge %(charge)s is on a bill and stays on record.",
                        charge=charge.display_name,
                    )
                )

    def _get_next_revision(self):
        """Number of the next correction; drafts that were given up leave gaps."""
        self.ensure_one()
        return max(self.correction_ids.mapped("correction_revision"), default=0) + 1

    def _void(self, reason, credit_move=None):
        """Take the charge out of force; its readings can be billed again."""
        usage = self.usage_ids
        vals = {"state": "void", "void_reason": reason}
        if credit_move:
            vals["credit_move_id"] = credit_move.id
        self.write(vals)
        usage._release_readings()

    # --- bill -------------------------------------------------------------

    def _get_bill_key(self):
        """What keeps bills apart: journal, terms, payer, estate and, if the
        payer prefers, the unit."""
        self.ensure_one()
        product, estate = self.product_id, self.estate_id
        journal = product.pm_journal_id or estate._get_journal()
        term = product.pm_payment_term_id or estate.payment_term_id
        unit = self.unit_id if self.partner_id.pm_bill_per_unit else self.unit_id.browse()
        return (journal, term, self.partner_id, estate, unit)

    def _get_line_text(self, lang=None):
        """What the bill says about the charge, in the payer's language."""
        self.ensure_one()
        charge = self.with_context(lang=lang or self.partner_id.lang)
        parts = [charge.product_id.name, charge.unit_id.code, charge._period_label()]
        if charge.description:
            parts[0] = charge.description
        if charge.kind == "correction":
            parts.append(charge.env._("correction"))
        if charge.usage_ids:
            parts.append(f"{charge._format_quantity()} {charge.uom_name or ''}".strip())
        return " · ".join(part for part in parts if part)

    def _format_quantity(self):
        return f"{self.quantity:.4f}".rstrip("0").rstrip(".")

    def action_view_bill(self):
        """Open the bill the charge stands on."""
        self.ensure_one()
        if not self.move_line_id:
            raise UserError(
                self.env._(
                    "The charge %(charge)s is on no bill yet. Post its billing run first.",
                    charge=self.display_name,
                )
            )
        return self.move_id._get_bill_action()

    def action_explain(self):
        """Open the charge with its explanation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Explanation"),
            "res_model": "property.charge",
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
