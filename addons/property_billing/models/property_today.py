from odoo import api, models
from odoo.fields import Domain
from odoo.tools import formatLang

from odoo.addons.property_tenant.calc.today import Figure, Graph, Line

SUPERVISOR = "property_tenant.group_billing_supervisor"
COLLECTOR = "property_tenant.group_collector"
STEWARD = "property_tenant.group_steward"
ENGINEER = "property_tenant.group_engineer"
CASHIER = "property_tenant.group_cashier"
ACCOUNTANT = "property_tenant.group_accountant"
LEGAL = "property_tenant.group_legal"
MANAGERS = (
    "property_tenant.group_manager,property_tenant.group_general_manager,"
    "property_tenant.group_controller"
)

#: days after which an open bill is the lawyer's business
LEGAL_DAYS = 90


class PropertyToday(models.AbstractModel):
    """What billing asks for: rounds, readings, runs, notices, open bills."""

    _inherit = "property.today"

    @api.model
    def _get_lines(self):
        return super()._get_lines() + [
            *self._get_reading_lines(),
            *self._get_run_lines(),
            *self._get_money_lines(),
        ]

    @api.model
    def _get_reading_lines(self):
        today = self._today()
        return [
            Line(
                "reading_round",
                self.env._("Meter rounds to read"),
                "property.reading.round",
                [("state", "in", ("draft", "reading")), ("date", "<=", self._in_days(7))],
                "property_billing.property_reading_round_action",
                ",".join((COLLECTOR, STEWARD, ENGINEER)),
                late=[("date", "<", today)],
                sequence=20,
                icon="tachometer",
            ),
            Line(
                "round_check",
                self.env._("Meter rounds to check"),
                "property.reading.round",
                [("state", "=", "checking")],
                "property_billing.property_reading_round_action",
                SUPERVISOR,
                sequence=22,
                icon="tachometer",
            ),
            Line(
                "reading_flagged",
                self.env._("Readings to check"),
                "property.meter.reading",
                [("state", "=", "flagged")],
                "property_billing.property_meter_reading_open_action",
                ",".join((COLLECTOR, STEWARD, ENGINEER)),
                sequence=24,
                icon="search",
                building="building_id",
            ),
        ]

    @api.model
    def _get_run_lines(self):
        runs = "property_billing.property_billing_run_action"
        return [
            Line(
                "run_open",
                self.env._("Billing runs to go on with"),
                "property.billing.run",
                [("state", "in", ("collect", "computed", "approved", "posting"))],
                runs,
                SUPERVISOR,
                late=[("period_end", "<", self._in_days(-30))],
                sequence=30,
                icon="file-text-o",
            ),
            Line(
                "run_deliver",
                self.env._("Posted billing runs to deliver"),
                "property.billing.run",
                [("state", "=", "posted")],
                runs,
                SUPERVISOR,
                sequence=32,
                icon="envelope-o",
            ),
            Line(
                "run_approval",
                self.env._("Billing runs that wait for approval"),
                "property.billing.run",
                [("state", "=", "to_approve")],
                runs,
                SUPERVISOR,
                section="watch",
                icon="hourglass-half",
            ),
            Line(
                "letter_deliver",
                self.env._("Letters to hand out"),
                "property.letter",
                [("state", "=", "issued")],
                "property_billing.property_letter_action",
                ",".join((COLLECTOR, STEWARD)),
                late=[("date_issued", "<", self._in_days(-7))],
                sequence=34,
                icon="envelope-o",
                building="building_id",
            ),
        ]

    @api.model
    def _get_open_bills(self):
        return Domain(
            [
                ("estate_id", "!=", False),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )

    @api.model
    def _get_money_lines(self):
        today = self._today()
        bills = "property_billing.account_move_bill_action"
        overdue = self._get_open_bills() & Domain("invoice_date_due", "<", today)
        return [
            Line(
                "bill_overdue",
                self.env._("Overdue bills"),
                "account.move",
                list(overdue),
                bills,
                ",".join((COLLECTOR, CASHIER, ACCOUNTANT)),
                late=[("invoice_date_due", "<", self._in_days(-30))],
                sequence=40,
                icon="money",
            ),
            Line(
                "bill_due",
                self.env._("Bills that fall due within a week"),
                "account.move",
                list(
                    self._get_open_bills()
                    & Domain("invoice_date_due", ">=", today)
                    & Domain("invoice_date_due", "<=", self._in_days(7))
                ),
                bills,
                ",".join((COLLECTOR, CASHIER)),
                section="soon",
                icon="money",
            ),
            Line(
                "bill_legal",
                self.env._("Bills open for more than %s days", LEGAL_DAYS),
                "account.move",
                list(
                    self._get_open_bills()
                    & Domain("invoice_date_due", "<", self._in_days(-LEGAL_DAYS))
                ),
                bills,
                LEGAL,
                sequence=40,
                icon="balance-scale",
            ),
        ]

    # --- dashboard ------------------------------------------------------------

    @api.model
    def _get_figures(self):
        figures = super()._get_figures()
        report = self.env["property.collection.report"]
        if not report.has_access("read"):
            return figures
        action = "property_billing.property_collection_report_action"
        since = Domain("invoice_date", ">=", self._in_days(-365))
        overdue = Domain("amount_open", ">", 0) & Domain("date_due", "<", self._today())
        [(billed, settled)] = report._read_group(since, [], ["billed:sum", "settled:sum"])
        [(arrears, payers)] = report._read_group(
            overdue, [], ["amount_open:sum", "partner_id:count_distinct"]
        )
        currency = self.env.company.currency_id
        return figures + [
            Figure(
                "collected",
                self.env._("Collected in 12 Months"),
                f"{100.0 * settled / billed:.1f} %" if billed else "–",
                self.env._(
                    "of %s billed", formatLang(self.env, billed or 0.0, currency_obj=currency)
                ),
                action,
                list(since),
            ),
            Figure(
                "arrears",
                self.env._("Overdue"),
                formatLang(self.env, arrears or 0.0, currency_obj=currency),
                self.env._("%s payers", payers),
                action,
                list(overdue),
                alarming=bool(arrears),
            ),
        ]

    @api.model
    def _get_graphs(self):
        action = "property_billing.property_collection_report_action"
        report = "property.collection.report"
        return super()._get_graphs() + [
            Graph(
                "billed_open",
                self.env._("Still to pay, by month billed"),
                report,
                [("invoice_date", ">=", self._in_days(-365)), ("amount_open", "!=", 0)],
                ("period_month:month", "estate_id"),
                action,
                "amount_open:sum",
                groups=MANAGERS,
            ),
            Graph(
                "overdue_building",
                self.env._("Overdue by building"),
                report,
                [("amount_open", "!=", 0), ("date_due", "<", self._today())],
                ("building_id",),
                action,
                "amount_open:sum",
                groups=MANAGERS,
            ),
        ]
