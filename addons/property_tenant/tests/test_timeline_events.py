"""Everything that happens about an occupancy is in its time line, without anyone filing it."""

import time
from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .items_common import ItemsCase

FEW, MANY, HUGE = 10, 100, 10_000


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestTimelineEvents(ItemsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.occupancy = cls.held
        cls.manager = cls.make_user("manager", cls.estate)
        cls.passport = cls.env["property.document.type"].create(
            {"name": "Passport", "code": "passport_x"}
        )

    def make_document(self, **values):
        return self.env["property.document"].create(
            {"type_id": self.passport.id, "occupancy_id": self.occupancy.id, **values}
        )

    def entries(self, user, *kinds, **options):
        found = self.occupancy.with_user(user).get_timeline(kinds=list(kinds) or None, **options)
        return found["entries"]

    def only(self, user, kind):
        [entry] = self.entries(user, kind)
        return entry

    def happen(self):
        """One of each, as the roles record them; returns {kind: record that is opened}."""
        env, held = self.env, self.occupancy
        slip = self.lend((self.keys, 2))
        incident = self.report(slip.loan_ids)
        appointment = env["property.occupancy.appointment"].create(
            {"occupancy_id": held.id, "date": datetime(2026, 2, 1, 8), "place": "Lobby"}
        )
        form = env["property.form"].create({"name": "Notice", "sign_party": False})
        issue = env["property.form.issue"]._issue(held, form)
        template = env["property.inspection.template"].create(
            {
                "name": "Round",
                "kind": "handover",
                "point_ids": [Command.create({"section": "Door", "name": "Lock"})],
            }
        )
        inspection = env["property.inspection"].create(
            {
                "template_id": template.id,
                "estate_id": self.estate.id,
                "unit_id": self.unit.id,
                "occupancy_id": held.id,
            }
        )
        inspection.action_start()
        defect = env["property.defect"].create(
            {
                "name": "Scratched door",
                "estate_id": self.estate.id,
                "unit_id": self.unit.id,
                "occupancy_id": held.id,
            }
        )
        visit = env["property.visit"].create(
            {"occupancy_id": held.id, "purpose": "Greeting", "channel": "visit"}
        )
        visit.write({"date_done": datetime(2026, 3, 1, 9), "asked": "?", "answered": "!"})
        visit.action_done()
        sign = env["property.sign.request"].create({"occupancy_id": held.id, "text": "Acme"})
        space = env["property.unit"].create(
            {"code": "P-1", "building_id": self.building.id, "usage": "parking"}
        )
        parking = env["property.parking.request"].create(
            {"occupancy_id": held.id, "unit_id": space.id, "vehicle_number": "AB 1"}
        )
        document = self.make_document()
        return {
            "appointment": appointment,
            "form": issue,
            "item": slip,
            "item_incident": incident,
            "inspection": inspection,
            "defect": defect,
            "visit": visit,
            "sign": sign,
            "parking": parking,
            "document": document,
        }

    def test_each_thing_that_happens_is_there_and_opens_its_record(self):
        for kind, record in self.happen().items():
            with self.subTest(kind):
                entry = self.only(self.manager, kind)
                self.assertEqual((entry["model"], entry["id"]), (record._name, record.id))
                self.assertTrue(entry["title"])
                # the form that the row opens can be read by who sees the row
                record.with_user(self.manager).check_access("read")
                record.with_user(self.manager).get_views([(False, "form")])

    def test_all_kinds_together_are_in_order(self):
        happened = self.happen()
        entries = self.entries(self.manager)
        self.assertLessEqual(set(happened), {entry["kind"] for entry in entries})
        dates = [entry["date"] for entry in entries]
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_every_role_is_shown_only_what_it_may_open(self):
        happened = self.happen()
        shown = {}
        for role in ("engineer", "security", "archivist", "controller", "legal", "front_desk"):
            user = self.make_user(role, self.estate, login=f"sees_{role}")
            if not self.occupancy.with_user(user).has_access("read"):
                continue
            entries = self.entries(user)
            shown[role] = {entry["kind"] for entry in entries}
            for entry in entries:
                self.env[entry["model"]].browse(entry["id"]).with_user(user).check_access("read")
        self.assertLessEqual(set(happened), shown["controller"])
        self.assertIn("item", shown["front_desk"])

    def test_planned_inspection_has_not_happened(self):
        happened = self.happen()["inspection"]
        planned = happened.copy({"occupancy_id": self.occupancy.id})
        ids = [entry["id"] for entry in self.entries(self.manager, "inspection")]
        self.assertNotIn(planned.id, ids)

    def test_pages_end_nowhere_twice(self):
        """What happened on the same day, and in the same moment, is on one of the pages."""
        self.happen()
        for __ in range(7):
            self.make_document(date_received="2026-03-01")
        whole = self.entries(self.manager, limit=500)
        for limit in (1, 2, 3, 5):
            with self.subTest(limit=limit):
                seen, before = [], None
                while True:
                    found = self.occupancy.with_user(self.manager).get_timeline(
                        before=before, limit=limit
                    )
                    seen += found["entries"]
                    before = found["next"]
                    if not before:
                        break
                self.assertEqual(seen, whole)

    def test_morning_of_a_day_is_not_dropped(self):
        self.make_document(date_received="2026-03-01")
        entries = self.entries(self.manager, "document", before="2026-03-01 12:00:00")
        self.assertEqual(len(entries), 1)

    def fill(self, count):
        """``count`` papers and defects in the dossier, as the database has them."""
        day = fields.Date.to_date("2016-01-01")
        self.env["property.defect"].create(
            [
                {
                    "name": f"Defect {number}",
                    "estate_id": self.estate.id,
                    "unit_id": self.unit.id,
                    "occupancy_id": self.occupancy.id,
                    "date_found": day + timedelta(days=number // 4),
                }
                for number in range(count)
            ]
        )
        self.env.flush_all()

    def measure(self, limit):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        begun = time.monotonic()
        found = self.occupancy.with_user(self.manager).get_timeline(limit=limit)
        return self.cr.sql_log_count - before, time.monotonic() - begun, found

    def test_a_page_of_a_hundred_asks_no_more_than_one_of_ten(self):
        self.happen()
        self.fill(MANY)
        self.measure(FEW)
        few, __, found = self.measure(FEW)
        self.assertEqual(len(found["entries"]), FEW)
        many, __, found = self.measure(MANY)
        self.assertEqual(len(found["entries"]), MANY)
        self.assertLessEqual(many, few + 3)

    def test_ten_thousand_events_are_paged_quickly(self):
        self.fill(HUGE)
        self.measure(60)
        __, taken, found = self.measure(60)
        self.assertEqual(len(found["entries"]), 60)
        self.assertLess(taken, 1.0)
