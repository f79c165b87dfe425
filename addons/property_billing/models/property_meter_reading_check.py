from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ..calc.money import plain, to_decimal
from ..calc.reading_review import ReviewMeter, ReviewRow, Walk

#: The season of three years is what usage is compared with; older readings are not fetched.
HISTORY = timedelta(days=3 * 366 + 45)


class PropertyMeterReading(models.Model):
    """The check of readings: fetch what ``calc/reading_review`` needs with a constant
    number of queries, and store what it finds out."""

    _inherit = "property.meter.reading"

    def _validate(self):
        """Check readings; drafts and flagged ones without serious findings become
        accepted, the others flagged."""
        self._evaluate(decide=self.filtered(lambda row: row.state in ("draft", "flagged")))
        self._judge_parents()

    def _judge_parents(self):
        """Look again at meters above that were read before those below them: only now it
        shows that one stands still, or shows less than they do."""
        parents = self.meter_id.parent_id - self.meter_id
        if not parents:
            return
        days = self.mapped("date")
        self.search(
            [
                ("meter_id", "in", parents.ids),
                ("date", ">=", min(days)),
                ("date_from", "<=", max(days)),
                ("state", "in", ("accepted", "flagged")),
                ("corrected_by_id", "=", False),
            ]
        )._evaluate()

    def _evaluate(
        self, meters=None, since=None, decide=None, confirm=None, accept=None, reason=None
    ):
        """Find out links, usage and findings of readings and of those after them.

        :param meters: further meters whose chains changed
        :param since: first day of a change beside ``self`` (a row moved or deleted)
        :param decide: readings to be accepted if nothing serious is found, else flagged
        :param confirm: readings to be accepted if nothing blocks them, else flagged
        :param accept: readings to be accepted whatever is found
        :param reason: stands in the log
        """
        nobody = self.browse()
        decide, confirm, accept = decide or nobody, confirm or nobody, accept or nobody
        readings = self | decide | confirm | accept
        meters = (meters or self.env["property.meter"]) | readings.meter_id
        if not meters:
            return
        meters._lock_chains()
        days = readings.mapped("date") + ([since] if since else [])
        since = min(days) if days else None
        walk = self._prepare_walk(meters, since)
        if not walk:
            return
        review = walk.run(
            set(meters.ids),
            focus=readings.ids,
            decide=decide.ids,
            confirm=confirm.ids,
            accept=accept.ids,
        )
        if review.refused:
            self.browse(review.refused[:1])._raise_usage_unknown()
        self._store_review(review, reason)

    def _prepare_walk(self, meters, since):
        related = meters | meters.child_ids | meters.replaces_id
        rows = self._fetch_rows(related, since)
        if not rows:
            return None
        since = since or min(row.date for row in rows)
        return Walk(self._review_meters(related, since), rows, since)

    def _fetch_rows(self, meters, since):
        """Readings of the chains from three years before ``since`` on, and the last
        one before that; corrections take the place of what they correct."""
        self.flush_model()
        columns = SQL(
            """id, meter_id, register, date, index_value::text, read_at, multiplier::text,
               kind, source, estimated, state, severity, findings, previous_id,
               index_previous::text, date_from, usage::text, rolled_over,
               correction_of_id, origin_id"""
        )
        start = since - HISTORY if since else None
        live = SQL("meter_id IN %s AND corrected_by_id IS NULL", tuple(meters.ids))
        query = SQL(
            "SELECT %s FROM property_meter_reading WHERE %s AND %s",
            columns,
            live,
            SQL("date >= %s", start) if start else SQL("TRUE"),
        )
        if start:
            query = SQL(
                """%s UNION ALL (
                       SELECT DISTINCT ON (meter_id, register) %s FROM property_meter_reading
                       WHERE %s AND date < %s
                         AND (state IN ('accepted', 'billed') OR severity IS DISTINCT FROM 'block')
                       ORDER BY meter_id, register, date DESC, read_at DESC, id DESC)""",
                query,
                columns,
                live,
                start,
            )
        return [self._review_row(values) for values in self.env.execute_query(query)]

    @staticmethod
    def _review_row(values):
        (key, meter, register, day, index, moment, multiplier, kind, source, estimated, state,
         severity, findings, previous, index_previous, date_from, usage, rolled_over,
         correction_of, origin) = values  # fmt: skip
        return ReviewRow(
            key=key,
            meter=meter,
            register=register or "",
            date=day,
            index=Decimal(index),
            moment=moment,
            multiplier=Decimal(multiplier or "1"),
            kind=kind,
            source=source,
            estimated=bool(estimated),
            state=state,
            severity=severity,
            codes=frozenset(found["code"] for found in findings or ()),
            previous=previous,
            index_previous=Decimal(index_previous or "0") if date_from and previous else None,
            date_from=date_from,
            usage=Decimal(usage or "0"),
            rolled_over=bool(rolled_over),
            correction_of=correction_of,
            origin=origin,
        )

    def _review_meters(self, meters, since):
        rules = {
            company: self.env["property.reading.rule"]._get_rules(company)
            for company in meters.company_id
        }
        today = {estate: estate._today() for estate in meters.estate_id}
        private = meters.unit_id.filtered(lambda unit: unit.usage != "common")
        stretches = self._fetch_stretches(private, since - HISTORY)
        return {
            meter.id: ReviewMeter(
                key=meter.id,
                depth=meter.level,
                digits=meter.digits,
                decimals=meter.decimals,
                multiplier=to_decimal(meter.multiplier),
                commodity=meter.commodity,
                unit_usage=meter.unit_id.usage or None,
                stretches=stretches[meter.unit_id.id] if meter.unit_id in private else None,
                installed=meter.date_installed or None,
                removed=meter.date_removed or None,
                parent=meter.parent_id.id or None,
                replaces=meter.replaces_id.id or None,
                today=today[meter.estate_id],
                rules=rules[meter.company_id],
            )
            for meter in meters
        }

    def _fetch_stretches(self, units, since):
        """First and last days on which units were used by a tenant or their owner."""
        stretches = defaultdict(list)
        if units.ids:
            Occupancy = self.env["property.occupancy"]
            Occupancy.flush_model(
                ["unit_id", "kind", "self_use", "state", "date_start", "date_end"]
            )
            for unit, start, end in self.env.execute_query(
                SQL(
                    """SELECT unit_id, date_start, date_end FROM property_occupancy
                       WHERE unit_id IN %s AND (kind = 'tenant' OR self_use)
                         AND state NOT IN ('reserved', 'cancelled')
                         AND (date_end IS NULL OR date_end >= %s)""",
                    tuple(units.ids),
                    since,
                )
            ):
                stretches[unit].append((start, end))
        return stretches

    # --- storing ----------------------------------------------------------

    def _store_review(self, review, reason):
        now = fields.Datetime.now()
        for original, correction in review.replaced.items():
            self.browse(original)._store({"corrected_by_id": correction})
        stand_ins = self._create_corrections(review, now)
        log = []
        for key, outcome in review.outcomes.items():
            reading = self.browse(key)
            vals = self._outcome_values(outcome, stand_ins)
            if reading.state == "accepted" and _float(outcome.usage) != reading.usage:
                log.append(reading._log_values("relinked", new_usage=_float(outcome.usage)))
            if outcome.state != reading.state:
                vals["state"] = outcome.state
                if outcome.state == "accepted":
                    vals |= {"accepted_by_id": self.env.uid, "accepted_at": now}
                elif reading.state == "accepted":
                    vals |= {"accepted_by_id": False, "accepted_at": False}
                    log.append(reading._log_values("flagged"))
            reading._store(reading._changed(vals))
        self._settle_estimates(review, log)
        self._write_log(log, reason)

    def _outcome_values(self, outcome, stand_ins):
        vals = {
            "previous_id": stand_ins.get(outcome.previous, outcome.previous) or False,
            "index_previous": _float(outcome.index_previous),
            "date_from": outcome.date_from,
            "usage": _float(outcome.usage),
            "rolled_over": outcome.rolled_over,
            "multiplier": _float(outcome.multiplier),
        }
        if outcome.findings is not None:
            vals["findings"] = [_as_json(found) for found in outcome.findings] or False
            vals["severity"] = outcome.severity or False
        return vals

    def _changed(self, vals):
        """Of ``vals`` those that differ: most findings are none, most links stay."""
        return {
            name: value
            for name, value in vals.items()
            if (self[name].id if name.endswith("_id") else self[name]) != value
        }

    def _create_corrections(self, review, now):
        """Rows that replace billed ones which the accepted readings contradict.

        :return: dict id of the billed reading → id of the row in its place
        """
        due = [settled for settled in review.settled if settled.billed]
        stand_ins = dict(review.replaced)
        if not due and not stand_ins:
            return stand_ins
        vals_list = []
        for settled in due:
            billed = self.browse(settled.key)
            vals_list.append(
                {
                    **billed._correction_values(_float(settled.index)),
                    "previous_id": settled.previous,
                    "index_previous": _float(settled.index_previous),
                    "date_from": settled.date_from,
                    "usage": _float(settled.usage),
                    "rolled_over": settled.rolled_over,
                    "state": "accepted",
                    "accepted_by_id": self.env.uid,
                    "accepted_at": now,
                    "reason": self.env._(
                        "Follows from the reading %(reading)s.",
                        reading=self.browse(settled.cause).display_name,
                    ),
                }
            )
        corrections = self._create_rows(vals_list)
        for settled, correction in zip(due, corrections, strict=True):
            self.browse(settled.key)._store({"corrected_by_id": correction.id})
            stand_ins[settled.key] = correction.id
        followers = self.search([("previous_id", "in", list(stand_ins)), ("state", "!=", "billed")])
        for follower in followers - self.browse(stand_ins.values()):
            follower._store({"previous_id": stand_ins[follower.previous_id.id]})
        for correction in corrections:
            previous = stand_ins.get(correction.previous_id.id)
            if previous:
                correction._store({"previous_id": previous})
        return stand_ins

    def _settle_estimates(self, review, log):
        for settled in review.settled:
            if settled.billed:
                continue
            reading = self.browse(settled.key)
            if reading.state == "billed":
                # The estimate was right to the last unit.
                reading._store({"estimated": False})
                continue
            log.append(
                reading._log_values(
                    "settled", new_index=_float(settled.index), new_usage=_float(settled.usage)
                )
            )
            reading._store(
                {
                    "index_value": _float(settled.index),
                    "index_previous": _float(settled.index_previous),
                    "usage": _float(settled.usage),
                    "rolled_over": settled.rolled_over,
                    "estimated": False,
                }
            )


def _float(number):
    return float(number) if number is not None else 0.0


def _as_json(found):
    figures = {}
    for name, value in found.figures.items():
        if isinstance(value, Decimal):
            value = plain(value)
        elif hasattr(value, "isoformat"):
            value = value.isoformat()
        figures[name] = value
    return {"code": found.code, "severity": found.severity, "figures": figures}
