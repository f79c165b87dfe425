from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyRevealLog(models.Model):
    """Who looked at private data, and who exported what, when. Written once, never changed."""

    _name = "property.reveal.log"
    _description = "Private Data Log"
    _order = "id desc"
    _rec_name = "record_name"

    date = fields.Datetime(required=True, readonly=True, index=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [
            ("reveal", "Revealed"),
            ("export", "Exported"),
            ("list", "List Exported"),
            ("confirm", "Confirmed"),
            ("wrong", "Not Confirmed"),
        ],
        required=True,
        readonly=True,
        help="Confirmed: only whether what a caller said is right was told. List exported: the"
        " columns of so many rows; private data in them stands in rows of its own.",
    )
    res_model = fields.Char(string="Kind of Record", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record Number", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="Record", required=True, readonly=True)
    field_name = fields.Char(required=True, readonly=True)
    field_label = fields.Char(string="Field", required=True, readonly=True)
    purpose = fields.Char(required=True, readonly=True)

    _res_idx = models.Index("(res_model, res_id, user_id)")

    @api.model
    def _prepare_look(self, record, kind, name, purpose, user):
        company = "company_id" in record._fields and record.sudo().company_id
        return {
            "user_id": user.id,
            "company_id": (company or self.env.company).id,
            "kind": kind,
            "res_model": record._name,
            "res_id": record.id,
            "record_name": record.sudo().display_name,
            "field_name": name,
            "field_label": record._private_label(name),
            "purpose": purpose,
        }

    @api.model
    def _log_export(self, records, paths):
        """One row for a list that the user has exported; private data is logged besides."""
        names = [path.split("/")[0] for path in paths]
        labels = [
            records._fields[name]._description_string(self.env) if name in records._fields else name
            for name in dict.fromkeys(names)
        ]
        # nobody may write the log himself: the system writes it, about the one who exports
        self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "kind": "list",
                "res_model": records._name,
                "res_id": records[0].id,
                "record_name": self.env._(
                    "%(count)s rows: %(kind)s",
                    count=len(records),
                    kind=self.env["ir.model"]._get(records._name).name,
                ),
                "field_name": ", ".join(paths),
                "field_label": ", ".join(labels),
                "purpose": self.env._("Export to a file"),
            }
        )

    @api.model
    def _count_wrong_today(self, record, name):
        """How often the user got the value of ``record`` wrong in the last day."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        # the count alone leaves this method; the user need not be allowed to read the log
        return self.sudo().search_count(
            Domain("res_model", "=", record._name)
            & Domain("res_id", "=", record.id)
            & Domain("field_name", "=", name)
            & Domain("user_id", "=", self.env.uid)
            & Domain("kind", "=", "wrong")
            & Domain("date", ">=", since)
        )

    def write(self, vals):
        """Refuse every change, the system's as well."""
        if self:
            raise UserError(self.env._("The log of private data cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of private data cannot be deleted."))

    def action_open_record(self):
        """Open the record that was looked at; its own access rules hold."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
