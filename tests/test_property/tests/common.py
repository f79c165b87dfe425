"""What the tests of the whole suite share: its addons, their models, their roles."""

import csv
import os
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import new_test_user

#: people without any role of ours
OUTSIDERS = {
    "employee": "base.group_user",
    "portal": "base.group_portal",
    "public": "base.group_public",
}

#: seen beyond the own estates, and why
OPEN_BEYOND_ESTATE = {
    "property.department.member": "colleagues of all estates know who does what",
}

DATA = Path(__file__).parent / "tables"
ADDONS = Path(Manifest.for_addon("property_tenant").path).parent
ROOT = ADDONS.parent


def regenerating():
    """Whether the reviewed tables are to be written anew."""
    return bool(os.environ.get("PROPERTY_REGENERATE"))


def how_to_regenerate(name, test):
    return (
        f"Write it anew with  PROPERTY_REGENERATE=1 ./test test_property -k {test}"
        f"  and review what git shows as changed in tests/test_property/tests/tables/{name}."
    )


def read_table(name):
    """Rows of a reviewed table as dicts."""
    with open(DATA / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_table(name, columns, rows):
    with open(DATA / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


class SuiteMixin:
    """The installed addons of the suite, seen through the registry."""

    @classmethod
    def our_addons(cls):
        found = {path.parent.name for path in ADDONS.glob("*/__manifest__.py")}
        modules = cls.env["ir.module.module"].search(
            [("name", "in", sorted(found)), ("state", "=", "installed")]
        )
        return sorted(modules.mapped("name"))

    @classmethod
    def our_models(cls, abstract=False, transient=True):
        """Names of the models that our addons define."""
        addons = set(cls.our_addons())
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if model._original_module in addons
            and (abstract or not model._abstract)
            and (transient or not model._transient)
        )

    @classmethod
    def models_with_our_acl(cls):
        """Models of others to which our addons give rights."""
        data = cls.env["ir.model.data"].search(
            [("model", "=", "ir.model.access"), ("module", "in", cls.our_addons())]
        )
        accesses = cls.env["ir.model.access"].browse(data.mapped("res_id")).exists()
        return sorted(set(accesses.model_id.mapped("model")) - set(cls.our_models()))

    @classmethod
    def our_roles(cls):
        """Group by role name, in the order in which they are shown."""
        data = cls.env["ir.model.data"].search(
            [
                ("model", "=", "res.groups"),
                ("module", "in", cls.our_addons()),
                ("name", "=like", "group_%"),
            ]
        )
        groups = {row.name.removeprefix("group_"): row.res_id for row in data}
        by_id = {group.id: group for group in cls.env["res.groups"].browse(groups.values())}
        ordered = sorted(groups.items(), key=lambda item: (by_id[item[1]].sequence, item[0]))
        return {role: by_id[group_id] for role, group_id in ordered}

    @classmethod
    def make_role_users(cls, prefix="matrix", **values):
        """One person per role of ours and per kind of outsider, by role name."""
        users = {}
        for role, group in cls.our_roles().items():
            xmlid = group.get_external_id()[group.id]
            users[role] = new_test_user(
                cls.env,
                login=f"{prefix}_{role}",
                groups=f"base.group_user,{xmlid}",
                **values,
            )
        for role, xmlid in OUTSIDERS.items():
            users[role] = new_test_user(cls.env, login=f"{prefix}_{role}", groups=xmlid, **values)
        return users
