"""What changes around an office while it bills: prices, owners, wishes, interruptions."""

from datetime import timedelta

from odoo.fields import Command


class OfficeChanges:
    """Operations of the office that are not part of every month."""

    # --- terms ------------------------------------------------------------

    def new_version(self):
        """Dearer from a day of this month or the next on."""
        tariff = self.pick(self.tariffs)
        last = tariff.version_ids.sorted("date_from")[-1]
        day = self.month + timedelta(days=self.random.randint(0, 40))
        tariff.version_ids = [
            Command.create(
                {
                    "date_from": day,
                    "tier_basis": last.tier_basis,
                    "minimum": last.minimum,
                    "standing": last.standing,
                    "tier_ids": [
                        Command.create(
                            {
                                "register": tier.register,
                                "quantity_from": tier.quantity_from,
                                "price": round(tier.price * 1.07, 4),
                            }
                        )
                        for tier in last.tier_ids
                    ],
                }
            )
        ]
        return f"{tariff.name} from {day}"

    def new_rate(self):
        """The rule of the management fee ends; one with another rate begins the day after."""
        if self.run and self.run.state != "posted":
            return "a run is under way"
        day = self.month + timedelta(days=self.random.randint(0, 30))
        if self.care.date_from >= day:
            return "changed already"
        self.care.date_to = day - timedelta(days=1)
        self.care = self.care.copy(
            {"date_from": day, "date_to": False, "rate": round(self.care.rate * 1.1, 2)}
        )
        return f"{self.care.rate} from {day}"

    # --- people -----------------------------------------------------------

    def sell(self):
        """A unit gets another owner within the month."""
        owner = self.pick(
            self.env["property.occupancy"].search(
                [
                    ("unit_id", "in", self.units.ids),
                    ("kind", "=", "owner"),
                    ("date_end", "=", False),
                    ("date_start", "<", self.month),
                ]
            )
        )
        if not owner:
            return "nothing to sell"
        last = self.month + timedelta(days=self.random.randint(0, 26))
        self.counter += 1
        owner.write(
            {"date_end": last, "state": "notice", "notice_date": last, "notice_way": "letter"}
        )
        self.case.make_occupancy(
            owner.unit_id,
            self.case.make_partner(f"Buyer {self.counter}"),
            "owner",
            last + timedelta(days=1),
            state="active",
        )
        return f"{owner.display_name} until {last}"

    def prefer(self):
        """A payer changes the mind about one bill per unit."""
        partner = self.pick(self.payers())
        partner.pm_bill_per_unit = not partner.pm_bill_per_unit
        return f"{partner.name}: {partner.pm_bill_per_unit}"

    # --- readings ---------------------------------------------------------

    def read_late(self):
        """A meter that was forgotten is read for a month that may be billed already."""
        meter = self.pick(self.meters().filtered(lambda row: row.registers == "single"))
        last = self.last_reading(meter, "")
        day = self.month - timedelta(days=1)
        if last.date >= day:
            return "nothing forgotten"
        self.decide(
            self.env["property.meter.reading"].create(
                {
                    "meter_id": meter.id,
                    "date": day,
                    "index_value": (last.index_value + 6.25) % 10**meter.digits,
                }
            )
        )
        return f"{meter.name} on {day}"

    # --- the run ----------------------------------------------------------

    def rival(self):
        """A second run for the same month of the same estate, by a colleague."""
        mine, self.run = self.run, self.run.browse()
        try:
            run = self.run = self.case.make_run(
                self.month.year, self.month.month, unread_reason="Nobody opened."
            )
            run.action_compute()
            if not run.charge_ids or self.random.random() < 0.4:
                self.given_up |= {self.month} if run.charge_ids else set()
                run.action_cancel()
            else:
                self.approve()
                run.action_post()
            return f"{run.state} with {len(run.charge_ids)} charges"
        finally:
            self.run = mine

    def give_up(self):
        """The run is cancelled before anything is posted."""
        self.run.action_cancel()
        self.given_up.add(self.run.period_start)
        self.stale = False
        state, self.run = self.run.state, self.run.browse()
        return state

    def post_part(self):
        """Posting is stopped after the first part."""
        company = self.run.company_id
        sizes = company.pm_inline_units, company.pm_batch_size
        company.write({"pm_inline_units": 0, "pm_batch_size": 3})
        self.run.action_post()
        company.write(dict(zip(("pm_inline_units", "pm_batch_size"), sizes, strict=True)))
        parts = self.run.batch_ids.filtered(
            lambda batch: batch.stage == "post" and batch.state == "pending"
        )
        # as the background job would, in the name of the software
        parts[:1].sudo()._run()
        self.run.action_stop_posting()
        return f"{len(parts[:1])} of {len(parts)} parts"

    def post_rest(self):
        self.run.action_post()
        return f"{len(self.run.move_ids)} bills"

    def deliver(self):
        """Payment notices are made; their PDFs come later."""
        company = self.run.company_id
        inline = company.pm_inline_units
        company.pm_inline_units = 0
        self.run.action_deliver()
        company.pm_inline_units = inline
        return f"{len(self.run.letter_ids)} letters"

    # --- money ------------------------------------------------------------

    def credit_line(self):
        """One line of a bill is taken back in full, the others stay."""
        bill = self.pick(self.bills())
        if not bill:
            return "no bill"
        credit = bill._reverse_moves([{"invoice_date": self.last_day()}])
        keep = self.pick(credit.invoice_line_ids)
        (credit.invoice_line_ids - keep).unlink()
        credit.action_post()
        return f"{credit.name} of {bill.name}: {keep.name}"

    def pay_too_much(self):
        bill = self.pick(self.bills().filtered(lambda row: row.amount_residual > 0))
        if not bill:
            return "nothing open"
        amount = round(bill.amount_residual + 7.77, 2)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"amount": amount, "payment_date": self.last_day()})._create_payments()
        return f"{amount} for {bill.name}"
