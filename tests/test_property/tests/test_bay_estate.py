"""The meters of a real estate for a year: imported, decided about, billed, and every bill
and every loss computed a second time by other code.

The data is not part of the project: ``BAY_ESTATE_DATA`` names its folder.
"""

import os
import unittest
from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.property_billing.tests.common import BillingCase

from .auditor import Auditor
from .bay_estate import data, figures
from .bay_estate.estate import Estate
from .bay_estate.ledger import Ledger
from .bay_estate.plan import Plan

FOLDER = os.environ.get("BAY_ESTATE_DATA")


@tagged("post_install", "-at_install")
@unittest.skipUnless(FOLDER, "BAY_ESTATE_DATA does not name the folder of the data")
class TestBayEstate(BillingCase):
    maxDiff = None
    months = range(1, 13)

    def test_a_year_of_the_bay_estate(self):
        plan = Plan(data.read(FOLDER))
        self.figures = figures.Figures(plan)
        self.ledger = Ledger(plan)
        estate = Estate(self, plan, self.figures)
        estate.build()
        estate.read_month(0)
        self.ledger.enter(0, [])
        for month in self.months:
            decisions = estate.read_month(month)
            self.ledger.enter(month, decisions)
            run = estate.bill_month(month)
            self.compare_bills(month, run, plan)
            self.env.flush_all()
            self.env.invalidate_all()
        self.check_flagged(plan)
        self.assertEqual(self.figures.credits, 1)
        self.compare_losses(estate)
        self.figures.readings -= len(plan.published)
        figures.write(self.figures.text(list(self.months)))
        self.env.flush_all()
        self.assertEqual(Auditor(self.env.cr).findings(), [])

    # --- odd readings -----------------------------------------------------

    def check_flagged(self, plan):
        """What must be found is found, without asking about every tenth reading."""
        flagged = self.figures.flagged
        known = {key: code for key, code in figures.KNOWN.items() if key[1] in self.months}
        vacant = {
            (code, month): "use_when_vacant"
            for code, meter in plan.published.items()
            for month in meter.usage
            if month in self.months and self.figures.used_when_vacant(code, month)
        }
        for key, finding in {**known, **vacant}.items():
            with self.subTest(key=key):
                self.assertIn(finding, flagged.get(key, ()))
        self.assertGreaterEqual(self.figures.slips_found, 10)
        self.assertLess(len(flagged), 0.12 * self.figures.readings)

    # --- bills ------------------------------------------------------------

    def compare_bills(self, month, run, plan):
        expected, made = self.ledger.bills(month), self.made_bills(run.sudo())
        self.assertEqual(self.different(expected, made), {}, f"bills of month {month}")
        issues = [(issue.kind, issue.unit_id.code) for issue in run.issue_ids]
        homes = ["no_payer"] * 2
        self.assertEqual(
            sorted(issues), [(kind, plan.ownerless) for kind in homes], f"issues of month {month}"
        )
        corrections = run.charge_ids.filtered(lambda charge: charge.kind == "correction")
        self.figures.note_bills(made, len(corrections))

    def different(self, expected, made, most=6):
        """The first bills that are not what they should be."""
        keys = [key for key in expected.keys() | made.keys() if expected.get(key) != made.get(key)]
        return {
            key: {"expected": expected.get(key), "made": made.get(key)}
            for key in sorted(keys)[:most]
        }

    def made_bills(self, run):
        """The posted bills of a run by payer and, where preferred, unit; credits negative."""
        self.assertEqual(set(run.move_ids.mapped("state")), {"posted"})
        bills = {}
        for move in run.move_ids:
            sign = -1 if move.move_type == "out_refund" else 1
            lines = move.invoice_line_ids
            unit = lines[0].pm_charge_id.unit_id.code if move.partner_id.pm_bill_per_unit else ""
            key = (move.partner_id.ref, unit)
            self.assertNotIn(key, bills)
            bills[key] = {
                "lines": sorted(
                    (
                        line.product_id.name,
                        line.pm_charge_id.unit_id.code,
                        self.cents(sign * line.price_unit),
                    )
                    for line in lines
                ),
                "untaxed": self.cents(sign * move.amount_untaxed),
                "tax": self.cents(sign * move.amount_tax),
                "total": self.cents(sign * move.amount_total),
            }
        return bills

    @staticmethod
    def cents(amount):
        return Decimal(f"{amount:.2f}")

    # --- losses -----------------------------------------------------------

    def compare_losses(self, estate):
        made = {}
        for row in estate.compare_meters():
            code = estate.plan.dials[row.meter_id.name].code
            made[code, row.period_start.month] = (
                Decimal(f"{row.usage:.3f}"),
                Decimal(f"{row.children_usage:.3f}"),
                Decimal(f"{row.loss:.3f}"),
                self.cents(row.loss_percent) if row.has_percent else None,
            )
        expected = {
            key: losses for key, losses in self.ledger.losses().items() if key[1] in self.months
        }
        self.figures.losses = expected
        self.assertEqual(Counter(made.keys()), Counter(expected.keys()))
        self.assertEqual(
            {key: made[key] for key in made if made[key] != expected[key]},
            {},
            {key: expected[key] for key in made if made[key] != expected[key]},
        )
