"""The linters, as ./test, setup/fix and the hooks of .pre-commit-config.yaml run them."""

import os
import subprocess
import sys
from pathlib import Path

from . import house
from .places import CACHE, ROOT, Failure, say

LINT = Path(os.environ.get("PROPERTY_LINT_VENV", "")) / "bin"
NODE_MODULES = Path(os.environ["PROPERTY_NODE_MODULES"])
PRETTIER = ("node", NODE_MODULES / "prettier/bin/prettier.cjs", "--ignore-unknown")
PRETTY = (".xml", ".js", ".css", ".scss")


def prettier(mode, files):
    files = [path for path in files if path.suffix in PRETTY]
    return [*PRETTIER, mode, *files] if files else None


def commands(files):
    """Name and command of each linter for the project's ``files``."""
    python = [path for path in files if path.suffix == ".py"]
    in_addons = [path for path in python if path.parts[0] in ("addons", "tests")]
    manifests = [path for path in files if path.name == "__manifest__.py"]
    po_files = [path for path in files if path.suffix in (".po", ".pot")]
    ruff = LINT / "ruff"
    yield "ruff", [ruff, "check", "--no-fix", "--quiet", *python] if python else None
    yield (
        "ruff format",
        [ruff, "format", "--check", "--quiet", *python] if python else None,
    )
    yield (
        "pylint-odoo",
        [LINT / "pylint", "--rcfile=.pylintrc", "-j2", *in_addons] if in_addons else None,
    )
    yield "prettier", prettier("--check", files)
    yield (
        "oca-checks-odoo-module",
        ([LINT / "oca-checks-odoo-module", *manifests] if manifests else None),
    )
    yield "oca-checks-po", [LINT / "oca-checks-po", *po_files] if po_files else None


def project_files():
    """What git knows or would add, so that a file that is new here is looked at, too."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        raise Failure(f"git cannot list the project's files: {listed.stderr.decode().strip()}")
    names = sorted(set(filter(None, listed.stdout.decode().split("\0"))))
    return [Path(name) for name in names if (ROOT / name).is_file()]


def run(log):
    """Runs all linters, shows what they complain about. Returns whether they are content."""
    files = project_files()
    content = True
    with open(log, "w") as file:
        for name, command in commands(files):
            if command:
                done = subprocess.run(
                    command, cwd=ROOT, capture_output=True, text=True, env=environment()
                )
                output = (done.stdout + done.stderr).strip()
                file.write(f"──── {name}\n{output}\n")
                if done.returncode:
                    content = False
                    print(f"\n──── {name}\n{output}", flush=True)
        for text in house.complaints(files):
            content = False
            file.write(text + "\n")
            print(text, flush=True)
    return content


def environment():
    return os.environ | {
        "PYLINTHOME": str(CACHE / "pylint"),
        "RUFF_CACHE_DIR": str(CACHE / "ruff"),
    }


def fix(files):
    """What the linters can put right by themselves."""
    python = [path for path in files if path.suffix == ".py"]
    for command in (
        [LINT / "ruff", "check", "--fix", "--quiet", *python],
        [LINT / "ruff", "format", "--quiet", *python],
        prettier("--write", files),
    ):
        if command:
            subprocess.run(command, cwd=ROOT, env=environment(), check=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fix"]:
        fix([Path(name) for name in sys.argv[2:]] or project_files())
        say("fixed what could be fixed; ./test --lint shows the rest")
