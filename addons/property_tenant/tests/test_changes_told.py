"""The chatter tells who changed what, also of settings and of rows of an occupancy."""

from odoo.tests import tagged

from .common import PropertyCase


@tagged("post_install", "-at_install", "property")
class TestChangesTold(PropertyCase):
    def settle(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def changes(self, record):
        self.settle()
        return record.message_ids.tracking_value_ids.mapped("field_id.name")

    def test_settings_tell_what_changed(self):
        manager = self.make_user("manager", self.estate)
        kinds = self.env["property.document.type"].create({"name": "Kind", "code": "kind_t"})
        form = self.env["property.form"].create({"name": "Form", "body": "<p>a</p>"})
        department = self.env["property.department"].create({"name": "Department T"})
        step = self.env["property.occupancy.step.template"].create(
            {"name": "Step", "process": "move_in", "department_id": department.id}
        )
        self.settle()
        for record, name, value in (
            (self.building, "name", "Tower"),
            (kinds, "retention_months", 7),
            (form, "name", "Other Form"),
            (department, "head_id", manager.id),
            (step, "name", "Other Step"),
        ):
            with self.subTest(record._name):
                record.with_context(tracking_disable=False).write({name: value})
                self.assertIn(name, self.changes(record))

    def test_new_text_of_a_form_is_told_by_its_version(self):
        form = self.env["property.form"].create({"name": "Form", "body": "<p>a</p>"})
        self.settle()
        form.body = "<p>b</p>"
        self.assertIn("version", self.changes(form))

    def test_rows_are_told_on_their_record(self):
        occupancy = self.make_occupancy(self.unit, self.tenant, state="active")
        contact = self.env["property.occupancy.contact"].create(
            {"occupancy_id": occupancy.id, "partner_id": self.owner.id, "role": "agent"}
        )
        contact.role = "finance"
        contact.unlink()
        warning = self.env["property.warning"].create(
            {"partner_id": self.tenant.id, "text": "Large dog"}
        )
        warning.level = "3"
        told = " ".join(occupancy.message_ids.mapped("body"))
        for words in ("(Agent) – added", "changed: Role", "(Finance) – taken off"):
            self.assertIn(words, told)
        told = " ".join(self.tenant.message_ids.mapped("body"))
        self.assertIn("Large dog – added", told)
        self.assertIn("changed: Level", told)
