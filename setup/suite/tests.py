"""./test: linters and tests, two at a time, each test process with databases of its own."""

import argparse
import functools
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from . import databases, lint, manifests
from .places import CACHE, ROOT, VENV, Clock, Failure, complain, say
from .summary import Result, Summary

SLOTS = 2
HEARTBEAT = 30
PREFIX = "property_test_"
OUTPUT, KEPT_OUTPUTS = CACHE / "test-output", 10


def arguments():
    parser = argparse.ArgumentParser(
        prog="./test",
        description="Linters and tests. Without arguments: everything but the long runs.",
        epilog="What comes after -- goes to pytest as it is.",
    )
    parser.add_argument("addons", nargs="*", help="only the tests of these addons")
    parser.add_argument("-k", metavar="EXPRESSION", help="only tests whose name matches")
    parser.add_argument("-x", action="store_true", help="stop each process at its first failure")
    parser.add_argument("--all", action="store_true", help="the long runs as well")
    parser.add_argument("--lint", action="store_true", help="the linters only")
    parser.add_argument("--no-lint", action="store_true", help="the tests only")
    parser.add_argument("--keep", action="store_true", help="leave the test databases")
    own, rest = sys.argv[1:], []
    if "--" in own:
        split = own.index("--")
        own, rest = own[:split], own[split + 1 :]
    options = parser.parse_args(own)
    options.rest = rest
    options.narrow = bool(options.addons or options.k or rest)
    known = list(manifests.all_addons())
    for name in options.addons:
        if name not in known:
            parser.error(f"there is no addon {name}; there are: {', '.join(known)}")
    return options


class Job:
    """Something that one of the slots does: ``work`` returns whether it succeeded.

    A job waits for the one named by ``after`` and is left out if that one failed.
    """

    def __init__(self, name, work, weight=0, after=None):
        self.name, self.work, self.weight, self.after = name, work, weight, after
        self.ended = self.succeeded = False

    @property
    def ready(self):
        return not self.after or self.after.ended

    def __call__(self):
        if self.after and not self.after.succeeded:
            self.ended = True
            return
        with Clock(self.name, quiet=True) as clock:
            try:
                self.succeeded = self.work()
            except Failure as failure:
                complain(f"{self.name}: {failure}")
            finally:
                self.ended = True
        word = "done" if self.succeeded else "FAILED"
        say(f"{self.name}: {word} ({clock.seconds:.0f} s)")


def in_parallel(jobs):
    """Does the jobs, heavy ones first, in threads: each waits for processes that it starts."""
    waiting = sorted(jobs, key=lambda job: -job.weight)
    turn = threading.Lock()

    def work():
        while waiting:
            with turn:
                job = next((job for job in waiting if job.ready), None)
                if job:
                    waiting.remove(job)
            if job:
                job()
            else:
                time.sleep(0.1)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(SLOTS)]
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            # Joining for ever would keep signals out.
            for thread in threads:
                thread.join(0.2)
    except BaseException:
        waiting.clear()
        raise


