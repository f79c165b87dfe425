import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .property_fee_rule import TERM_FIELDS

#: beside the terms, what decides which units and days a rule is for
SCOPE_FIELDS = {
    "building_ids",
    "date_from",
    "date_to",
    "estate_ids",
    "tag_ids",
    "unit_domain",
    "unit_ids",
    "usage",
}


class PropertyBillingRun(models.Model):
    """What changed between computing and posting: terms, and who holds the units."""

    _inherit = "property.billing.run"

    computed_terms = fields.Char(
        readonly=True, copy=False, help="Mark of the fee rules and tariffs that were computed with."
    )

    def _get_terms_mark(self):
        """A short text that is another one as soon as a price or a rule is."""
        self.ensure_one()
        rules = self._get_fee_rules()
        names = sorted(TERM_FIELDS | SCOPE_FIELDS)
        terms = [
            rules.read(names, load=None),
            [
                (version.id, repr(version._get_terms()))
                for version in rules.tariff_id.version_ids.sorted("id")
            ],
        ]
        text = json.dumps(terms, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _check_not_stale(self):
        result = super()._check_not_stale()
        # what was posted in part goes on; the rules behind its bills stay
        if self.state == "approved" and self.computed_terms != self._get_terms_mark():
            raise UserError(
                self.env._(
                    "Fee rules or tariffs were changed since %(run)s was computed. Go back to"
                    " review and compute again.",
                    run=self.name,
                )
            )
        return result

    def _get_stale_ids(self, of_batch):
        return super()._get_stale_ids(of_batch) | self._get_charges_of_others(of_batch)

    def _get_charges_of_others(self, of_batch):
        """Ids of charges whose payer does not hold the unit on their days any more."""
        self.env["property.occupancy"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT charge.id
                     FROM property_charge charge
                     JOIN property_fee_rule rule ON rule.id = charge.fee_rule_id
                     JOIN property_occupancy holder ON holder.id = charge.occupancy_id
                    WHERE charge.run_id = %(run)s %(of_batch)s
                      AND charge.kind = 'regular'
                      AND charge.state IN ('draft', 'ready')
                      AND (holder.state = 'cancelled'
                           OR holder.date_start > charge.period_start
                           OR holder.date_end < charge.period_end
                           OR COALESCE(holder.payer_id, holder.partner_id) <> charge.partner_id
                           OR holder.kind = 'owner' AND rule.payer <> 'owner' AND EXISTS (
                              SELECT FROM property_occupancy tenant
                               WHERE tenant.unit_id = charge.unit_id AND tenant.kind = 'tenant'
                                 AND tenant.state <> 'cancelled'
                                 AND tenant.date_start <= charge.period_end
                                 AND (tenant.date_end IS NULL
                                      OR tenant.date_end >= charge.period_start)))""",
                run=self.id,
                of_batch=of_batch,
            )
        )
        return {charge_id for (charge_id,) in rows}
