from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..calc import tariff_terms
from ..calc.money import to_decimal

TERM_FIELDS = {"date_from", "tier_basis", "minimum", "standing", "tier_ids", "tariff_id"}


class PropertyTariffVersion(models.Model):
    """The prices of a tariff from a day on. What was billed with stays as it was."""

    _name = "property.tariff.version"
    _description = "Tariff Version"
    _order = "tariff_id, date_from desc"
    _rec_name = "date_from"
    _inherit = ["property.constraint.check"]
    _required_constraints = ("_date_uniq", "_charges_not_negative")

    tariff_id = fields.Many2one("property.tariff", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="tariff_id.company_id", store=True)
    commodity = fields.Selection(related="tariff_id.commodity")
    date_from = fields.Date(string="Valid From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Valid Until", compute="_compute_date_to")
    tier_basis = fields.Selection(
        [
            ("period", "Billing Period"),
            ("calendar_year", "Calendar Year"),
            ("contract_year", "Contract Year"),
        ],
        string="Tiers Count Over",
        required=True,
        default="period",
    )
    minimum = fields.Float(
        string="Minimum Charge",
        digits="Property Price",
        help="Least charge for usage per billing period.",
    )
    standing = fields.Float(
        string="Standing Charge",
        digits="Property Price",
        help="Charged per billing period, whatever is used.",
    )
    tier_ids = fields.One2many("property.tariff.tier", "version_id", string="Tiers", copy=True)
    is_used = fields.Boolean(compute="_compute_is_used")
    price_summary = fields.Char(string="Prices", compute="_compute_price_summary")

    _date_uniq = models.Constraint(
        "UNIQUE (tariff_id, date_from)",
        "Another version of this tariff begins on the same day. Choose another day.",
    )
    _charges_not_negative = models.Constraint(
        "CHECK (minimum >= 0 AND standing >= 0)",
        "Minimum and standing charge cannot be negative.",
    )

    @api.depends("date_from", "tariff_id.version_ids.date_from")
    def _compute_date_to(self):
        for version in self:
            later = version.tariff_id.version_ids.filtered(
                lambda other, version=version: (
                    version.date_from and other.date_from and other.date_from > version.date_from
                )
            )
            version.date_to = later and min(later.mapped("date_from")) - timedelta(days=1)

    @api.depends("tier_ids.price", "tier_ids.quantity_from", "tier_ids.register")
    @api.depends_context("lang")
    def _compute_price_summary(self):
        """All prices in a line: 5 / over 180: 7 / over 260: 9."""
        registers = dict(
            self.env["property.tariff.tier"]._fields["register"]._description_selection(self.env)
        )
        for version in self:
            parts = []
            for tier in version.tier_ids.sorted("quantity_from"):
                text = f"{tier.price:.6f}".rstrip("0").rstrip(".")
                if tier.quantity_from:
                    text = self.env._(
                        "over %(quantity)s: %(price)s",
                        quantity=f"{tier.quantity_from:.4f}".rstrip("0").rstrip("."),
                        price=text,
                    )
                if tier.register:
                    text = f"{registers[tier.register]} {text}"
                parts.append(text)
            version.price_summary = " / ".join(parts)

    def _compute_is_used(self):
        used = self._used_versions()
        for version in self:
            version.is_used = version in used

    def _used_versions(self):
        """Versions that stand behind a billed charge."""
        # whether a bill exists is asked for all, also those out of sight
        rows = (
            self.env["property.charge"]
            .sudo()
            ._read_group(
                [("tariff_version_ids", "in", self.ids), ("state", "=", "billed")],
                ["tariff_version_ids"],
            )
        )
        return self.browse([version.id for (version,) in rows if version.id in self.ids])

    @api.constrains("tier_ids", "date_from")
    def _check_terms(self):
        for version in self:
            if not version.tier_ids:
                raise ValidationError(
                    self.env._(
                        "The version of %(tariff)s from %(date)s has no price."
                        " Add a line that begins at 0.",
                        tariff=version.tariff_id.display_name,
                        date=version.date_from,
                    )
                )
            by_register = version.tier_ids.grouped(lambda tier: tier.register or "")
            for tiers in by_register.values():
                if min(tiers.mapped("quantity_from")) > 0:
                    raise ValidationError(
                        self.env._(
                            "In the version of %(tariff)s from %(date)s the first units have no"
                            " price. Let one line begin at 0.",
                            tariff=version.tariff_id.display_name,
                            date=version.date_from,
                        )
                    )

    @api.constrains("date_from", "tariff_id")
    def _check_not_behind_bills(self):
        """A new version changes nothing that is billed."""
        for version in self:
            # whether a bill exists is asked for all, also those out of sight
            billed = (
                self.env["property.charge"]
                .sudo()
                .search(
                    [
                        ("tariff_version_ids", "in", (version.tariff_id.version_ids - version).ids),
                        ("state", "=", "billed"),
                        ("period_end", ">=", version.date_from),
                    ],
                    order="period_end desc",
                    limit=1,
                )
            )
            if billed:
                raise ValidationError(
                    self.env._(
                        "Bills until %(end)s already use the tariff %(tariff)s. A new version must"
                        " begin later than %(end)s.",
                        end=billed.period_end,
                        tariff=version.tariff_id.display_name,
                    )
                )

    def write(self, vals):
        if TERM_FIELDS & vals.keys():
            self._check_not_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_used(self):
        self._check_not_used()

    def _check_not_used(self):
        for version in self._used_versions():
            raise UserError(
                self.env._(
                    "The version of %(tariff)s from %(date)s stands behind posted bills and stays"
                    " as it is. Add a version with a later date instead.",
                    tariff=version.tariff_id.display_name,
                    date=version.date_from,
                )
            )

    def _get_terms(self):
        """The version as the calculation reads it."""
        self.ensure_one()
        return tariff_terms.TariffVersion(
            key=self.id,
            date_from=self.date_from,
            tiers=tuple(
                tariff_terms.Tier(
                    quantity_from=to_decimal(tier.quantity_from),
                    price=to_decimal(tier.price),
                    register=tier.register or tariff_terms.ANY_REGISTER,
                )
                for tier in self.tier_ids
            ),
            tier_basis=self.tier_basis,
            minimum=to_decimal(self.minimum),
            standing=to_decimal(self.standing),
        )
