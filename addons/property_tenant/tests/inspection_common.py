from odoo.fields import Command
from odoo.tests import tagged

from .common import PropertyCase

#: one white pixel, as a phone would send a photo and a finger a signature
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4"
    b"////fwAJ+wP9CNHoHgAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class InspectionCase(PropertyCase):
    """A template of four points in two sections: plain, photo of a defect, number, scored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engineer = cls.make_user("engineer", cls.estate)
        cls.colleague = cls.make_user("engineer", cls.estate, login="test_engineer_2")
        cls.desk = cls.make_user("front_desk", cls.estate)
        cls.supervisor = cls.make_user("engineering_supervisor", cls.estate)
        cls.controller = cls.make_user("controller", cls.estate)
        cls.template = cls.make_template(
            "Handover",
            kind="handover",
            signers=[("occupant", True), ("inspector", True)],
        )
        cls.Inspection = cls.env["property.inspection"].with_user(cls.engineer)

    @classmethod
    def make_template(cls, name, signers=(), points=None, **values):
        points = points or [
            {"section": "Door", "name": "Lock", "normal": "Turns", "points": 2},
            {"section": "Door", "name": "Glass", "photo": "defect", "points": 1},
            {
                "section": "Water",
                "name": "Pressure",
                "with_number": True,
                "uom": "MPa",
                "has_minimum": True,
                "minimum": 0.3,
                "has_maximum": True,
                "maximum": 0.6,
            },
            {"section": "Water", "name": "Drain"},
        ]
        return cls.env["property.inspection.template"].create(
            {
                "name": name,
                "company_id": cls.estate.company_id.id,
                "point_ids": [
                    Command.create({"sequence": number, **point})
                    for number, point in enumerate(points)
                ],
                "signer_ids": [
                    Command.create({"sequence": number, "party": party, "is_required": required})
                    for number, (party, required) in enumerate(signers)
                ],
                **values,
            }
        )

    @classmethod
    def make_plan(cls, template, **values):
        return cls.env["property.inspection.plan"].create(
            {
                "template_id": template.id,
                "estate_id": cls.estate.id,
                "date_from": "2024-01-01",
                **values,
            }
        )

    def begin(self, template=None, user=None, **values):
        """An inspection of unit A-101 that has begun."""
        inspection = self.Inspection.with_user(user or self.engineer).create(
            {
                "template_id": (template or self.template).id,
                "unit_id": self.unit.id,
                **values,
            }
        )
        inspection.action_start()
        return inspection

    def answer(self, inspection, **results):
        """Answer points by name; the others are in order, numbers within their limits."""
        for line in inspection.line_ids:
            result = results.get(line.name, "ok")
            values = {"result": result}
            if line.with_number:
                values["number"] = 0.5
            if result == "defect":
                values["note"] = f"{line.name} is broken"
                self.photograph(line)
            line.write(values)
        return inspection

    def photograph(self, line):
        return (
            self.env["property.inspection.photo"]
            .with_user(self.engineer)
            .create({"line_id": line.id, "image": PIXEL})
        )

    def finish(self, inspection=None, **results):
        inspection = self.answer(inspection or self.begin(), **results)
        inspection.action_finish()
        return inspection

    def sign(self, inspection):
        """All parties sign."""
        for key in inspection._signature_missing():
            inspection._sign(key, "Somebody", PIXEL)
        return inspection
