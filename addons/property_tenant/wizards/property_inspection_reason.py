from odoo import api, fields, models
from odoo.exceptions import UserError

#: what may be done with a reason: {step: method of the record}
STEPS = {"void": "_void", "cancel": "_cancel", "refuse": "_refuse"}

MODELS = ("property.inspection", "property.defect", "property.vacancy.check")


class PropertyInspectionReason(models.TransientModel):
    """The window that asks why."""

    _name = "property.inspection.reason"
    _description = "Reason"

    res_model = fields.Char(string="Record Kind Code", required=True, readonly=True)
    res_id = fields.Integer(string="Record Number", required=True, readonly=True)
    record_name = fields.Char(string="Record", readonly=True)
    step = fields.Char(required=True, readonly=True)
    reason = fields.Text(required=True)

    @api.model
    def _open(self, record, step, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_res_model": record._name,
                "default_res_id": record.id,
                "default_record_name": record.display_name,
                "default_step": step,
            },
        }

    def action_confirm(self):
        """Do it; the record checks who may."""
        self.ensure_one()
        method = STEPS.get(self.step)
        if self.res_model not in MODELS or not hasattr(self.env[self.res_model], method or "-"):
            raise UserError(self.env._("There is nothing here that needs a reason."))
        getattr(self.env[self.res_model].browse(self.res_id), method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
