from contextlib import contextmanager

from odoo.addons.property_tenant.calc.approval import Gate

from .common import PropertyCase


class ApprovalCase(PropertyCase):
    """An occupancy that lacks a paper, who asks for the override and who decides.

    ``check`` is a second gate, unlike the first: open without a rule, guarding
    the notice, with a version made of lines, and keeping the yes of a
    rejected round.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.approval.rule"].search([]).write({"active": False})
        # who sees all estates would be among those who decide
        cls.env.ref("base.user_admin").estate_all = False
        cls.desk = cls.make_user("front_desk", cls.estate, login="approval_desk", name="Dora Desk")
        cls.manager = cls.make_user(
            "manager", cls.estate, login="approval_manager", name="Max Manager"
        )
        cls.manager_2 = cls.make_user(
            "manager", cls.estate, login="approval_manager_2", name="Mia Manager"
        )
        cls.engineer = cls.make_user(
            "engineer", cls.estate, login="approval_engineer", name="Eve Engineer"
        )
        cls.stranger = cls.make_user("manager", login="approval_stranger", name="Stan Stranger")
        cls.group_manager = cls.env.ref("property_tenant.group_manager")
        cls.group_engineer = cls.env.ref("property_tenant.group_engineer")
        cls.engineering = cls.make_department("Test Engineering", members=cls.engineer)
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="moving_in", **cls.noticed)

    def setUp(self):
        super().setUp()
        self.missing = [("identity", "identity paper", "front desk")]
        self.granted = []
        self.invalidated = []
        case = self
        model = self.env.registry["property.occupancy"]
        gates = model._approval_gates

        def _approval_gates(self):
            return gates(self) | {
                "check": Gate(
                    "Check",
                    guards={"state": ("notice",)},
                    invalidated_by=(
                        "date_end",
                        "contact_ids",
                        "contact_ids.role",
                        "persons",
                        "estate_id.name",
                    ),
                    keep_approved=True,
                )
            }

        def _approval_granted(self, gate):
            case.granted.append((gate, self.ids))

        def _approval_invalidated(self, gates):
            case.invalidated.append((gates, self.ids))

        def _approval_amount(self):
            return self.persons * 1000.0

        def _approval_figures(self):
            return {"area": self.unit_id.area_gross}

        self.patch(model, "_get_missing_for_activation", lambda self: case.missing)
        for method in (
            _approval_gates,
            _approval_granted,
            _approval_invalidated,
            _approval_amount,
            _approval_figures,
        ):
            self.patch(model, method.__name__, method)

    @contextmanager
    def refused(self, error, message):
        """The block raises ``error`` with a ``message`` like this one, and changes nothing."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception), message)

    @classmethod
    def make_department(cls, name, members=None, **values):
        return cls.env["property.department"].create(
            {
                "name": name,
                "member_ids": [(0, 0, {"user_id": user.id}) for user in members or []],
                **values,
            }
        )

    @classmethod
    def make_rule(cls, gate="override", **values):
        """A rule in force; managers decide unless said otherwise."""
        if not {"department_id", "group_id", "user_id", "user_field"} & values.keys():
            values["group_id"] = cls.env.ref("property_tenant.group_manager").id
        return cls.env["property.approval.rule"].create(
            {
                "model_id": cls.env["ir.model"]._get_id("property.occupancy"),
                "gate": gate,
                **values,
            }
        )

    def ask(self, occupancy=None, user=None, reason="The truck waits."):
        """Ask for the override as the front desk; the rows made."""
        occupancy = (occupancy or self.occupancy).with_user(user or self.desk)
        occupancy.action_request_override(reason)
        return self.rows(occupancy)

    def rows(self, occupancy=None, gate="override"):
        return (
            self.env["property.approval"]
            .search(
                [
                    ("res_model", "=", "property.occupancy"),
                    ("res_id", "in", (occupancy or self.occupancy).ids),
                    ("gate", "=", gate),
                ]
            )
            .sorted(lambda row: (row.round_no, row.step, row.id))
        )

    def state(self, gate="override", occupancy=None):
        return (occupancy or self.occupancy)._approval_gate_state(gate)
