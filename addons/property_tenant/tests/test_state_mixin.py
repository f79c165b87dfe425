"""States, numbers and what is computed are not typed: over RPC, in values or in the context."""

import json

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .inspection_common import PIXEL, InspectionCase

MIXIN = "property.state.mixin"


class StateBuilders:
    """The least that makes a record of each model, and the role that makes it."""

    def values_of(self, model):
        return {
            "property.inspection": lambda: {
                "template_id": self.template.id,
                "unit_id": self.unit.id,
            },
            "property.defect": lambda: {"name": "Lamp is out", "unit_id": self.unit.id},
            "property.vacancy.check": lambda: {
                "estate_id": self.estate.id,
                "department_ids": [Command.clear()],
            },
            "property.visit": lambda: {"occupancy_id": self.occupancy.id},
            "property.sign.request": lambda: {"occupancy_id": self.occupancy.id},
            "property.parking.request": lambda: {
                "occupancy_id": self.occupancy.id,
                "unit_id": self.space.id,
            },
        }[model]()

    def guarded_models(self):
        return [
            name
            for name in self.env.registry.descendants([MIXIN], "_inherit")
            if not self.env[name]._abstract
        ]


@tagged("post_install", "-at_install")
class TestStateMixin(StateBuilders, InspectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.occupancy = cls.make_occupancy(cls.unit, cls.tenant, state="active")
        cls.space = cls.make_unit(cls.building, "P-01", usage="parking", area_gross=12)
        cls.boss = cls.make_user("supervisor,engineering_supervisor", cls.estate)

    def rpc(self, model, method, args, context=None, user=None):
        """As a client calls it."""
        kwargs = {"context": context or {}}
        return call_kw(self.env(user=user or self.boss)[model], method, args, kwargs)

    def each(self):
        for name in self.guarded_models():
            model = self.env[name]
            others = [state for state in model._transitions if state != model._get_first_state()]
            with self.subTest(model=name):
                yield model, self.values_of(name), others

    def test_the_models_know_all_their_states(self):
        self.assertGreaterEqual(len(self.guarded_models()), 6)
        for model, _values, _others in self.each():
            states = set(dict(model._fields[model._state_field].selection))
            self.assertEqual(states, set(model._transitions))
            self.assertLessEqual(set().union(*model._transitions.values()), states)

    def test_none_is_born_in_another_state_by_its_values(self):
        for model, values, others in self.each():
            for state in others:
                with self.assertRaises(UserError):
                    self.rpc(model._name, "create", [{**values, model._state_field: state}])

    def test_none_is_born_in_another_state_by_the_context(self):
        for model, values, others in self.each():
            for state in others:
                forged = {f"default_{model._state_field}": state, "default_number": "X-1"}
                [made] = self.rpc(model._name, "create", [[values]], forged)
                record = model.browse(made)
                self.assertEqual(record[model._state_field], model._get_first_state())
                self.assertNotEqual(record.number, "X-1")

    def test_a_number_in_the_values_does_not_count(self):
        for model, values, _others in self.each():
            [made] = self.rpc(model._name, "create", [[{**values, "number": "X-1"}]])
            self.assertNotEqual(model.browse(made).number, "X-1")

    def test_the_context_says_nothing_about_what_is_found_out(self):
        for model, values, _others in self.each():
            names = [
                name
                for name in model._system_fields | model._get_derived_fields()
                if model._fields[name].type in ("char", "text", "datetime", "date", "float")
            ]
            forged = {
                f"default_{name}": {
                    "datetime": "2001-01-01 00:00:00",
                    "date": "2001-01-01",
                    "float": 99.0,
                }.get(model._fields[name].type, "forged")
                for name in names
            }
            [made] = self.rpc(model._name, "create", [[values]], forged)
            record = model.browse(made)
            for name in names:
                self.assertNotIn(
                    str(record[name]), {"2001-01-01 00:00:00", "2001-01-01", "99.0", "forged"}, name
                )

    def test_nobody_writes_a_state(self):
        for model, values, others in self.each():
            record = model.create(values)
            first = model._get_first_state()
            for user in (self.boss, self.env.ref("base.user_admin")):
                for state in others:
                    with self.assertRaises(UserError):
                        self.rpc(
                            model._name,
                            "write",
                            [record.ids, {model._state_field: state}],
                            user=user,
                        )
            with self.assertRaises(UserError):
                record.sudo().write({model._state_field: others[0]})
            self.assertEqual(record[model._state_field], first)
            # the same again is no change
            record.write({model._state_field: first})

    def test_nobody_writes_what_the_buttons_find_out(self):
        for model, values, _others in self.each():
            record = model.create(values)
            for name in model._system_fields | model._get_derived_fields():
                with self.assertRaises(UserError, msg=name):
                    self.rpc(model._name, "write", [record.ids, {name: False}])

    def test_a_copy_begins_again(self):
        for model, values, others in self.each():
            record = model.create(values)
            with self.assertRaises(UserError):
                record.copy({model._state_field: others[0]})

    def test_no_way_leads_out_of_the_last_states(self):
        for model, values, others in self.each():
            record = model.create(values)
            with self.assertRaises(UserError):
                record._move("nowhere")
            for state in others:
                if state not in model._transitions[model._get_first_state()]:
                    with self.refused("cannot become"):
                        record._move(state)

    def test_the_kind_of_an_inspection_is_that_of_its_template(self):
        other = self.make_template("Round", kind="other")
        [made] = self.rpc(
            "property.inspection",
            "create",
            [[{"template_id": other.id, "unit_id": self.unit.id, "kind": "handover"}]],
            {"default_kind": "handover"},
            self.engineer,
        )
        inspection = self.Inspection.browse(made)
        self.assertEqual(inspection.kind, "other")
        with self.refused("follows from its buttons"):
            inspection.write({"kind": "handover"})
        self.assertEqual(inspection.kind, "other")


@tagged("post_install", "-at_install")
class TestKeptFiles(InspectionCase, HttpCase):
    """Pictures of what is signed are not exchanged over RPC, past the record that shows them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engineer.password = "engineer_over_rpc"
        cls.template.signer_ids.unlink()
        cls.template.write({"signer_ids": [Command.create({"party": "inspector"})]})

    def call(self, model, method, *args):
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/web/dataset/call_kw",
                data=json.dumps(
                    {
                        "params": {
                            "model": model,
                            "method": method,
                            "args": list(args),
                            "kwargs": {},
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            ).json()
        if "error" in answer:
            return answer["error"]["data"]["message"]
        return answer["result"]

    def file_of(self, record, field):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("res_field", "=", field),
                ]
            )
        )

    def assert_kept(self, record, field, sentence):
        file = self.file_of(record, field)
        before = file.raw
        self.assertTrue(before)
        loose = self.call("ir.attachment", "create", {"name": "x.png", "raw": "x"})
        place = {"res_model": record._name, "res_id": record.id, "res_field": field}
        for method, *args in (
            ("write", file.ids, {"raw": "other"}),
            ("write", file.ids, {"datas": "b3RoZXI="}),
            ("write", file.ids, {"res_id": 0}),
            ("write", file.ids, {"res_field": False}),
            ("unlink", file.ids),
            ("create", {"name": "y.png", "raw": "y", **place}),
            ("write", [loose], place),
        ):
            answer = self.call("ir.attachment", method, *args)
            self.assertIsInstance(answer, str, f"{method} {args}")
            self.assertTrue(
                sentence in answer or "not allowed" in answer, f"{method} {args}: {answer}"
            )
        self.env.invalidate_all()
        self.assertEqual(self.file_of(record, field), file)
        self.assertEqual(file.raw, before)

    def test_photos_and_signatures_of_a_signed_inspection_stay(self):
        inspection = self.sign(self.finish(Glass="defect"))
        self.assertEqual(inspection.state, "signed")
        photo = inspection.line_ids.photo_ids
        self.authenticate(self.engineer.login, "engineer_over_rpc")
        for field in ("image", "image_256"):
            self.assert_kept(photo, field, "A photo is not changed")
            answer = self.call(photo._name, "write", photo.ids, {field: PIXEL.decode()})
            self.assertIn("A photo is not changed", answer)
        answer = self.call(photo._name, "write", photo.ids, {"defect_id": False})
        self.assertIn("signed and stays", answer)
        self.assertIn("signed and stays", self.call(photo._name, "unlink", photo.ids))
        row = inspection._signature_rows()
        self.assert_kept(row, "signature", "cannot be changed")

    def test_a_photo_of_an_open_inspection_is_taken_away_with_its_file(self):
        inspection = self.begin()
        photo = self.photograph(inspection.line_ids[0])
        file = self.file_of(photo, "image")
        photo.unlink()
        self.assertFalse(file.exists())
