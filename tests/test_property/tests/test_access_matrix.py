"""Who may do what with which model: the reviewed table, and what no table may say."""

from odoo.tests import TransactionCase, tagged

from .common import (
    OPEN_BEYOND_ESTATE,
    OUTSIDERS,
    SuiteMixin,
    how_to_regenerate,
    read_table,
    regenerating,
    write_table,
)

TABLE = "access_matrix.csv"
OPERATIONS = {"R": "read", "W": "write", "C": "create", "U": "unlink"}

#: rows that belong to the person who makes them, whatever else he may not do
PERSONAL = {"property.approval.deputy"}

#: the same for all companies and estates
SHARED = {
    "property.approval.field": "what can be judged, made from the code",
    "property.approval.gate": "what can be approved, made from the code",
    "property.import.target": "columns of the import, made from the code",
    "property.unit.tag": "words for grouping units",
}


@tagged("post_install", "-at_install")
class TestAccessMatrix(SuiteMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.make_role_users()
        allowed = {}
        Access = cls.env["ir.model.access"]
        for role, user in cls.users.items():
            for letter, operation in OPERATIONS.items():
                allowed[role, letter] = Access.with_user(user)._get_allowed_models(operation)
        cls.allowed = allowed

    def rights(self, model, role):
        letters = [letter for letter in OPERATIONS if model in self.allowed[role, letter]]
        return "".join(letters) or "-"

    def test_every_role_has_the_reviewed_rights_on_every_model(self):
        models = self.our_models() + self.models_with_our_acl()
        now = {(model, role): self.rights(model, role) for model in models for role in self.users}
        if regenerating():
            write_table(
                TABLE, ["model", "role", "rights"], [(*key, value) for key, value in now.items()]
            )
        table = {(row["model"], row["role"]): row["rights"] for row in read_table(TABLE)}
        wrong = [
            f"{model}, {role}: reviewed {table.get((model, role), 'never')},"
            f" now {now.get((model, role), 'gone')}"
            for model, role in sorted(now.keys() | table.keys())
            if now.get((model, role)) != table.get((model, role))
        ]
        self.assertEqual(
            wrong,
            [],
            f"{len(wrong)} rights differ from the reviewed table."
            f" {how_to_regenerate(TABLE, 'access_matrix')}",
        )

    def test_no_access_line_is_for_everybody(self):
        models = self.our_models(abstract=True)
        lines = self.env["ir.model.access"].search(
            [("model_id.model", "in", models), ("group_id", "=", False)]
        )
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.model.access"), ("module", "in", self.our_addons())]
        )
        ours = self.env["ir.model.access"].browse(data.mapped("res_id")).exists()
        lines |= ours.filtered(lambda line: not line.group_id)
        self.assertEqual(lines.mapped("name"), [])

    def test_controller_reads_all_and_writes_nothing(self):
        rights = {
            model: self.rights(model, "controller") for model in self.our_models(transient=False)
        }
        reads = {
            model
            for role in set(self.users) - {"controller"}
            for model in rights
            if model in self.allowed[role, "R"]
        }
        self.assertEqual([model for model in sorted(reads) if "R" not in rights[model]], [])
        self.assertEqual(
            {
                model: letters
                for model, letters in rights.items()
                if letters not in ("R", "-") and model not in PERSONAL
            },
            {},
        )

    def test_outsiders_have_nothing(self):
        found = {
            (model, role): self.rights(model, role)
            for model in self.our_models()
            for role in OUTSIDERS
            if self.rights(model, role) != "-"
        }
        self.assertEqual(found, {})


@tagged("post_install", "-at_install")
class TestRecordRules(SuiteMixin, TransactionCase):
    """Rules for all, so that no role widens them by accident."""

    def global_domains(self, model):
        """What every operation of everybody is limited by, as written."""
        rules = self.env["ir.rule"].search([("model_id.model", "=", model), ("groups", "=", False)])
        lasting = rules.filtered(
            lambda rule: (
                rule.perm_read and rule.perm_write and rule.perm_create and rule.perm_unlink
            )
        )
        return [rule.domain_force or "" for rule in lasting]

    def test_every_model_with_a_company_is_kept_apart_by_company(self):
        lacking = [
            model
            for model in self.our_models(transient=False)
            if "company_id" in self.env[model]._fields
            and not any("company_ids" in domain for domain in self.global_domains(model))
        ]
        self.assertEqual(lacking, [])

    def test_every_model_with_an_estate_is_limited_to_the_own_estates(self):
        lacking = [
            model
            for model in self.our_models(transient=False)
            if "estate_id" in self.env[model]._fields
            and model not in OPEN_BEYOND_ESTATE
            and not any("user.estate_ids" in domain for domain in self.global_domains(model))
        ]
        self.assertEqual(lacking, [])

    def test_every_other_model_is_limited_or_known_to_be_shared(self):
        unlimited = [
            model
            for model in self.our_models(transient=False)
            if self.env[model]._auto
            and not self.global_domains(model)
            and model not in SHARED
            and model not in PERSONAL
        ]
        self.assertEqual(unlimited, [])

    def test_what_a_window_holds_is_seen_by_its_owner_only(self):
        """Odoo does not limit transient rows by itself."""
        open_to_all = [
            model
            for model in self.our_models()
            if self.env[model]._transient
            and not any("create_uid" in domain for domain in self.global_domains(model))
        ]
        self.assertEqual(open_to_all, [])
