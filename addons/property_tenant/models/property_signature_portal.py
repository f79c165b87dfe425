"""Signing in the portal: the party signs with its own login, in its own name."""

from odoo import models
from odoo.exceptions import AccessError


class PropertySignatureMixin(models.AbstractModel):
    _inherit = "property.signature.mixin"

    def _signature_portal_role(self):
        """The place in which the party of ``occupancy_id`` may sign in the portal, or None."""
        self.ensure_one()
        return None

    def _filter_signed_in_portal(self):
        """The records on which the party still has to sign; two queries, however many."""
        roles = {record.id: record._signature_portal_role() for record in self}
        signed = {(row.res_id, row.role) for row in self._signature_rows()}
        return self.filtered(
            lambda record: roles[record.id] and (record.id, roles[record.id]) not in signed
        )

    def _sign_in_portal(self, signature, ip):
        """The user signs for the party; the page has found the record to be his own.

        :param signature: picture in base64
        :param ip: where the request came from; stays on record
        """
        self.ensure_one()
        # whose the record is, and who signs it, is asked with the rights of the system
        role = self.sudo()._signature_portal_role()
        partner = self.env.user.partner_id
        occupancy = self.sudo().occupancy_id
        if not role or not occupancy._may_sign_in_portal(partner):
            raise AccessError(
                self.env._(
                    "%s is signed by the party, its legal representative, co-owner or agent.",
                    self.sudo().display_name,
                )
            )
        # the party has no right on the record: that it is its own, and that it signs for
        # itself only, is checked; whose login it was stays on the signature
        return self.sudo()._sign(role, partner.name, signature, ip=ip)
