from .common import PropertyCase


class MoveInCase(PropertyCase):
    """A tenant who is to move in, two departments, and the steps that they sign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.make_user("front_desk", cls.estate, login="movein_desk", name="Dora Desk")
        cls.engineer = cls.make_user("engineer", cls.estate, login="movein_engineer")
        cls.manager = cls.make_user("manager", cls.estate, login="movein_manager")
        cls.sales = cls.make_user("sales", cls.estate, login="movein_sales")
        departments = cls.env["property.department"]
        cls.service = departments.create(
            {"name": "Test Service", "member_ids": [(0, 0, {"user_id": cls.desk.id})]}
        )
        cls.engineering = departments.create(
            {"name": "Test Engineering", "head_id": cls.engineer.id}
        )
        cls.papers = cls.make_step("Papers", cls.service, needed_for_keys=True)
        cls.inspection = cls.make_step("Inspection", cls.engineering, needed_for_keys=True)
        cls.keys = cls.make_step("Keys", cls.service, proof="keys")
        cls.shown = cls.make_step("Building shown", cls.service, needed_to_finish=False)
        cls.lease = cls.make_occupancy(cls.unit, cls.tenant)

    @classmethod
    def make_step(cls, name, department, process="move_in", **values):
        number = cls.env["property.occupancy.step.template"].search_count([])
        return cls.env["property.occupancy.step.template"].create(
            {
                "name": name,
                "department_id": department.id,
                "process": process,
                "sequence": number,
                **values,
            }
        )

    def step(self, template, occupancy=None):
        steps = (occupancy or self.lease).step_ids
        return steps.filtered(lambda step: step.template_id == template)

    def sign(self, template, user=None, occupancy=None):
        self.step(template, occupancy).with_user(user or self.desk).action_done()

    def approve_override(self, occupancy, codes=None, reason="The truck waits."):
        occupancy.with_user(self.desk).action_request_override(reason, codes)
        rows = self.env["property.approval"].search(
            [("res_id", "=", occupancy.id), ("gate", "=", "override"), ("verdict", "=", "pending")]
        )
        rows.with_user(self.manager).action_approve("Go on.")
