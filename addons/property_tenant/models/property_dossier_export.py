import io
import zipfile

from openpyxl import Workbook

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date
from odoo.tools.pdf import PdfReader, PdfReadError, PdfWriter

from ..calc.dossier_file import (
    MIMETYPES_AS_PAGES,
    image_page,
    number_sheet,
    plain_cell,
    safe_name,
)

#: who takes a whole dossier out of the system
EXPORTERS = (
    "property_tenant.group_archivist",
    "property_tenant.group_officer",
    "property_tenant.group_legal",
    "property_tenant.group_general_manager",
)


class PropertyDossierExport(models.Model):
    """A dossier was taken out as a file: who, when, what for. Written once, never changed.

    The file itself is with the work that made it: for who asked, and for some days.
    """

    _name = "property.dossier.export"
    _description = "Dossier Export"
    _order = "id desc"
    _rec_name = "occupancy_id"
    _check_company_auto = True

    occupancy_id = fields.Many2one(
        "property.occupancy",
        string="Dossier",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    estate_id = fields.Many2one(
        related="occupancy_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="occupancy_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    kind = fields.Selection(
        [("pdf", "One PDF"), ("zip", "Zip with Index")], required=True, readonly=True
    )
    purpose = fields.Char(required=True, readonly=True)
    document_count = fields.Integer(string="Papers", readonly=True, aggregator=None)
    pages = fields.Integer(readonly=True, aggregator=None)
    is_done = fields.Boolean(string="Made", readonly=True)

    def write(self, vals):
        """Refuse every change but what the making of the file notes."""
        if self and (not self.env.su or vals.keys() - {"pages", "is_done", "document_count"}):
            raise UserError(self.env._("The log of exports cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of exports cannot be deleted."))

    # --- asking --------------------------------------------------------------

    @api.model
    def _export(self, occupancy, kind, purpose):
        """Log the export and begin to make the file; returns what the client does next."""
        occupancy.ensure_one()
        occupancy.check_access("read")
        user = self.env.user
        if not any(map(user.has_group, EXPORTERS)):
            raise AccessError(
                self.env._(
                    "Your role does not take whole dossiers out. Ask the archivist for %s.",
                    occupancy.display_name,
                )
            )
        purpose = (purpose or "").strip()
        if not purpose:
            raise UserError(
                self.env._(
                    "Say what the dossier of %s is needed for; the purpose stays on record.",
                    occupancy.display_name,
                )
            )
        lead = occupancy.lead_id or occupancy
        papers = len(self._get_whole(lead))
        # nobody writes the log by hand: the system writes it, about the one who asks
        export = self.sudo().create(
            {
                "occupancy_id": lead.id,
                "user_id": user.id,
                "kind": kind,
                "purpose": purpose,
                "document_count": papers,
            }
        )
        work = self.env["property.work"]._start(
            export.sudo(False),
            "_make_part",
            [[export.id]],
            name=self.env._("Dossier of %s", lead.display_name),
            end="_make_end",
            inline=papers <= lead.company_id.pm_export_inline,
        )
        return work._get_action()

    def _get_documents(self, dossier):
        """The papers of the dossier that the user may read."""
        return self.env["property.document"].search(
            [
                ("dossier_id", "=", (dossier.lead_id or dossier).id),
                ("state", "in", ("filed", "replaced")),
            ]
        )

    # --- making ----------------------------------------------------------------

    def _make_part(self, items, part):
        """Put the file together; called with the rights of who asked for it."""
        for export in self:
            make = export._make_pdf if export.kind == "pdf" else export._make_zip
            part._keep_file(export._get_file_name(), make())

    def _make_end(self, work):
        self.ensure_one()
        # the files of the work belong to who started it, who is this user
        made = work.sudo().file_ids[-1:]
        work._set_result(
            file=(made.name, made._get_content()),
            message=self.env._("%s papers", self.document_count),
        )
        self.sudo().write({"is_done": True})

    def _get_file_name(self):
        self.ensure_one()
        name = safe_name(self.occupancy_id.display_name)
        return f"{name}.{self.kind}"

    def _get_entries(self):
        """What goes in: list of dicts with the document, its files, and what cannot be a page."""
        entries = self._get_whole(self.occupancy_id)
        self._print_entries(entries)
        return entries

    @api.model
    def _list_entries(self, documents):
        entries = []
        for document in documents:
            pages, others = [], []
            for file in document.attachment_ids:
                (pages if file.mimetype in MIMETYPES_AS_PAGES else others).append(file)
            entries.append(
                {
                    "document": document,
                    "category": document.category,
                    "date": document.date_received,
                    "number": document.number or "",
                    "name": " · ".join(filter(None, (document.type_id.name, document.name))),
                    "files": pages,
                    "others": others,
                }
            )
        return entries

    def _make_pdf(self):
        """Cover, contents, papers; every page has its number."""
        self.ensure_one()
        entries = self._get_entries()
        for entry in entries:
            entry["pages"] = (
                self._get_print_pages(entry)
                if entry.get("print")
                else [page for file in entry["files"] for page in self._read_pages(file, entry)]
            )
        # how many pages the contents take is known when they are printed: print them twice
        first = 2
        for __ in range(2):
            number = first
            for entry in entries:
                entry["page"] = number if entry["pages"] else 0
                number += len(entry["pages"])
            front = PdfReader(io.BytesIO(self._print_front(entries)), strict=False)
            first = len(front.pages) + 1
        writer = PdfWriter()
        for page in front.pages:
            writer.add_page(page)
        for entry in entries:
            for page in entry["pages"]:
                writer.add_page(page)
        total = len(writer.pages)
        for number, page in enumerate(writer.pages, 1):
            self._number_page(page, f"{number} / {total}")
        output = io.BytesIO()
        writer.write(output)
        self.sudo().write({"pages": total})
        return output.getvalue()

    @api.model
    def _number_page(self, page, text):
        box = page.mediabox
        sheet = number_sheet(
            float(box.width),
            float(box.height),
            int(page.get("/Rotate") or 0),
            text,
            float(box.left),
            float(box.bottom),
        )
        page.merge_page(PdfReader(io.BytesIO(sheet)).pages[0])

    def _read_pages(self, file, entry):
        """Pages of one file; what cannot be read is listed instead."""
        content = file.raw or b""
        try:
            if file.mimetype != "application/pdf":
                content = image_page(content)
            reader = PdfReader(io.BytesIO(content), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise PdfReadError("encrypted")
            return list(reader.pages)
        # whatever is wrong with somebody's scan must not keep the dossier from being made
        except (PdfReadError, OSError, ValueError, KeyError, TypeError, NotImplementedError):
            entry["others"].append(file)
            return []

    def _print_front(self, entries):
        """Cover and contents as PDF."""
        dossier = self.occupancy_id
        lang = self.env.lang
        content, __ = (
            self.env["ir.actions.report"]
            .with_context(lang=lang)
            ._render_qweb_pdf(
                "property_tenant.action_report_dossier",
                [dossier.id],
                data={"given_entries": entries, "export": self},
            )
        )
        return content

    def _make_zip(self):
        """The files, named by their papers, with an index sheet that spreadsheets open."""
        self.ensure_one()
        output = io.BytesIO()
        rows = []
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry in self._get_entries():
                document = entry.get("document")
                names = []
                if entry.get("print"):
                    name = safe_name(f"{entry['number']} {entry['name']}") + ".pdf"
                    archive.writestr(name, entry["content"])
                    rows.append(self._get_print_row(entry, name))
                    continue
                for number, file in enumerate(entry["files"] + entry["others"], 1):
                    suffix = f"-{number}" if number > 1 else ""
                    stem = f"{document.number}{suffix} {document.type_id.name}"
                    end = file.name.rpartition(".")[2] if "." in file.name else ""
                    name = safe_name(stem) + (f".{safe_name(end)}" if end else "")
                    archive.writestr(name, file.raw or b"")
                    names.append(name)
                rows.append(self._get_index_row(document, names))
            archive.writestr("index.xlsx", self._make_index(rows))
        return output.getvalue()

    def _get_index_row(self, document, names):
        forms = dict(document._fields["form"]._description_selection(self.env))
        states = dict(document._fields["state"]._description_selection(self.env))
        return [
            document.number,
            document.type_id.name,
            document.name or "",
            format_date(self.env, document.date_received),
            format_date(self.env, document.date_expiry) if document.date_expiry else "",
            forms[document.form],
            document.pages,
            document.shelf or "",
            states[document.state],
            ", ".join(names),
        ]

    def _get_print_row(self, entry, name):
        day = format_date(self.env, entry["date"])
        return [entry["number"], entry["name"], "", day, "", "", "", "", "", name]

    def _make_index(self, rows):
        book = Workbook()
        sheet = book.active
        sheet.title = self.env._("Contents")
        head = [
            self.env._("Number"),
            self.env._("Paper"),
            self.env._("Title"),
            self.env._("Received on"),
            self.env._("Valid until"),
            self.env._("Kept as"),
            self.env._("Pages"),
            self.env._("Shelf Place"),
            self.env._("State"),
            self.env._("Files"),
        ]
        for row in [head, *rows]:
            sheet.append([plain_cell(cell) for cell in row])
        for column, width in zip(
            "ABCDEFGHIJ", (18, 28, 24, 12, 12, 10, 8, 14, 10, 50), strict=True
        ):
            sheet.column_dimensions[column].width = width
        output = io.BytesIO()
        book.save(output)
        return output.getvalue()
