"""Bills, letters, payments and readings are in the time line of the occupancy."""

from odoo.tests import tagged

from . import test_payment
from .test_letter import LetterCase


@tagged("post_install", "-at_install")
class TestTimelineOfMoney(LetterCase):
    pay, open = test_payment.TestPayment.pay, test_payment.TestPayment.open

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.company_data["default_journal_cash"]
        cls.cashier = cls.make_user("cashier", cls.estate)
        cls.manager = cls.make_user("manager", cls.estate)
        cls.controller = cls.make_user("controller", cls.estate)
        cls.engineer = cls.make_user("engineer", cls.estate)
        cls.occupancy = cls.env["property.occupancy"].search(
            [("unit_id", "=", cls.unit.id), ("kind", "=", "tenant")], limit=1
        )

    def entries(self, kind, user=None, **options):
        occupancy = self.occupancy.with_user(user or self.manager)
        return occupancy.get_timeline(kinds=[kind], **options)["entries"]

    def test_bill_and_letter_are_there_and_open(self):
        letter = self.of(self.deliver(), self.tenant)
        for kind, record in (("bill", letter.move_ids), ("letter", letter)):
            with self.subTest(kind):
                [entry] = self.entries(kind)
                self.assertEqual((entry["model"], entry["id"]), (record._name, record.id))
                self.assertIn("200.00", entry["text"])

    def test_bills_of_others_are_not(self):
        self.deliver()
        self.assertEqual(len(self.entries("bill")), 1)

    def test_draft_bills_have_not_happened(self):
        run = self.make_run(2024, 1)
        run.action_compute()
        self.assertFalse(self.entries("bill"))

    def test_payment_is_told_to_who_reads_the_bill(self):
        letter = self.of(self.deliver(), self.tenant)
        self.pay(letter, journal_id=self.cash)
        [entry] = self.entries("payment")
        self.assertEqual((entry["model"], entry["id"]), ("account.move", letter.move_ids.id))
        self.assertIn("200.00", entry["text"])
        kinds = self.occupancy.with_user(self.engineer).get_timeline()["kinds"]
        self.assertFalse({"bill", "payment"} & {kind["kind"] for kind in kinds})

    def test_readings_of_a_month_are_one_entry(self):
        meter = self.make_meter("W-1", self.unit)
        self.make_reading(meter, "2024-01-01", 100, kind="move_in")
        for day, index in (("2024-01-31", 110), ("2024-02-15", 115), ("2024-02-29", 120)):
            self.make_reading(meter, day, index)
        [first] = self.entries("reading")
        self.assertEqual(first["text"], "100 m³")
        months = self.entries("reading_month")
        self.assertEqual([entry["date"][:10] for entry in months], ["2024-02-29", "2024-01-31"])
        self.assertEqual(
            self.env["property.meter.reading"]
            .with_user(self.manager)
            .search_count(months[0]["domain"]),
            2,
        )

    def test_months_are_paged(self):
        meter = self.make_meter("W-1", self.unit)
        self.make_reading(meter, "2024-01-01", 100, kind="installation")
        for month in range(1, 7):
            self.make_reading(meter, f"2024-{month:02}-28", 100 + month)
        seen, before = [], None
        while True:
            found = self.occupancy.get_timeline(kinds=["reading_month"], before=before, limit=2)
            seen += found["entries"]
            if not (before := found["next"]):
                break
        self.assertEqual(len(seen), 6)
        self.assertEqual(len({entry["title"] for entry in seen}), 6)

    def test_readings_before_the_occupancy_are_of_somebody_else(self):
        meter = self.make_meter("W-1", self.unit)
        before = self.occupancy.date_start.replace(year=self.occupancy.date_start.year - 2)
        self.make_reading(meter, before, 100, kind="installation")
        self.assertFalse(self.entries("reading"))

    def test_kinds_are_named_in_the_language_of_the_reader(self):
        kinds = self.occupancy.with_context(lang="zh_CN").get_timeline()["kinds"]
        labels = {kind["kind"]: kind["label"] for kind in kinds}
        self.assertEqual(labels["bill"], "账单")
