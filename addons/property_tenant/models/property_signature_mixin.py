"""Records that are signed on the screen.

A model that is signed inherits ``property.signature.mixin`` and says who signs::

    from odoo.addons.property_tenant.calc.signature import Role

    class PropertyItemLoan(models.Model):
        _inherit = ["property.signature.mixin"]

        def _signature_roles(self):
            return {
                "holder": Role(self.env._("Holder"), name=self.partner_id.name),
                "desk": Role(self.env._("Front Desk"), staff=True),
            }

        def _signature_version_values(self):        # what is signed
            return [self.item_id.id, self.date_due]

        def _signature_given(self, role):           # after each signature
            ...

* In the form: the button ``action_sign`` with
  ``invisible="signature_state == 'complete'"``, ``signature_missing`` as text and
  ``signature_ids`` as a list.
* Asking: ``_signature_missing()`` gives the keys that are missing,
  ``_signature_check_complete()`` refuses with a sentence who still has to sign.
* When what was signed changes, the signatures are void (``_signature_void_changed``,
  called after every write of the record) and stay on record.
* On paper: ``<t t-call="property_tenant.report_signatures"/>`` with ``record``.
"""

import base64
import binascii
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.signature import COMPLETE, NOT_SIGNED, PARTLY, missing, signature_state


