from odoo import fields, models
from odoo.exceptions import UserError

#: what comes from the portal and can be refused
MODELS = ("property.portal.upload", "property.contact.correction")


class PropertyPortalRefuse(models.TransientModel):
    """Asks why what an occupant sent is refused."""

    _name = "property.portal.refuse"
    _description = "Refuse"

    res_model = fields.Char(string="Record Kind Code", required=True, readonly=True)
    res_id = fields.Integer(string="Record Number", required=True, readonly=True)
    record_name = fields.Char(string="Record", readonly=True)
    reason = fields.Char(required=True, help="The sender reads it in the portal.")

    def _open(self, record):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_res_model": record._name,
                "default_res_id": record.id,
                "default_record_name": record.display_name,
            },
        }

    def action_refuse(self):
        """Refuse it; the record checks who may."""
        self.ensure_one()
        if self.res_model not in MODELS:
            raise UserError(self.env._("There is nothing here that could be refused."))
        self.env[self.res_model].browse(self.res_id)._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
