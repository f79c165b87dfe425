"""Rows about a record of any kind: who may read the record may read them."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class PropertyAboutMixin(models.AbstractModel):
    """``res_model`` and ``res_id`` name the record; its own access decides.

    A model overrides ``_get_about_models``. It gives its roles the right to
    read only, and makes rows through methods that check.
    """

    _name = "property.about.mixin"
    _description = "Row about a Record of any Kind"

    res_model = fields.Char(string="Record Kind Code", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record Number", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(string="Record", readonly=True)

    @api.model
    def _get_about_models(self):
        """Names of the models that rows can be about."""
        return []

    @api.model
    def _get_descendants(self, mixin):
        """Names of the models with tables that inherit ``mixin``."""
        return [
            name
            for name in self.env.registry.descendants([mixin], "_inherit")
            if not self.env[name]._abstract and not self.env[name]._transient
        ]

    def _get_record(self):
        """The record, or an empty one when it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id).exists()

    def _check_access(self, operation):
        result = super()._check_access(operation)
        rows = self - result[0] if result else self
        forbidden = rows - rows._filter_record_readable()
        if not forbidden:
            return result
        if result:
            return result[0] | forbidden, result[1]
        return forbidden, lambda: forbidden._make_record_access_error()

    def _filter_record_readable(self):
        readable = self.browse()
        known = set(self._get_about_models())
        # the rows' own columns say which record to ask
        for model, rows in self.sudo().grouped("res_model").items():
            if model not in known or not self.env[model].has_access("read"):
                continue
            records = self.env[model].browse(set(rows.mapped("res_id"))).exists()
            ids = set(records._filtered_access("read")._ids)
            readable |= rows.sudo(False).filtered(lambda row, ids=ids: row.sudo().res_id in ids)
        return readable

    def _make_record_access_error(self):
        return AccessError(
            self.env._(
                "You may not see the records that these rows are about (%(kind)s, numbers %(ids)s)."
                " Ask a manager to assign you to the estate.",
                kind=self._description,
                ids=", ".join(map(str, self.ids[:6])),
            )
        )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            self.browse().check_access("read")
            domain = Domain(domain) & self._get_record_domain()
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    @api.model
    def _get_record_domain(self):
        """Rows about records that the current user may read, by the records' own rules."""
        readable = Domain.FALSE
        for model in self._get_about_models():
            records = self.env[model]
            if records.has_access("read"):
                query = records._search(Domain.TRUE, active_test=False)
                readable |= Domain("res_model", "=", model) & Domain("res_id", "in", query)
        return readable
