"""An independent recomputation of what was billed, from raw SQL and with arithmetic of its own.

Nothing of the addons is imported here, on purpose: what is wrong in them must not be wrong
here, too. ``Auditor(cr).findings()`` returns a sentence per contradiction.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from .auditor_coverage import CoverageAudit
from .auditor_tiers import TierAudit

ZERO = Decimal(0)


def money(value):
    return Decimal(value or 0).quantize(Decimal("0.01"), ROUND_HALF_UP)


def exact(value):
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, list):
        return [exact(part) for part in value]
    return value


class Auditor:
    """Audits what a cursor sees.

    :param settled: nothing waits to be billed again: what was taken back is an error, too
    """

    def __init__(self, cr, settled=False):
        self.cr, self.settled = cr, settled
        self.found = []

    def findings(self):
        """All contradictions in the database, as sentences. The caller has flushed."""
        self.found = []
        for name in sorted(dir(self)):
            if name.startswith("audit_"):
                getattr(self, name)()
        self.found += TierAudit(self.rows, self.settled).findings()
        self.found += CoverageAudit(self.rows, self.settled).findings()
        return self.found

    def rows(self, query, **params):
        """Rows as dicts; numbers with decimals, which Odoo's cursor makes floats, as Decimal."""
        self.cr.execute(query, params)
        names = [column.name for column in self.cr.description]
        return [
            {name: exact(value) for name, value in zip(names, row, strict=True)}
            for row in self.cr.fetchall()
        ]

    def complain(self, text, query, **params):
        """A complaint per row of ``query``, with the values of the row."""
        for row in self.rows(query, **params):
            self.found.append(text.format(**row))

    # --- charges and bills ------------------------------------------------

    def audit_billed_charges_stand_on_one_posted_line(self):
        self.complain(
            "charge {id} is billed, but its line {line} is {state}",
            """SELECT charge.id, line.id AS line, line.parent_state AS state
                 FROM property_charge charge
                 LEFT JOIN account_move_line line ON line.id = charge.move_line_id
                WHERE charge.state = 'billed' AND line.parent_state IS DISTINCT FROM 'posted'""",
        )
        self.complain(
            "line {line} stands for {count} charges",
            """SELECT move_line_id AS line, COUNT(*) FROM property_charge
                WHERE move_line_id IS NOT NULL GROUP BY move_line_id HAVING COUNT(*) > 1""",
        )
        self.complain(
            "charge {id} is {state}, but stands on line {line}",
            """SELECT id, state, move_line_id AS line FROM property_charge
                WHERE state IN ('draft', 'ready') AND move_line_id IS NOT NULL""",
        )

    def audit_lines_have_the_amount_of_their_charge(self):
        """Gross where the tax is in the price, net otherwise."""
        self.complain(
            "charge {id} over {amount} stands on a line over {on_line}",
            """SELECT charge.id, charge.amount,
                      CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                      * ROUND(line.quantity * line.price_unit * (1 - line.discount / 100), 2)
                      AS on_line
                 FROM property_charge charge
                 JOIN account_move_line line ON line.id = charge.move_line_id
                 JOIN account_move move ON move.id = line.move_id
                WHERE charge.state IN ('billed', 'void')
                  AND charge.amount <> CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                      * ROUND(line.quantity * line.price_unit * (1 - line.discount / 100), 2)""",
        )

    def audit_every_line_of_a_run_has_its_charge(self):
        self.complain(
            "line {line} of the bill {name} has no charge of its own",
            """SELECT line.id AS line, move.name
                 FROM account_move_line line
                 JOIN account_move move ON move.id = line.move_id
                 LEFT JOIN property_charge charge ON charge.move_line_id = line.id
                WHERE move.pm_run_id IS NOT NULL AND move.reversed_entry_id IS NULL
                  AND line.display_type = 'product' AND charge.id IS NULL""",
        )
        self.complain(
            "the bill {name} of the run {run} is {state}",
            """SELECT name, state, pm_run_id AS run FROM account_move
                WHERE pm_run_id IS NOT NULL AND state <> 'posted'""",
        )

    def audit_parties_agree(self):
        self.complain(
            "charge {id} of payer {payer} stands on a bill of {billed}",
            """SELECT charge.id, charge.partner_id AS payer, move.partner_id AS billed
                 FROM property_charge charge JOIN account_move move ON move.id = charge.move_id
                WHERE move.partner_id <> charge.partner_id
                   OR move.company_id <> charge.company_id
                   OR (move.pm_run_id IS NOT NULL AND move.estate_id <> charge.estate_id)""",
        )

    def audit_bills_are_the_sum_of_their_charges(self):
        for row in self.bill_rows():
            if row["reversed_entry_id"]:
                continue
            expected = self.expected_total(row)
            if expected != row["total"]:
                self.found.append(
                    f"the bill {row['name']} is over {row['total']}, its charges come to {expected}"
                )

    # --- never twice ------------------------------------------------------

    def audit_no_day_is_charged_twice(self):
        self.complain(
            "unit {unit_id} pays the fee {fee_rule_id} twice: charges {one} and {other}",
            """SELECT one.unit_id, one.fee_rule_id, one.id AS one, other.id AS other
                 FROM property_charge one JOIN property_charge other
                   ON other.unit_id = one.unit_id AND other.fee_rule_id = one.fee_rule_id
                  AND other.id > one.id AND other.period_start <= one.period_end
                  AND one.period_start <= other.period_end
                WHERE one.kind = 'regular' AND other.kind = 'regular'
                  AND one.state <> 'void' AND other.state <> 'void'""",
        )
        self.complain(
            "the run {run_id} is {state}, but its charge {id} is not billed",
            """SELECT charge.id, charge.run_id, run.state
                 FROM property_charge charge
                 JOIN property_billing_run run ON run.id = charge.run_id
                WHERE run.state IN ('closed', 'cancelled')
                  AND charge.state IN ('draft', 'ready')""",
        )
        self.complain(
            "the event {source_model},{source_id} {source_key} is charged {count} times",
            """SELECT source_model, source_id, source_key, COUNT(*) FROM property_charge
                WHERE kind IN ('event', 'late_fee') AND state <> 'void'
                GROUP BY source_model, source_id, source_key HAVING COUNT(*) > 1""",
        )

    def audit_readings_are_billed_once_and_in_full(self):
        """Per fee the parts of a billed reading add up to what was to be billed of it;
        what was taken back, or stands in a part that is not posted yet, may be missing
        until it is billed."""
        self.complain(
            "reading {id} counts {usage}, but fee {fee_rule_id} bills {billed} of it",
            """SELECT reading.id, usage.fee_rule_id,
                      SUM(usage.quantity) FILTER (WHERE charge.state = 'billed') AS billed,
                      reading.usage - COALESCE(original.usage, 0) AS usage
                 FROM property_charge_usage usage
                 JOIN property_charge charge ON charge.id = usage.charge_id
                 JOIN property_meter_reading reading ON reading.id = usage.reading_id
                 LEFT JOIN property_meter_reading original
                   ON original.id = reading.correction_of_id
                GROUP BY reading.id, usage.fee_rule_id, original.usage, reading.usage
               HAVING BOOL_OR(charge.state = 'billed')
                  AND SUM(usage.quantity) FILTER (WHERE charge.state = 'billed')
                      <> reading.usage - COALESCE(original.usage, 0)
                  AND (%(settled)s OR BOOL_AND(charge.state = 'billed'))""",
            settled=self.settled,
        )

    def audit_readings_know_whether_they_are_billed(self):
        self.complain(
            "reading {id} is {state}, but {count} charges bill it",
            """SELECT reading.id, reading.state, COUNT(charge.id)
                 FROM property_meter_reading reading
                 LEFT JOIN property_charge_usage usage ON usage.reading_id = reading.id
                 LEFT JOIN property_charge charge
                   ON charge.id = usage.charge_id AND charge.state = 'billed'
                GROUP BY reading.id, reading.state
               HAVING (reading.state = 'billed') <> (COUNT(charge.id) > 0)""",
        )

    # --- never missing ----------------------------------------------------

    def audit_what_a_posted_run_left_is_listed(self):
        self.complain(
            "charge {id} of the posted run {run_id} is {state} and nowhere listed",
            """SELECT charge.id, charge.run_id, charge.state
                 FROM property_charge charge
                 JOIN property_billing_run run ON run.id = charge.run_id
                WHERE run.state IN ('posted', 'delivered', 'closed')
                  AND charge.state IN ('draft', 'ready')
                  AND NOT EXISTS (
                      SELECT FROM property_billing_issue issue
                       WHERE issue.run_id = run.id AND issue.stage = 'post'
                         AND issue.partner_id = charge.partner_id)
                  AND NOT EXISTS (
                      SELECT FROM property_billing_batch batch
                       WHERE batch.id = charge.batch_id
                         AND batch.state IN ('cancelled', 'failed'))""",
        )

    # --- credit notes -----------------------------------------------------

    def audit_credit_notes_free_or_correct_their_charges(self):
        self.complain(
            "the credit note line {line} neither frees nor corrects the charge {charge}",
            """SELECT line.id AS line, line.pm_charge_id AS charge
                 FROM account_move_line line
                 JOIN account_move credit ON credit.id = line.move_id
                 JOIN account_move bill ON bill.id = credit.reversed_entry_id
                 JOIN property_charge charge ON charge.id = line.pm_charge_id
                 LEFT JOIN property_charge correction ON correction.move_line_id = line.id
                WHERE bill.pm_run_id IS NOT NULL AND credit.state = 'posted'
                  AND line.quantity * line.price_unit <> 0
                  AND NOT (charge.state = 'void' AND charge.credit_move_id = credit.id)
                  AND correction.id IS NULL""",
        )
        self.complain(
            "charge {id} is void, but no credit note takes it back",
            """SELECT charge.id FROM property_charge charge
                 LEFT JOIN account_move credit
                   ON credit.id = charge.credit_move_id AND credit.state = 'posted'
                WHERE charge.state = 'void' AND charge.move_line_id IS NOT NULL
                  AND credit.id IS NULL""",
        )
        self.complain(
            "of charge {id} over {amount} credit notes take back {taken}",
            """SELECT charge.id, charge.amount, -SUM(correction.amount) AS taken
                 FROM property_charge charge
                 JOIN property_charge correction ON correction.correction_of_id = charge.id
                  AND correction.state = 'billed'
                 JOIN account_move credit ON credit.id = correction.move_id
                WHERE credit.reversed_entry_id IS NOT NULL
                GROUP BY charge.id, charge.amount
               HAVING -SUM(correction.amount) > charge.amount
                   OR BOOL_OR(charge.state = 'void')""",
        )

    # --- letters ----------------------------------------------------------

    def audit_letters_ask_for_what_their_bills_say(self):
        self.complain(
            "the letter {number} says {amount_total}, its bills come to {billed}",
            """SELECT letter.number, letter.amount_total, SUM(
                      CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                      * move.amount_total) AS billed
                 FROM property_letter letter
                 JOIN property_letter_move_rel rel ON rel.letter_id = letter.id
                 JOIN account_move move ON move.id = rel.move_id
                WHERE letter.state NOT IN ('draft', 'void')
                GROUP BY letter.id
               HAVING letter.amount_total <> SUM(
                      CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                      * move.amount_total)""",
        )
        self.complain(
            "the letter {number} asks for {amount_due}: {amount_total} less {amount_settled} paid"
            " and {amount_arrears} from before",
            """SELECT number, amount_total, amount_settled, amount_arrears, amount_due
                 FROM property_letter
                WHERE state NOT IN ('draft', 'void')
                  AND amount_due <> amount_total - amount_settled + amount_arrears""",
        )
        self.complain(
            "the letter {number} of {payer} names the bill {bill} of {billed}",
            """SELECT letter.number, letter.partner_id AS payer, move.name AS bill,
                      move.partner_id AS billed
                 FROM property_letter letter
                 JOIN property_letter_move_rel rel ON rel.letter_id = letter.id
                 JOIN account_move move ON move.id = rel.move_id
                WHERE move.partner_id <> letter.partner_id
                   OR move.estate_id <> letter.estate_id OR move.state <> 'posted'""",
        )
        self.complain(
            "the bill {name} is on {count} payment notices",
            """SELECT move.name, COUNT(*)
                 FROM property_letter letter
                 JOIN property_letter_move_rel rel ON rel.letter_id = letter.id
                 JOIN account_move move ON move.id = rel.move_id
                WHERE letter.level = '1' AND letter.state NOT IN ('draft', 'void')
                GROUP BY move.id HAVING COUNT(*) > 1""",
        )
        self.complain(
            "the bill {name} of the delivered run {run} is on no payment notice",
            """SELECT move.name, run.id AS run
                 FROM account_move move
                 JOIN property_billing_run run ON run.id = move.pm_run_id
                WHERE run.state = 'delivered' AND move.state = 'posted'
                  AND NOT EXISTS (
                      SELECT FROM property_letter letter
                       WHERE letter.run_id = run.id AND letter.partner_id = move.partner_id
                         AND letter.estate_id = move.estate_id
                         AND letter.state NOT IN ('draft', 'void'))""",
        )

    # --- counters ---------------------------------------------------------

    def audit_counters_are_what_was_charged(self):
        """Where the tiers of a tariff always count over the year."""
        self.complain(
            "the counter of unit {unit_id}, tariff {tariff_id} in {year} says {counted},"
            " charged were {charged}",
            """WITH yearly AS (
                   SELECT tariff_id FROM property_tariff_version GROUP BY tariff_id
                   HAVING BOOL_AND(tier_basis = 'calendar_year')),
               counted AS (
                   SELECT charge.unit_id, counter.tariff_id,
                          EXTRACT(YEAR FROM counter.year_start) AS year,
                          SUM(counter.quantity) AS counted
                     FROM property_tariff_counter counter
                     JOIN property_charge charge ON charge.id = counter.charge_id
                    WHERE charge.state <> 'void'
                    GROUP BY 1, 2, 3),
               charged AS (
                   SELECT base.unit_id, rule.tariff_id,
                          EXTRACT(YEAR FROM base.period_start) AS year,
                          SUM(usage.quantity) AS charged
                     FROM property_charge_usage usage
                     JOIN property_charge charge ON charge.id = usage.charge_id
                     JOIN property_charge base ON base.id = usage.base_charge_id
                     JOIN property_fee_rule rule ON rule.id = base.fee_rule_id
                     JOIN yearly ON yearly.tariff_id = rule.tariff_id
                    WHERE charge.state <> 'void'
                    GROUP BY 1, 2, 3)
               SELECT COALESCE(counted.unit_id, charged.unit_id) AS unit_id,
                      COALESCE(counted.tariff_id, charged.tariff_id) AS tariff_id,
                      COALESCE(counted.year, charged.year) AS year,
                      COALESCE(counted, 0) AS counted, COALESCE(charged, 0) AS charged
                 FROM counted FULL JOIN charged
                   ON charged.unit_id = counted.unit_id
                  AND charged.tariff_id = counted.tariff_id AND charged.year = counted.year
                WHERE ABS(COALESCE(counted, 0) - COALESCE(charged, 0)) > 0.0005""",
        )

    # --- readings ---------------------------------------------------------

    def audit_usage_follows_from_the_dials(self):
        """Every accepted usage is the way of the dial from the reading before it; one that
        is blocked until somebody decides is none."""
        rows = self.rows(
            """SELECT reading.id, reading.meter_id, COALESCE(reading.register, '') AS register,
                      reading.state, reading.index_value, reading.usage, reading.multiplier,
                      reading.kind, meter.digits
                 FROM property_meter_reading reading
                 JOIN property_meter meter ON meter.id = reading.meter_id
                WHERE reading.corrected_by_id IS NULL
                  AND (reading.state IN ('accepted', 'billed')
                       OR reading.severity IS DISTINCT FROM 'block')
                ORDER BY reading.meter_id, 3, reading.date, reading.read_at, reading.id"""
        )
        before = {}
        for row in rows:
            key = (row["meter_id"], row["register"])
            index = row["index_value"]
            expected = ZERO
            if key in before:
                way = index - before[key]
                if way < 0 and row["digits"]:
                    way += 10 ** row["digits"]
                expected = way * row["multiplier"]
            before[key] = index
            used = row["usage"] or ZERO
            if row["state"] in ("accepted", "billed") and abs(used - expected) > Decimal("0.001"):
                self.found.append(
                    f"reading {row['id']} counts {used}, its dial went {expected.normalize():f}"
                )

    # --- balances ---------------------------------------------------------

    def audit_balance_of_every_payer(self):
        """Bills less credit notes less payments is what the ledger says."""
        expected = defaultdict(Decimal)
        for row in self.bill_rows():
            total = self.expected_total(row)
            expected[row["payer"]] += -total if row["move_type"] == "out_refund" else total
        for row in self.rows(
            """SELECT partner.commercial_partner_id AS payer,
                      SUM(CASE WHEN payment.payment_type = 'inbound' THEN payment.amount
                               ELSE -payment.amount END) AS paid
                 FROM account_payment payment
                 JOIN res_partner partner ON partner.id = payment.partner_id
                 JOIN account_move move ON move.id = payment.move_id AND move.state = 'posted'
                WHERE payment.partner_type = 'customer'
                GROUP BY 1"""
        ):
            expected[row["payer"]] -= row["paid"]
        ledger = {
            row["payer"]: row
            for row in self.rows(
                """SELECT partner.commercial_partner_id AS payer, SUM(line.balance) AS balance,
                          SUM(line.amount_residual) AS residual
                     FROM account_move_line line
                     JOIN account_account account ON account.id = line.account_id
                     JOIN res_partner partner ON partner.id = line.partner_id
                    WHERE account.account_type = 'asset_receivable'
                      AND line.parent_state = 'posted'
                    GROUP BY 1"""
            )
        }
        for payer in sorted(expected.keys() | ledger.keys()):
            row = ledger.get(payer, {"balance": ZERO, "residual": ZERO})
            if money(row["balance"]) != money(expected[payer]):
                self.found.append(
                    f"payer {payer} owes {row['balance']} in the ledger, {expected[payer]} by bills"
                )
            if money(row["residual"]) != money(row["balance"]):
                self.found.append(
                    f"payer {payer} owes {row['balance']}, but {row['residual']} is open"
                )

    def bill_rows(self):
        """Posted customer bills and credit notes with their lines."""
        lines = defaultdict(list)
        for row in self.rows(
            """SELECT line.move_id, line.id, charge.amount,
                      line.quantity * line.price_unit * (1 - line.discount / 100) AS on_line,
                      COALESCE(
                          ARRAY_AGG(ARRAY[tax.amount, CASE
                              WHEN COALESCE(tax.price_include_override,
                                            company.account_price_include) = 'tax_included'
                              THEN 1 ELSE 0 END]) FILTER (WHERE tax.id IS NOT NULL),
                          '{}') AS taxes
                 FROM account_move_line line
                 JOIN res_company company ON company.id = line.company_id
                 LEFT JOIN property_charge charge ON charge.move_line_id = line.id
                 LEFT JOIN account_move_line_account_tax_rel rel
                   ON rel.account_move_line_id = line.id
                 LEFT JOIN account_tax tax ON tax.id = rel.account_tax_id
                WHERE line.parent_state = 'posted' AND line.display_type = 'product'
                GROUP BY line.id, charge.amount"""
        ):
            lines[row["move_id"]].append(row)
        bills = self.rows(
            """SELECT move.id, move.name, move.move_type, move.reversed_entry_id,
                      move.amount_total AS total, move.pm_run_id,
                      company.tax_calculation_rounding_method AS rounding,
                      partner.commercial_partner_id AS payer
                 FROM account_move move
                 JOIN res_partner partner ON partner.id = move.partner_id
                 JOIN res_company company ON company.id = move.company_id
                WHERE move.state = 'posted'
                  AND move.move_type IN ('out_invoice', 'out_refund')"""
        )
        return [bill | {"lines": lines[bill["id"]]} for bill in bills]

    def expected_total(self, bill):
        """Gross amount of a bill by its charges (a credit note's: by its lines)."""
        sign = -1 if bill["move_type"] == "out_refund" else 1
        per_line = bill["rounding"] == "round_per_line"
        net, taxes = ZERO, defaultdict(Decimal)
        for line in bill["lines"]:
            amount = line["amount"]
            amount = money(line["on_line"]) if amount is None else sign * amount
            net += amount
            for rate, included in line["taxes"]:
                if not included:
                    tax = amount * rate / 100
                    taxes[rate] += money(tax) if per_line else tax
        return net + sum((money(tax) for tax in taxes.values()), ZERO)
