from odoo import models


class PropertyOccupancy(models.Model):
    _inherit = "property.occupancy"

    def _erase_personal_data(self):
        """Erase what is known of people when nothing of the dossier is kept any more.

        Called with the rights of the system, after papers were destroyed. Other blocks
        erase theirs by overriding; posted accounting stays.
        """
        emptied = self.filtered(
            lambda dossier: (
                dossier.state == "ended"
                and all(document.state == "destroyed" for document in dossier.document_ids)
            )
        )
        together = emptied | emptied.member_ids
        together.contact_ids.write({"phone_private": False})
        together.write(
            {
                "notes": False,
                "bank_name": False,
                "bank_holder": False,
                "bank_account_private": False,
                "debit_mandate": False,
            }
        )
        # before the texts: that they were signed stays
        self.env["property.signature"]._erase_of(together)
        self.env["property.form.issue"].search([("occupancy_id", "in", together.ids)])._erase_text()
        # what was said and promised is of the person; that a visit was made stays
        visits = self.env["property.visit"].search([("occupancy_id", "in", together.ids)])
        visits._erase_what_was_said()
        parties = together.partner_id
        others = self.search(
            [("partner_id", "in", parties.ids), ("id", "not in", together.ids)]
        ).partner_id
        gone = parties - others
        gone.id_numbers.unlink()
        gone.with_context(active_test=False).estate_warning_ids.unlink()
        gone.write({"estate_forwarding": False})
        for dossier in emptied:
            dossier._message_log(
                body=self.env._(
                    "The papers were destroyed; identity numbers, private phones, the texts of"
                    " issued papers and signatures are erased."
                )
            )
        return emptied
