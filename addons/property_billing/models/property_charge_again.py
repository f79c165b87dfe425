from collections import defaultdict
from dataclasses import replace

from odoo import models
from odoo.tools import float_compare

from ..calc.proration import chargeable_parts


class PropertyChargeBuilder(models.AbstractModel):
    """Usage whose bill was taken back is billed again, and for the period it was billed for.

    Its place in the yearly tiers is the one it had: the periods after it stay as they
    were billed, and if it is more or less now they are corrected by the next run.
    Corrections of the unit wait until it is on a bill again, because they are priced by
    what stands before them.
    """

    _inherit = "property.charge.builder"

    def _get_taken_back(self, fee, readings):
        earlier = super()._get_taken_back(fee, readings)
        void = self.env["property.charge.usage"].search(
            [
                ("reading_id", "in", readings.ids),
                ("fee_rule_id", "=", fee.rule.id),
                ("kind", "=", "regular"),
                ("is_void", "=", True),
                ("charge_id.period_start", "<", fee.whole.start),
            ],
            order="id",
        )
        wholes = {
            usage.reading_id: fee.rule._get_whole_period(usage.charge_id.period_start)
            for usage in void
        }
        by_whole = defaultdict(readings.browse)
        for reading, whole in wholes.items():
            by_whole[whole] |= reading
        for whole, again in sorted(by_whole.items()):
            charged = self._get_charged(fee.rule, again.unit_id, whole)
            free = again.unit_id.filtered(
                lambda unit, whole=whole, charged=charged: chargeable_parts(
                    whole,
                    fee.rule.date_from,
                    fee.rule.date_to or None,
                    charged.get(unit, ()),
                )
            )
            again = again.filtered(lambda reading, free=free: reading.unit_id in free)
            earlier.append((replace(fee, whole=whole, charged=charged), again))
        return earlier

    def _get_replaced(self, units):
        replaced = super()._get_replaced(units)
        columns = ["unit_id", "fee_rule_id", "period_start", "period_end", "quantity", "kind"]
        # of corrections only those of tiers: what corrects a reading is billed again with it
        void = self.env["property.charge"].search_fetch(
            [
                ("unit_id", "in", units.ids),
                ("state", "=", "void"),
                ("fee_rule_id.method", "=", "metered"),
                "|",
                ("kind", "=", "regular"),
                "&",
                ("kind", "=", "correction"),
                ("usage_ids", "=", False),
            ],
            columns,
        )
        if not void:
            return replaced
        again = self.env["property.charge"].search_fetch(
            [
                ("unit_id", "in", void.unit_id.ids),
                ("fee_rule_id", "in", void.fee_rule_id.ids),
                ("kind", "=", "regular"),
                ("state", "=", "billed"),
                ("period_end", ">=", min(void.mapped("period_start"))),
            ],
            columns,
        )
        by_key = again.grouped(lambda charge: (charge.unit_id, charge.fee_rule_id))
        for charge in void:
            key = (charge.unit_id, charge.fee_rule_id)
            same_days = by_key.get(key, again.browse()).filtered(
                lambda other, charge=charge: (
                    other.period_start <= charge.period_end
                    and charge.period_start <= other.period_end
                )
            )
            if charge.kind == "correction" or float_compare(
                sum(same_days.mapped("quantity")), charge.quantity, precision_digits=4
            ):
                replaced[key] = replaced.get(key, again.browse()) | same_days
        return {key: charges for key, charges in replaced.items() if charges}

    def _get_waiting(self, units):
        """(unit, fee rule) whose usage was taken back and is not on a bill again yet."""
        Usage = self.env["property.charge.usage"]
        void = Usage.search(
            [
                ("unit_id", "in", units.ids),
                ("kind", "=", "regular"),
                ("is_void", "=", True),
                ("reading_id.state", "in", ("accepted", "billed")),
            ]
        )
        live = Usage.search(
            [
                ("reading_id", "in", void.reading_id.ids),
                ("kind", "=", "regular"),
                ("charge_id.state", "=", "billed"),
            ]
        ).grouped(lambda usage: (usage.reading_id, usage.fee_rule_id))
        return {
            (usage.unit_id, usage.fee_rule_id)
            for usage in void
            if self._get_free_days(
                usage.reading_id, live.get((usage.reading_id, usage.fee_rule_id), ())
            )
        }

    def _explain_waiting(self, change):
        unit, rule = change.unit, change.rule
        return {
            "estate_id": unit.estate_id.id,
            "unit_id": unit.id,
            "fee_rule_id": rule.id,
            "product_id": rule.product_id.id,
            "kind": "carried_forward",
            "level": "3_info",
            "message": self.env._(
                "The correction of %(fee)s for unit %(unit)s goes on the next bill: usage that was"
                " taken back is billed again first.",
                fee=rule.name,
                unit=unit.display_name,
            ),
        }
