from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..calc.usage import NoHistory


class PropertyMeterReading(models.Model):
    """What people do with a reading after it was checked."""

    _inherit = "property.meter.reading"

    def action_check(self):
        """Check drafts: clean ones are accepted, the others flagged."""
        self.check_access("write")
        self._validate()
        return True

    # --- conspicuous readings ---------------------------------------------

    def action_accept(self, reason=None):
        """Accept readings as they are.

        A reading with a finding to confirm needs a reason; a blocked one needs it
        from the billing supervisor.
        """
        self.check_access("write")
        open_readings = self.filtered(lambda row: row.state in ("draft", "flagged"))
        open_readings.filtered(lambda row: row.state == "draft")._evaluate()
        reason = (reason or "").strip()
        for reading in open_readings:
            reading._check_acceptance(reason)
        serious = open_readings.filtered(lambda row: row.severity in ("confirm", "block"))
        if reason:
            serious._store({"reason": reason})
        log = [reading._log_values("accepted") for reading in serious]
        open_readings._evaluate(accept=open_readings, reason=reason)
        self._write_log(log, reason)
        return True

    def _check_acceptance(self, reason):
        if self.severity == "block" and not self._may_accept_blocks():
            raise UserError(
                self.env._(
                    "The reading %(reading)s is blocked (%(findings)s). Read the meter again, have"
                    " it estimated, or ask the billing supervisor to accept it.",
                    reading=self.display_name,
                    findings=self.finding_text,
                )
            )
        if self.severity in ("confirm", "block") and not reason:
            raise UserError(
                self.env._(
                    "The reading %(reading)s is conspicuous: %(findings)s Say why it is right"
                    " before accepting it.",
                    reading=self.display_name,
                    findings=self.finding_text,
                )
            )

    def _may_accept_blocks(self):
        return self.env.su or self.env.user.has_group("property_tenant.group_billing_supervisor")

    def action_reread(self, new_index, reason):
        """The meter was read again: take ``new_index``; the first entry is kept.

        The reading is checked anew.
        """
        self.check_access("write")
        self.ensure_one()
        reason = self._need_reason(reason)
        self._refuse_billed(self.env._("Read Again"))
        if self.correction_of_id:
            self._check_corrector()
        log = [self._log_values("reread", new_index=new_index)]
        source = "manual" if self.source == "estimate" else self.source
        self._store(
            {"index_value": new_index, "source": source, "estimated": False, "reason": reason}
        )
        self._write_log(log, reason)
        self._evaluate(decide=self, reason=reason)
        return True

    def action_estimate(self, reason):
        """Put an estimate from the meter's own past in the place of readings that
        cannot be believed. The next true reading corrects it."""
        self.check_access("write")
        reason = self._need_reason(reason)
        for reading in self:
            reading._refuse_billed(self.env._("Estimate"))
        walk = self._prepare_walk(self.meter_id, min(self.mapped("date"), default=None))
        log = []
        for reading in self:
            index = reading._estimated_index(walk)
            log.append(reading._log_values("estimated", new_index=index))
            reading._store(
                {"index_value": index, "source": "estimate", "estimated": True, "reason": reason}
            )
        self._write_log(log, reason)
        self._evaluate(confirm=self, reason=reason)
        return True

    def _create_estimates(self, missing, date, reason, **values):
        """Estimate meters that were not read; those without a past are left out.

        :param missing: list of (meter, register)
        :return: the readings
        """
        readings = self._create_rows(
            [
                {
                    "meter_id": meter.id,
                    "register": register or False,
                    "date": date,
                    "index_value": 0.0,
                    "source": "estimate",
                    "reason": reason,
                    **values,
                }
                for meter, register in missing
            ]
        )
        walk = readings._prepare_walk(readings.meter_id, date)
        without_past = self.browse()
        for reading in readings:
            try:
                index = reading._estimate_from(walk)
            except NoHistory:
                without_past |= reading
            else:
                reading._store({"index_value": index, "raw_index": index})
        readings -= without_past
        without_past.unlink()
        readings._evaluate(confirm=readings, reason=reason)
        return readings

    def _accept_entered(self):
        """Check the drafts of a round. What its reader gave a reason for is accepted
        unless it is blocked."""
        explained = self.filtered("reason")
        log = [
            reading._log_values("accepted") | {"reason": reading.reason}
            for reading in explained.filtered(lambda row: row.severity == "confirm")
        ]
        self._evaluate(decide=self - explained, confirm=explained)
        self._judge_parents()
        self._write_log(log, None)

    def _estimate_from(self, walk):
        return float(walk.estimate(self.id, self.meter_id.id, self.register or ""))

    def _estimated_index(self, walk):
        try:
            return self._estimate_from(walk)
        except NoHistory:
            raise UserError(
                self.env._(
                    "Meter %(meter)s has no usage of its own before %(date)s to estimate from."
                    " Read it, or enter an index and say that it is estimated.",
                    meter=self.meter_id.name,
                    date=self.date,
                )
            ) from None

    def action_reopen(self, reason):
        """Take back the acceptance of readings that are not billed yet."""
        self.check_access("write")
        reason = self._need_reason(reason)
        for reading in self:
            reading._refuse_billed(self.env._("Reopen"))
            if reading.correction_of_id.corrected_by_id == reading:
                reading.correction_of_id._store({"corrected_by_id": False})
        accepted = self.filtered(lambda row: row.state == "accepted")
        log = [reading._log_values("reopened") for reading in accepted]
        accepted._store({"state": "draft", "accepted_by_id": False, "accepted_at": False})
        self._write_log(log, reason)
        accepted._evaluate()
        return True

    # --- billed readings ----------------------------------------------------

    def action_correct(self, new_index, reason):
        """Correct a billed reading: a row of its own, whose difference goes on the
        next bill with its sign. The billed row stays as it is.

        :return: the correction
        """
        self.check_access("write")
        self.ensure_one()
        reason = self._need_reason(reason)
        self._check_corrector()
        if self.state != "billed" or self.corrected_by_id:
            raise UserError(
                self.env._(
                    "Only the last billed reading in its place can be corrected. Of %(reading)s"
                    " change the one that is not billed yet, with Read Again.",
                    reading=self.display_name,
                )
            )
        correction = self._create_rows([self._correction_values(new_index)])
        correction._evaluate()
        if correction.severity == "block":
            raise ValidationError(
                self.env._(
                    "%(reading)s cannot be corrected to %(index)s: %(findings)s",
                    reading=self.display_name,
                    index=new_index,
                    findings=correction.finding_text,
                )
            )
        self._write_log([self._log_values("corrected", new_index=new_index)], reason)
        correction._store({"reason": reason})
        correction._evaluate(accept=correction, reason=reason)
        return correction

    def _check_corrector(self):
        if not self._may_accept_blocks():
            raise UserError(
                self.env._("Billed readings are corrected by the billing supervisor. Ask there.")
            )

    def _correction_values(self, index):
        """Values of a row that corrects this one to ``index``."""
        self.ensure_one()
        return {
            "meter_id": self.meter_id.id,
            "register": self.register,
            "date": self.date,
            "read_at": self.read_at,
            "kind": self.kind,
            "source": self.source if self.source != "estimate" else "manual",
            "index_value": index,
            "raw_index": index,
            "multiplier": self.multiplier,
            "unit_id": self.unit_id.id,
            "building_id": self.building_id.id,
            "correction_of_id": self.id,
            "origin_id": self.origin_id.id or self.id,
        }

    def _mark_billed(self):
        """The readings are on a bill now. Refuses those that were not accepted."""
        for reading in self:
            if reading.state != "accepted":
                raise UserError(
                    self.env._(
                        "The reading %(reading)s is not accepted, so it cannot be billed.",
                        reading=reading.display_name,
                    )
                )
        self._store({"state": "billed"})

    def _mark_unbilled(self):
        """The bill of the readings was withdrawn: they wait for the next one.

        A correction that was not billed either becomes part of its reading again.
        """
        billed = self.filtered(lambda row: row.state == "billed")
        self._write_log([reading._log_values("unbilled") for reading in billed], None)
        billed._store({"state": "accepted"})
        # what bills refer to stays, also those that were taken back
        corrections = billed.corrected_by_id.filtered(lambda row: row.state == "accepted")
        folded = corrections._leave_open_charges().correction_of_id & billed
        for reading in folded:
            correction = reading.corrected_by_id
            values = {
                name: correction[name]
                for name in ("index_value", "index_previous", "usage", "date_from", "rolled_over")
            }
            reading._store(
                {
                    **values,
                    "previous_id": correction.previous_id.id,
                    "estimated": False,
                    "corrected_by_id": False,
                    "reason": correction.reason,
                }
            )
            self.search([("previous_id", "=", correction.id)])._store({"previous_id": reading.id})
            correction._store({"state": "draft"})
        self.search([("correction_of_id", "in", folded.ids)]).unlink()
        billed._evaluate()

    def _leave_open_charges(self):
        """Corrections on no bill: what a run has computed of them is computed again."""
        # who takes back a bill has no right to change the charges of a run; this follows
        usage = self.env["property.charge.usage"].sudo().search([("reading_id", "in", self.ids)])
        usage.charge_id.filtered(lambda charge: charge.state in ("draft", "ready")).unlink()
        return self - usage.exists().reading_id.sudo(False)

    # --- helpers ------------------------------------------------------------

    def _need_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: the reason stays with the reading."))
        return reason

    def _refuse_billed(self, button):
        if self.corrected_by_id and self.state != "billed":
            # its bill was taken back, but what corrected it counts from its index
            raise UserError(
                self.env._(
                    "The reading %(reading)s was corrected to %(index)s, so it stays as it is."
                    " Change the correction instead of using %(button)s.",
                    reading=self.display_name,
                    index=self.corrected_by_id.index_value,
                    button=button,
                )
            )
        if self.state == "billed":
            raise UserError(
                self.env._(
                    "The reading %(reading)s is billed, so %(button)s is too late. Use Correct: the"
                    " difference goes on the next bill.",
                    reading=self.display_name,
                    button=button,
                )
            )

    def _raise_usage_unknown(self):
        self.ensure_one()
        raise UserError(
            self.env._(
                "The index of %(reading)s is below the last one, and the digits of the dial are not"
                " known, so no usage can be told. Read the meter again, or enter the digits of"
                " meter %(meter)s.",
                reading=self.display_name,
                meter=self.meter_id.name,
            )
        )

    def _log_values(self, action, new_index=None, new_usage=None):
        return {
            "reading_id": self.id,
            "action": action,
            "user_id": self.env.uid,
            "old_index": self.index_value,
            "new_index": self.index_value if new_index is None else new_index,
            "old_usage": self.usage,
            "new_usage": self.usage if new_usage is None else new_usage,
        }

    def _write_log(self, rows, reason):
        # nobody may write the log by hand, so nobody has the right to
        self.env["property.meter.reading.log"].sudo().create(
            [{"reason": reason, **row} for row in rows]
        )
