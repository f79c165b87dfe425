from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestWorkAtTheTop(PropertyCase):
    """What the person at the screen has started, and how far it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("officer", cls.estate, login="top_clerk")
        cls.colleague = cls.make_user("manager", cls.estate, login="top_colleague")
        registry = cls.registry["property.unit"]
        registry._work_look = lambda units, items, part: None
        cls.addClassCleanup(delattr, registry, "_work_look")

    def start(self, **options):
        works = self.env["property.work"].with_user(self.clerk)
        with trap_jobs():
            return works._start(
                self.unit.with_env(works.env),
                "_work_look",
                [[1], [2, 3, 4]],
                name="Looking",
                **options,
            )

    def mine(self, user=None):
        self.env.invalidate_all()
        return self.env["property.work"].with_user(user or self.clerk).get_mine()

    def test_running_work_is_shown_with_its_progress_to_who_started_it(self):
        self.assertEqual(self.mine(), {"running": 0, "failed": 0, "rows": []})
        work = self.start()
        work.sudo().part_ids[0].state = "done"
        told = self.mine()
        self.assertEqual(told["running"], 1)
        self.assertEqual(
            [(row["name"], row["state"], row["progress"]) for row in told["rows"]],
            [("Looking", "waiting", 25)],
        )
        self.assertEqual(self.mine(self.colleague)["rows"], [])

    def test_what_ended_stays_for_a_day(self):
        work = self.start()
        work._finish("failed", error="The printer burns.")
        told = self.mine()
        self.assertEqual((told["running"], told["failed"], len(told["rows"])), (0, 1, 1))
        work.sudo().date_done = fields.Datetime.now() - timedelta(days=2)
        self.assertEqual(self.mine()["rows"], [])

    def test_what_was_done_at_once_is_not_shown(self):
        self.start(inline=True)
        self.assertEqual(self.mine()["rows"], [])

    def test_what_runs_stands_first(self):
        self.start()
        self.start(arguments={}, inline=False)._finish("cancelled")
        newer = self.start()
        newer_done = self.env["property.work"].with_user(self.clerk)._make_record(
            self.unit, {"name": "Done", "state": "done", "date_done": fields.Datetime.now()}
        )
        rows = self.mine()["rows"]
        self.assertEqual(rows[0]["id"], newer.id)
        self.assertIn(newer_done.id, [row["id"] for row in rows[1:]])

    def test_the_screen_is_told_when_work_begins(self):
        with patch.object(type(self.clerk), "_bus_send", autospec=True) as told:
            self.start()
        self.assertIn("property_work_begun", [call.args[1] for call in told.call_args_list])

    def test_outsiders_are_told_nothing(self):
        self.assertEqual(self.mine(self.env.ref("base.public_user"))["rows"], [])
