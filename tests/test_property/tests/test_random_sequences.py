"""Whatever the office does in whatever order: the auditor finds nothing.

A failure names its seed; ``PROPERTY_SEED=… ./test test_property -k random_sequences``
repeats it. With ``PROPERTY_SHRINK=1``, too, as many of its steps are left out as can be:
the failure then shows the few that the contradiction comes from.
"""

import os
import re
import unittest

from odoo.tests import tagged

from odoo.addons.property_billing.tests.common import BillingCase

from .office import Office
from .shrinking import shrink

LONG = bool(os.environ.get("PROPERTY_TEST_ALL"))
SHRINK = bool(os.environ.get("PROPERTY_SHRINK"))
#: seeds of the long runs: days of an office that once ended in contradictions, and others
SEEDS = (1, 4, 7, 8)


def kinds(findings):
    """What is wrong, whatever the numbers."""
    return {re.sub(r"[\d.,-]+", "#", finding) for finding in findings}


@tagged("post_install", "-at_install")
class TestRandomSequences(BillingCase):
    maxDiff = None

    def live(self, seed, steps, every):
        """``steps`` by chance, audited ``every`` now and then, and brought to an end."""
        office = Office(self, seed)
        office.build()
        for number in range(steps):
            office.step()
            if number % every == every - 1:
                self.check(office, office.audit(), settled=False)
        done = list(office.steps)
        office.finish()
        findings = office.audit(settled=True)
        office.steps = done
        self.check(office, findings, settled=True)
        return office

    def live_again(self, seed, steps, settled):
        """The same ``steps``, or some of them, with what comes of them thrown away."""
        with self.env.cr.savepoint() as savepoint:
            office = Office(self, seed)
            office.build()
            for _step in office.repeat(steps):
                pass
            if settled:
                office.finish()
            findings, log = office.audit(settled), office.log
            savepoint.rollback()
        self.env.invalidate_all()
        return findings, log

    def check(self, office, findings, settled):
        if not findings:
            return
        log = office.log
        if SHRINK:
            wrong = kinds(findings)

            def fails(steps):
                return bool(kinds(self.live_again(office.seed, steps, settled)[0]) & wrong)

            if fails(office.steps):
                steps = shrink(office.steps, fails)
                findings, log = self.live_again(office.seed, steps, settled)
        self.fail(
            f"seed {office.seed}, after {len(office.log)} steps:\n"
            + "\n".join(findings[:10])
            + "\n\nwhat was done:\n"
            + "\n".join(log)
        )

    def test_a_quarter_in_the_office(self):
        office = self.live(int(os.environ.get("PROPERTY_SEED", 1)), steps=40, every=4)
        self.assertGreater(len(office.bills()), 10)

    @unittest.skipUnless(LONG, "PROPERTY_TEST_ALL is not set")
    def test_more_quarters_in_the_office(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.live(seed, steps=400, every=50)
                savepoint.rollback()
            self.env.invalidate_all()
