from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestPartyWarning(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.desk = cls.make_user("front_desk", cls.estate)

    def warn(self, partner, text, level="2", **values):
        return (
            self.env["property.warning"]
            .with_user(self.desk)
            .create({"partner_id": partner.id, "text": text, "level": level, **values})
        )

    def test_warnings_are_shown_on_the_party_and_its_occupancies_worst_first(self):
        self.warn(self.tenant, "Guest of honour", "1", kind="vip")
        self.warn(self.tenant, "Dog bites", "3", kind="hazard")
        shown = [
            {"level": "3", "kind": "Known Hazard", "text": "Dog bites"},
            {"level": "1", "kind": "VIP", "text": "Guest of honour"},
        ]
        self.assertEqual(self.tenant.with_user(self.desk).estate_warnings, shown)
        self.assertEqual(self.occupancy.with_user(self.desk).warnings, shown)
        self.assertFalse(self.owner.estate_warnings)

    def test_past_and_archived_warnings_are_not_shown(self):
        self.warn(self.tenant, "Past", date_until="2024-01-01")
        self.warn(self.tenant, "Archived").active = False
        self.warn(self.tenant, "Coming", date_until="2099-01-01")
        texts = [warning["text"] for warning in self.tenant.estate_warnings]
        self.assertEqual(texts, ["Coming"])

    def test_a_warning_of_an_estate_is_for_its_staff(self):
        other = self.make_estate("ZZ")
        self.warn(self.tenant, "Here", estate_id=self.estate.id)
        self.warn(self.tenant, "Everywhere")
        stranger = self.make_user("front_desk", other, login="stranger")
        texts = [w["text"] for w in self.tenant.with_user(stranger).estate_warnings]
        self.assertEqual(texts, ["Everywhere"])

    def test_employees_without_role_see_no_warning(self):
        self.warn(self.tenant, "Dog bites")
        clerk = self.env["res.users"].create({"name": "Clerk", "login": "clerk"})
        with self.assertRaises(AccessError):
            self.tenant.with_user(clerk).read(["estate_warnings"])
        with self.assertRaises(AccessError):
            self.env["property.warning"].with_user(clerk).search([])

    def test_a_known_phone_is_pointed_out_while_typing(self):
        self.tenant.phone = "+86 138 0013 8000"
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as log:
            form = Form(self.env["res.partner"].with_user(self.desk))
            form.name = "Somebody"
            form.phone = "138-0013-8000"
        self.assertIn("Tenant Trading Ltd", "".join(log.output))

    def test_short_and_own_numbers_are_not_pointed_out(self):
        self.tenant.phone = "13800138000"
        child = self.make_partner("Ms Wang", parent_id=self.tenant.id, phone="13800138000")
        self.assertFalse(child._find_twins())
        self.owner.phone = self.make_partner("Extension", phone="8001").phone
        self.assertFalse(self.owner._find_twins())

    def test_many_parties_are_warned_of_in_as_many_queries_as_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Party {number}"} for number in range(100)]
        )
        for partner in partners:
            self.warn(partner, "Careful")

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("estate_warnings")
            return self.env.cr.sql_log_count - before

        queries(partners)
        self.assertEqual(
            queries(partners), queries(self.env["res.partner"].browse(partners[:10].ids))
        )


@tagged("post_install", "-at_install")
class TestOccupancyHistory(PropertyCase):
    def test_used_units_and_area_by_month(self):
        self.unit.area_gross = 80
        self.unit_2.area_gross = 120
        today = self.estate._today()
        begin = today.replace(year=today.year - 1, day=1)
        self.make_occupancy(self.unit, self.tenant, date_start=begin, state="active")
        self.make_occupancy(self.unit_2, self.owner, kind="owner", date_start=begin, state="active")
        self.env.flush_all()
        rows = self.env["property.occupancy.history"].search(
            [("estate_id", "=", self.estate.id)], order="month"
        )
        by_month = {row.month: row for row in rows}
        self.assertEqual(len(rows), 37)
        used = by_month[begin]
        self.assertEqual((used.unit_count, used.used_count, used.vacant_count), (3, 1, 2))
        self.assertEqual((used.area, used.area_used, used.area_vacant), (300, 80, 220))
        self.assertEqual(rows[0].used_count, 0)
        self.assertEqual(rows[-1].used_count, 1)

    def test_other_estates_are_not_counted_for_strangers(self):
        stranger = self.make_user("supervisor", self.make_estate("ZZ"))
        history = self.env["property.occupancy.history"].with_user(stranger)
        self.assertFalse(history.search([("estate_id", "=", self.estate.id)]))
