from odoo import api, fields, models


class PropertyChargeUsage(models.Model):
    """The part of a meter's usage that a charge is made of.

    These rows say which readings are billed and which are still to be.
    """

    _name = "property.charge.usage"
    _description = "Usage of a Charge"
    _order = "charge_id, date_from, meter_id"
    _rec_name = "meter_id"
    _inherit = ["property.constraint.check"]
    _required_constraints = ("_reading_once", "_dates_in_order")

    charge_id = fields.Many2one("property.charge", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="charge_id.company_id", store=True, precompute=True)
    estate_id = fields.Many2one(
        related="charge_id.estate_id", store=True, index=True, precompute=True
    )
    base_charge_id = fields.Many2one(
        "property.charge",
        compute="_compute_base_charge_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="cascade",
        help="The charge whose usage this is: on a correction, the one corrected.",
    )
    reading_id = fields.Many2one(
        "property.meter.reading", required=True, index=True, ondelete="restrict"
    )
    meter_id = fields.Many2one(
        related="reading_id.meter_id", store=True, index=True, precompute=True
    )
    fee_rule_id = fields.Many2one(related="charge_id.fee_rule_id", store=True, precompute=True)
    kind = fields.Selection(related="charge_id.kind", store=True, precompute=True)
    occupancy_id = fields.Many2one(related="charge_id.occupancy_id", store=True, precompute=True)
    unit_id = fields.Many2one(related="charge_id.unit_id", store=True, index=True, precompute=True)
    register = fields.Char()
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
    quantity = fields.Float(digits=(18, 6), required=True)
    is_void = fields.Boolean(compute="_compute_is_void", store=True, precompute=True)

    # Two payers may share a reading, each for own days; one fee never takes
    # the same days of a reading twice, whichever run it is in.
    _reading_once = models.Constraint(
        "EXCLUDE USING gist (reading_id WITH =, fee_rule_id WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (kind IN ('regular', 'correction') AND is_void IS NOT TRUE)",
        "This reading is already in another charge of the same fee.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "Usage cannot end before it begins."
    )

    @api.depends("charge_id")
    def _compute_base_charge_id(self):
        for usage in self:
            usage.base_charge_id = usage.base_charge_id or usage.charge_id

    @api.depends("charge_id.state")
    def _compute_is_void(self):
        for usage in self:
            usage.is_void = usage.charge_id.state == "void"

    def _adopt_corrections(self):
        """Corrections of readings whose charge was taken back belong to the charge that
        bills these readings again."""
        again = self.filtered(lambda usage: usage.kind == "regular")
        orphans = self.search(
            [
                ("kind", "=", "correction"),
                ("is_void", "=", False),
                ("base_charge_id.state", "=", "void"),
                ("reading_id.origin_id", "in", again.reading_id.ids),
            ]
        )
        for orphan in orphans:
            rows = again.filtered(
                lambda usage, orphan=orphan: (
                    usage.reading_id == orphan.reading_id.origin_id
                    and usage.fee_rule_id == orphan.fee_rule_id
                )
            )
            same = rows.filtered(
                lambda usage, orphan=orphan: (
                    usage.date_from <= orphan.date_to and orphan.date_from <= usage.date_to
                )
            )
            if rows:
                orphan.base_charge_id = (same or rows)[0].charge_id

    def _release_readings(self):
        """Let readings be billed again that no live charge holds any more."""
        readings = self.reading_id
        held = self.search([("reading_id", "in", readings.ids), ("is_void", "=", False)]).reading_id
        (readings - held)._mark_unbilled()