class Run:
    """One ./test: its folder with logs, its databases, its results."""

    def __init__(self, options):
        self.options = options
        self.folder = OUTPUT / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        self.folder.mkdir(parents=True)
        self.results = []
        self.log_problems = []
        self.print_lock = threading.Lock()
        self.interrupted = False

    # Databases

    def database(self, name):
        return f"{PREFIX}{os.getpid()}_{name}"

    def drop_databases(self):
        for name in databases.names(f"{PREFIX}{os.getpid()}_"):
            databases.drop(name)

    @staticmethod
    def tidy():
        """Throws away what runs left that were killed, and the oldest logs."""
        # On somebody else's server, a name does not tell whether its process still lives.
        if databases.is_private():
            for name in databases.names("property_"):
                if match := re.match(r"property_(?:test|draft)_(\d+)", name):
                    if not Path("/proc", match[1]).exists():
                        databases.drop(name)
        for folder in sorted(OUTPUT.glob("*-*"))[:-KEPT_OUTPUTS]:
            # a run that is still going writes there
            if not Path("/proc", folder.name.rpartition("-")[2]).exists():
                shutil.rmtree(folder, ignore_errors=True)

    # Jobs

    def install(self, addon):
        """The database for the tests of ``addon``: with it and what it needs, without demo data.

        Made from the database of the addon before it, if the run has one.
        """
        log = self.folder / f"install-{addon}.log"
        before = self.database(f"base_{addon_before(addon)}")
        source = before if databases.exists(before) else databases.ensure_template(log)
        name = self.database(f"base_{addon}")
        databases.copy(source, name)
        databases.odoo(["-d", name, "-i", addon], log, f"installation of {addon}")
        return self.clean_log(log)

    def check_demo(self, addons):
        """The demo data loads, and the addons can be updated afterwards."""
        log = self.folder / "demo.log"
        name = self.database("demo")
        databases.copy(databases.ensure_template(log), name)
        databases.allow_demo(name)
        databases.odoo(["-d", name, "-i", ",".join(addons)], log, "demo data")
        databases.odoo(["-d", name, "-u", ",".join(addons)], log, "update")
        if not self.options.keep:
            databases.drop(name)
        return self.clean_log(log)

    def clean_log(self, log):
        """checklog-odoo knows which lines count; what it lets pass stands in pyproject.toml."""
        check = subprocess.run(
            [VENV / "bin" / "checklog-odoo", log],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        if check.returncode:
            self.log_problems.append(f"{log.stem}: {(check.stdout + check.stderr).strip()}")
        return check.returncode == 0

    def pytest(self, addon, base, files=(), part=0):
        """The tests of ``addon``, or those in ``files``, in a copy of the database of the addon
        ``base``."""
        label = addon if addon == base else f"{addon}_beside_{base}"
        label += f"_{part}" if part else ""
        database = self.database(label)
        databases.copy(self.database(f"base_{base}"), database)
        events = self.folder / f"{label}.events"
        output = self.folder / f"{label}.log"
        command = [
            VENV / "bin" / "pytest",
            f"--odoo-database={database}",
            "-q",
            "--tb=short",
        ]
        command += [f"--odoo-extra=screenshots={self.folder / 'screenshots'}"]
        command += ["--color=yes" if sys.stdout.isatty() else "--color=no"]
        command += ["-k", self.options.k] if self.options.k else []
        command += ["-x"] if self.options.x else []
        command += [*self.options.rest, *(files or [tests_of(addon)])]
        environ = os.environ | {
            "PROPERTY_TEST_EVENTS": str(events),
            "PROPERTY_TEST_FIGURES": str(self.folder / "figures"),
            # where a test gets a database of its own from
            "PROPERTY_TEST_BASE": self.database(f"base_{base}"),
        }
        # Once is enough for the long runs.
        environ.pop("PROPERTY_TEST_ALL", None)
        if self.options.all and addon == base:
            environ["PROPERTY_TEST_ALL"] = "1"
        with (
            open(output, "w") as file,
            databases.child(
                command, cwd=ROOT, env=environ, stdout=file, stderr=subprocess.STDOUT
            ) as process,
        ):
            self.watch(process, label, events)
        result = Result(label, events, process.returncode)
        self.results.append(result)
        if not self.interrupted:
            with self.print_lock:
                print(f"\n──── {label}", flush=True)
                print(output.read_text(errors="replace").rstrip(), flush=True)
        if not self.options.keep:
            databases.drop(database)
        return result.succeeded

    def watch(self, process, name, events):
        """Now and then a word on how far the tests are."""
        said = time.monotonic()
        while process.poll() is None:
            time.sleep(0.2)
            if time.monotonic() - said > HEARTBEAT:
                said = time.monotonic()
                say(f"{name}: {Result(name, events, 0).progress()}")


def weight(files):
    """How long the tests of ``files`` may take: their number says it well, tours count more."""
    texts = [path.read_text(encoding="utf-8") for path in files]
    return sum(
        len(re.findall(r"^    def test_", text, re.M)) + 10 * text.count("start_tour(")
        for text in texts
    )


def parts_of(files):
    """``files`` by the patterns of pyproject.toml whose tests take long; the others come last."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    patterns = tomllib.loads(text)["tool"]["property-suite"]["parts"]
    parts = {pattern: [] for pattern in [*patterns, "*"]}
    for path in files:
        parts[next(pattern for pattern in parts if fnmatch(path.name, pattern))].append(path)
    return [part for part in parts.values() if part]


def tests_of(addon):
    return manifests.all_addons()[addon]["path"] / "tests"


def addon_before(addon):
    """The one of ours that ``addon`` depends on and that has all the others below it, or None."""
    needed = manifests.with_dependencies([addon])[:-1]
    return needed[-1] if needed and needed == manifests.with_dependencies(needed[-1:]) else None


def plan(run, options):
    """The jobs of this run."""
    jobs = []
    addons = options.addons or list(manifests.all_addons())
    if addons and not options.lint:
        jobs += test_jobs(run, [name for name in manifests.all_addons() if name in addons])
        if not options.narrow:
            work = functools.partial(run.check_demo, list(manifests.product_addons()))
            jobs.append(Job("demo data and update", work, weight=200))
    if not options.no_lint and (options.lint or not options.narrow):
        jobs.append(Job("linters", lambda: lint.run(run.folder / "lint.log"), weight=10**5))
    return jobs


def test_jobs(run, addons):
    """Each addon is installed after the one before it, and tested alone as soon as it is there.

    With --all, each is tested beside the others, too.
    """
    installs, tests = {}, []
    for addon in addons:
        work = functools.partial(run.install, addon)
        before = installs.get(addon_before(addon))
        installs[addon] = Job(f"installation of {addon}", work, weight=10**6, after=before)
    last = list(manifests.product_addons())[-1]
    for addon in addons:
        files = sorted(tests_of(addon).rglob("test_*.py"))
        bases = [addon]
        if run.options.all and addon in manifests.product_addons() and last in installs:
            bases = sorted({addon, last})
        # a choice of tests is done sooner in one process
        parts = parts_of(files) if not (run.options.k or run.options.rest) else [files]
        for base in bases if files else ():
            name = f"tests of {addon}" + ("" if base == addon else f" beside {base}")
            if len(parts) == 1:
                work = functools.partial(run.pytest, addon, base)
                tests.append(Job(name, work, weight(files), after=installs[base]))
                continue
            for number, part in enumerate(parts, 1):
                work = functools.partial(run.pytest, addon, base, part, number)
                heavy = weight(part) + 10**4 * (number < len(parts))
                tests.append(Job(f"{name}, part {number}", work, heavy, after=installs[base]))
    return [*installs.values(), *tests]


def main():
    databases.stop_on_signals()
    try:
        options = arguments()
    except Failure as failure:
        complain(str(failure))
        return 1
    start = time.monotonic()
    run = Run(options)
    try:
        if not options.lint:
            run.tidy()
            with Clock("template database", quiet=True):
                databases.ensure_template(run.folder / "template.log")
        jobs = plan(run, options)
        in_parallel(jobs)
        return 0 if Summary(run, jobs).show(time.monotonic() - start) else 1
    except Failure as failure:
        complain(str(failure))
        print("\n0 passed, 1 failed")
        return 1
    except KeyboardInterrupt:
        run.interrupted = True
        complain("interrupted")
        return 130
    finally:
        databases.stop_children()
        if not options.keep and not options.lint:
            run.drop_databases()


if __name__ == "__main__":
    sys.exit(main())
