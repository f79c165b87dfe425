"""Odoo's own linters (addon test_lint, base/tests/test_overrides), over our addons only.

Its pylint and eslint runs are left out: ``./test --lint`` does that work with pylint-odoo.
"""

import contextlib
import importlib
import sys
import types
from pathlib import Path
from unittest.mock import patch

from odoo.modules import Manifest
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import get_db_name

import odoo.addons
from odoo.addons.base.tests import test_overrides

from .common import ADDONS, ROOT, SuiteMixin

LINTERS = (
    "test_docstring",
    "test_dunderinit",
    "test_i18n",
    "test_index",
    "test_jstranslate",
    "test_manifests",
    "test_markers",
    "test_naming",
    "test_onchange_domains",
    "test_orm_import",
    "test_override_signatures",
    "test_pofile",
    "test_routes",
    "test_test_holes",
)


def import_linters():
    """The linters as modules, past their package: it imports astroid, which only pylint needs."""
    package = "odoo.addons.test_lint.tests"
    if package not in sys.modules:
        stub = types.ModuleType(package)
        stub.__path__ = [str(Path(Manifest.for_addon("test_lint").path, "tests"))]
        sys.modules[package] = stub
    return types.SimpleNamespace(
        **{name: importlib.import_module(f"{package}.{name}") for name in LINTERS}
    )


linters = import_linters()
OURS = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
OURS_AND_TESTS = [*OURS, "test_property"]


def our_manifests():
    return [Manifest.for_addon(name) for name in OURS_AND_TESTS]


class FilesOnly:
    """What looks at the files of all addons looks at ours."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(Manifest, "all_addon_manifests", our_manifests))


class OursOnly:
    """What goes through all models: a complaint counts when the code is ours."""

    def setUp(self):
        super().setUp()
        self.complaints = []
        self.maxDiff = None

    @contextlib.contextmanager
    def subTest(self, msg=None, **params):
        self._subtest = types.SimpleNamespace(params=params)
        try:
            yield
        except (AssertionError, TypeError) as error:
            module = params.get("module") or defining_addon(params["model"], params["method"])
            if module in OURS_AND_TESTS:
                self.complaints.append(f"{params['model']}.{params['method']}: {error}")

    def _callTestMethod(self, method):
        result = super()._callTestMethod(method)
        self.assertEqual(self.complaints, [])
        return result


def defining_addon(model, method):
    """The addon that defines the method last."""
    for part in Registry(get_db_name())[model].mro():
        if method in vars(part) and part.__module__.startswith("odoo.addons."):
            return part.__module__.split(".")[2]
    return None


class TestFiles(
    FilesOnly,
    linters.test_dunderinit.TestDunderinit,
    linters.test_manifests.ManifestLinter,
    linters.test_onchange_domains.TestOnchangeDomains,
    linters.test_jstranslate.TestJsTranslations,
    linters.test_i18n.TestI18n,
    linters.test_test_holes.TestTestHoles,
):
    pass


class TestOrmImport(FilesOnly, linters.test_orm_import.TestDunderinit):
    pass


class TestMarkers(linters.test_markers.TestConflictMarkers):
    def test_conflict_markers(self):
        with (
            patch.object(odoo.addons, "__path__", [str(ADDONS), str(ROOT / "tests")]),
            patch.object(odoo, "__path__", []),
        ):
            return super().test_conflict_markers()


@tagged("post_install", "-at_install")
class TestPot(linters.test_pofile.PotLinter):
    def test_pot_duplicate_entries(self):
        with patch.object(linters.test_pofile, "get_modules", lambda: OURS):
            return super().test_pot_duplicate_entries()


@tagged("post_install", "-at_install")
class TestNaming(OursOnly, linters.test_naming.TestNaming):
    pass


@tagged("post_install", "-at_install")
class TestOverrideSignatures(OursOnly, linters.test_override_signatures.TestLintOverrideSignatures):
    pass


@tagged("post_install", "-at_install")
class TestDocstrings(OursOnly, linters.test_docstring.TestDocstring):
    def test_docstring(self):
        with (
            patch.object(linters.test_docstring, "MODULES_TO_LINT", ()),
            patch.object(
                linters.test_docstring, "MODULES_TO_LINT_ONLY_PUBLIC_METHODS", tuple(OURS)
            ),
        ):
            return super().test_docstring()


@tagged("post_install", "-at_install")
class TestRoutes(linters.test_routes.RoutesLinter):
    def test_routes_definition(self):
        with patch.object(linters.test_routes, "_logger") as logger:
            return super().test_routes_definition()
        complaints = [call.args[1:] for call in logger.warning.call_args_list]
        ours = tuple(f"odoo.addons.{name}." for name in OURS_AND_TESTS)
        self.assertEqual([text for text in complaints if text[0].startswith(ours)], [])


class OurModelsOnly(SuiteMixin):
    """What goes through the environment sees our models, and those of others we extend."""

    def setUp(self):
        super().setUp()
        ours = set(self.our_addons())
        models = {
            name: self.env[name]
            for name, model in self.env.registry.items()
            # what we add to every model does not make others' models ours
            if any(
                part._module in ours and part._name != "base"
                for part in model.mro()
                if hasattr(part, "_module")
            )
        }
        self.env_all = self.env
        self.env = OurEnvironment(self.env, models)


class OurEnvironment:
    """The environment with our models only, for those who go through all of them."""

    def __init__(self, env, models):
        self._env, self._models = env, models

    @property
    def registry(self):
        return list(self._models)

    def values(self):
        return list(self._models.values())

    def __getitem__(self, name):
        return self._env[name]

    def __getattr__(self, name):
        return getattr(self._env, name)


@tagged("post_install", "-at_install")
class TestIndexes(OurModelsOnly, linters.test_index.TestIndex):
    pass


@tagged("post_install", "-at_install")
class TestEmptyRecordsets(OurModelsOnly, test_overrides.TestOverrides):
    pass
