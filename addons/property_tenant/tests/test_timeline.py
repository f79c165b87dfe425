"""The time line shows what the reader may see, newest first."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .dossier_common import DossierCase


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestTimeline(DossierCase):
    def titles(self, user, **options):
        found = self.occupancy.with_user(user).get_timeline(**options)
        return [entry["title"] for entry in found["entries"]]

    def test_papers_of_all_units_newest_first(self):
        further = self.make_occupancy(
            self.unit_2, self.tenant, lead_id=self.occupancy.id, state="active"
        )
        self.make_document(self.lease, date_received="2024-01-05")
        self.make_document(self.passport, date_received="2024-03-01", occupancy_id=further.id)
        titles = self.titles(self.officer, kinds=["document"])
        self.assertEqual([title.split(" ", 1)[1] for title in titles], ["Passport", "Lease"])

    def test_confidential_paper_is_left_out_for_others(self):
        self.make_document(self.passport)
        self.assertFalse(self.titles(self.desk, kinds=["document"]))
        self.assertTrue(self.titles(self.officer, kinds=["document"]))

    def test_states_are_part_of_it(self):
        occupancy = self.make_occupancy(self.unit_3, self.owner, "owner", state="reserved")
        self.env.flush_all()
        self.cr.precommit.run()
        occupancy.action_activate()
        self.env.flush_all()
        self.cr.precommit.run()
        found = occupancy.with_user(self.officer).get_timeline(kinds=["state"])
        self.assertEqual([entry["title"] for entry in found["entries"]], ["Active"])

    def test_other_estate_is_refused(self):
        stranger = self.make_user("officer", login="stranger")
        with self.assertRaises(AccessError):
            self.occupancy.with_user(stranger).get_timeline()

    def test_more_is_told(self):
        for month in range(1, 6):
            self.make_document(self.passport, date_received=f"2024-0{month}-01")
        found = self.occupancy.get_timeline(kinds=["document"], limit=3)
        self.assertEqual(len(found["entries"]), 3)
        self.assertTrue(found["more"])
        last = found["entries"][-1]["date"]
        older = self.occupancy.get_timeline(kinds=["document"], before=last)
        self.assertEqual(len(older["entries"]), 2)
        self.assertFalse(older["more"])

    def test_rubbish_is_refused_with_a_sentence(self):
        with self.refused("cannot begin"):
            self.occupancy.get_timeline(before="yesterday")
