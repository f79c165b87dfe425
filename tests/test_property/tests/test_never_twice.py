"""Never twice, never missing: whatever happens while a run is computed and posted.

A failure names its seed; ``PROPERTY_SEED=… ./test test_property -k never_twice`` repeats it.
"""

import os
import random
import time
import unittest

from odoo.tests import tagged

from ..estate_at_size import SUPERVISORS
from .agents import Died, Refused, Server, show
from .run_at_size import BILLS, ISSUES, LONG, PART, RUN, SIZE, RunAtSize

SEED = int(os.environ.get("PROPERTY_SEED", 0))
ROUNDS = 10 if LONG else 2
PATIENCE = 30


@tagged("post_install", "-at_install")
class TestNeverTwice(RunAtSize):
    # --- the undisturbed run ----------------------------------------------------

    def test_undisturbed(self):
        """One unit without payer, one fee item without account: listed, the others go on."""
        self.assertEqual(self.outcome["run"], [("posted", 1)])
        payers = {bill[0] for bill in self.outcome["bills"]}
        self.assertEqual(len(payers), len(self.outcome["bills"]))
        billed = {row[0] for row in self.outcome["charges"] if row[3] == "billed"}
        listed = {row[2]: row[1] for row in self.outcome["issues"]}
        self.assertEqual(listed, {f"U{SIZE - 1:05}": "no_payer", f"U{SIZE - 2:05}": "no_account"})
        self.assertEqual(billed, {f"U{number:05}" for number in range(SIZE - 2)})

    # --- killed -----------------------------------------------------------------

    def test_killed_at_any_moment(self):
        for number in range(ROUNDS):
            seed = SEED + number
            with self.subTest(seed=seed):
                said = self.live_through(random.Random(seed), f"killed_{seed}")
                show("killed", f"seed {seed}, killed while {', '.join(said)}\n")

    def live_through(self, chance, name):
        database = self.copy_database(self.source, name)
        desk = self.desk(database)
        said = []
        self.press(desk, "action_compute")
        self.work_and_die(desk, database, chance, self.compute_cost, said)
        desk.order("work")
        self.ask_approval(desk)
        self.press(desk, "action_post")
        kills = chance.choice([1, 2])
        for _kill in range(kills):
            part = {name: value / kills for name, value in self.post_cost.items()}
            self.work_and_die(desk, database, chance, part, said)
        desk.order("work")
        desk.stop()
        self.assert_as_undisturbed(database)
        return said

    def work_and_die(self, desk, database, chance, cost, said):
        """A worker dies at a chosen moment; then things are put right as a user would."""
        state = self.run_state(database)
        worker = self.desk(database)
        try:
            if chance.random() < 0.5:
                moment = chance.randint(1, int(cost["statements"]))
                said.append(f"{state}: before statement {moment}")
                worker.begin("work", die_at=moment)
            else:
                moment = chance.uniform(0, cost["seconds"])
                said.append(f"{state}: after {moment:.2f} s")
                worker.begin("work")
                if not worker.answered(moment):
                    worker.kill()
            worker.answer()
            said[-1] += " (had ended)"
            worker.stop()
        except Died:
            self.wait_until_gone(database, worker)
            give_up = chance.random() < 0.4
            desk.order("find_dead", give_up=give_up)
            if give_up:
                said[-1] += ", resumed"
                self.press(desk, "action_resume")

    def wait_until_gone(self, database, worker):
        """PostgreSQL may need a moment to see that nobody is there any more."""
        end = time.monotonic() + PATIENCE
        query = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND application_name = %s"
        while self.rows(database, query, database, f"odoo-{worker.process.pid}"):
            self.assertLess(time.monotonic(), end, "the killed worker is still there")
            time.sleep(0.05)

    @unittest.skipUnless(LONG, "PROPERTY_TEST_ALL is not set")
    def test_killed_server_goes_on_by_itself(self):
        """The whole server dies while it posts; started again, it needs nobody."""
        database = self.copy_database(self.approved, "server")
        desk = self.desk(database)
        self.press(desk, "action_post")
        desk.stop()
        server = Server(database, self.addCleanup)
        self.wait_for(database, "SELECT 1 FROM account_move WHERE state = 'posted'")
        server.kill()
        self.assertEqual(self.run_state(database), "posting")
        server = Server(database, self.addCleanup)
        self.wait_for(database, "SELECT 1 FROM property_billing_run WHERE state = 'posted'")
        self.wait_for(
            database,
            "SELECT 1 FROM queue_job HAVING BOOL_AND(state IN ('done', 'failed'))",
        )
        server.kill()
        self.assert_as_undisturbed(database)

    def wait_for(self, database, query):
        end = time.monotonic() + 600
        while not self.rows(database, query):
            self.assertLess(time.monotonic(), end, query)
            time.sleep(0.2)

    # --- two at once ------------------------------------------------------------

    def press_at_once(self, database, button, **options):
        """Two supervisors press the button: one is told nothing, the other a sentence.

        Returns the desk of one of them.
        """
        desks = [self.desk(database) for _login in SUPERVISORS]
        for desk, login in zip(desks, SUPERVISORS, strict=True):
            desk.begin("call", model=RUN, method=button, login=login, **options)
        told = []
        for desk in desks:
            try:
                told.append(desk.answer())
            except Refused as refusal:
                told.append(str(refusal))
        desks[1].stop()
        self.assertEqual(told.count(None), 1, told)
        [sentence] = [text for text in told if text]
        self.assertIn("SIZE 2024-01", sentence)
        self.assertRegex(sentence, "somebody|Reload")
        return desks[0]

    def test_two_post_at_once(self):
        """In the background, and at once in the request itself."""
        for name, inline in (("background", 0), ("request", SIZE)):
            with self.subTest(name):
                database = self.copy_database(self.approved, f"two_{name}")
                self.rows(database, "UPDATE res_company SET pm_inline_units = %s", inline)
                desk = self.press_at_once(database, "action_post")
                desk.order("work")
                desk.stop()
                self.assert_as_undisturbed(database)

    def test_two_compute_at_once(self):
        database = self.copy_database(self.source, "two_compute")
        self.rows(database, "UPDATE res_company SET pm_inline_units = %s", SIZE)
        desk = self.press_at_once(database, "action_compute")
        self.ask_approval(desk)
        self.post(desk)
        desk.stop()
        self.assert_as_undisturbed(database)

    def test_two_workers_at_once(self):
        """They share the parts; who looks whether all are done is not in their way."""
        database = self.copy_database(self.source, "two_workers")
        first, second = self.desk(database), self.desk(database)
        self.press(second, "action_compute")
        first.order("work", jobs=1, hold=True)
        second.order("work", jobs=10)
        first.order("commit")
        second.order("work")
        self.assertEqual(self.run_state(database), "computed")
        self.ask_approval(second)
        self.press(second, "action_post")
        for worker in (first, second):
            worker.begin("work")
        for worker in (first, second):
            worker.answer()
        second.order("work")
        for worker in (first, second):
            worker.stop()
        self.assert_as_undisturbed(database)

    def test_stopped_while_a_part_is_posted(self):
        """That part is finished, the others are left; posting goes on later."""
        database = self.copy_database(self.approved, "stopped")
        desk, worker = self.desk(database), self.desk(database)
        self.press(desk, "action_post")
        worker.order("work", jobs=1)
        worker.order("work", jobs=1, hold=True)
        desk.begin("call", model=RUN, method="action_stop_posting", login=SUPERVISORS[1])
        self.assertFalse(desk.answered(1))
        worker.order("commit")
        desk.answer()
        worker.order("work")
        self.assertEqual(self.run_state(database), "posted")
        self.assertEqual(len(self.rows(database, BILLS)), 2 * PART)
        self.post(desk)
        for agent in (desk, worker):
            agent.stop()
        self.assert_as_undisturbed(database)

    # --- a reading is corrected meanwhile -----------------------------------------

    def reread(self, desk, unit, index, hold=False):
        reading = {
            "model": "property.meter.reading",
            "domain": [("unit_id.code", "=", unit), ("date", "=", "2024-01-31")],
            "login": SUPERVISORS[1],
        }
        args = [index, "Misread."]
        desk.order("call", method="action_reread", args=args, hold=hold, **reading)
        desk.order("call", method="action_accept", args=["Seen on the spot."], **reading)

    def water_of(self, database, unit):
        query = """
            SELECT charge.amount, charge.quantity, charge.state
              FROM property_charge charge
              JOIN property_unit unit ON unit.id = charge.unit_id AND unit.code = %s
              JOIN property_fee_rule rule ON rule.id = charge.fee_rule_id
             WHERE rule.method = 'metered' ORDER BY charge.id"""
        return [
            (float(amount), float(quantity), state)
            for amount, quantity, state in self.rows(database, query, unit)
        ]

    def test_reading_corrected_while_the_run_computes(self):
        """What was computed of it is not posted; computed again it has the new usage."""
        database = self.copy_database(self.source, "reread_compute")
        desk, worker = self.desk(database), self.desk(database)
        self.press(desk, "action_compute")
        worker.order("work", jobs=1, hold=True)
        self.reread(desk, "U00003", 110)
        worker.order("commit")
        worker.stop()
        desk.order("work")
        self.assertEqual(self.water_of(database, "U00003"), [(14.22, 6.0, "draft")])
        self.ask_approval(desk)
        with self.assertRaisesRegex(Refused, "first for unit .*U00003.* compute again"):
            self.press(desk, "action_post")
        self.assertEqual(self.rows(database, BILLS), [])
        self.press(desk, "action_back_to_review")
        self.compute(desk)
        self.assertEqual(self.water_of(database, "U00003"), [(23.7, 10.0, "draft")])
        self.ask_approval(desk)
        self.post(desk)
        desk.stop()
        self.assertEqual(self.water_of(database, "U00003"), [(23.7, 10.0, "billed")])
        self.assertEqual(self.numbers(database), list(range(1, len(self.outcome["bills"]) + 1)))
        self.assert_sound(database)

    def test_reading_corrected_while_the_run_posts(self):
        """Before its part: listed, not billed. While its part is billed: it is too late."""
        database = self.copy_database(self.approved, "reread_post")
        desk, worker = self.desk(database), self.desk(database)
        self.press(desk, "action_post")
        self.reread(desk, f"U{SIZE - 3:05}", 110)
        worker.order("work", jobs=1, hold=True)
        desk.order("wait_at_most", milliseconds=500)
        with self.assertRaisesRegex(Refused, "locked by another transaction"):
            self.reread(desk, "U00003", 110, hold=True)
        worker.order("commit")
        with self.assertRaisesRegex(Refused, "is billed, so Read Again is too late"):
            self.reread(desk, "U00003", 110)
        worker.order("work")
        worker.stop()
        self.assertEqual(self.run_state(database), "posted")
        self.assertEqual(self.water_of(database, "U00003"), [(14.22, 6.0, "billed")])
        listed = [row[2] for row in self.rows(database, ISSUES) if row[1] == "changed"]
        self.assertEqual(listed, [f"U{SIZE - 3:05}"])
        bills = self.rows(database, BILLS)
        left_out = [bill for bill in self.outcome["bills"] if bill not in bills]
        self.assertEqual([bill[0] for bill in left_out], [f"Owner {SIZE - 3:05}"])
        desk.stop()
        self.assert_sound(database)

    # --- the accounting period is closed meanwhile ----------------------------------

    def test_period_closed_in_the_middle(self):
        database = self.copy_database(self.approved, "closed")
        desk, worker = self.desk(database), self.desk(database)
        self.press(desk, "action_post")
        worker.order("work", jobs=1)
        posted = self.rows(database, BILLS)
        self.assertEqual(len(posted), PART)
        # a part is under way: closing waits for it
        worker.order("work", jobs=1, hold=True)
        desk.order("wait_at_most", milliseconds=500)
        with self.assertRaisesRegex(Refused, "locked by another transaction"):
            self.close_books(desk, "2024-01-31", hold=True)
        worker.order("commit")
        self.close_books(desk, "2024-01-31")
        worker.order("work")
        self.assertEqual(self.run_state(database), "posting")
        self.assertEqual(len(self.rows(database, BILLS)), 2 * PART)
        [sentence] = set(
            self.rows(database, "SELECT error FROM property_billing_batch WHERE state = 'failed'")
        )
        self.assertRegex(sentence[0], "2024-01-31 is closed .* Reopen it")
        self.assert_sound(database)
        # pressing on without opening changes nothing
        self.press(desk, "action_resume")
        worker.order("work")
        self.assertEqual(len(self.rows(database, BILLS)), 2 * PART)
        self.close_books(desk, False)
        self.press(desk, "action_resume")
        worker.order("work")
        for agent in (desk, worker):
            agent.stop()
        self.assert_as_undisturbed(database)

    def close_books(self, desk, day, **options):
        desk.order(
            "call",
            model="res.company",
            method="write",
            domain=[("id", "=", 1)],
            args=[{"sale_lock_date": day}],
            **options,
        )

    # --- printing, as long work ---------------------------------------------------

    LETTERS = """
        SELECT letter.number, letter.printed_at IS NOT NULL, COUNT(file.id)
          FROM property_letter letter
          LEFT JOIN ir_attachment file ON file.res_model = 'property.letter'
           AND file.res_field = 'pdf' AND file.res_id = letter.id
         GROUP BY letter.id ORDER BY letter.serial"""

    def start_printing(self, name, size=8):
        """The run is delivered and its notices wait to be printed; who delivers, and where."""
        database = self.copy_database(self.posted, name)
        self.rows(database, "UPDATE res_company SET pm_print_size = %s", size)
        desk = self.desk(database)
        self.press(desk, "action_deliver")
        desk.order("work", jobs=1)
        return database, desk

    def assert_all_printed(self, database):
        letters = self.rows(database, self.LETTERS)
        self.assertTrue(letters)
        self.assertEqual({row[1:] for row in letters}, {(True, 1)})
        [(state, total, done)] = self.rows(
            database,
            """SELECT work.state, work.total, SUM(part.size) FILTER (WHERE part.state = 'done')
                 FROM property_work work JOIN property_work_part part ON part.work_id = work.id
                WHERE work.method = '_print_part' GROUP BY work.id""",
        )
        self.assertEqual((state, total, done), ("done", len(letters), len(letters)))
        self.assert_sound(database)

    def test_printing_killed_at_any_moment(self):
        chance = random.Random(SEED)
        database, desk = self.start_printing("printing")
        cost = desk.order("work", jobs=1)
        said = []
        for _kill in range(ROUNDS):
            worker = self.desk(database)
            moment = chance.randint(1, int(cost["statements"]))
            said.append(str(moment))
            try:
                worker.order("work", die_at=moment)
                worker.stop()
            except Died:
                self.wait_until_gone(database, worker)
                desk.order("find_dead")
        desk.order("work")
        desk.stop()
        show("killed", f"seed {SEED}, printing killed before statements {', '.join(said)}\n")
        self.assert_all_printed(database)

    def test_printing_cancelled_while_a_part_is_printed(self):
        """That part is finished, the rest is left, and goes on when it is wanted."""
        database, desk = self.start_printing("cancelled")
        worker = self.desk(database)
        worker.order("work", jobs=1)
        worker.order("work", jobs=1, hold=True)
        steer = {
            "model": "property.work",
            "domain": [("name", "ilike", "notices")],
            "login": SUPERVISORS[0],
        }
        desk.order("call", method="action_cancel", **steer)
        worker.order("commit")
        worker.order("work")
        printed = [row for row in self.rows(database, self.LETTERS) if row[1]]
        self.assertEqual(len(printed), 16)
        [(state,)] = self.rows(database, "SELECT state FROM property_work")
        self.assertEqual(state, "cancelled")
        with self.assertRaisesRegex(Refused, "nothing to cancel"):
            desk.order("call", method="action_cancel", **steer)
        desk.order("call", method="action_continue", **steer)
        worker.order("work")
        for agent in (desk, worker):
            agent.stop()
        self.assert_all_printed(database)

    def test_printing_is_shared_by_two_workers(self):
        database, first = self.start_printing("shared", size=15)
        second = self.desk(database)
        first.order("work", jobs=1, hold=True)
        second.order("work", jobs=3)
        first.order("commit")
        second.order("work")
        for agent in (first, second):
            agent.stop()
        self.assert_all_printed(database)

    def test_printing_asked_for_twice_at_once_is_one_work(self):
        database = self.copy_database(self.posted, "asked_twice")
        desks = [self.desk(database) for _login in SUPERVISORS]
        for desk, login in zip(desks, SUPERVISORS, strict=True):
            desk.begin("call", model=RUN, method="action_deliver", login=login)
        told = []
        for desk in desks:
            try:
                told.append(desk.answer())
            except Refused as refusal:
                told.append(str(refusal))
        self.assertIn(None, told)
        desks[0].order("work")
        for desk in desks:
            desk.stop()
        self.assert_all_printed(database)
