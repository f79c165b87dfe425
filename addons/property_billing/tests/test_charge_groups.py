from .common import BillingCase


class TestChargeGroups(BillingCase):
    """Charges grouped by unit stand in the order of units, and the database groups by nothing
    but the unit: with 300,000 charges that is several times faster."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_fee_rule(cls.fee, "area", rate=2.5)
        other = cls.make_estate(code="AA", journal_id=cls.journal.id)
        buildings = [
            cls.make_building(cls.estate, "B", sequence=1),
            cls.make_building(other),
            cls.make_building(cls.estate, "C", sequence=30),
        ]
        for number, building in enumerate(buildings):
            for floor in (2, -1):
                unit = cls.make_unit(building, f"{floor}-{number}", floor=floor)
                cls.make_occupancy(unit, cls.owner, "owner", "2020-01-01", state="active")
        cls.billing_run = cls.make_run(2024, 1, estates=cls.estate + other)
        cls.billing_run.action_compute()
        cls.domain = [("run_id", "=", cls.billing_run.id)]

    def test_groups_stand_in_the_order_of_units(self):
        Charge = self.env["property.charge"]
        units = self.billing_run.charge_ids.unit_id._in_unit_order()
        self.assertEqual(len(units), 9)
        for order, expected in (
            ("unit_id", list(units)),
            ("unit_id desc", list(reversed(units))),
            ("state, unit_id", list(units)),
            ("unit_id, state", list(units)),
        ):
            with self.subTest(order=order):
                groups = Charge._read_group(
                    self.domain, ["unit_id", "state"], ["amount:sum"], order=order
                )
                self.assertEqual([unit for unit, *_rest in groups], expected)
        groups = Charge.web_read_group(self.domain, ["unit_id"], ["amount:sum"])["groups"]
        self.assertEqual([group["unit_id"][0] for group in groups], units.ids)
        self.assertEqual(groups[0]["amount:sum"], 250.0)

    def test_rows_are_grouped_by_the_unit_alone(self):
        Charge = self.env["property.charge"]
        query = Charge._search(self.domain)
        terms = {"unit_id": Charge._read_group_groupby(Charge._table, "unit_id", query)}
        Charge._read_group_orderby("unit_id", terms, query)
        self.assertEqual(terms["unit_id"].code, '"property_charge"."unit_id"')

    def test_charges_themselves_are_ordered_as_ever(self):
        charges = self.env["property.charge"].search(self.domain, order="unit_id, id")
        units = self.billing_run.charge_ids.unit_id._in_unit_order()
        self.assertEqual(list(dict.fromkeys(charges.mapped("unit_id"))), list(units))
