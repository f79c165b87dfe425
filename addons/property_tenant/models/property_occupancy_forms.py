from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_list

from .property_occupancy import CURRENT_STATES


class PropertyOccupancy(models.Model):
    """The papers of an occupancy whose texts the managers edit."""

    _inherit = "property.occupancy"

    form_issue_ids = fields.One2many("property.form.issue", "occupancy_id", string="Issued Papers")
    form_issue_count = fields.Integer(string="Papers in Force", compute="_compute_form_issue_count")

    def _compute_form_issue_count(self):
        counts = dict(
            self.env["property.form.issue"]._read_group(
                [("occupancy_id", "in", self.ids), ("state", "!=", "void")],
                ["occupancy_id"],
                ["__count"],
            )
        )
        for occupancy in self:
            occupancy.form_issue_count = counts.get(occupancy._origin, 0)

    # --- which papers ---------------------------------------------------------

    def _get_forms(self, domain):
        """{id: forms within ``domain`` that are for the occupancy}, in order."""
        # which forms there are is for all who work on the occupancy
        forms = self.env["property.form"].sudo().search(domain)
        lots = self._get_parking_units() if any(forms.mapped("with_parking")) else {}
        return {
            occupancy.id: forms.filtered(
                lambda form, occ=occupancy: form._applies_to(occ, bool(lots.get(occ.id)))
            ).sudo(False)
            for occupancy in self
        }

    def _get_parking_units(self):
        """{id: parking spaces that the party of the occupancy holds in the estate}."""
        found = self.env["property.occupancy"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("estate_id", "in", self.estate_id.ids),
                ("unit_id.usage", "=", "parking"),
                ("state", "in", ("reserved", *CURRENT_STATES)),
            ]
        )
        by_holder = found.grouped(lambda occ: (occ.partner_id, occ.estate_id, occ.kind))
        return {
            occ.id: by_holder.get((occ.partner_id, occ.estate_id, occ.kind), found.browse()).unit_id
            for occ in self
        }

    @api.model
    def _get_step_proofs(self):
        return super()._get_step_proofs() | {"agreements": "_prove_agreements"}

    @api.model
    def _get_proof_openings(self):
        return super()._get_proof_openings() | {"agreements": "action_view_forms"}

    def _prove_agreements(self):
        wanted = self._get_forms([("needed_to_move_in", "=", True)])
        settled = self._get_settled_dates("agreements")
        signed = set(
            self.env["property.form.issue"]._read_group(
                [("occupancy_id", "in", self.ids), ("state", "=", "signed")],
                ["occupancy_id", "form_id"],
            )
        )
        missing = {}
        for occupancy in self:
            until = settled.get(occupancy.id)
            names = [
                form.name
                for form in wanted[occupancy.id].sudo()
                # a form that was made since does not ask who has signed all there was
                if (occupancy, form) not in signed
                and not (until and form.create_date.replace(microsecond=0) > until)
            ]
            missing[occupancy.id] = names and self.env._(
                "not signed: %s", format_list(self.env, names)
            )
        return missing

    # --- issuing --------------------------------------------------------------

    def action_issue_forms(self):
        """Issue all papers of the move-in that are not issued yet, and show them."""
        self.ensure_one()
        self.check_access("write")
        lead = self._get_process()
        lead.check_access("write")
        forms = lead._get_forms([("at_move_in", "=", True)])[lead.id]
        forms -= lead.form_issue_ids.filtered(lambda issue: issue.state != "void").form_id
        if forms:
            self.env["property.form.issue"]._issue(lead, forms)
        elif not lead.form_issue_ids:
            raise UserError(
                self.env._(
                    "No form is set up for %(occupancy)s. A manager adds some under Configuration,"
                    " Forms.",
                    occupancy=lead.display_name,
                )
            )
        return lead.action_view_forms()

    def action_open_issue(self):
        """Choose a single form to issue."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue a Paper"),
            "res_model": "property.form.preview",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_occupancy_id": self._get_process().id,
                "dialog_size": "large",
            },
        }

    def action_view_forms(self):
        """Open the papers issued for the occupancy."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_form_issue_action"
        )
        action["domain"] = [("occupancy_id", "=", self._get_process().id)]
        action["context"] = {"search_default_in_force": 1}
        return action

    # --- what is filled in ----------------------------------------------------

    def _get_form_lang(self):
        """The party's language, else the company's, if it is installed."""
        self.ensure_one()
        installed = {code for code, __ in self.env["res.lang"].get_installed()}
        # the language of a party is no secret
        party = self.sudo().partner_id
        for lang in (party.lang, self.company_id.sudo().partner_id.lang, self.env.lang):
            if lang in installed:
                return lang
        return "en_US"

    @api.model
    def _get_form_places(self):
        """What can be filled in: {name: what it is}."""
        _ = self.env._
        return {
            "number": _("Number of the paper"),
            "date": _("Today"),
            "company": _("Name of the property company"),
            "company_address": _("Address of the property company"),
            "company_phone": _("Phone of the property company"),
            "estate": _("Name of the estate"),
            "estate_address": _("Address of the estate"),
            "building": _("Name of the building"),
            "unit": _("Code of the unit; of all units of the lease"),
            "usage": _("What the unit is used for"),
            "area": _("Gross area in m², of all units together"),
            "area_net": _("Net area in m², of all units together"),
            "party": _("Name of the owner or tenant"),
            "party_address": _("Address of the party"),
            "party_phone": _("Business phone of the party"),
            "legal_representative": _("Legal representative"),
            "contact": _("Contact for administration"),
            "kind": _("Owner or tenant"),
            "persons": _("Number of persons"),
            "date_start": _("First day"),
            "date_end": _("Last day"),
            "contract_number": _("Number of the contract"),
            "handover_date": _("Day of the handover"),
            "appointment": _("Date and time of the move-in"),
            "place": _("Where the party comes to"),
            "bring": _("What to bring, one paper in each line"),
            "parking": _("Parking spaces of the party"),
            "warranties": _("Parts and their warranty, one in each line"),
            "staff": _("Name of who issues the paper"),
        }

    def _get_form_values(self, number=""):
        """{name: text} for the places of a form; in the language of the context."""
        self.ensure_one()
        lease = self._get_lease()
        units = lease.unit_id
        company = self.company_id
        appointment = self.appointment_id
        labels = self._get_labels
        return {
            "number": number,
            "date": format_date(self.env, self.estate_id._today()),
            "company": company.name,
            "company_address": _address(company.partner_id),
            "company_phone": company.phone,
            "estate": self.estate_id.name,
            "estate_address": _address(self.estate_id.partner_id),
            "building": format_list(
                self.env, list(dict.fromkeys(units.building_id.mapped("name")))
            ),
            "unit": ", ".join(units.mapped("code")),
            "usage": labels(self.unit_id, "usage"),
            "area": _number(sum(units.mapped("area_gross"))),
            "area_net": _number(sum(units.mapped("area_net"))),
            "party": self.partner_id.name,
            "party_address": _address(self.partner_id),
            "party_phone": self.partner_id.phone,
            "legal_representative": self._get_contact_name("legal_representative"),
            "contact": self._get_contact_name("administration"),
            "kind": labels(self, "kind"),
            "persons": sum(lease.mapped("persons")),
            "date_start": format_date(self.env, self.date_start),
            "date_end": self.date_end and format_date(self.env, self.date_end),
            "contract_number": self.contract_number,
            "handover_date": self.date_handover and format_date(self.env, self.date_handover),
            "appointment": appointment and appointment._get_local_text(),
            "place": appointment.place,
            "bring": appointment.bring,
            "parking": ", ".join(self._get_parking_units()[self.id].mapped("code")),
            "warranties": self._get_warranty_lines(),
            "staff": self.env.user.name,
        }

    def _get_labels(self, record, name):
        return dict(record._fields[name]._description_selection(record.env)).get(record[name], "")

    def _get_contact_name(self, role):
        self.ensure_one()
        return self.contact_ids.filtered(lambda row: row.role == role)[:1].partner_id.name

    def _get_warranty_lines(self):
        """Parts under warranty, one a line; before the handover how long it lasts."""
        self.ensure_one()
        unit = self.unit_id
        if unit.warranty_start:
            return "\n".join(
                self.env._(
                    "%(part)s: until %(date)s", part=part.name, date=format_date(self.env, until)
                )
                for part, until, __ in unit._get_warranties()
            )
        parts = self.env["property.warranty.part"].search([])
        return "\n".join(
            self.env._("%(part)s: %(months)s months", part=part.name, months=part.months)
            for part in parts
            if part._applies_to(unit)
        )


def _address(partner):
    if not partner:
        return ""
    lines = partner._display_address(without_company=True).splitlines()
    return " ".join(line.strip() for line in lines if line.strip())


def _number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else ""
