from odoo import fields, models
from odoo.exceptions import UserError

from ..calc.periods import Period
from ..calc.reading_rules import BLOCK, CONFIRM

#: so many meters are named in a text, the others counted
NAMED = 10


class PropertyBillingRun(models.Model):
    """Meters that a fee of the run needs and that nobody has read.

    The rule for readings *Not Read* says for each what that means: it stops the run,
    somebody must say why the run goes on without it, or it is only listed.
    """

    _inherit = "property.billing.run"

    unread_reason = fields.Char(
        string="Why Not Read",
        tracking=True,
        copy=False,
        help="Why the run goes on although meters were not read. Their usage is billed by the"
        " run in which they are read.",
    )
    unread_block_count = fields.Integer(
        string="Meters to Read First", compute="_compute_unread_counts"
    )
    unread_confirm_count = fields.Integer(
        string="Meters without Reading", compute="_compute_unread_counts"
    )

    def _compute_unread_counts(self):
        for run in self:
            collecting = run.state in ("collect", "computed") and run._is_complete()
            severities = list(run._get_unread().values()) if collecting else []
            run.unread_block_count = severities.count(BLOCK)
            run.unread_confirm_count = severities.count(CONFIRM)

    def _get_unread(self):
        """Meters whose usage a fee due in the run charges, without reading in its period.

        :return: dict meter → severity of not reading it; those whose rule does not look
            for it are left out
        """
        self.ensure_one()
        Meter = self.env["property.meter"]
        missing, unread = {}, Meter
        for fee in self._get_fee_rules().filtered(lambda rule: rule.method == "metered"):
            for whole in fee._get_due_periods(Period(self.period_start, self.period_end)):
                if whole not in missing:
                    missing[whole] = Meter.union(
                        *Meter._get_missing_readings(self.estate_ids, whole.start, whole.end)
                    )
                meters = missing[whole].filtered(
                    lambda meter, fee=fee: (
                        meter.commodity == fee.commodity and meter.payer != "estate"
                    )
                )
                caught = fee._match_units(meters.unit_id)
                unread |= meters.filtered(lambda meter, caught=caught: meter.unit_id in caught)
        return unread._get_unread_severity()

    def _check_unread(self):
        """Refuse to compute without readings that must be there, or without a reason."""
        self.ensure_one()
        unread = self._get_unread()
        by_severity = {
            severity: self.env["property.meter"].union(
                *(meter for meter, given in unread.items() if given == severity)
            )
            for severity in (BLOCK, CONFIRM)
        }
        if by_severity[BLOCK]:
            raise UserError(
                self.env._(
                    "%(count)s meters were not read in the period: %(meters)s. Read or estimate"
                    " them, then compute %(run)s.",
                    count=len(by_severity[BLOCK]),
                    meters=by_severity[BLOCK]._name_some(NAMED),
                    run=self.name,
                )
            )
        if not by_severity[CONFIRM]:
            return
        if not (self.unread_reason or "").strip():
            raise UserError(
                self.env._(
                    "%(count)s meters were not read in the period: %(meters)s. Read or estimate"
                    " them, or write on %(run)s why it goes on without them.",
                    count=len(by_severity[CONFIRM]),
                    meters=by_severity[CONFIRM]._name_some(NAMED),
                    run=self.name,
                )
            )
        self.message_post(
            body=self.env._(
                "Computed without readings of %(count)s meters: %(meters)s. Reason: %(reason)s",
                count=len(by_severity[CONFIRM]),
                meters=by_severity[CONFIRM]._name_some(NAMED),
                reason=self.unread_reason,
            )
        )
