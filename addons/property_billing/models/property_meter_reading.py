from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, float_compare

from .property_meter import REGISTERS

KINDS = [
    ("regular", "Regular"),
    ("move_in", "Move-In"),
    ("move_out", "Move-Out"),
    ("installation", "Installation"),
    ("removal", "Removal"),
    ("check", "Check"),
]

SOURCES = [
    ("manual", "Read by Staff"),
    ("import", "Import"),
    ("portal", "Sent by Occupant"),
    ("device", "Device"),
    ("estimate", "Estimate"),
]

STATES = [
    ("draft", "Draft"),
    ("flagged", "To Check"),
    ("accepted", "Accepted"),
    ("billed", "Billed"),
]

SEVERITIES = [("note", "Note"), ("confirm", "Confirm"), ("block", "Block")]

#: what was read; fixed as soon as the reading was checked
READ_FIELDS = {
    "meter_id",
    "register",
    "date",
    "read_at",
    "raw_index",
    "index_value",
    "kind",
    "source",
}

#: beside these, what a bill's explanation shows
BILLED_FIELDS = READ_FIELDS | {"photo", "reader_id", "note"}

#: what the checks, the acceptance and the billing run find out
SYSTEM_FIELDS = {
    "state",
    "multiplier",
    "previous_id",
    "index_previous",
    "date_from",
    "usage",
    "usage_billable",
    "rolled_over",
    "estimated",
    "findings",
    "severity",
    "accepted_by_id",
    "accepted_at",
    "correction_of_id",
    "corrected_by_id",
    "origin_id",
    "reason",
    "unit_id",
    "building_id",
    "commodity",
    "estate_id",
    "company_id",
}