class PropertySignatureMixin(models.AbstractModel):
    _name = "property.signature.mixin"
    _description = "Record that is Signed"

    signature_ids = fields.One2many(
        "property.signature", string="Signatures", compute="_compute_signatures"
    )
    signature_state = fields.Selection(
        "_selection_signature_state", string="Signed", compute="_compute_signatures"
    )
    signature_missing = fields.Char(string="Still to Sign", compute="_compute_signatures")

    @api.model
    def _selection_signature_state(self):
        """A method, so that models of other addons have the translations, too."""
        return [
            (NOT_SIGNED, self.env._("Not Signed")),
            (PARTLY, self.env._("Partly Signed")),
            (COMPLETE, self.env._("Signed")),
        ]

    # --- what a model declares ----------------------------------------------

    def _signature_roles(self):
        """Who signs the record: {key: Role}, in the order of the paper."""
        self.ensure_one()
        return {}

    def _signature_version_values(self):
        """What is signed, as values that json can write; empty: changes do not matter."""
        self.ensure_one()
        return []

    def _signature_check(self, role):
        """Refuse with a sentence when the record cannot be signed (in this role, now)."""

    def _signature_given(self, role):
        """Called after a signature was given in ``role``."""

    def _signature_partner(self, role):
        """The party that signs in ``role``, if it is one."""
        return self.env["res.partner"]

    def _signature_company(self):
        self.ensure_one()
        return (self["company_id"] if "company_id" in self._fields else None) or self.env.company

    def _signature_estate(self):
        self.ensure_one()
        return self["estate_id"] if "estate_id" in self._fields else self.env["property.estate"]

    # --- state --------------------------------------------------------------

    def _signature_rows(self):
        """Signatures of the records that count, for the system's own reasoning."""
        # whether something is signed holds for everybody
        return (
            self.env["property.signature"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("is_void", "!=", True),
                ]
            )
        )

    def _compute_signatures(self):
        rows = self.env["property.signature"]
        if self.ids:
            rows = rows.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        by_record = rows.grouped("res_id")
        for record in self:
            own = by_record.get(record._origin.id, rows.browse())
            roles = record._signature_roles()
            signed = set(own.filtered(lambda row: not row.is_void).mapped("role"))
            record.signature_ids = own
            record.signature_state = signature_state(roles, signed)
            record.signature_missing = ", ".join(roles[key].label for key in missing(roles, signed))

    def _signature_missing(self):
        """Keys of the roles that still have to sign."""
        self.ensure_one()
        return missing(self._signature_roles(), set(self._signature_rows().mapped("role")))

    def _signature_check_complete(self):
        """Refuse when a required signature is missing."""
        for record in self:
            roles = record._signature_roles()
            if keys := record._signature_missing():
                raise UserError(
                    self.env._(
                        "%(record)s is not signed yet by: %(who)s. Press Sign first.",
                        record=record.display_name,
                        who=", ".join(roles[key].label for key in keys),
                    )
                )

    def _signature_version(self):
        self.ensure_one()
        # the fingerprint must not depend on who looks, nor in which language
        record = self.sudo().with_context(lang="en_US", active_test=False)
        values = record._signature_version_values()
        if not values:
            return ""
        text = json.dumps(values, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def write(self, vals):
        result = super().write(vals)
        self._signature_void_changed()
        return result

    def _signature_void_changed(self):
        """Void the signatures of another version than the record is now."""
        if not self.ids:
            return
        for id_, rows in self._signature_rows().grouped("res_id").items():
            version = self.browse(id_)._signature_version()
            rows.filtered(
                # what was erased with a dossier was not changed by anybody
                lambda row, version=version: not row.is_erased and (row.version or "") != version
            )._void(self.env._("what was signed has been changed"))
        self.invalidate_recordset(["signature_ids", "signature_state", "signature_missing"])

    def _signature_places(self):
        """What the paper shows, in rows of three: label, name, date, signature, reason."""
        self.ensure_one()
        rows = self._signature_rows().grouped("role")
        places = []
        for key, role in self._signature_roles().items():
            row = rows.get(key)
            places.append(
                {
                    "label": role.label,
                    "name": row.name if row else "",
                    "date": row.date if row else False,
                    "signature": row.signature if row else False,
                    "reason": row.reason if row else "",
                }
            )
        return [places[start : start + 3] for start in range(0, len(places), 3)]

    # --- signing ------------------------------------------------------------

    def action_sign(self):
        """Open the window to sign in the next place, or in the one named by the context."""
        self.ensure_one()
        self._signature_check_access()
        roles = self._signature_roles()
        signed = set(self._signature_rows().mapped("role"))
        open_roles = [key for key in roles if key not in signed]
        if not open_roles:
            raise UserError(
                self.env._("%(record)s is signed by all already.", record=self.display_name)
            )
        asked = self.env.context.get("signature_role")
        key = asked if asked in open_roles else open_roles[0]
        return self.env["property.signature.sign"]._open(
            self, {place: roles[place] for place in open_roles}, key
        )

    def _signature_check_access(self):
        """Who may take signatures: whoever may write the record."""
        self.check_access("write")

    def _sign(self, role, name, signature, reason="", ip=False):
        """Keep a signature; ``reason`` without a drawing: refused to sign.

        :param signature: picture in base64
        :param ip: from where it was given in the portal
        """
        self.ensure_one()
        self._signature_check_access()
        roles = self._signature_roles()
        if role not in roles:
            raise UserError(
                self.env._("%(record)s is not signed in this role.", record=self.display_name)
            )
        self._signature_check(role)
        self._signature_check_signer(roles[role])
        if not (name or "").strip():
            raise UserError(
                self.env._(
                    "Fill in the name of who signs %(record)s as %(role)s.",
                    record=self.display_name,
                    role=roles[role].label,
                )
            )
        if reason:
            signature = False
        elif not _is_picture(signature):
            raise UserError(
                self.env._(
                    "Draw the signature of %(name)s first, or note why it was refused.", name=name
                )
            )
        if role in self._signature_rows().mapped("role"):
            raise UserError(
                self.env._(
                    "%(record)s is already signed as %(role)s.",
                    record=self.display_name,
                    role=roles[role].label,
                )
            )
        row = self.env["property.signature"]._make(
            [self._prepare_signature(role, roles[role], name.strip(), signature, reason, ip)]
        )
        self.invalidate_recordset(["signature_ids", "signature_state", "signature_missing"])
        self._signature_given(role)
        return row.sudo(False)

    def _signature_check_signer(self, role):
        """A place of the staff is signed by who has the role, in the own name."""
        user = self.env.user
        if role.staff and role.groups and not any(map(user.has_group, role.groups)):
            groups = [self.env.ref(group, False) for group in role.groups]
            # names of roles are no secret
            names = [group.sudo().display_name for group in groups if group]
            raise UserError(
                self.env._(
                    "You cannot sign %(record)s as %(role)s: that is for %(who)s.",
                    record=self.display_name,
                    role=role.label,
                    who=", ".join(names),
                )
            )

    def _prepare_signature(self, key, role, name, signature, reason, ip=False):
        user = self.env.user
        partner = user.partner_id if role.staff else self._signature_partner(key)
        return {
            "res_model": self._name,
            "res_id": self.id,
            "res_name": self.display_name,
            "role": key,
            "role_name": role.label,
            "name": user.name if role.staff else name,
            "partner_id": partner.id,
            "user_id": user.id,
            "date": fields.Datetime.now(),
            "signature": signature,
            "is_refused": bool(reason),
            "reason": reason or False,
            "version": self._signature_version(),
            "ip_address": ip,
            "company_id": self._signature_company().id,
            "estate_id": self._signature_estate().id,
        }


def _is_picture(signature):
    """Whether ``signature`` is base64 of a PNG or JPEG."""
    try:
        raw = base64.b64decode(signature or b"", validate=True)
    except (binascii.Error, ValueError, TypeError):
        return False
    return raw.startswith((b"\x89PNG", b"\xff\xd8"))
