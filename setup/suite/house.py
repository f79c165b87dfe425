"""Rules of this house that no linter knows: sizes, and words that belong to one machine only."""

import ast
import re
import sys
from pathlib import Path

from .places import ROOT

MAX_FILE, MAX_FUNCTION = 700, 70
SIZED = (".py", ".xml", ".js")
TEXT = {
    ".py",
    ".xml",
    ".js",
    ".scss",
    ".css",
    ".csv",
    ".md",
    ".rst",
    ".txt",
    ".toml",
    ".sh",
    ".conf",
    "",
}
# A path that only one machine has, and numbers that only one tracker knows.
FOREIGN = re.compile(r"(?<![\w.$}/*])/(?:home|root|work|Users)/\w|\bissue\s+#?\d+", re.IGNORECASE)


def complaints(files):
    for path in files:
        if "static/lib/" in str(path) or path.parts[0] == "LICENSE":
            continue
        yield from complaints_about(path)


def complaints_about(path):
    if path.suffix not in TEXT:
        return
    try:
        text = (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    lines = text.splitlines()
    if path.parts[0] in ("addons", "tests") and path.suffix in SIZED:
        if len(lines) > MAX_FILE:
            yield f"{path}: {len(lines)} lines; more than {MAX_FILE} want another file"
        if path.suffix == ".py":
            yield from long_functions(path, text)
    if path.name.startswith("utils"):
        yield f"{path}: a file's name says what is in it; “utils” does not"
    for number, line in enumerate(lines, 1):
        if match := FOREIGN.search(line):
            yield f"{path}:{number}: “{match[0]}” means nothing on other machines"
    if path.suffix in (".lock", ".json") and path.parts[0] == "setup" and '"resolved"' in text:
        yield f"{path}: addresses of a registry (npm's omit-lockfile-registry-resolved)"


def long_functions(path, text):
    try:
        tree = ast.parse(text)
    except SyntaxError:
        # The other linters say so better.
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > MAX_FUNCTION:
                yield (
                    f"{path}:{node.lineno}: {node.name} has {length} lines;"
                    f" more than {MAX_FUNCTION} want to be taken apart"
                )


if __name__ == "__main__":
    found = list(complaints([Path(name) for name in sys.argv[1:]]))
    print("\n".join(found))
    sys.exit(bool(found))
