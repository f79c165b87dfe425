from odoo import fields, models


class PropertyMeterReadingLog(models.Model):
    """What happened to a reading after its first check: who, when, from what to
    what, and why. Written by the readings themselves; nobody changes it."""

    _name = "property.meter.reading.log"
    _description = "Change of a Meter Reading"
    _order = "id desc"
    _rec_name = "reading_id"

    reading_id = fields.Many2one(
        "property.meter.reading", required=True, index=True, ondelete="cascade"
    )
    meter_id = fields.Many2one(related="reading_id.meter_id", store=True, index=True)
    estate_id = fields.Many2one(related="reading_id.estate_id", store=True, index=True)
    company_id = fields.Many2one(related="reading_id.company_id", store=True, index=True)
    action = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("flagged", "Has to be Checked Again"),
            ("reread", "Read Again"),
            ("estimated", "Estimated"),
            ("settled", "Estimate Settled by a True Reading"),
            ("relinked", "Usage Changed by Another Reading"),
            ("corrected", "Correction of a Billed Reading"),
            ("reopened", "Reopened"),
            ("billed", "Billed"),
            ("unbilled", "Bill Withdrawn"),
        ],
        required=True,
    )
    user_id = fields.Many2one("res.users", string="By", required=True, ondelete="restrict")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    old_index = fields.Float(digits=(16, 3), aggregator=None)
    new_index = fields.Float(digits=(16, 3), aggregator=None)
    old_usage = fields.Float(digits=(18, 6), aggregator=None)
    new_usage = fields.Float(digits=(18, 6), aggregator=None)
    reason = fields.Text()
