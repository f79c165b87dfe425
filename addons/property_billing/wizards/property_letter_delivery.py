from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.property_letter import DELIVERY_RESULTS


class PropertyLetterDelivery(models.TransientModel):
    """How one or many letters were delivered."""

    _name = "property.letter.delivery"
    _description = "Delivery of Letters"

    letter_ids = fields.Many2many("property.letter", string="Letters", required=True)
    letter_count = fields.Integer(compute="_compute_letter_count")
    result = fields.Selection(DELIVERY_RESULTS, string="Delivery", required=True, default="signed")
    date = fields.Date(
        string="Delivered on",
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    note = fields.Char(string="Received by")
    proof = fields.Binary(string="Signed Slip or Photo")
    proof_name = fields.Char()

    @api.depends("letter_ids")
    def _compute_letter_count(self):
        for wizard in self:
            wizard.letter_count = len(wizard.letter_ids)

    @api.depends("letter_ids")
    def _compute_date(self):
        for wizard in self:
            estate = wizard.letter_ids.estate_id[:1]
            today = estate._today() if estate else fields.Date.context_today(wizard)
            wizard.date = wizard.date or today

    def action_confirm(self):
        """Write the delivery down."""
        self.ensure_one()
        letters = self.letter_ids
        if not letters:
            raise UserError(self.env._("Choose the letters that were delivered."))
        letters._check_role(*letters._get_delivery_roles())
        letters._record_delivery(self.result, self.date, self.note, self.proof, self.proof_name)
        return {"type": "ir.actions.act_window_close"}
