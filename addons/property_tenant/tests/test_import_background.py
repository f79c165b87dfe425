from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.tests.common import trap_jobs

from .import_common import OCCUPANCY_HEADER, UNIT_HEADER, ImportCase


@tagged("post_install", "-at_install")
class TestImportBackground(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"pm_import_inline_rows": 5, "pm_import_batch_rows": 4})
        good = [["HP", "A", f"A-5{n:02}", 5, "Office", 10] for n in range(9)]
        cls.rows = [UNIT_HEADER, *good, ["XX", "A", "A-5", 5, "", 1]]

    def units(self):
        return self.env["property.unit"].search_count([("code", "=like", "A-5%")])

    def perform(self, trap, steps=100):
        """Run up to ``steps`` jobs, those that jobs have left included; returns how many ran."""
        done = 0
        while trap.enqueued_jobs and done < steps:
            done += 1
            trap.perform_enqueued_jobs()
        return done

    def checked(self):
        record = self.new_import("unit", self.rows)
        with trap_jobs() as trap:
            record.action_check()
            self.perform(trap)
        self.assertEqual(record.state, "checked")
        return record

    def test_a_long_file_is_read_checked_and_imported_by_jobs_batch_by_batch(self):
        record = self.new_import("unit", self.rows)
        with trap_jobs() as trap:
            record.action_check()
            self.assertEqual((record.state, record.row_count), ("checking", 0))
            trap.assert_jobs_count(1, only=record._job_read)
            # reading, and three batches of 4, 4 and 2 rows
            self.assertEqual(self.perform(trap), 4)
        self.assertEqual((record.state, self.counts(record)), ("checked", (9, 0, 0, 1)))
        self.assertEqual(self.units(), 0)
        with trap_jobs() as trap:
            record.action_import()
            self.assertEqual((record.state, record.progress), ("importing", 0))
            self.perform(trap, 1)
            self.assertEqual((record.progress, self.units()), (40, 4))
            self.perform(trap)
        self.assertEqual((record.state, self.counts(record)), ("done", (9, 0, 0, 1)))
        self.assertEqual(self.units(), 9)

    def test_of_a_long_file_only_the_bad_rows_are_listed(self):
        record = self.checked()
        self.assertEqual(record.line_ids.mapped("number"), [11])
        self.assertEqual(record.bad_line_ids, record.line_ids)

    def test_a_short_file_needs_no_job(self):
        with trap_jobs() as trap:
            self.run_import("unit", self.rows[:6])
            trap.assert_jobs_count(0)

    def test_the_jobs_are_the_users(self):
        record = self.new_import("unit", self.rows)
        with trap_jobs() as trap:
            record.action_check()
            job = trap.enqueued_jobs[0]
        self.assertEqual(job.recordset.env.uid, self.manager.id)
        self.assertFalse(job.recordset.env.su)

    def test_who_imports_is_told_when_it_is_done(self):
        record = self.checked()
        work = self.work_of(record)
        message = self.env["mail.message"].search(
            [("model", "=", work._name), ("res_id", "=", work.id)]
        )
        self.assertEqual(
            message.notified_partner_ids or message.partner_ids, self.manager.partner_id
        )
        self.assertIn("9 new, 0 changed, 0 unchanged, 1 bad rows", message.body)

    def work_of(self, record):
        return self.env["property.work"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=1
        )

    def test_long_imports_are_listed_as_long_work_with_their_progress(self):
        record = self.checked()
        checking = self.work_of(record)
        self.assertEqual((checking.state, checking.done), ("done", 10))
        self.assertEqual(checking.user_id, self.manager)
        with trap_jobs() as trap:
            record.action_import()
            work = self.work_of(record)
            self.assertNotEqual(work, checking)
            self.assertEqual((work.state, work.progress), ("running", 0))
            self.perform(trap, 1)
            self.assertEqual((work.done, work.total), (4, 10))
            work.with_user(self.manager).action_cancel()
            self.assertEqual((record.state, work.state), ("stopped", "cancelled"))
            work.with_user(self.manager).action_continue()
            self.assertEqual((record.state, work.state), ("importing", "running"))
            self.perform(trap)
        self.assertEqual((work.state, work.progress), ("done", 100))
        action = work.with_user(self.manager).action_open_result()
        self.assertEqual((action["res_model"], action["res_id"]), (record._name, record.id))

    def test_stopping_keeps_what_is_imported_and_can_go_on(self):
        record = self.checked()
        with trap_jobs() as trap:
            record.action_import()
            self.perform(trap, 1)
            record.action_stop()
            self.assertEqual(self.perform(trap), 1)
        self.assertEqual((record.state, self.units()), ("stopped", 4))
        self.assertEqual(record.progress, 40)
        with trap_jobs() as trap:
            record.action_import()
            self.perform(trap)
        self.assertEqual((record.state, self.units()), ("done", 9))

    def test_stopping_a_check_goes_back_to_the_draft(self):
        record = self.new_import("unit", self.rows)
        with trap_jobs() as trap:
            record.action_check()
            self.perform(trap, 2)
            record.action_stop()
            self.perform(trap)
        self.assertEqual((record.state, len(record.batch_ids)), ("draft", 0))

    def test_a_second_press_adds_no_second_row_of_jobs(self):
        record = self.checked()
        with trap_jobs() as trap:
            record.action_import()
            with self.assertRaises(UserError):
                record.action_import()
            record.action_resume()
            trap.assert_jobs_count(1)

    def test_a_job_that_runs_twice_imports_once(self):
        record = self.checked()
        with trap_jobs() as trap:
            record.action_import()
            self.perform(trap)
            self.assertFalse(trap.enqueued_jobs)
            record._job_step()
            record._job_read()
            self.assertFalse(trap.enqueued_jobs)
        self.assertEqual((record.state, self.units()), ("done", 9))

    def test_a_failed_job_leaves_word_and_the_work_goes_on_from_there(self):
        record = self.checked()
        with trap_jobs() as trap:
            record.action_import()
            self.perform(trap, 1)
            Kind = self.env.registry["property.import.kind.unit"]
            with patch.object(Kind, "_prepare", side_effect=TypeError("bug")):
                with self.assertRaises(TypeError):
                    self.perform(trap)
            record._on_job_failed(exc_name="TypeError", exc_message="bug", exc_info="...")
        self.assertTrue(record.is_stalled)
        self.assertIn("Press Continue", record.problem)
        self.assertNotIn("bug", record.problem)
        with trap_jobs() as trap:
            record.action_resume()
            self.assertFalse(record.is_stalled)
            self.perform(trap)
        self.assertEqual((record.state, self.units()), ("done", 9))

    def test_a_file_that_turns_out_bad_later_comes_back_to_the_draft(self):
        text = "Estate Code,Unit Code\n" + "HP,A-101\n" * 6 + '"HP'
        record = self.new_import("unit", text.encode())
        with trap_jobs() as trap:
            record.action_check()
            self.perform(trap)
        self.assertEqual(record.state, "draft")
        self.assertIn("quotation marks in row 8", record.problem)

    def test_failed_jobs_of_the_import_are_reported_by_the_queue(self):
        for method in ("_job_read", "_job_step"):
            config = self.env["queue.job.function"].job_config(f"<property.import>.{method}")
            self.assertEqual(config.on_fail_method_name, "_on_job_failed")
            self.assertEqual(config.channel, "root.property_import")

    def test_rows_of_one_unit_stay_in_one_batch(self):
        """What the check of a batch cannot see would only fail on import."""
        rows = [["HP", "A-101", "P-1", "tenant", "2020-01-01", "2020-12-31"]]
        rows += [
            ["HP", "A-102", "P-1", "tenant", f"20{n}-01-01", f"20{n}-01-31"] for n in range(10, 18)
        ]
        rows += [["HP", "A-101", "P-2", "tenant", "2020-06-01", ""]]
        record = self.new_import("occupancy", [OCCUPANCY_HEADER, *rows], self.officer)
        with trap_jobs() as trap:
            record.action_check()
            self.perform(trap)
        self.assertEqual(list(self.reasons(record)), [11])

    def test_two_imports_of_parties_cannot_both_make_the_same_reference(self):
        """No constraint guards references, so the second waits and is then retried."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            for cursor in (first, second):
                # the snapshots of both are taken before either writes
                cursor.execute("SELECT 1 FROM property_import_target LIMIT 1")
            self.env(cr=first)["property.import.kind.party"]._take_turn()
            second.execute("SET LOCAL lock_timeout = '100ms'")
            with mute_logger("odoo.sql_db"), self.assertRaises(LockNotAvailable):
                self.env(cr=second)["property.import.kind.party"]._take_turn()
            second.rollback()
            self.env(cr=second)["property.import.kind.unit"]._take_turn()
            first.rollback()
