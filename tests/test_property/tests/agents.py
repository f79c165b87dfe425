"""Databases of a test's own, and processes that work in them.

What a test's own cursor does is never committed. What must be seen by several transactions,
or must survive a kill, happens in a copy of the database that ./test has installed.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from suite import databases

from odoo import sql_db

from .auditor import Auditor

SCRIPT = Path(__file__).parents[1] / "another_process.py"
PREFIX = f"property_test_{os.getpid()}_own"


class Died(Exception):
    """The process was killed before it answered."""


class Refused(Exception):
    """What was ordered was refused, with a sentence."""


class Agent:
    """A process on ``database``; see ``another_process.py`` for its orders.

    :param cleanup: ``addCleanup`` of the test, or ``addClassCleanup``
    """

    def __init__(self, database, cleanup):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-P", SCRIPT, database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
            env=os.environ | {"ODOO_QUEUE_JOB_CHANNELS": "root:0"},
        )
        cleanup(self.stop)
        self.answer()

    def order(self, name, **values):
        """Have it done and return the result."""
        self.begin(name, **values)
        return self.answer()

    def begin(self, name, **values):
        """Have it done while others go on; ``answer()`` waits for the result."""
        self.process.stdin.write(json.dumps({"order": name, **values}) + "\n")
        self.process.stdin.flush()

    def answered(self, seconds):
        """Whether the answer comes within so many seconds."""
        return bool(select.select([self.process.stdout], [], [], seconds)[0])

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            if code == -signal.SIGKILL:
                raise Died
            raise RuntimeError(f"the process ended with {code}:\n{self.said()}")
        answer = json.loads(line)
        if "refused" in answer:
            raise Refused(answer["refused"])
        if "failed" in answer:
            raise RuntimeError(f"{answer['failed']}\n{self.said()}")
        return answer["result"]

    def said(self):
        self.log.seek(0)
        return self.log.read()[-5000:]

    def kill(self):
        """kill -9"""
        os.kill(self.process.pid, signal.SIGKILL)

    def stop(self):
        """End it in an orderly way, or else by force."""
        if self.process.poll() is None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.log):
            with contextlib.suppress(OSError):
                pipe.close()


class Server:
    """A whole server on ``database``, with the queue's own runner."""

    def __init__(self, database, cleanup):
        self.log = tempfile.TemporaryFile("w+")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [
                databases.VENV / "bin" / "odoo",
                *("-d", database),
                *("--http-port", str(port)),
                "--max-cron-threads=0",
            ],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
            env=os.environ | {"ODOO_QUEUE_JOB_CHANNELS": "root:2,root.property_post:1"},
        )
        cleanup(self.kill)

    def kill(self):
        """kill -9, with all that it has started"""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


def show(name, text):
    """In the summary of ./test; elsewhere on the screen."""
    folder = os.environ.get("PROPERTY_TEST_FIGURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with open(Path(folder, f"{name}.txt"), "a", encoding="utf-8") as file:
            file.write(text)
    else:
        sys.stdout.write(text)


class OwnDatabases:
    """For test cases: databases beside that of the test, dropped at its end."""

    @classmethod
    def make_database(cls, name, source=None):
        """A copy of ``source``, else of what ./test has installed; returns its name."""
        target = f"{PREFIX}_{name}"
        cls.addClassCleanup(databases.drop, target)
        base = source or os.environ.get("PROPERTY_TEST_BASE")
        if base:
            databases.copy(base, target)
            return target
        # one test alone, without ./test
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "install.log")
            databases.copy(databases.ensure_template(log), target)
            databases.odoo(["-d", target, "-i", "test_property"], log, "database of the test")
        return target

    def copy_database(self, source, name):
        """A copy for one test."""
        target = f"{PREFIX}_{name}"
        self.addCleanup(databases.drop, target)
        databases.drop(target)
        databases.copy(source, target)
        return target

    inside = staticmethod(databases.inside)

    @classmethod
    def rows(cls, database, query, *params):
        with cls.inside(database) as cursor:
            cursor.execute(query, params)
            return cursor.fetchall() if cursor.description else []

    def audit(self, database, settled=True):
        """What the auditor finds in a database of its own."""
        cursor = sql_db.db_connect(database).cursor()
        try:
            return Auditor(cursor, settled).findings()
        finally:
            cursor.close()
            sql_db.close_db(database)
