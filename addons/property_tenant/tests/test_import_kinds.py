from datetime import date, timedelta

from odoo.tests import tagged

from .import_common import OCCUPANCY_HEADER, PARTY_HEADER, UNIT_HEADER, ImportCase


@tagged("post_install", "-at_install")
class TestImportUnits(ImportCase):
    def test_every_column_arrives(self):
        self.env["property.unit.tag"].create([{"name": "corner"}, {"name": "sea view"}])
        header = [*UNIT_HEADER, "Name", "Floor Label", "Net Area", "Orientation", "Tags"]
        self.run_import(
            "unit",
            [
                header,
                [
                    "HP",
                    "A",
                    1203,
                    12,
                    "住宅",
                    "１２８.50",
                    "Show Flat",
                    "12A",
                    96.2,
                    "东南",
                    "Corner, sea view",
                ],
            ],
        )
        unit = self.env["property.unit"].search([("code", "=", "1203")])
        self.assertRecordValues(
            unit,
            [
                {
                    "name": "Show Flat",
                    "building_id": self.building.id,
                    "estate_id": self.estate.id,
                    "floor": 12,
                    "floor_name": "12A",
                    "usage": "residential",
                    "area_gross": 128.5,
                    "area_net": 96.2,
                    "orientation": "se",
                }
            ],
        )
        self.assertEqual(set(unit.tag_ids.mapped("name")), {"corner", "sea view"})

    def test_reasons_name_what_is_missing(self):
        self.building.copy({"code": "OLD", "active": False})
        self.make_unit(self.building, "A-999", active=False)
        record = self.check(
            "unit",
            [
                [*UNIT_HEADER, "Tags"],
                ["HP", "", "N-1", 1, "", 1],
                ["HP", "Z", "N-2", 1, "", 1],
                ["HP", "OLD", "N-3", 1, "", 1],
                ["HP", "A", "A-999", 1, "", 1],
                ["HP", "A", "N-4", 1.5, "", -1],
                ["HP", "A", "N-5", 1, "", -1],
                ["HP", "A", "N-6", 1, "", 1, "unheard of"],
                ["", "A", "N-7", 1, "", 1],
                ["HP", "A", "x" * 65, 1, "", 1],
            ],
        )
        reasons = self.reasons(record)
        for number, words in enumerate(
            (
                "needs a building",
                "no building Z",
                "building .* is archived",
                "unit A-999 is archived",
                "Floor: “1.5” is not a whole number",
                "area -1 of unit N-5 is negative",
                "no tag unheard of",
                "Estate Code is empty",
                "65 characters; 64 are allowed",
            ),
            2,
        ):
            self.assertRegex(reasons[number], words)
        self.assertEqual(record.count_bad, 9)

    def test_missing_buildings_and_tags_are_made_once_when_the_option_says_so(self):
        rows = [
            [*UNIT_HEADER, "Building Name", "Tags"],
            ["HP", "T2", "T2-1", 1, "", 1, "Tower Two", "new tag"],
            ["HP", "T2", "T2-2", 1, "", 1, "Tower Two", "New Tag"],
            ["HP", "T2", "A-101", 1, "", 1, "", ""],
        ]
        self.assertEqual(self.counts(self.check("unit", rows)), (0, 0, 0, 3))
        record = self.check("unit", rows, create_missing=True)
        self.assertEqual(self.counts(record), (2, 1, 0, 0))
        self.assertFalse(self.env["property.building"].search([("code", "=", "T2")]))
        record.action_import()
        building = self.env["property.building"].search([("code", "=", "T2")])
        self.assertRecordValues(building, [{"name": "Tower Two", "estate_id": self.estate.id}])
        self.assertEqual(building.unit_ids.mapped("code"), ["A-101", "T2-1", "T2-2"])
        self.assertEqual(
            self.env["property.unit.tag"].search_count([("name", "=ilike", "new tag")]), 1
        )
        again = self.run_import("unit", rows, create_missing=True)
        self.assertEqual(self.counts(again), (0, 0, 3, 0))

    def test_codes_of_another_company_are_another_units(self):
        company = self.make_company()
        other = self.make_estate(
            "HP", company_id=company.id, calendar_id=company.resource_calendar_id.id
        )
        unit = self.make_unit(self.make_building(other), "A-101", area_gross=7)
        self.manager.write({"company_ids": [(4, company.id)], "estate_ids": [(4, other.id)]})
        rows = [["Estate Code", "Unit Code", "Gross Area"], ["HP", "A-101", 8]]
        self.run_import("unit", rows)
        self.assertEqual((unit.area_gross, self.unit.area_gross), (7, 8))
        record = self.new_import("unit", rows, company_id=company.id)
        record.action_check()
        record.action_import()
        self.assertEqual(unit.area_gross, 8)


