"""Who enters the archive and the control room."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .dossier_common import DossierCase


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestEntry(DossierCase):
    def make_entry(self, **values):
        return (
            self.env["property.dossier.entry"]
            .with_user(self.archivist)
            .create(
                {
                    "estate_id": self.estate.id,
                    "visitor": "Mr Auditor",
                    "purpose": "Yearly audit",
                    "identity_shown": True,
                    **values,
                }
            )
        )

    def test_outsider_enters_only_approved(self):
        entry = self.make_entry()
        with self.refused("needs approval"):
            entry.action_enter()
        entry.action_ask()
        with self.refused("waits for approval"):
            entry.action_enter()
        entry.with_user(self.supervisor).approval_ids.filtered("waits_for_me").action_approve("Yes")
        self.assertEqual(entry.state, "approved")
        entry.action_enter()
        self.assertTrue(entry.time_in)
        entry.action_leave()
        self.assertGreaterEqual(entry.time_out, entry.time_in)

    def test_another_visitor_needs_another_approval(self):
        entry = self.make_entry()
        entry.action_ask()
        entry.with_user(self.supervisor).approval_ids.filtered("waits_for_me").action_approve("Yes")
        entry.visitor = "Somebody Else"
        self.assertEqual(entry.state, "draft")
        with self.assertRaises(UserError):
            entry.action_enter()

    def test_staff_enter_and_are_logged(self):
        entry = self.make_entry(outsider=False, visitor="Colleague")
        entry.action_enter()
        self.assertEqual(entry.state, "inside")

    def test_log_is_not_changed_afterwards(self):
        entry = self.make_entry(outsider=False)
        entry.action_enter()
        with self.refused("stays as it is"):
            entry.visitor = "Another"
        time_in = entry.time_in
        entry.action_leave()
        with self.refused("stays as it is"):
            entry.write({"time_in": "2020-01-01 00:00:00"})
        self.assertEqual(entry.time_in, time_in)
        with self.refused("stays on record"):
            entry.sudo().unlink()

    def test_outsider_is_accompanied_and_shows_a_paper(self):
        for lacking in ({"identity_shown": False}, {"accompanied_by_id": False}):
            entry = self.make_entry(**lacking)
            entry.action_ask()
            entry.with_user(self.supervisor).approval_ids.filtered("waits_for_me").action_approve(
                "Yes"
            )
            with self.assertRaises(UserError):
                entry.action_enter()
