"""A year of billing runs, payments and arrears, by the same steps as people do them."""

from datetime import timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.property_tenant.demo.chatter import date_back, sign

from .fees import MONTHS_BILLED, DemoLoader
from .meters import READING_DAY

#: payers who owe since so many months, newest bills included
ARREARS = {
    "partner_swift": 5,
    "partner_noodle": 4,
    "partner_lotus": 3,
    "partner_owner_14": 9,
    "partner_owner_33": 8,
    "partner_owner_41": 5,
    "partner_shilei": 5,
}
#: of the newest bills of an estate, so many of ten are paid already
PAID_OF_TEN = 7
ANALYZED = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "property_charge",
    "property_charge_usage",
    "property_meter_reading",
)
QUIET = {"mail_notrack": True, "mail_activity_quick_update": True}


class HistoryLoader(DemoLoader):
    def __init__(self, env):
        super().__init__(env(context={**env.context, **QUIET}))
        self.random = Random("orient bills")
        self.debts = {
            self.tenant_ref(name): self.months_ago(months) for name, months in ARREARS.items()
        }

    def load(self):
        at_once = self.company.pm_inline_units
        # parts in the background would be done after the demo is loaded
        self.company.pm_inline_units = 10_000
        self.plan_queries()
        quarters = self.quarters()
        for number in range(MONTHS_BILLED + 1, 1, -1):
            start = self.months_ago(number)
            if number <= MONTHS_BILLED:
                self.bill(self.hq, start, 1, newest=number == 2)
                if number == 5:
                    self.correct_reading(start)
            quarter = start - relativedelta(months=2)
            if quarter in quarters:
                self.bill(self.rv, quarter, 3, newest=quarter == quarters[-1])
        if self.months_ago(3) in quarters:
            self.bill(self.rv, self.months_ago(3), 3, newest=True)
        self.ask_for_approval(self.compute(self.hq, self.months_ago(1), 1))
        self.company.pm_inline_units = at_once
        self.take_back_part()
        self.start_month()
        sign(self.env, ["account.move", "property.approval.rule"], self.user("accountant"))

    # --- runs ---------------------------------------------------------------

    def make_run(self, estate, start, months):
        [run] = self.make(
            "property.billing.run",
            [
                (
                    f"run_{estate.code.lower()}_{start:%Y_%m}",
                    {
                        "estate_ids": [Command.set(estate.ids)],
                        "company_id": self.company.id,
                        "period_start": start,
                        "period_end": start + relativedelta(months=months, days=-1),
                        "user_id": self.user("billing").id,
                    },
                )
            ],
        )
        return run.with_user(self.user("billing"))

    def compute(self, estate, start, months):
        run = self.make_run(estate, start, months)
        run.action_compute()
        return run

    def ask_for_approval(self, run):
        run.action_request_approval()

    def bill(self, estate, start, months, newest):
        run = self.compute(estate, start, months)
        self.ask_for_approval(run)
        for login in ("manager", "gm"):
            waiting = run.approval_ids.sudo().filtered(lambda row: row.verdict == "pending")
            mine = waiting.with_user(self.user(login)).filtered("waits_for_me")
            mine.action_approve("已与上期数据核对。Figures compared with the period before.")
        run.action_post()
        if newest:
            # payment notices without their PDFs: those are made when somebody prints them
            run._make_letters()
            self.deliver(run)
        run.sudo().state = "delivered"
        self.pay(run, newest)
        if not newest:
            run.action_close()
        # asked for when the meters had been read, on the last day of the period
        date_back(run.sudo(), run.period_end)
        self.plan_queries()

    def deliver(self, run):
        """The steward has been to every door of the garden; the tower's letters went out by
        mail as far as they are ready."""
        letters = run.letter_ids
        issued = run.date_invoice + timedelta(days=1)
        # Letters are dated the day they are made; only the demo's are of another day.
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE property_letter SET date_issued = %s WHERE id IN %s", issued, letters._ids)
        )
        letters.invalidate_recordset(["date_issued"])
        day = issued + timedelta(days=4)
        if run.estate_ids == self.rv:
            letters = letters.with_user(self.user("steward")).sudo()
            letters[:2]._record_delivery("not_met", day)
            letters[2:3]._record_delivery("refused", day, "不肯签收 Would not sign")
            letters[3:-6]._record_delivery("signed", day)
        else:
            letters.with_user(self.user("collector")).sudo()[:12]._record_delivery("mailed", day)

    def plan_queries(self):
        """Tell the database how large its tables have become: all is one transaction, so
        nothing else does, and it would go on as if they were empty."""
        self.env.flush_all()
        for table in ANALYZED:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    # --- money --------------------------------------------------------------

    def pay(self, run, newest):
        """Most pay: the bank collects, some come to the cash desk, some pay in part."""
        date = run.date_invoice + timedelta(days=11)
        bills = run.sudo().move_ids.filtered(lambda move: move.amount_residual > 0)
        paid = bills.filtered(self._pays)
        if newest:
            paid = paid.filtered(lambda _move: self.random.randrange(10) < PAID_OF_TEN)
        if date > self.today:
            return
        at_desk = paid[:6] if newest else paid.browse()
        self._collect(paid - at_desk, date)
        self._register(at_desk, "cash", date)
        part = bills.filtered(lambda move: move.partner_id == self.tenant_ref("partner_noodle"))
        if newest and part:
            self._register(part, "bank", date, amount=round(part[0].amount_total / 2, 2))

    def _pays(self, move):
        since = self.debts.get(move.partner_id)
        return not since or move.invoice_date < since

    def get_journal(self, kind):
        return self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", kind)], limit=1
        )

    def _collect(self, bills, date):
        """One entry for what the bank collected on a day, settled with the bills."""
        journal = self.get_journal("bank") or self.get_journal("general")
        account = journal.default_account_id or self.ref("account_fees")
        owed = bills.line_ids.filtered(lambda line: line.display_type == "payment_term")
        if not owed:
            return
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": date,
                "ref": f"{bills.pm_run_id.name} 银行代收 collected by the bank",
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "debit": sum(owed.mapped("balance"))}
                    ),
                    *(
                        Command.create(
                            {
                                "account_id": line.account_id.id,
                                "partner_id": line.partner_id.id,
                                "credit": line.balance,
                                "name": line.move_id.name,
                            }
                        )
                        for line in owed
                    ),
                ],
            }
        )
        entry.action_post()
        credits_ = entry.line_ids.filtered(lambda line: line.credit)
        self.env["account.move.line"]._reconcile_plan(
            [debit | credit for debit, credit in zip(owed, credits_, strict=True)]
        )

    def _register(self, moves, kind, date, **values):
        """Payments one by one, as at the cash desk."""
        journal = self.get_journal(kind)
        if not moves or not journal:
            return
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {"journal_id": journal.id, "payment_date": date, "group_payment": False, **values}
            )
        )
        wizard._create_payments()

    # --- what goes otherwise --------------------------------------------------

    def correct_reading(self, start):
        """A billed reading was wrong: the difference is on the next bill."""
        reading = self.env["property.meter.reading"].search(
            [
                ("meter_id", "=", self.ref("meter_e_0801").id),
                ("date", "=", start.replace(day=READING_DAY)),
            ]
        )
        reading.with_user(self.user("billing")).action_correct(
            reading.index_value - 120,
            "误抄了隔壁的表。The engineer had read the neighbour's meter.",
        )

    def take_back_part(self):
        """Water came in for two days: part of a fee is taken back by credit note."""
        run = self.ref(f"run_hq_{self.months_ago(3):%Y_%m}")
        bill = run.move_ids.filtered(
            lambda move: move.partner_id == self.tenant_ref("partner_jade")
        )
        [credit] = bill._reverse_moves(
            [
                {
                    "invoice_date": self.months_ago(2, 20),
                    "ref": "漏水停用两天 Water damage, two days without use",
                }
            ]
        )
        lines = credit.invoice_line_ids.filtered("pm_charge_id")
        fee = lines.filtered(lambda line: line.product_id == self.ref("fee_management"))[:1]
        credit.write(
            {
                "invoice_line_ids": [
                    *(Command.delete(line.id) for line in lines - fee),
                    Command.update(fee.id, {"price_unit": round(fee.price_unit * 2 / 30, 2)}),
                ]
            }
        )
        credit.action_post()

    def start_month(self):
        """The current month: the tower is read, and some of it is odd; the garden is still
        to be read."""
        self.make_run(self.hq, self.month, 1)
        rounds = self.make(
            "property.reading.round",
            [
                (
                    f"round_{name}",
                    {
                        "estate_id": estate.id,
                        "commodity": commodity,
                        "date": self.today,
                        "reader_id": self.user(reader).id,
                    },
                )
                for name, estate, commodity, reader in (
                    ("hq", self.hq, "electricity", "engineer"),
                    ("hq_water", self.hq, "water_cold", "engineer"),
                    ("rv", self.rv, "water_cold", "steward"),
                )
            ],
        )
        # one was read too low, one far too high, one room is empty but uses
        self.walk(rounds[0], {"E-0302": -350.0, "E-0404": 9500.0, "E-0902": 26.0})
        self.walk(rounds[1], {})

    def walk(self, walk, odd):
        """Read the meters of a round: as much a day as last time, ``odd`` ones otherwise."""
        reading = self.env["property.meter.reading"].with_user(walk.reader_id).sudo()
        meters = walk._get_meters()
        last = reading._get_last_rows(meters, self.today)
        rows = []
        for meter in meters:
            for row in last[meter.id]:
                days = max((self.today - row["date"]).days, 1)
                before = max((row["date"] - row["date_from"]).days + 1, 1)
                # main meters stay what they were, so that they fit those below them
                spread = 1.0 if meter.child_ids else 0.98 + self.random.random() / 25
                used = row["usage"] / before * days * spread / meter.multiplier
                used = odd.get(meter.name, used)
                rows.append(
                    {
                        "meter_id": meter.id,
                        "register": row["register"],
                        "date": self.today,
                        "index_value": round(max(row["index"] + used, 0.0), 1),
                        "reader_id": walk.reader_id.id,
                        "round_id": walk.id,
                    }
                )
        reading._create_rows(rows)
        walk.action_finish()
