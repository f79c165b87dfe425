"""A move-in in the browser, step by step: sales opens it, each department signs its own."""

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestMoveInTours(TourCase):
    staff = {"sales": "孙销售", "front_desk": "周前台", "engineer": "吴工程"}
    steps = ("资料核对", "验房交接", "钥匙移交")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.pm_require_identity = False
        cls.env["property.form"].search([]).active = False
        templates = cls.env["property.occupancy.step.template"]
        templates.search([]).active = False
        templates.create(
            [
                {
                    "name": name,
                    "sequence": number,
                    "group_id": cls.env.ref(f"property_tenant.group_{role}").id,
                    "needed_for_keys": proof != "keys",
                    "proof": proof,
                }
                for number, (name, role, proof) in enumerate(
                    zip(
                        cls.steps,
                        ("front_desk", "engineer", "front_desk"),
                        (False, False, "keys"),
                        strict=True,
                    )
                )
            ]
        )
        cls.lease = cls.make_occupancy(cls.unit_3, cls.make_partner("赵小兰"))

    def process_move_in_by_steps(self):
        """Sales opens it with a date; engineer and desk sign; then the keys and the end."""
        moves = "action-property_tenant.property_occupancy_movein_action"
        signing = "action-property_tenant.property_occupancy_step_action"
        party = {"party": "赵小兰"}
        self.play("property_tour_move_in_open", "sales", moves, step=self.steps[1], **party)
        self.assertEqual(self.lease.state, "moving_in")
        self.assertEqual(self.lease.appointment_id.state, "offered")
        self.play("property_tour_move_in_sign", "engineer", signing, step=self.steps[1])
        self.play("property_tour_move_in_sign", "front_desk", signing, step=self.steps[0])
        self.assertEqual(self.lease._get_keys_obstacle(), "")
        self.play("property_tour_move_in_keys", "front_desk", moves, step=self.steps[2], **party)
        self.assertEqual(self.lease.state, "active")
        self.assertEqual(
            self.lease.step_ids.mapped("done_by"),
            self.people["front_desk"] + self.people["engineer"],
        )
