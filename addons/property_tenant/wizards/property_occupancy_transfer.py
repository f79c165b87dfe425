from odoo import api, fields, models


class PropertyOccupancyTransfer(models.TransientModel):
    """The unit goes to another party on a day: sold by its owner, or handed over by its tenant.

    Whoever else holds the unit stays: a tenant does not notice that it is sold.
    """

    _name = "property.occupancy.transfer"
    _description = "Hand Over to Another Party"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    kind = fields.Selection(related="occupancy_id.kind")
    partner_id = fields.Many2one("res.partner", string="New Party", required=True)
    day = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        help="The first day of the new party; the day before is the last of the old one.",
    )
    contract_number = fields.Char()
    self_use = fields.Boolean(string="Used by Owner")
    persons = fields.Integer(
        string="Number of Persons",
        compute="_compute_persons",
        store=True,
        readonly=False,
        precompute=True,
    )
    tenant_id = fields.Many2one(
        related="occupancy_id.unit_id.tenant_id", string="Tenant, Who Stays"
    )

    @api.depends("self_use", "kind")
    def _compute_persons(self):
        for wizard in self:
            wizard.persons = 1 if wizard.self_use or wizard.kind == "tenant" else 0

    def action_transfer(self):
        """Hand over; opens the occupancy of the new party."""
        self.ensure_one()
        occupancy = self.occupancy_id
        occupancy.check_access("write")
        follower = occupancy._transfer(
            self.partner_id,
            self.day,
            contract_number=self.contract_number,
            self_use=self.kind == "owner" and self.self_use,
            persons=self.persons,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.occupancy",
            "res_id": follower.id,
            "view_mode": "form",
        }
