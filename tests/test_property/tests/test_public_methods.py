"""What can be called from outside: every method without an underscore.

The table ``tables/public_methods.csv`` says of each what it answers to an employee
without any role, to staff who see no estate, and to the controller of the estate,
who sees everything and may change nothing, when they call it for a record:
``refuses``, or ``opens`` (returns a window to open, which shows what its reader may
see and nothing else), or ``harmless`` or ``changes`` with the reason why.
"""

import inspect
from contextlib import suppress

from psycopg2 import Error as DatabaseError

from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.property_tenant.tests.common import PropertyBuilders

from .common import (
    SuiteMixin,
    how_to_regenerate,
    read_table,
    regenerating,
    write_table,
)
from .rows import assign, make_place

TABLE = "public_methods.csv"
ANSWERS = {"refuses", "opens", "harmless", "changes"}

#: what the ORM offers on every model; overriding it keeps its checks
ORM = {name for name in dir(BaseModel) if not name.startswith("_")}


class PublicMethods(SuiteMixin):
    @classmethod
    def public_methods(cls):
        """(model, method) of what our addons let be called from outside."""
        ours = tuple(f"odoo.addons.{addon}." for addon in cls.our_addons())
        found = set()
        for name, model in cls.env.registry.items():
            for part in model.mro():
                if not part.__module__.startswith(ours):
                    continue
                for method, value in vars(part).items():
                    if (
                        not method.startswith("_")
                        and inspect.isfunction(value)
                        and method not in ORM
                        and not cls.is_private(model, method)
                        # a mixin has no rows: its methods are called on the models with it
                        and (not model._abstract or getattr(value, "_api_model", False))
                    ):
                        found.add((name, method))
        return sorted(found)

    @classmethod
    def is_private(cls, model, method):
        return any(
            getattr(getattr(part, method, None), "_api_private", False) for part in model.mro()
        )


@tagged("post_install", "-at_install")
class TestPublicMethods(PublicMethods, PropertyBuilders, TransactionCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = make_place(cls, "PUB")
        cls.lasting = dict(cls.place.made)
        cls.employee = new_test_user(cls.env, "public_methods_nobody", groups="base.group_user")
        cls.staff = cls.make_user("user", login="public_methods_staff")
        assign(cls.staff, cls.place.estate.browse())
        cls.controller = cls.make_user("controller", login="public_methods_controller")
        assign(cls.controller, cls.place.estate)
        cls.callers = {"nobody": cls.employee, "staff": cls.staff, "controller": cls.controller}

    def answers(self):
        return {
            (row["model"], row["method"]): (*(row[caller] for caller in self.callers), row["why"])
            for row in read_table(TABLE)
        }

    def test_every_public_method_was_reviewed(self):
        found = self.public_methods()
        known = {}
        if regenerating():
            with suppress(KeyError):
                known = self.answers()
            write_table(
                TABLE,
                ["model", "method", *self.callers, "why"],
                [
                    (
                        *key,
                        *(self.observe(*key, user) for user in self.callers.values()),
                        known[key][-1] if key in known else "",
                    )
                    for key in found
                ],
            )
        known = self.answers()
        self.assertEqual(
            [f"{model}.{method}: reviewed, but gone" for model, method in known.keys() - set(found)]
            + [
                f"{model}.{method}: not reviewed"
                for model, method in found
                if (model, method) not in known
            ],
            [],
            how_to_regenerate(TABLE, "public_methods"),
        )
        unclear = [
            key
            for key, (*answers, why) in known.items()
            if set(answers) - {"refuses", "opens"} and (set(answers) - ANSWERS or not why)
        ]
        self.assertEqual(unclear, [], "Say refuses or opens, or else why it is right.")

    def test_whoever_has_no_right_is_refused_and_changes_nothing(self):
        wrong = {}
        for key, (*answers, _why) in self.answers().items():
            if key[0] not in self.env:
                continue
            for user, answer in zip(self.callers.values(), answers, strict=True):
                seen = self.observe(*key, user)
                if seen not in (answer, "refuses"):
                    wrong[f"{key[0]}.{key[1]} by {user.login}"] = (answer, seen)
        self.assertEqual(wrong, {})

    @mute_logger(
        "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.sql_db"
    )
    def observe(self, model, method, user):
        """What the method answers: refuses, opens, harmless, or what went wrong."""
        savepoint = self.env.cr.savepoint(flush=True)
        self.place.made = dict(self.lasting)
        try:
            arguments = self.arguments_of(model, method)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.changes()
            try:
                result = call_kw(self.env(user=user)[model], method, *arguments)
                self.env.flush_all()
            except (AccessError, UserError):
                return "refuses"
            except DatabaseError as error:
                return f"database error: {error}"
            except Exception as error:  # noqa: BLE001 - what it raises is the finding
                return f"{type(error).__name__}: {error}"
            if self.changes() != before:
                return "changes"
            if isinstance(result, dict) and str(result.get("type", "")).startswith("ir.actions."):
                return "opens"
            return "harmless"
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)

    def arguments_of(self, model, method):
        """Arguments as a stranger would try them."""
        Model = self.env[model]
        function = getattr(type(Model), method)
        given = {
            parameter.name: self.plausible(parameter.name)
            for parameter in list(inspect.signature(function).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        }
        if getattr(function, "_api_model", False):
            return [], given
        return [[self.row_of(model)]], given

    def row_of(self, model):
        if not self.env[model]._auto:
            return 1
        existing = self.place.made.get(model)
        if existing:
            return existing
        if not model.startswith("property."):
            return self.place.other_of(model)
        return self.place.make(model)

    def plausible(self, name):
        if name in ("vals", "values", "options"):
            return {}
        if name.endswith("_ids"):
            return []
        if name.endswith(("_id", "index", "count", "days")):
            return 1
        return "x"

    def changes(self):
        """Rows that this transaction has touched so far."""
        [(count,)] = self.env.execute_query(
            SQL(
                """SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables
                    WHERE relname NOT LIKE %s""",
                "bus\\_%",
            )
        )
        return count
