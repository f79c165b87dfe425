"""A small estate and the people who work in its billing office, acting by chance."""

import random
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .auditor import Auditor
from .office_changes import OfficeChanges

REFUSALS = (UserError, ValidationError)


def month_end(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


class Office(OfficeChanges):
    """Does one chosen thing at a time; remembers what, so that a failure can be repeated.

    What a step chooses depends on the seed and on its number only: steps can be left out
    and the others do what they did, as far as there is still something to do it with.

    :param case: a test case with the builders of property_billing
    :param seed: what decides all choices
    """

    #: what leads the month on, by the state of its run
    leading = {
        False: {"read_meters": 6, "compute": 3},
        "collect": {"compute": 4},
        "computed": {"read_meters": 1, "compute": 1, "approve": 4, "reject": 1, "give_up": 0.3},
        "to_approve": {"back": 1},
        "approved": {"post": 4, "post_part": 1.5, "back": 1, "give_up": 0.3},
        "posting": {"post": 1},
        "posted": {"next_month": 4, "post_rest": 1, "deliver": 1},
        "delivered": {"next_month": 4, "post_rest": 1, "deliver": 0.5},
    }
    #: what is done when posting was refused because figures have changed
    mending = {
        "computed": {"compute": 6, "read_meters": 2},
        "approved": {"back": 8, "give_up": 0.3},
        "posted": {"back": 8},
        "delivered": {"back": 8},
    }
    #: what can happen any time, and what only when there are bills
    always = {
        "reopen": 1,
        "exchange": 0.5,
        "move": 0.5,
        "sell": 0.3,
        "charge_event": 1,
        "drop_event": 0.5,
        "new_version": 0.3,
        "new_rate": 0.3,
        "prefer": 0.5,
        "read_late": 0.7,
        "rival": 0.5,
    }
    with_bills = {
        "credit_all": 1,
        "credit_part": 1,
        "credit_line": 1,
        "correct": 2.5,
        "pay": 1.5,
        "pay_too_much": 0.3,
    }

    def __init__(self, case, seed):
        self.case, self.env, self.seed = case, case.env, seed
        self.random = random.Random(seed)
        self.number = 0
        #: (number, name) of the steps that were done
        self.steps = []
        #: the figures of the run have changed since it was computed
        self.stale = False
        self.month = date(2024, 1, 1)
        self.run = self.env["property.billing.run"]
        self.log = []
        self.counter = 0
        #: months whose run was cancelled: they are to be computed again
        self.given_up = set()

    # --- the estate -------------------------------------------------------

    def build(self):
        """Seven units, most with tenants, one without owner; water by yearly tiers, two with
        electricity by registers."""
        case = self.case
        taxes = self.env["account.tax"].create(
            [
                {"name": "6 %", "amount": 6.0, "type_tax_use": "sale"},
                {
                    "name": "3 % in the price",
                    "amount": 3.0,
                    "type_tax_use": "sale",
                    "price_include_override": "tax_included",
                },
            ]
        )
        water = case.make_tariff(
            "Water",
            "water_cold",
            [(0, 2.37), (40, 3.55), (90, 7.1)],
            tier_basis="calendar_year",
            standing=1.5,
        )
        power = case.make_tariff("Power", "electricity", [(0, 0.5), (60, 0.8)], minimum=5.0)
        self.tariffs = water | power
        self.care = case.make_fee_rule(case.make_fee_item("Care", taxes[0]), "area", rate=2.35)
        case.make_fee_rule(case.make_fee_item("Water", taxes[1]), "metered", tariff_id=water.id)
        case.make_fee_rule(case.make_fee_item("Power", taxes[0]), "metered", tariff_id=power.id)
        building = case.make_building(case.estate, "R")
        self.units = self.env["property.unit"].union(
            *(
                case.make_unit(building, f"R-{number}", area_gross=40 + 7.5 * number)
                for number in range(7)
            )
        )
        for number, unit in enumerate(self.units):
            # the last two have one owner, but for the time being nobody owns the last
            if number < 5:
                owner = case.make_partner(f"Owner {number}", pm_bill_per_unit=bool(number % 2))
            if number < 6:
                case.make_occupancy(unit, owner, "owner", "2020-01-01", state="active")
            if number:
                self.let(unit, "2023-01-01")
            meter = case.make_meter(f"W{number}", unit, digits=3, decimals=2)
            self.first_reading(meter, 10.0 * number + (960 if number == 3 else 0))
            if number in (1, 2):
                meter = case.make_meter(
                    f"E{number}",
                    unit,
                    "electricity",
                    registers="peak_shoulder_valley" if number == 2 else "single",
                )
                self.first_reading(meter, 100.0)
        self.event_item = case.make_fee_item("Card", taxes[0])

    def let(self, unit, day, **values):
        self.counter += 1
        partner = self.case.make_partner(f"Tenant {self.counter}")
        return self.case.make_occupancy(unit, partner, "tenant", day, state="active", **values)

    def first_reading(self, meter, index):
        for register in meter._register_keys():
            self.case.make_reading(
                meter, "2023-12-31", index, kind="installation", register=register or False
            )

    def meters(self):
        return self.env["property.meter"].search(
            [("unit_id", "in", self.units.ids), ("state", "=", "installed")]
        )

    # --- acting -----------------------------------------------------------

    def step(self, name=None):
        """Do something; what the software refuses counts, too, and must change nothing."""
        self.number += 1
        self.random = random.Random(f"{self.seed}/{self.number}")
        if not name:
            leading = self.mending if self.stale else self.leading
            weights = leading.get(self.run.state, {}) | self.always
            if self.bills():
                weights |= self.with_bills
            # a source of its own: a step that is repeated by name does what it did
            what = random.Random(f"{self.seed}/{self.number}/what")
            name = what.choices(list(weights), list(weights.values()))[0]
        try:
            with self.env.cr.savepoint():
                done = getattr(self, name)()
        except REFUSALS as error:
            self.env.invalidate_all()
            self.run = self.run.exists()
            done = f"refused: {str(error).splitlines()[0][:90]}"
            self.stale = self.stale or "compute again" in str(error)
        self.steps.append((self.number, name))
        self.log.append(f"{self.number}. {name}: {done}")

    def repeat(self, steps):
        """Do the chosen ``(number, name)`` again, or some of them."""
        for number, name in steps:
            self.number = number - 1
            self.step(name)
            yield

    def audit(self, settled=False):
        self.env.flush_all()
        return Auditor(self.env.cr, settled).findings()

    def pick(self, records):
        """One of records, or of a set in its order; what is empty stays so."""
        if isinstance(records, set):
            records = sorted(records)
        return self.random.choice(records) if records else records

    # --- operations -------------------------------------------------------

    def read_meters(self):
        """Read what was not read this month; decide about what is odd."""
        end = month_end(self.month)
        missing = self.env["property.meter"]._get_missing_readings(
            self.case.estate, self.month, end
        )
        wanted = [
            (meter, register)
            for meter, registers in missing.items()
            for register in registers
            if meter in self.meters()
        ]
        readings = self.env["property.meter.reading"]
        for meter, register in wanted:
            if self.random.random() < 0.1:
                continue
            last = self.last_reading(meter, register)
            used = self.random.choice([0, 3.5, 8, 12.25, 20, 20, 75])
            readings |= self.env["property.meter.reading"].create(
                {
                    "meter_id": meter.id,
                    "register": register or False,
                    "date": end - timedelta(days=self.random.choice([0, 0, 0, 2])),
                    "index_value": (last.index_value + used) % 10**meter.digits,
                }
            )
        readings._validate()
        for reading in self.env["property.meter.reading"].search(
            [("unit_id", "in", self.units.ids), ("state", "in", ("draft", "flagged"))],
            order="date, id",
        ):
            self.decide(reading)
        return f"{len(readings)} readings"

    def last_reading(self, meter, register):
        return self.env["property.meter.reading"].search(
            [
                ("meter_id", "=", meter.id),
                ("register", "=", register or False),
                ("corrected_by_id", "=", False),
            ],
            order="date desc, read_at desc, id desc",
            limit=1,
        )

    def decide(self, reading):
        choice = self.random.random()
        if choice < 0.15 and reading.previous_id.previous_id:
            reading.action_estimate("Nobody was there.")
        else:
            reading.action_accept("Seen on the spot.")

    def compute(self):
        if not self.run:
            month = self.pick(self.given_up | set(self.credited_months())) or self.month
            self.given_up.discard(month)
            self.run = self.case.make_run(month.year, month.month, unread_reason="Nobody opened.")
        self.run.action_compute()
        self.stale = False
        count = len(self.run.charge_ids)
        if not count and self.run.period_start != self.month:
            self.run.action_cancel()
            self.run = self.run.browse()
        return f"{count} charges"

    def credited_months(self):
        """First days of months with fees that were taken back and are to be billed again."""
        void = self.env["property.charge"].search(
            [
                ("unit_id", "in", self.units.ids),
                ("kind", "=", "regular"),
                ("state", "=", "void"),
            ]
        )
        charged = self.env["property.charge"].search(
            [("unit_id", "in", self.units.ids), ("kind", "=", "regular"), ("state", "!=", "void")]
        )
        days = {(row.unit_id, row.fee_rule_id, row.period_start) for row in charged}
        return sorted(
            {
                row.period_start.replace(day=1)
                for row in void
                if (row.unit_id, row.fee_rule_id, row.period_start) not in days
            }
        )

    def approve(self):
        self.run.action_request_approval()
        self.case.approve(self.run)
        return self.run.state

    def reject(self):
        self.run.action_request_approval()
        waiting = self.run.approval_ids.filtered(lambda row: row.verdict == "pending")
        waiting.with_user(self.case.approver).action_reject("Look at it again.")
        return self.run.state

    def back(self):
        self.run.action_back_to_review()
        return self.run.state

    def post(self):
        self.run.action_post()
        return f"{len(self.run.move_ids)} bills"

    def next_month(self):
        if self.run.state not in ("posted", "delivered"):
            return "not posted"
        if self.run._get_open_charges():
            self.run.action_post()
        self.stale = False
        if self.random.random() < 0.5:
            self.run.action_close()
        if self.run.period_start == self.month:
            self.month = month_end(self.month) + timedelta(days=1)
        self.run = self.run.browse()
        return str(self.month)

    def bills(self):
        return self.env["account.move"].search(
            [
                ("pm_run_id", "!=", False),
                ("move_type", "=", "out_invoice"),
                ("partner_id", "in", self.payers().ids),
            ]
        )

    def last_day(self):
        return month_end(self.month)

    def payers(self):
        return self.env["property.occupancy"].search([("unit_id", "in", self.units.ids)]).partner_id

    def reverse(self, factor):
        bill = self.pick(self.bills())
        if not bill:
            return "no bill"
        credit = bill._reverse_moves([{"invoice_date": month_end(self.month)}])
        if factor != 1:
            credit.write(
                {
                    "invoice_line_ids": [
                        Command.update(line.id, {"price_unit": round(line.price_unit * factor, 2)})
                        for line in credit.invoice_line_ids
                    ]
                }
            )
        credit.action_post()
        return f"{credit.name} of {bill.name} over {credit.amount_total}"

    def credit_all(self):
        return self.reverse(1)

    def credit_part(self):
        return self.reverse(self.random.choice([0.1, 0.35, 0.5]))

    def correct(self):
        """A billed index turns out to be wrong by a little."""
        billed = self.env["property.meter.reading"].search(
            [
                ("unit_id", "in", self.units.ids),
                ("state", "=", "billed"),
                ("corrected_by_id", "=", False),
            ]
        )
        reading = self.pick(billed)
        if not reading:
            return "nothing billed"
        index = max(0, reading.index_value + self.random.choice([-5, -2, 1.5, 4]))
        correction = reading.action_correct(index, "Misread.")
        return f"{reading.display_name} {reading.index_value} to {correction.index_value}"

    def reopen(self):
        reading = self.pick(
            self.env["property.meter.reading"].search(
                [
                    ("unit_id", "in", self.units.ids),
                    ("state", "=", "accepted"),
                    ("previous_id", "!=", False),
                    ("correction_of_id", "=", False),
                ]
            )
        )
        if not reading:
            return "nothing accepted"
        reading.action_reopen("Read it again.")
        reading.action_reread(reading.index_value + 1, "Read again.")
        if reading.state != "accepted":
            reading.action_accept("Seen on the spot.")
        return reading.display_name

    def exchange(self):
        meter = self.pick(self.meters().filtered(lambda row: row.registers == "single"))
        last = self.last_reading(meter, "")
        day = max(last.date, self.month) + timedelta(days=self.random.randint(1, 9))
        self.counter += 1
        exchange = self.env["property.meter.exchange"].create(
            {
                "meter_id": meter.id,
                "date": day,
                "old_index": (last.index_value + 2.5) % 10**meter.digits,
                "new_name": f"{meter.name}.{self.counter}",
                "new_index": self.random.choice([0, 7.5]),
                "reason": "The dial was worn.",
            }
        )
        exchange.action_exchange()
        return f"{meter.name} on {day}"

    def move(self):
        """A tenant leaves within the month, another comes the day after."""
        tenant = self.pick(
            self.env["property.occupancy"].search(
                [
                    ("unit_id", "in", self.units.ids),
                    ("kind", "=", "tenant"),
                    ("date_end", "=", False),
                    ("date_start", "<", self.month),
                ]
            )
        )
        if not tenant:
            return "nobody to move"
        last = self.month + timedelta(days=self.random.randint(0, 26))
        tenant.write(
            {"date_end": last, "state": "notice", "notice_date": last, "notice_way": "letter"}
        )
        if self.random.random() < 0.6:
            self.let(tenant.unit_id, last + timedelta(days=1))
        return f"{tenant.display_name} until {last}"

    def pay(self):
        bill = self.pick(self.bills().filtered(lambda row: row.amount_residual > 0))
        if not bill:
            return "nothing open"
        amount = bill.amount_residual
        if self.random.random() < 0.4:
            amount = round(amount * 0.6, 2)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"amount": amount, "payment_date": month_end(self.month)})._create_payments()
        return f"{amount} for {bill.name}"

    def charge_event(self):
        unit = self.pick(self.units)
        holder = unit.occupancy_ids[:1]
        self.counter += 1
        # other addons make charges in the name of the software
        charge = (
            self.env["property.charge"]
            .sudo()
            .create(
                {
                    "kind": "event",
                    "state": "ready",
                    "product_id": self.event_item.id,
                    "unit_id": unit.id,
                    "partner_id": holder.partner_id.id,
                    "amount": 12.34,
                    "description": "Lost card",
                    "source_model": "test",
                    "source_id": self.counter,
                    "source_key": str(self.counter),
                    "period_start": fields.Date.to_string(self.month),
                    "period_end": fields.Date.to_string(self.month),
                }
            )
        )
        return charge.display_name

    def drop_event(self):
        charge = self.pick(
            self.env["property.charge"].search(
                [("kind", "=", "event"), ("state", "in", ("draft", "ready"))]
            )
        )
        if not charge:
            return "no event"
        charge.sudo()._void("Found again.")
        return charge.display_name

    # --- the end ----------------------------------------------------------

    def finish(self):
        """Go on in an orderly way until nothing waits: what was taken back is billed again,
        and two more months bring the last corrections."""
        if self.run and self.run.state not in ("posted", "delivered"):
            if self.run.state in ("to_approve", "approved"):
                self.step("back")
            self.orderly_month()
        elif self.run:
            self.step("next_month")
            if self.run:
                # what is left of it is not right any more
                self.step("back")
                self.orderly_month()
        for _number in range(len(self.given_up | set(self.credited_months()))):
            self.orderly_month()
        for _number in range(2):
            self.orderly_month()

    def orderly_month(self):
        for name in ("read_meters", "compute", "approve", "post", "post_rest", "next_month"):
            self.step(name)
