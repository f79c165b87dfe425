"""Accounts, taxes, fee items, tariffs and fee rules of the demo."""

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

MODULE = "property_billing"
#: months with bills before the current one
MONTHS_BILLED = 11


class DemoLoader:
    """What the parts of the demo share: names, days and the people who act."""

    def __init__(self, env):
        self.env = env
        self.company = env.ref("base.main_company")
        self.hq = env.ref("property_tenant.demo_estate_hq")
        self.rv = env.ref("property_tenant.demo_estate_rv")
        self.today = self.hq._today()
        self.month = self.today.replace(day=1)
        self.chinese = "zh_CN" in dict(env["res.lang"].get_installed())

    def ref(self, name):
        return self.env.ref(f"{MODULE}.demo_{name}")

    def tenant_ref(self, name):
        return self.env.ref(f"property_tenant.demo_{name}")

    def user(self, login):
        return self.tenant_ref(f"user_{login}")

    def make(self, model, rows):
        """Create records with external ids ``demo_…``: rows are (name, values)."""
        return self.env[model]._load_records(
            [
                {"xml_id": f"{MODULE}.demo_{name}", "values": values, "noupdate": True}
                for name, values in rows
            ]
        )

    def months_ago(self, number, day=1):
        return self.month + relativedelta(months=-number, day=day)

    def quarters(self):
        """First days of the calendar quarters with readings that are over."""
        first = self.months_ago(MONTHS_BILLED + 1)
        days = [self.months_ago(number) for number in range(MONTHS_BILLED + 1, 2, -1)]
        return [day for day in days if day >= first and day.month % 3 == 1]

    def translate(self, names):
        if self.chinese:
            for name, chinese in names.items():
                self.ref(name).with_context(lang="zh_CN").name = chinese


#: name, English, Chinese, tax in percent (None: none), included, held for others
FEE_ITEMS = [
    ("management", "Management Fee", "物业管理费", 6, False, False),
    ("parking", "Parking Fee", "停车费", 9, True, False),
    ("water", "Water Fee", "水费", 3, True, False),
    ("electricity", "Electricity Fee", "电费", None, False, True),
    ("waste", "Waste Removal", "垃圾清运费", 6, False, False),
    ("replacement", "Replacement of Keys and Cards", "钥匙卡证赔偿费", 6, True, False),
]

#: name, English, Chinese, commodity, source, basis of tiers, tiers (register, from, price)
TARIFFS = [
    (
        "water_residential",
        "Residential Water",
        "居民用水",
        "water_cold",
        "北京市居民阶梯水价 Beijing, stepped prices for residents since May 2014",
        "calendar_year",
        [(False, 0, 5.0), (False, 180, 7.0), (False, 260, 9.0)],
    ),
    (
        "water_commercial",
        "Commercial Water",
        "非居民用水",
        "water_cold",
        "北京市非居民水价 Beijing, prices for other users",
        "period",
        [(False, 0, 9.5)],
    ),
    (
        "electricity_office",
        "Electricity of Offices",
        "办公用电",
        "electricity",
        "供电合同 Contract with the power company",
        "period",
        [(False, 0, 0.98), (False, 2000, 1.12)],
    ),
    (
        "electricity_shop",
        "Electricity by Time of Day",
        "峰谷电价",
        "electricity",
        "供电合同 Contract with the power company",
        "period",
        [("peak", 0, 1.42), ("shoulder", 0, 0.86), ("valley", 0, 0.37)],
    ),
]


