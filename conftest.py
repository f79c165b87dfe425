"""What every pytest run here adds to pytest-odoo.

* A warning or worse in Odoo's log fails the test during which it was written, or the run.
  What a test expects it catches with ``assertLogs`` or ``mute_logger``.
* A skipped test fails unless its reason is on the list in pyproject.toml.
* Each result goes to the file named by PROPERTY_TEST_EVENTS, from which ./test makes its summary.
"""

import json
import logging
import os
import re
import tomllib
from pathlib import Path

import pytest

# No jobs run behind a test's back; a test that wants them starts a server of its own.
os.environ.setdefault("ODOO_QUEUE_JOB_CHANNELS", "root:0")

TOOLS = tomllib.loads(Path(__file__).with_name("pyproject.toml").read_text())["tool"]
IGNORED_LOG = [re.compile(entry) for entry in TOOLS["checklog-odoo"]["ignore"]]
ALLOWED_SKIPS = TOOLS["property-suite"]["allowed-skips"]


class Watch(logging.Handler):
    """Collects what is logged as a warning or worse."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.records = []

    def emit(self, record):
        message = self.format(record)
        if record.name == "py.warnings":
            # Odoo appends the whole stack: what was said, and where, is enough.
            first, *stack = message.splitlines()
            message = "\n".join([first, *stack[-6:]])
        text = f"{record.levelname} {record.name}: {message}"
        if not any(entry.search(text) for entry in IGNORED_LOG):
            self.records.append(text)

    def take(self):
        taken, self.records = self.records, []
        return taken


class Suite:
    def __init__(self):
        self.watch = Watch()
        # Problems that belong to no test: while collecting, loading or stopping.
        self.problems = []
        path = os.environ.get("PROPERTY_TEST_EVENTS")
        self.events = open(path, "a", buffering=1) if path else None

    def note(self, **event):
        if self.events:
            self.events.write(json.dumps(event) + "\n")

    def problem(self, text):
        self.problems.append(text)
        self.note(problem=text)

    def pytest_sessionstart(self):
        logging.getLogger().addHandler(self.watch)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_collection(self):
        yield
        for text in self.watch.take():
            self.problem(f"while collecting: {text}")

    def pytest_runtest_logstart(self, nodeid):
        self.note(started=nodeid)

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item, call):
        report = (yield).get_result()
        if records := self.watch.take():
            text = "Written to the log:\n" + "\n".join(records)
            if report.failed:
                report.sections.append(("log", text))
            else:
                report.outcome, report.longrepr = "failed", text
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = skip_reason(report)
            if not allowed_skip(reason):
                report.outcome = "failed"
                report.longrepr = (
                    f"Skipped ({reason}), which only the reasons listed in pyproject.toml allow."
                )

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or not report.passed:
            reason = skip_reason(report) if report.skipped else ""
            self.note(
                test=report.nodeid,
                outcome=report.outcome,
                when=report.when,
                seconds=round(report.duration, 3),
                reason=reason,
            )

    def pytest_collectreport(self, report):
        if report.skipped:
            self.problem(f"not collected: {report.nodeid}: {skip_reason(report)}")
        elif report.failed:
            self.note(problem=f"not collected: {report.nodeid}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        for text in self.watch.take():
            self.problem(f"outside of any test: {text}")
        if self.problems and session.exitstatus in (
            0,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.problems:
            terminalreporter.section("problems outside of tests", red=True)
            for text in self.problems:
                terminalreporter.write_line(text)


def skip_reason(report):
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


def allowed_skip(reason):
    return any(
        re.search(entry["reason"], reason)
        and not (entry.get("never-in-ci") and os.environ.get("CI"))
        and not (entry.get("never-with-all") and os.environ.get("PROPERTY_TEST_ALL"))
        for entry in ALLOWED_SKIPS
    )


def pytest_configure(config):
    config.pluginmanager.register(Suite(), "property-suite")


@pytest.fixture(scope="session", autouse=True)
def report_url(load_http, load_registry):
    """PDFs find their style sheets at the address where this run's server listens."""
    import odoo
    from odoo.modules.registry import Registry

    if odoo.tools.config["http_port"]:
        with Registry(odoo.tests.common.get_db_name()).cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
            address = f"http://127.0.0.1:{odoo.tools.config['http_port']}"
            env["ir.config_parameter"].set_param("report.url", address)
