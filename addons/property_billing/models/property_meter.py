from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..calc.usage import UsageError, check_index

COMMODITIES = [
    ("water_cold", "Cold Water"),
    ("water_hot", "Hot Water"),
    ("electricity", "Electricity"),
    ("gas", "Gas"),
    ("heat", "Heat"),
    ("cooling", "Cooling"),
]

#: names that every country writes alike
UNITS_OF_MEASURE = {
    "water_cold": "m³",
    "water_hot": "m³",
    "electricity": "kWh",
    "gas": "m³",
    "heat": "kWh",
    "cooling": "kWh",
}

REGISTERS = [("peak", "Peak"), ("shoulder", "Shoulder"), ("valley", "Valley")]


class PropertyMeter(models.Model):
    """A counter of water, electricity or heat, in the tree of its commodity:
    main, zone, building, unit."""

    _name = "property.meter"
    _description = "Meter"
    _inherit = ["property.constraint.check"]
    _order = "estate_id, commodity, route_sequence, name, id"
    _rec_names_search = ["name", "unit_id.code"]
    _parent_store = True
    _check_company_auto = True
    _required_constraints = (
        "_name_commodity_company_uniq",
        "_replaces_uniq",
        "_multiplier_positive",
    )

    name = fields.Char(
        string="Number", required=True, index="trigram", help="As it stands on the meter."
    )
    active = fields.Boolean(default=True)
    commodity = fields.Selection(COMMODITIES, required=True, default="water_cold", index=True)
    uom_name = fields.Char(string="Unit of Measure", compute="_compute_uom_name")
    estate_id = fields.Many2one(
        "property.estate",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('estate_id', '=?', estate_id)]",
        help="The unit or common area whose use it counts.",
    )
    building_id = fields.Many2one(
        "property.building",
        index="btree_not_null",
        ondelete="restrict",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('estate_id', '=?', estate_id)]",
    )
    location = fields.Char(help="Where to find it: shaft, riser, room.")
    route_sequence = fields.Integer(
        string="Place in Route", default=10, help="The order in which a round passes the meters."
    )
    parent_id = fields.Many2one(
        "property.meter",
        string="Parent Meter",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('estate_id', '=', estate_id), ('commodity', '=', commodity), ('id', '!=', id)]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("property.meter", "parent_id", string="Meters Below")
    child_count = fields.Integer(compute="_compute_counts")
    level = fields.Integer(
        compute="_compute_level",
        store=True,
        aggregator=None,
        help="1 for a meter with none above it.",
    )
    multiplier = fields.Float(
        digits=(12, 3),
        required=True,
        default=1.0,
        help="Ratio of the transformer: usage is the difference of the indexes times this.",
    )
    digits = fields.Integer(
        help="Digits of the dial before the decimal point; after the last number it begins"
        " again at zero. 0 when not known."
    )
    decimals = fields.Integer(default=3, help="Digits of the dial after the decimal point.")
    registers = fields.Selection(
        [("single", "One"), ("peak_shoulder_valley", "Peak, Shoulder and Valley")],
        required=True,
        default="single",
    )
    payer = fields.Selection(
        [
            ("owner", "Owner"),
            ("tenant", "Tenant"),
            ("occupant", "Whoever Uses the Unit"),
            ("estate", "Nobody: Common Use"),
        ],
        help="Empty: as the fee rule says.",
    )
    date_installed = fields.Date(string="Installed on", default=fields.Date.context_today)
    date_removed = fields.Date(string="Removed on", copy=False)
    date_calibration_due = fields.Date(string="Calibration Due")
    state = fields.Selection(
        [("installed", "In Use"), ("removed", "Removed")],
        compute="_compute_state",
        store=True,
        index=True,
    )
    cost_price = fields.Float(
        string="Cost of a Unit",
        digits=(12, 6),
        help="What a unit of measure costs the estate, to value losses; empty: as the parent"
        " meter.",
    )
    replaces_id = fields.Many2one(
        "property.meter",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    replacement_ids = fields.One2many("property.meter", "replaces_id", string="Replacements")
    replaced_by_id = fields.Many2one("property.meter", compute="_compute_replaced_by_id")
    reading_ids = fields.One2many("property.meter.reading", "meter_id", string="Readings")
    reading_count = fields.Integer(compute="_compute_counts")
    last_date = fields.Date(string="Last Read on", compute="_compute_last_reading")
    last_index = fields.Float(digits=(16, 3), compute="_compute_last_reading")
    last_usage = fields.Float(digits=(18, 3), compute="_compute_last_reading")
    note = fields.Text()

    _name_commodity_company_uniq = models.Constraint(
        "UNIQUE (name, commodity, company_id)",
        "Another meter of this commodity has this number. Check the number on the meter.",
    )
    _replaces_uniq = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL", "This meter was already replaced."
    )
    _multiplier_positive = models.Constraint(
        "CHECK (multiplier > 0)", "The multiplier of a meter must be above zero."
    )
    _dial_possible = models.Constraint(
        "CHECK (digits BETWEEN 0 AND 12 AND decimals BETWEEN 0 AND 3)",
        "A dial has up to 12 digits before and up to 3 after the decimal point.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_removed IS NULL OR date_installed IS NULL OR date_removed >= date_installed)",
        "A meter cannot be removed before it is installed.",
    )

    # --- computes ---------------------------------------------------------

    @api.depends("commodity")
    def _compute_uom_name(self):
        for meter in self:
            meter.uom_name = UNITS_OF_MEASURE.get(meter.commodity)

    @api.depends("unit_id")
    def _compute_place(self):
        for meter in self:
            meter.building_id = meter.unit_id.building_id or meter.building_id
            meter.estate_id = meter.unit_id.estate_id or meter.estate_id

    @api.depends("parent_path", "parent_id")
    def _compute_level(self):
        for meter in self:
            meter.level = len((meter.parent_path or "/").split("/")) - 1 or 1

    @api.depends("date_removed")
    def _compute_state(self):
        for meter in self:
            meter.state = "removed" if meter.date_removed else "installed"

    @api.depends("replacement_ids")
    def _compute_replaced_by_id(self):
        for meter in self:
            meter.replaced_by_id = meter.replacement_ids[:1]

    @api.depends("child_ids", "reading_ids")
    def _compute_counts(self):
        children = dict(
            self._read_group([("parent_id", "in", self.ids)], ["parent_id"], ["__count"])
        )
        readings = dict(
            self.env["property.meter.reading"]._read_group(
                [("meter_id", "in", self.ids)], ["meter_id"], ["__count"]
            )
        )
        for meter in self:
            meter.child_count = children.get(meter, 0)
            meter.reading_count = readings.get(meter, 0)

    @api.depends("reading_ids.date", "reading_ids.index_value", "reading_ids.usage")
    def _compute_last_reading(self):
        """Of several registers the sum."""
        chains = self.env["property.meter.reading"]._get_last_rows(self)
        for meter in self:
            rows = chains.get(meter.id, [])
            meter.last_date = max((row["date"] for row in rows), default=False)
            meter.last_index = sum(row["index"] for row in rows)
            meter.last_usage = sum(row["usage"] for row in rows)

    @api.depends("name", "unit_id.code")
    def _compute_display_name(self):
        for meter in self:
            place = meter.unit_id.code
            meter.display_name = f"{meter.name} ({place})" if place else meter.name or ""

    # --- checks -----------------------------------------------------------

    @api.constrains("parent_id", "commodity", "estate_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "The meters %(meters)s would be above themselves. Choose another parent meter.",
                    meters=", ".join(self.mapped("name")),
                )
            )
        for meter in self | self.child_ids:
            parent = meter.parent_id
            if parent and (
                parent.commodity != meter.commodity or parent.estate_id != meter.estate_id
            ):
                raise ValidationError(
                    self.env._(
                        "Meter %(meter)s cannot hang below %(parent)s: both must be of one estate"
                        " and count the same.",
                        meter=meter.name,
                        parent=parent.name,
                    )
                )

    @api.constrains("unit_id", "building_id", "estate_id")
    def _check_place(self):
        for meter in self:
            if (meter.unit_id and meter.unit_id.estate_id != meter.estate_id) or (
                meter.building_id and meter.building_id.estate_id != meter.estate_id
            ):
                raise ValidationError(
                    self.env._(
                        "Meter %(meter)s stands in the estate %(estate)s, but its unit or building"
                        " does not. Choose a place in that estate.",
                        meter=meter.name,
                        estate=meter.estate_id.display_name,
                    )
                )

    @api.constrains("digits")
    def _check_readings_fit(self):
        """Fewer digits than the readings already have."""
        self.env["property.meter.reading"].flush_model()
        largest = dict(
            self.env["property.meter.reading"]._read_group(
                [("meter_id", "in", self.filtered("digits").ids)], ["meter_id"], ["index_value:max"]
            )
        )
        for meter, index in largest.items():
            if index >= 10**meter.digits:
                raise ValidationError(
                    self.env._(
                        "Meter %(meter)s was read at %(index)s, which does not fit a dial of"
                        " %(digits)s digits.",
                        meter=meter.name,
                        index=index,
                        digits=meter.digits,
                    )
                )

    def write(self, vals):
        fixed = {"commodity", "estate_id", "registers"} & vals.keys()
        if fixed:
            self._check_not_read(vals, fixed)
        result = super().write(vals)
        if "unit_id" in vals:
            self._move_open_readings()
        return result

    def _check_not_read(self, vals, names):
        """What the readings were taken for does not change under them."""
        changed = self.filtered(
            lambda meter: any(
                meter._fields[name].convert_to_write(meter[name], meter) != vals[name]
                for name in names
            )
        )
        read = self.env["property.meter.reading"]._read_group(
            [("meter_id", "in", changed.ids)], ["meter_id"]
        )
        if read:
            raise UserError(
                self.env._(
                    "Meter %(meter)s has readings, so its estate, commodity and registers stay as"
                    " they are. Remove the meter on its last day and create another one.",
                    meter=read[0][0].name,
                )
            )

    def _move_open_readings(self):
        """What is not billed yet follows the meter to its right place."""
        readings = self.env["property.meter.reading"].search(
            [
                ("meter_id", "in", self.ids),
                ("state", "!=", "billed"),
                ("correction_of_id", "=", False),
            ]
        )
        for meter, rows in readings.grouped("meter_id").items():
            rows._store({"unit_id": meter.unit_id.id, "building_id": meter.building_id.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_never_read(self):
        for meter in self:
            if meter.reading_count or meter.child_count:
                raise UserError(
                    self.env._(
                        "Meter %(meter)s has readings or meters below it and stays on record."
                        " Enter the day of its removal instead.",
                        meter=meter.name,
                    )
                )

    def _check_index(self, index):
        """Refuse an index that the dial of the meter cannot show."""
        self.ensure_one()
        try:
            check_index(index, self.digits, self.decimals)
        except UsageError:
            raise ValidationError(self._explain_impossible_index(index)) from None

    def _explain_impossible_index(self, index):
        """Why no dial of this meter shows ``index``."""
        self.ensure_one()
        if index < 0:
            return self.env._(
                "The index %(index)s of meter %(meter)s is negative. Read the dial again.",
                index=index,
                meter=self.name,
            )
        if self.digits and index >= 10**self.digits:
            return self.env._(
                "Meter %(meter)s has a dial of %(digits)s digits and cannot show %(index)s. Read"
                " the dial again, or correct the digits of the meter.",
                index=index,
                meter=self.name,
                digits=self.digits,
            )
        return self.env._(
            "Meter %(meter)s shows %(decimals)s digits after the decimal point, %(index)s has"
            " more. Read the dial again, or correct the decimals of the meter.",
            index=index,
            meter=self.name,
            decimals=self.decimals,
        )

    def _explain_wrong_register(self, register):
        """Why ``register`` is none of this meter's."""
        self.ensure_one()
        if self.registers == "single":
            return self.env._(
                "Meter %(meter)s has one register only. Leave the register empty.",
                meter=self.name,
            )
        return self.env._(
            "Meter %(meter)s counts peak, shoulder and valley. Say which register was read.",
            meter=self.name,
        )

    def _format_index(self, index):
        """The index with as many digits as the dial shows after the point."""
        self.ensure_one()
        return f"{index:.{self.decimals}f}"

    # --- for readings, rounds and the billing run --------------------------

    def _register_keys(self):
        """Registers to be read: ``[""]``, or peak, shoulder and valley."""
        self.ensure_one()
        return [""] if self.registers == "single" else [key for key, _label in REGISTERS]

    @api.model
    def _in_use_domain(self, period_start, period_end):
        """Meters that count on some day of the closed interval."""
        return (
            Domain("date_installed", "=", False) | Domain("date_installed", "<=", period_end)
        ) & (Domain("date_removed", "=", False) | Domain("date_removed", ">=", period_start))

    @api.model
    def _get_missing_readings(self, estates, period_start, period_end):
        """Which registers of which meters were not read in a period.

        A meter installed in the period has its first index and is not missing.

        :param estates: recordset of estates
        :return: dict meter → list of registers (``""`` for a single one)
        """
        meters = self.search(
            Domain("estate_id", "in", estates.ids) & self._in_use_domain(period_start, period_end)
        )
        read = {
            (meter.id, register or "")
            for meter, register in self.env["property.meter.reading"]._read_group(
                [
                    ("meter_id", "in", meters.ids),
                    ("date", ">=", period_start),
                    ("date", "<=", period_end),
                ],
                ["meter_id", "register"],
            )
        }
        missing = {}
        for meter in meters:
            registers = [key for key in meter._register_keys() if (meter.id, key) not in read]
            if registers:
                missing[meter] = registers
        return missing

    @api.model
    def _get_usage_by_month(self, meters, date_from, date_to):
        """Accepted usage by meter and month in which the readings are dated; a first
        reading says nothing of usage.

        :return: dict (meter id, first day of the month) → float in the meter's unit
        """
        rows = self.env["property.meter.reading"]._read_group(
            [
                ("meter_id", "in", meters.ids),
                ("state", "in", ("accepted", "billed")),
                ("corrected_by_id", "=", False),
                ("previous_id", "!=", False),
                ("date", ">=", date_from),
                ("date", "<=", date_to),
            ],
            ["meter_id", "date:month"],
            ["usage:sum"],
        )
        return {(meter.id, month): usage for meter, month, usage in rows}

    def _lock_chains(self):
        """Let one transaction at a time change the readings of these meters.

        The row is really updated: a second transaction that waited for the lock
        must not go on with what it saw before, it is repeated by the server.
        """
        if self.ids:
            self.flush_recordset(["name"])
            self.env.cr.execute(
                SQL(
                    """UPDATE property_meter SET parent_path = property_meter.parent_path
                       FROM (SELECT id FROM property_meter WHERE id IN %s
                             ORDER BY id FOR NO KEY UPDATE) AS locked
                       WHERE property_meter.id = locked.id""",
                    tuple(self.ids),
                )
            )

    # --- buttons ----------------------------------------------------------

    def action_view_readings(self):
        """Open the readings of the meter."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_reading_action"
        )
        action["domain"] = [("meter_id", "in", self.ids)]
        action["context"] = {"default_meter_id": self.id}
        return action

    def action_view_children(self):
        """Open the meters directly below this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_action"
        )
        action["domain"] = [("parent_id", "in", self.ids)]
        action["context"] = {
            "default_parent_id": self.id,
            "default_estate_id": self.estate_id.id,
            "default_commodity": self.commodity,
        }
        return action

    def action_exchange(self):
        """Open the exchange of this meter for another one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_exchange_action"
        )
        action["context"] = {"default_meter_id": self.id}
        return action
