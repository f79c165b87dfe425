from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .property_meter import COMMODITIES


class PropertyReadingRound(models.Model):
    """One walk along the meters of an estate, and what was read on it.

    Readings are entered in a grid, each checked and kept at once as a draft;
    finishing the round accepts what is clean and flags the rest.
    """

    _name = "property.reading.round"
    _description = "Reading Round"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    estate_id = fields.Many2one(
        "property.estate",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_estate(),
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('estate_id', '=', estate_id)]",
        help="Empty: the whole estate.",
    )
    commodity = fields.Selection(COMMODITIES, help="Empty: all meters.")
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The day that all readings of the round are dated.",
    )
    reader_id = fields.Many2one(
        "res.users",
        string="Read by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    state = fields.Selection(
        [
            ("draft", "Planned"),
            ("reading", "Being Read"),
            ("checking", "To Check"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    reading_ids = fields.One2many("property.meter.reading", "round_id", string="Readings")
    meter_count = fields.Integer(
        string="To Read",
        compute="_compute_meter_count",
        store=True,
        help="Registers of the meters in use on that day.",
    )
    entered_count = fields.Integer(string="Meters Read", compute="_compute_progress")
    open_count = fields.Integer(string="To Check", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Percent of the registers read.")

    @api.model
    def _default_estate(self):
        estates = self.env["property.estate"].search([], limit=2)
        return estates if len(estates) == 1 else False

    @api.depends("estate_id.code", "commodity", "date")
    def _compute_name(self):
        labels = dict(self._fields["commodity"].selection)
        for record in self:
            parts = [record.estate_id.code, labels.get(record.commodity), str(record.date or "")]
            record.name = " ".join(part for part in parts if part)

    @api.depends("commodity", "name", "building_ids.code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["commodity"]._description_selection(self.env))
        for record in self:
            parts = [
                record.estate_id.code,
                ", ".join(record.building_ids.mapped("code")),
                labels.get(record.commodity),
                str(record.date or ""),
            ]
            record.display_name = " ".join(part for part in parts if part)

    @api.depends("estate_id", "building_ids", "commodity", "date")
    def _compute_meter_count(self):
        for record in self:
            record.meter_count = sum(len(meter._register_keys()) for meter in record._get_meters())

    @api.depends("meter_count", "reading_ids.state")
    def _compute_progress(self):
        entered = {}
        for record, state, count in self.env["property.meter.reading"]._read_group(
            [("round_id", "in", self.ids), ("correction_of_id", "=", False)],
            ["round_id", "state"],
            ["__count"],
        ):
            entered.setdefault(record, {})[state] = count
        for record in self:
            by_state = entered.get(record._origin, {})
            record.entered_count = sum(by_state.values())
            record.open_count = by_state.get("flagged", 0)
            record.progress = (
                100.0 * record.entered_count / record.meter_count if record.meter_count else 0.0
            )

    @api.constrains("estate_id", "building_ids", "commodity", "date", "state")
    def _check_no_second_round(self):
        for record in self.filtered(lambda row: row.state != "cancelled"):
            others = self.search(
                [
                    ("estate_id", "=", record.estate_id.id),
                    ("date", "=", record.date),
                    ("state", "!=", "cancelled"),
                    ("id", "!=", record.id),
                ]
            )
            for other in others:
                if record._overlaps(other):
                    raise ValidationError(
                        self.env._(
                            "The round %(other)s of %(reader)s already covers these meters on"
                            " %(date)s. Open that one, or choose other buildings.",
                            other=other.display_name,
                            reader=other.reader_id.name,
                            date=record.date,
                        )
                    )

    def _overlaps(self, other):
        same_commodity = (
            not self.commodity or not other.commodity or self.commodity == other.commodity
        )
        same_buildings = (
            not self.building_ids
            or not other.building_ids
            or self.building_ids & other.building_ids
        )
        return bool(same_commodity and same_buildings)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unread(self):
        for record in self:
            if record.reading_ids:
                raise UserError(
                    self.env._(
                        "Readings were entered in the round %(round)s, so it stays on record."
                        " Cancel it instead.",
                        round=record.display_name,
                    )
                )

    def write(self, vals):
        if {"estate_id", "date"} & vals.keys():
            for record in self:
                if record.reading_ids:
                    raise UserError(
                        self.env._(
                            "Readings were already entered in the round %(round)s, so its estate"
                            " and day stay. Plan another round.",
                            round=record.display_name,
                        )
                    )
        return super().write(vals)

    # --- what is read -------------------------------------------------------

    def _get_meters(self):
        """Meters of the round in the order of the route."""
        self.ensure_one()
        if not self.estate_id or not self.date:
            return self.env["property.meter"]
        Meter = self.env["property.meter"]
        domain = Domain("estate_id", "=", self.estate_id.id) & Meter._in_use_domain(
            self.date, self.date
        )
        if self.building_ids:
            domain &= Domain("building_id", "in", self.building_ids.ids)
        if self.commodity:
            domain &= Domain("commodity", "=", self.commodity)
        return Meter.search(domain, order="building_id, route_sequence, name, id")

    def _get_readings(self, meters=None):
        """Regular readings of the round's meters on its day, by whomever entered."""
        self.ensure_one()
        meters = self._get_meters() if meters is None else meters
        return self.env["property.meter.reading"].search(
            [
                ("meter_id", "in", meters.ids),
                ("date", "=", self.date),
                ("kind", "=", "regular"),
                ("correction_of_id", "=", False),
            ],
            order="id",
        )

    def _get_missing(self):
        """Registers of the round that nobody has read: list of (meter, register)."""
        self.ensure_one()
        read = {(row.meter_id.id, row.register or "") for row in self._get_readings()}
        return [
            (meter, register)
            for meter in self._get_meters()
            for register in meter._register_keys()
            if (meter.id, register) not in read
        ]

    # --- states -------------------------------------------------------------

    def action_finish(self):
        """Check all that was entered: clean readings are accepted, the others wait to
        be confirmed, read again or estimated."""
        self.check_access("write")
        for record in self:
            record._adopt_readings()
            record._get_readings().filtered(lambda row: row.state == "draft")._accept_entered()
            missing = record._get_missing()
            flagged = record._get_readings().filtered(lambda row: row.state == "flagged")
            record.state = "checking" if missing or flagged else "done"
        return True

    def _adopt_readings(self):
        """What was read on that day outside of any round belongs to this one."""
        self.ensure_one()
        readings = self._get_readings().filtered(lambda row: not row.round_id)
        readings._store({"round_id": self.id})
        self._compute_meter_count()

    def action_cancel(self):
        """Give the round up; what was read stays."""
        self.check_access("write")
        self.write({"state": "cancelled"})
        return True

    def action_resume(self):
        """Go on with a finished or cancelled round."""
        self.check_access("write")
        self.write({"state": "reading"})
        return True

    def action_estimate_missing(self, reason):
        """Estimate what was not read, each meter from its own past.

        :return: readings of the meters that have no past to estimate from are missing
            still; the number of readings made
        """
        self.check_access("write")
        self.ensure_one()
        Reading = self.env["property.meter.reading"]
        reason = Reading._need_reason(reason)
        missing = self._get_missing()
        estimated = Reading._create_estimates(missing, self.date, reason, round_id=self.id)
        self.action_finish()
        return len(estimated)

    def action_view_readings(self):
        """Open the readings of the round."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_reading_action"
        )
        action["domain"] = [("id", "in", self._get_readings().ids)]
        action["context"] = {}
        return action

    def action_view_open(self):
        """Open what waits to be confirmed, read again or estimated."""
        self.ensure_one()
        action = self.action_view_readings()
        action["domain"] += [("state", "=", "flagged")]
        return action
