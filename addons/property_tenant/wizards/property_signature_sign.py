from odoo import api, fields, models


class PropertySignatureSign(models.TransientModel):
    """The window in which somebody signs with finger or mouse."""

    _name = "property.signature.sign"
    _description = "Sign"

    res_model = fields.Char(string="Record Kind Code", required=True, readonly=True)
    res_id = fields.Integer(string="Record Number", required=True, readonly=True)
    record_name = fields.Char(string="Record", readonly=True)
    place_ids = fields.One2many("property.signature.place", "window_id", string="Places")
    place_id = fields.Many2one(
        "property.signature.place",
        string="Signs as",
        required=True,
        domain="[('window_id', '=', id)]",
    )
    is_staff = fields.Boolean(related="place_id.is_staff")
    name = fields.Char(
        string="Signed by", compute="_compute_name", store=True, readonly=False, precompute=True
    )
    signature = fields.Binary(attachment=False)
    is_refused = fields.Boolean(string="Refused to Sign")
    reason = fields.Char()

    @api.depends("place_id")
    def _compute_name(self):
        for window in self:
            place = window.place_id
            window.name = self.env.user.name if place.is_staff else place.name

    @api.model
    def _open(self, record, roles, role):
        """Action that shows the window for ``record``; ``roles`` are the places still open."""
        window = self.create(
            {"res_model": record._name, "res_id": record.id, "record_name": record.display_name}
            | self._first_place(roles, role)
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign"),
            "res_model": self._name,
            "res_id": window.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "medium"},
        }

    def _first_place(self, roles, role):
        places = self.env["property.signature.place"].create(
            [
                {"role": key, "label": place.label, "is_staff": place.staff, "name": place.name}
                for key, place in roles.items()
            ]
        )
        chosen = places.filtered(lambda place: place.role == role) or places[:1]
        return {"place_ids": places.ids, "place_id": chosen.id}

    def action_sign(self):
        """Keep the signature; the record checks who may sign."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        reason = (self.reason or self.env._("no reason given")) if self.is_refused else ""
        record._sign(self.place_id.role, self.name, self.signature, reason)
        return {"type": "ir.actions.act_window_close"}
