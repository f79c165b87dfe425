"""How fast units, parties and occupancies are imported, beside Odoo's own load(): one table."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from suite import databases
from suite.places import Failure, complain, say

HERE = Path(__file__).parent
PREFIX = f"property_bench_{os.getpid()}"
CONTESTANTS = {"ours": "import", "core": "Odoo's `load()`"}


def arguments():
    parser = argparse.ArgumentParser(prog="tests/bench/imports", description=__doc__)
    parser.add_argument("--units", type=int, default=10000)
    parser.add_argument("--parties", type=int, default=12000)
    parser.add_argument("--only", default=",".join(CONTESTANTS), help="contestants")
    parser.add_argument("--base", help="a database with test_property, to save time")
    return parser.parse_args()


def contestant(database, what, options):
    """What the process printed last."""
    order = [sys.executable, "-P", HERE / "import_contestant.py", database, what]
    order += [str(options.units), str(options.parties)]
    with databases.child(
        order,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"ODOO_QUEUE_JOB_CHANNELS": "root:0"},
    ) as process:
        output = process.stdout.read()
    if process.returncode:
        raise Failure(f"{what} failed on {database}; see above.")
    return json.loads(output.splitlines()[-1])


def install(base):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "install.log")
        databases.copy(databases.ensure_template(log), base)
        databases.odoo(["-d", base, "-i", "test_property"], log, "installation")


def measure(options, base):
    source = f"{PREFIX}_source"
    databases.copy(base, source)
    contestant(source, "prepare", options)
    results = {}
    for name in options.only.split(","):
        database = f"{PREFIX}_{name}"
        databases.copy(source, database)
        say(f"{CONTESTANTS[name]}…")
        results[name] = contestant(database, name, options)
        databases.drop(database)
    databases.drop(source)
    return results


def table(results):
    yield "| what | who | rows | bad | dry run s | import s | rows/s | beside core | peak MB |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    core = results.get("core", {}).get("kinds", {})
    for name, result in results.items():
        for kind, row in result["kinds"].items():
            speed = row["made"] / (row["check"] + row["import"])
            ratio = ""
            if other := core.get(kind):
                ratio = f"{speed * (other['check'] + other['import']) / other['made']:.2f}"
            yield (
                f"| {kind} | {CONTESTANTS[name]} | {row['rows']} | {row['bad']} |"
                f" {row['check']:.1f} | {row['import']:.1f} | {speed:.0f} | {ratio} |"
                f" {result['peak']:.0f} |"
            )


def main():
    databases.stop_on_signals()
    options = arguments()
    base = options.base or f"{PREFIX}_base"
    load = os.getloadavg()[0]
    try:
        if not options.base:
            install(base)
        sys.stdout.write("\n".join(table(measure(options, base))) + "\n")
        sys.stdout.write(
            f"\nrows/s over dry run and import together. {os.cpu_count()} processors, Python"
            f" {platform.python_version()}; load {load:.1f} before,"
            f" {os.getloadavg()[0]:.1f} after\n"
        )
        return 0
    except Failure as failure:
        complain(str(failure))
        return 1
    finally:
        databases.stop_children()
        for name in databases.names(PREFIX):
            databases.drop(name)


if __name__ == "__main__":
    sys.exit(main())
