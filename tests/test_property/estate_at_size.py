"""An estate with hundreds or thousands of units, for crashes, for two at once, for measurements.

Every unit has an owner of its own, a water meter, and five fees with 6 % tax: five lines on
each bill.
"""

from datetime import date

from odoo.fields import Command

CODE = "SIZE"
MONTH = (date(2024, 1, 1), date(2024, 1, 31))
SUPERVISORS = ("size_supervisor", "size_colleague")
APPROVER = "size_approver"
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}
#: what each fee costs: per m², per unit, or by the tariff below
FEES = {
    "Care": ("area", 2.35),
    "Repair Fund": ("area", 0.47),
    "Cleaning": ("fixed", 35.0),
    "Lift": ("fixed", 19.9),
    "Water": ("metered", None),
}
WATER_TIERS = [(0, 2.37), (12, 3.55), (20, 7.1)]


class EstateAtSize:
    """Makes the estate in the database of ``env``.

    :param size: number of units
    :param shared: each so many units there is one of the first owner, who gets one bill for all
    :param flaws: the last unit has no owner, and the last but one a fee item without account
    """

    def __init__(self, env, size, shared=0, flaws=False):
        self.env = env(context=dict(env.context, **QUIET))
        self.size, self.shared, self.flaws = size, shared, flaws

    def build(self):
        self.make_people()
        self.make_estate()
        self.make_units()
        self.make_holders()
        self.make_readings()
        self.make_fees()
        if self.flaws:
            self.make_flaws()
        self.run = self.make_run()
        return self

    def make_people(self):
        groups = {login: "billing_supervisor" for login in SUPERVISORS} | {APPROVER: "manager"}
        for login, role in groups.items():
            self.env["res.users"].create(
                {
                    "name": login.replace("_", " ").title(),
                    "login": login,
                    "estate_all": True,
                    "group_ids": [Command.link(self.env.ref(f"property_tenant.group_{role}").id)],
                }
            )

    def make_estate(self):
        self.company = self.env.company
        self.tax = self.env["account.tax"].create(
            {"name": "6 % at size", "amount": 6.0, "type_tax_use": "sale"}
        )
        self.income = self.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", self.company.ids)], limit=1
        )
        self.journal = self.env["account.journal"].create(
            {"name": "Bills at Size", "code": CODE, "type": "sale"}
        )
        self.estate = self.env["property.estate"].create(
            {
                "name": "Estate at Size",
                "code": CODE,
                "tz": "Asia/Shanghai",
                "journal_id": self.journal.id,
            }
        )
        self.building = self.env["property.building"].create(
            {"name": "Building at Size", "code": CODE, "estate_id": self.estate.id}
        )

    def make_units(self):
        self.units = self.env["property.unit"].create(
            [
                {
                    "code": f"U{number:05}",
                    "building_id": self.building.id,
                    "floor": number // 20 + 1,
                    "area_gross": 40 + number % 37 * 2.5,
                }
                for number in range(self.size)
            ]
        )

    def make_holders(self):
        self.owners = self.env["res.partner"].create(
            [{"name": f"Owner {number:05}"} for number in range(self.size)]
        )
        last = self.size - self.flaws
        self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": self.owners[self.owner_of(number)].id,
                    "kind": "owner",
                    "date_start": "2020-01-01",
                    "state": "active",
                }
                for number, unit in enumerate(self.units[:last])
            ]
        )

    def owner_of(self, number):
        return 0 if self.shared and number % self.shared == 0 else number

    def make_readings(self):
        meters = self.env["property.meter"].create(
            [
                {
                    "name": f"W{number:05}",
                    "commodity": "water_cold",
                    "unit_id": unit.id,
                    "estate_id": self.estate.id,
                    "digits": 6,
                    "date_installed": "2023-01-01",
                }
                for number, unit in enumerate(self.units)
            ]
        )
        Reading = self.env["property.meter.reading"]
        for day, kind, used in (("2023-12-31", "installation", 0), ("2024-01-31", "regular", 1)):
            readings = Reading.create(
                [
                    {
                        "meter_id": meter.id,
                        "date": day,
                        "kind": kind,
                        "index_value": 100 + used * self.used(number),
                    }
                    for number, meter in enumerate(meters)
                ]
            )
            readings._validate()
            left = readings.filtered(lambda reading: reading.state != "accepted")
            left.action_accept("Seen on the spot.")

    def used(self, number):
        return 3 + number % 23

    def make_fees(self):
        self.tariff = self.env["property.tariff"].create(
            {
                "name": "Water at Size",
                "commodity": "water_cold",
                "version_ids": [
                    Command.create(
                        {
                            "date_from": "2020-01-01",
                            "tier_basis": "calendar_year",
                            "tier_ids": [
                                Command.create({"quantity_from": start, "price": price})
                                for start, price in WATER_TIERS
                            ],
                        }
                    )
                ],
            }
        )
        self.products = self.env["product.product"]
        for name, (method, rate) in FEES.items():
            product = self.make_product(name, property_account_income_id=self.income.id)
            self.products |= product
            self.make_rule(
                product,
                method=method,
                rate=rate or 0.0,
                tariff_id=self.tariff.id if method == "metered" else False,
            )

    def make_product(self, name, **values):
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 0.0,
                "taxes_id": [Command.set(self.tax.ids)],
                **values,
            }
        )

    def make_rule(self, product, **values):
        return self.env["property.fee.rule"].create(
            {
                "name": product.name,
                "product_id": product.id,
                "date_from": "2024-01-01",
                "estate_ids": [Command.set(self.estate.ids)],
                **values,
            }
        )

    def make_flaws(self):
        bare = self.make_product("Bare Fee", property_account_income_id=False)
        bare.categ_id = self.env["product.category"].create(
            {"name": "Bare", "property_account_income_categ_id": False}
        )
        self.company.income_account_id = False
        unit = self.units[self.size - 2]
        self.make_rule(bare, method="fixed", rate=10.0, unit_ids=[Command.set(unit.ids)])

    def make_run(self):
        return self.env["property.billing.run"].create(
            {
                "estate_ids": [Command.set(self.estate.ids)],
                "period_start": MONTH[0],
                "period_end": MONTH[1],
            }
        )
