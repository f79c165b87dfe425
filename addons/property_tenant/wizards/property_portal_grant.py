from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize


class PropertyPortalGrant(models.TransientModel):
    """Who of an occupancy uses the portal: ticked gets access, unticked loses it."""

    _name = "property.portal.grant"
    _description = "Portal Access"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    line_ids = fields.One2many("property.portal.grant.line", "grant_id", string="People")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        occupancy = self.env["property.occupancy"].browse(values.get("occupancy_id")).exists()
        if occupancy:
            occupancy.check_access("read")
            values["line_ids"] = [
                Command.create({"contact_id": contact.id, **self._get_person(occupancy, contact)})
                for contact in self._get_people(occupancy)
            ]
        return values

    @api.model
    def _get_people(self, occupancy):
        """The party (an empty contact), then each contact once."""
        contacts = occupancy.contact_ids
        seen = occupancy.partner_id
        people = [contacts.browse()]
        for contact in contacts:
            if contact.partner_id not in seen:
                seen |= contact.partner_id
                people.append(contact)
        return people

    @api.model
    def _get_person(self, occupancy, contact):
        partner = contact.partner_id or occupancy.partner_id
        return {
            "partner_id": partner.id,
            "role": contact.display_name or self.env._("Party"),
            "email": partner.email,
            "is_given": contact.portal_access if contact else occupancy.portal_party,
        }

    def action_confirm(self):
        """Give and take access; who gets it for the first time is invited by e-mail."""
        self.ensure_one()
        occupancy = self.occupancy_id
        occupancy._check_may_give_portal()
        if occupancy.state in ("ended", "cancelled") and any(self.line_ids.mapped("is_given")):
            raise UserError(
                self.env._("%s is over: nobody gets access to it any more.", occupancy.display_name)
            )
        for line in self.line_ids:
            contacts = occupancy.contact_ids.filtered(
                lambda contact, line=line: contact.partner_id == line.contact_id.partner_id
            )
            if line.contact_id and not contacts:
                raise UserError(
                    self.env._(
                        "%(person)s is no contact of %(occupancy)s.",
                        person=line.contact_id.display_name,
                        occupancy=occupancy.display_name,
                    )
                )
            if contacts:
                # a person can have several roles; the window shows one line
                contacts[0].portal_access = line.is_given
                contacts[1:].portal_access = False
            else:
                occupancy.portal_party = line.is_given
            if line.is_given:
                self._invite(contacts.partner_id or occupancy.partner_id, line.email)
        return {"type": "ir.actions.act_window_close"}

    def _invite(self, partner, email):
        """Make a login for the portal, if there is none, and send the invitation."""
        partner.ensure_one()
        company = self.occupancy_id.company_id
        # logins are the administrator's; this one sees only what the occupancies name it for
        users = partner.sudo().with_context(active_test=False).user_ids
        if not users.filtered("active"):
            if not email_normalize(email or partner.email):
                raise UserError(
                    self.env._(
                        "%s has no valid e-mail address, to which the invitation goes. Fill it in.",
                        partner.display_name,
                    )
                )
            if email and email != partner.email:
                partner.email = email
            # the wizard of Odoo makes the login, refuses a second one and writes the mail
            window = (
                self.env["portal.wizard"]
                .sudo()
                .with_company(company)
                .create({"partner_ids": [Command.set(partner.ids)]})
            )
            window.user_ids.filtered(lambda row: row.partner_id == partner).action_grant_access()
            users = partner.sudo().user_ids
        users.filtered("share").company_ids |= company
