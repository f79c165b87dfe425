from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs

from ..calc.work import lanes_needed, percent, split
from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestWork(PropertyCase):
    """Long work on the units of an estate: each part writes a note on some units."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.units = cls.unit | cls.unit_2 | cls.unit_3
        cls.clerk = cls.make_user("officer", cls.estate, login="work_clerk")
        cls.colleague = cls.make_user("officer", cls.estate, login="work_colleague")
        cls.manager = cls.make_user("manager", cls.estate, login="work_manager")
        cls.elsewhere = cls.make_user(
            "manager", cls.make_estate("LP"), login="work_manager_elsewhere"
        )
        cls.controller = cls.make_user("controller", cls.estate, login="work_controller")
        registry = cls.registry["property.unit"]
        cls.calls = []

        def note(units, items, part, word="seen"):
            cls.calls.append((units.env.uid, units.env.su, units.env.lang, items))
            if "bad" in items:
                raise UserError("Cannot be noted: " + items[0])  # pylint: disable=translation-required
            part._keep_file(f"{part.sequence}.txt", word.encode())
            return len(items)

        def collect(_units, work):
            texts = [file._get_content() for file in work.file_ids.sudo()]
            work._set_result(file=("all.txt", b"+".join(texts)), message="Noted.")

        for name, method in (("_work_note", note), ("_work_collect", collect)):
            setattr(registry, name, method)
            cls.addClassCleanup(delattr, registry, name)

    def setUp(self):
        super().setUp()
        self.calls.clear()

    def start(self, parts=((1, 2), (3,)), user=None, **options):
        works = self.env["property.work"].with_user(user or self.clerk)
        return works._start(
            self.units.with_env(works.env),
            "_work_note",
            parts,
            name="Note the units",
            **{"end": "_work_collect", **options},
        )

    @contextmanager
    def jobs(self):
        """Jobs are kept; ``perform`` does them in the order in which they came."""
        with trap_jobs() as trap:

            def perform(steps=100):
                done = 0
                while trap.enqueued_jobs and done < steps:
                    done += 1
                    trap.perform_enqueued_jobs()
                return done

            yield perform

    def messages(self, work):
        return self.env["mail.message"].search(
            [("model", "=", "property.work"), ("res_id", "=", work.id)]
        )

    # --- the way through ----------------------------------------------------

    def test_parts_are_done_one_after_the_other_and_counted_by_rows(self):
        with self.jobs() as perform:
            work = self.start()
            self.assertEqual((work.state, work.total, work.done), ("waiting", 3, 0))
            perform(2)
            work.invalidate_recordset()
            self.assertEqual((work.state, work.done, round(work.progress)), ("running", 2, 67))
            perform()
        work.invalidate_recordset()
        self.assertEqual((work.state, work.done, work.progress), ("done", 3, 100))
        self.assertEqual([call[3] for call in self.calls], [[1, 2], [3]])
        self.assertEqual(work.sudo().part_ids.mapped("result"), [2, 1])

    def test_the_work_has_the_rights_and_the_language_of_who_started_it(self):
        with self.jobs() as perform:
            self.start()
            perform()
        self.assertEqual({call[:2] for call in self.calls}, {(self.clerk.id, False)})

    def test_who_started_it_is_told_and_opens_the_result(self):
        with self.jobs() as perform:
            work = self.start(arguments={"word": "looked at"})
            self.assertEqual(work._get_action()["tag"], "display_notification")
            perform()
        self.assertEqual(work.message, "Noted.")
        self.assertEqual(
            self.messages(work).notified_partner_ids or self.messages(work).partner_ids,
            self.clerk.partner_id,
        )
        action = work.action_open_result()
        file = work.file_ids.filtered("is_result")
        self.assertIn(f"property.work.file/{file.id}/content", action["url"])
        self.assertEqual(file._get_content(), b"looked at+looked at")

    def test_little_work_is_done_at_once_without_job_and_notice(self):
        with trap_jobs() as trap:
            work = self.start(inline=True)
            trap.assert_jobs_count(0)
        self.assertEqual((work.state, work.done, work.is_inline), ("done", 3, True))
        self.assertFalse(self.messages(work))
        self.assertEqual(work._get_action()["type"], "ir.actions.act_url")

    def test_little_work_that_is_refused_raises_and_leaves_nothing(self):
        before = self.env["property.work"].search_count([])
        with self.refused("Cannot be noted: bad"):
            with self.env.cr.savepoint():
                self.start([["bad"]], inline=True)
        self.assertEqual(self.env["property.work"].search_count([]), before)

    def test_work_without_parts_ends_at_once(self):
        with self.jobs() as perform:
            work = self.start([])
            perform()
        self.assertEqual((work.state, work.progress), ("done", 100))

    # --- what goes wrong ----------------------------------------------------

    def test_a_refused_part_is_named_and_the_others_are_done(self):
        with self.jobs() as perform:
            work = self.start([[1], ["bad"], [3]])
            perform()
        self.assertEqual((work.state, work.done), ("failed", 2))
        self.assertIn("1 of 3 could not be done:\nCannot be noted: bad", work.error)
        self.assertFalse(work.has_result)

    def test_continue_does_only_what_is_left(self):
        with self.jobs() as perform:
            work = self.start([[1], ["bad"], [3]])
            perform()
            work.sudo().part_ids[1].items = [2]
            self.calls.clear()
            work.action_continue()
            perform()
        work.invalidate_recordset()
        self.assertEqual((work.state, work.done, work.error), ("done", 3, False))
        self.assertEqual([call[3] for call in self.calls], [[2]])

    def test_cancel_stops_between_two_parts_and_continue_goes_on(self):
        with self.jobs() as perform:
            work = self.start()
            perform(2)
            work.action_cancel()
            perform()
            self.assertEqual((work.state, work.done), ("cancelled", 2))
            with self.refused("nothing to cancel"):
                work.action_cancel()
            work.action_continue()
            perform()
        work.invalidate_recordset()
        self.assertEqual((work.state, work.done), ("done", 3))

    def test_an_error_of_the_program_leaves_a_sentence_without_its_details(self):
        with self.jobs() as perform:
            work = self.start()
            Unit = self.env.registry["property.unit"]
            with patch.object(Unit, "_work_note", side_effect=TypeError("secret")):
                with self.assertRaises(TypeError):
                    perform()
            work._on_job_failed(exc_name="TypeError", exc_message="secret")
        self.assertEqual(work.state, "failed")
        self.assertIn("Press Continue", work.error)
        self.assertNotIn("secret", work.error)

    def test_the_queue_reports_failed_jobs_to_the_work(self):
        for method in ("_job_begin", "_job_step"):
            config = self.env["queue.job.function"].job_config(f"<property.work>.{method}")
            self.assertEqual(config.on_fail_method_name, "_on_job_failed")

    def test_work_whose_jobs_are_gone_is_given_up(self):
        with trap_jobs():
            lost, young = self.start(), self.start(arguments={"word": "x"})
        queued = self.start(arguments={"word": "y"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE property_work SET write_date = %s WHERE id IN %s",
            [fields.Datetime.now() - timedelta(hours=1), (lost.id, queued.id)],
        )
        self.env.invalidate_all()
        self.env["property.work"]._cron_watch()
        self.assertEqual(
            [work.state for work in (lost, young, queued)], ["failed", "waiting", "waiting"]
        )
        self.assertIn("Press Continue", lost.error)

    # --- once ---------------------------------------------------------------

    def test_the_same_work_is_started_once(self):
        with trap_jobs() as trap:
            work = self.start()
            again = self.start(user=self.colleague)
            self.assertEqual(again, work)
            trap.assert_jobs_count(1)
        text = again._get_action()["params"]["message"]
        self.assertIn(self.clerk.name, text)
        with self.jobs() as perform:
            self.start(arguments={"word": "other work"})
            perform()

    def test_the_database_refuses_the_same_work_twice_at_once(self):
        with trap_jobs():
            work = self.start().sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.env.cr.savepoint():
                work.copy({"key": work.key, "state": "running"})
                self.env.flush_all()

    def test_a_part_is_done_by_one_job_of_two(self):
        with trap_jobs():
            work = self.start()
        Part = self.env["property.work.part"]
        first = Part._take(work)
        self.assertEqual(first.sequence, 1)
        first._do()
        self.assertEqual(Part._take(work).sequence, 2)

    def test_the_last_job_waits_for_parts_that_others_hold(self):
        with trap_jobs():
            work = self.start()
        with patch.object(
            self.env.registry["property.work.part"],
            "_take",
            lambda parts, _work: parts.browse(),
        ):
            with self.assertRaises(RetryableJobError):
                work._job_step(1)
        self.assertEqual(work.state, "waiting")

    def test_several_lanes_are_several_rows_of_jobs(self):
        with self.jobs() as perform:
            work = self.start([[1], [2], [3]], lanes=2)
            self.assertEqual(perform(1), 1)
            perform()
        self.assertEqual((work.state, len(self.calls)), ("done", 3))

    # --- who ------------------------------------------------------------------

    def test_everybody_sees_their_own_work_and_managers_that_of_their_estates(self):
        with trap_jobs():
            work = self.start(estate=self.estate)
        for user, sees in (
            (self.clerk, True),
            (self.colleague, False),
            (self.manager, True),
            (self.controller, True),
            (self.elsewhere, False),
        ):
            found = self.env["property.work"].with_user(user).search([("id", "=", work.id)])
            self.assertEqual(bool(found), sees, user.login)

    def test_nobody_writes_work_by_hand(self):
        with trap_jobs():
            work = self.start()
        for user in (self.clerk, self.manager, self.controller):
            own = work.with_user(user)
            with self.assertRaises(AccessError):
                own.write({"state": "done"})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.read(["method"])
            with self.assertRaises(AccessError):
                own.create({"name": "x", "res_model": "res.users", "user_id": user.id})

    def test_the_result_is_for_who_started_it_alone(self):
        with self.jobs() as perform:
            work = self.start()
            perform()
        file = work.file_ids.filtered("is_result")
        for user in (self.colleague, self.manager, self.controller):
            with self.assertRaises(AccessError):
                file.with_user(user).read(["content"])
        with self.refused("is for work_clerk"):
            work.with_user(self.manager).action_open_result()
        with self.assertRaises(AccessError):
            work.with_user(self.colleague).action_open_result()
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "property.work.file"),
                ("res_id", "=", file.id),
                ("res_field", "=", "content"),
            ]
        )
        with self.assertRaises(AccessError):
            attachment.with_user(self.manager).read(["raw"])

    def test_a_manager_may_cancel_and_a_controller_may_not(self):
        with trap_jobs():
            work = self.start()
        with self.refused("so can a manager"):
            work.with_user(self.controller).action_cancel()
        with self.assertRaises(AccessError):
            work.with_user(self.colleague).action_cancel()
        work.with_user(self.manager).action_cancel()
        self.assertEqual(work.state, "cancelled")
        self.assertIn("work_manager", work.error)
        self.assertTrue(self.messages(work))

    def test_rights_that_were_taken_away_meanwhile_are_gone(self):
        with self.jobs() as perform:
            work = self.start()
            self.clerk.estate_ids = False

            def look(units, _items, _part, **_arguments):
                units.read(["code"])

            with patch.object(self.env.registry["property.unit"], "_work_note", look):
                perform()
        self.assertEqual((work.state, work.done), ("failed", 0))

    # --- keeping ----------------------------------------------------------------

    def test_results_are_forgotten_after_some_days_and_work_later(self):
        with self.jobs() as perform:
            work = self.start()
            perform()
        self.env.flush_all()
        self.env["property.work.file"]._gc_files()
        self.assertTrue(work.has_result)
        self.env.cr.execute("UPDATE property_work_file SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        self.env["property.work.file"]._gc_files()
        self.assertFalse(work.file_ids)
        with self.refused("has no result"):
            work.action_open_result()
        self.env["property.work"]._gc_works()
        self.assertTrue(work.exists())
        self.env.cr.execute("UPDATE property_work SET write_date = '2020-01-01'")
        self.env.invalidate_all()
        self.env["property.work"]._gc_works()
        self.assertFalse(work.exists())

    # --- rules ------------------------------------------------------------------

    def test_rules(self):
        self.assertEqual(split([1, 2, 3], 2), [[1, 2], [3]])
        self.assertEqual(split([], 2), [])
        self.assertEqual(split([1], 0), [[1]])
        self.assertEqual([percent(*pair) for pair in ((0, 0), (1, 4), (9, 4))], [0, 25, 100])
        self.assertEqual(
            [lanes_needed(*pair) for pair in ((2, 5), (4, 2), (3, 0), (0, 3))], [2, 2, 1, 1]
        )
