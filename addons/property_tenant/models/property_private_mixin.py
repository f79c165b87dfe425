"""Secret values that are masked for everybody and revealed on record.

A model that keeps a secret inherits ``property.private.mixin``, declares three
fields and names them in ``_private_fields``::

    from odoo.addons.property_tenant.calc.masking import Secret, mask_phone

    class Contact(models.Model):
        _inherit = ["...", "property.private.mixin"]
        _private_fields = {
            "phone_private": Secret(masked="phone_masked", entry="phone_number", mask=mask_phone)
        }

        phone_private = fields.Char(groups="property_tenant.group_private_data", copy=False)
        phone_masked = fields.Char(compute="_compute_private_masked", store=True)
        phone_number = fields.Char(compute="_compute_private_entry", readonly=False)

Nobody reads the secret field, whatever the way: reading, searching, grouping,
sorting, exporting a related path. ``action_reveal`` and ``export_data`` give
it to those in the field's groups, and write the log. Code of the system that
needs the value uses ``sudo()`` and must not pass it on.
"""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..calc.masking import is_masked


class PropertyPrivateMixin(models.AbstractModel):
    _name = "property.private.mixin"
    _description = "Record with Private Data"

    #: secret field → how it is shown and entered (calc.masking.Secret)
    _private_fields = {}

    def _has_field_access(self, field, operation):
        if self.env.su:
            return super()._has_field_access(field, operation)
        secret = self._private_fields.get(field.name)
        if secret and operation == "read":
            return False
        if not secret and operation == "write":
            secret = next(
                (other for other in self._private_fields.values() if other.entry == field.name),
                None,
            )
        if secret:
            return not secret.entry_groups or self.env.user.has_groups(secret.entry_groups)
        return super()._has_field_access(field, operation)

    @api.depends(lambda self: tuple(self._private_fields))
    def _compute_private_masked(self):
        for record in self:
            for name, secret in self._private_fields.items():
                record[secret.masked] = secret.mask(record[name]) or False

    @api.depends(lambda self: tuple(secret.masked for secret in self._private_fields.values()))
    def _compute_private_entry(self):
        for record in self:
            for secret in self._private_fields.values():
                record[secret.entry] = record[secret.masked]

    @api.model_create_multi
    def create(self, vals_list):
        empty = self.browse()
        return super().create([empty._private_values(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._private_values(vals))

    def _private_values(self, vals):
        """``vals`` with what was entered moved to the secret fields.

        A mask that was sent back means no change; it is never kept as a value.
        """
        result = dict(vals)
        for name, secret in self._private_fields.items():
            if secret.entry in result:
                result[name] = result.pop(secret.entry)
            if name not in result:
                continue
            typed = result[name]
            if is_masked(typed):
                if not self or any(record[secret.masked] != typed for record in self):
                    raise UserError(
                        self.env._(
                            "%(value)s is masked. Type the whole value of %(field)s, or leave it"
                            " as it is.",
                            value=typed,
                            field=self._private_label(name),
                        )
                    )
                del result[name]
            elif typed:
                result[name] = secret.clean(typed)
        return result

    @api.model
    def _private_label(self, name):
        """Label of the secret ``name`` as people see it, which is that of its entry field."""
        field = self._fields[self._private_fields[name].entry]
        return field._description_string(self.env)

    @api.model
    def _private_name(self, name=None):
        """The secret meant by ``name``: itself, its mask or its entry; by default the first."""
        for secret_name, secret in self._private_fields.items():
            if name in (None, False, secret_name, secret.masked, secret.entry):
                return secret_name
        raise UserError(
            self.env._("%(model)s keeps no private data of this name.", model=self._description)
        )

    # --- looking ----------------------------------------------------------------

    def action_reveal(self, purpose, field_name=None):
        """Return the full value to somebody who may see it, and log the look.

        :param purpose: why it is needed; stays on record
        :param field_name: which one, when the record keeps several
        :raise AccessError: the user may not see the record, or no private data
        """
        self.ensure_one()
        self.check_access("read")
        name = self._private_name(field_name)
        if not self._may_reveal(name):
            raise AccessError(
                self.env._(
                    "%(field)s of %(record)s is private, and your role does not include seeing it."
                    " Ask a colleague whose role does, or compare it with what the caller says.",
                    field=self._private_label(name),
                    record=self.display_name,
                )
            )
        purpose = purpose.strip() if isinstance(purpose, str) else ""
        if not purpose:
            raise UserError(
                self.env._(
                    "Say what you need %(field)s of %(record)s for; the purpose stays on record.",
                    field=self._private_label(name),
                    record=self.display_name,
                )
            )
        self._log_look("reveal", name, purpose)
        # nobody reads the field; the right to see it was checked above and the look is on record
        return self.sudo()[name] or ""

    def action_confirm(self, value, field_name=None):
        """Tell whether ``value``, which a caller says, is the kept one; log the question.

        For everybody who may read the record: nothing more is shown. After
        too many wrong answers in a day the user is refused, so that nobody
        finds the value by trying.
        """
        self.ensure_one()
        self.check_access("read")
        name = self._private_name(field_name)
        value = value.strip() if isinstance(value, str) else ""
        if not value:
            raise UserError(self.env._("Enter what the caller says."))
        wrong = self.env["property.reveal.log"]._count_wrong_today(self, name)
        if wrong >= self.env.company.pm_confirm_limit:
            raise UserError(
                self.env._(
                    "%(count)s values were not right today for %(record)s. Ask somebody who may"
                    " see it.",
                    count=wrong,
                    record=self.display_name,
                )
            )
        compare = self._private_fields[name].fingerprint
        # only whether they are equal leaves this method
        same = bool(compare(value)) and compare(value) == compare(self.sudo()[name] or "")
        self._log_look("confirm" if same else "wrong", name, self.env._("Asked by a caller"))
        return same

    def export_data(self, fields_to_export):
        """Export; who may see the private data gets it in full, which is logged."""
        columns = {}
        for index, path in enumerate(fields_to_export):
            for name, secret in self._private_fields.items():
                if path in (name, secret.entry) and self._may_reveal(name):
                    columns[index] = name
        if not columns:
            return super().export_data(fields_to_export)
        # the id holds the place of the value, which the ordinary way refuses to give
        paths = [".id" if index in columns else path for index, path in enumerate(fields_to_export)]
        result = super().export_data(paths)
        self.check_access("read")
        secrets = {str(record.id): record for record in self.sudo()}
        for row in result["datas"]:
            for index, name in columns.items():
                record = secrets.get(row[index])
                row[index] = (record and record[name]) or ""
        for name in set(columns.values()):
            self._log_look("export", name, self.env._("Export to a file"))
        return result

    @api.model
    def _may_reveal(self, name):
        return self.env.user.has_groups(self._fields[name].groups)

    def _log_look(self, kind, name, purpose):
        # nobody may write the log himself: the system writes it, about the one who looks
        log = self.env["property.reveal.log"].sudo()
        log.create(
            [log._prepare_look(record, kind, name, purpose, self.env.user) for record in self]
        )
