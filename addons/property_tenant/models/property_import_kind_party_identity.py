from odoo import api, models

from ..calc.columns import Column
from ..calc.identity import check, fingerprint
from ..calc.masking import is_masked

KIND, NUMBER, VALID = "identity_kind", "identity_number", "identity_valid_until"


class PropertyImportKindParty(models.AbstractModel):
    """Identity papers beside the parties, for those who may see private data."""

    _inherit = "property.import.kind.party"

    @api.model
    def _columns(self):
        columns = super()._columns()
        if not (self.env.su or self.env["res.partner.id_number"]._may_reveal("name")):
            return columns
        _ = self.env._
        return columns + [
            Column(
                KIND,
                _("Kind of Identity Paper"),
                "selection",
                aliases=("证件类型", "证件种类", "Identity Paper"),
                selection=self._identity_kinds(),
            ),
            Column(
                NUMBER,
                _("Identity Number"),
                max_length=64,
                aliases=("证件号码", "身份证号", "身份证号码", "统一社会信用代码", "ID Number"),
                help=_("The whole number, as text; it is shown masked afterwards."),
            ),
            Column(
                VALID,
                _("Identity Paper Valid Until"),
                "date",
                aliases=("证件有效期", "有效期至"),
            ),
        ]

    @api.model
    def _identity_kinds(self):
        """Kinds of papers with their names in every installed language: {id as text: names}."""
        names = {}
        for code, _name in self.env["res.lang"].get_installed():
            for category in self.env["res.partner.id_category"].with_context(lang=code).search([]):
                names.setdefault(str(category.id), []).append(category.name)
        for category in self.env["res.partner.id_category"].search([]):
            names[str(category.id)].append(category.code)
        return {key: list(dict.fromkeys(spellings)) for key, spellings in names.items()}

    def _prepare(self, rows, options):
        result = super()._prepare(rows, options)
        categories = {
            category.id: category for category in self.env["res.partner.id_category"].search([])
        }
        for row in rows:
            number, kind = row.values.get(NUMBER), row.values.get(KIND)
            if not number:
                continue
            if not kind:
                row.fail(
                    self.env._("The identity number needs the kind of its paper. Fill that in.")
                )
                continue
            category = categories[int(kind)]
            if is_masked(number) or (category.pm_check and check(category.pm_check, number)):
                row.fail(
                    self.env._(
                        "The identity number is not that of a %(kind)s. Compare it with the paper"
                        " and write it in full.",
                        kind=category.name,
                    )
                )
                continue
            row.extra["identity"] = {
                "category_id": category.id,
                "number": number,
                "valid_until": row.values.get(VALID),
            }
        return result

    def _after_write(self, rows, options):
        result = super()._after_write(rows, options)
        rows = [row for row in rows if row.extra.get("identity")]
        if rows:
            self._write_papers(rows)
        return result

    def _write_papers(self, rows):
        """Add the papers that the parties do not have yet; prolong those they have."""
        papers = self.env["res.partner.id_number"]
        known = {
            (paper.partner_id.id, paper.category_id.id, paper.sudo().number_hash): paper
            for paper in papers._find_same(
                [fingerprint(row.extra["identity"]["number"]) for row in rows]
            )
        }
        new = []
        for row in rows:
            identity = row.extra["identity"]
            key = (row.record.id, identity["category_id"], fingerprint(identity["number"]))
            paper = known.get(key)
            valid_until = identity["valid_until"]
            if not paper:
                new.append({"partner_id": row.record.id, **identity})
            elif valid_until and paper.valid_until != valid_until:
                paper.sudo(False).write({"valid_until": valid_until})
            else:
                continue
            if row.result == "unchanged":
                row.result = "updated"
        papers.with_context(tracking_disable=True, mail_create_nosubscribe=True).create(new)
