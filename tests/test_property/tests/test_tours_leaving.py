"""A party leaves, in the browser: notice, clearance step by step, the end."""

from datetime import timedelta

from odoo.tests import tagged

from .tours_common import TourCase, in_every_variant


@tagged("post_install", "-at_install")
@in_every_variant
class TestLeavingTours(TourCase):
    staff = {"front_desk": "周前台", "engineer": "吴工程"}
    steps = ("迁出查验", "收回钥匙")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        templates = cls.env["property.occupancy.step.template"]
        templates.search([]).active = False
        templates.create(
            [
                {
                    "name": name,
                    "sequence": number,
                    "process": "move_out",
                    "group_id": cls.env.ref(f"property_tenant.group_{role}").id,
                    "proof": proof,
                }
                for number, (name, role, proof) in enumerate(
                    zip(cls.steps, ("engineer", "front_desk"), (False, "returned"), strict=True)
                )
            ]
        )
        cls.lease = cls.make_occupancy(
            cls.unit_3,
            cls.make_partner("赵小兰"),
            state="active",
            date_end=cls.estate._today() + timedelta(days=30),
        )

    def process_leaving_by_steps(self):
        """The desk notes the notice; engineer and desk sign what is open; then it ends."""
        occupancies = "action-property_tenant.property_occupancy_action"
        signing = "action-property_tenant.property_occupancy_step_action"
        party = {"party": "赵小兰"}
        self.play(
            "property_tour_leaving_notice", "front_desk", occupancies, steps=self.steps, **party
        )
        self.assertEqual((self.lease.state, self.lease.notice_way), ("clearing", "letter"))
        self.play("property_tour_move_in_sign", "engineer", signing, step=self.steps[0])
        self.assertEqual(len(self.lease.clearance_missing.splitlines()), 1)
        self.play(
            "property_tour_leaving_end", "front_desk", occupancies, step=self.steps[1], **party
        )
        self.assertEqual(self.lease.state, "ended")
        self.assertEqual(
            self.lease.step_ids.mapped("done_by"),
            self.people["engineer"] + self.people["front_desk"],
        )
