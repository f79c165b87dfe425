import io

from odoo import api, models
from odoo.tools.pdf import PdfReader

from .property_document_type import CATEGORIES


class PropertyOccupancy(models.Model):
    """What belongs to a whole dossier though nobody filed it: papers that the blocks print.

    A block adds its own::

        def _get_dossier_prints(self):
            return super()._get_dossier_prints() + [
                self._prepare_print(letter, "property_billing.report_letter", "payment",
                                    letter.date_issued, letter.number, "Reminder")
                for letter in …
            ]

    ``self`` is the whole dossier, with the rights of the reader: what he may not read is
    left out. What was filed as a document is not printed again.
    """

    _inherit = "property.occupancy"

    @api.model
    def _prepare_print(self, record, report, category, date, number, name):
        """One paper of the dossier; ``report`` is the technical name of its form."""
        return {
            "print": record,
            "report": report,
            "category": category,
            "date": date,
            "number": number or "",
            "name": name or "",
            "files": [],
            "others": [],
        }

    def _get_dossier_prints(self):
        return self._get_form_prints() + self._get_inspection_prints() + self._get_key_prints()

    def _search_own(self, model, domain):
        """Records of ``model`` about the dossier; none where the reader has no right."""
        records = self.env[model]
        if not records.has_access("read"):
            return records
        return records.search([("occupancy_id", "in", self.ids), *domain])

    def _get_form_prints(self):
        issues = self._search_own(
            "property.form.issue", [("state", "!=", "void"), ("document_id", "=", False)]
        )
        return [
            self._prepare_print(
                issue,
                "property_tenant.report_form_issue",
                # where the text would be filed; readers of the paper may know that
                issue.form_id.sudo().document_type_id.category or "move_in",
                issue.date_issued,
                issue.number,
                issue.title,
            )
            for issue in issues
        ]

    def _get_inspection_prints(self):
        return [
            self._prepare_print(
                inspection,
                "property_tenant.report_inspection",
                "move_in" if inspection.kind == "handover" else "correspondence",
                inspection.date,
                inspection.number,
                inspection.template_id.name,
            )
            for inspection in self._search_own("property.inspection", [("state", "=", "signed")])
        ]

    def _get_key_prints(self):
        slips = self._search_own(
            "property.item.slip",
            [("number", "!=", False), ("loan_ids.item_id.category", "=", "key")],
        )
        return [
            self._prepare_print(
                slip,
                "property_tenant.report_key_receipt",
                "move_in",
                min(
                    filter(None, slip.loan_ids.mapped("date_out")), default=slip.create_date
                ).date(),
                slip.number,
                self.env._("Key Receipt"),
            )
            for slip in slips
        ]

    def _get_whole_dossier(self):
        lead = self.lead_id or self
        return (lead | lead.member_ids)._filtered_access("read")


class PropertyDossierExport(models.Model):
    """Filed papers and printed ones together, in time order under their content."""

    _inherit = "property.dossier.export"

    @api.model
    def _get_whole(self, occupancy):
        """Entries of the whole dossier, as the reader may see it."""
        entries = self._list_entries(self._get_documents(occupancy))
        entries += occupancy._get_whole_dossier()._get_dossier_prints()
        labels = dict(
            self.env["property.document.type"]._fields["category"]._description_selection(self.env)
        )
        order = [value for value, __ in CATEGORIES]
        entries.sort(
            key=lambda entry: (
                order.index(entry["category"]),
                entry["date"],
                entry["number"],
            )
        )
        before = None
        for entry in entries:
            # the contents say the name of each content once
            entry["heading"] = "" if entry["category"] == before else labels[entry["category"]]
            before = entry["category"]
        return entries

    def _print_entries(self, entries):
        """Keep the PDFs of the printed papers with their entries; each form is made once."""
        reports = self.env["ir.actions.report"]
        by_report = {}
        for entry in entries:
            if entry.get("print"):
                by_report.setdefault(entry["report"], []).append(entry)
        for report, rows in by_report.items():
            ids = [row["print"].id for row in rows]
            made = self._get_kept_prints(report, ids)
            missing = [id_ for id_ in ids if id_ not in made]
            made |= self._render_prints(reports, report, missing)
            for row in rows:
                row["content"] = made[row["print"].id]

    @api.model
    def _get_kept_prints(self, report, ids):
        """{id: PDF} of papers that are kept as they were printed."""
        return {}

    @api.model
    def _render_prints(self, reports, report, ids):
        if not ids:
            return {}
        streams = reports._render_qweb_pdf_prepare_streams(report, {}, res_ids=ids)
        if set(streams) != set(ids):
            # the pages of several could not be told apart: one after the other
            return {
                id_: reports._render_qweb_pdf_prepare_streams(report, {}, res_ids=[id_])[id_][
                    "stream"
                ].getvalue()
                for id_ in ids
            }
        return {id_: streams[id_]["stream"].getvalue() for id_ in ids}

    def _get_print_pages(self, entry):
        return list(PdfReader(io.BytesIO(entry["content"]), strict=False).pages)
