from odoo import models

from ..calc.steps import DONE, NOT_NEEDED
from .property_occupancy_contact import CONTACT_ROLES


class PropertyOccupancy(models.Model):
    """What the printed forms of a move-in show.

    Private numbers stand masked on paper. Who may see them prints them in full
    when the context names a purpose (``pm_print_purpose``): each look is then
    checked and logged by the record that keeps the number.
    """

    _inherit = "property.occupancy"

    def _get_paper(self):
        """The occupancy with the checklist, in the language of the party, for printing."""
        self.ensure_one()
        return self._get_papers()[0]

    def _get_papers(self, lang=None):
        """What is printed for ``self``: each lease once, in the order of the units.

        They are in the language of their party, or in ``lang``.
        """
        processes = self._get_processes()
        rank = {unit: at for at, unit in enumerate(self.unit_id._in_unit_order())}
        ordered = self.sorted(lambda row: (rank.get(row.unit_id, -1), row.date_start, row.id))
        leads = self.browse(dict.fromkeys(processes[row.id].id for row in ordered))
        return [lead.with_context(lang=lang or lead._get_form_lang()) for lead in leads]

    def _get_paper_number(self):
        """What stands under the code: the number of the slip, else one by which it is found."""
        self.ensure_one()
        return self.move_in_number or f"{self.estate_id.code}-O{self.id:05d}"

    def _get_paper_url(self):
        """Where the occupancy opens for staff who scan the code of a paper."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/occupancies/{self.id}"

    def _get_in_full(self, record, name, masked):
        """A private value for paper: masked, or in full for a purpose that goes on record."""
        purpose = self.env.context.get("pm_print_purpose")
        if not purpose or not record[masked] or not record._may_reveal(name):
            return record[masked] or ""
        return record.action_reveal(purpose, name)

    def _get_paper_identities(self):
        """Identity papers of the party: kind, number, valid until."""
        self.ensure_one()
        return [
            {
                "kind": paper.category_id.name,
                "number": self._get_in_full(paper, "name", "name_masked"),
                "until": paper.valid_until,
            }
            for paper in self.partner_id.id_numbers
        ]

    def _get_paper_contacts(self, *roles):
        """Contacts with one of ``roles`` (all without): role, name, phones, e-mail."""
        self.ensure_one()
        labels = dict(
            self.env["property.occupancy.contact"]._fields["role"]._description_selection(self.env)
        )
        order = [role for role, __ in CONTACT_ROLES]
        contacts = self._get_lease().contact_ids.filtered(
            lambda contact: not roles or contact.role in roles
        )
        return [
            {
                "role": labels[contact.role],
                "name": contact.partner_id.name,
                "phone": contact.partner_id.phone or "",
                "private": self._get_in_full(contact, "phone_private", "phone_masked"),
                "email": contact.partner_id.email or "",
            }
            for contact in contacts.sorted(lambda row: (order.index(row.role), row.sequence))
        ]

    def _get_paper_account(self):
        """The bank account for paper."""
        self.ensure_one()
        return self._get_in_full(self, "bank_account_private", "bank_account_masked")

    def _get_paper_steps(self, process="move_in"):
        """The checklist: number, step, who signs, how it stands, who settled it and when."""
        self.ensure_one()
        rows = []
        steps = self.step_ids.filtered(lambda step: step.process == process)
        for number, step in enumerate(steps, 1):
            if step.status == DONE:
                state = self.env._("Done")
            elif step.status == NOT_NEEDED:
                state = self.env._("Not Needed")
            elif step.is_overridden:
                state = self.env._("Overridden")
            else:
                state = ""
            rows.append(
                {
                    "number": number,
                    "name": step.name,
                    "signer": step.signer or "",
                    "state": state,
                    "by": step.done_by.name or "",
                    "at": step.done_at,
                    "note": step.note or "",
                }
            )
        return rows

    def _get_paper_departments(self):
        """Names of the departments that are told of the move-in."""
        self.ensure_one()
        departments = self.env["property.department"].search(
            [("company_id", "=", self.company_id.id), ("told_of_moves", "=", True)]
        )
        return departments.mapped("name")