@tagged("post_install", "-at_install")
class TestImportParties(ImportCase):
    def test_every_column_arrives(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.run_import(
            "party",
            [
                [*PARTY_HEADER, "Language", "Street", "City", "Province", "Postal Code", "Country"],
                [
                    "P-9",
                    "上海某某公司",
                    "公司",
                    "021 5555",
                    "a@example.com",
                    "中文",
                    "南京路 1",
                    "上海",
                    "上海",
                    "200001",
                    "China",
                ],
            ],
            user=self.officer,
        )
        partner = self.env["res.partner"].search([("ref", "=", "P-9")])
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "上海某某公司",
                    "is_company": True,
                    "phone": "021 5555",
                    "email": "a@example.com",
                    "lang": "zh_CN",
                    "street": "南京路 1",
                    "city": "上海",
                    "zip": "200001",
                    "country_id": self.env.ref("base.cn").id,
                    "company_id": self.env.company.id,
                }
            ],
        )
        self.assertEqual(partner.state_id.country_id, self.env.ref("base.cn"))

    def test_parties_are_found_by_their_reference(self):
        record = self.run_import(
            "party",
            [
                PARTY_HEADER,
                ["P-1", "Tenant Trading Ltd", "company", "555", ""],
                ["P-2", "", "", "", ""],
                ["P-3", "New One", "", "", ""],
            ],
            user=self.officer,
        )
        self.assertEqual(self.counts(record), (1, 1, 1, 0))
        self.assertEqual((self.tenant.phone, self.owner.name), ("555", "Olivia Owner"))

    def test_reasons_of_bad_parties(self):
        self.make_partner("Twin 1", ref="P-T")
        self.make_partner("Twin 2", ref="P-T")
        self.make_partner("Gone", ref="P-G", active=False)
        record = self.check(
            "party",
            [
                [*PARTY_HEADER, "Language", "Country", "Province"],
                ["P-T", "Twin", "", "", ""],
                ["P-G", "Gone", "", "", ""],
                ["P-4", "", "", "", ""],
                ["P-5", "X", "alien", "", ""],
                ["P-6", "X", "", "", "no email"],
                ["P-7", "X", "", "", "", "Klingon"],
                ["P-8", "X", "", "", "", "", "Narnia"],
                ["P-10", "X", "", "", "", "", "China", "Atlantis"],
                ["", "X", "", "", ""],
            ],
            user=self.officer,
        )
        reasons = self.reasons(record)
        for number, words in enumerate(
            (
                "Several parties have the reference P-T: Twin 1, Twin 2",
                "archived",
                "P-4 does not exist yet and needs a name",
                "alien",
                "“no email” is not an email address",
                "language “Klingon”",
                "no country “Narnia”",
                "no province “Atlantis”",
                "Party Reference is empty",
            ),
            2,
        ):
            self.assertRegex(reasons[number], words)

    def test_parties_of_another_company_are_not_touched(self):
        other = self.make_partner("Foreign", ref="P-F", company_id=self.make_company().id)
        self.run_import("party", [PARTY_HEADER, ["P-F", "Ours", "", "", ""]], user=self.officer)
        partners = self.env["res.partner"].search([("ref", "=", "P-F")], order="id")
        self.assertEqual(partners.mapped("name"), ["Foreign", "Ours"])
        self.assertEqual(other.name, "Foreign")


