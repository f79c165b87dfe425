"""The project's own addons, found by their manifests, and what they depend on."""

import ast
import hashlib
from functools import cache

from .places import ROOT, Failure

# Folders with addons of the product, and of tests that cross addons.
PRODUCT, TESTS = ROOT / "addons", ROOT / "tests"
IGNORED = {"__pycache__", ".pytest_cache", ".ruff_cache"}


@cache
def manifests(*folders):
    """Manifests of the installable addons in ``folders`` by name, dependencies first."""
    found = {}
    for folder in folders:
        for path in sorted(folder.glob("*/__manifest__.py")):
            try:
                manifest = ast.literal_eval(path.read_text(encoding="utf-8"))
            except (SyntaxError, ValueError) as error:
                raise Failure(f"{path.relative_to(ROOT)} cannot be read: {error}") from error
            if manifest.get("installable", True):
                found[path.parent.name] = manifest | {"path": path.parent}
    ordered = {}

    def place(name, trail=()):
        if name in trail:
            raise Failure(f"Addons depend on each other in a circle: {' → '.join((*trail, name))}")
        if name in found and name not in ordered:
            for other in sorted(found[name].get("depends", [])):
                place(other, (*trail, name))
            ordered[name] = found[name]

    for name in found:
        place(name)
    return ordered


def product_addons():
    return manifests(PRODUCT)


def all_addons():
    return manifests(PRODUCT, TESTS)


def dependencies(addons=None):
    """What the addons depend on and what is not ours: the content of the template database."""
    ours = all_addons()
    names = {
        name
        for addon, manifest in ours.items()
        if addons is None or addon in addons
        for name in manifest.get("depends", [])
    }
    return sorted(names - set(ours) | {"base"})


def with_dependencies(addons):
    """``addons`` and those of ours that they need, dependencies first."""
    ours = all_addons()
    wanted = set()

    def want(name):
        if name in ours and name not in wanted:
            wanted.add(name)
            for other in ours[name].get("depends", []):
                want(other)

    for addon in addons:
        want(addon)
    return [name for name in ours if name in wanted]


def tree_hash(addons):
    """A fingerprint of the addons' files: when it changes, a database must be updated."""
    digest = hashlib.sha256()
    for name in addons:
        base = all_addons()[name]["path"]
        for path in sorted(base.rglob("*")):
            parts = path.relative_to(base).parts
            if path.is_file() and not IGNORED.intersection(parts) and path.suffix != ".pyc":
                digest.update(f"{name}/{'/'.join(parts)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
