import base64

from .common import BillingCase

#: a picture of one pixel
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class TestExplanation(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls.make_fee_item("Water Fee")

    def explain(self, charge):
        return charge._prepare_explanation()

    def charge_of(self, run, unit=None):
        return run.charge_ids.filtered(lambda charge: charge.unit_id == (unit or self.unit))

    def test_area_fee_is_explained_by_area_and_rate(self):
        self.make_fee_rule(self.fee, "area", rate=2.5)
        run = self.make_run(2024, 1)
        run.action_compute()
        explained = self.explain(self.charge_of(run))
        self.assertEqual(explained["facts"][0], ("Gross area", "100 m²"))
        self.assertIn("2.50", explained["facts"][1][1])
        self.assertIn("for a month", explained["facts"][1][1])
        self.assertEqual(len(explained["facts"]), 2)
        self.assertIn("100 m² × ", explained["formula"])
        self.assertIn("250.00", explained["formula"])

    def test_part_of_a_month_names_its_days(self):
        self.make_fee_rule(self.fee, "area", rate=2.5)
        self.tenant.estate_occupancy_ids.write(
            {"date_end": "2024-01-10", "state": "notice", **self.noticed}
        )
        run = self.make_run(2024, 1)
        run.action_compute()
        charge = self.charge_of(run).filtered(lambda row: row.partner_id == self.tenant)
        explained = self.explain(charge)
        self.assertIn(("Days", "10 of the 31 days of the period"), explained["facts"])
        self.assertIn("× 10/31 =", explained["formula"])

    def metered(self, **photo):
        tariff = self.make_tariff(
            "Stepped", "water_cold", [(0, 5), (180, 7)], tier_basis="calendar_year"
        )
        self.make_fee_rule(self.water, "metered", tariff_id=tariff.id)
        meter = self.make_meter("W-1", self.unit)
        self.make_reading(meter, "2023-12-31", 100)
        self.make_reading(meter, "2024-01-31", 300.5, **photo)
        run = self.make_run(2024, 1)
        run.action_compute()
        return self.charge_of(run)

    def test_metered_fee_is_explained_from_index_to_tier(self):
        explained = self.explain(self.metered())
        [reading] = explained["readings"]
        self.assertEqual(
            (reading["meter"], reading["index_previous"], reading["index"], reading["usage"]),
            ("W-1", "100", "300.5", "200.5"),
        )
        self.assertEqual(
            [(row["tier"], row["quantity"]) for row in explained["tiers"]],
            [("0 to 180", "180"), ("Over 180", "20.5")],
        )
        self.assertIn("1,043.50", explained["total"])
        self.assertEqual(
            explained["counters"],
            ["Tiers count over the year: 0 m³ were used before, 200.5 m³ with this bill."],
        )
        self.assertIn("Stepped, prices since ", explained["tariff"])

    def test_photo_is_for_those_who_may_see_the_reading(self):
        charge = self.metered(photo=base64.b64encode(PIXEL))
        reading = charge.usage_ids.reading_id
        collector = self.make_user("collector", self.estate)
        stranger = self.make_user("collector", self.make_estate("SV"), login="stranger")
        self.assertEqual(
            charge.with_user(collector)._explain_photos(),
            {reading.id: f"/web/image/property.meter.reading/{reading.id}/photo"},
        )
        self.assertIn("/photo", charge.with_user(collector).explanation_html)
        self.assertEqual(charge._explain_photos_of(reading.with_user(stranger)), {})

    def test_tax_is_said_to_be_added_or_included(self):
        tax = self.company_data["default_tax_sale"]
        self.fee.taxes_id = tax
        self.make_fee_rule(self.fee, "area", rate=2.5)
        run = self.make_run(2024, 1)
        run.action_compute()
        charge = self.charge_of(run)
        self.assertEqual(
            self.explain(charge)["notes"], [f"The bill adds {tax.tax_label} tax to the amount."]
        )
        tax.price_include_override = "tax_included"
        self.assertEqual(
            self.explain(charge)["notes"], [f"The amount includes {tax.tax_label} tax."]
        )

    def test_explanation_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.fee.with_context(lang="zh_CN").name = "物业管理费"
        self.make_fee_rule(self.fee, "area", rate=2.5)
        run = self.make_run(2024, 1)
        run.action_compute()
        charge = self.charge_of(run)
        self.assertIn("Management Fee", charge.with_context(lang="en_US").explanation_html)
        self.assertIn("物业管理费", charge.with_context(lang="zh_CN").explanation_html)
