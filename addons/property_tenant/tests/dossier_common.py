import base64

from odoo import fields
from odoo.fields import Command

from .common import PropertyCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class DossierCase(PropertyCase):
    """A tenant who has moved in, the standard document types set aside, three types of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.document.type"].search([]).active = False
        cls.today = cls.estate._today()
        cls.lease = cls.make_type("lease_x", name="Lease", required=True)
        cls.licence = cls.make_type(
            "licence_x", name="Licence", required=True, required_party="company", expires=True
        )
        cls.passport = cls.make_type("passport_x", name="Passport", confidential=True)
        cls.contract = cls.make_type("contract_x", name="Lift Contract", category="contractor")
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.archivist = cls.make_user("archivist", cls.estate)
        cls.officer = cls.make_user("officer", cls.estate)
        cls.desk = cls.make_user("front_desk", cls.estate)
        cls.engineer = cls.make_user("engineer", cls.estate)
        cls.supervisor = cls.make_user("supervisor", cls.estate)
        cls.manager = cls.make_user("manager", cls.estate)
        cls.boss = cls.make_user("general_manager", cls.estate)
        cls.controller = cls.make_user("controller", cls.estate)
        cls.department = cls.env["property.department"].create(
            {
                "name": "Customer Service X",
                "head_id": cls.manager.id,
                "member_ids": [Command.create({"user_id": cls.officer.id})],
            }
        )
        cls.env.company.pm_dossier_department_id = cls.department

    @classmethod
    def make_type(cls, code, **values):
        return cls.env["property.document.type"].create({"name": code, "code": code, **values})

    @classmethod
    def make_document(cls, kind=None, user=None, **values):
        documents = cls.env["property.document"]
        if user:
            documents = documents.with_user(user)
        kind = kind or cls.lease
        if kind.category != "contractor":
            values.setdefault("occupancy_id", cls.occupancy.id)
        return documents.create({"type_id": kind.id, **values})

    @classmethod
    def make_file(cls, user=None, name="scan.png", **values):
        files = cls.env["ir.attachment"]
        if user:
            files = files.with_user(user)
        return files.create(
            {"name": name, "raw": PIXEL, "res_model": "property.document", "res_id": 0, **values}
        )

    def paper(self, kind, occupancy=None):
        return self.env["property.dossier.paper"].search(
            [
                ("occupancy_id", "=", (occupancy or self.occupancy).id),
                ("type_id", "=", kind.id),
            ]
        )

    def days(self, number):
        return fields.Date.add(self.today, days=number)

    def end_occupancy(self, day="2015-12-31"):
        self.occupancy.write({"date_start": "2014-01-01", "date_end": day, "state": "notice"})
        self.occupancy.write({"state": "ended"})
