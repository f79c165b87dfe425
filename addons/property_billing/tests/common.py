from datetime import date

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.property_tenant.tests.common import PropertyBuilders

from ..calc.periods import month_period


class BillingBuilders(PropertyBuilders):
    """What billing tests are built with; needs accounts in the environment."""

    @classmethod
    def make_fee_item(cls, name, taxes=None, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 0.0,
                "taxes_id": [Command.set(taxes.ids if taxes else [])],
                "property_account_income_id": cls.income_account.id,
                **values,
            }
        )

    @classmethod
    def make_tariff(cls, name, commodity, tiers, date_from="2020-01-01", **values):
        """``tiers`` are (quantity from, price)."""
        return cls.env["property.tariff"].create(
            {
                "name": name,
                "commodity": commodity,
                "version_ids": [
                    Command.create(
                        {
                            "date_from": date_from,
                            "tier_ids": [
                                Command.create({"quantity_from": start, "price": price})
                                for start, price in tiers
                            ],
                            **values,
                        }
                    )
                ],
            }
        )

    @classmethod
    def make_fee_rule(cls, product, method="area", **values):
        return cls.env["property.fee.rule"].create(
            {
                "name": product.name,
                "product_id": product.id,
                "method": method,
                "date_from": "2024-01-01",
                **values,
            }
        )

    @classmethod
    def make_meter(cls, name, unit=None, commodity="water_cold", **values):
        return cls.env["property.meter"].create(
            {
                "name": name,
                "commodity": commodity,
                "unit_id": unit.id if unit else False,
                "estate_id": (unit.estate_id if unit else cls.estate).id,
                "digits": 6,
                "date_installed": "2023-01-01",
                **values,
            }
        )

    @classmethod
    def make_reading(cls, meter, day, index, accept=True, **values):
        reading = cls.env["property.meter.reading"].create(
            {"meter_id": meter.id, "date": day, "index_value": index, **values}
        )
        reading._validate()
        if accept and reading.state in ("draft", "flagged"):
            reading.action_accept("Seen on the spot.")
        return reading

    @classmethod
    def make_run(cls, year, month, estates=None, **values):
        period = month_period(year, month)
        return cls.env["property.billing.run"].create(
            {
                "estate_ids": [Command.set((estates or cls.estate).ids)],
                "period_start": period.start,
                "period_end": period.end,
                **values,
            }
        )

    @classmethod
    def post_run(cls, run):
        """Compute, approve by somebody else, post."""
        run.action_compute()
        run.action_request_approval()
        cls.approve(run)
        run.action_post()
        return run

    @classmethod
    def approve(cls, record):
        if record.state == "to_approve":
            record.approval_ids.filtered(lambda approval: approval.verdict == "pending").with_user(
                cls.approver
            ).action_approve("Looks right.")


@tagged("post_install", "-at_install")
class BillingCase(BillingBuilders, AccountTestInvoicingCommon):
    """A company with accounts, an estate, three units, an owner and a tenant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref(
            "property_tenant.group_billing_supervisor"
        ) + cls.env.ref("property_tenant.group_manager")
        # tests that are not about unread meters need not read them all
        cls.env.ref("property_billing.reading_rule_missing").severity = "note"
        cls.env.user.estate_all = True
        cls.company = cls.env.company
        cls.company.sudo().tax_calculation_rounding_method = "round_per_line"
        cls.income_account = cls.company_data["default_account_revenue"]
        cls.journal = cls.company_data["default_journal_sale"]
        cls.estate = cls.make_estate(journal_id=cls.journal.id)
        cls.building = cls.make_building(cls.estate)
        cls.unit = cls.make_unit(cls.building, "A-101", floor=1)
        cls.unit_2 = cls.make_unit(cls.building, "A-102", floor=1, area_gross=55.5)
        cls.unit_3 = cls.make_unit(cls.building, "A-201", floor=2, area_gross=80.0)
        cls.owner = cls.make_partner("Olivia Owner")
        cls.tenant = cls.make_partner("Tenant Trading Ltd", is_company=True)
        cls.approver = cls.make_user("manager", estate_all=True, login="billing_approver")
        for unit in (cls.unit, cls.unit_2, cls.unit_3):
            cls.make_occupancy(unit, cls.owner, "owner", "2020-01-01", state="active")
        cls.make_occupancy(cls.unit, cls.tenant, "tenant", "2023-06-01", state="active")
        cls.fee = cls.make_fee_item("Management Fee")

    def amounts(self, records):
        """Amount by unit code, for reading at a glance."""
        return {record.unit_id.code: record.amount for record in records}

    @staticmethod
    def day(text):
        return fields.Date.to_date(text) if isinstance(text, str) else date(*text)
