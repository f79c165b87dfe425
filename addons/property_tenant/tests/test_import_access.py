from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .import_common import OCCUPANCY_HEADER, PARTY_HEADER, UNIT_HEADER, ImportCase

UNITS = [UNIT_HEADER, ["HP", "A", "A-301", 3, "Office", 120.5]]
PARTIES = [PARTY_HEADER, ["P-9", "New Party", "", "", ""]]


@tagged("post_install", "-at_install")
class TestImportAccess(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.make_user("officer", cls.estate, login="imp_colleague")

    def test_roles_are_offered_the_kinds_they_may_import(self):
        def kinds(user):
            return [
                key for key, _label in self.env["property.import"].with_user(user)._selection_kind()
            ]

        self.assertEqual(kinds(self.manager)[:3], ["unit", "party", "occupancy"])
        self.assertEqual(kinds(self.officer)[:2], ["party", "occupancy"])
        self.assertNotIn("unit", kinds(self.officer))
        offered = self.env["property.import"].with_user(self.officer).fields_get(["kind"])
        self.assertNotIn("unit", dict(offered["kind"]["selection"]))

    def test_a_kind_that_is_not_offered_is_refused_on_the_server(self):
        with self.assertRaisesRegex(AccessError, "You may not import Units"):
            self.new_import("unit", UNITS, self.officer)
        record = self.new_import("party", PARTIES, self.officer)
        with self.assertRaisesRegex(AccessError, "You may not import Units"):
            record.kind = "unit"

    def test_who_lost_the_role_after_the_check_imports_nothing(self):
        record = self.check("unit", UNITS)
        self.manager.group_ids = self.env.ref("property_tenant.group_officer")
        with self.assertRaisesRegex(AccessError, "You may not import Units"):
            record.action_import()
        self.assertFalse(self.env["property.unit"].search([("code", "=", "A-301")]))

    def test_roles_without_import_cannot_even_begin(self):
        for role in ("front_desk", "security", "controller"):
            user = self.make_user(role, self.estate, login=f"imp_{role}")
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.new_import("party", PARTIES, user)

    def test_an_estate_that_the_user_does_not_see_makes_a_bad_row(self):
        other = self.make_estate("SV")
        self.make_unit(self.make_building(other, "B"), "B-1")
        record = self.check("unit", [UNIT_HEADER, ["SV", "B", "B-1", 1, "", 5]])
        self.assertIn("no estate with the code SV among those you see", self.reasons(record)[2])
        record = self.check(
            "occupancy",
            [OCCUPANCY_HEADER, ["SV", "B-1", "P-1", "tenant", "2024-01-01", ""]],
            user=self.officer,
        )
        self.assertIn("no estate with the code SV among those you see", self.reasons(record)[2])

    def test_a_right_that_is_missing_for_one_record_makes_one_bad_row(self):
        """Record rules of other addons may protect single records."""
        self.env["ir.rule"].create(
            {
                "name": "the owner is protected",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.owner.id})]",
                "perm_read": False,
            }
        )
        rows = [PARTY_HEADER, ["P-1", "Renamed 1", "", "", ""], ["P-2", "Renamed 2", "", "", ""]]
        record = self.run_import("party", rows, self.officer)
        self.assertEqual(self.counts(record), (0, 1, 0, 1))
        self.assertEqual((self.tenant.name, self.owner.name), ("Renamed 1", "Olivia Owner"))

    def test_imports_are_their_users_and_the_managers(self):
        record = self.check("party", PARTIES, self.officer)
        with self.assertRaises(AccessError):
            record.with_user(self.colleague).read(["state"])
        for model in ("property.import", "property.import.line", "property.import.batch"):
            self.assertFalse(self.env[model].with_user(self.colleague).search([]))
            self.assertTrue(self.env[model].with_user(self.manager).search([]))
        self.assertFalse(self.env["property.import.column"].with_user(self.colleague).search([]))
        for method in ("action_check", "action_import", "action_change", "action_download_errors"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(record.with_user(self.colleague), method)()
        record.with_user(self.manager).action_import()
        self.assertEqual(record.state, "done")

    def test_the_uploaded_file_is_its_users_and_the_managers(self):
        record = self.new_import("party", PARTIES, self.officer)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("res_field", "=", "file"),
            ]
        )
        self.assertEqual(attachment.with_user(self.officer).raw[:2], b"PK")
        with self.assertRaises(AccessError):
            attachment.with_user(self.colleague).read(["raw"])

    def test_a_controller_sees_who_imported_what_and_none_of_the_cells(self):
        rows = [*PARTIES, ["", "Zhang San", "", "13800138000", ""]]
        record = self.check("party", rows, self.officer)
        self.assertEqual(self.counts(record), (1, 0, 0, 1))
        controller = self.make_user("controller", estate_all=True)
        seen = record.with_user(controller)
        self.assertEqual(
            (seen.user_id, seen.filename, seen.count_bad), (self.officer, record.filename, 1)
        )
        self.assertEqual(seen.line_ids.mapped("result"), record.line_ids.mapped("result"))
        private = {
            seen: ("file", "error_xlsx"),
            seen.line_ids: ("values", "summary"),
            seen.column_ids: ("sample",),
        }
        for records, names in private.items():
            self.assertTrue(records)
            for name in names:
                with self.subTest(field=name), self.assertRaises(AccessError):
                    records.read([name])
                self.assertNotIn(name, records.read()[0])
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("res_field", "!=", "")]
        )
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            attachment.with_user(controller).read(["raw"])
        with self.refused("Only those who import see the rows", AccessError):
            seen.action_download_errors()
        for view_type in ("form", "list"):
            arch = seen.get_view(view_type=view_type)["arch"]
            self.assertNotIn('name="file"', arch)
            self.assertNotIn('name="sample"', arch)

    def test_companies_stay_apart(self):
        record = self.check("party", PARTIES, self.officer)
        company = self.make_company()
        manager = self.make_user(
            "manager",
            estate_all=True,
            login="imp_other",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for model in ("property.import", "property.import.line", "property.import.mapping"):
            self.assertFalse(self.env[model].with_user(manager).search([]))
        with self.assertRaises(AccessError):
            record.with_user(manager).read(["state"])
        with self.assertRaises(AccessError):
            self.new_import("party", PARTIES, manager, company_id=self.env.company.id)

    def test_the_books_of_an_import_are_not_the_users_to_write(self):
        record = self.check("party", PARTIES, self.officer)
        for values in ({"state": "done"}, {"user_id": self.colleague.id}, {"row_count": 7}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        for values in ({"state": "checked"}, {"user_id": self.colleague.id}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.new_import("party", PARTIES, self.officer, **values)
        with self.assertRaises(AccessError):
            record.batch_ids.read(["rows"])
        with self.assertRaises(AccessError):
            record.batch_ids.write({"rows": [[2, ["P-X", "Smuggled"], 0]]})
        with self.assertRaises(AccessError):
            record.line_ids.unlink()
        with self.assertRaises(AccessError):
            self.env["property.import.target"].with_user(self.officer).create(
                {"kind": "party", "name": "vat"}
            )

    def test_a_column_of_another_kind_is_left_out(self):
        """Whoever maps by RPC can choose any target: only those of the kind count."""
        record = self.new_import("party", PARTIES, self.officer)
        record.write(record._read_columns())
        floor = self.env["property.import.target"].search([("name", "=", "floor")])
        record.column_ids[1].target_id = floor
        record.action_check()
        self.assertIn("needs a name", self.reasons(record)[2])

    def test_nothing_is_written_with_more_rights_than_the_users(self):
        record = self.check("party", PARTIES, self.officer)
        Partner = self.env.registry["res.partner"]
        create = Partner.create
        seen = []

        def watch(partners, vals_list):
            seen.append((partners.env.uid, partners.env.su))
            return create(partners, vals_list)

        with patch.object(Partner, "create", watch):
            record.action_import()
        self.assertEqual(seen, [(self.officer.id, False)])
