import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError

_logger = logging.getLogger(__name__)


class PropertySettings(models.TransientModel):
    """The limits of a company, as its managers change them.

    Odoo's own settings are the administrator's; these are the manager's. Every field
    that is ``related="company_id.<field>"`` with ``readonly=False`` is a setting: other
    addons add theirs, and a group of fields in the form.
    """

    _name = "property.settings"
    _description = "Property Settings"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    pm_customer_lang = fields.Selection(related="company_id.pm_customer_lang", readonly=False)
    pm_require_identity = fields.Boolean(related="company_id.pm_require_identity", readonly=False)
    pm_confirm_limit = fields.Integer(related="company_id.pm_confirm_limit", readonly=False)
    pm_import_max_megabytes = fields.Integer(
        related="company_id.pm_import_max_megabytes", readonly=False
    )
    pm_import_max_rows = fields.Integer(related="company_id.pm_import_max_rows", readonly=False)
    pm_import_max_columns = fields.Integer(
        related="company_id.pm_import_max_columns", readonly=False
    )
    pm_import_inline_rows = fields.Integer(
        related="company_id.pm_import_inline_rows", readonly=False
    )
    pm_import_batch_rows = fields.Integer(related="company_id.pm_import_batch_rows", readonly=False)
    pm_import_keep_days = fields.Integer(related="company_id.pm_import_keep_days", readonly=False)
    pm_work_keep_days = fields.Integer(related="company_id.pm_work_keep_days", readonly=False)
    pm_paper_inline = fields.Integer(related="company_id.pm_paper_inline", readonly=False)
    pm_paper_part = fields.Integer(related="company_id.pm_paper_part", readonly=False)

    pm_dossier_department_id = fields.Many2one(
        related="company_id.pm_dossier_department_id", readonly=False
    )
    pm_loan_days = fields.Integer(related="company_id.pm_loan_days", readonly=False)
    pm_paper_chase_days = fields.Integer(related="company_id.pm_paper_chase_days", readonly=False)
    pm_paper_mail = fields.Boolean(related="company_id.pm_paper_mail", readonly=False)
    pm_sign_fee = fields.Monetary(related="company_id.pm_sign_fee", readonly=False)
    pm_export_inline = fields.Integer(related="company_id.pm_export_inline", readonly=False)

    pm_portal_after_end = fields.Selection(related="company_id.pm_portal_after_end", readonly=False)
    pm_portal_upload_megabytes = fields.Integer(
        related="company_id.pm_portal_upload_megabytes", readonly=False
    )
    pm_portal_upload_types = fields.Char(
        related="company_id.pm_portal_upload_types", readonly=False
    )
    pm_portal_uploads_per_day = fields.Integer(
        related="company_id.pm_portal_uploads_per_day", readonly=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        wanted = [self._company_values(vals) for vals in vals_list]
        windows = super().create(
            [{**vals, "company_id": self.env.company.id} for vals in self._others(vals_list)]
        )
        for window, values in zip(windows, wanted, strict=True):
            window._change_company(values)
        return windows

    def write(self, vals):
        wanted = self._company_values(vals)
        [others] = self._others([vals])
        # a window stays with the company it was opened for
        others.pop("company_id", None)
        result = super().write(others)
        for window in self:
            window._change_company(wanted)
        return result

    @api.model
    def _setting_names(self):
        """Fields of the window that are settings: {name: name on the company}."""
        return {
            name: field.related.split(".")[1]
            for name, field in self._fields.items()
            if field.related and field.related.startswith("company_id.") and not field.readonly
        }

    @api.model
    def _company_values(self, vals):
        names = self._setting_names()
        return {names[name]: value for name, value in vals.items() if name in names}

    @api.model
    def _others(self, vals_list):
        names = self._setting_names()
        return [
            {name: value for name, value in vals.items() if name not in names} for vals in vals_list
        ]

    def _change_company(self, wanted):
        """Write those of the ``wanted`` values that differ to the company."""
        self.ensure_one()
        company = self.company_id
        changed = {
            name: value
            for name, value in wanted.items()
            if value != company._fields[name].convert_to_write(company.sudo()[name], company)
        }
        if not changed:
            return
        self.check_access("write")
        self._check_may_change()
        # managers cannot write companies; these fields alone, of a company of theirs
        company.sudo().write(changed)
        _logger.info(
            "Settings of company %s changed by user %s: %s", company.id, self.env.uid, changed
        )

    def _check_may_change(self):
        """The limits hold for the whole company: who sees a part of it leaves them."""
        company = self.company_id
        if company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "Switch to the company %(company)s to change its settings.",
                    company=company.sudo().display_name,
                )
            )
        user = self.env.user
        if self.env.su or user.estate_all:
            return
        # only whether there are estates beyond the own ones, nothing of them
        beyond = self.env["property.estate"].sudo()
        if beyond.search_count(
            [("company_id", "=", company.id), ("id", "not in", user.estate_ids.ids)], limit=1
        ):
            raise AccessError(
                self.env._(
                    "The settings hold for all estates of %(company)s, and you see some of them"
                    " only. Ask a manager who sees all estates.",
                    company=company.display_name,
                )
            )

    @api.model
    def action_open(self):
        """Open the settings of the current company."""
        self.check_access("create")
        window = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settings"),
            "res_model": self._name,
            "res_id": window.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
