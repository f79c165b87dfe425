from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyMeterExchange(models.TransientModel):
    """A meter is taken out and another one put in its place: one event."""

    _name = "property.meter.exchange"
    _description = "Meter Exchange"

    meter_id = fields.Many2one(
        "property.meter",
        string="Old Meter",
        required=True,
        domain=[("state", "=", "installed")],
        ondelete="cascade",
    )
    registers = fields.Selection(related="meter_id.registers")
    estate_id = fields.Many2one(related="meter_id.estate_id")
    date = fields.Date(string="Day of Exchange", required=True, default=fields.Date.context_today)
    old_index = fields.Float(string="Final Index", digits=(16, 3))
    new_name = fields.Char(string="Number of the New Meter", required=True)
    new_index = fields.Float(string="First Index", digits=(16, 3))
    new_digits = fields.Integer(
        string="Digits", compute="_compute_from_old", store=True, readonly=False
    )
    new_decimals = fields.Integer(
        string="Decimals", compute="_compute_from_old", store=True, readonly=False
    )
    new_multiplier = fields.Float(
        string="Multiplier",
        digits=(12, 3),
        compute="_compute_from_old",
        store=True,
        readonly=False,
    )
    new_calibration_due = fields.Date(string="Calibration Due")
    line_ids = fields.One2many(
        "property.meter.exchange.line",
        "exchange_id",
        string="Indexes by Register",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    old_photo = fields.Image(string="Photo of the Old Dial", max_width=1600, max_height=1600)
    new_photo = fields.Image(string="Photo of the New Dial", max_width=1600, max_height=1600)
    reason = fields.Text(help="Needed when the final index is conspicuous: say why it is right.")

    @api.depends("meter_id")
    def _compute_from_old(self):
        for exchange in self:
            exchange.new_digits = exchange.meter_id.digits
            exchange.new_decimals = exchange.meter_id.decimals
            exchange.new_multiplier = exchange.meter_id.multiplier or 1.0

    @api.depends("meter_id")
    def _compute_line_ids(self):
        for exchange in self:
            registers = []
            if exchange.meter_id.registers == "peak_shoulder_valley":
                registers = exchange.meter_id._register_keys()
            exchange.line_ids = [
                fields.Command.clear(),
                *[fields.Command.create({"register": register}) for register in registers],
            ]

    def action_exchange(self):
        """Make the exchange; nothing of it is kept if any part is refused.

        Returns the action that opens the new meter.
        """
        self.ensure_one()
        old = self.meter_id
        old.check_access("read")
        if old.state == "removed":
            raise UserError(
                self.env._(
                    "Meter %(meter)s was already removed on %(date)s.",
                    meter=old.name,
                    date=old.date_removed,
                )
            )
        indexes = self._get_indexes()
        Reading = self.env["property.meter.reading"]
        # Who reads meters may exchange them, but not set up meters otherwise: the
        # right to write readings was checked, the new meter is a copy of the old one.
        Reading.check_access("create")
        old = old.sudo()
        old.write({"date_removed": self.date})
        new = old.copy(self._new_meter_values())
        old.child_ids.write({"parent_id": new.id})
        removal = Reading.create(
            [
                self._reading_values(old, register, old_index, "removal", self.old_photo)
                for register, old_index, _new_index in indexes
            ]
        )
        removal._validate()
        installation = Reading.create(
            [
                self._reading_values(new, register, new_index, "installation", self.new_photo)
                for register, _old_index, new_index in indexes
            ]
        )
        installation._validate()
        open_readings = (removal | installation).filtered(lambda row: row.state == "flagged")
        if open_readings:
            open_readings.action_accept(self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.meter",
            "res_id": new.id,
            "views": [(False, "form")],
        }

    def _get_indexes(self):
        """List of (register, final index of the old, first index of the new meter)."""
        if self.registers == "peak_shoulder_valley":
            rows = [(line.register, line.old_index, line.new_index) for line in self.line_ids]
            if {row[0] for row in rows} != set(self.meter_id._register_keys()):
                raise UserError(
                    self.env._(
                        "Meter %(meter)s counts peak, shoulder and valley. Enter the indexes of"
                        " all three.",
                        meter=self.meter_id.name,
                    )
                )
            return rows
        return [("", self.old_index, self.new_index)]

    def _new_meter_values(self):
        return {
            "name": self.new_name,
            "digits": self.new_digits,
            "decimals": self.new_decimals,
            "multiplier": self.new_multiplier,
            "date_installed": self.date,
            "date_calibration_due": self.new_calibration_due,
            "replaces_id": self.meter_id.id,
        }

    def _reading_values(self, meter, register, index, kind, photo):
        return {
            "meter_id": meter.id,
            "register": register or False,
            "date": self.date,
            "index_value": index,
            "kind": kind,
            "photo": photo,
        }
