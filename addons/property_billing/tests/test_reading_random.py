import random
from datetime import timedelta

from .common_meters import MeterCase


class TestRandomReadings(MeterCase):
    """Whatever is done to readings in whatever order: nothing that flowed through the
    meter is billed twice or lost."""

    STEPS = (
        "enter",
        "enter",
        "enter",
        "estimate",
        "bill",
        "correct",
        "reread",
        "withdraw",
        "remove",
    )

    def test_usage_adds_up_after_random_sequences(self):
        for seed in range(6):
            with self.subTest(seed=seed):
                self.run_sequence(random.Random(seed), self.make_meter(f"RND-{seed}", self.unit))

    def run_sequence(self, rng, meter):
        self.make_reading(meter, "2024-01-01", 999_000)
        done = []
        for _step in range(40):
            step = rng.choice(self.STEPS)
            done.append(step)
            getattr(self, f"do_{step}")(rng, meter)
            self.check(meter, done)
        self.assertGreater(len(set(done)), 5)

    # --- what people do -----------------------------------------------------

    def rows(self, meter, *states):
        return self.Reading.search(
            [("meter_id", "=", meter.id), ("state", "in", states), ("corrected_by_id", "=", False)],
            order="date, id",
        )

    def free_day(self, rng, meter):
        taken = set(meter.reading_ids.mapped("date"))
        days = [self.day("2024-01-02") + timedelta(days=offset) for offset in range(200)]
        return rng.choice([day for day in days if day not in taken])

    def do_enter(self, rng, meter):
        day = self.free_day(rng, meter)
        # near to what the dial may have shown: over the end of it at times
        index = (999_000 + (day - self.day("2024-01-01")).days * 10 + rng.randrange(9)) % 1_000_000
        self.make_reading(meter, day, index)

    def do_estimate(self, rng, meter):
        day = self.free_day(rng, meter)
        if len(self.rows(meter, "accepted", "billed").filtered(lambda row: row.date < day)) < 3:
            return
        # the way on which a round estimates
        self.Reading._create_estimates([(meter, "")], day, "Nobody at home.")
        flagged = self.rows(meter, "flagged")
        flagged.action_accept("Seen.")

    def do_bill(self, rng, meter):
        rows = self.rows(meter, "accepted")
        rows[: rng.randrange(len(rows) + 1)]._mark_billed()

    def do_correct(self, rng, meter):
        rows = self.rows(meter, "billed")[1:]
        if rows:
            row = rng.choice(rows)
            index = (row.index_value + rng.randrange(1, 4)) % 1_000_000
            try:
                with self.cr.savepoint():
                    row.action_correct(index, "Misread.")
            except Exception as error:
                self.assertIn("cannot be corrected", str(error))
            self.rows(meter, "flagged").action_accept("Follows.")

    def do_reread(self, rng, meter):
        rows = self.rows(meter, "accepted")[1:]
        if rows:
            row = rng.choice(rows)
            row.action_reread((row.index_value + rng.randrange(4)) % 1_000_000, "Looked again.")
            self.rows(meter, "flagged").action_accept("Seen.")

    def do_withdraw(self, rng, meter):
        rows = self.Reading.search([("meter_id", "=", meter.id), ("state", "=", "billed")])
        if rows:
            rng.choice(rows)._mark_unbilled()
            self.rows(meter, "flagged").action_accept("Seen.")

    def do_remove(self, rng, meter):
        rows = self.rows(meter, "accepted")[1:].filtered(lambda row: not row.correction_of_id)
        if rows:
            row = rng.choice(rows)
            row.action_reopen("Wrong meter.")
            row.unlink()
            self.rows(meter, "flagged").action_accept("Seen.")

    # --- what must hold -------------------------------------------------------

    def check(self, meter, done):
        self.env.flush_all()
        self.assertFalse(self.rows(meter, "draft", "flagged"), done)
        chain = self.rows(meter, "accepted", "billed").sorted(
            lambda row: (row.date, row.read_at, row.origin_id.id or row.id)
        )
        before = None
        for row in chain:
            moved = (row.index_value - before.index_value) % 1_000_000 if before else 0
            self.assertAlmostEqual(row.usage, moved, 3, f"{row.display_name} after {done}")
            self.assertGreaterEqual(row.usage, 0)
            before = row
        everything = self.Reading.search([("meter_id", "=", meter.id)])
        self.assertAlmostEqual(
            sum(everything.mapped("usage_billable")), sum(chain.mapped("usage")), 3, done
        )
