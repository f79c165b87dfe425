"""Whatever the office does in whatever order: the auditor finds nothing.

A failure names its seed; ``PROPERTY_SEED=… ./test test_property -k random_sequences``
repeats it.
"""

import os
import unittest

from odoo.tests import tagged

from odoo.addons.property_billing.tests.common import BillingCase

from .office import Office

LONG = bool(os.environ.get("PROPERTY_TEST_ALL"))


@tagged("post_install", "-at_install")
class TestRandomSequences(BillingCase):
    maxDiff = None

    def live(self, seed, steps, every):
        office = Office(self, seed)
        office.build()
        for number in range(steps):
            office.step()
            if number % every == every - 1:
                self.check(office)
        office.finish()
        self.check(office, settled=True)
        return office

    def check(self, office, settled=False):
        findings = office.audit(settled)
        if findings:
            self.fail(
                f"seed {office.seed}, after {len(office.log)} steps:\n"
                + "\n".join(findings[:10])
                + "\n\nwhat was done:\n"
                + "\n".join(f"{number}. {line}" for number, line in enumerate(office.log, 1))
            )

    def test_a_quarter_in_the_office(self):
        office = self.live(int(os.environ.get("PROPERTY_SEED", 1)), steps=40, every=4)
        self.assertGreater(len(office.bills()), 10)

    @unittest.skipUnless(LONG, "PROPERTY_TEST_ALL is not set")
    def test_more_quarters_in_the_office(self):
        for seed in range(2, 8):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.live(seed, steps=60, every=10)
                savepoint.rollback()
