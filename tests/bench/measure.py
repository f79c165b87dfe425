"""Lets the contestants run one after the other and prints the table."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from suite import databases
from suite.places import Failure, complain, say

HERE = Path(__file__).parent
PREFIX = f"property_bench_{os.getpid()}"
CONTESTANTS = {
    "run": "billing run",
    "core": "`account.move.create` + `_post`",
    "core_quiet": "the same, without chatter",
    "contract": "OCA `contract` 19.0 + `_post`",
}


def arguments():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    parser.add_argument("--sizes", default="1000,5000", help="units, separated by commas")
    parser.add_argument(
        "--repeat", type=int, help="times, in alternating order; default: 2 up to 1,000 units"
    )
    parser.add_argument("--only", default=",".join(CONTESTANTS), help="contestants")
    parser.add_argument("--base", help="a database with test_property and contract, to save time")
    return parser.parse_args()


def contestant(database, *order):
    """What the process printed last."""
    with databases.child(
        [sys.executable, "-P", HERE / "contestant.py", database, *map(str, order)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"ODOO_QUEUE_JOB_CHANNELS": "root:0"},
    ) as process:
        output = process.stdout.read()
    if process.returncode:
        raise Failure(f"{' '.join(map(str, order))} failed on {database}; see above.")
    return json.loads(output.splitlines()[-1])


def measure(base, size, names, repeat):
    """Results of each contestant; all work on copies of the same database."""
    source = f"{PREFIX}_{size}"
    say(f"{size} units: making the estate and the contracts…")
    databases.copy(base, source)
    contestant(source, "prepare", size)
    with databases.inside(source) as cursor:
        cursor.execute("ANALYZE")
    results = {name: [] for name in names}
    for number in range(repeat):
        for name in names if number % 2 == 0 else reversed(names):
            database = f"{source}_{name}"
            databases.copy(source, database)
            load = os.getloadavg()[0]
            result = contestant(database, name)
            databases.drop(database)
            results[name].append(result)
            seconds = {what: round(value, 1) for what, value in result["seconds"].items()}
            say(f"{size} {name}: {seconds} s, {result['peak']:.0f} MB; load {load:.1f} before")
    databases.drop(source)
    check_same_work(results)
    return results


def check_same_work(results):
    """The contestants must have made the same bills, or the comparison is worth nothing."""
    work = {
        (result["bills"], result["lines"], result["total"])
        for of_one in results.values()
        for result in of_one
    }
    if len(work) > 1:
        raise Failure(f"The contestants made different bills (bills, taxed lines, total): {work}")


def middle(results, value):
    return statistics.median(value(result) for result in results)


def table(results_by_size):
    """Rows of the table. ``beside core``: how many times as fast, by the clock and by the
    processors' time; 2 is twice as fast."""
    yield "| units | who | bills/s | beside core | processor ms/bill | beside core | peak MB |"
    yield "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    for size, results in results_by_size.items():
        speeds = {
            name: middle(of_one, lambda one: one["bills"] / one["seconds"]["bill"])
            for name, of_one in results.items()
        }
        costs = {
            name: middle(of_one, lambda one: 1000 * one["seconds"]["bill_processor"] / one["bills"])
            for name, of_one in results.items()
        }
        for name, of_one in results.items():
            speed, cost = speeds[name], costs[name]
            ratios = ["", ""]
            if "core" in results:
                ratios = [f"{speed / speeds['core']:.2f}", f"{costs['core'] / cost:.2f}"]
            peak = max(one["peak"] for one in of_one)
            yield (
                f"| {size} | {CONTESTANTS[name]} | {speed:.1f} | {ratios[0]} | {cost:.0f} |"
                f" {ratios[1]} | {peak:.0f} |"
            )
    for size, results in results_by_size.items():
        if of_one := results.get("run"):
            speed = size / middle(of_one, lambda one: one["seconds"]["compute"])
            cost = middle(of_one, lambda one: one["seconds"]["compute_processor"]) * 1000 / size
            yield (
                f"\nComputing the charges of {size} units: {speed:.0f} units/s,"
                f" {cost:.0f} processor ms per unit."
            )


def install(base):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "install.log")
        databases.copy(databases.ensure_template(log), base)
        databases.odoo(["-d", base, "-i", "test_property,contract"], log, "installation")


def main():
    databases.stop_on_signals()
    options = arguments()
    names = options.only.split(",")
    base = f"{PREFIX}_base"
    start, load = time.monotonic(), os.getloadavg()
    try:
        if options.base:
            base = options.base
        else:
            install(base)
        results = {}
        for size in map(int, options.sizes.split(",")):
            repeat = options.repeat or (2 if size <= 1000 else 1)
            results[size] = measure(base, size, names, repeat)
        sys.stdout.write("\n".join(table(results)) + "\n")
        sys.stdout.write(
            f"\n{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors,"
            f" Python {platform.python_version()}; load {load[0]:.1f} before,"
            f" {os.getloadavg()[0]:.1f} after; {(time.monotonic() - start) / 60:.0f} minutes\n"
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
