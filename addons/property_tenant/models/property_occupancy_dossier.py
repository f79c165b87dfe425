from odoo import api, fields, models
from odoo.fields import Domain

from ..calc.dossier import CHASED, EXPIRED, EXPIRING, MISSING, THERE

#: a change of these may change which papers are asked for
ASKING_FIELDS = {
    "state",
    "partner_id",
    "kind",
    "unit_id",
    "lead_id",
    "self_use",
    "persons",
    "contract_number",
}


class PropertyOccupancy(models.Model):
    """The dossier of an occupancy: its papers, and what is missing."""

    _inherit = "property.occupancy"

    document_ids = fields.One2many("property.document", "dossier_id", string="Papers Filed")
    paper_ids = fields.One2many("property.dossier.paper", "occupancy_id", string="Papers")
    dossier_papers = fields.One2many(
        "property.dossier.paper",
        string="Papers Asked for",
        compute="_compute_dossier_papers",
        help="Those of the leading occupancy, which has the dossier.",
    )
    dossier_rate = fields.Integer(
        string="Dossier Complete",
        compute="_compute_dossier_rate",
        help="Share of the required papers that are filed and valid, in per cent.",
    )
    dossier_missing_count = fields.Integer(string="Papers Missing", compute="_compute_dossier_rate")
    dossier_missing = fields.Char(string="Still Missing", compute="_compute_dossier_rate")
    is_dossier_complete = fields.Boolean(
        string="Complete", compute="_compute_dossier_rate", search="_search_is_dossier_complete"
    )
    document_count = fields.Integer(compute="_compute_document_count")

    @api.depends("paper_ids.state", "paper_ids.required", "lead_id.paper_ids.state")
    def _compute_dossier_rate(self):
        leads = {occupancy: occupancy.lead_id or occupancy._origin for occupancy in self}
        # how complete a dossier is may be known by everybody who sees the occupancy
        papers = (
            self.env["property.dossier.paper"]
            .sudo()
            .search_fetch(
                [
                    ("occupancy_id", "in", [lead.id for lead in leads.values()]),
                    ("required", "=", True),
                ],
                ["occupancy_id", "state", "type_id"],
            )
        )
        by_lead = {lead.id: rows for lead, rows in papers.grouped("occupancy_id").items()}
        for occupancy, lead in leads.items():
            rows = by_lead.get(lead.id, papers.browse())
            gaps = rows.filtered(lambda row: row.state not in THERE)
            total = len(rows)
            occupancy.dossier_rate = 100 * (total - len(gaps)) // total if total else 100
            occupancy.dossier_missing_count = len(gaps)
            occupancy.dossier_missing = ", ".join(gaps.type_id.sorted().mapped("name"))
            occupancy.is_dossier_complete = not gaps

    def _search_is_dossier_complete(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        papers = Domain("required", "=", True) & Domain("state", "not in", THERE)
        # only whether something is missing is told
        leads = self.env["property.dossier.paper"].sudo().search(papers).occupancy_id.ids
        gaps = Domain("id", "in", leads) | Domain("lead_id", "in", leads)
        return ~gaps if (True in value) == (operator == "in") else gaps

    @api.depends("paper_ids", "lead_id.paper_ids")
    def _compute_dossier_papers(self):
        for occupancy in self:
            occupancy.dossier_papers = (occupancy.lead_id or occupancy).paper_ids

    def _compute_document_count(self):
        counts = dict(
            self.env["property.document"]._read_group(
                [("dossier_id", "in", (self | self.lead_id).ids), ("state", "=", "filed")],
                ["dossier_id"],
                ["__count"],
            )
        )
        for occupancy in self:
            lead = occupancy.lead_id or occupancy._origin
            occupancy.document_count = counts.get(lead, 0)

    @api.model_create_multi
    def create(self, vals_list):
        occupancies = super().create(vals_list)
        leads = occupancies.lead_id | occupancies.filtered(lambda row: not row.lead_id)
        self.env["property.dossier.paper"]._refresh(leads)
        return occupancies

    def write(self, vals):
        if not ASKING_FIELDS & vals.keys():
            return super().write(vals)
        before = self.lead_id
        result = super().write(vals)
        self.env["property.dossier.paper"]._refresh(self | self.lead_id | before)
        return result

    def _get_missing_papers(self):
        """Required papers of the dossier that are missing and not even promised."""
        self.ensure_one()
        lead = self.lead_id or self
        # whether something is missing is for everybody who works on the occupancy
        return (
            lead.sudo()
            .paper_ids.filtered(lambda paper: paper.required and paper.state in (MISSING, *CHASED))
            .sudo(False)
        )

    def _get_papers_to_chase(self):
        """The papers of which the party is reminded."""
        self.ensure_one()
        chased = (*CHASED, EXPIRED, EXPIRING)
        return self.paper_ids.filtered(lambda paper: paper.state in chased)

    def _portal_documents(self):
        """The papers of the dossiers that their party may see in the portal.

        The caller checks that the occupancies are the reader's own; returned with
        the rights of the system, because portal users have none on papers.
        """
        # papers for the staff only, and those out of force, are left out here
        return (
            self.env["property.document"]
            .sudo()
            .search(
                [
                    ("occupancy_id", "in", (self | self.lead_id | self.member_ids).ids),
                    ("state", "=", "filed"),
                    ("type_id.portal_visible", "=", True),
                    ("type_id.group_ids", "=", False),
                ]
            )
        )

    def _refresh_papers(self):
        """What the dossiers must contain changed: find it out anew."""
        self.env["property.dossier.paper"]._refresh(
            self.mapped(lambda occupancy: occupancy.lead_id or occupancy)
        )

    def _get_dossier_entries(self):
        """What the printed contents list: the papers that the reader may read."""
        return self.env["property.dossier.export"]._get_whole(self)

    # --- buttons ---------------------------------------------------------------

    def action_view_dossier(self):
        """Open the papers of the dossier."""
        self.ensure_one()
        lead = self.lead_id or self
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_document_action"
        )
        action["domain"] = [("dossier_id", "=", lead.id)]
        action["context"] = {"default_occupancy_id": lead.id}
        return action

    def action_open_take_out(self):
        """Open the window in which the dossier is exported as one file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_dossier_take_out_action"
        )
        return {**action, "context": {"default_occupancy_id": (self.lead_id or self).id}}

    def action_open_receive(self):
        """Open the window in which papers are taken in or promised."""
        return self._open_receive(self.env["property.document.type"])

    def _open_receive(self, kinds):
        """The window for papers of ``kinds``; none: for all that are missing."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive Papers"),
            "res_model": "property.document.receive",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_occupancy_id": (self.lead_id or self).id,
                "receive_type_ids": kinds.ids,
            },
        }