class PropertyMeterReading(models.Model):
    """An index read off one register of a meter on a day.

    The readings of a register form a chain (``previous_id``); what a row says of
    usage, and whether it is believable, is found out in
    ``property_meter_reading_check``. No chatter: readings come by the thousand;
    what was changed after the first check stands in ``property.meter.reading.log``.
    """

    _name = "property.meter.reading"
    _description = "Meter Reading"
    _inherit = ["property.constraint.check"]
    _order = "date desc, meter_id, register, id desc"
    _rec_name = "meter_id"
    _rec_names_search = ["meter_id.name", "unit_id.code"]
    _check_company_auto = True
    _required_constraints = (
        "_live_uniq",
        "_correction_uniq",
        "_index_not_negative",
        "_usage_not_negative",
    )

    meter_id = fields.Many2one(
        "property.meter", required=True, index=True, ondelete="restrict", check_company=True
    )
    commodity = fields.Selection(related="meter_id.commodity", store=True, precompute=True)
    uom_name = fields.Char(related="meter_id.uom_name")
    estate_id = fields.Many2one(
        related="meter_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="meter_id.company_id", store=True, index=True, precompute=True
    )
    unit_id = fields.Many2one(
        "property.unit",
        compute="_compute_from_meter",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Where the meter stood at the time of the reading.",
    )
    building_id = fields.Many2one(
        "property.building",
        compute="_compute_from_meter",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    register = fields.Selection(REGISTERS, help="Empty for a meter with one register.")
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Day of the reading by the clock of the estate.",
    )
    read_at = fields.Datetime(string="Read at", required=True)
    kind = fields.Selection(KINDS, required=True, default="regular")
    source = fields.Selection(SOURCES, required=True, default="manual")
    reader_id = fields.Many2one(
        "res.users", string="Read by", default=lambda self: self.env.user, ondelete="restrict"
    )
    raw_index = fields.Float(
        string="Index as Entered", digits=(16, 3), readonly=True, aggregator=None
    )
    index_value = fields.Float(string="Index", digits=(16, 3), required=True, aggregator=None)
    photo = fields.Image(max_width=1600, max_height=1600)
    has_photo = fields.Boolean(compute="_compute_has_photo")
    note = fields.Char()
    round_id = fields.Many2one(
        "property.reading.round", index="btree_not_null", ondelete="set null", copy=False
    )

    multiplier = fields.Float(
        digits=(12, 3),
        compute="_compute_from_meter",
        store=True,
        precompute=True,
        aggregator=None,
    )
    previous_id = fields.Many2one(
        "property.meter.reading",
        string="Reading Before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    index_previous = fields.Float(
        string="Last Index", digits=(16, 3), readonly=True, copy=False, aggregator=None
    )
    date_from = fields.Date(
        string="Usage from", readonly=True, copy=False, help="First day that the usage is for."
    )
    usage = fields.Float(
        digits=(18, 6),
        default=0.0,
        readonly=True,
        copy=False,
        help="In the meter's unit, multiplier included.",
    )
    usage_billable = fields.Float(
        string="Usage to Bill",
        digits=(18, 6),
        compute="_compute_usage_billable",
        store=True,
        help="For a correction only what differs from the reading that was billed.",
    )
    rolled_over = fields.Boolean(readonly=True, copy=False)
    estimated = fields.Boolean(
        readonly=True, copy=False, help="A guess; the next true reading corrects it."
    )
    findings = fields.Json(string="Findings Data", readonly=True, copy=False)
    finding_text = fields.Text(string="Findings", compute="_compute_finding_text")
    severity = fields.Selection(SEVERITIES, readonly=True, copy=False)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False)
    reason = fields.Text(copy=False, readonly=True, help="Why a conspicuous reading is right.")
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    accepted_at = fields.Datetime(readonly=True, copy=False)
    correction_of_id = fields.Many2one(
        "property.meter.reading",
        string="Corrects",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    corrected_by_id = fields.Many2one(
        "property.meter.reading",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The accepted correction that has taken the place of this billed reading.",
    )
    origin_id = fields.Many2one(
        "property.meter.reading",
        string="First Entry",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The reading that a correction, or a correction of it, goes back to.",
    )
    log_ids = fields.One2many("property.meter.reading.log", "reading_id", string="Changes")

    # Entering or importing the same reading twice must change nothing.
    _live_uniq = models.UniqueIndex(
        "(meter_id, COALESCE(register, ''), date, kind) WHERE correction_of_id IS NULL",
        "This meter was already read on that day. Open that reading and change it.",
    )
    _correction_uniq = models.UniqueIndex(
        "(correction_of_id) WHERE correction_of_id IS NOT NULL",
        "This reading was already corrected. Correct the correction.",
    )
    _index_not_negative = models.Constraint(
        "CHECK (index_value >= 0 AND raw_index >= 0)", "The index of a meter cannot be negative."
    )
    _usage_not_negative = models.Constraint(
        "CHECK (usage >= 0)", "The usage of a meter cannot be negative."
    )
    _open_index = models.Index("(estate_id, date) WHERE state IN ('draft', 'flagged')")
    _billable_index = models.Index("(estate_id, date) WHERE state = 'accepted'")
    _chain_index = models.Index("(meter_id, date)")

    # --- computes ---------------------------------------------------------

    @api.depends("meter_id")
    def _compute_from_meter(self):
        """As the meter was then: later changes of the meter do not reach back."""
        for reading in self:
            reading.unit_id = reading.meter_id.unit_id
            reading.building_id = reading.meter_id.building_id
            reading.multiplier = reading.meter_id.multiplier or 1.0

    # not on the usage of the corrected reading: it is billed and stays as it is
    @api.depends("usage", "correction_of_id")
    def _compute_usage_billable(self):
        for reading in self:
            reading.usage_billable = reading.usage - reading.correction_of_id.usage

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_finding_text(self):
        Message = self.env["property.reading.message"]
        for reading in self:
            reading.finding_text = "\n".join(Message._sentences(reading.findings)) or False

    @api.depends("photo")
    def _compute_has_photo(self):
        # only the question whether there is one, of readings that the user may read
        attachments = self.env["ir.attachment"].sudo()
        photographed = set(
            attachments.search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "photo"),
                    ("res_id", "in", self.ids),
                ],
                ["res_id"],
            ).mapped("res_id")
        )
        for reading in self:
            reading.has_photo = reading.id in photographed

    @api.depends("meter_id", "date", "register")
    @api.depends_context("lang")
    def _compute_display_name(self):
        registers = dict(self._fields["register"]._description_selection(self.env))
        for reading in self:
            parts = [
                reading.meter_id.name,
                registers.get(reading.register),
                str(reading.date or ""),
            ]
            reading.display_name = " ".join(part for part in parts if part)

    # --- checks -----------------------------------------------------------

    @api.constrains("index_value", "raw_index", "meter_id")
    def _check_index(self):
        for reading in self:
            for index in {reading.index_value, reading.raw_index}:
                reading.meter_id._check_index(index)

    @api.constrains("register", "meter_id")
    def _check_register(self):
        for reading in self:
            if (reading.register or "") not in reading.meter_id._register_keys():
                raise ValidationError(reading.meter_id._explain_wrong_register(reading.register))

    # --- entering ---------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_system_fields(vals)
        readings = super().create(self._row_values(vals_list))
        readings._evaluate()
        return readings

    @api.model
    def _create_rows(self, vals_list):
        """Create readings whose place in the chain is found out by the caller, who
        evaluates or validates them next."""
        return super().create(self._row_values(vals_list))

    @api.model
    def _row_values(self, vals_list):
        """What was entered, and what follows from it without looking at others."""
        meters = self.env["property.meter"].browse(
            {vals["meter_id"] for vals in vals_list if vals.get("meter_id")}
        )
        by_id = {meter.id: meter for meter in meters}
        now = fields.Datetime.now()
        rows = []
        for vals in vals_list:
            vals = dict(vals)
            index = vals.get("index_value", vals.get("raw_index"))
            if index is None or index is False:
                raise UserError(
                    self.env._("A reading without an index says nothing. Enter the index.")
                )
            meter = by_id.get(vals.get("meter_id"), meters.browse())
            if meter:
                # before the database refuses it in words that name no meter
                meter._check_index(index)
            vals["index_value"] = index
            if not vals.get("correction_of_id"):
                vals["raw_index"] = index
            vals["estimated"] = vals.get("source") == "estimate"
            vals = {**self._meter_values(meter), **vals} if meter else vals
            self._complete_moment(vals, meter.estate_id, now)
            rows.append(vals)
        return rows

    def _meter_values(self, meter):
        """As ``_compute_from_meter`` and the related fields would find; thousands of
        rows are created in half the time when it is given."""
        return {
            "commodity": meter.commodity,
            "estate_id": meter.estate_id.id,
            "company_id": meter.company_id.id,
            "unit_id": meter.unit_id.id,
            "building_id": meter.building_id.id,
            "multiplier": meter.multiplier,
        }

    def write(self, vals):
        self._refuse_changes(vals)
        read = READ_FIELDS & vals.keys()
        if not read:
            return super().write(vals)
        vals = dict(vals)
        if "index_value" in vals:
            vals["raw_index"] = vals["index_value"]
        if "source" in vals:
            vals["estimated"] = vals["source"] == "estimate"
        meters, days = self.meter_id, self.mapped("date")
        if "date" in vals or "read_at" in vals:
            for estate, readings in self.grouped("estate_id").items():
                moment = dict(vals)
                self._complete_moment(moment, estate, fields.Datetime.now())
                super(PropertyMeterReading, readings).write(moment)
        else:
            super().write(vals)
        self._evaluate(meters, since=min(days, default=None))
        return True

    def _store(self, vals):
        """Write what the checks, the acceptance and the billing run found out; the
        only way past ``write``, and not callable from outside."""
        return super().write(vals)

    def unlink(self):
        meters, days = self.meter_id, self.mapped("date")
        result = super().unlink()
        self.browse()._evaluate(meters, since=min(days, default=None))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        for reading in self:
            if reading.state in ("accepted", "billed"):
                raise UserError(
                    self.env._(
                        "The reading %(reading)s is accepted and stays on record. Read the meter"
                        " again, or reopen the reading if it is not billed yet.",
                        reading=reading.display_name,
                    )
                )

    @api.model
    def _complete_moment(self, vals, estate, now):
        """Of day and moment each follows from the other, by the estate's clock."""
        if not estate:
            return
        if vals.get("read_at"):
            read_at = fields.Datetime.to_datetime(vals["read_at"])
            vals["date"] = estate._local_date(read_at)
            return
        today = estate._local_date(now)
        day = fields.Date.to_date(vals.get("date")) or today
        vals["date"] = day
        vals["read_at"] = now if day == today else estate._utc_at(datetime.combine(day, time(12)))

    def _refuse_system_fields(self, vals):
        named = [name for name in SYSTEM_FIELDS & vals.keys() if vals[name]]
        if [name for name in named if (name, vals[name]) != ("state", "draft")]:
            raise UserError(
                self.env._(
                    "Usage, findings and state of a reading are found out by its check. Enter the"
                    " index only, then check the reading."
                )
            )

    def _refuse_changes(self, vals):
        """A checked reading changes through its buttons, which ask for a reason; a
        billed one not at all."""
        if not self.env.su:
            # emptying one of them would be a change, too
            given = {name: vals[name] or "-" for name in SYSTEM_FIELDS & vals.keys()}
            if given.get("state") == "draft" and set(self.mapped("state")) != {"draft"}:
                given["state"] = "-"
            self._refuse_system_fields(given)
        read = READ_FIELDS & vals.keys()
        if not BILLED_FIELDS & vals.keys():
            return
        for reading in self:
            if reading.state == "billed":
                raise UserError(reading._explain_billed())
            if read and reading.state != "draft" and reading._differs(vals, read):
                raise UserError(
                    self.env._(
                        "The reading %(reading)s was checked. Use Read Again and say why.",
                        reading=reading.display_name,
                    )
                )

    def _explain_billed(self):
        self.ensure_one()
        return self.env._(
            "The reading %(reading)s is billed and never changes. Use Correct: the difference goes"
            " on the next bill.",
            reading=self.display_name,
        )

    def _why_file_stays(self, file):
        if file.res_field and self.state == "billed":
            return self._explain_billed()
        return super()._why_file_stays(file)

    def _differs(self, vals, names):
        self.ensure_one()
        for name in names:
            field = self._fields[name]
            given = field.convert_to_cache(vals[name], self, validate=False)
            now = field.convert_to_cache(self[name], self, validate=False)
            if field.type == "float":
                if float_compare(given or 0.0, now or 0.0, precision_digits=3):
                    return True
            elif (given or None) != (now or None):
                return True
        return False

    # --- reading by others --------------------------------------------------

    @api.model
    def _get_last_rows(self, meters, before=None):
        """The latest reading of every register, taken by itself for speed.

        :param before: only readings dated before this day
        :return: dict meter id → list of rows (``id``, ``register``, ``date``, ``index``,
            ``usage``, ``date_from``, ``state``)
        """
        if not meters.ids:
            return {}
        self.flush_model()
        result = {}
        for row in self.env.execute_query_dict(
            SQL(
                """SELECT DISTINCT ON (meter_id, register) id, meter_id, register, date,
                          index_value::float AS index, COALESCE(usage, 0)::float AS usage,
                          date_from, state
                   FROM property_meter_reading
                   WHERE meter_id IN %s AND corrected_by_id IS NULL AND %s
                     AND (state IN ('accepted', 'billed') OR severity IS DISTINCT FROM 'block')
                   ORDER BY meter_id, register, date DESC, read_at DESC, id DESC""",
                tuple(meters.ids),
                SQL("date < %s", before) if before else SQL("TRUE"),
            )
        ):
            result.setdefault(row["meter_id"], []).append(row)
        return result

    @api.model
    def _get_billable(self, estates, period_start, period_end):
        """Accepted readings dated in the period that no bill has yet, corrections
        apart."""
        return self.search(
            [
                ("estate_id", "in", estates.ids),
                ("state", "=", "accepted"),
                ("correction_of_id", "=", False),
                ("date", ">=", period_start),
                ("date", "<=", period_end),
            ]
        )

    @api.model
    def _get_corrections(self, estates, date_to):
        """Accepted corrections of billed readings up to a day, not billed yet."""
        return self.search(
            [
                ("estate_id", "in", estates.ids),
                ("state", "=", "accepted"),
                ("correction_of_id", "!=", False),
                ("date", "<=", date_to),
            ]
        )

    @api.model
    def _get_open(self, estates, period_start, period_end):
        """Readings of the period that nobody has accepted yet."""
        return self.search(
            [
                ("estate_id", "in", estates.ids),
                ("state", "in", ("draft", "flagged")),
                ("date", ">=", period_start),
                ("date", "<=", period_end),
            ]
        )

    @api.model
    def _get_open_blocks(self, estates, period_start, period_end):
        """Of these, those that nothing may be billed before."""
        return self._get_open(estates, period_start, period_end).filtered(
            lambda reading: reading.severity == "block"
        )
