from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

ROLES = (
    "user",
    "sales",
    "steward",
    "front_desk",
    "officer",
    "supervisor",
    "manager",
    "engineer",
    "engineering_supervisor",
    "security",
    "collector",
    "cashier",
    "billing_supervisor",
    "accountant",
    "archivist",
    "legal",
    "general_manager",
    "controller",
)


class PropertyBuilders:
    """What tests of the suite are built with; mix it into any Odoo test case."""

    @contextmanager
    def refused(self, sentence, error=UserError):
        """The block is refused with a message that says ``sentence``; what it did is undone."""
        with self.assertRaises(error) as refusal:
            yield
        self.assertIn(sentence, str(refusal.exception))

    @classmethod
    def make_company(cls, name="Second Company"):
        company = cls.env["res.company"].create({"name": name})
        cls.env.user.company_ids += company
        return company

    @classmethod
    def make_estate(cls, code="HP", **values):
        return cls.env["property.estate"].create(
            {"name": f"Estate {code}", "code": code, "tz": "Asia/Shanghai", **values}
        )

    @classmethod
    def make_building(cls, estate, code="A", **values):
        return cls.env["property.building"].create(
            {"name": f"Building {code}", "code": code, "estate_id": estate.id, **values}
        )

    @classmethod
    def make_unit(cls, building, code, **values):
        return cls.env["property.unit"].create(
            {"code": code, "building_id": building.id, "area_gross": 100.0, **values}
        )

    @classmethod
    def make_partner(cls, name="Party", **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def make_occupancy(cls, unit, partner, kind="tenant", date_start="2024-01-01", **values):
        return cls.env["property.occupancy"].create(
            {
                "unit_id": unit.id,
                "partner_id": partner.id,
                "kind": kind,
                "date_start": date_start,
                **values,
            }
        )

    #: how and when notice was given, for those who write it themselves
    noticed = {"notice_date": "2024-01-01", "notice_way": "letter"}

    @classmethod
    def make_user(cls, role, estates=None, estate_all=False, **values):
        """A person of the role ``group_<role>`` who sees ``estates``.

        Several roles are written with a comma: ``"sales,collector"``.
        """
        groups = ",".join(f"property_tenant.group_{name}" for name in role.split(","))
        login = values.pop("login", None) or f"test_{role.replace(',', '_')}"
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            estate_all=estate_all,
            estate_ids=[Command.set(estates.ids if estates else [])],
            **values,
        )


class PropertyCase(PropertyBuilders, TransactionCase):
    """One estate of one building with three units, a tenant and an owner to be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # tests that are not about identity papers need not supply one to move in
        cls.env.company.pm_require_identity = False
        # nor are most about the steps of a move-in and the papers that are signed
        cls.env["property.occupancy.step.template"].search([]).active = False
        cls.env["property.form"].search([]).active = False
        cls.estate = cls.make_estate()
        cls.building = cls.make_building(cls.estate)
        cls.unit = cls.make_unit(cls.building, "A-101", floor=1)
        cls.unit_2 = cls.make_unit(cls.building, "A-102", floor=1)
        cls.unit_3 = cls.make_unit(cls.building, "A-201", floor=2)
        cls.tenant = cls.make_partner("Tenant Trading Ltd", is_company=True)
        cls.owner = cls.make_partner("Olivia Owner")
