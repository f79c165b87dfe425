import base64
import mimetypes

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..calc.archive import ArchiveError, is_archive_of_files, open_archive
from ..calc.cells import fold
from ..calc.columns import Column

#: a zip of papers hardly shrinks; one that grows tenfold is an attack
MOST_GROWTH = 10


class PropertyImportKindDocument(models.AbstractModel):
    """Papers into dossiers: a zip of files with an index sheet, or a sheet alone.

    The sheet says of each file whose paper it is; a row without a file is a
    paper original on the shelf.
    """

    _name = "property.import.kind.document"
    _inherit = "property.import.kind"
    _description = "Import of Papers"

    _kind = "document"
    _kind_sequence = 50
    _kind_model = "property.document"
    _kind_group = "property_tenant.group_archivist"
    # a dossier may have several papers of a type: title and files tell them apart, see below
    _kind_key = ()
    _kind_guard = True

    @api.model
    def _kind_label(self):
        return self.env._("Papers of Dossiers")

    @api.model
    def _columns(self):
        _ = self.env._
        return [
            Column(
                "estate",
                _("Estate Code"),
                required=True,
                max_length=64,
                aliases=("Estate", "项目", "项目编号", "项目代码", "小区", "小区编号"),
                sample="HP",
            ),
            Column(
                "unit",
                _("Unit Code"),
                required=True,
                max_length=64,
                aliases=("Unit", "Room", "单元", "单元编号", "房号", "房间号", "房屋编号"),
                sample="A-1203",
            ),
            Column(
                "party",
                _("Party Reference"),
                required=True,
                max_length=64,
                aliases=("Reference", "Ref", "编号", "客户编号", "业户编号"),
                sample="P-00017",
            ),
            Column(
                "type",
                _("Type of Paper"),
                required=True,
                max_length=200,
                aliases=("Type", "类型", "文件类型", "资料类型", "文件种类"),
                help=_("Code or name of the document type, in any language."),
            ),
            Column(
                "file",
                _("Files"),
                max_length=250,
                multiple=True,
                aliases=("File", "文件", "文件名", "附件"),
                help=_("Names of the files in the zip; empty: the paper is on the shelf."),
                sample="A-1203/licence.pdf",
            ),
        ] + self._paper_columns()

    def _paper_columns(self):
        _ = self.env._
        return [
            Column("title", _("Title"), max_length=200, aliases=("标题", "题名", "名称")),
            Column("dated", _("Dated"), "date", aliases=("Date", "日期", "签署日期", "文件日期")),
            Column(
                "expiry",
                _("Valid until"),
                "date",
                aliases=("Expiry", "有效期", "有效期至", "到期日期"),
            ),
            Column("pages", _("Pages"), "integer", aliases=("页数",), sample="2"),
            Column(
                "shelf",
                _("Shelf Place"),
                max_length=200,
                aliases=("Shelf", "存放位置", "柜号", "档案位置"),
            ),
        ]

    # --- the zip ----------------------------------------------------------------

    def _sheet_of(self, content, max_bytes):
        """The index sheet of a zip; a sheet as it is."""
        # what is too large is told so by who reads the sheet
        if len(content) > max_bytes or not is_archive_of_files(content):
            return content
        archive = self._open_archive(content, max_bytes)
        return archive.content(archive.index)

    def _open_archive(self, content, max_bytes):
        try:
            return open_archive(content, MOST_GROWTH * max_bytes)
        except ArchiveError as error:
            texts = {
                "damaged": self.env._("The zip is damaged and cannot be read. Make it again."),
                "locked": self.env._("The zip has a password. Make it again without one."),
                "too_large": self.env._(
                    "The zip has more than %(limit)s bytes inside. Split it into several."
                ),
                "too_many": self.env._(
                    "The zip has more than %(limit)s files. Split it into several."
                ),
                "no_index": self.env._(
                    "The zip has no index: put a sheet called index.xlsx or index.csv beside the"
                    " files."
                ),
                "several_indexes": self.env._(
                    "The zip has several sheets. Call the one that lists the files index.xlsx."
                ),
            }
            raise UserError(texts[error.code] % error.figures) from error

    def _get_archive(self):
        """The zip that is being imported, or None for a sheet alone."""
        record = self.env["property.import"].browse(self.env.context.get("property_import_id"))
        # whoever works on the import may read it; in the background as its user
        record.check_access("read")
        content = base64.b64decode(record.with_context(bin_size=False).file or b"")
        if not is_archive_of_files(content):
            return None
        return self._open_archive(content, record._limit("import_max_megabytes") * 1024 * 1024)

    # --- rows -------------------------------------------------------------------

    def _prepare(self, rows, options):
        archive = self._get_archive()
        estates = self._find_estates(rows)
        units = self._find_units(rows, estates)
        parties = self._find_parties(rows)
        kinds = self._find_types()
        holds = self._find_occupancies(units)
        # records, and then the numbers of the rows that file more
        filed = self._find_filed(holds)
        for row in rows:
            values = row.values
            kind = kinds.get(fold(values["type"]))
            if not kind:
                row.fail(
                    self.env._(
                        "There is no document type %(type)s. Correct it, or ask the archivist to"
                        " add the type.",
                        type=values["type"],
                    )
                )
            members = self._find_files(row, archive)
            unit = units.get((estates.get(values["estate"]), values["unit"]))
            party = parties.get(values["party"])
            if not (kind and unit and party) or row.reasons:
                continue
            occupancy = holds.get((unit, party))
            if not occupancy:
                row.fail(
                    self.env._(
                        "%(party)s does not hold unit %(unit)s. Correct the row, or import the"
                        " occupancy first.",
                        party=party.display_name,
                        unit=unit.display_name,
                    )
                )
                continue
            self._set_values(row, occupancy, kind, members, filed)

    def _find_types(self):
        """Document types by code and by name in every language: some dozens."""
        kinds = self.env["property.document.type"].search([])
        found = {fold(kind.code): kind for kind in kinds}
        for lang, _name in self.env["res.lang"].get_installed():
            for kind in kinds.with_context(lang=lang):
                found.setdefault(fold(kind.name), kind.with_env(self.env))
        return found

    def _find_occupancies(self, units):
        """The last hold of each party on each unit."""
        found = self.env["property.occupancy"].search(
            [
                ("unit_id", "in", [unit.id for unit in units.values()]),
                ("state", "!=", "cancelled"),
            ],
            order="date_start, id",
        )
        return {(occupancy.unit_id, occupancy.partner_id): occupancy for occupancy in found}

    def _find_filed(self, holds):
        """What is filed already, by dossier, type, title and names of the files."""
        documents = self.env["property.document"].search(
            [
                ("occupancy_id", "in", [occupancy.id for occupancy in holds.values()]),
                ("state", "=", "filed"),
            ]
        )
        return {
            (
                document.occupancy_id,
                document.type_id,
                document.name or "",
                tuple(sorted(document.attachment_ids.mapped("name"))),
            ): document
            for document in documents
        }

    def _find_files(self, row, archive):
        members = []
        for name in row.values.get("file") or []:
            member = archive.find(name) if archive else None
            if member is None:
                row.fail(
                    self.env._(
                        "The file %(file)s is not in the zip. Correct its name, or add it.",
                        file=name,
                    )
                )
            else:
                members.append((name.replace("\\", "/").rpartition("/")[2], member))
        row.extra["archive"] = archive
        return members

    def _set_values(self, row, occupancy, kind, members, filed):
        values = row.values
        if (values.get("pages") or 0) < 0:
            row.fail(
                self.env._(
                    "The number of pages %(count)s is negative. Correct it.", count=values["pages"]
                )
            )
        key = (
            occupancy,
            kind,
            values.get("title") or "",
            tuple(sorted(name for name, _member in members)),
        )
        row.record = filed.get(key)
        if isinstance(row.record, int):
            row.fail(
                self.env._(
                    "Row %(row)s already files the same paper. Keep one of the two, or give them"
                    " different titles.",
                    row=row.record,
                )
            )
            row.record = None
            return
        details = {
            "date_document": values.get("dated"),
            "date_expiry": values.get("expiry"),
            "pages": values.get("pages"),
            "shelf": values.get("shelf"),
        }
        if row.record:
            row.vals = self._changes(row.record, details)
            return
        filed[key] = row.number
        row.extra["files"] = members
        row.vals = {
            "occupancy_id": occupancy.id,
            "type_id": kind.id,
            "name": values.get("title"),
            **details,
        }

    def _write_rows(self, rows, options):
        made = []
        for row in rows:
            for name, member in row.extra.get("files", ()):
                made.append((row, name, row.extra["archive"].content(member)))
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
                }
                for _row, name, content in made
            ]
        )
        for row in rows:
            row.extra["made"] = {}
        for (row, _name, _content), file in zip(made, files, strict=True):
            row.extra["made"].setdefault("attachment_ids", []).append(file.id)
        return super()._write_rows(rows, options)

    def _final_values(self, row):
        return {**row.vals, **row.extra.get("made", {})}

    def _to_orm(self, model, vals):
        vals = dict(vals)
        files = vals.pop("attachment_ids", None)
        result = super()._to_orm(model, vals)
        if files:
            result["attachment_ids"] = [Command.link(file) for file in files]
        return result
