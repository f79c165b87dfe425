"""What the tests came to: read from the events that conftest.py writes, shown at the end."""

import contextlib
import json
import textwrap

from .places import Clock


class Result:
    """What the tests of one process came to."""

    def __init__(self, name, events, status):
        self.name, self.status = name, status
        self.outcomes, self.problems, self.started, self.seconds = {}, [], "", {}
        self.reasons = {}
        for line in events.read_text().splitlines() if events.exists() else ():
            with contextlib.suppress(json.JSONDecodeError):
                self.add(json.loads(line))

    def add(self, event):
        if "started" in event:
            self.started = event["started"]
        elif "problem" in event:
            self.problems.append(event["problem"])
        elif self.outcomes.get(event["test"]) != "failed":
            # A test can pass and its end still fail: the worst counts.
            self.outcomes[event["test"]] = event["outcome"]
            self.seconds[event["test"]] = event["seconds"]
            if event["outcome"] == "skipped":
                self.reasons[event["test"]] = event["reason"]

    def count(self, outcome):
        return sum(1 for value in self.outcomes.values() if value == outcome)

    def progress(self):
        return f"{len(self.outcomes)} tests, {self.count('failed')} failed; now {self.started}"

    @property
    def succeeded(self):
        # 5: nothing was selected, which is right for -k in most addons.
        return self.status in (0, 5) and not self.problems


class Summary:
    def __init__(self, run, jobs):
        self.run = run
        self.broken = [job.name for job in jobs if not job.succeeded]
        self.problems = [text for result in run.results for text in result.problems]
        self.problems += run.log_problems
        self.failed = self.tests("failed")
        done = {*self.tests("passed"), *self.failed}
        # What was skipped in one process and done in another was done.
        reasons = {test: text for result in run.results for test, text in result.reasons.items()}
        self.skipped = {test: text for test, text in reasons.items() if test not in done}
        self.passed = len(self.tests("passed"))

    def tests(self, outcome):
        return [
            test
            for result in self.run.results
            for test, value in result.outcomes.items()
            if value == outcome
        ]

    def show(self, seconds):
        """Prints everything worth knowing. Returns whether all is well."""
        print("\n════ summary")
        for name, took in Clock.times:
            print(f"{took:6.0f} s  {name}")
        print(f"{seconds:6.0f} s  altogether")
        for took, test in self.slowest(5):
            print(f"  slow: {took:.0f} s  {test}")
        for path in sorted(self.run.folder.glob("figures/*.txt")):
            print(textwrap.indent(path.read_text(encoding="utf-8"), "  "), end="")
        if self.skipped:
            print(f"  {len(self.skipped)} skipped:")
        for test, reason in sorted(self.skipped.items()):
            print(f"  skipped: {test}: {reason}")
        for text in self.problems:
            print(f"  log: {text}")
        nothing = not (self.run.options.lint or self.passed or self.failed or self.broken)
        for name in [*self.failed, *self.broken, *["no test was found"] * nothing]:
            print(f"  failed: {name}")
        screenshots = sorted(self.run.folder.glob("screenshots/**/*.png"))
        if self.failed and screenshots:
            print(f"  pictures of failed tours: {screenshots[0].parent}")
        print(f"  logs: {self.run.folder}")
        # Without a failed test something else may have gone wrong: the line must not look well.
        count = len(self.failed) or len(self.broken) or int(bool(self.problems) or nothing)
        print(f"\n{self.passed} passed, {count} failed", flush=True)
        return count == 0

    def slowest(self, number, least=5):
        """The slowest tests that took more than ``least`` seconds."""
        times = [
            (took, test) for result in self.run.results for test, took in result.seconds.items()
        ]
        return [entry for entry in sorted(times, reverse=True)[:number] if entry[0] > least]
