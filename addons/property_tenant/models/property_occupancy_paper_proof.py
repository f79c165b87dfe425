from odoo import api, models

from ..calc.dossier import CHASED, MISSING


class PropertyOccupancy(models.Model):
    """The papers of a move-in are complete when the dossier lacks none.

    What is promised for a day to come sends nobody home. Papers that are issued
    and signed here are the business of the agreements.
    """

    _inherit = "property.occupancy"

    @api.model
    def _get_step_proofs(self):
        return super()._get_step_proofs() | {"papers": "_prove_papers"}

    @api.model
    def _get_proof_openings(self):
        return super()._get_proof_openings() | {"papers": "_open_lease_dossier"}

    def _open_lease_dossier(self):
        return (self.lead_id or self).action_view_dossier()

    def _prove_papers(self):
        leads = {occupancy: occupancy.lead_id or occupancy for occupancy in self}
        signed = self.env["property.form"].search([("needed_to_move_in", "=", True)])
        papers = self.env["property.dossier.paper"].search_fetch(
            [
                ("occupancy_id", "in", [lead.id for lead in leads.values()]),
                ("required", "=", True),
                ("state", "in", (MISSING, *CHASED)),
                ("type_id", "not in", signed.document_type_id.ids),
            ],
            ["occupancy_id", "type_id"],
        )
        by_lead = papers.grouped("occupancy_id")
        none = papers.browse()
        missing = {}
        for occupancy, lead in leads.items():
            names = by_lead.get(lead, none).type_id.sorted().mapped("name")
            missing[occupancy.id] = names and self.env._(
                "neither filed nor promised: %s", ", ".join(names)
            )
        return missing
