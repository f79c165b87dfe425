import re

from odoo import api, models
from odoo.tools import single_email_re

from ..calc.cells import fold
from ..calc.columns import Column

TEXTS = ("name", "phone", "email", "street", "street2", "city", "zip")

# people write 上海 and 广西, the list says 上海市 and 广西壮族自治区
PROVINCE_SUFFIX = re.compile("(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)$")


class PropertyImportKindParty(models.AbstractModel):
    """Persons and companies by their reference."""

    _name = "property.import.kind.party"
    _inherit = "property.import.kind"
    _description = "Import of Parties"

    _kind = "party"
    _kind_sequence = 20
    _kind_model = "res.partner"
    _kind_group = "property_tenant.group_officer"
    _kind_key = ("reference",)
    # references of partners are not unique in the database
    _kind_guard = True

    @api.model
    def _kind_label(self):
        return self.env._("Parties")

    @api.model
    def _columns(self):
        _ = self.env._
        return [
            Column(
                "reference",
                _("Party Reference"),
                required=True,
                max_length=64,
                aliases=("Reference", "Ref", "Party Code", "编号", "客户编号", "业户编号", "代码"),
                help=_("Number by which you know the party; occupancies refer to it."),
                sample="P-00017",
            ),
            Column(
                "name",
                _("Party Name"),
                max_length=200,
                aliases=("Name", "Party", "姓名", "名称", "业主", "租户", "客户名称", "业户名称"),
                help=_("Required for parties that do not exist yet."),
                sample="Zhang Wei",
            ),
            Column(
                "type",
                _("Person or Company"),
                "selection",
                aliases=("Type", "类型", "性质", "客户类型", "业户类型"),
                selection={
                    "person": (_("Person"), "Person", "Individual", "个人", "自然人"),
                    "company": (_("Company"), "Company", "公司", "企业", "单位", "法人"),
                },
            ),
            Column(
                "phone",
                _("Phone"),
                max_length=64,
                aliases=("Telephone", "Mobile", "电话", "联系电话", "手机", "手机号"),
                help=_("The number that all colleagues may see."),
                sample="+86 21 5555 0117",
            ),
            Column("email", _("Email"), max_length=200, aliases=("E-Mail", "邮箱", "电子邮箱")),
            Column(
                "language",
                _("Language"),
                aliases=("语言",),
                help=_("Language of letters and bills; empty: that of the customers."),
                sample="zh_CN",
            ),
            Column("street", _("Street"), max_length=200, aliases=("Address", "地址", "通讯地址")),
            Column("street2", _("Street 2"), max_length=200, aliases=("地址2",)),
            Column("city", _("City"), max_length=100, aliases=("城市", "市")),
            Column("state", _("Province"), max_length=100, aliases=("State", "省", "省份")),
            Column("zip", _("Postal Code"), max_length=24, aliases=("Zip", "邮编", "邮政编码")),
            Column("country", _("Country"), max_length=100, aliases=("国家",), sample="CN"),
        ]

    def _prepare(self, rows, options):
        partners = self._find_existing(rows)
        languages = self._languages(rows)
        countries = self._countries(rows)
        states = self._states(rows)
        for row in rows:
            reference = row.values["reference"]
            several = partners.get(reference, self.env["res.partner"])
            if len(several) > 1:
                row.fail(self._several_parties(reference, several))
                continue
            row.record = several or None
            if row.record and not row.record.active:
                row.fail(
                    self.env._(
                        "The party %(party)s is archived. Restore it first.",
                        party=row.record.display_name,
                    )
                )
            if not row.record and not row.values.get("name"):
                row.fail(
                    self.env._(
                        "The party %(reference)s does not exist yet and needs a name.",
                        reference=reference,
                    )
                )
            vals = self._values(row, languages)
            self._set_place(row, vals, countries, states)
            if row.record:
                row.vals = self._changes(row.record, vals)
            else:
                row.vals = {"ref": reference, "company_id": self.env.company.id, **vals}

    def _find_existing(self, rows):
        partners = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search(
                [
                    ("ref", "in", [row.values["reference"] for row in rows]),
                    ("company_id", "in", [False, self.env.company.id]),
                ]
            )
        )
        return partners.with_env(self.env).grouped("ref")

    def _values(self, row, languages):
        vals = {name: row.values[name] for name in TEXTS if row.values.get(name)}
        if row.values.get("type"):
            vals["is_company"] = row.values["type"] == "company"
        email = row.values.get("email")
        if email and not single_email_re.match(email):
            row.fail(
                self.env._("“%(email)s” is not an email address. Correct it.", email=email[:80])
            )
        language = row.values.get("language")
        if language:
            if fold(language) not in languages:
                row.fail(
                    self.env._(
                        "The language “%(language)s” is not in use here. Choose one of: %(codes)s.",
                        language=language[:80],
                        codes=", ".join(sorted(set(languages.values()))),
                    )
                )
            vals["lang"] = languages.get(fold(language))
        return vals

    def _languages(self, rows):
        """Codes of the installed languages by what people call them."""
        if not any(row.values.get("language") for row in rows):
            return {}
        usual = {
            "zh_CN": ("中文", "汉语", "简体中文", "Chinese", "zh", "Chinese (Simplified)"),
            "en_US": ("英文", "英语", "English", "en"),
        }
        found = {}
        for code, name in self.env["res.lang"].get_installed():
            for spelling in (code, name, name.partition(" / ")[2], *usual.get(code, ())):
                found.setdefault(fold(spelling), code)
        found.pop("", None)
        return found

    def _countries(self, rows):
        """Countries by code and by name in every installed language."""
        if not any(row.values.get("country") for row in rows):
            return {}
        return self._by_name("res.country", lambda country: country.id)

    def _states(self, rows):
        if not any(row.values.get("state") for row in rows):
            return {}
        return self._by_name(
            "res.country.state",
            lambda state: (state.country_id.id, state.id),
            lambda state: state.country_id.id,
        )

    def _by_name(self, model, value_of, scope_of=None):
        found = {}
        for code, _name in self.env["res.lang"].get_installed():
            for record in self.env[model].with_context(lang=code).search([]):
                short = PROVINCE_SUFFIX.sub("", record.name or "")
                for spelling in filter(None, (record.code, record.name, short)):
                    key = fold(spelling)
                    found.setdefault((scope_of(record), key) if scope_of else key, value_of(record))
        return found

    def _set_place(self, row, vals, countries, states):
        name = row.values.get("country")
        country = countries.get(fold(name)) if name else None
        if name and not country:
            row.fail(self.env._("There is no country “%(name)s”. Correct it.", name=name))
            return
        vals["country_id"] = country
        name = row.values.get("state")
        if not name:
            return
        country = country or (row.record and row.record.country_id.id)
        country = country or self.env.company.country_id.id
        found = states.get((country, fold(name)))
        if not found:
            row.fail(
                self.env._(
                    "There is no province “%(name)s” in the country of the party. Correct it, or"
                    " name the country.",
                    name=name,
                )
            )
            return
        vals["country_id"], vals["state_id"] = found