class FeeLoader(DemoLoader):
    def load(self):
        self.load_accounts()
        self.load_bank()
        self.silence_digest()
        self.load_fee_items()
        self.load_tariffs()
        self.load_rules()
        self.load_approval()

    # --- accounts -----------------------------------------------------------

    def load_accounts(self):
        """China's chart where it can be had, else whatever the company has."""
        company = self.company
        charts = self.env["account.chart.template"]
        known = charts._get_chart_template_mapping()
        wanted = "cn" if known.get("cn", {}).get("installed") else "generic_coa"
        fresh = not company.root_id._existing_accounting()
        if not company.chart_template or (
            fresh and wanted == "cn" and company.chart_template != wanted
        ):
            charts._load(wanted, company, install_demo=False)
        if fresh:
            # any chart but China's would leave the company with another currency
            yuan = self.env.ref("base.CNY")
            yuan.active = True
            company.currency_id = yuan
        company.tax_calculation_rounding_method = "round_per_line"
        self.make(
            "account.account",
            [
                (
                    "account_held",
                    {
                        "name": "Collected for Others",
                        "code": "224191",
                        "account_type": "liability_current",
                        "company_ids": [Command.set(company.ids)],
                    },
                ),
                (
                    "account_fees",
                    {
                        "name": "Income from Property Services",
                        "code": "500191",
                        "account_type": "income",
                        "company_ids": [Command.set(company.ids)],
                    },
                ),
            ],
        )
        self.translate({"account_held": "代收代付款", "account_fees": "物业服务收入"})
        self.make(
            "account.journal",
            [
                (
                    f"journal_{key}",
                    {
                        "name": name,
                        "code": code,
                        "type": "sale",
                        "company_id": company.id,
                        "default_account_id": self.ref("account_fees").id,
                        "show_on_dashboard": True,
                    },
                )
                for key, name, code in (
                    ("hq", "Bills of Orient Tower", "HQ"),
                    ("rv", "Bills of Riverside Garden", "RV"),
                )
            ],
        )
        self.translate({"journal_hq": "东方大厦账单", "journal_rv": "河畔花园账单"})
        self.hq.write({"journal_id": self.ref("journal_hq").id, "days_to_pay": 15})
        self.rv.write({"journal_id": self.ref("journal_rv").id, "days_to_pay": 20})

    def get_tax(self, percent, included):
        """The company's tax of that rate, made where the chart has none."""
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", "=", percent),
            ]
        )
        tax = taxes.filtered(lambda tax: tax.price_include == included)[:1]
        if tax:
            return tax
        name = f"{percent}% included" if included else f"{percent}%"
        if percent == 3:
            name = "3% simplified, included"
        tax = self.make(
            "account.tax",
            [
                (
                    f"tax_{percent}_{'included' if included else 'excluded'}",
                    {
                        "name": name,
                        "amount": percent,
                        "amount_type": "percent",
                        "type_tax_use": "sale",
                        "invoice_label": f"{percent}%",
                        "price_include_override": "tax_included" if included else "tax_excluded",
                        "company_id": self.company.id,
                        "country_id": self.company.account_fiscal_country_id.id,
                        "tax_group_id": self._get_tax_group(percent, taxes).id,
                        **self._tax_accounts(taxes),
                    },
                )
            ],
        )
        if self.chinese:
            chinese = (
                "3% 简易计税，含税" if percent == 3 else f"{percent}%{' 含税' if included else ''}"
            )
            tax.with_context(lang="zh_CN").name = chinese
        return tax

    def _get_tax_group(self, percent, taxes):
        """What the totals of a bill say: one line for each rate."""
        if taxes:
            return taxes[0].tax_group_id
        group = self.env["account.tax.group"].create(
            {
                "name": f"VAT {percent}%",
                "company_id": self.company.id,
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )
        if self.chinese:
            group.with_context(lang="zh_CN").name = f"增值税{percent}%"
        return group

    def _tax_accounts(self, taxes):
        """Where the chart books its other taxes on sales."""
        like = taxes[:1] or self.env["account.tax"].search(
            [("company_id", "=", self.company.id), ("type_tax_use", "=", "sale")], limit=1
        )
        account = like.invoice_repartition_line_ids.account_id[:1]
        lines = [
            Command.clear(),
            Command.create({"repartition_type": "base", "factor_percent": 100}),
            Command.create(
                {"repartition_type": "tax", "factor_percent": 100, "account_id": account.id}
            ),
        ]
        return {"invoice_repartition_line_ids": lines, "refund_repartition_line_ids": lines}

    def silence_digest(self):
        """Nobody of the demo wants Odoo's own figures by mail."""
        digest = self.env.ref("digest.digest_digest_default", raise_if_not_found=False)
        if digest:
            digest.action_deactivate()

    def load_bank(self):
        """Where bills are paid to."""
        bank = self.env["res.bank"].create({"name": "城市商业银行北京分行 City Commercial Bank"})
        account = self.env["res.partner.bank"].create(
            {
                "acc_number": "6200 0588 0010 0888 016",
                "bank_id": bank.id,
                "partner_id": self.company.partner_id.id,
                "company_id": self.company.id,
            }
        )
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        journal.bank_account_id = account

    # --- fees ---------------------------------------------------------------

    def load_fee_items(self):
        rows = []
        for key, name, _chinese, percent, included, held in FEE_ITEMS:
            tax = self.get_tax(percent, included) if percent else self.env["account.tax"]
            account = self.ref("account_held" if held else "account_fees")
            rows.append(
                (
                    f"fee_{key}",
                    {
                        "name": name,
                        "type": "service",
                        "sale_ok": True,
                        "purchase_ok": False,
                        "list_price": 0.0,
                        "taxes_id": [Command.set(tax.ids)],
                        "supplier_taxes_id": [Command.clear()],
                        "property_account_income_id": account.id,
                    },
                )
            )
        self.make("product.product", rows)
        self.translate({f"fee_{item[0]}": item[2] for item in FEE_ITEMS})

    def load_tariffs(self):
        self.make(
            "property.tariff",
            [
                (
                    f"tariff_{key}",
                    {
                        "name": name,
                        "commodity": commodity,
                        "source": source,
                        "company_id": self.company.id,
                        "version_ids": [Command.create(self._version("2020-01-01", basis, tiers))],
                    },
                )
                for key, name, _chinese, commodity, source, basis, tiers in TARIFFS
            ],
        )
        self.translate({f"tariff_{tariff[0]}": tariff[2] for tariff in TARIFFS})
        # prices that change within a month are split by days
        self.ref("tariff_water_commercial").version_ids = [
            Command.create(self._version(self.months_ago(5, 16), "period", [(False, 0, 9.9)]))
        ]
        self.ref("tariff_electricity_shop").version_ids.standing = 25.0
        self.ref("tariff_water_commercial").version_ids.minimum = 38.0

    @staticmethod
    def _version(day, basis, tiers):
        return {
            "date_from": day,
            "tier_basis": basis,
            "tier_ids": [
                Command.create({"register": register, "quantity_from": start, "price": price})
                for register, start, price in tiers
            ],
        }

    def load_rules(self):
        # the tower is billed by the month, the garden by the quarter
        first = {self.hq: self.months_ago(MONTHS_BILLED), self.rv: self.quarters()[0]}
        hq, rv = self.hq, self.rv
        rules = [
            # name, English, Chinese, fee item, estate, values
            ("hq_office", "Management Fee of Offices", "写字楼物业管理费", "management", hq,
             {"method": "area", "rate": 28.0, "usage": "office", "timing": "advance"}),
            ("hq_shop", "Management Fee of Shops", "商铺物业管理费", "management", hq,
             {"method": "area", "rate": 32.0, "usage": "shop", "timing": "advance"}),
            ("hq_parking", "Parking in the Tower", "大厦车位费", "parking", hq,
             {"method": "fixed", "rate": 800.0, "usage": "parking", "payer": "tenant"}),
            ("hq_electricity", "Electricity of Offices", "写字楼电费", "electricity", hq,
             {"method": "metered", "usage": "office", "tariff": "electricity_office"}),
            ("hq_electricity_shop", "Electricity of Shops", "商铺电费", "electricity", hq,
             {"method": "metered", "usage": "shop", "tariff": "electricity_shop"}),
            ("hq_water", "Water of Shops", "商铺水费", "water", hq,
             {"method": "metered", "usage": "shop", "tariff": "water_commercial"}),
            ("rv_flat", "Management Fee of Flats", "住宅物业管理费", "management", rv,
             {"method": "area", "rate": 8.55, "usage": "residential"}),
            ("rv_water", "Water of Flats", "住宅水费", "water", rv,
             {"method": "metered", "usage": "residential", "tariff": "water_residential"}),
            ("rv_parking", "Parking in the Garden", "小区车位费", "parking", rv,
             {"method": "fixed", "rate": 450.0, "usage": "parking", "payer": "owner"}),
            ("rv_waste", "Waste Removal", "垃圾清运费", "waste", rv,
             {"method": "fixed", "rate": 30.0, "usage": "residential",
              "payer": "owner"}),
        ]  # fmt: skip
        rows = []
        for number, (key, name, _chinese, fee, estate, values) in enumerate(rules, 1):
            values = dict(values)
            tariff = values.pop("tariff", None)
            rows.append(
                (
                    f"rule_{key}",
                    {
                        "name": name,
                        "sequence": number,
                        "company_id": self.company.id,
                        "product_id": self.ref(f"fee_{fee}").id,
                        "estate_ids": [Command.set(estate.ids)],
                        "tariff_id": self.ref(f"tariff_{tariff}").id if tariff else False,
                        "date_from": first[estate],
                        "period": "month" if estate == hq else "quarter",
                        **values,
                    },
                )
            )
        self.make("property.fee.rule", rows)
        self.translate({f"rule_{rule[0]}": rule[2] for rule in rules})

    def load_approval(self):
        """Large runs need the general manager, too."""
        self.make(
            "property.approval.rule",
            [
                (
                    "approval_rule_post_large",
                    {
                        "name": "Posting of a large billing run",
                        "model_id": self.env["ir.model"]._get_id("property.billing.run"),
                        "gate": "post",
                        "step": 2,
                        "company_id": self.company.id,
                        "amount_from": 300000.0,
                        "group_id": self.env.ref("property_tenant.group_general_manager").id,
                    },
                )
            ],
        )
        self.translate({"approval_rule_post_large": "大额出账任务过账"})