@tagged("post_install", "-at_install")
class TestImportOccupancies(ImportCase):
    def occupancies(self, unit=None):
        return self.env["property.occupancy"].search(
            [("unit_id", "in", (unit or self.estate.unit_ids).ids)], order="date_start"
        )

    def test_every_column_arrives(self):
        self.run_import(
            "occupancy",
            [
                [
                    *OCCUPANCY_HEADER,
                    "Used by Owner",
                    "Number of Persons",
                    "Contract Number",
                    "Bills To",
                ],
                ["HP", "A-101", "P-2", "业主", "2020-01-01", "", "是", 3, "C-77", "P-1"],
            ],
            user=self.officer,
        )
        self.assertRecordValues(
            self.occupancies(),
            [
                {
                    "unit_id": self.unit.id,
                    "partner_id": self.owner.id,
                    "kind": "owner",
                    "date_start": date(2020, 1, 1),
                    "date_end": False,
                    "self_use": True,
                    "persons": 3,
                    "contract_number": "C-77",
                    "payer_id": self.tenant.id,
                    "state": "active",
                }
            ],
        )
        self.assertEqual((self.unit.owner_id, self.unit.status), (self.owner, "occupied"))

    def test_the_state_follows_from_the_dates_when_the_file_names_none(self):
        today = self.estate._today()
        day = timedelta(days=1)
        rows = [
            ["HP", "A-101", "P-1", "tenant", today, today],
            ["HP", "A-102", "P-1", "tenant", today + day, ""],
            ["HP", "A-201", "P-1", "tenant", today - 9 * day, today - day],
        ]
        self.run_import("occupancy", [OCCUPANCY_HEADER, *rows], user=self.officer)
        states = {occupancy.unit_id.code: occupancy.state for occupancy in self.occupancies()}
        self.assertEqual(states, {"A-101": "active", "A-102": "reserved", "A-201": "ended"})

    def test_one_lease_over_several_units_is_led_by_one_of_them(self):
        header = [*OCCUPANCY_HEADER, "Leading Unit Code"]
        rows = [
            ["HP", "A-102", "P-1", "tenant", "2024-01-01", "", "A-101"],
            ["HP", "A-101", "P-1", "tenant", "2024-01-01", "", "A-101"],
        ]
        record = self.run_import("occupancy", [header, *rows], user=self.officer)
        self.assertEqual(self.counts(record), (2, 0, 0, 0))
        lead, further = self.occupancies(self.unit), self.occupancies(self.unit_2)
        self.assertEqual((further.lead_id, lead.lead_id), (lead, lead.browse()))
        later = ["HP", "A-201", "P-1", "tenant", "2024-05-01", "", "A-101"]
        self.run_import("occupancy", [header, later], user=self.officer)
        self.assertEqual(self.occupancies(self.unit_3).lead_id, lead)
        again = self.run_import("occupancy", [header, *rows, later], user=self.officer)
        self.assertEqual(self.counts(again), (0, 0, 3, 0))

    def test_a_leading_unit_of_another_party_is_refused_by_name(self):
        header = [*OCCUPANCY_HEADER, "Leading Unit Code"]
        record = self.check(
            "occupancy",
            [
                header,
                ["HP", "A-101", "P-2", "tenant", "2024-01-01", "", ""],
                ["HP", "A-102", "P-1", "tenant", "2024-01-01", "", "A-101"],
            ],
            user=self.officer,
        )
        reasons = self.reasons(record)
        self.assertEqual(list(reasons), [3])
        self.assertIn("P-1 has no occupancy of unit A-101", reasons[3])

    def test_five_notations_of_the_same_day_are_the_same_occupancy(self):
        for number, day in enumerate(
            (
                "2024-03-01",
                "2024/3/1",
                "20240301",
                "1.3.2024",
                "2024年3月1日",
                date(2024, 3, 1),
                45352,
            )
        ):
            record = self.run_import(
                "occupancy",
                [OCCUPANCY_HEADER, ["HP", "A-101", "P-1", "tenant", day, ""]],
                user=self.officer,
            )
            self.assertEqual(self.counts(record), (0 if number else 1, 0, 1 if number else 0, 0))
        self.assertEqual(self.occupancies().date_start, date(2024, 3, 1))

    def test_overlaps_are_told_with_the_holder_before_the_database_refuses(self):
        self.make_occupancy(self.unit_2, self.owner, date_start="2024-01-01", state="active")
        record = self.check(
            "occupancy",
            [
                OCCUPANCY_HEADER,
                ["HP", "A-101", "P-1", "tenant", "2024-01-01", "2024-06-30"],
                ["HP", "A-102", "P-1", "tenant", "2024-06-01", ""],
                ["HP", "A-101", "P-2", "tenant", "2024-06-30", ""],
                ["HP", "A-101", "P-2", "owner", "2024-06-30", ""],
                ["HP", "A-101", "P-2", "tenant", "2024-07-01", ""],
            ],
            user=self.officer,
        )
        reasons = self.reasons(record)
        self.assertEqual(list(reasons), [3, 4])
        self.assertIn("held by Olivia Owner from 2024-01-01 until further notice", reasons[3])
        self.assertIn("held by the party of row 2 from 2024-01-01 until 2024-06-30", reasons[4])

    def test_one_file_ends_the_old_tenant_and_begins_the_new(self):
        old = self.make_occupancy(self.unit, self.tenant, date_start="2023-01-01", state="active")
        record = self.run_import(
            "occupancy",
            [
                [*OCCUPANCY_HEADER, "State"],
                ["HP", "A-101", "P-2", "tenant", "2024-01-01", "", ""],
                ["HP", "A-101", "P-1", "tenant", "2023-01-01", "2023-12-31", "Ended"],
            ],
            user=self.officer,
        )
        self.assertEqual(self.counts(record), (1, 1, 0, 0))
        self.assertEqual((old.state, old.date_end), ("ended", date(2023, 12, 31)))
        self.assertEqual(self.unit.tenant_id, self.owner)

    def test_an_occupancy_is_not_handed_to_another_party(self):
        self.make_occupancy(self.unit, self.tenant, date_start="2024-01-01", state="active")
        record = self.check(
            "occupancy",
            [OCCUPANCY_HEADER, ["HP", "A-101", "P-2", "tenant", "2024-01-01", ""]],
            user=self.officer,
        )
        self.assertIn("held by Tenant Trading Ltd", self.reasons(record)[2])

    def test_a_cancelled_occupancy_does_not_stand_in_the_way(self):
        gone = self.make_occupancy(
            self.unit, self.tenant, date_start="2024-01-01", state="cancelled"
        )
        rows = [OCCUPANCY_HEADER, ["HP", "A-101", "P-2", "tenant", "2024-01-01", ""]]
        self.assertEqual(
            self.counts(self.run_import("occupancy", rows, self.officer)), (1, 0, 0, 0)
        )
        self.assertEqual(
            self.counts(self.run_import("occupancy", rows, self.officer)), (0, 0, 1, 0)
        )
        self.assertEqual(gone.state, "cancelled")

    def test_the_words_of_the_model_are_the_reason(self):
        self.make_occupancy(
            self.unit, self.tenant, date_start="2024-01-01", date_end="2024-12-31", state="ended"
        )
        record = self.check(
            "occupancy",
            [
                [*OCCUPANCY_HEADER, "State"],
                ["HP", "A-101", "P-1", "tenant", "2024-01-01", "", "Active"],
                ["HP", "A-102", "P-1", "tenant", "2024-01-01", "", "Notice Given"],
                ["HP", "A-201", "P-1", "tenant", "2024-01-01", "", ""],
            ],
            user=self.officer,
        )
        reasons = self.reasons(record)
        self.assertIn("is Ended and cannot become Active", reasons[2])
        self.assertIn("needs the last day", reasons[3])
        self.assertEqual(self.counts(record), (1, 0, 0, 2))

    def test_reasons_of_bad_occupancies(self):
        header = [*OCCUPANCY_HEADER, "Used by Owner", "Number of Persons"]
        record = self.check(
            "occupancy",
            [
                header,
                ["HP", "A-999", "P-9", "tenant", "2024-01-01", "", "", ""],
                ["HP", "A-101", "P-1", "tenant", "2024-02-01", "2024-01-01", "", ""],
                ["HP", "A-101", "P-1", "tenant", "2024-02-01x", "", "yes", ""],
                ["HP", "A-102", "P-1", "tenant", "2024-02-01", "", "yes", -1],
                ["HP", "A-102", "P-1", "guest", "2024-02-02", "", "", ""],
            ],
            user=self.officer,
        )
        reasons = self.reasons(record)
        self.assertRegex(reasons[2], "has no unit A-999[^\0]*no party with the reference P-9")
        self.assertIn("would end on 2024-01-01, before it begins", reasons[3])
        self.assertIn("“2024-02-01x” is not a date", reasons[4])
        self.assertRegex(reasons[5], "Only an owner's[^\0]*number of persons -1")
        self.assertIn("“guest” is not one of the choices: Owner, Tenant", reasons[6])
