from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install", "property", "property_approval", "property_access")
class TestApprovalAccess(ApprovalCase):
    """A row is read by who reads its document, and written by nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_estate = cls.make_estate("OT")
        cls.other_unit = cls.make_unit(cls.make_building(cls.other_estate), "B-1")
        cls.other = cls.make_occupancy(cls.other_unit, cls.owner, state="moving_in")
        for user in (cls.desk, cls.manager, cls.engineer, cls.stranger):
            user.group_ids += cls.env.ref("base.group_allow_export")
        cls.everywhere = cls.make_user("manager", estate_all=True, login="everywhere")
        cls.everywhere.group_ids += cls.env.ref("base.group_allow_export")
        cls.make_rule()

    def setUp(self):
        super().setUp()
        self.row = self.ask()
        self.far = self.ask(self.other, self.make_user("manager", estate_all=True, login="asker"))
        self.approvals = self.env["property.approval"]

    def assert_reads(self, user, expected):
        approvals = self.approvals.with_user(user)
        mine = [("id", "in", (self.row | self.far).ids)]
        self.assertEqual(approvals.search(mine), expected)
        self.assertEqual(approvals.search_count(mine), len(expected))
        self.assertEqual([row["id"] for row in approvals.search_read(mine, ["who"])], expected.ids)
        self.assertEqual(
            sum(count for __, count in approvals._read_group(mine, ["gate"], ["__count"])),
            len(expected),
        )
        self.assertEqual(
            sum(
                group["__count"]
                for group in approvals.formatted_read_group(mine, ["gate"], ["__count"])
            ),
            len(expected),
        )
        found = {row_id for row_id, __ in approvals.name_search("", mine)}
        self.assertEqual(found, set(expected.ids))
        for row in self.row | self.far:
            record = row.with_user(user)
            record.invalidate_recordset()
            self.assertEqual(record.has_access("read"), row in expected)
            if row in expected:
                self.assertEqual(record.export_data(["who"])["datas"], [[row.who]])
                continue
            for read in (
                lambda record=record: record.read(["opinion"]),
                lambda record=record: record.read(["who"]),
                lambda record=record: record.export_data(["res_name"]),
                lambda record=record: record.web_read({"res_name": {}}),
            ):
                with self.assertRaises(AccessError):
                    read()

    def test_rows_follow_estate_and_company(self):
        self.assert_reads(self.manager, self.row)
        self.assert_reads(self.engineer, self.row)
        self.assert_reads(self.stranger, self.row.browse())
        self.assert_reads(self.everywhere, self.row | self.far)
        company = self.make_company()
        foreign = self.make_user(
            "manager",
            estate_all=True,
            login="foreign",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        foreign.group_ids += self.env.ref("base.group_allow_export")
        self.assert_reads(foreign, self.row.browse())
        outsider = self.make_user("user", self.estate, login="portal_like")
        outsider.group_ids = [(6, 0, self.env.ref("base.group_portal").ids)]
        with self.assertRaises(AccessError):
            self.approvals.with_user(outsider).search([])

    def test_rows_follow_a_rule_of_the_document_that_they_do_not_have(self):
        self.env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": self.env["ir.model"]._get_id("property.occupancy"),
                "domain_force": f"[('id', '!=', {self.occupancy.id})]",
            }
        )
        self.assert_reads(self.everywhere, self.far)
        self.assertEqual(self.occupancy.with_user(self.everywhere).has_access("read"), False)
        with self.assertRaises(AccessError):
            self.row.with_user(self.everywhere).action_approve()
        self.assertEqual(self.row.verdict, "pending")

    def test_paging_counts_only_what_is_seen(self):
        found = self.approvals.with_user(self.manager).search(
            [("id", "in", (self.row | self.far).ids)], order="id desc", limit=1
        )
        self.assertEqual(found, self.row)

    def test_row_of_a_vanished_record_is_seen_by_nobody(self):
        self.env.cr.execute("DELETE FROM property_occupancy WHERE id = %s", [self.occupancy.id])
        self.env.invalidate_all()
        self.assert_reads(self.everywhere, self.far)

    def test_nobody_writes_creates_or_deletes_rows(self):
        values = {
            "res_model": "property.occupancy",
            "res_id": self.occupancy.id,
            "gate": "override",
        }
        for user in (self.desk, self.manager, self.everywhere, self.env.ref("base.user_admin")):
            row = self.row.with_user(user).with_context(install_mode=True, approval=True)
            for act in (
                lambda row=row: row.write({"verdict": "approved"}),
                lambda row=row: row.web_save({"verdict": "approved"}, {}),
                lambda row=row: row.unlink(),
                lambda row=row: row.copy(),
                lambda row=row: row.create([values]),
            ):
                with self.refused(UserError, "cannot be edited|Approval|are not typed in"):
                    act()
            loaded = row.load(["id", "verdict"], [[str(self.row.id), "approved"]])
            self.assertEqual(loaded["ids"], False)
        self.assertEqual(self.row.verdict, "pending")

    def test_not_even_the_system_rewrites_history(self):
        coming = self.make_occupancy(self.unit_2, self.tenant)
        self.ask(coming).with_user(self.manager).action_approve()
        with self.refused(UserError, "cannot be deleted: it was decided on"):
            coming.sudo().unlink()
        self.row.with_user(self.manager).action_approve()
        system = self.row.sudo().with_context(force=True)
        with self.refused(UserError, "cannot be edited"):
            system.write({"verdict": "rejected"})
        with self.refused(UserError, "stays on record and cannot be deleted"):
            system.unlink()
        with self.refused(UserError, "are not typed in"):
            self.approvals.sudo().create({"res_model": "property.occupancy", "res_id": 1})
        with self.refused(UserError, "already decided by Max Manager"):
            self.row.with_user(self.manager_2).action_reject("Late.")
        self.assertEqual(self.row.verdict, "approved")

    def test_record_deleted_before_any_decision_leaves_a_void_row(self):
        occupancy = self.make_occupancy(self.unit_2, self.tenant)
        row = self.ask(occupancy)
        occupancy.unlink()
        self.assertEqual((row.verdict, row.void_reason), ("void", "the record was deleted"))
        self.assertEqual(row.res_name, "A-102 Tenant Trading Ltd")

    def test_other_peoples_rows_cannot_be_decided(self):
        for user, error in (
            (self.desk, UserError),
            (self.engineer, UserError),
            (self.stranger, AccessError),
        ):
            for context in ({}, {"approved": True, "uid": self.manager.id, "force": True}):
                row = self.row.with_user(user).with_context(**context)
                with self.assertRaises(error):
                    row.action_approve("mine")
                with self.assertRaises(error):
                    row.action_reject("mine")
        with self.refused(UserError, "You are not among them|yourself"):
            self.row.sudo().action_approve()
        self.assertEqual(self.row.verdict, "pending")

    def test_member_who_lost_the_role_or_the_estate_decides_no_more(self):
        self.manager.group_ids = [(6, 0, self.group_engineer.ids)]
        with self.refused(UserError, "You are not among them"):
            self.row.with_user(self.manager).action_approve()
        self.manager_2.estate_ids = [(5,)]
        with self.assertRaises(AccessError):
            self.row.with_user(self.manager_2).action_approve()

    def test_waiting_for_me_lists_what_i_can_decide(self):
        for user, expected in (
            (self.manager, self.row),
            (self.everywhere, self.row | self.far),
            (self.desk, self.row.browse()),
            (self.engineer, self.row.browse()),
        ):
            approvals = self.approvals.with_user(user)
            both = [("id", "in", (self.row | self.far).ids)]
            self.assertEqual(approvals.search([*both, ("waits_for_me", "=", True)]), expected)
            self.assertEqual(
                approvals.search([*both, ("waits_for_me", "=", False)]),
                approvals.search(both) - expected,
            )
            for row in approvals.search(both):
                self.assertEqual(row.waits_for_me, row in expected)
        self.row.with_user(self.manager).action_approve()
        self.assertEqual(
            self.approvals.with_user(self.manager_2).search([("waits_for_me", "=", True)]),
            self.row.browse(),
        )

    def test_private_doors_stay_closed_to_callers_from_outside(self):
        from odoo.service.model import get_public_method

        for name in ("_make", "_close", "_void", "_decide_one", "_search", "_check_access"):
            with self.assertRaises(AccessError):
                get_public_method(self.row, name)
        for name in ("_request_approval", "_approval_void", "_approval_granted"):
            with self.assertRaises(AccessError):
                get_public_method(self.occupancy, name)
